//! What the sweep holds back: one row, so that several processes agree on what waits and what was confirmed.

use domain::{account::AccountStatus, values::ids::Timestamp};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QuerySelect,
};

use crate::{
    StoreError,
    entities::{account, sweep_brake},
};

/// The only row.
const ROW: i32 = 1;

/// How things stand with the brake. `counts` is the gate's own text: how many of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brake {
    /// How much waits; 0 where nothing is held back.
    pub waiting: u64,
    /// How many of what, as JSON.
    pub counts: String,
    /// When it was counted: what became due later is not among it.
    pub counted_at: Timestamp,
    /// Since when something is held back.
    pub held_since: Option<Timestamp>,
    /// How much may be done by the next run, and who confirmed it.
    pub confirmed: Option<(u64, String)>,
}

/// Reads how things stand.
///
/// # Errors
/// When the database fails.
pub async fn read(db: &impl ConnectionTrait) -> Result<Brake, StoreError> {
    of(sweep_brake::Entity::find_by_id(ROW).one(db).await?)
}

/// Reads how things stand, and holds the row until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn hold(db: &impl ConnectionTrait) -> Result<Brake, StoreError> {
    of(sweep_brake::Entity::find_by_id(ROW).lock_exclusive().one(db).await?)
}

/// Writes how things stand from now on.
///
/// # Errors
/// When the database fails.
pub async fn save(db: &impl ConnectionTrait, brake: &Brake) -> Result<(), StoreError> {
    let (confirmed, confirmed_by) = brake.confirmed.clone().unzip();
    let row = sweep_brake::ActiveModel {
        id: Set(ROW),
        waiting: Set(number(brake.waiting)),
        counts: Set(brake.counts.clone()),
        counted_at: Set(brake.counted_at.0),
        held_since: Set(brake.held_since.map(|at| at.0)),
        confirmed: Set(confirmed.map(number)),
        confirmed_by: Set(confirmed_by),
    };
    row.update(db).await?;
    Ok(())
}

/// Counts the federation's accounts that are not deleted.
///
/// # Errors
/// When the database fails.
pub async fn count_accounts(db: &impl ConnectionTrait) -> Result<u64, StoreError> {
    let there = account::Entity::find().filter(account::Column::Status.ne(AccountStatus::Deleted.name()));
    Ok(there.count(db).await?)
}

fn of(row: Option<sweep_brake::Model>) -> Result<Brake, StoreError> {
    let row = row.ok_or_else(|| StoreError::Unreadable("the sweep’s brake has no row".to_owned()))?;
    let count = |stored: i64| crate::number(stored, "automatic changes");
    Ok(Brake {
        waiting: count(row.waiting)?,
        counts: row.counts,
        counted_at: Timestamp(row.counted_at),
        held_since: row.held_since.map(Timestamp),
        confirmed: row.confirmed.map(count).transpose()?.zip(row.confirmed_by),
    })
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
