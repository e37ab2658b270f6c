//! Sessions, by the hash of their ID.

use domain::ids::Timestamp;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, TryInsertResult,
    sea_query::{Expr, OnConflict},
};

use crate::{StoreError, entities::session};

/// Keeps a new session; false when its ID is taken.
///
/// # Errors
/// When the database fails.
pub async fn create(
    db: &impl ConnectionTrait,
    id_hash: &str,
    data: String,
    expires_at: Timestamp,
) -> Result<bool, StoreError> {
    let unless_taken = OnConflict::column(session::Column::IdHash).do_nothing().to_owned();
    let inserted = session::Entity::insert(row(id_hash, data, expires_at)).on_conflict(unless_taken);
    match inserted.try_insert().exec_without_returning(db).await? {
        TryInsertResult::Inserted(count) => Ok(count == 1),
        TryInsertResult::Conflicted | TryInsertResult::Empty => Ok(false),
    }
}

/// Writes a session over itself. One that has ended stays ended, whatever request was still under way.
///
/// # Errors
/// When the database fails.
pub async fn save(
    db: &impl ConnectionTrait,
    id_hash: &str,
    data: String,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    session::Entity::update_many()
        .col_expr(session::Column::Data, Expr::value(data))
        .col_expr(session::Column::ExpiresAt, Expr::value(expires_at.0))
        .filter(session::Column::IdHash.eq(id_hash))
        .exec(db)
        .await?;
    Ok(())
}

/// A session that has not expired, and when it will.
///
/// # Errors
/// When the database fails.
pub async fn load(
    db: &impl ConnectionTrait,
    id_hash: &str,
    now: Timestamp,
) -> Result<Option<(String, Timestamp)>, StoreError> {
    let live = session::Entity::find_by_id(id_hash)
        .filter(session::Column::ExpiresAt.gt(now.0))
        .one(db)
        .await?;
    Ok(live.map(|row| (row.data, Timestamp(row.expires_at))))
}

/// Ends a session.
///
/// # Errors
/// When the database fails.
pub async fn delete(db: &impl ConnectionTrait, id_hash: &str) -> Result<(), StoreError> {
    session::Entity::delete_by_id(id_hash).exec(db).await?;
    Ok(())
}

/// Takes expired sessions away.
///
/// # Errors
/// When the database fails.
pub async fn sweep(db: &impl ConnectionTrait, now: Timestamp) -> Result<(), StoreError> {
    session::Entity::delete_many()
        .filter(session::Column::ExpiresAt.lte(now.0))
        .exec(db)
        .await?;
    Ok(())
}

fn row(id_hash: &str, data: String, expires_at: Timestamp) -> session::ActiveModel {
    session::ActiveModel {
        id_hash: Set(id_hash.to_owned()),
        data: Set(data),
        expires_at: Set(expires_at.0),
    }
}
