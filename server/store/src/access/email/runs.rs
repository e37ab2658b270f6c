//! The daily runs over what came by email, and those that somebody began.

use domain::values::ids::{AccountId, Timestamp};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use uuid::Uuid;

use super::order::{Keeps, keep_order};
use crate::{
    StoreError, Transaction,
    entities::{mail_message, mail_run},
    number,
};

/// A run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its number.
    pub id: i64,
    /// The day whose run it is, counted from 1970; `None` if somebody began it.
    pub day: Option<i64>,
    /// The last mail that it decides on, by its number; 0 if there is none.
    pub cutoff: i64,
    /// When it was begun.
    pub started_at: Timestamp,
    /// When it had decided on everything.
    pub finished_at: Option<Timestamp>,
    /// Who began it; `None` if that was the service.
    pub by: Option<AccountId>,
    /// Their name; empty once they are forgotten.
    pub by_name: String,
    /// What it came to.
    pub counts: RunCounts,
}

/// What a run came to, in files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunCounts {
    /// Files that it applied, if only some of their rows.
    pub applied: u32,
    /// Files of which a later one left nothing.
    pub superseded: u32,
    /// Files that wait for an administrator.
    pub held: u32,
}

/// Begins a run over all that has come in so far: a day's own, or one that somebody asks for.
///
/// # Errors
/// `Conflict` where that day's run was begun already, or another is under way; else when the database fails.
pub async fn begin(
    tx: &Transaction,
    day: Option<i64>,
    (by, by_name): (Option<AccountId>, &str),
    now: Timestamp,
) -> Result<Run, StoreError> {
    keep_order(tx, Keeps::TheCut).await?;
    let last: Option<i64> = mail_message::Entity::find()
        .select_only()
        .column(mail_message::Column::Seq)
        .order_by_desc(mail_message::Column::Seq)
        .limit(1)
        .into_tuple()
        .one(tx)
        .await?;
    let row = mail_run::ActiveModel {
        id: NotSet,
        day: Set(day),
        cutoff: Set(last.unwrap_or_default()),
        started_at: Set(now.0),
        finished_at: Set(None),
        by: Set(by.map(|by| by.0)),
        by_name: Set(by_name.to_owned()),
        applied: Set(0),
        superseded: Set(0),
        held: Set(0),
    };
    read(row.insert(tx).await?)
}

/// The run that is under way.
///
/// # Errors
/// When the database fails.
pub async fn unfinished(db: &impl ConnectionTrait) -> Result<Option<Run>, StoreError> {
    let open = mail_run::Entity::find().filter(mail_run::Column::FinishedAt.is_null());
    open.one(db).await?.map(read).transpose()
}

/// Ends a run, and says what it came to.
///
/// # Errors
/// When the database fails.
pub async fn finish(tx: &Transaction, id: i64, counts: RunCounts, now: Timestamp) -> Result<(), StoreError> {
    let count = |files: u32| Expr::value(i32::try_from(files).unwrap_or(i32::MAX));
    mail_run::Entity::update_many()
        .col_expr(mail_run::Column::FinishedAt, Expr::value(Some(now.0)))
        .col_expr(mail_run::Column::Applied, count(counts.applied))
        .col_expr(mail_run::Column::Superseded, count(counts.superseded))
        .col_expr(mail_run::Column::Held, count(counts.held))
        .filter(mail_run::Column::Id.eq(id))
        .filter(mail_run::Column::FinishedAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// The run that was begun last, under way or not.
///
/// # Errors
/// When the database fails.
pub async fn last(db: &impl ConnectionTrait) -> Result<Option<Run>, StoreError> {
    let last = mail_run::Entity::find().order_by_desc(mail_run::Column::Id);
    last.one(db).await?.map(read).transpose()
}

/// Whether a day's run was begun.
///
/// # Errors
/// When the database fails.
pub async fn of_day(db: &impl ConnectionTrait, day: i64) -> Result<bool, StoreError> {
    let begun = mail_run::Entity::find().filter(mail_run::Column::Day.eq(day));
    Ok(begun.one(db).await?.is_some())
}

/// Takes away the names of forgotten people who began runs.
pub(crate) async fn forget(db: &impl ConnectionTrait, people: &[Uuid]) -> Result<(), StoreError> {
    mail_run::Entity::update_many()
        .col_expr(mail_run::Column::ByName, Expr::value(""))
        .filter(mail_run::Column::By.is_in(people.iter().copied()))
        .exec(db)
        .await?;
    Ok(())
}

fn read(row: mail_run::Model) -> Result<Run, StoreError> {
    Ok(Run {
        id: row.id,
        day: row.day,
        cutoff: row.cutoff,
        started_at: Timestamp(row.started_at),
        finished_at: row.finished_at.map(Timestamp),
        by: row.by.map(AccountId),
        by_name: row.by_name,
        counts: RunCounts {
            applied: number(row.applied, "files applied")?,
            superseded: number(row.superseded, "files superseded")?,
            held: number(row.held, "files held")?,
        },
    })
}
