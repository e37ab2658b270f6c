//! What waits for somebody: what the first page begins with.

use domain::policy::Deed;
use store::{
    directory::due_changes,
    submissions::{self, Submission},
};

use crate::{GateError, UpcomingKind, Visit, submissions::columns::needs_columns};

/// Days that the first page looks ahead.
pub const SOON_DAYS: u32 = 7;

/// As many of a sort as are counted: beyond them there are simply many.
pub const WAITING_COUNTED: u64 = 100;

/// What waits for somebody.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Their own files that they have not decided on, oldest first; at most [`WAITING_COUNTED`].
    pub uploads: Vec<Submission>,
    /// Their own files whose columns they have not explained, oldest first; at most [`WAITING_COUNTED`].
    pub columns_needed: Vec<Submission>,
    /// People they may help whose activation link has expired; counted as far as [`WAITING_COUNTED`].
    pub expired_links: u64,
    /// Automatic changes within [`SOON_DAYS`], by kind.
    pub soon: Vec<(UpcomingKind, usize)>,
}

impl Visit<'_> {
    /// What waits for the actor, as far as it is theirs to decide on.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn waiting(&self) -> Result<Waiting, GateError> {
        let (db, now) = (self.gate.store.reader(), self.gate.now());
        let sent = self.submissions_scope().await?;
        let (uploads, mut columns_needed) = match self.actor.account() {
            Some(own) if !sent.is_empty() => (
                submissions::undecided_of(db, &sent, own, WAITING_COUNTED).await?,
                submissions::unreadable_of(db, &sent, own, WAITING_COUNTED).await?,
            ),
            _ => (vec![], vec![]),
        };
        columns_needed.retain(needs_columns);
        let helped = self.scope(Deed::ResetAndUnlock).await?;
        let expired_links = match helped.is_empty() {
            true => 0,
            false => due_changes::count_expired_links(db, &helped, now, WAITING_COUNTED).await?,
        };
        Ok(Waiting {
            uploads,
            columns_needed,
            expired_links,
            soon: self.soon(SOON_DAYS).await?,
        })
    }
}
