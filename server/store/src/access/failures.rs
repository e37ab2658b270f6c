//! Failed tries to prove who one is, counted by a key that says nothing: all servers of one database count together.

use domain::{sign_in::Tries, values::ids::Timestamp};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, sea_query::OnConflict,
};

use crate::{StoreError, Transaction, entities::failure, number};

/// What is counted under a key; nothing where nothing failed.
///
/// # Errors
/// When the database fails.
pub async fn get(db: &impl ConnectionTrait, key: &str) -> Result<Tries, StoreError> {
    let row = failure::Entity::find_by_id(key).one(db).await?;
    row.map_or_else(|| Ok(Tries::default()), tries)
}

/// As [`get`], and holds the key until the transaction ends: who else counts it waits that long.
///
/// # Errors
/// When the database fails.
pub async fn hold(tx: &Transaction, key: &str) -> Result<Tries, StoreError> {
    // Writing the row, even as it is, is what makes others wait.
    let untouched = OnConflict::column(failure::Column::Key)
        .update_column(failure::Column::Key)
        .to_owned();
    failure::Entity::insert(row(key, &Tries::default()))
        .on_conflict(untouched)
        .exec_without_returning(tx)
        .await?;
    get(tx, key).await
}

/// Writes what is counted under a key that is held.
///
/// # Errors
/// When the database fails.
pub async fn put(tx: &Transaction, key: &str, tries: &Tries) -> Result<(), StoreError> {
    failure::Entity::update(row(key, tries)).exec(tx).await?;
    Ok(())
}

/// Forgets what was counted under a key.
///
/// # Errors
/// When the database fails.
pub async fn forget(db: &impl ConnectionTrait, key: &str) -> Result<(), StoreError> {
    failure::Entity::delete_by_id(key).exec(db).await?;
    Ok(())
}

/// Forgets what was counted under a key, and under those that go on from it behind a slash.
///
/// # Errors
/// When the database fails.
pub async fn forget_all(db: &impl ConnectionTrait, key: &str) -> Result<(), StoreError> {
    let those = Condition::any()
        .add(failure::Column::Key.eq(key))
        .add(failure::Column::Key.like(format!("{key}/%")));
    failure::Entity::delete_many().filter(those).exec(db).await?;
    Ok(())
}

/// Takes away what counts no more: begun before a moment, with nobody waiting for it now.
///
/// # Errors
/// When the database fails.
pub async fn sweep(db: &impl ConnectionTrait, before: Timestamp, now: Timestamp) -> Result<(), StoreError> {
    failure::Entity::delete_many()
        .filter(failure::Column::BeganAt.lt(before.0))
        .filter(failure::Column::WaitUntil.lte(now.0))
        .exec(db)
        .await?;
    Ok(())
}

fn tries(row: failure::Model) -> Result<Tries, StoreError> {
    Ok(Tries {
        count: number(row.count, "tries")?,
        began_at: Timestamp(row.began_at),
        wait_until: Timestamp(row.wait_until),
    })
}

fn row(key: &str, tries: &Tries) -> failure::ActiveModel {
    failure::ActiveModel {
        key: Set(key.to_owned()),
        count: Set(i32::try_from(tries.count).unwrap_or(i32::MAX)),
        began_at: Set(tries.began_at.0),
        wait_until: Set(tries.wait_until.0),
    }
}
