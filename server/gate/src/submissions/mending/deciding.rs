//! Deciding on single rows of one's file: one is skipped, one is included although it may be a possible duplicate, and
//! either is taken back. The decision is part of what the row asks for, so it stays when the row is planned again.

use domain::{
    plan::RowKind,
    problem::Problem,
    request::{Decision, Wish},
    values::ids::{RowNumber, SubmissionId},
};
use store::submissions::rows::{self, Row};

use super::{can_be_mended, keep};
use crate::{GateError, Visit, submissions::review::seen};

/// What somebody says about a row as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowDecision {
    /// It is not to be applied.
    Skip,
    /// It is to be applied: it is skipped no longer, or it is about a new person whatever its warnings say.
    Include,
}

impl RowDecision {
    /// The name it is sent by.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Skip => "skip",
            Self::Include => "include",
        }
    }

    /// Reads [`Self::slug`] back.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        [Self::Skip, Self::Include]
            .into_iter()
            .find(|decision| decision.slug() == slug)
    }
}

impl Visit<'_> {
    /// Decides on one row of one's own file, and plans again what that touches. `was_seen` names the plan that was looked
    /// at, as [`seen`] does. Says whether anything has changed by it.
    ///
    /// # Errors
    /// `Denied` when it is somebody else's; `NotFound` where there is no such row; `Stale` where it is decided on, or has
    /// changed since it was shown.
    pub async fn decide(
        &self,
        id: &SubmissionId,
        row: RowNumber,
        decision: RowDecision,
        was_seen: i64,
    ) -> Result<bool, GateError> {
        let (tx, submission) = self.hold_own(id).await?;
        let row = rows::get(&tx, id, row).await?.ok_or(GateError::NotFound)?;
        if !can_be_mended(&submission, &row) || seen(&submission) != was_seen {
            return Err(GateError::Stale);
        }
        let mut decided = row.clone();
        if let Wish::AccountInFile(cells) = &mut decided.request.wish {
            cells.decision = match decision {
                RowDecision::Skip => Some(Decision::Skip),
                RowDecision::Include => included(&row),
            };
        }
        if decided.request == row.request {
            return Ok(false);
        }
        keep(self.gate, tx, submission, vec![decided]).await?;
        Ok(true)
    }
}

/// What including a row comes to: of one that was skipped its warnings are not known yet, and so not answered.
fn included(row: &Row) -> Option<Decision> {
    let seen: Vec<_> = row.planned.questions().map(Problem::message).collect();
    let is_known = row.planned.step.kind() != RowKind::Skipped && !seen.is_empty();
    is_known.then_some(Decision::Include { seen })
}
