//! The worker: does the jobs in line, inside `serve` or in processes of its own. Any number of them share one database.

use std::time::{Duration, Instant};

use domain::{
    channel::Channel,
    submission::{Outcome, State},
};
use store::{
    jobs::{self, Job, Task},
    submissions::{self, rows},
};

use crate::{
    Gate, GateError,
    connectors::{
        change_files::{checking::keep_text_only, telling},
        email::telling::{tell_result, tell_unreadable},
    },
    submissions::{apply::apply, check::check, claims::commit, effects::linking::Viewer},
};

/// How often a job is begun before it is given back to its sender with an apology.
const ATTEMPTS: u32 = 5;

/// One worker; its name tells its claims from others'.
pub struct Worker {
    gate: Gate,
    name: String,
}

impl Worker {
    /// A worker at a gate.
    #[must_use]
    pub fn new(gate: Gate) -> Self {
        Self {
            gate,
            name: format!("{}-{:08x}", std::process::id(), rand::random::<u32>()),
        }
    }

    /// Works until the process ends.
    pub async fn run(&self) {
        loop {
            match self.work_once().await {
                Ok(true) => {}
                Ok(false) => {
                    let rung = self.gate.bell.notified();
                    let _ = tokio::time::timeout(Duration::from_millis(500), rung).await;
                }
                Err(error) => {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        "a job failed and will be tried again"
                    );
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }

    /// Does one job, if any is due; says whether there was one.
    ///
    /// # Errors
    /// When the job fails; it stays in line.
    pub async fn work_once(&self) -> Result<bool, GateError> {
        if !jobs::any_due(self.gate.store.reader(), self.gate.now()).await? {
            return Ok(false);
        }
        let tx = self.gate.store.begin().await?;
        let claimed = jobs::claim(&tx, &self.name, self.gate.now(), self.gate.claimed_until()).await?;
        commit(tx).await?;
        let Some(job) = claimed else { return Ok(false) };
        if job.attempts > ATTEMPTS {
            self.give_back(&job).await?;
            return Ok(true);
        }
        let began = Instant::now();
        let done = match job.task {
            Task::Check => check(&self.gate, &job).await,
            Task::Apply => apply(&self.gate, &job, Viewer::Nobody).await.map(drop),
        };
        match done {
            Ok(()) => {
                self.log(&job, began).await;
                Ok(true)
            }
            // Somebody else has the job now; it is theirs to finish.
            Err(GateError::Stale) => Ok(true),
            Err(GateError::Denied) => self.give_back(&job).await.map(|()| true),
            Err(error) => Err(error),
        }
    }

    /// Logs the end of a job with its rows and how long it took.
    async fn log(&self, job: &Job, began: Instant) {
        let milliseconds = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let submission = submissions::hold(self.gate.store.reader(), &job.submission).await;
        let rows = submission
            .ok()
            .flatten()
            .map_or(0, |submission| submission.totals.rows());
        tracing::info!(
            worker = self.name,
            submission = %job.submission,
            rows,
            milliseconds,
            "{} is done",
            job.task.slug()
        );
    }

    /// Works until nothing is in line; for commands and tests.
    ///
    /// # Errors
    /// When a job fails.
    pub async fn work_all(&self) -> Result<(), GateError> {
        while self.work_once().await? {}
        Ok(())
    }

    /// A job that cannot be done ends its submission's waiting: the page says so, and what is applied stays applied.
    async fn give_back(&self, job: &Job) -> Result<(), GateError> {
        let tx = self.gate.store.begin().await?;
        if let Some(mut submission) = submissions::hold(&tx, &job.submission).await? {
            let is_change_file = submission.channel == Channel::ChangeFile;
            if submission.state == State::Received {
                match is_change_file {
                    true => keep_text_only(&self.gate, &tx, &submission).await?,
                    false => submissions::drop_file(&tx, &mut submission).await?,
                }
                rows::drop_secrets(&tx, &job.submission, Outcome::Waiting).await?;
                submission.hashing = false;
            }
            submission.state = match submission.state {
                State::Received => State::Unreadable,
                State::Applying if submission.waits_for_a_person() => {
                    // Of rows that build on one another, none is applied behind a later one.
                    if !submission.channel.takes_rows_in_order() {
                        rows::reopen_problems(&tx, &job.submission).await?;
                    }
                    State::Planned
                }
                // Nobody confirms a machine's plan again; it is to be sent again.
                State::Applying => {
                    rows::close_all(&tx, &job.submission, Outcome::LeftOut).await?;
                    rows::drop_passwords(&tx, &job.submission).await?;
                    submission.finished_at = Some(self.gate.now());
                    State::Applied
                }
                other => other,
            };
            submission.totals = rows::totals(&tx, &job.submission).await?;
            submission.trouble =
                Some("Staffbook could not finish this. What was applied stays applied. You can try again.".into());
            submissions::save(&tx, &submission).await?;
            match (submission.channel, submission.state) {
                (Channel::EmailCsv, State::Unreadable) => tell_unreadable(&self.gate, &tx, &submission).await?,
                (Channel::EmailCsv, State::Applied) => tell_result(&self.gate, &tx, &submission).await?,
                (Channel::ChangeFile, State::Unreadable | State::Applied) => {
                    telling::ended(&self.gate, &tx, &submission).await?;
                }
                _ => {}
            }
        }
        jobs::finish(&tx, job).await?;
        commit(tx).await
    }
}
