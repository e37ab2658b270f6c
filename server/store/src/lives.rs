//! Accounts and contacts by where they stand in their lives: what the service's timers come to next.

use domain::{
    account::{Account, AccountStatus},
    contact::Contact,
    ids::{AccountId, Timestamp},
    policy::Scope,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

use crate::{
    StoreError,
    entities::{account, address, contact, credential},
    person_columns,
    scope::within,
    snapshot::with_aliases,
};

/// Accounts of a scope in a status that began before a moment, and that were not signed in to since; the longest first.
///
/// # Errors
/// When the database fails.
pub async fn accounts_since(
    db: &impl ConnectionTrait,
    scope: &Scope,
    status: AccountStatus,
    before: Timestamp,
    limit: u64,
) -> Result<Vec<(Account, Option<Timestamp>)>, StoreError> {
    let used_since = credential::Entity::find()
        .select_only()
        .column(credential::Column::Account)
        .filter(credential::Column::LastUsed.gt(before.0));
    let mut found = account::Entity::find()
        .filter(within(scope, account::Column::Organisation, Some(account::Column::Unit)))
        .filter(account::Column::Status.eq(status.name()))
        .filter(account::Column::Since.lte(before.0));
    if status == AccountStatus::Active {
        found = found.filter(account::Column::Id.not_in_subquery(used_since.into_query()));
    }
    let rows = found
        .order_by_asc(account::Column::Since)
        .order_by_asc(account::Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    with_last_use(db, with_aliases(db, &rows).await?).await
}

/// Accounts of a scope whose leaving date lies at or before a moment.
///
/// # Errors
/// When the database fails.
pub async fn leaving_by(
    db: &impl ConnectionTrait,
    scope: &Scope,
    by: Timestamp,
    limit: u64,
) -> Result<Vec<Account>, StoreError> {
    let found = account::Entity::find()
        .filter(within(scope, account::Column::Organisation, Some(account::Column::Unit)))
        .filter(account::Column::LeavingAt.lte(by.0))
        .order_by_asc(account::Column::LeavingAt)
        .order_by_asc(account::Column::Id)
        .limit(limit);
    with_aliases(db, &found.all(db).await?).await
}

/// Contacts of a scope that were deleted before a moment.
///
/// # Errors
/// When the database fails.
pub async fn contacts_deleted_by(
    db: &impl ConnectionTrait,
    scope: &Scope,
    by: Timestamp,
    limit: u64,
) -> Result<Vec<Contact>, StoreError> {
    let found = contact::Entity::find()
        .filter(within(scope, contact::Column::Organisation, Some(contact::Column::Unit)))
        .filter(contact::Column::Status.eq(AccountStatus::Deleted.name()))
        .filter(contact::Column::Since.lte(by.0))
        .order_by_asc(contact::Column::Since)
        .limit(limit);
    found.all(db).await?.iter().map(person_columns::contact).collect()
}

/// Erased accounts whose addresses are reserved, and since when: those erased by a moment.
///
/// # Errors
/// When the database fails.
pub async fn erased_by(
    db: &impl ConnectionTrait,
    by: Timestamp,
    limit: u64,
) -> Result<Vec<(AccountId, Timestamp)>, StoreError> {
    let rows = address::Entity::find()
        .filter(Condition::all().add(address::Column::ErasedAt.lte(by.0)))
        .limit(limit)
        .all(db)
        .await?;
    let mut accounts: Vec<_> = rows
        .into_iter()
        .filter_map(|row| Some((AccountId(row.account), Timestamp(row.erased_at?))))
        .collect();
    accounts.sort();
    accounts.dedup();
    Ok(accounts)
}

async fn with_last_use(
    db: &impl ConnectionTrait,
    accounts: Vec<Account>,
) -> Result<Vec<(Account, Option<Timestamp>)>, StoreError> {
    let ids = accounts.iter().map(|account| account.id.0);
    let used = credential::Entity::find()
        .filter(credential::Column::Account.is_in(ids))
        .all(db)
        .await?;
    let last_use = |account: &Account| {
        let row = used.iter().find(|row| row.account == account.id.0)?;
        row.last_used.map(Timestamp)
    };
    Ok(accounts
        .into_iter()
        .map(|account| {
            let last = last_use(&account);
            (account, last)
        })
        .collect())
}
