//! The passwords of a change file: looked at and hashed before anything of the file is kept, and forgotten then. What is kept
//! is written beside the database row by row, so that a file of many passwords is not in memory while they are hashed.

use std::collections::HashMap;

use domain::{
    change_file::{Action, ChangeFault, ChangeRow, Field},
    organisation::Organisation,
    password::{Guesses, OneTimePassword, normalised},
    problem::Kind,
    request::{ChangeRequest, Wish},
    values::ids::RowNumber,
};
use formats::change_file::{ReadFile, ReadRow};
use futures::future::try_join_all;
use store::StoreError;

use crate::{
    Content, GateError,
    sign_in::passwords::{self, hash_password},
    submissions::{claims::aside, content::ComingIn, desk::Room},
};

/// Passwords that are hashed side by side. A second of work: those of other files, and of people who sign in, come in between.
const AT_ONCE: usize = 40;

/// Rows that are written in one go.
const WRITTEN_AT_ONCE: usize = 1_000;

/// What becomes of passwords.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passwords {
    /// They are hashed.
    Hash,
    /// They are only looked at: nothing of the file is applied.
    LookAt,
}

/// What is kept of a file, as [`super::KeptChangeFile`] is stored: its text without passwords, and its rows as they are asked
/// for, each with what came of its password. `room` is given back as the rows go out of memory.
///
/// # Errors
/// `Busy` where there is no memory for it; when it cannot be written.
pub(super) async fn kept(
    file: ReadFile,
    home: Organisation,
    passwords: Passwords,
    mut room: Room,
) -> Result<Content, GateError> {
    let ReadFile { rows, blanked, .. } = file;
    let mut coming = ComingIn::begin();
    let beginning = aside(move || -> Result<_, StoreError> {
        let mut beginning = br#"{"file":"#.to_vec();
        serde_json::to_writer(&mut beginning, &blanked)?;
        beginning.extend_from_slice(br#","requests":["#);
        Ok(beginning)
    });
    coming = put(coming, beginning.await??).await?;
    // Its bytes and its text are gone.
    room.halve();
    let mut waiting = aside(move || judged(rows, &home)).await?.into_iter();
    let (mut half, mut is_first) = (waiting.len() / 2, true);
    loop {
        let mut stretch: Vec<_> = waiting.by_ref().take(WRITTEN_AT_ONCE).collect();
        if stretch.is_empty() {
            break;
        }
        if passwords == Passwords::Hash {
            for some in stretch.chunks_mut(AT_ONCE) {
                try_join_all(some.iter_mut().map(hash)).await?;
            }
        }
        let portion = aside(move || written(&stretch, is_first)).await??;
        coming = put(coming, portion).await?;
        is_first = false;
        if waiting.len() <= half {
            room.halve();
            half = waiting.len() / 2;
        }
    }
    coming = put(coming, b"]}".to_vec()).await?;
    Ok(coming.finish().await?)
}

/// Writes a portion. Why one cannot be written is known where all of it ends.
async fn put(coming: ComingIn, portion: Vec<u8>) -> Result<ComingIn, GateError> {
    match coming.take(portion).await {
        Ok(()) => Ok(coming),
        Err(error) => {
            coming.finish().await?;
            Err(error.into())
        }
    }
}

/// Rows as they stand in a list of which others may come before.
fn written(stretch: &[Judged], is_first: bool) -> Result<Vec<u8>, StoreError> {
    let mut written = Vec::new();
    for (place, judged) in stretch.iter().enumerate() {
        if place > 0 || !is_first {
            written.push(b',');
        }
        serde_json::to_writer(&mut written, &judged.request)?;
    }
    Ok(written)
}

/// A row, and its password as long as that is to be hashed.
struct Judged {
    request: ChangeRequest,
    password: Option<String>,
}

/// Says of each password whether it is one for its person.
fn judged(rows: Vec<ReadRow>, home: &Organisation) -> Vec<Judged> {
    let repeated = repeated(&rows);
    let judge = |read: ReadRow| {
        let ReadRow {
            line,
            mut row,
            mut password,
        } = read;
        if let Some(text) = &password {
            let verdict = match repeated.get(&line) {
                Some(&other) => OneTimePassword::Refused(Kind::PasswordTwiceInFile { other }),
                None => verdict(text, &row, home),
            };
            let is_hashed = verdict.is_used() && gives_password(&row);
            row.one_time = Some(verdict);
            if !is_hashed {
                password = None;
            }
        }
        let request = ChangeRequest {
            row: RowNumber(line),
            wish: Wish::ChangeRow(Box::new(row)),
            promised: None,
        };
        Judged { request, password }
    };
    rows.into_iter().map(judge).collect()
}

/// Lines whose password another line has too, each with the first of these: whoever is given it would know the others'.
fn repeated(rows: &[ReadRow]) -> HashMap<u32, RowNumber> {
    let mut lines: HashMap<String, Vec<u32>> = HashMap::new();
    for row in rows.iter().filter(|read| gives_password(&read.row)) {
        if let Some(password) = &row.password {
            lines.entry(normalised(password)).or_default().push(row.line);
        }
    }
    let mut repeated = HashMap::new();
    for same in lines.into_values().filter(|same| same.len() > 1) {
        for (place, line) in same.iter().enumerate() {
            let other = if place == 0 { same[1] } else { same[0] };
            repeated.insert(*line, RowNumber(other));
        }
    }
    repeated
}

/// Whether a row's password becomes somebody's: whoever has an account already keeps the one that they have.
fn gives_password(row: &ChangeRow) -> bool {
    row.what() == Some(Action::Add)
}

fn verdict(password: &str, row: &ChangeRow, home: &Organisation) -> OneTimePassword {
    let (limit, length) = (Field::Password.limit(), normalised(password).chars().count());
    if length > limit {
        let field = Field::Password;
        return OneTimePassword::Refused(Kind::Change(ChangeFault::FieldLong { field, limit, length }));
    }
    let name = |field: Field| row.text(field).unwrap_or_default();
    let guesses = Guesses::of_name(name(Field::GivenName), name(Field::FamilyName)).at(home);
    match passwords::check(password, &guesses) {
        Ok(()) => OneTimePassword::Sound,
        Err(weak) => OneTimePassword::Refused(weak.kind(password)),
    }
}

/// # Errors
/// `Busy` where there is no memory for it: the file is taken again, and no password is lost.
async fn hash(judged: &mut Judged) -> Result<(), GateError> {
    let Some(password) = judged.password.take() else {
        return Ok(());
    };
    let hashed = hash_password(password).await?;
    if let Wish::ChangeRow(row) = &mut judged.request.wish {
        row.one_time = Some(OneTimePassword::Hashed(hashed));
    }
    Ok(())
}
