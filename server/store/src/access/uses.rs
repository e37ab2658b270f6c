//! When accounts were last used, by whatever is known of it: signed in to, used by an API token, or used in the mail
//! system.

use std::collections::HashMap;

use domain::{
    account::AccountStatus,
    values::ids::{AccountId, Timestamp},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Alias, Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;

use crate::{
    StoreError,
    directory::person_columns,
    entities::{account, address, api_token, credential, known_use},
    lists::padded,
};

/// Notes uses that are known otherwise than by a password or a token. An earlier one never takes the place of a later one.
///
/// # Errors
/// When the database fails.
pub async fn note(db: &impl ConnectionTrait, uses: &[(AccountId, Timestamp)]) -> Result<(), StoreError> {
    if uses.is_empty() {
        return Ok(());
    }
    let rows = uses.iter().map(|(account, at)| known_use::ActiveModel {
        account: Set(account.0),
        used_at: Set(at.0),
    });
    let new = Expr::col((Alias::new("excluded"), known_use::Column::UsedAt));
    let later = OnConflict::column(known_use::Column::Account)
        .update_column(known_use::Column::UsedAt)
        .action_and_where(Expr::col((known_use::Entity, known_use::Column::UsedAt)).lt(new))
        .to_owned();
    known_use::Entity::insert_many(rows)
        .on_conflict(later)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Returns the last known use of each of these accounts that was ever used.
///
/// # Errors
/// When the database fails.
pub async fn last(db: &impl ConnectionTrait, accounts: &[Uuid]) -> Result<HashMap<Uuid, Timestamp>, StoreError> {
    if accounts.is_empty() {
        return Ok(HashMap::new());
    }
    let signed_in: Vec<(Uuid, Option<i64>)> = credential::Entity::find()
        .select_only()
        .columns([credential::Column::Account, credential::Column::LastUsed])
        .filter(credential::Column::Account.is_in(padded(accounts.iter().copied())))
        .into_tuple()
        .all(db)
        .await?;
    let by_token: Vec<(Uuid, Option<i64>)> = api_token::Entity::find()
        .select_only()
        .columns([api_token::Column::Account, api_token::Column::LastUsed])
        .filter(api_token::Column::Account.is_in(padded(accounts.iter().copied())))
        .into_tuple()
        .all(db)
        .await?;
    let otherwise: Vec<(Uuid, Option<i64>)> = known_use::Entity::find()
        .select_only()
        .columns([known_use::Column::Account, known_use::Column::UsedAt])
        .filter(known_use::Column::Account.is_in(padded(accounts.iter().copied())))
        .into_tuple()
        .all(db)
        .await?;
    let mut last = HashMap::new();
    for (account, at) in signed_in.into_iter().chain(by_token).chain(otherwise) {
        if let Some(at) = at.map(Timestamp) {
            let known = last.entry(account).or_insert(at);
            *known = at.max(*known);
        }
    }
    Ok(last)
}

/// Returns the accounts that have one of these email addresses, as an alias too, each with the address and its status.
///
/// # Errors
/// When the database fails.
pub async fn by_addresses(
    db: &impl ConnectionTrait,
    addresses: &[String],
) -> Result<Vec<(String, AccountId, AccountStatus)>, StoreError> {
    if addresses.is_empty() {
        return Ok(vec![]);
    }
    let found: Vec<(String, Uuid)> = address::Entity::find()
        .select_only()
        .columns([address::Column::Address, address::Column::Account])
        .filter(address::Column::Address.is_in(padded(addresses.iter().cloned())))
        .filter(address::Column::UserName.eq(false))
        .into_tuple()
        .all(db)
        .await?;
    let ids = found.iter().map(|(_, account)| *account);
    let statuses: Vec<(Uuid, String)> = account::Entity::find()
        .select_only()
        .columns([account::Column::Id, account::Column::Status])
        .filter(account::Column::Id.is_in(padded(ids)))
        .into_tuple()
        .all(db)
        .await?;
    let mut known = HashMap::new();
    for (account, status) in statuses {
        known.insert(account, person_columns::status(&status)?);
    }
    let with_status = found.into_iter().filter_map(|(address, account)| {
        let status = known.get(&account)?;
        Some((address, AccountId(account), *status))
    });
    Ok(with_status.collect())
}

/// Accounts that were not used in any known way after a moment.
pub(crate) fn unused_since(moment: Timestamp) -> Condition {
    let signed_in = credential::Entity::find()
        .select_only()
        .column(credential::Column::Account)
        .filter(credential::Column::LastUsed.gt(moment.0));
    let by_token = api_token::Entity::find()
        .select_only()
        .column(api_token::Column::Account)
        .filter(api_token::Column::LastUsed.gt(moment.0));
    let otherwise = known_use::Entity::find()
        .select_only()
        .column(known_use::Column::Account)
        .filter(known_use::Column::UsedAt.gt(moment.0));
    Condition::all()
        .add(account::Column::Id.not_in_subquery(signed_in.into_query()))
        .add(account::Column::Id.not_in_subquery(by_token.into_query()))
        .add(account::Column::Id.not_in_subquery(otherwise.into_query()))
}
