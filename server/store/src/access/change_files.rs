//! Change files: which came in and what became of them, how far each source is, renames that wait for their person, and who
//! has lost access by which connector.

pub mod files;
pub mod losses;
pub mod renames;
pub mod sources;

use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::StoreError;

/// Takes away what is kept about forgotten people: as those who were to be renamed, as those who lost access or took it, and
/// where the reason for which a file failed names one of their addresses.
pub(crate) async fn forget(db: &impl ConnectionTrait, people: &[Uuid]) -> Result<(), StoreError> {
    renames::forget(db, people).await?;
    losses::forget(db, people).await?;
    files::forget(db, people).await
}
