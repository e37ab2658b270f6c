//! Looking at a submission and deciding on it: its plan a page at a time, confirming it, throwing it away.

use domain::{
    ids::SubmissionId,
    policy::{Actor, Deed},
    submission::{LookAlikes, Outcome, State},
};
use store::{
    jobs::{self, Task},
    rows::{self, Filter, Row},
    submissions::{self, Submission},
};

use crate::{GateError, Visit, check::commit};

/// Rows a page of a review shows.
pub const ROWS_A_PAGE: u64 = 50;

/// A submission with one page of its rows.
#[derive(Clone, Debug)]
pub struct Review {
    /// The submission.
    pub submission: Submission,
    /// Whether the asker may decide on it: it is their own, and they may still send.
    pub is_mine: bool,
    /// The page's rows.
    pub rows: Vec<Row>,
    /// Whether there are more behind them.
    pub more: bool,
}

/// What somebody says when they confirm.
#[derive(Clone, Copy, Debug)]
pub struct Confirmation {
    /// The plan they looked at, as [`seen`] names it.
    pub seen: i64,
    /// What to do with rows that look like people who are here; must be said where there are any.
    pub look_alikes: Option<LookAlikes>,
}

/// Names the plan that a page shows: it changes whenever a confirmation sends rows back to review.
#[must_use]
pub fn seen(submission: &Submission) -> i64 {
    submission.confirmed_at.map_or(0, |at| at.0)
}

impl Visit<'_> {
    /// A submission and a page of its rows.
    ///
    /// # Errors
    /// `NotFound` where it is not there, or holds anything that the actor does not look after.
    pub async fn review(&self, id: &SubmissionId, filter: Filter) -> Result<Review, GateError> {
        let submission = self.submission(id).await?;
        let db = self.gate.store.reader();
        let mut rows = rows::page(db, id, filter, ROWS_A_PAGE + 1).await?;
        let more = rows.len() as u64 > ROWS_A_PAGE;
        rows.truncate(ROWS_A_PAGE.try_into().unwrap_or(usize::MAX));
        let is_mine = self.is_mine(&submission).await?;
        Ok(Review {
            submission,
            is_mine,
            rows,
            more,
        })
    }

    /// A submission without its rows.
    ///
    /// # Errors
    /// As [`Self::review`].
    pub async fn submission(&self, id: &SubmissionId) -> Result<Submission, GateError> {
        let scope = self.submissions_scope().await?;
        submissions::find(self.gate.store.reader(), &scope, id)
            .await?
            .ok_or(GateError::NotFound)
    }

    /// The submissions of the actor's scope, newest first; `after` goes on from an earlier page.
    ///
    /// # Errors
    /// `Denied` where the actor may see none at all.
    pub async fn submissions(&self, after: Option<&SubmissionId>, limit: u64) -> Result<Vec<Submission>, GateError> {
        let scope = self.submissions_scope().await?;
        if scope.is_empty() {
            return Err(GateError::Denied);
        }
        Ok(submissions::list(self.gate.store.reader(), &scope, after, limit).await?)
    }

    /// Confirms a plan: its good rows are applied in the background.
    ///
    /// # Errors
    /// `Denied` when it is somebody else's; `Stale` when it is not the plan they saw, or not waiting to be confirmed;
    /// `Unanswered` when they must first say what to do with look-alikes.
    pub async fn confirm(&self, id: &SubmissionId, said: Confirmation) -> Result<(), GateError> {
        let (tx, mut submission) = self.hold_own(id).await?;
        if submission.state != State::Planned || seen(&submission) != said.seen {
            return Err(GateError::Stale);
        }
        if submission.totals.warned() > 0 && said.look_alikes.is_none() {
            return Err(GateError::Unanswered);
        }
        let look_alikes = said.look_alikes.unwrap_or(LookAlikes::LeaveOut);
        rows::release(&tx, id, look_alikes == LookAlikes::LeaveOut).await?;
        let now = self.gate.now();
        submission.totals = rows::totals(&tx, id).await?;
        submission.state = State::Applying;
        submission.look_alikes = said.look_alikes;
        submission.trouble = None;
        // Later than the confirmation before it, even where the clock has not moved on.
        submission.confirmed_at = Some(now.max(domain::ids::Timestamp(seen(&submission) + 1)));
        submission.expected_rows = submission.totals.with(Outcome::Waiting);
        submission.progress = 0;
        submissions::save(&tx, &submission).await?;
        jobs::enqueue(&tx, Task::Apply, id, now).await?;
        commit(tx).await?;
        self.gate.bell.notify_one();
        Ok(())
    }

    /// Throws a plan away; what an earlier confirmation applied stays applied.
    ///
    /// # Errors
    /// `Denied` when it is somebody else's; `Stale` when there is nothing to throw away.
    pub async fn decline(&self, id: &SubmissionId) -> Result<(), GateError> {
        let (tx, mut submission) = self.hold_own(id).await?;
        if submission.state != State::Planned {
            return Err(GateError::Stale);
        }
        rows::close_all(&tx, id, Outcome::LeftOut).await?;
        submission.totals = rows::totals(&tx, id).await?;
        let some_applied = submission.totals.with(Outcome::Done) > 0;
        submission.state = if some_applied { State::Applied } else { State::Declined };
        submission.finished_at = Some(self.gate.now());
        submissions::save(&tx, &submission).await?;
        commit(tx).await
    }

    /// The actor's own submission, held in a transaction with the rights of this moment.
    async fn hold_own(&self, id: &SubmissionId) -> Result<(store::Transaction, Submission), GateError> {
        // What one may not see is not there, also for those who would change it.
        self.submission(id).await?;
        let tx = self.gate.store.begin().await?;
        let submission = submissions::hold(&tx, id).await?.ok_or(GateError::NotFound)?;
        let scope = store::rights::authority(&tx, self.actor)
            .await?
            .scope(crate::sending(submission.channel));
        let still_visible = submissions::find(&tx, &scope, id).await?.is_some();
        if !still_visible || !same_person(&submission.actor, self.actor) {
            return Err(GateError::Denied);
        }
        Ok((tx, submission))
    }

    pub(crate) async fn is_mine(&self, submission: &Submission) -> Result<bool, GateError> {
        Ok(same_person(&submission.actor, self.actor) && !self.scope(Deed::UploadCsv).await?.is_empty())
    }
}

fn same_person(one: &Actor, other: &Actor) -> bool {
    one.account() == other.account()
}
