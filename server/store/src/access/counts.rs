//! How connectors get on: requests by day, and why requests were refused.

use domain::values::ids::{AccountId, Timestamp};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Alias, Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;

use super::alarms;
use crate::{
    StoreError,
    entities::{connector_day, connector_refusal},
    lists::ROWS_A_STATEMENT,
    number,
};

/// What a connector's machine asked for on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// The day, counted from 1970 in UTC.
    pub day: i64,
    /// All requests.
    pub requests: i64,
    /// Those that changed something.
    pub changes: i64,
    /// Those that were refused.
    pub refused: i64,
    /// Those that came too fast.
    pub throttled: i64,
    /// When the last of them came.
    pub last_at: Timestamp,
}

/// Requests that were refused for the same reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusalGroup {
    /// The reason.
    pub sentence: String,
    /// What helps.
    pub hint: String,
    /// The status that they were answered with.
    pub status: u16,
    /// How many.
    pub times: i64,
    /// When the first of them came.
    pub first: Timestamp,
    /// When the last of them came.
    pub last: Timestamp,
    /// Whom the last was about: the account's ID, or the key sent.
    pub example: String,
}

/// Adds to what was counted: days and refusals, each with its connector, and each once.
///
/// # Errors
/// When the database fails.
pub async fn add(
    db: &impl ConnectionTrait,
    days: &[(AccountId, Day)],
    refusals: &[(AccountId, RefusalGroup)],
) -> Result<(), StoreError> {
    for chunk in days.chunks(ROWS_A_STATEMENT) {
        let rows = chunk.iter().map(|(connector, day)| connector_day::ActiveModel {
            connector: Set(connector.0),
            day: Set(day.day),
            requests: Set(day.requests),
            changes: Set(day.changes),
            refused: Set(day.refused),
            throttled: Set(day.throttled),
            last_at: Set(day.last_at.0),
        });
        connector_day::Entity::insert_many(rows)
            .on_conflict(more_of_a_day())
            .exec_without_returning(db)
            .await?;
    }
    for chunk in refusals.chunks(ROWS_A_STATEMENT) {
        let rows = chunk.iter().map(|(connector, refusal)| connector_refusal::ActiveModel {
            connector: Set(connector.0),
            sentence: Set(refusal.sentence.clone()),
            status: Set(refusal.status.into()),
            hint: Set(refusal.hint.clone()),
            times: Set(refusal.times),
            first_at: Set(refusal.first.0),
            last_at: Set(refusal.last.0),
            example: Set(refusal.example.clone()),
        });
        connector_refusal::Entity::insert_many(rows)
            .on_conflict(more_of_a_refusal())
            .exec_without_returning(db)
            .await?;
    }
    Ok(())
}

fn more_of_a_day() -> OnConflict {
    let mut more = OnConflict::columns([connector_day::Column::Connector, connector_day::Column::Day]);
    for counted in [
        connector_day::Column::Requests,
        connector_day::Column::Changes,
        connector_day::Column::Refused,
        connector_day::Column::Throttled,
    ] {
        let (had, new) = (
            Expr::col((connector_day::Entity, counted)),
            Expr::col((Alias::new("excluded"), counted)),
        );
        more.value(counted, had.add(new));
    }
    let last = connector_day::Column::LastAt;
    let (had, new) = (
        Expr::col((connector_day::Entity, last)),
        Expr::col((Alias::new("excluded"), last)),
    );
    // Several servers write, and not in the order in which they were asked.
    more.value(last, Expr::case(had.clone().gt(new.clone()), had).finally(new));
    more
}

fn more_of_a_refusal() -> OnConflict {
    let times = connector_refusal::Column::Times;
    let (had, new) = (
        Expr::col((connector_refusal::Entity, times)),
        Expr::col((Alias::new("excluded"), times)),
    );
    OnConflict::columns([
        connector_refusal::Column::Connector,
        connector_refusal::Column::Sentence,
    ])
    .update_columns([
        connector_refusal::Column::Status,
        connector_refusal::Column::Hint,
        connector_refusal::Column::LastAt,
        connector_refusal::Column::Example,
    ])
    .value(times, had.add(new))
    .to_owned()
}

/// A connector's days from one on, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn days(db: &impl ConnectionTrait, connector: AccountId, from: i64) -> Result<Vec<Day>, StoreError> {
    let rows = connector_day::Entity::find()
        .filter(connector_day::Column::Connector.eq(connector.0))
        .filter(connector_day::Column::Day.gte(from))
        .order_by_desc(connector_day::Column::Day);
    let day = |row: connector_day::Model| Day {
        day: row.day,
        requests: row.requests,
        changes: row.changes,
        refused: row.refused,
        throttled: row.throttled,
        last_at: Timestamp(row.last_at),
    };
    Ok(rows.all(db).await?.into_iter().map(day).collect())
}

/// When a connector's machine was last in contact.
///
/// # Errors
/// When the database fails.
pub async fn last_contact(db: &impl ConnectionTrait, connector: AccountId) -> Result<Option<Timestamp>, StoreError> {
    let last = connector_day::Entity::find()
        .filter(connector_day::Column::Connector.eq(connector.0))
        .order_by_desc(connector_day::Column::Day);
    Ok(last.one(db).await?.map(|row| Timestamp(row.last_at)))
}

/// Why a connector's requests were refused, the latest first, at most so many.
///
/// # Errors
/// When the database fails.
pub async fn refusals(
    db: &impl ConnectionTrait,
    connector: AccountId,
    limit: u64,
) -> Result<Vec<RefusalGroup>, StoreError> {
    let rows = connector_refusal::Entity::find()
        .filter(connector_refusal::Column::Connector.eq(connector.0))
        .order_by_desc(connector_refusal::Column::LastAt)
        .order_by_asc(connector_refusal::Column::Sentence)
        .limit(limit);
    let refusal = |row: connector_refusal::Model| {
        Ok(RefusalGroup {
            sentence: row.sentence,
            hint: row.hint,
            status: number(row.status, "a status")?,
            times: row.times,
            first: Timestamp(row.first_at),
            last: Timestamp(row.last_at),
            example: row.example,
        })
    };
    rows.all(db).await?.into_iter().map(refusal).collect()
}

/// For how many reasons a connector's requests were refused.
///
/// # Errors
/// When the database fails.
pub async fn count_refusals(db: &impl ConnectionTrait, connector: AccountId) -> Result<u64, StoreError> {
    let of_connector = connector_refusal::Entity::find().filter(connector_refusal::Column::Connector.eq(connector.0));
    Ok(of_connector.count(db).await?)
}

/// Takes away the refusals that have not come again since a moment, and the days before a day, with what was told on them.
///
/// # Errors
/// When the database fails.
pub async fn sweep(db: &impl ConnectionTrait, since: Timestamp, day: i64) -> Result<(), StoreError> {
    let old = connector_refusal::Entity::delete_many().filter(connector_refusal::Column::LastAt.lt(since.0));
    old.exec(db).await?;
    let old = connector_day::Entity::delete_many().filter(connector_day::Column::Day.lt(day));
    old.exec(db).await?;
    alarms::sweep(db, day).await
}

/// Takes away what forgotten people did as connectors, and the refusals about them.
pub(crate) async fn forget(db: &impl ConnectionTrait, people: &[Uuid]) -> Result<(), StoreError> {
    let own =
        connector_day::Entity::delete_many().filter(connector_day::Column::Connector.is_in(people.iter().copied()));
    own.exec(db).await?;
    let named = people.iter().map(|person| person.hyphenated().to_string());
    let either = Condition::any()
        .add(connector_refusal::Column::Connector.is_in(people.iter().copied()))
        .add(connector_refusal::Column::Example.is_in(named));
    connector_refusal::Entity::delete_many().filter(either).exec(db).await?;
    Ok(())
}
