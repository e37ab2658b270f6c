//! Checking a submission: the file is read as a stream, planned in chunks, and the plan kept row by row.

use std::{borrow::Borrow, collections::HashMap, sync::Arc};

use domain::{
    channel::Channel,
    dictionary::Attribute,
    ids::RowNumber,
    layout::Layout,
    plan::{FileKeys, plan},
    problem::{Kind, Problem},
    request::{ChangeRequest, Wish},
    submission::{State, Touched},
};
use formats::Sheet;
use store::{
    jobs::{self, Job, Task},
    people, rows,
    snapshot::{self, Hold},
    submissions::{self, Submission},
};

use crate::{Gate, GateError, scope_for};

/// Rows that are applied in one transaction, while others wait to write; more where that is quick.
pub(crate) const CHUNK: usize = 200;

/// Rows that are planned by one snapshot. It is read before the transaction that keeps them, so nobody waits for it; what
/// moves in between is found when they are applied.
const PLANNED_AT_ONCE: usize = 1_000;

/// Reads, checks and plans a submission. Begun again after a crash, it begins afresh: nothing was applied.
pub(crate) async fn check(gate: &Gate, job: &Job) -> Result<(), GateError> {
    let id = &job.submission;
    let Some(submission) = submissions::hold(gate.store.reader(), id).await? else {
        return finish_nothing(gate, job).await;
    };
    if submission.state != State::Received {
        return finish_nothing(gate, job).await;
    }
    if submission.channel == Channel::Undo {
        return crate::undo::check(gate, job, &submission).await;
    }
    let bytes = submissions::bytes(gate.store.reader(), id).await?;
    if submission.channel == Channel::Portal {
        return check_wishes(gate, job, &bytes).await;
    }
    let sheet = match opened(gate, &submission, bytes).await? {
        Ok(sheet) => sheet,
        Err(problems) => return unreadable(gate, job, problems).await,
    };
    begin(gate, job, sheet.count() as usize, |submission| {
        submission.format = Some(sheet.format.clone());
        submission.layout = sheet.layout.clone();
    })
    .await?;
    let mut file = FileKeys::with_repeated(repeated_keys(sheet.requests()));
    let mut requests = sheet.requests().peekable();
    let mut checked = 0;
    while requests.peek().is_some() {
        let chunk: Vec<_> = requests.by_ref().take(PLANNED_AT_ONCE).collect();
        checked += chunk.len();
        file = plan_chunk(gate, job, file, &chunk, checked).await?;
    }
    conclude(gate, job).await
}

/// The file, read as its sender said, as somebody of their organisation said of such files, or as a format.
async fn opened(
    gate: &Gate,
    submission: &Submission,
    bytes: Vec<u8>,
) -> Result<Result<Sheet, Vec<Problem>>, GateError> {
    let said = (submission.format.clone().unwrap_or_default(), submission.layout.clone());
    let bytes = Arc::new(bytes);
    let open = |(format, layout): (String, Layout)| {
        let (formats, bytes) = (gate.formats.clone(), bytes.clone());
        let opening = tokio::task::spawn_blocking(move || Sheet::open_as(&formats, &bytes, &format, &layout));
        async {
            opening
                .await
                .unwrap_or_else(|_| Err(vec![Problem::in_file(Kind::NotText)]))
        }
    };
    let first = open(said).await;
    let is_of_no_format = |problem: &Problem| matches!(problem.kind, Kind::UnknownFormat { .. });
    match &first {
        Err(problems) if problems.iter().any(is_of_no_format) => {}
        _ => return Ok(first),
    }
    match crate::columns::remembered(gate, &submission.actor, bytes.clone()).await? {
        Some(said) => Ok(open(said).await),
        None => Ok(first),
    }
}

/// Plans what was asked for by ticking many people at once; the requests are kept in the file's place.
async fn check_wishes(gate: &Gate, job: &Job, bytes: &[u8]) -> Result<(), GateError> {
    let requests: Vec<ChangeRequest> = serde_json::from_slice(bytes).map_err(store::StoreError::from)?;
    begin(gate, job, requests.len(), |_| {}).await?;
    let (mut file, mut checked) = (FileKeys::default(), 0);
    for chunk in requests.chunks(PLANNED_AT_ONCE) {
        checked += chunk.len();
        file = plan_chunk(gate, job, file, chunk, checked).await?;
    }
    conclude(gate, job).await
}

pub(crate) async fn begin(
    gate: &Gate,
    job: &Job,
    rows: usize,
    describe: impl FnOnce(&mut Submission),
) -> Result<(), GateError> {
    let tx = gate.store.begin().await?;
    let Some(mut submission) = submissions::hold(&tx, &job.submission).await? else {
        return Err(GateError::NotFound);
    };
    // A worker that wakes late, its job done by another, must not clear what that one has planned.
    keep_claim(gate, &tx, job).await?;
    rows::clear(&tx, &job.submission).await?;
    describe(&mut submission);
    submission.expected_rows = u32::try_from(rows).unwrap_or(u32::MAX);
    submission.progress = 0;
    submissions::save(&tx, &submission).await?;
    commit(tx).await
}

/// Plans one chunk within the sender's scope of this moment, and keeps its rows.
pub(crate) async fn plan_chunk(
    gate: &Gate,
    job: &Job,
    file: FileKeys,
    chunk: &[ChangeRequest],
    checked: usize,
) -> Result<FileKeys, GateError> {
    let db = gate.store.reader();
    let Some(submission) = submissions::hold(db, &job.submission).await? else {
        return Err(GateError::NotFound);
    };
    let authority = gate.authority(db, &submission.actor).await?;
    let scope = scope_for(&authority, submission.channel, chunk);
    let known = gate.known(submission.channel, file, &submission.actor);
    let mut snapshot = snapshot::load(db, &scope, known, chunk, Hold::Free).await?;
    let planned = plan(&snapshot, chunk);
    let promising = chunk.iter().zip(&planned.rows).map(|(request, row)| {
        // The address shown is the one asked for from now on, while it stays free.
        ChangeRequest {
            promised: row.step.new_address(),
            ..request.clone()
        }
    });
    let promising: Vec<_> = promising.collect();
    let tx = gate.store.begin().await?;
    let Some(mut submission) = submissions::hold(&tx, &job.submission).await? else {
        return Err(GateError::NotFound);
    };
    keep_claim(gate, &tx, job).await?;
    rows::insert(&tx, &job.submission, &promising, &planned.rows).await?;
    submission.progress = u32::try_from(checked).unwrap_or(u32::MAX);
    submissions::save(&tx, &submission).await?;
    commit(tx).await?;
    for row in &planned.rows {
        snapshot.file.remember(row, &snapshot.organisations);
    }
    Ok(snapshot.file)
}

pub(crate) async fn conclude(gate: &Gate, job: &Job) -> Result<(), GateError> {
    let tx = gate.store.begin().await?;
    let Some(mut submission) = submissions::hold(&tx, &job.submission).await? else {
        return Err(GateError::NotFound);
    };
    keep_claim(gate, &tx, job).await?;
    submission.totals = rows::totals(&tx, &job.submission).await?;
    submission.state = State::Planned;
    submission.touches = suspiciously_many(gate, &tx, &submission).await?;
    if !submission.channel.waits_for_confirmation() {
        rows::release(&tx, &job.submission, true).await?;
        submission.state = State::Applying;
        submission.progress = 0;
        submission.confirmed_at = Some(gate.now());
        jobs::enqueue(&tx, Task::Apply, &job.submission, gate.now()).await?;
    }
    submissions::save(&tx, &submission).await?;
    jobs::finish(&tx, job).await?;
    commit(tx).await
}

/// The organisations of which more would be changed than anybody does by a day's file.
pub(crate) async fn suspiciously_many(
    gate: &Gate,
    tx: &store::Transaction,
    submission: &Submission,
) -> Result<Vec<Touched>, GateError> {
    // Of many who are ticked, the number is on the button; what is undone was counted when it was done.
    if matches!(submission.channel, Channel::Portal | Channel::Undo) {
        return Ok(vec![]);
    }
    let threshold = gate.rules().threshold;
    let mut touches = Vec::new();
    for (organisation, changed) in rows::changed_accounts(tx, &submission.id).await? {
        if changed <= threshold.accounts {
            continue;
        }
        let all = people::count_of(tx, &organisation).await?;
        if threshold.is_passed(changed, all) {
            touches.push(Touched {
                organisation,
                changed,
                all,
            });
        }
    }
    touches.sort_by(|one, other| one.organisation.cmp(&other.organisation));
    Ok(touches)
}

async fn unreadable(gate: &Gate, job: &Job, problems: Vec<Problem>) -> Result<(), GateError> {
    let tx = gate.store.begin().await?;
    let Some(mut submission) = submissions::hold(&tx, &job.submission).await? else {
        return Err(GateError::NotFound);
    };
    keep_claim(gate, &tx, job).await?;
    submission.state = State::Unreadable;
    submission.problems = problems;
    submission.finished_at = Some(gate.now());
    submissions::save(&tx, &submission).await?;
    jobs::finish(&tx, job).await?;
    commit(tx).await
}

/// A job that has nothing left to do, as after a crash between the last change and its end.
pub(crate) async fn finish_nothing(gate: &Gate, job: &Job) -> Result<(), GateError> {
    let tx = gate.store.begin().await?;
    jobs::finish(&tx, job).await?;
    commit(tx).await
}

/// Renews the worker's claim as part of its transaction: one that has lost its job writes nothing more. While the
/// transaction lasts, nobody else can claim the job, however long that is: claims skip what is locked. Whoever holds the
/// submission, too, holds it first, so that nobody waits for the other.
pub(crate) async fn keep_claim(gate: &Gate, tx: &store::Transaction, job: &Job) -> Result<(), GateError> {
    if jobs::renew(tx, job, gate.claimed_until()).await? {
        Ok(())
    } else {
        Err(GateError::Stale)
    }
}

pub(crate) async fn commit(tx: store::Transaction) -> Result<(), GateError> {
    Ok(tx.commit().await?)
}

/// Rows that give the same key as another: the file's own duplicates, found before anything is planned.
pub(crate) fn repeated_keys(
    requests: impl IntoIterator<Item = impl Borrow<ChangeRequest>>,
) -> HashMap<RowNumber, (Attribute, RowNumber)> {
    let mut first: HashMap<(Attribute, String), RowNumber> = HashMap::new();
    let mut repeated = HashMap::new();
    for request in requests {
        let request = request.borrow();
        let Wish::Account(cells) = &request.wish else { continue };
        for key in [Attribute::AccountId, Attribute::LocalId, Attribute::EmailAddress] {
            let mut text = cells.text(key).trim().to_lowercase();
            if text.is_empty() || cells.clears(key) {
                continue;
            }
            if key == Attribute::LocalId {
                text = format!(
                    "{} {}",
                    cells.text(Attribute::Organisation).trim().to_uppercase(),
                    cells.text(key).trim()
                );
            }
            let earlier = *first.entry((key, text)).or_insert(request.row);
            if earlier != request.row {
                repeated.entry(request.row).or_insert((key, earlier));
                repeated.entry(earlier).or_insert((key, request.row));
            }
        }
    }
    repeated
}
