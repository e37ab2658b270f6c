//! What a row came to, or in a dry run would come to: pages, answers to programs and result files all ask here.

use super::Outcome;
use crate::plan::RowKind;

/// What a row came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowResult {
    /// Nothing yet: it waits for its confirmation or its turn.
    Waiting,
    /// It changed after it was shown, and must be looked at again.
    Stale,
    /// It was applied, or needed no change.
    Done(RowKind),
    /// It belongs to a dry run: sent for good, it would be applied, or need no change.
    Would(RowKind),
    /// It was not applied because of a problem.
    Rejected,
    /// It was not applied because nobody has decided what it should do.
    Undecided,
    /// It was not applied: its sender skipped it, or the submission was stopped or discarded.
    Skipped,
    /// It was not applied: a later file took its place.
    Superseded,
}

impl RowResult {
    /// The result of a row. Nobody looks at what a machine sends, so rows of a dry run that need a decision are as little
    /// applied as they would be.
    #[must_use]
    pub const fn of(is_rehearsal: bool, outcome: Outcome, kind: RowKind, is_warned: bool) -> Self {
        match (outcome, kind) {
            (Outcome::Waiting, _) => Self::Waiting,
            (Outcome::Stale, _) => Self::Stale,
            (Outcome::Done, kind) => Self::Done(kind),
            (Outcome::Superseded, _) => Self::Superseded,
            (Outcome::LeftOut, RowKind::Problem) => Self::Rejected,
            (Outcome::LeftOut, RowKind::Skipped | RowKind::Kept) => Self::Skipped,
            (Outcome::LeftOut, RowKind::Create | RowKind::Update | RowKind::NoChange) => {
                match (is_warned, is_rehearsal) {
                    (true, _) => Self::Undecided,
                    (false, true) => Self::Would(kind),
                    (false, false) => Self::Skipped,
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dry_run_says_what_would_become_of_a_row() {
        let would = |kind, is_warned| RowResult::of(true, Outcome::LeftOut, kind, is_warned);
        assert_eq!(would(RowKind::Create, false), RowResult::Would(RowKind::Create));
        assert_eq!(would(RowKind::Create, true), RowResult::Undecided);
        assert_eq!(would(RowKind::Problem, false), RowResult::Rejected);
    }

    #[test]
    fn a_row_replaced_by_a_later_file_is_neither_skipped_nor_rejected() {
        for kind in RowKind::ALL {
            let replaced = RowResult::of(false, Outcome::Superseded, kind, true);
            assert_eq!(replaced, RowResult::Superseded);
        }
    }

    #[test]
    fn a_stopped_submission_would_do_nothing_any_more() {
        let left = RowResult::of(false, Outcome::LeftOut, RowKind::Create, false);
        assert_eq!(left, RowResult::Skipped);
    }
}
