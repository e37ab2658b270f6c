//! Accounts and contacts by where they stand in their lives: what the service's timers come to next.

use domain::{
    account::{Account, AccountStatus},
    contact::Contact,
    policy::Scope,
    values::ids::{AccountId, Timestamp},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, Func},
};
use uuid::Uuid;

pub use crate::lists::Position;
use crate::{
    StoreError,
    access::uses,
    directory::{aliases::with_aliases, person_columns, scope::within},
    entities::{account, address, contact, one_time_link},
    lists::behind,
};

/// Since when a status lasts, and an account was not used.
#[derive(Clone, Copy, Debug)]
pub struct Began {
    /// The status began by then.
    pub by: Timestamp,
    /// An active or inactive account was not used in any known way after that.
    pub unused_since: Timestamp,
}

/// Accounts of a scope in a status that began by a moment; of active and inactive ones, those that were not used since
/// another. The longest first, from behind a position on.
///
/// # Errors
/// When the database fails.
pub async fn accounts_since(
    db: &impl ConnectionTrait,
    scope: &Scope,
    status: AccountStatus,
    began: Began,
    after: Option<Position>,
    limit: u64,
) -> Result<Vec<(Account, Option<Timestamp>)>, StoreError> {
    let mut meant = of_status(scope, status);
    if matches!(status, AccountStatus::Active | AccountStatus::Inactive) {
        meant = meant.add(uses::unused_since(began.unused_since));
    }
    let found = by_moment(db, scope, account::Column::Since, began.by, meant, after, limit).await?;
    with_last_use(db, found).await
}

/// Accounts of one status, as a list of a scope's asks for them.
fn of_status(scope: &Scope, status: AccountStatus) -> Condition {
    let is = account::Column::Status;
    match scope.everything {
        true => Condition::all().add(is.eq(status.name())),
        // The index by status would go through everybody's people to find those of one place.
        false => Condition::all().add(Expr::from(Func::coalesce([Expr::col(is), Expr::value("")])).eq(status.name())),
    }
}

/// Counts the people of a scope who have not activated their accounts and whose activation link has expired, at most so
/// many. Those whose first day is still to come are left out.
///
/// # Errors
/// When the database fails.
pub async fn count_expired_links(
    db: &impl ConnectionTrait,
    scope: &Scope,
    now: Timestamp,
    most: u64,
) -> Result<u64, StoreError> {
    let links = |ends: Expr| {
        one_time_link::Entity::find()
            .select_only()
            .column(one_time_link::Column::Account)
            .filter(ends)
            .into_query()
    };
    let expired = links(one_time_link::Column::ExpiresAt.lte(now.0));
    let live = links(one_time_link::Column::ExpiresAt.gt(now.0));
    let starts_at = account::Column::StartsAt;
    let found: Vec<Uuid> = account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        .filter(within(
            scope,
            account::Column::Organisation,
            Some(account::Column::Unit),
        ))
        .filter(of_status(scope, AccountStatus::Pending))
        .filter(Condition::any().add(starts_at.is_null()).add(starts_at.lte(now.0)))
        .filter(account::Column::Id.in_subquery(expired))
        .filter(account::Column::Id.not_in_subquery(live))
        .limit(most)
        .into_tuple()
        .all(db)
        .await?;
    Ok(found.len() as u64)
}

/// Accounts of a scope whose leaving date lies at or before a moment; the earliest first, from behind a position on.
///
/// # Errors
/// When the database fails.
pub async fn leaving_by(
    db: &impl ConnectionTrait,
    scope: &Scope,
    by: Timestamp,
    after: Option<Position>,
    limit: u64,
) -> Result<Vec<Account>, StoreError> {
    let leaving = account::Column::LeavingAt;
    by_moment(db, scope, leaving, by, Condition::all(), after, limit).await
}

/// Which of an account's days a list goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dated {
    /// The day from which they are away.
    Away,
    /// The day on which they are back.
    Back,
    /// The day on which their activation link is sent.
    Start,
}

impl Dated {
    const fn column(self) -> account::Column {
        match self {
            Self::Away => account::Column::AwayFrom,
            Self::Back => account::Column::BackAt,
            Self::Start => account::Column::StartsAt,
        }
    }

    /// The day of an account; `None` if it has none.
    #[must_use]
    pub fn of(self, account: &Account) -> Option<Timestamp> {
        match self {
            Self::Away => account.absence.as_ref().and_then(|absence| absence.from),
            Self::Back => account.absence.as_ref().and_then(|absence| absence.until),
            Self::Start => account.starts_at,
        }
    }
}

/// Accounts of a scope with such a day at or before a moment; the earliest first, from behind a position on.
///
/// # Errors
/// When the database fails.
pub async fn dated_by(
    db: &impl ConnectionTrait,
    scope: &Scope,
    dated: Dated,
    by: Timestamp,
    after: Option<Position>,
    limit: u64,
) -> Result<Vec<Account>, StoreError> {
    by_moment(db, scope, dated.column(), by, Condition::all(), after, limit).await
}

/// Accounts as they stand at this moment, each with its last use; for those who know already that they may.
///
/// # Errors
/// When the database fails.
pub async fn standing(
    db: &impl ConnectionTrait,
    accounts: &[AccountId],
) -> Result<Vec<(Account, Option<Timestamp>)>, StoreError> {
    let ids: Vec<_> = accounts.iter().map(|account| account.0).collect();
    with_last_use(db, crate::directory::people::by_ids(db, &ids).await?).await
}

/// Contacts of a scope that were deleted by a moment; the longest ago first, from behind a position on.
///
/// # Errors
/// When the database fails.
pub async fn contacts_deleted_by(
    db: &impl ConnectionTrait,
    scope: &Scope,
    by: Timestamp,
    after: Option<Position>,
    limit: u64,
) -> Result<Vec<Contact>, StoreError> {
    let mut found = contact::Entity::find()
        .filter(within(
            scope,
            contact::Column::Organisation,
            Some(contact::Column::Unit),
        ))
        .filter(contact::Column::Status.eq(AccountStatus::Deleted.name()))
        .filter(contact::Column::Since.lte(by.0));
    if let Some(after) = after {
        found = found.filter(behind(contact::Column::Since, contact::Column::Id, after));
    }
    let rows = found
        .order_by_asc(contact::Column::Since)
        .order_by_asc(contact::Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    rows.iter().map(person_columns::contact).collect()
}

/// Erased accounts whose addresses are reserved, and since when: those erased by a moment, the longest ago first, from
/// behind a position on.
///
/// # Errors
/// When the database fails.
pub async fn erased_by(
    db: &impl ConnectionTrait,
    by: Timestamp,
    after: Option<Position>,
    limit: u64,
) -> Result<Vec<(AccountId, Timestamp)>, StoreError> {
    let mut found = address::Entity::find()
        .select_only()
        .columns([address::Column::Account, address::Column::ErasedAt])
        .distinct()
        .filter(address::Column::ErasedAt.lte(by.0));
    if let Some(after) = after {
        found = found.filter(behind(address::Column::ErasedAt, address::Column::Account, after));
    }
    let rows: Vec<(Uuid, i64)> = found
        .order_by_asc(address::Column::ErasedAt)
        .order_by_asc(address::Column::Account)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?;
    let erased = rows
        .into_iter()
        .map(|(account, at)| (AccountId(account), Timestamp(at)));
    Ok(erased.collect())
}

/// Accounts of a scope with a moment of theirs at or before another, of those that are meant; the earliest first, from
/// behind a position on.
async fn by_moment(
    db: &impl ConnectionTrait,
    scope: &Scope,
    moment: account::Column,
    by: Timestamp,
    meant: Condition,
    after: Option<Position>,
    limit: u64,
) -> Result<Vec<Account>, StoreError> {
    let mut found = account::Entity::find()
        .filter(within(
            scope,
            account::Column::Organisation,
            Some(account::Column::Unit),
        ))
        .filter(moment.lte(by.0))
        .filter(meant);
    if let Some(after) = after {
        found = found.filter(behind(moment, account::Column::Id, after));
    }
    let rows = found
        .order_by_asc(moment)
        .order_by_asc(account::Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    with_aliases(db, &rows).await
}

async fn with_last_use(
    db: &impl ConnectionTrait,
    accounts: Vec<Account>,
) -> Result<Vec<(Account, Option<Timestamp>)>, StoreError> {
    let ids: Vec<_> = accounts.iter().map(|account| account.id.0).collect();
    let used = uses::last(db, &ids).await?;
    Ok(accounts
        .into_iter()
        .map(|account| {
            let last = used.get(&account.id.0).copied();
            (account, last)
        })
        .collect())
}
