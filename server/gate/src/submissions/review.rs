//! Looking at a submission and deciding on it: its plan a page at a time, confirming it, discarding it.

use std::collections::{HashMap, HashSet};

use domain::{
    channel::Channel,
    dictionary::Attribute,
    policy::Deed,
    problem::{Audience, Kind, Problem},
    submission::{DISCARDED, LookAlikes, Outcome, State, WITHDRAWN},
    values::ids::{AccountId, RowNumber, SubmissionId},
};
use store::{
    access::proposals,
    directory::people,
    jobs::{self, Task},
    submissions::{
        self, SentBy, Submission,
        rows::{self, Filter, Row, Shared},
    },
};

use crate::{
    Gate, GateError, MadeLink, Visit,
    connectors::{
        change_files::{checking::keep_text_only, telling},
        email::{
            returning::tell_left_out,
            running::{give_way, replace_older},
        },
    },
    submissions::{
        apply::apply,
        claims::commit,
        concluding::forget_for_good,
        effects::linking::Viewer,
        held::{expected, same_person},
        mending::can_be_mended,
    },
};

/// Rows that a form's confirmation waits for.
const AT_ONCE: usize = 50;

/// Shared problems that a page shows.
const SHARED_SHOWN: u64 = 12;

/// Rows a page of a review shows.
pub const ROWS_A_PAGE: u64 = 50;

/// A submission with one page of its rows.
#[derive(Clone, Debug)]
pub struct Review {
    /// The submission.
    pub submission: Submission,
    /// Whether it is the asker's own, and they may still send.
    pub is_mine: bool,
    /// Whether the asker may decide on it: on their own, or on what a machine sent for places that they manage.
    pub may_decide: bool,
    /// The page's rows.
    pub rows: Vec<Row>,
    /// Whether there are more behind them.
    pub more: bool,
    /// The problems that several of its rows share, those of most rows first.
    pub shared: Vec<Shared>,
    /// In how many other rows there is the same text with the same problem, for each cell with one that can be mended.
    pub others: HashMap<(RowNumber, Attribute), u32>,
    /// In how many of all rows a cell does not overwrite what was changed by hand.
    pub kept: u32,
    /// Who changed by hand what the page's rows keep or overwrite, by name.
    pub editors: HashMap<AccountId, String>,
    /// By what the page's people who are here are told apart from others of their name: those whom the asker sees.
    pub known_as: HashMap<AccountId, String>,
    /// The same file as it was sent before, where it was.
    pub before: Option<Submission>,
}

/// What somebody says when they confirm.
#[derive(Clone, Copy, Debug, Default)]
pub struct Confirmation {
    /// The plan they looked at, as [`seen`] names it.
    pub seen: i64,
    /// What to do with rows that look like people who are here; must be said where there are any.
    pub look_alikes: Option<LookAlikes>,
    /// How many accounts they say that it changes; must be right where that is suspiciously many.
    pub typed: Option<u32>,
}

/// How many accounts are changed or created of the organisations of which suspiciously many are; none where there is none.
/// A change file can stop again while it is applied: it asks each time for as many as would lose access then.
#[must_use]
pub fn to_type(submission: &Submission) -> Option<u32> {
    let waits = match submission.channel.takes_rows_in_order() {
        true => submission.state == State::Planned,
        false => submission.confirmed_at.is_none(),
    };
    (waits && !submission.touches.is_empty()).then(|| expected(submission))
}

/// Names the plan that a page shows: it changes whenever a confirmation sends rows back to review, with every mend,
/// and when the file is read in another way.
#[must_use]
pub fn seen(submission: &Submission) -> i64 {
    submission.confirmed_at.map_or(0, |at| at.0) + i64::from(submission.mends)
}

/// Rows with a warning, as a page counts and lists them: those that still need a decision.
#[must_use]
pub fn to_decide(submission: &Submission) -> u32 {
    match is_decided(submission) {
        true => submission.totals.warned(),
        false => submission.totals.count(|tally| tally.warned),
    }
}

/// Whether a warning asks for a decision. Of an undo it tells what stays, and of a dry run what would need one.
fn is_decided(submission: &Submission) -> bool {
    submission.channel != Channel::Undo && !submission.rehearsal
}

impl Visit<'_> {
    /// A submission and a page of its rows.
    ///
    /// # Errors
    /// `NotFound` where it is not there, or holds anything that the actor does not manage.
    pub async fn review(&self, id: &SubmissionId, filter: Filter) -> Result<Review, GateError> {
        let submission = self.submission(id).await?;
        let db = self.gate.store.reader();
        let filter = Filter {
            open: filter.open || (filter.warned && is_decided(&submission)),
            ..filter
        };
        let mut rows = rows::page(db, id, filter, ROWS_A_PAGE + 1).await?;
        let more = rows.len() as u64 > ROWS_A_PAGE;
        rows.truncate(ROWS_A_PAGE.try_into().unwrap_or(usize::MAX));
        let is_mine = self.is_mine(&submission).await?;
        // It is useful to know only while it can still be discarded.
        let before = match (submission.channel, submission.state) {
            (Channel::PortalCsv, State::Planned) => {
                submissions::same_bytes(db, &self.submissions_scope().await?, &submission).await?
            }
            _ => None,
        };
        let mut shared = match submission.channel {
            Channel::Portal => vec![],
            _ => rows::shared_problems(db, id, SHARED_SHOWN).await?,
        };
        shared.retain(|shared| shared.rows > 1);
        if submission.channel.is_machine() {
            about_the_sender(&mut shared);
        }
        let is_mended_here = is_mine && rows.iter().any(|row| can_be_mended(&submission, row));
        let others = match is_mended_here {
            true => rows::others_alike(db, id, &rows).await?,
            false => HashMap::new(),
        };
        let by_hand = rows
            .iter()
            .flat_map(|row| row.planned.kept.iter().chain(&row.planned.overwrites));
        let editors = by_hand.filter_map(|cell| cell.by);
        let editors: HashSet<_> = editors.map(|editor| editor.0).collect();
        let editors = match editors.is_empty() {
            true => vec![],
            false => people::by_ids(db, &editors.into_iter().collect::<Vec<_>>()).await?,
        };
        let kept = match submission.channel {
            Channel::Portal => 0,
            _ => rows::kept(db, id).await?,
        };
        let known_as = self.known_as(&rows).await?;
        Ok(Review {
            kept,
            known_as,
            editors: editors
                .into_iter()
                .map(|editor| (editor.id, editor.full_name()))
                .collect(),
            shared,
            others,
            before,
            may_decide: self.may_decide(&submission).await?,
            submission,
            is_mine,
            rows,
            more,
        })
    }

    /// The email addresses and local IDs of the people of rows, as far as the actor sees them.
    async fn known_as(&self, rows: &[Row]) -> Result<HashMap<AccountId, String>, GateError> {
        let matched = rows.iter().filter_map(|row| row.planned.matched.as_ref());
        let matched = matched.map(|matched| matched.account.0);
        let subjects = rows.iter().filter_map(|row| row.subject).chain(matched);
        let subjects: Vec<_> = subjects.collect::<HashSet<_>>().into_iter().collect();
        if subjects.is_empty() {
            return Ok(HashMap::new());
        }
        let (db, scope) = (self.gate.store.reader(), self.scope(Deed::See).await?);
        let seen = people::ids_within(db, &scope, &subjects).await?;
        let seen: Vec<_> = seen.iter().map(|account| account.0).collect();
        let found = people::by_ids(db, &seen).await?.into_iter();
        Ok(found
            .map(|account| (account.id, account.attributes.known_as()))
            .collect())
    }

    /// A submission without its rows.
    ///
    /// # Errors
    /// As [`Self::review`].
    pub async fn submission(&self, id: &SubmissionId) -> Result<Submission, GateError> {
        let db = self.gate.store.reader();
        if let Some(found) = submissions::find(db, &self.submissions_scope().await?, id).await? {
            return Ok(found);
        }
        // What one asked for by a form, one may look at as long as one sees its people.
        let seen = self.scope(Deed::See).await?;
        let own = match self.actor.account() {
            Some(account) => submissions::find_own(db, &seen, account, id).await?,
            None => None,
        };
        own.ok_or(GateError::NotFound)
    }

    /// The submissions of the actor's scope, newest first; `after` goes on from an earlier page.
    ///
    /// # Errors
    /// `Denied` where the actor may see none at all.
    pub async fn submissions(
        &self,
        by: SentBy,
        after: Option<&SubmissionId>,
        limit: u64,
    ) -> Result<Vec<Submission>, GateError> {
        let scope = self.submissions_scope().await?;
        if scope.is_empty() {
            return Err(GateError::Denied);
        }
        Ok(submissions::list(self.gate.store.reader(), &scope, by, after, limit).await?)
    }

    /// Confirms a plan: its good rows are applied, a form's at once and a file's in the background. Gives back the
    /// one-time links that were made on the way, to be shown once.
    ///
    /// # Errors
    /// `Denied` when it is somebody else's, unless a machine sent it and they manage all of its places; `Stale` when it is
    /// not the plan they saw, not waiting to be confirmed, or wholly replaced by later files; `Unanswered` when they must
    /// first say what to do with look-alikes; `Uncounted` when they must type in how many accounts they change.
    pub async fn confirm(&self, id: &SubmissionId, said: Confirmation) -> Result<Vec<MadeLink>, GateError> {
        let (tx, mut submission) = self.hold_to_decide(id).await?;
        if submission.state != State::Planned || seen(&submission) != said.seen {
            return Err(GateError::Stale);
        }
        // What later files take of it is not asked about.
        if submission.channel.waits_for_run() {
            give_way(self.gate, &tx, &mut submission).await?;
        }
        if submission.totals.warned() > 0 && said.look_alikes.is_none() {
            return Err(GateError::Unanswered);
        }
        if to_type(&submission).is_some_and(|number| said.typed != Some(number)) {
            return Err(GateError::Uncounted);
        }
        if submission.confirmed_at.is_none() {
            crate::submissions::undo::record(self.gate, &tx, &submission).await?;
        }
        if submission.channel.is_machine() {
            submission.applied_by = Some(self.actor.clone());
            crate::submissions::held::record_applied(self.gate, &tx, self.actor, &submission).await?;
        }
        if submission.channel.waits_for_run() {
            replace_older(self.gate, &tx, &submission).await?;
        }
        let look_alikes = said.look_alikes.unwrap_or(LookAlikes::LeaveOut);
        // Rows that build on one another are all planned again when it is their turn.
        if !submission.channel.takes_rows_in_order() {
            rows::release(&tx, id, look_alikes == LookAlikes::LeaveOut).await?;
        }
        let now = self.gate.now();
        submission.totals = rows::totals(&tx, id).await?;
        submission.state = State::Applying;
        submission.look_alikes = said.look_alikes;
        submission.trouble = None;
        // Later than the confirmation before it, even where the clock has not moved on; and later than all that a file has
        // done before, because what it takes from then on is counted against what was confirmed.
        let earliest = match submission.channel.takes_rows_in_order() {
            true => seen(&submission).max(now.0) + 1,
            false => seen(&submission) + 1,
        };
        submission.confirmed_at = Some(now.max(domain::values::ids::Timestamp(earliest)));
        submission.expected_rows = submission.totals.with(Outcome::Waiting);
        submission.progress = 0;
        submissions::save(&tx, &submission).await?;
        let is_small = submission.channel == Channel::Portal && submission.expected_rows as usize <= AT_ONCE;
        // The operator's command waits for what it asked for, no matter who else works.
        if is_small || self.is_service() {
            // Claimed by this very request; if it dies, a worker takes over when the claim runs out.
            let own = format!("request-{:016x}", rand::random::<u64>());
            let until = self.gate.claimed_until();
            let job = jobs::enqueue_claimed(&tx, Task::Apply, id, own, until).await?;
            commit(tx).await?;
            return apply(self.gate, &job, Viewer::Asker).await;
        }
        jobs::enqueue(&tx, Task::Apply, id, now).await?;
        commit(tx).await?;
        self.gate.bell.notify_one();
        Ok(vec![])
    }

    /// Stops what is being applied for a while: the rows that are being written are still written, or wait with the rest.
    ///
    /// # Errors
    /// As [`Self::decline`].
    pub async fn pause(&self, id: &SubmissionId) -> Result<(), GateError> {
        let (tx, mut submission) = self.hold_to_decide(id).await?;
        if submission.state != State::Applying || submission.paused {
            return Err(GateError::Stale);
        }
        submission.paused = true;
        jobs::pause(&tx, id).await?;
        submissions::save(&tx, &submission).await?;
        commit(tx).await
    }

    /// Goes on with what was paused.
    ///
    /// # Errors
    /// As [`Self::decline`].
    pub async fn resume(&self, id: &SubmissionId) -> Result<(), GateError> {
        let (tx, mut submission) = self.hold_to_decide(id).await?;
        if !submission.paused {
            return Err(GateError::Stale);
        }
        submission.paused = false;
        jobs::resume(&tx, id, self.gate.now()).await?;
        submissions::save(&tx, &submission).await?;
        commit(tx).await?;
        self.gate.bell.notify_one();
        Ok(())
    }

    /// Discards a plan, or a file that is still being checked or applied; what is applied stays applied. Who sent a file by
    /// email withdraws it so, as long as it waits for the run.
    ///
    /// # Errors
    /// `Denied` when it is somebody else's; `Stale` when there is nothing to discard.
    pub async fn decline(&self, id: &SubmissionId) -> Result<(), GateError> {
        let (tx, mut submission) = self.hold_to_discard(id).await?;
        if !submission.state.may_become(State::Declined) {
            return Err(GateError::Stale);
        }
        if submission.channel.is_machine() {
            crate::submissions::held::discarded(self.gate, &tx, self.actor, &submission).await?;
        }
        if submission.channel == Channel::EmailCsv && submission.totals.with(Outcome::Done) == 0 {
            let said = match same_person(&submission.actor, self.actor) {
                true => WITHDRAWN,
                false => DISCARDED,
            };
            submission.trouble = Some(said.to_owned());
        }
        let was_checked = submission.state != State::Received;
        tell_left_out(self.gate, &tx, &submission).await?;
        throw_away(self.gate, &tx, submission).await?;
        commit(tx).await?;
        if !was_checked {
            forget_for_good(self.gate).await;
        }
        Ok(())
    }

    /// The actor's own submission, held in a transaction with the rights of this moment.
    pub(crate) async fn hold_own(&self, id: &SubmissionId) -> Result<(store::Transaction, Submission), GateError> {
        // What one may not see is not there, also for those who would change it.
        self.submission(id).await?;
        let tx = self.gate.store.begin().await?;
        let submission = submissions::hold(&tx, id).await?.ok_or(GateError::NotFound)?;
        if !same_person(&submission.actor, self.actor) {
            return Err(GateError::Denied);
        }
        // What a form asked for is allowed step by step when it is applied.
        if submission.channel != Channel::Portal {
            let authority = self.gate.authority(&tx, self.actor).await?;
            let scope = match submission.channel {
                Channel::Undo => authority.scope(crate::submissions::undo::deed_of(&tx, &submission).await?),
                channel => crate::scope_for(&authority, channel, &[]),
            };
            if submissions::find(&tx, &scope, id).await?.is_none() {
                return Err(GateError::Denied);
            }
        }
        Ok((tx, submission))
    }

    pub(crate) async fn is_mine(&self, submission: &Submission) -> Result<bool, GateError> {
        if !same_person(&submission.actor, self.actor) {
            return Ok(false);
        }
        let deed = match submission.channel {
            Channel::Portal => return Ok(true),
            Channel::Undo => crate::submissions::undo::deed_of(self.gate.store.reader(), submission).await?,
            // Who sends files by email need not be one who uploads them.
            Channel::EmailCsv => return self.sends_by_email().await,
            _ => Deed::UploadCsv,
        };
        Ok(!self.scope(deed).await?.is_empty())
    }
}

/// Problems that rows share are kept as a portal user reads them. What a machine may not send for is not the reader's to manage.
fn about_the_sender(shared: &mut [Shared]) {
    let unknown = Problem::in_cell(RowNumber(0), Attribute::Organisation, "…", Kind::UnknownOrganisation);
    let (to_person, to_program) = (unknown.shared(), unknown.shared_for(Audience::Program));
    for shared in shared.iter_mut().filter(|shared| shared.said == to_person) {
        shared.said.clone_from(&to_program);
    }
}

/// What is said of a submission that was stopped.
const STOPPED: &str =
    "This was stopped while it was being applied. The rows that were not applied by then are skipped.";

/// Leaves out all that is not applied yet, and ends it.
pub(crate) async fn throw_away(
    gate: &Gate,
    tx: &store::Transaction,
    mut submission: Submission,
) -> Result<(), GateError> {
    // The worker that checks it finds its job gone at its next step, and stops.
    jobs::take_out(tx, &submission.id).await?;
    rows::close_all(tx, &submission.id, Outcome::LeftOut).await?;
    let is_change_file = submission.channel == Channel::ChangeFile;
    if is_change_file || submission.layout.position(Attribute::Password).is_some() {
        rows::drop_passwords(tx, &submission.id).await?;
    }
    // Before the check has ended, its passwords may stand in it.
    match submission.state {
        State::Received if is_change_file => keep_text_only(gate, tx, &submission).await?,
        State::Received | State::Unreadable => submissions::drop_file(tx, &mut submission).await?,
        _ => {}
    }
    submission.hashing = false;
    submission.totals = rows::totals(tx, &submission.id).await?;
    submission.paused = false;
    let some_applied = submission.totals.with(Outcome::Done) > 0;
    // What a person has let go on, and was stopped again, is told so too.
    let went_on = is_change_file && submission.applied_by.is_some();
    if some_applied && (submission.state == State::Applying || went_on) {
        submission.trouble = Some(STOPPED.to_owned());
    }
    submission.state = if some_applied { State::Applied } else { State::Declined };
    submission.finished_at = Some(gate.now());
    submissions::save(tx, &submission).await?;
    if is_change_file {
        telling::ended(gate, tx, &submission).await?;
    }
    Ok(proposals::settle(tx, &submission.id).await?)
}
