//! How many replies each address gets within an hour.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, OnConflict},
};

use crate::{StoreError, Transaction, entities::mail_reply, number};

/// Counts one more reply to an address, and says how many that makes within an hour, counted from 1970.
///
/// # Errors
/// When the database fails.
pub async fn count(tx: &Transaction, address: &str, hour: i64) -> Result<u32, StoreError> {
    let address = address.to_lowercase();
    let first = mail_reply::ActiveModel {
        address: Set(address.clone()),
        hour: Set(hour),
        sent: Set(1),
    };
    let sent = Expr::col((mail_reply::Entity, mail_reply::Column::Sent));
    let one_more = OnConflict::columns([mail_reply::Column::Address, mail_reply::Column::Hour])
        .value(mail_reply::Column::Sent, sent.add(1))
        .to_owned();
    mail_reply::Entity::insert(first)
        .on_conflict(one_more)
        .exec_without_returning(tx)
        .await?;
    let row = mail_reply::Entity::find_by_id((address, hour)).one(tx).await?;
    row.map_or(Ok(1), |row| number(row.sent, "replies"))
}

/// Forgets what was counted before an hour.
///
/// # Errors
/// When the database fails.
pub async fn sweep(db: &impl ConnectionTrait, before: i64) -> Result<(), StoreError> {
    let old = mail_reply::Entity::delete_many().filter(mail_reply::Column::Hour.lt(before));
    old.exec(db).await?;
    Ok(())
}
