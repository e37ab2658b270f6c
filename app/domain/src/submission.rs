//! The life of a submission: from its arrival to what became of each row.

mod result;

use serde::{Deserialize, Serialize};

pub use self::result::RowResult;
use crate::{organisation::OrganisationCode, plan::RowKind};

/// What is said of a dry run whose submission would be held.
pub const WOULD_BE_HELD: &str =
    "An administrator would have to apply these changes, because they change or create more accounts than usual.";

/// What is said of a file by email that the run did not apply, because its sender had no role for it any more.
pub const ROLE_ENDED: &str = "This file was not applied, because the sender’s role Connector had ended by the time of \
                              the run, or no longer covered the organisations in the file.";

/// What is said of a file by email that its sender took back.
pub const WITHDRAWN: &str = "The sender withdrew this file before it was applied.";

/// What is said of a file by email that an administrator discarded.
pub const DISCARDED: &str = "An administrator discarded this file before it was applied.";

/// Where a submission stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Kept; being read and checked.
    Received,
    /// It could not be read at all.
    Unreadable,
    /// Its plan is made and shown; rows that went back to review wait here too.
    Planned,
    /// Confirmed; being applied.
    Applying,
    /// Done: every row has its outcome.
    Applied,
    /// Somebody discarded it.
    Declined,
    /// A later one from the same organisation took its place (email connector).
    Superseded,
}

impl LookAlikes {
    /// The name it is stored and sent by.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::LeaveOut => "leave-out",
            Self::Create => "create",
        }
    }

    /// Reads [`Self::slug`] back.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        [Self::LeaveOut, Self::Create]
            .into_iter()
            .find(|choice| choice.slug() == slug)
    }
}

impl State {
    /// Every state.
    pub const ALL: [Self; 7] = [
        Self::Received,
        Self::Unreadable,
        Self::Planned,
        Self::Applying,
        Self::Applied,
        Self::Declined,
        Self::Superseded,
    ];

    /// Whether a submission may go from here to there. Applying goes back to planned when rows' truth has moved; what its
    /// sender says about its columns has it read again.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        match self {
            Self::Received => matches!(
                next,
                Self::Unreadable | Self::Planned | Self::Declined | Self::Superseded
            ),
            Self::Planned => matches!(
                next,
                Self::Received | Self::Applying | Self::Applied | Self::Declined | Self::Superseded
            ),
            Self::Applying => matches!(next, Self::Applied | Self::Planned | Self::Declined),
            // Its sender says which column holds what.
            Self::Unreadable => matches!(next, Self::Received),
            Self::Applied | Self::Declined | Self::Superseded => false,
        }
    }

    /// The name it is stored by.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Unreadable => "unreadable",
            Self::Planned => "planned",
            Self::Applying => "applying",
            Self::Applied => "applied",
            Self::Declined => "declined",
            Self::Superseded => "superseded",
        }
    }

    /// Reads [`Self::slug`] back.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.slug() == slug)
    }

    /// What pages call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Received => "Being checked",
            Self::Unreadable => "Cannot be read",
            Self::Planned => "Ready to review",
            Self::Applying => "Being applied",
            Self::Applied => "Applied",
            Self::Declined => "Discarded",
            Self::Superseded => "Replaced by a later file",
        }
    }
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Nothing yet: it waits for its confirmation or its turn.
    Waiting,
    /// Its change was made, or it was so already.
    Done,
    /// It was left out, because of its problems or on its confirmer's word.
    LeftOut,
    /// What it was planned from had changed: it was planned again and must be looked at again.
    Stale,
    /// It was not applied, because a later file speaks for its organisation.
    Superseded,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Done, Self::LeftOut, Self::Stale, Self::Superseded];

    /// Whether the row still waits for a confirmation.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Stale)
    }

    /// The name it is stored by.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::LeftOut => "left-out",
            Self::Stale => "stale",
            Self::Superseded => "superseded",
        }
    }

    /// Reads [`Self::slug`] back.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.slug() == slug)
    }
}

/// How many rows of one kind have one outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// What the rows would do.
    pub kind: RowKind,
    /// What became of them.
    pub outcome: Outcome,
    /// Whether something about them must be seen first.
    pub warned: bool,
    /// How many there are.
    pub rows: u32,
}

/// A submission's rows, counted; every number on its pages is a sum of these.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Totals(pub Vec<Tally>);

impl Totals {
    /// The number of rows that a test picks.
    pub fn count(&self, pick: impl Fn(&Tally) -> bool) -> u32 {
        self.0.iter().filter(|tally| pick(tally)).map(|tally| tally.rows).sum()
    }

    /// All rows.
    #[must_use]
    pub fn rows(&self) -> u32 {
        self.count(|_| true)
    }

    /// The same rows, of which some open ones are left to a later file.
    #[must_use]
    pub fn without(mut self, replaced: &Self) -> Self {
        for lost in &replaced.0 {
            let is_same = |tally: &&mut Tally| {
                (tally.kind, tally.outcome, tally.warned) == (lost.kind, lost.outcome, lost.warned)
            };
            if let Some(same) = self.0.iter_mut().find(is_same) {
                same.rows = same.rows.saturating_sub(lost.rows);
            }
            self.0.push(Tally {
                outcome: Outcome::Superseded,
                ..*lost
            });
        }
        self
    }

    /// Rows of one kind.
    #[must_use]
    pub fn of(&self, kind: RowKind) -> u32 {
        self.count(|tally| tally.kind == kind)
    }

    /// Rows with one outcome.
    #[must_use]
    pub fn with(&self, outcome: Outcome) -> u32 {
        self.count(|tally| tally.outcome == outcome)
    }

    /// Rows that a confirmation would change something by: those that wait, or went back to review.
    #[must_use]
    pub fn to_apply(&self, look_alikes: LookAlikes) -> u32 {
        self.count(|tally| {
            tally.outcome.is_open()
                && tally.kind.changes_something()
                && (look_alikes == LookAlikes::Create || !tally.warned)
        })
    }

    /// Open rows that must be looked at because they resemble somebody.
    #[must_use]
    pub fn warned(&self) -> u32 {
        self.count(|tally| tally.warned && tally.outcome.is_open())
    }

    /// Rows that could be applied and are not: their sender has skipped them, one by one or all at once, or has stopped.
    #[must_use]
    pub fn skipped(&self) -> u32 {
        let can_be_done = |kind: RowKind| !matches!(kind, RowKind::Problem | RowKind::Kept);
        self.count(|tally| {
            tally.kind == RowKind::Skipped || (tally.outcome == Outcome::LeftOut && can_be_done(tally.kind))
        })
    }

    /// Rows that could have been applied, if somebody had decided what they should do.
    #[must_use]
    pub fn undecided(&self) -> u32 {
        self.count(|tally| {
            let is_undecided = tally.kind.changes_something() || tally.kind == RowKind::NoChange;
            tally.outcome == Outcome::LeftOut && tally.warned && is_undecided
        })
    }

    /// Rows that were not applied because of a problem.
    #[must_use]
    pub fn rejected(&self) -> u32 {
        self.count(|tally| tally.outcome == Outcome::LeftOut && tally.kind == RowKind::Problem)
    }

    /// Open rows with problems.
    #[must_use]
    pub fn with_problems(&self) -> u32 {
        self.count(|tally| tally.kind == RowKind::Problem && tally.outcome.is_open())
    }
}

/// An organisation of which a file changes or creates suspiciously many accounts, or all organisations where it changes or
/// creates those.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touched {
    /// Which; none where organisations themselves are changed or created.
    pub organisation: Option<OrganisationCode>,
    /// Accounts, or organisations, that the file changes; 0 where these are not suspiciously many.
    pub changed: u32,
    /// Accounts, or organisations, that it creates; 0 where these are not suspiciously many.
    #[serde(default)]
    pub created: u32,
    /// As many are there.
    pub all: u32,
    /// People who had lost their access within a day before, where the access brake has stopped a file.
    #[serde(default)]
    pub lost: u32,
}

impl Touched {
    /// The accounts, or organisations, that somebody must be asked about.
    #[must_use]
    pub const fn accounts(&self) -> u32 {
        self.changed.saturating_add(self.created)
    }
}

/// What to do with rows that look like people who are already here. The confirmer must say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LookAlikes {
    /// Leave them out.
    LeaveOut,
    /// They are other people: create them.
    Create,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_ended_stays_as_it_is() {
        for end in [State::Applied, State::Declined, State::Superseded] {
            assert!(State::ALL.iter().all(|next| !end.may_become(*next)));
        }
    }

    #[test]
    fn rows_that_are_left_to_a_later_file_are_not_counted_as_open() {
        let tally = |kind, outcome, rows| Tally {
            kind,
            outcome,
            warned: false,
            rows,
        };
        let all = Totals(vec![
            tally(RowKind::Update, Outcome::Waiting, 2),
            tally(RowKind::Create, Outcome::Waiting, 1),
        ]);
        let left = all.without(&Totals(vec![tally(RowKind::Create, Outcome::Waiting, 1)]));
        assert_eq!(left.to_apply(LookAlikes::Create), 2);
        assert_eq!((left.with(Outcome::Superseded), left.rows()), (1, 3));
    }

    #[test]
    fn outcomes_are_read_as_they_are_stored() {
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::from_slug(outcome.slug()), Some(outcome));
        }
        assert!(!Outcome::Superseded.is_open());
    }

    #[test]
    fn every_state_can_be_reached_from_the_first() {
        let mut reached = vec![State::Received];
        while let Some(next) = State::ALL
            .into_iter()
            .find(|next| !reached.contains(next) && reached.iter().any(|from| from.may_become(*next)))
        {
            reached.push(next);
        }
        assert_eq!(reached.len(), State::ALL.len());
    }
}
