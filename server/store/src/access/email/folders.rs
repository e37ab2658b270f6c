//! How far the folders of mailboxes were read.

use domain::values::ids::Timestamp;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, sea_query::OnConflict};

use crate::{StoreError, Transaction, entities::mail_folder};

/// How far a folder was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The UIDVALIDITY under which it was read.
    pub validity: i64,
    /// The last UID that was read.
    pub uid: i64,
    /// When the newest mail that was read had come in, by the mail server's clock.
    pub newest: Option<Timestamp>,
    /// What came in up to then is not processed: it was there before the folder got this UIDVALIDITY.
    pub stale: Option<Timestamp>,
}

/// How far a folder was read; `None` if it never was.
///
/// # Errors
/// When the database fails.
pub async fn of(db: &impl ConnectionTrait, folder: &str) -> Result<Option<Progress>, StoreError> {
    let row = mail_folder::Entity::find_by_id(folder).one(db).await?;
    Ok(row.map(|row| Progress {
        validity: row.uid_validity,
        uid: row.last_uid,
        newest: row.newest_at.map(Timestamp),
        stale: row.stale_until.map(Timestamp),
    }))
}

/// When the newest mail had come in that was read from any folder.
///
/// # Errors
/// When the database fails.
pub async fn newest(db: &impl ConnectionTrait) -> Result<Option<Timestamp>, StoreError> {
    // There are as many as there were names for one mailbox.
    let rows = mail_folder::Entity::find().all(db).await?;
    Ok(rows.into_iter().filter_map(|row| row.newest_at).max().map(Timestamp))
}

/// Notes how far a folder was read.
///
/// # Errors
/// When the database fails.
pub async fn set(tx: &Transaction, folder: &str, progress: Progress) -> Result<(), StoreError> {
    let row = mail_folder::ActiveModel {
        folder: Set(folder.to_owned()),
        uid_validity: Set(progress.validity),
        last_uid: Set(progress.uid),
        newest_at: Set(progress.newest.map(|at| at.0)),
        stale_until: Set(progress.stale.map(|at| at.0)),
    };
    let anew = OnConflict::column(mail_folder::Column::Folder)
        .update_columns([
            mail_folder::Column::UidValidity,
            mail_folder::Column::LastUid,
            mail_folder::Column::NewestAt,
            mail_folder::Column::StaleUntil,
        ])
        .to_owned();
    mail_folder::Entity::insert(row)
        .on_conflict(anew)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}
