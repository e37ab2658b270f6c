//! One row of a submission, and how it is stored.

use domain::{plan::PlannedRow, request::ChangeRequest, submission::Outcome, values::ids::RowNumber};
use uuid::Uuid;

use crate::{StoreError, entities::submission_row, word};

/// One row of a submission.
#[derive(Clone, Debug)]
pub struct Row {
    /// As asked.
    pub request: ChangeRequest,
    /// As planned.
    pub planned: PlannedRow,
    /// What became of it.
    pub outcome: Outcome,
    /// Whom it made or changed.
    pub subject: Option<Uuid>,
    /// The address a new account was given.
    pub address: Option<String>,
}

/// Reads a stored row.
pub(super) fn read(row: submission_row::Model) -> Result<Row, StoreError> {
    Ok(Row {
        request: serde_json::from_str(&row.request)?,
        planned: serde_json::from_str(&row.planned)?,
        outcome: word(&row.outcome, Outcome::from_slug)?,
        subject: row.subject,
        address: row.address,
    })
}

/// The number of a row as it is stored.
pub(super) fn stored(row: RowNumber) -> i32 {
    i32::try_from(row.0).unwrap_or(i32::MAX)
}
