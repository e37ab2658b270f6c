//! A secret salt for each day, under which what strangers typed is kept as a digest. Once a day's salt is forgotten, nobody
//! can find out by trying what was typed.

use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::OnConflict};

use crate::{StoreError, Transaction, entities::day_salt};

/// The salt of a day since 1970; `fresh` becomes it where the day has none yet.
///
/// # Errors
/// When the database fails.
pub async fn of_day(tx: &Transaction, day: i64, fresh: String) -> Result<String, StoreError> {
    let first = day_salt::ActiveModel {
        day: Set(day),
        salt: Set(fresh.clone()),
    };
    let unless_there = OnConflict::column(day_salt::Column::Day).do_nothing().to_owned();
    day_salt::Entity::insert(first)
        .on_conflict(unless_there)
        .try_insert()
        .exec_without_returning(tx)
        .await?;
    let kept = day_salt::Entity::find_by_id(day).one(tx).await?;
    Ok(kept.map_or(fresh, |row| row.salt))
}

/// Forgets the salts of the days before one.
///
/// # Errors
/// When the database fails.
pub async fn forget_before(db: &impl ConnectionTrait, day: i64) -> Result<(), StoreError> {
    let older = day_salt::Entity::delete_many().filter(day_salt::Column::Day.lt(day));
    older.exec(db).await?;
    Ok(())
}
