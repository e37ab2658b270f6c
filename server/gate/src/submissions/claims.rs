//! What jobs and forms do around their changes: beginning a submission again, keeping a worker's claim, ending well.

use std::time::Duration;

use store::{
    jobs::{self, Job},
    submissions::{self, Submission, rows},
    trail,
};

use crate::{Gate, GateError, submissions::desk::Room};

/// Rows that are applied in one transaction, while others wait to write; more where that is quick.
pub(crate) const CHUNK: usize = 200;

/// How often a chunk is planned again because another upload took an address first.
pub(crate) const TRIES: usize = 8;

/// Rows that are applied in one transaction at most.
const LARGEST_CHUNK: usize = 2_000;

/// How long one transaction may keep all others from writing; where it takes less, the next has more rows.
const WELCOME: Duration = Duration::from_millis(100);

/// The same where others write beside it, and wait only for the trail's end.
const WELCOME_BESIDE: Duration = Duration::from_millis(400);

/// Begins a check afresh: no row is planned, and what `describe` says of the file is kept.
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
    submission.planned_after = Some(trail::head(&tx).await?.number);
    submissions::save(&tx, &submission).await?;
    commit(tx).await
}

/// A job that has nothing left to do, as after a crash between the last change and its end.
pub(crate) async fn finish_nothing(gate: &Gate, job: &Job) -> Result<(), GateError> {
    let tx = gate.store.begin().await?;
    jobs::finish(&tx, job).await?;
    commit(tx).await
}

/// Renews the worker's claim as part of its transaction: one that has lost its job writes nothing more. While the
/// transaction lasts, nobody else can claim the job, however long that is: claims skip what is locked. The worker that holds the
/// submission, too, holds it first, so that nobody waits for the other.
pub(crate) async fn keep_claim(gate: &Gate, tx: &store::Transaction, job: &Job) -> Result<(), GateError> {
    if jobs::renew(tx, job, gate.claimed_until()).await? {
        Ok(())
    } else {
        Err(GateError::Stale)
    }
}

/// Renews the worker's claim once rows have their outcome: a job that gets on is never given up, however often its workers
/// die.
pub(crate) async fn get_on(gate: &Gate, tx: &store::Transaction, job: &Job) -> Result<(), GateError> {
    if jobs::get_on(tx, job, gate.claimed_until()).await? {
        Ok(())
    } else {
        Err(GateError::Stale)
    }
}

/// How long one transaction that applies rows may last.
pub(crate) fn welcome(gate: &Gate) -> Duration {
    match gate.store.has_one_writer() {
        true => WELCOME,
        false => WELCOME_BESIDE,
    }
}

/// How many rows the next transaction has, after one of this size took so long.
pub(crate) fn next_size(size: usize, took: Duration, welcome: Duration) -> usize {
    let times = welcome.div_duration_f64(took.max(Duration::from_millis(1)));
    // Not too much more at once: the next rows may be harder.
    let factor = times.clamp(0.5, 2.0);
    ((size as f64 * factor) as usize).clamp(CHUNK, LARGEST_CHUNK)
}

pub(crate) async fn commit(tx: store::Transaction) -> Result<(), GateError> {
    Ok(tx.commit().await?)
}

impl Gate {
    /// Room for a job's file. The job stays its worker's meanwhile, however long that takes.
    pub(crate) async fn room_for(&self, job: &Job, bytes: u64) -> Result<Room, GateError> {
        let renewed = Duration::from_secs(self.rules.claim_seconds.into()) / 3;
        let mut waiting = std::pin::pin!(self.desk.wait(bytes));
        loop {
            if let Ok(room) = tokio::time::timeout(renewed, &mut waiting).await {
                return room;
            }
            let tx = self.store.begin().await?;
            keep_claim(self, &tx, job).await?;
            commit(tx).await?;
        }
    }
}

/// Computes something long on a thread that serves nobody, so that the others go on serving.
pub(crate) async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, GateError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| GateError::Stale)
}
