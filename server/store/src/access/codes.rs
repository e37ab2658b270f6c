//! Spoken codes: one an account at most, by its hash, for few tries.

use domain::values::{
    ids::{AccountId, Timestamp},
    spoken_code::MOST_TRIES,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use crate::{StoreError, entities::spoken_code, lists::insert_all};

/// A code to be kept.
#[derive(Clone, Debug)]
pub struct NewCode {
    /// Whose.
    pub account: AccountId,
    /// Its hash.
    pub code_hash: String,
    /// Until when it is good.
    pub expires: Timestamp,
}

/// Keeps codes for accounts that have none.
///
/// # Errors
/// When the database fails.
pub async fn keep(db: &impl ConnectionTrait, codes: &[NewCode]) -> Result<(), StoreError> {
    let row = |new: &NewCode| spoken_code::ActiveModel {
        account: Set(new.account.0),
        code_hash: Set(new.code_hash.clone()),
        expires_at: Set(new.expires.0),
        tries: Set(0),
    };
    insert_all(db, codes.iter().map(row).collect()).await
}

/// A code that is compared now, for which one try was counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// The code's hash.
    pub code_hash: String,
    /// Until when it is good.
    pub expires: Timestamp,
}

/// Counts a try at an account's code before it is compared, so that of many at once none slips through. `None` if there is
/// no code, its day is over, or all of its tries are used.
///
/// # Errors
/// When the database fails.
pub async fn count_try(
    db: &impl ConnectionTrait,
    account: AccountId,
    now: Timestamp,
) -> Result<Option<Tried>, StoreError> {
    let most = i32::try_from(MOST_TRIES).unwrap_or(i32::MAX);
    let counted = spoken_code::Entity::update_many()
        .col_expr(spoken_code::Column::Tries, Expr::col(spoken_code::Column::Tries).add(1))
        .filter(spoken_code::Column::Account.eq(account.0))
        .filter(spoken_code::Column::Tries.lt(most))
        .filter(spoken_code::Column::ExpiresAt.gt(now.0))
        .exec(db)
        .await?;
    if counted.rows_affected == 0 {
        return Ok(None);
    }
    let tried = spoken_code::Entity::find_by_id(account.0).one(db).await?;
    Ok(tried.map(|row| Tried {
        code_hash: row.code_hash,
        expires: Timestamp(row.expires_at),
    }))
}

/// Uses a code up: true for one request only, whatever others try it at the same moment.
///
/// # Errors
/// When the database fails.
pub async fn use_up(db: &impl ConnectionTrait, account: AccountId, code_hash: &str) -> Result<bool, StoreError> {
    let used = spoken_code::Entity::delete_many()
        .filter(spoken_code::Column::Account.eq(account.0))
        .filter(spoken_code::Column::CodeHash.eq(code_hash));
    Ok(used.exec(db).await?.rows_affected == 1)
}

/// Whether an account has a code, good or not.
///
/// # Errors
/// When the database fails.
pub async fn has_one(db: &impl ConnectionTrait, account: AccountId) -> Result<bool, StoreError> {
    Ok(spoken_code::Entity::find_by_id(account.0).one(db).await?.is_some())
}

/// Ends the codes of accounts.
pub(crate) async fn end(db: &impl ConnectionTrait, accounts: &[Uuid]) -> Result<(), StoreError> {
    spoken_code::Entity::delete_many()
        .filter(spoken_code::Column::Account.is_in(accounts.iter().copied()))
        .exec(db)
        .await?;
    Ok(())
}
