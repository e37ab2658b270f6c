//! Who was told that a mail in their name was not believed: once a day.

use domain::values::ids::AccountId;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, TryInsertResult, sea_query::OnConflict,
};
use uuid::Uuid;

use crate::{StoreError, Transaction, entities::mail_note};

/// Notes that somebody is told on a day, counted from 1970, and says whether this is the first time on it.
///
/// # Errors
/// When the database fails.
pub async fn first_today(tx: &Transaction, account: AccountId, day: i64) -> Result<bool, StoreError> {
    let row = mail_note::ActiveModel {
        account: Set(account.0),
        day: Set(day),
    };
    let unless_told = OnConflict::columns([mail_note::Column::Account, mail_note::Column::Day])
        .do_nothing()
        .to_owned();
    let inserted = mail_note::Entity::insert(row).on_conflict(unless_told);
    match inserted.try_insert().exec_without_returning(tx).await? {
        TryInsertResult::Inserted(count) => Ok(count == 1),
        TryInsertResult::Conflicted | TryInsertResult::Empty => Ok(false),
    }
}

/// Forgets who was told before a day.
///
/// # Errors
/// When the database fails.
pub async fn sweep(db: &impl ConnectionTrait, before: i64) -> Result<(), StoreError> {
    let old = mail_note::Entity::delete_many().filter(mail_note::Column::Day.lt(before));
    old.exec(db).await?;
    Ok(())
}

/// Forgets that people were told who are forgotten.
pub(crate) async fn forget(db: &impl ConnectionTrait, people: &[Uuid]) -> Result<(), StoreError> {
    let own = mail_note::Column::Account.is_in(people.iter().copied());
    mail_note::Entity::delete_many().filter(own).exec(db).await?;
    Ok(())
}
