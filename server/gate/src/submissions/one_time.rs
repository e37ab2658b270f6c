//! One-time passwords in files: taken out of each row and looked at before it is planned, hashed once it is known which rows
//! make accounts, and blanked in the file that is kept. Their text is in the rows of no table.

use std::{collections::HashMap, io, sync::Arc};

use domain::{
    dictionary::Attribute,
    organisation::Organisation,
    password::{Guesses, OneTimePassword},
    problem::Kind,
    request::{Cells, ChangeRequest, Wish},
    values::ids::{RowNumber, SubmissionId},
};
use formats::Sheet;
use futures::future::try_join_all;
use store::{
    directory::organisations,
    jobs::{self, Job},
    submissions::{
        self,
        rows::{self, Row},
    },
};

use crate::{
    Gate, GateError,
    sign_in::passwords::{self, hash_password, verify_password},
    submissions::{claims::commit, concluding::conclude},
};

/// Passwords that are hashed in one go: a second of work, so the worker's claim outlasts it and its progress is seen.
const AT_ONCE: u64 = 40;

/// Hashes of other rows that a mended password is compared with, 25 ms each.
const MOST_COMPARED: u64 = 40;

/// Takes the passwords out of rows and says what came of each.
pub(crate) async fn judged(
    gate: &Gate,
    mut chunk: Vec<ChangeRequest>,
    repeated: &Arc<HashMap<RowNumber, RowNumber>>,
) -> Result<Vec<ChangeRequest>, GateError> {
    let gives = |request: &ChangeRequest| {
        let cells = request.wish.cells();
        cells.is_some_and(|cells| cells.texts.contains_key(&Attribute::Password))
    };
    if !chunk.iter().any(gives) {
        return Ok(chunk);
    }
    let repeated = repeated.clone();
    let homes = homes(gate, chunk.iter().filter_map(|request| request.wish.cells())).await?;
    let judging = tokio::task::spawn_blocking(move || {
        for request in &mut chunk {
            let Wish::AccountInFile(cells) = &mut request.wish else {
                continue;
            };
            let Some(password) = cells.take_password() else {
                continue;
            };
            cells.one_time = Some(match repeated.get(&request.row) {
                Some(&other) => OneTimePassword::Refused(Kind::PasswordTwiceInFile { other }),
                None => judge(&password, cells, &homes),
            });
        }
        chunk
    });
    Ok(judging.await.map_err(io::Error::other)?)
}

/// The organisations that rows name: their names are no passwords.
async fn homes(gate: &Gate, rows: impl Iterator<Item = &Cells>) -> Result<Vec<Organisation>, GateError> {
    let codes = rows.filter_map(|cells| cells.code(Attribute::Organisation));
    let mut codes: Vec<_> = codes.collect();
    codes.sort();
    codes.dedup();
    Ok(organisations::by_codes(gate.store.reader(), &codes).await?)
}

/// Whether a password is one for the person of these cells.
fn judge(password: &str, cells: &Cells, homes: &[Organisation]) -> OneTimePassword {
    let named = cells.code(Attribute::Organisation);
    let home = homes.iter().find(|home| Some(&home.code) == named.as_ref());
    let (first, last) = cells.names();
    let guesses = Guesses::of_name(&first, &last);
    let guesses = match home {
        Some(home) => guesses.at(home),
        None => guesses,
    };
    match passwords::check(password, &guesses) {
        Ok(()) => OneTimePassword::Sound,
        Err(weak) => OneTimePassword::Refused(weak.kind(password)),
    }
}

/// What comes of a password that somebody writes into a row in the page: its hash, or why it cannot be used.
///
/// # Errors
/// `Busy` where too many passwords wait to be hashed.
pub(crate) async fn written(
    gate: &Gate,
    id: &SubmissionId,
    row: RowNumber,
    cells: &Cells,
    password: &str,
) -> Result<OneTimePassword, GateError> {
    let (text, names) = (password.to_owned(), cells.clone());
    let homes = homes(gate, std::iter::once(cells)).await?;
    let judging = tokio::task::spawn_blocking(move || judge(&text, &names, &homes));
    let verdict = judging.await.map_err(|_| GateError::Busy)?;
    if !verdict.is_used() {
        return Ok(verdict);
    }
    for (other, hash) in rows::passwords_of_others(gate.store.reader(), id, row, MOST_COMPARED).await? {
        if verify_password(password.to_owned(), Some(hash)).await? {
            return Ok(OneTimePassword::Refused(Kind::PasswordTwiceInFile { other }));
        }
    }
    let hash = passwords::admit()?.hash(password.to_owned()).await?;
    Ok(OneTimePassword::Hashed(hash))
}

/// The file without its passwords, where it has a column for them.
pub(crate) async fn blanked(sheet: &Arc<Sheet>) -> Result<Option<Vec<u8>>, GateError> {
    if sheet.layout.position(Attribute::Password).is_none() {
        return Ok(None);
    }
    let sheet = sheet.clone();
    let blanking = tokio::task::spawn_blocking(move || formats::without(&sheet, Attribute::Password, |_| true));
    Ok(Some(blanking.await.map_err(io::Error::other)??))
}

/// Goes on from planning to hashing: a worker that takes over finds the rows planned, and hashes what is left.
pub(crate) async fn begin_hashing(gate: &Gate, job: &Job, passwords: u32) -> Result<(), GateError> {
    let tx = gate.store.begin().await?;
    let mut submission = submissions::hold(&tx, &job.submission)
        .await?
        .ok_or(GateError::NotFound)?;
    get_on(gate, &tx, job).await?;
    submission.hashing = true;
    submission.expected_rows = passwords;
    submission.progress = 0;
    submissions::save(&tx, &submission).await?;
    commit(tx).await
}

/// Hashes the passwords of planned rows, a second's work at a time and outside any transaction, blanks them in the file, and
/// ends the check.
pub(crate) async fn hash_all(gate: &Gate, job: &Job, sheet: Arc<Sheet>) -> Result<(), GateError> {
    let id = &job.submission;
    let reading = sheet.clone();
    let given = tokio::task::spawn_blocking(move || given(&reading));
    let given = given.await.map_err(io::Error::other)?;
    let mut after = RowNumber(0);
    loop {
        let waiting = rows::unhashed(gate.store.reader(), id, after, AT_ONCE).await?;
        let Some(last) = waiting.last() else { break };
        after = last.planned.row;
        let hashed = try_join_all(waiting.into_iter().map(|row| hashed(row, &given))).await?;
        let tx = gate.store.begin().await?;
        let mut submission = submissions::hold(&tx, id).await?.ok_or(GateError::NotFound)?;
        get_on(gate, &tx, job).await?;
        rows::keep_hashes(&tx, id, &hashed).await?;
        submission.progress += u32::try_from(hashed.len()).unwrap_or_default();
        submissions::save(&tx, &submission).await?;
        commit(tx).await?;
    }
    let kept = blanked(&sheet).await?;
    conclude(gate, job, kept).await
}

/// The passwords of a file's rows.
fn given(sheet: &Sheet) -> HashMap<RowNumber, String> {
    let mut given = HashMap::new();
    for mut request in sheet.requests() {
        if let Wish::AccountInFile(cells) = &mut request.wish
            && let Some(password) = cells.take_password()
        {
            given.insert(request.row, password);
        }
    }
    given
}

/// # Errors
/// `Busy` where there is no memory for it: the job is done again, and no password is lost.
async fn hashed(mut row: Row, given: &HashMap<RowNumber, String>) -> Result<Row, GateError> {
    let password = given.get(&row.planned.row).cloned();
    let hash = match password {
        Some(password) => Some(hash_password(password).await?),
        None => None,
    };
    if let Wish::AccountInFile(cells) = &mut row.request.wish {
        cells.one_time = Some(match hash {
            Some(hash) => OneTimePassword::Hashed(hash),
            None => OneTimePassword::Dropped,
        });
    }
    Ok(row)
}

/// Renews the worker's claim once something is done for good: such a job is never given up, however often its workers die.
async fn get_on(gate: &Gate, tx: &store::Transaction, job: &Job) -> Result<(), GateError> {
    match jobs::get_on(tx, job, gate.claimed_until()).await? {
        true => Ok(()),
        false => Err(GateError::Stale),
    }
}
