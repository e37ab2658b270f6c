//! Planning a submission chunk by chunk: while the rows of one are kept in the database, the next is planned.

use std::collections::{BTreeMap, HashMap};

use domain::{
    channel::Channel,
    dictionary::Attribute,
    plan::{FileKeys, PlannedRow, earlier_rows_met, plan, plan_chunk},
    problem::{Kind, Problem},
    request::ChangeRequest,
    values::ids::RowNumber,
};
use store::{
    directory::snapshot::{self, Hold},
    jobs::Job,
    submissions::{self, Submission, rows},
};

use crate::{
    Gate, GateError,
    connectors::change_files::{invitations, within_customer},
    scope_for,
    submissions::{
        claims::{aside, commit, keep_claim},
        concluding::conclude,
        mending::mendable::cells_of,
    },
};

/// Rows that are planned by one snapshot. It is read before the transaction that keeps them, so nobody waits for it; what
/// moves in between is found when they are applied.
pub(crate) const PLANNED_AT_ONCE: usize = 1_000;

/// The plan of a submission in the making.
pub(crate) struct Planning<'a> {
    gate: &'a Gate,
    job: &'a Job,
    submission: &'a Submission,
    file: FileKeys,
    checked: usize,
    /// Rows so far that make an account with a one-time password.
    passwords: u32,
    /// Rows of earlier chunks that later rows meet: each with the first that does.
    met: BTreeMap<RowNumber, RowNumber>,
    /// What is planned, and not kept yet.
    last: Option<Planned>,
}

struct Planned {
    requests: Vec<ChangeRequest>,
    rows: Vec<PlannedRow>,
    /// With these, so many of the submission are checked.
    checked: usize,
}

impl<'a> Planning<'a> {
    pub(crate) fn new(gate: &'a Gate, job: &'a Job, submission: &'a Submission, file: FileKeys) -> Self {
        Planning {
            gate,
            job,
            submission,
            file,
            checked: 0,
            passwords: 0,
            met: BTreeMap::new(),
            last: None,
        }
    }

    /// Plans the next chunk within the sender's scope of this moment.
    pub(crate) async fn add(&mut self, chunk: Vec<ChangeRequest>) -> Result<(), GateError> {
        let last = self.last.take();
        let keeping = last.map(|last| tokio::spawn(keep(self.gate.clone(), self.job.clone(), last)));
        let planned = self.plan(chunk).await;
        // Also where this one failed: nothing may be under way any more when the submission is begun again.
        if let Some(keeping) = keeping {
            keeping.await.map_err(|_| GateError::Stale)??;
        }
        self.last = Some(planned?);
        Ok(())
    }

    /// Keeps what is left; says how many rows make an account with a one-time password.
    pub(crate) async fn finish(self) -> Result<u32, GateError> {
        if let Some(last) = self.last {
            keep(self.gate.clone(), self.job.clone(), last).await?;
        }
        reject_met(self.gate, self.job, self.submission, self.met).await?;
        Ok(self.passwords)
    }

    /// Keeps what is left, and ends the check of something that came with no file.
    pub(crate) async fn conclude(self) -> Result<(), GateError> {
        let (gate, job) = (self.gate, self.job);
        self.finish().await?;
        conclude(gate, job, None).await
    }

    async fn plan(&mut self, chunk: Vec<ChangeRequest>) -> Result<Planned, GateError> {
        let gate = self.gate;
        let Submission { actor, channel, .. } = self.submission;
        // Of one moment: somebody else's upload, seen by half, would be told as problems.
        let db = gate.store.moment().await?;
        let authority = gate.authority(&db, actor).await?;
        let mut scope = scope_for(&authority, *channel, &chunk);
        if *channel == Channel::ChangeFile {
            scope = within_customer(&db, &self.submission.id, scope).await?;
            invitations::note_earlier(gate, &db, &chunk, &mut self.file.carried).await?;
        }
        let known = gate.known(*channel, std::mem::take(&mut self.file), &authority);
        let mut snapshot = snapshot::load(&db, &scope, known, &chunk, Hold::Free).await?;
        drop(db);
        let (file, chunk, planned) = aside(move || {
            let planned = plan_chunk(&mut snapshot, &chunk);
            (snapshot.file, chunk, planned)
        })
        .await?;
        self.file = file;
        for (earlier, later) in earlier_rows_met(&planned.rows) {
            // What was found before anything was planned has been told already.
            if !self.file.repeated.contains_key(&earlier) {
                self.met.entry(earlier).or_insert(later);
            }
        }
        let passwords = planned.rows.iter().filter(|row| row.needs_password()).count();
        self.passwords += u32::try_from(passwords).unwrap_or_default();
        self.checked += chunk.len();
        let promising = chunk
            .into_iter()
            .zip(&planned.rows)
            .map(|(request, row)| ChangeRequest {
                // The address shown is the one asked for from now on, while it stays free.
                promised: row.step.new_address(),
                ..request
            });
        Ok(Planned {
            requests: promising.collect(),
            rows: planned.rows,
            checked: self.checked,
        })
    }
}

/// Rejects rows that were kept before a later one turned out to be about the same person, or to give the same local ID:
/// neither is right by being first.
async fn reject_met(
    gate: &Gate,
    job: &Job,
    submission: &Submission,
    met: BTreeMap<RowNumber, RowNumber>,
) -> Result<(), GateError> {
    const KEYS: [Attribute; 3] = [Attribute::AccountId, Attribute::LocalId, Attribute::EmailAddress];
    if met.is_empty() {
        return Ok(());
    }
    let tx = gate.store.begin_long().await?;
    if submissions::hold(&tx, &job.submission).await?.is_none() {
        return Err(GateError::NotFound);
    }
    keep_claim(gate, &tx, job).await?;
    let (mut kept, mut repeated) = (Vec::new(), HashMap::new());
    for (earlier, later) in met.into_iter().take(PLANNED_AT_ONCE) {
        let Some(row) = rows::get(&tx, &job.submission, earlier).await? else {
            continue;
        };
        let is_told = |problem: &Problem| matches!(problem.kind, Kind::TwiceInFile { .. });
        let Some(cells) = cells_of(&row.request).filter(|_| !row.planned.step.problems().iter().any(is_told)) else {
            continue;
        };
        let given = KEYS.into_iter().find(|key| !cells.text(*key).trim().is_empty());
        repeated.extend(given.map(|key| (earlier, (key, later))));
        kept.push(row);
    }
    let requests: Vec<_> = kept.iter().map(|row| row.request.clone()).collect();
    let authority = gate.authority(&tx, &submission.actor).await?;
    let scope = scope_for(&authority, submission.channel, &requests);
    let known = gate.known(submission.channel, FileKeys::with_repeated(repeated), &authority);
    let snapshot = snapshot::load(&tx, &scope, known, &requests, Hold::Free).await?;
    let planned = aside(move || plan(&snapshot, &requests).rows).await?;
    rows::replan(&tx, &job.submission, &kept, &planned).await?;
    commit(tx).await
}

async fn keep(gate: Gate, job: Job, planned: Planned) -> Result<(), GateError> {
    let tx = gate.store.begin_long().await?;
    let Some(mut submission) = submissions::hold(&tx, &job.submission).await? else {
        return Err(GateError::NotFound);
    };
    keep_claim(&gate, &tx, &job).await?;
    rows::insert(&tx, &job.submission, &planned.requests, &planned.rows).await?;
    submission.progress = u32::try_from(planned.checked).unwrap_or(u32::MAX);
    submissions::save(&tx, &submission).await?;
    commit(tx).await
}
