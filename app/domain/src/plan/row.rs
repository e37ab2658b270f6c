//! What one row would do, with what a person must see before it is done.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{about::Matched, row_kind::RowKind, step::Step};
use crate::{
    change_file::ChangeFault,
    hand_edit::Kept,
    password::OneTimePassword,
    problem::{Kind, Problem},
    request::{ChangeRequest, Decision, Wish},
    values::ids::RowNumber,
};

/// What one row would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedRow {
    /// The row, in the spreadsheet's own numbers.
    pub row: RowNumber,
    /// Whom the row is about, as far as can be told.
    pub name: String,
    /// What would be done.
    pub step: Step,
    /// What a person must see before it is done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Problem>,
    /// Cells of a file that do not overwrite what was changed by hand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<Kept>,
    /// Cells of a file that do overwrite what was changed by hand, because the file has something new there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overwrites: Vec<Kept>,
    /// Of a file's row that cannot be applied: whom it points at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matched: Option<Matched>,
}

impl PlannedRow {
    /// What was asked, as it may be kept beside this plan: a row that makes no account keeps no password.
    #[must_use]
    pub fn kept_request<'a>(&self, asked: &'a ChangeRequest) -> Cow<'a, ChangeRequest> {
        let one_time = match &asked.wish {
            Wish::ChangeRow(row) => row.one_time.as_ref(),
            wish => wish.cells().and_then(|cells| cells.one_time.as_ref()),
        };
        // A row that is skipped may still be included.
        let may_need_it = self.needs_password() || self.step.kind() == RowKind::Skipped;
        if may_need_it || !one_time.is_some_and(OneTimePassword::is_used) {
            return Cow::Borrowed(asked);
        }
        let mut kept = asked.clone();
        match &mut kept.wish {
            Wish::AccountInFile(cells) => cells.one_time = Some(OneTimePassword::Dropped),
            Wish::ChangeRow(row) => row.one_time = Some(OneTimePassword::Dropped),
            _ => {}
        }
        Cow::Owned(kept)
    }

    /// Whether it makes an account with a one-time password.
    #[must_use]
    pub const fn needs_password(&self) -> bool {
        matches!(
            self.step,
            Step::CreateAccount {
                with_password: true,
                ..
            }
        )
    }

    /// Whether somebody must say what to do with it: it has a warning that its sender has not answered for this row.
    #[must_use]
    pub fn is_asked_about(&self, asked: &ChangeRequest) -> bool {
        let decision = asked.wish.cells().and_then(|cells| cells.decision.as_ref());
        let is_answered = |warning: &Problem| match decision {
            Some(Decision::Include { seen }) => seen.contains(&warning.message()),
            Some(Decision::Skip) => true,
            None => false,
        };
        !self.questions().all(is_answered)
    }

    /// The warnings that ask for an answer. Others only tell how a cell was read.
    pub fn questions(&self) -> impl Iterator<Item = &Problem> {
        self.warnings.iter().filter(|warning| !warning.is_remark())
    }

    /// A row without warnings.
    pub(super) const fn bare(row: RowNumber, name: String, step: Step) -> Self {
        Self {
            row,
            name,
            step,
            warnings: vec![],
            kept: vec![],
            overwrites: vec![],
            matched: None,
        }
    }
}

impl PlannedRow {
    /// Whether its person is sent an invitation, as [`Step::invites`] says: but for those who were sent one within the hour,
    /// whose link stays good.
    #[must_use]
    pub fn invites(&self, suppressed: bool) -> bool {
        self.step.invites(suppressed) && !self.is_of_somebody_just_invited()
    }

    /// Whether its person was sent an invitation within the hour, and is sent no other.
    #[must_use]
    pub fn is_of_somebody_just_invited(&self) -> bool {
        let is_recent = |warning: &Problem| matches!(warning.kind, Kind::Change(ChangeFault::InvitationRecent { .. }));
        self.warnings.iter().any(is_recent)
    }
}

/// Nothing is there, or nothing that the asker may see.
pub(super) fn not_there(row: RowNumber) -> Step {
    left_out(row, Kind::NotThere)
}

/// A row that is not applied, for one reason.
pub(super) fn left_out(row: RowNumber, kind: Kind) -> Step {
    Step::LeaveOut {
        problems: vec![Problem::in_row(row, kind)],
    }
}
