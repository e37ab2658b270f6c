//! Checking a change file: its rows are planned in order, each on what those before it would do. That is its rehearsal, and
//! what is shown where it waits for a person.

use domain::{
    change_file::FileFault,
    plan::{Carried, FileKeys},
    problem::{Kind, Problem},
    submission::State,
};
use store::{
    Transaction,
    jobs::{self, Job},
    submissions::{self, Submission},
};

use super::{KeptChangeFile, grant_gone_of, not_granted, telling, with_organisation};
use crate::{
    Gate, GateError,
    submissions::{
        claims::{aside, begin, commit, keep_claim},
        concluding::{conclude, forget_for_good},
        planning::{PLANNED_AT_ONCE, Planning},
    },
};

/// Checks a change file. Begun again after a crash, it begins afresh.
pub(crate) async fn check(gate: &Gate, job: &Job, submission: &Submission) -> Result<(), GateError> {
    let room = gate.room_for(job, submission.file_size).await?;
    let bytes = submissions::bytes(gate.store.files(), &submission.id).await?;
    let bytes = bytes.ok_or(GateError::NotFound)?;
    let reading = tokio::task::spawn_blocking(move || serde_json::from_slice::<KeptChangeFile>(&bytes));
    let kept = reading.await.map_err(|_| GateError::Stale)?;
    let KeptChangeFile { file, requests } = kept.map_err(store::StoreError::from)?;
    if let Some(why) = grant_gone(gate, gate.store.reader(), submission).await? {
        return fail(gate, job, why, file).await;
    }
    begin(gate, job, requests.len(), |_| {}).await?;
    let mut file_keys = FileKeys::default();
    let (carried, requests) = aside(move || (Carried::of_file(&requests), requests)).await?;
    file_keys.carried = carried;
    let mut planning = Planning::new(gate, job, submission, file_keys);
    let mut requests = requests.into_iter().peekable();
    while requests.peek().is_some() {
        planning.add(requests.by_ref().take(PLANNED_AT_ONCE).collect()).await?;
    }
    planning.finish().await?;
    drop(room);
    conclude(gate, job, Some(file.into_bytes())).await
}

/// Why a file's sender may not send it any more; `None` if they may.
pub(super) async fn grant_gone(
    gate: &Gate,
    db: &impl store::ConnectionTrait,
    submission: &Submission,
) -> Result<Option<FileFault>, GateError> {
    let file = store::access::change_files::files::of_submission(db, &submission.id).await?;
    let file = file.ok_or(GateError::NotFound)?;
    let (customer, home) = with_organisation(db, file.customer).await?;
    if !customer.change_files {
        return Ok(Some(FileFault::CustomerOff {
            customer: customer.number,
        }));
    }
    // Another account may have been named since.
    if customer.connector != submission.actor.account() {
        return Ok(Some(grant_gone_of(db, &submission.actor, customer.number).await?));
    }
    not_granted(gate, db, &submission.actor, (&customer, &home)).await
}

/// Ends a check: nothing of the file can be applied.
async fn fail(gate: &Gate, job: &Job, why: FileFault, file: String) -> Result<(), GateError> {
    let tx = gate.store.begin().await?;
    let mut submission = submissions::hold(&tx, &job.submission)
        .await?
        .ok_or(GateError::NotFound)?;
    keep_claim(gate, &tx, job).await?;
    submissions::replace_file(&tx, &job.submission, file.into_bytes()).await?;
    submission.state = State::Unreadable;
    submission.problems = vec![Problem::in_file(Kind::ChangeFile(why))];
    submission.finished_at = Some(gate.now());
    submissions::save(&tx, &submission).await?;
    telling::ended(gate, &tx, &submission).await?;
    jobs::finish(&tx, job).await?;
    commit(tx).await?;
    forget_for_good(gate).await;
    Ok(())
}

/// Leaves of a file that is not checked to its end what is kept of every other: its text without its passwords.
pub(crate) async fn keep_text_only(gate: &Gate, tx: &Transaction, submission: &Submission) -> Result<(), GateError> {
    let Some(bytes) = submissions::bytes(gate.store.files(), &submission.id).await? else {
        return Ok(());
    };
    if let Ok(kept) = serde_json::from_slice::<KeptChangeFile>(&bytes) {
        submissions::replace_file(tx, &submission.id, kept.file.into_bytes()).await?;
    }
    Ok(())
}
