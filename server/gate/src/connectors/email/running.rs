//! The daily run over the files that came by email, and those that somebody starts. A run decides on each file in a
//! transaction of its own, the newest first, so that one that is cut off goes on where it was; workers apply what it releases.
//!
//! A day's run takes up what had come in before its time, also where it is begun late: what came later was told of the next.

mod barring;
mod replacing;

use std::time::Duration;

use domain::{
    organisation::OrganisationCode,
    policy::{Actor, Authority, Deed, Right},
    submission::{Outcome, State, Totals},
    trail::{Happening, Record},
    values::ids::{SubmissionId, Timestamp},
};
use store::{
    ConnectionTrait, StoreError, Transaction,
    access::email::{
        messages::{self, Message},
        runs::{self, Run, RunCounts},
    },
    jobs::{self, Task},
    submissions::{self, Submission, rows},
};

pub(crate) use self::replacing::{as_left, give_way, replace_older};
use self::{barring::bar, replacing::replace};
use super::{
    choosing::Chosen,
    counting::{Among, chosen, submission_of, that_count},
};
use crate::{
    Gate, GateError, Visit,
    calendar::{at_minute_of, next_at_minute, number_of_day},
    submissions::claims::commit,
};

/// How long it takes until files are looked at again that are still being checked.
const PAUSE: Duration = Duration::from_millis(500);

/// How often they are looked at before a command gives up: for ten minutes.
const TRIES: u32 = 1_200;

/// How long a run waits for files that are still being checked, in seconds. One that takes longer, or that no worker gets
/// through, holds nobody else up: it is left to the next run, and keeps its place among the others.
const PATIENCE: i64 = 30 * 60;

/// What a run came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunBegun {
    /// Its number; 0 if nothing waited, so that there was none.
    pub run: i64,
    /// Files that are applied, if only some of their rows; without those whose sender may no longer send for any of it.
    pub applied: u32,
    /// Files that later ones have replaced.
    pub superseded: u32,
    /// Files that wait for an administrator.
    pub held: u32,
    /// Files of which nothing was applied: their senders may no longer send for them, or they were discarded meanwhile.
    pub not_applied: u32,
}

/// What the next run would do with a file.
#[derive(Clone, Debug)]
pub struct WouldRun {
    /// The number of its mail.
    pub seq: i64,
    /// When it came in.
    pub received: Timestamp,
    /// Who sent it, by name.
    pub sender: String,
    /// Its name.
    pub file_name: String,
    /// Its reference.
    pub submission: SubmissionId,
    /// The organisations for which its rows would be applied.
    pub applied: Vec<OrganisationCode>,
    /// The organisations for which nothing would be applied, because its sender may no longer send for them.
    pub barred: Vec<OrganisationCode>,
    /// The organisations for which a later file would be applied instead.
    pub superseded: Vec<OrganisationCode>,
    /// Whether it would wait for an administrator.
    pub held: bool,
    /// Its rows, counted.
    pub totals: Totals,
}

impl WouldRun {
    /// Whether the run would apply it, if only some of its rows.
    #[must_use]
    pub const fn is_applied(&self) -> bool {
        let names_nothing = self.barred.is_empty() && self.superseded.is_empty();
        !self.held && (!self.applied.is_empty() || names_nothing)
    }

    /// Whether later files would leave nothing of it.
    #[must_use]
    pub const fn is_replaced(&self) -> bool {
        self.applied.is_empty() && self.barred.is_empty() && !self.superseded.is_empty()
    }
}

/// How a run gets on.
enum Progress {
    /// Files that it decides on are still being checked.
    Waits,
    /// It has decided on everything.
    Finished(RunCounts),
}

/// What has become of deciding on files.
enum Decided {
    /// They are decided on, if by somebody else.
    Yes,
    /// A file that was to replace it does not count any more: all must be chosen anew.
    Anew,
}

impl Gate {
    /// Begins the day's run when it is due, or goes on with one that is not finished. Says whether anything was done.
    ///
    /// # Errors
    /// `Denied` for anybody but the service; when the database fails, and then it goes on at the next call.
    pub async fn tick_email(&self, service: &Actor) -> Result<bool, GateError> {
        if service.account().is_some() {
            return Err(GateError::Denied);
        }
        let under_way = runs::unfinished(self.store.reader()).await?;
        let (run, is_new) = match under_way {
            Some(run) => (Some(run), false),
            None => (self.begin_due().await?, true),
        };
        let Some(run) = run else { return Ok(false) };
        let progress = self.go_on(&run).await?;
        Ok(is_new || matches!(progress, Progress::Finished(_)))
    }

    /// Runs now, for somebody over the whole federation, and waits until everything is decided on. A run that is under way
    /// is ended first.
    ///
    /// # Errors
    /// `Denied` for others; `Busy` where files are still being checked after ten minutes.
    pub async fn run_email(&self, by: &Actor) -> Result<RunBegun, GateError> {
        over_everything(&self.authority(self.store.reader(), by).await?)?;
        while let Some(run) = runs::unfinished(self.store.reader()).await? {
            self.go_on_patiently(&run).await?;
        }
        let Some(run) = self.on_behalf_of(by).begin_email_run().await? else {
            return Ok(RunBegun::default());
        };
        let counts = self.go_on_patiently(&run).await?;
        Ok(RunBegun {
            run: run.id,
            applied: counts.applied,
            superseded: counts.superseded,
            held: counts.held,
            not_applied: not_applied(self.store.reader(), run.id, counts).await?,
        })
    }

    /// What a run would do at this moment, the newest file first. Changes nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn would_run_email(&self) -> Result<Vec<WouldRun>, GateError> {
        let db = self.store.reader();
        let mut would = Vec::new();
        for (message, chosen) in chosen(self, db, Among::All).await? {
            let Some(submission) = submission_of(db, &message).await? else {
                continue;
            };
            let touches_kept = submission.touches.iter().any(|touched| {
                let organisation = touched.organisation.as_ref();
                organisation.is_some_and(|touched| chosen.keeps.contains(touched))
            });
            would.push(WouldRun {
                seq: message.seq,
                received: message.mail.received_at,
                sender: submission.actor.name().to_owned(),
                file_name: submission.file_name,
                submission: submission.id,
                held: touches_kept && !chosen.is_replaced(),
                superseded: chosen.lost(),
                applied: chosen.applied(),
                barred: chosen.barred,
                totals: submission.totals,
            });
        }
        Ok(would)
    }

    /// When the next daily run begins.
    #[must_use]
    pub fn next_email_run(&self) -> Timestamp {
        next_at_minute(self.now(), self.rules.email.run_at)
    }

    /// Begins the run of the last day whose time has come, if that was not begun yet and a file waits for it.
    async fn begin_due(&self) -> Result<Option<Run>, GateError> {
        let now = self.now();
        let today = number_of_day(now);
        let mut due = [today, today - 1].into_iter();
        let Some(day) = due.find(|day| self.time_of_run(*day) <= now) else {
            return Ok(None);
        };
        if runs::of_day(self.store.reader(), day).await? {
            return Ok(None);
        }
        // A portal that nobody sends files to has no runs.
        let db = self.store.reader();
        let waiting = messages::waiting(db, None, None).await?;
        let is_for_it = |message: &Message| message.mail.received_at < self.time_of_run(day);
        if !waiting.iter().any(|(message, _)| is_for_it(message)) && !messages::unchecked(db, i64::MAX).await? {
            return Ok(None);
        }
        let tx = self.store.begin().await?;
        match runs::begin(&tx, Some(day), (None, ""), now).await {
            Ok(run) => {
                commit(tx).await?;
                Ok(Some(run))
            }
            // Another process came first.
            Err(StoreError::Conflict) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// When a day's run begins.
    fn time_of_run(&self, day: i64) -> Timestamp {
        at_minute_of(day, self.rules.email.run_at)
    }

    /// Decides on every file of a run that it has not decided on yet, the newest first.
    async fn go_on(&self, run: &Run) -> Result<Progress, GateError> {
        let is_patient = self.now() < run.started_at.plus_seconds(PATIENCE);
        if is_patient && messages::unchecked(self.store.reader(), run.cutoff).await? {
            return Ok(Progress::Waits);
        }
        while matches!(self.decide_on_all(run).await?, Decided::Anew) {}
        let counts = self.counted(run).await?;
        let tx = self.store.begin().await?;
        runs::finish(&tx, run.id, counts, self.now()).await?;
        commit(tx).await?;
        tracing::info!(
            run = run.id,
            applied = counts.applied,
            superseded = counts.superseded,
            held = counts.held,
            "files sent by email are decided on"
        );
        Ok(Progress::Finished(counts))
    }

    /// The same, waiting for files that are still being checked.
    async fn go_on_patiently(&self, run: &Run) -> Result<RunCounts, GateError> {
        for _ in 0..TRIES {
            match self.go_on(run).await? {
                Progress::Finished(counts) => return Ok(counts),
                Progress::Waits => tokio::time::sleep(PAUSE).await,
            }
        }
        Err(GateError::Busy)
    }

    async fn decide_on_all(&self, run: &Run) -> Result<Decided, GateError> {
        let comes_by = run.day.map(|day| self.time_of_run(day));
        for (message, chosen) in chosen(self, self.store.reader(), Among::OfRun { run, comes_by }).await? {
            let is_open = message.run != Some(run.id);
            if is_open && matches!(self.decide_on(run, &message, &chosen).await?, Decided::Anew) {
                return Ok(Decided::Anew);
            }
        }
        Ok(Decided::Yes)
    }

    /// Decides on one file, in one transaction: what later files replace of it gets that outcome, and the rest is released
    /// to be applied, unless it waits for an administrator.
    async fn decide_on(&self, run: &Run, message: &Message, chosen: &Chosen) -> Result<Decided, GateError> {
        let Some(id) = &message.mail.submission else {
            return Ok(Decided::Yes);
        };
        let tx = self.store.begin().await?;
        // The newest is always held first, so that nobody waits for each other.
        let Some(by) = that_count(&tx, &chosen.replaced_by()).await? else {
            return Ok(Decided::Anew);
        };
        let Some(mut submission) = submissions::hold(&tx, id).await? else {
            return Ok(Decided::Yes);
        };
        // Another process came first, or somebody has decided meanwhile.
        let kept = messages::get(&tx, message.seq).await?;
        if submission.state != State::Planned || kept.is_none_or(|kept| kept.run == Some(run.id)) {
            return Ok(Decided::Yes);
        }
        replace(self, &tx, message, &mut submission, chosen, &by).await?;
        if submission.waits_for_the_run() {
            match chosen.is_barred() {
                true => bar(self, &tx, &mut submission).await?,
                false => self.release(&tx, &mut submission).await?,
            }
        }
        messages::set_run(&tx, message.seq, run.id).await?;
        commit(tx).await?;
        self.bell.notify_one();
        Ok(Decided::Yes)
    }

    /// Has a file applied. Rows with a question are left: nobody is there to answer it.
    async fn release(&self, tx: &Transaction, submission: &mut Submission) -> Result<(), GateError> {
        rows::release(tx, &submission.id, true).await?;
        submission.totals = rows::totals(tx, &submission.id).await?;
        submission.state = State::Applying;
        submission.expected_rows = submission.totals.with(Outcome::Waiting);
        submission.progress = 0;
        submission.confirmed_at = Some(self.now());
        jobs::enqueue(tx, Task::Apply, &submission.id, self.now()).await?;
        Ok(submissions::save(tx, submission).await?)
    }

    /// What a run has come to, by what has become of its files.
    async fn counted(&self, run: &Run) -> Result<RunCounts, GateError> {
        let db = self.store.reader();
        let mut counts = RunCounts::default();
        for (message, _) in chosen(self, db, Among::OfRun { run, comes_by: None }).await? {
            if message.run != Some(run.id) {
                continue;
            }
            match submission_of(db, &message).await?.map(|submission| submission.state) {
                Some(State::Applying | State::Applied) => counts.applied += 1,
                Some(State::Superseded) => counts.superseded += 1,
                Some(State::Planned) => counts.held += 1,
                _ => {}
            }
        }
        Ok(counts)
    }
}

impl Visit<'_> {
    /// Starts a run before its time. It decides on everything that has come in so far, in the background; nothing happens
    /// where nothing waits.
    ///
    /// # Errors
    /// `Denied` for anybody who is not over the whole federation; `Stale` where a run is under way.
    pub async fn run_email_now(&self) -> Result<(), GateError> {
        self.begin_email_run().await.map(drop)
    }

    async fn begin_email_run(&self) -> Result<Option<Run>, GateError> {
        let gate = self.gate;
        let tx = gate.store.begin().await?;
        let rights = over_everything(&gate.authority(&tx, self.actor).await?)?;
        let nothing_waits = messages::waiting(&tx, None, None).await?.is_empty();
        if nothing_waits && !messages::unchecked(&tx, i64::MAX).await? {
            return Ok(None);
        }
        let by = (self.actor.account(), self.actor.name());
        let run = match runs::begin(&tx, None, by, gate.now()).await {
            Ok(run) => run,
            Err(StoreError::Conflict) => return Err(GateError::Stale),
            Err(error) => return Err(error.into()),
        };
        tx.record(Record {
            at: gate.now(),
            actor: self.actor.account(),
            actor_name: self.actor.name().to_owned(),
            organisation: None,
            person: None,
            rights,
            happening: Happening::EmailRunBegun { run: run.id },
        });
        commit(tx).await?;
        Ok(Some(run))
    }
}

/// The files that a run has decided on and that are none of those that it counts: nothing of them was applied.
pub(super) async fn not_applied(db: &impl ConnectionTrait, run: i64, counts: RunCounts) -> Result<u32, GateError> {
    let counted = counts.applied + counts.superseded + counts.held;
    Ok(messages::decided_by(db, run).await?.saturating_sub(counted))
}

/// By what rights somebody is over the whole federation.
pub(super) fn over_everything(authority: &Authority) -> Result<Vec<Right>, GateError> {
    match authority.scope(Deed::ManageOrganisations).everything {
        true => Ok(authority.rights_to(Deed::ManageOrganisations)),
        false => Err(GateError::Denied),
    }
}
