//! How long the trail is kept, and how far it was handed on to somewhere else.

use domain::{
    event::Event,
    trail::{Happening, Record},
    values::ids::Timestamp,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, OnConflict},
};

use super::{HEAD, hold_head};
use crate::{
    StoreError, Transaction,
    entities::{event, trail, trail_cursor, trail_head},
    trail::events,
};

/// The last entry that lies before every entry since a moment; none where there is none.
///
/// # Errors
/// When the database fails.
pub async fn last_before(db: &impl ConnectionTrait, at: Timestamp) -> Result<Option<i64>, StoreError> {
    let since = trail::Entity::find()
        .filter(trail::Column::At.gte(at.0))
        .order_by_asc(trail::Column::Number)
        .one(db)
        .await?;
    let mut before = trail::Entity::find().order_by_desc(trail::Column::Number);
    if let Some(since) = since {
        before = before.filter(trail::Column::Number.lt(since.number));
    }
    Ok(before.one(db).await?.map(|entry| entry.number))
}

/// Drops the entries up to a number from the front, and records who signed that off. The rest goes on from the last one's
/// hash. The directory's events stay: the directory is what they add up to.
///
/// # Errors
/// When there is no such entry, or the database fails.
pub async fn drop_through(tx: &Transaction, through: i64, at: Timestamp, by: &str) -> Result<(), StoreError> {
    hold_head(tx).await?;
    let last = trail::Entity::find_by_id(through).one(tx).await?;
    let last = last.ok_or_else(|| StoreError::Unreadable(format!("no entry {through}")))?;
    trail::Entity::delete_many()
        .filter(trail::Column::Number.lte(through))
        .exec(tx)
        .await?;
    trail_head::Entity::update_many()
        .col_expr(trail_head::Column::DroppedNumber, Expr::value(through))
        .col_expr(trail_head::Column::DroppedHash, Expr::value(last.hash.clone()))
        .filter(trail_head::Column::Id.eq(HEAD))
        .exec(tx)
        .await?;
    tx.record(Record {
        at,
        actor: None,
        actor_name: "The operator".to_owned(),
        organisation: None,
        person: None,
        rights: vec![],
        happening: Happening::Dropped {
            through,
            hash: last.hash,
            signed_off_by: by.to_owned(),
        },
    });
    Ok(())
}

/// How far the trail was handed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// To where.
    pub name: String,
    /// Up to which entry.
    pub number: i64,
}

/// How far the trail was handed on to a place; none where nothing ever was.
///
/// # Errors
/// When the database fails.
pub async fn cursor(db: &impl ConnectionTrait, name: &str) -> Result<Option<Cursor>, StoreError> {
    let found = trail_cursor::Entity::find_by_id(name).one(db).await?;
    Ok(found.map(|row| Cursor {
        name: row.name,
        number: row.number,
    }))
}

/// Takes the handing on to a place over until a moment; none while another process is at it.
///
/// # Errors
/// When the database fails.
pub async fn claim(
    tx: &Transaction,
    name: &str,
    by: &str,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<Cursor>, StoreError> {
    let first = trail_cursor::ActiveModel {
        name: Set(name.to_owned()),
        number: Set(0),
        claimed_by: Set(None),
        claimed_until: Set(0),
    };
    let unless_there = OnConflict::column(trail_cursor::Column::Name).do_nothing().to_owned();
    trail_cursor::Entity::insert(first)
        .on_conflict(unless_there)
        .try_insert()
        .exec_without_returning(tx)
        .await?;
    let free = Condition::any()
        .add(trail_cursor::Column::ClaimedUntil.lt(now.0))
        .add(trail_cursor::Column::ClaimedBy.eq(by));
    let taken = trail_cursor::Entity::update_many()
        .col_expr(trail_cursor::Column::ClaimedBy, Expr::value(by))
        .col_expr(trail_cursor::Column::ClaimedUntil, Expr::value(until.0))
        .filter(trail_cursor::Column::Name.eq(name))
        .filter(free)
        .exec(tx)
        .await?;
    if taken.rows_affected == 0 {
        return Ok(None);
    }
    cursor(tx, name).await
}

/// Notes that the trail was handed on up to an entry.
///
/// # Errors
/// When the database fails.
pub async fn advance(tx: &Transaction, name: &str, by: &str, number: i64) -> Result<(), StoreError> {
    trail_cursor::Entity::update_many()
        .col_expr(trail_cursor::Column::Number, Expr::value(number))
        .filter(trail_cursor::Column::Name.eq(name))
        .filter(trail_cursor::Column::ClaimedBy.eq(by))
        .exec(tx)
        .await?;
    Ok(())
}

/// Puts the events that were there before the trail into it, in their order. By what right they happened nobody recorded.
pub(crate) async fn adopt(tx: &Transaction) -> Result<(), StoreError> {
    let there = event::Entity::find().order_by_asc(event::Column::Seq).all(tx).await?;
    let there: Vec<Event> = there.into_iter().map(events::read).collect::<Result<_, _>>()?;
    event::Entity::delete_many().exec(tx).await?;
    tx.record_changes(there.into_iter().map(|event| (event, vec![])));
    Ok(())
}
