//! Files by email: what came in and what became of it, the daily runs, how far mailboxes were read, and who was written to.

pub mod folders;
pub mod keys;
pub mod messages;
pub mod notes;
mod order;
pub mod replies;
pub mod runs;

use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::StoreError;

/// Takes what is personal about forgotten people out of what came by email, and what hangs on them as connectors.
pub(crate) async fn forget(db: &impl ConnectionTrait, people: &[Uuid]) -> Result<(), StoreError> {
    messages::forget(db, people).await?;
    runs::forget(db, people).await?;
    notes::forget(db, people).await?;
    keys::forget(db, people).await
}
