//! How far the sources of customers are: the number of the last change file that was processed, whatever became of it.

use domain::{customer::CustomerNumber, values::ids::Timestamp};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};

use crate::{
    StoreError, Transaction,
    entities::{change_source, customer},
    lists::insert_all,
    word,
};

/// How far a source is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Whose.
    pub customer: CustomerNumber,
    /// Its name, in small letters; empty for the one without a name.
    pub source: String,
    /// The number of its last file.
    pub number: i64,
    /// SHA-256 of that file's bytes, in hexadecimal.
    pub sha256: String,
    /// When that file was taken.
    pub at: Timestamp,
}

/// Holds a customer until the transaction ends: its files are taken one after the other, whoever watches its folder.
///
/// # Errors
/// When the database fails.
pub async fn hold(tx: &Transaction, customer: CustomerNumber) -> Result<(), StoreError> {
    // SQLite has one writer at a time, who holds everything.
    if tx.get_database_backend() == DbBackend::Sqlite {
        return Ok(());
    }
    let held = customer::Entity::find_by_id(customer.get())
        .select_only()
        .column(customer::Column::Number)
        .lock_exclusive();
    held.into_tuple::<i64>().one(tx).await?;
    Ok(())
}

/// How far a source is; `None` if it never sent anything.
///
/// # Errors
/// When the database fails.
pub async fn last(
    db: &impl ConnectionTrait,
    customer: CustomerNumber,
    source: &str,
) -> Result<Option<Source>, StoreError> {
    let row = change_source::Entity::find_by_id((customer.get(), source.to_owned()))
        .one(db)
        .await?;
    row.map(read).transpose()
}

/// The sources of a customer, by name.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &impl ConnectionTrait, customer: CustomerNumber) -> Result<Vec<Source>, StoreError> {
    let own = change_source::Entity::find()
        .filter(change_source::Column::Customer.eq(customer.get()))
        .order_by_asc(change_source::Column::Source);
    own.all(db).await?.into_iter().map(read).collect()
}

/// Notes that a source is further than it was seen to be.
///
/// # Errors
/// `Conflict` if another transaction has noted something since; else when the database fails.
pub async fn advance(tx: &Transaction, seen: Option<&Source>, new: &Source) -> Result<(), StoreError> {
    let Some(seen) = seen else {
        let first = change_source::ActiveModel {
            customer: Set(new.customer.get()),
            source: Set(new.source.clone()),
            last_number: Set(new.number),
            last_sha256: Set(new.sha256.clone()),
            last_at: Set(new.at.0),
        };
        return insert_all(tx, vec![first]).await;
    };
    let written = change_source::Entity::update_many()
        .col_expr(change_source::Column::LastNumber, Expr::value(new.number))
        .col_expr(change_source::Column::LastSha256, Expr::value(new.sha256.as_str()))
        .col_expr(change_source::Column::LastAt, Expr::value(new.at.0))
        .filter(change_source::Column::Customer.eq(new.customer.get()))
        .filter(change_source::Column::Source.eq(new.source.as_str()))
        .filter(change_source::Column::LastNumber.eq(seen.number))
        .filter(change_source::Column::LastSha256.eq(seen.sha256.as_str()))
        .filter(change_source::Column::LastAt.eq(seen.at.0))
        .exec(tx)
        .await?;
    match written.rows_affected {
        0 => Err(StoreError::Conflict),
        _ => Ok(()),
    }
}

fn read(row: change_source::Model) -> Result<Source, StoreError> {
    Ok(Source {
        customer: word(&row.customer.to_string(), |text| text.parse().ok())?,
        source: row.source,
        number: row.last_number,
        sha256: row.last_sha256,
        at: Timestamp(row.last_at),
    })
}
