//! Which rows can be mended, and the cells that they ask with.

use domain::{
    channel::Channel,
    request::{Cells, ChangeRequest, Wish},
    submission::{Outcome, State},
};
use store::submissions::{Submission, rows::Row};

/// Whether the cells of a row can be mended: it came with a file, and waits to be decided on.
#[must_use]
pub fn can_be_mended(submission: &Submission, row: &Row) -> bool {
    submission.channel.waits_for_confirmation()
        && submission.channel != Channel::Portal
        && submission.state == State::Planned
        && matches!(row.outcome, Outcome::Waiting | Outcome::Stale)
        && matches!(row.request.wish, Wish::AccountInFile(_))
}

/// The cells that a row asks with.
#[must_use]
pub const fn cells_of(request: &ChangeRequest) -> Option<&Cells> {
    match &request.wish {
        Wish::AccountInFile(cells) => Some(cells),
        _ => None,
    }
}
