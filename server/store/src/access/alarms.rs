//! Which connectors were in contact lately, and what was written to people about them.

use domain::values::ids::{AccountId, Timestamp};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    TryInsertResult, sea_query::OnConflict,
};
use uuid::Uuid;

use crate::{
    StoreError,
    entities::{connector_day, connector_letter},
};

/// What is wrong with a connector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// It has been silent since this moment.
    Silent(Timestamp),
    /// It failed on this day, counted from 1970 in UTC.
    Failing(i64),
    /// It disabled so many people that others wait for a person.
    Braked {
        /// Since which day, counted likewise.
        day: i64,
        /// How many wait.
        people: u64,
    },
}

impl Alarm {
    const fn words(self) -> (&'static str, i64) {
        match self {
            Self::Silent(since) => ("silent", since.0),
            Self::Failing(day) => ("failing", day),
            Self::Braked { day, .. } => ("braked", day),
        }
    }
}

/// The connectors that were in contact on a day or later.
///
/// # Errors
/// When the database fails.
pub async fn in_contact_from(db: &impl ConnectionTrait, day: i64) -> Result<Vec<AccountId>, StoreError> {
    let connectors: Vec<Uuid> = connector_day::Entity::find()
        .select_only()
        .column(connector_day::Column::Connector)
        .distinct()
        .filter(connector_day::Column::Day.gte(day))
        .order_by_asc(connector_day::Column::Connector)
        .into_tuple()
        .all(db)
        .await?;
    Ok(connectors.into_iter().map(AccountId).collect())
}

/// Whether a connector's people were told of something, or of anything on this day.
///
/// # Errors
/// When the database fails.
pub async fn is_told(
    db: &impl ConnectionTrait,
    connector: AccountId,
    alarm: Alarm,
    today: i64,
) -> Result<bool, StoreError> {
    let (news, about) = alarm.words();
    let same = Condition::all()
        .add(connector_letter::Column::News.eq(news))
        .add(connector_letter::Column::About.eq(about));
    let either = Condition::any()
        .add(same)
        .add(connector_letter::Column::ToldOn.eq(today));
    let told = connector_letter::Entity::find()
        .filter(connector_letter::Column::Connector.eq(connector.0))
        .filter(either);
    Ok(told.one(db).await?.is_some())
}

/// Notes that a connector's people are told of something on a day, and says whether this transaction does it: of several
/// processes one does, and nobody a second time on one day.
///
/// # Errors
/// When the database fails.
pub async fn tell(
    db: &impl ConnectionTrait,
    connector: AccountId,
    alarm: Alarm,
    today: i64,
) -> Result<bool, StoreError> {
    let (news, about) = alarm.words();
    let row = connector_letter::ActiveModel {
        connector: Set(connector.0),
        told_on: Set(today),
        news: Set(news.to_owned()),
        about: Set(about),
    };
    // By either of its keys.
    let unless_told = OnConflict::new().do_nothing().to_owned();
    let inserted = connector_letter::Entity::insert(row).on_conflict(unless_told);
    match inserted.try_insert().exec_without_returning(db).await? {
        TryInsertResult::Inserted(count) => Ok(count == 1),
        TryInsertResult::Conflicted | TryInsertResult::Empty => Ok(false),
    }
}

/// Takes away what was told before a day.
pub(crate) async fn sweep(db: &impl ConnectionTrait, day: i64) -> Result<(), StoreError> {
    let old = connector_letter::Entity::delete_many().filter(connector_letter::Column::ToldOn.lt(day));
    old.exec(db).await?;
    Ok(())
}

/// Takes away what was told of forgotten people as connectors.
pub(crate) async fn forget(db: &impl ConnectionTrait, people: &[Uuid]) -> Result<(), StoreError> {
    let own = connector_letter::Column::Connector.is_in(people.iter().copied());
    connector_letter::Entity::delete_many().filter(own).exec(db).await?;
    Ok(())
}
