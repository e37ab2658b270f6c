//! Password hashes, kept apart from the directory and out of its events.

use domain::ids::{AccountId, Timestamp};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, sea_query::OnConflict};

use crate::{StoreError, entities::credential};

/// How an account proves who it is.
#[derive(Clone, Debug)]
pub struct Credential {
    /// The argon2id hash, in PHC's text form.
    pub password_hash: String,
    /// Good for one sign-in, after which another must be chosen.
    pub one_time: bool,
}

/// Sets an account's password.
///
/// # Errors
/// When the database fails.
pub async fn set(
    db: &impl ConnectionTrait,
    account: AccountId,
    new: Credential,
    now: Timestamp,
) -> Result<(), StoreError> {
    let row = credential::ActiveModel {
        account: Set(account.0),
        password_hash: Set(new.password_hash),
        one_time: Set(new.one_time),
        set_at: Set(now.0),
    };
    let columns = [
        credential::Column::PasswordHash,
        credential::Column::OneTime,
        credential::Column::SetAt,
    ];
    let overwrite = OnConflict::column(credential::Column::Account)
        .update_columns(columns)
        .to_owned();
    credential::Entity::insert(row)
        .on_conflict(overwrite)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// An account's password hash, where it has one.
///
/// # Errors
/// When the database fails.
pub async fn get(db: &impl ConnectionTrait, account: AccountId) -> Result<Option<Credential>, StoreError> {
    let row = credential::Entity::find_by_id(account.0).one(db).await?;
    Ok(row.map(|row| Credential {
        password_hash: row.password_hash,
        one_time: row.one_time,
    }))
}
