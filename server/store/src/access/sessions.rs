//! Sessions, by the hash of their ID, and whose they are.

use std::time::{SystemTime, UNIX_EPOCH};

use domain::values::ids::{AccountId, Timestamp};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, TryInsertResult,
    sea_query::OnConflict,
};

use crate::{StoreError, entities::session};

/// What is kept of a session besides its data: what its person is shown of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Who is signed in by it.
    pub account: Option<AccountId>,
    /// When they signed in.
    pub began_at: Option<Timestamp>,
    /// When it was last used, as far as that was written down.
    pub used_at: Option<Timestamp>,
    /// The network address that they signed in from.
    pub client: Option<String>,
    /// What their browser called itself.
    pub agent: Option<String>,
}

/// A session as its person sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The hash of its ID, which opens nothing.
    pub id_hash: String,
    /// The rest.
    pub about: About,
}

/// Keeps a new session; false when its ID is taken.
///
/// # Errors
/// When the database fails.
pub async fn create(
    db: &impl ConnectionTrait,
    id_hash: &str,
    data: String,
    expires_at: Timestamp,
    about: About,
) -> Result<bool, StoreError> {
    let unless_taken = OnConflict::column(session::Column::IdHash).do_nothing().to_owned();
    let inserted = session::Entity::insert(row(id_hash, data, expires_at, about)).on_conflict(unless_taken);
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
    about: About,
) -> Result<(), StoreError> {
    session::Entity::update_many()
        .set(row(id_hash, data, expires_at, about))
        .filter(session::Column::IdHash.eq(id_hash))
        .exec(db)
        .await?;
    Ok(())
}

/// A session as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its data.
    pub data: String,
    /// When it expires, or did.
    pub expires_at: Timestamp,
    /// Who is signed in by it.
    pub account: Option<AccountId>,
}

/// A session that expires after a moment, which may be past.
///
/// # Errors
/// When the database fails.
pub async fn load(
    db: &impl ConnectionTrait,
    id_hash: &str,
    expires_after: Timestamp,
) -> Result<Option<Kept>, StoreError> {
    let row = session::Entity::find_by_id(id_hash)
        .filter(session::Column::ExpiresAt.gt(expires_after.0))
        .one(db)
        .await?;
    Ok(row.map(|row| Kept {
        data: row.data,
        expires_at: Timestamp(row.expires_at),
        account: row.account.map(AccountId),
    }))
}

/// Ends a session.
///
/// # Errors
/// When the database fails.
pub async fn delete(db: &impl ConnectionTrait, id_hash: &str) -> Result<(), StoreError> {
    session::Entity::delete_by_id(id_hash).exec(db).await?;
    Ok(())
}

/// The sessions of an account that have not expired, the one used last first.
///
/// # Errors
/// When the database fails.
pub async fn of(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<Listed>, StoreError> {
    // Sessions expire by the time that it is, as the library that keeps them sees it; tests move another clock.
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_millis();
    let now = i64::try_from(now).unwrap_or(i64::MAX);
    let rows = session::Entity::find()
        .filter(session::Column::Account.eq(account.0))
        .filter(session::Column::ExpiresAt.gt(now))
        .order_by_desc(session::Column::UsedAt)
        .order_by_asc(session::Column::IdHash)
        .all(db)
        .await?;
    let listed = rows.into_iter().map(|row| Listed {
        id_hash: row.id_hash,
        about: About {
            account: row.account.map(AccountId),
            began_at: row.began_at.map(Timestamp),
            used_at: row.used_at.map(Timestamp),
            client: row.client,
            agent: row.agent,
        },
    });
    Ok(listed.collect())
}

/// Ends one session of an account; one of somebody else's is left alone.
///
/// # Errors
/// When the database fails.
pub async fn end(db: &impl ConnectionTrait, account: AccountId, id_hash: &str) -> Result<(), StoreError> {
    session::Entity::delete_many()
        .filter(session::Column::IdHash.eq(id_hash))
        .filter(session::Column::Account.eq(account.0))
        .exec(db)
        .await?;
    Ok(())
}

/// Ends all sessions of an account, but for one where one is to live on.
///
/// # Errors
/// When the database fails.
pub async fn end_all(db: &impl ConnectionTrait, account: AccountId, but: Option<&str>) -> Result<(), StoreError> {
    let mut own = session::Entity::delete_many().filter(session::Column::Account.eq(account.0));
    if let Some(but) = but {
        own = own.filter(session::Column::IdHash.ne(but));
    }
    own.exec(db).await?;
    Ok(())
}

/// Deletes expired sessions: at once where nobody was signed in, else once they expired at `lingering` or before.
///
/// # Errors
/// When the database fails.
pub async fn sweep(db: &impl ConnectionTrait, now: Timestamp, lingering: Timestamp) -> Result<(), StoreError> {
    let nobodys = Condition::all()
        .add(session::Column::ExpiresAt.lte(now.0))
        .add(session::Column::Account.is_null());
    let is_over = Condition::any()
        .add(nobodys)
        .add(session::Column::ExpiresAt.lte(lingering.0));
    session::Entity::delete_many().filter(is_over).exec(db).await?;
    Ok(())
}

fn row(id_hash: &str, data: String, expires_at: Timestamp, about: About) -> session::ActiveModel {
    session::ActiveModel {
        id_hash: Set(id_hash.to_owned()),
        data: Set(data),
        expires_at: Set(expires_at.0),
        account: Set(about.account.map(|account| account.0)),
        began_at: Set(about.began_at.map(|at| at.0)),
        used_at: Set(about.used_at.map(|at| at.0)),
        client: Set(about.client),
        agent: Set(about.agent),
    }
}
