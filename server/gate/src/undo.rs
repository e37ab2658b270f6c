//! Undoing an upload: a submission made of the upload's events, planned and applied as any other. An undo can be undone in
//! the same way.

use domain::{
    channel::Channel,
    ids::{SubmissionId, Timestamp},
    plan::{FileKeys, undoing},
    policy::{Authority, Deed},
    request::ChangeRequest,
    submission::{Outcome, State},
    trail::{Happening, Record},
};
use store::{
    events,
    jobs::{self, Job, Task},
    people,
    submissions::{self, Submission},
};

use crate::{
    Gate, GateError, Visit, calendar,
    check::{CHUNK, begin, commit},
    places,
    planning::Planning,
};

/// Whether a submission can be undone, and what came of it so far.
#[derive(Clone, Debug)]
pub struct Undoing {
    /// Until when.
    pub until: Timestamp,
    /// Whether the actor may ask for it, and there is still time.
    pub is_open: bool,
    /// The last undo of it that was not thrown away, as far as the actor sees it.
    pub last: Option<Submission>,
    /// What undid that one in turn.
    pub undone: Option<Submission>,
}

impl Gate {
    /// Until when a submission can be undone; none where there is nothing that could be.
    fn undone_until(&self, done: &Submission) -> Option<Timestamp> {
        let days = self.rules.timers.undo_days;
        let is_kind = matches!(done.channel, Channel::PortalCsv | Channel::Undo) || done.channel.is_machine();
        let is_kind = is_kind && done.state == State::Applied;
        let finished = done.finished_at.filter(|_| is_kind && days > 0 && changes(done) > 0);
        finished.and_then(|at| calendar::days_after(at, days))
    }
}

impl Visit<'_> {
    /// Whether an upload, what a machine sent, or the undo of either can be undone; none where there is nothing to say about it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn undoing(&self, done: &Submission) -> Result<Option<Undoing>, GateError> {
        let Some(until) = self.gate.undone_until(done) else {
            return Ok(None);
        };
        let scope = self.submissions_scope().await?;
        let db = self.gate.store.reader();
        let mut undos = submissions::undos_of(db, &scope, &done.id).await?;
        undos.retain(|undo| !matches!(undo.state, State::Declined | State::Unreadable));
        let last = undos.into_iter().next();
        let undone = match &last {
            Some(last) => submissions::undos_of(db, &scope, &last.id).await?,
            None => vec![],
        };
        let is_applied = |undo: &Submission| undo.state == State::Applied;
        let may = self.may_undo(db, &self.authority().await?, done).await?;
        Ok(Some(Undoing {
            until,
            is_open: may && self.gate.now() < until,
            last,
            undone: undone.into_iter().find(is_applied),
        }))
    }

    /// Whether the actor may ask for something to be undone. What a machine did is undone by those who may upload for all
    /// of its places.
    async fn may_undo(
        &self,
        db: &impl store::ConnectionTrait,
        authority: &Authority,
        done: &Submission,
    ) -> Result<bool, GateError> {
        let scope = authority.scope(Deed::UploadCsv);
        match done.channel.is_machine() {
            true => Ok(submissions::find(db, &scope, &done.id).await?.is_some()),
            false => Ok(!scope.is_empty()),
        }
    }

    /// Asks for an upload, what a machine sent, or the undo of either, to be undone. What can be reversed is found in the background, within what
    /// the actor may upload for, and waits for their confirmation. Asked for twice, it is the same undo.
    ///
    /// # Errors
    /// `NotFound` where the actor does not see it; `Denied` where they may upload nowhere, or not for all the places of a
    /// machine; `Stale` where it cannot be
    /// undone: it is not applied, changed nothing, or too much time has passed.
    pub async fn undo(&self, id: &SubmissionId) -> Result<SubmissionId, GateError> {
        let gate = self.gate;
        self.submission(id).await?;
        let tx = gate.store.begin().await?;
        let authority = gate.authority(&tx, self.actor).await?;
        let scope = authority.scope(Deed::UploadCsv);
        let done = submissions::hold(&tx, id).await?.ok_or(GateError::NotFound)?;
        if !self.may_undo(&tx, &authority, &done).await? {
            return Err(GateError::Denied);
        }
        if gate.undone_until(&done).is_none_or(|until| until <= gate.now()) {
            return Err(GateError::Stale);
        }
        let asked = submissions::undos_of(&tx, &scope, id).await?;
        let is_open = |undo: &&Submission| {
            matches!(undo.state, State::Received | State::Planned | State::Applying)
                && undo.actor.account() == self.actor.account()
        };
        if let Some(open) = asked.iter().find(is_open) {
            return Ok(open.id.clone());
        }
        let mut undo = self.by_form(&title(&done));
        undo.channel = Channel::Undo;
        undo.state = State::Received;
        undo.expected_rows = changes(&done);
        undo.undoes = Some(done.id.clone());
        submissions::create(&tx, &undo, vec![], &places(&scope)).await?;
        jobs::enqueue(&tx, Task::Check, &undo.id, gate.now()).await?;
        commit(tx).await?;
        gate.bell.notify_one();
        Ok(undo.id)
    }
}

/// Plans the reverse of what a submission did, a page of its events at a time.
pub(crate) async fn check(gate: &Gate, job: &Job, undo: &Submission) -> Result<(), GateError> {
    let done = undo.undoes.as_ref().ok_or(GateError::NotFound)?;
    begin(gate, job, undo.expected_rows as usize, |_| {}).await?;
    let mut planning = Planning::new(gate, job, undo, FileKeys::default());
    let mut after = 0;
    loop {
        let page = events::of_submission(gate.store.reader(), done, after, CHUNK as u64).await?;
        let Some((last, _)) = page.last() else { break };
        after = *last;
        let requests: Vec<_> = page
            .iter()
            .filter_map(|(number, event)| {
                Some(ChangeRequest {
                    // The number of the row that is reversed: its sender can look it up in their file.
                    row: event.row,
                    wish: undoing(*number, event)?,
                    promised: None,
                })
            })
            .collect();
        planning.add(requests).await?;
    }
    // How many it is stands on the button.
    planning.conclude().await
}

/// Records that somebody undid something, in the trail of their own organisation; once, however often rows go back to
/// review.
pub(crate) async fn record(gate: &Gate, tx: &store::Transaction, undo: &Submission) -> Result<(), GateError> {
    let (Some(upload), Some(account)) = (&undo.undoes, undo.actor.account()) else {
        return Ok(());
    };
    let rights = gate.authority(tx, &undo.actor).await?.rights_to(Deed::UploadCsv);
    let own = people::by_ids(tx, &[account.0]).await?.pop();
    let (file, again) = named(&undo.file_name);
    tx.record(Record {
        at: gate.now(),
        actor: Some(account),
        actor_name: undo.actor.name().to_owned(),
        organisation: own.map(|own| own.organisation),
        person: None,
        rights,
        happening: Happening::UploadUndone {
            upload: upload.to_string(),
            file: file.to_owned(),
            again,
        },
    });
    Ok(())
}

/// Rows that changed something.
fn changes(done: &Submission) -> u32 {
    done.totals
        .count(|tally| tally.outcome == Outcome::Done && tally.kind.changes_something())
}

const UNDO: &str = "Undo of ";
const REDO: &str = "Redo of ";

/// What an undo is called in lists: `Undo of staff.csv`, and its own undo `Redo of staff.csv`.
fn title(done: &Submission) -> String {
    let name = done.file_name.as_str();
    match (done.channel, named(name)) {
        (Channel::Undo, (file, false)) => format!("{REDO}{file}"),
        (Channel::Undo, (file, true)) => format!("{UNDO}{file}"),
        _ => format!("{UNDO}{name}"),
    }
}

/// The file that an undo is about, and whether it does the upload again.
fn named(title: &str) -> (&str, bool) {
    match title.strip_prefix(REDO) {
        Some(file) => (file, true),
        None => (title.strip_prefix(UNDO).unwrap_or(title), false),
    }
}
