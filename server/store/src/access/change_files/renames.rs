//! Renames that wait until their person has said, by a link, that the new address is theirs.

use std::collections::{HashMap, HashSet};

use domain::{
    customer::CustomerNumber,
    dictionary::Attribute,
    event::{AccountFact, Event, Fact, RoleFact},
    life::Turn,
    values::{
        email_address::EmailAddress,
        ids::{AccountId, Timestamp},
    },
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::{
    StoreError, Transaction,
    entities::pending_rename,
    lists::{insert_all, padded},
};

/// A rename that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    /// Whose.
    pub account: AccountId,
    /// The new address.
    pub address: EmailAddress,
    /// The address that they had when it was asked for.
    pub before: String,
    /// The customer whose they were then.
    pub customer: CustomerNumber,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// Until when the link works.
    pub expires_at: Timestamp,
}

/// Keeps a rename, with the hash of its link's token. One whose link works no longer gives way to it.
///
/// # Errors
/// `Conflict` if another one waits; else when the database fails.
pub async fn ask(tx: &Transaction, rename: &Rename, token_hash: &str, now: Timestamp) -> Result<(), StoreError> {
    pending_rename::Entity::delete_many()
        .filter(pending_rename::Column::Account.eq(rename.account.0))
        .filter(pending_rename::Column::ExpiresAt.lte(now.0))
        .exec(tx)
        .await?;
    let row = pending_rename::ActiveModel {
        account: Set(rename.account.0),
        address: Set(rename.address.as_str().to_owned()),
        before_address: Set(rename.before.clone()),
        customer: Set(rename.customer.get()),
        asked_at: Set(rename.asked_at.0),
        token_hash: Set(token_hash.to_owned()),
        expires_at: Set(rename.expires_at.0),
    };
    insert_all(tx, vec![row]).await
}

/// The rename that a link is for, by the hash of its token, while the link works.
///
/// # Errors
/// When the database fails.
pub async fn by_token(
    db: &impl ConnectionTrait,
    token_hash: &str,
    now: Timestamp,
) -> Result<Option<Rename>, StoreError> {
    let asked = pending_rename::Entity::find()
        .filter(pending_rename::Column::TokenHash.eq(token_hash))
        .filter(pending_rename::Column::ExpiresAt.gt(now.0));
    asked.one(db).await?.map(read).transpose()
}

/// The rename of an account that waits.
///
/// # Errors
/// When the database fails.
pub async fn of(db: &impl ConnectionTrait, account: AccountId, now: Timestamp) -> Result<Option<Rename>, StoreError> {
    let asked = pending_rename::Entity::find_by_id(account.0).filter(pending_rename::Column::ExpiresAt.gt(now.0));
    asked.one(db).await?.map(read).transpose()
}

/// Those of some accounts for which a rename waits.
///
/// # Errors
/// When the database fails.
pub async fn waiting(
    db: &impl ConnectionTrait,
    accounts: &[AccountId],
    now: Timestamp,
) -> Result<HashSet<AccountId>, StoreError> {
    let mut waiting = HashSet::new();
    for some in accounts.chunks(1_000) {
        let asked: Vec<Uuid> = pending_rename::Entity::find()
            .select_only()
            .column(pending_rename::Column::Account)
            .filter(pending_rename::Column::Account.is_in(padded(some.iter().map(|account| account.0))))
            .filter(pending_rename::Column::ExpiresAt.gt(now.0))
            .into_tuple()
            .all(db)
            .await?;
        waiting.extend(asked.into_iter().map(AccountId));
    }
    Ok(waiting)
}

/// Of some addresses those that a rename that waits has promised to somebody, with whom.
///
/// # Errors
/// When the database fails.
pub async fn promised(
    db: &impl ConnectionTrait,
    addresses: &[String],
    now: Timestamp,
) -> Result<HashMap<EmailAddress, AccountId>, StoreError> {
    let mut promised = HashMap::new();
    for some in addresses.chunks(1_000) {
        let asked = pending_rename::Entity::find()
            .filter(pending_rename::Column::Address.is_in(padded(some.iter().cloned())))
            .filter(pending_rename::Column::ExpiresAt.gt(now.0));
        for row in asked.all(db).await? {
            let rename = read(row)?;
            promised.insert(rename.address, rename.account);
        }
    }
    Ok(promised)
}

/// Ends the rename of an account: it is done, or given up. Says whether there was one.
///
/// # Errors
/// When the database fails.
pub async fn end(tx: &Transaction, account: AccountId) -> Result<bool, StoreError> {
    let own = pending_rename::Entity::delete_by_id(account.0).exec(tx).await?;
    Ok(own.rows_affected > 0)
}

/// Ends the renames that what happened leaves behind: an address was decided on anew, their person went elsewhere or lost
/// access, was held, or was given a role, whose holders no machine gives another address.
pub(crate) async fn end_with(tx: &Transaction, events: &[Event]) -> Result<(), StoreError> {
    let ended: Vec<_> = events.iter().filter_map(|event| ends(&event.fact)).collect();
    for some in ended.chunks(1_000) {
        let theirs = pending_rename::Column::Account.is_in(padded(some.iter().map(|account| account.0)));
        pending_rename::Entity::delete_many().filter(theirs).exec(tx).await?;
    }
    Ok(())
}

/// Whose rename a fact ends, if there is one.
fn ends(fact: &Fact) -> Option<AccountId> {
    match fact {
        Fact::Account(account, _, what) => {
            let is_over = match what {
                AccountFact::Changed { .. } => {
                    let mut changes = fact.changes().iter();
                    changes.any(|change| change.attribute == Attribute::EmailAddress)
                }
                AccountFact::Turned { turn, .. } => matches!(turn, Turn::Disable | Turn::Delete),
                AccountFact::Moved { .. } | AccountFact::Held { .. } => true,
                _ => false,
            };
            is_over.then_some(*account)
        }
        Fact::Role {
            account,
            what: RoleFact::Granted { .. },
            ..
        } => Some(*account),
        _ => None,
    }
}

/// Forgets renames whose link works no longer.
///
/// # Errors
/// When the database fails.
pub async fn sweep(db: &impl ConnectionTrait, now: Timestamp) -> Result<(), StoreError> {
    let over = pending_rename::Entity::delete_many().filter(pending_rename::Column::ExpiresAt.lte(now.0));
    over.exec(db).await?;
    Ok(())
}

/// Forgets the renames of forgotten people.
pub(crate) async fn forget(db: &impl ConnectionTrait, people: &[Uuid]) -> Result<(), StoreError> {
    let own = pending_rename::Column::Account.is_in(people.iter().copied());
    pending_rename::Entity::delete_many().filter(own).exec(db).await?;
    Ok(())
}

/// The error does not name the address: errors are written to logs.
fn read(row: pending_rename::Model) -> Result<Rename, StoreError> {
    let unreadable = |_| StoreError::Unreadable(format!("the new address of account {}", row.account));
    let of_nobody = || StoreError::Unreadable(format!("the customer of the new address of account {}", row.account));
    Ok(Rename {
        account: AccountId(row.account),
        address: EmailAddress::parse(&row.address).map_err(unreadable)?,
        before: row.before_address,
        customer: CustomerNumber::new(row.customer).ok_or_else(of_nobody)?,
        asked_at: Timestamp(row.asked_at),
        expires_at: Timestamp(row.expires_at),
    })
}
