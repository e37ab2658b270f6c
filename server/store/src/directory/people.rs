//! Reading people within a scope: lists by name, searches, and single persons.

mod listing;
mod narrowing;
mod query;
mod table;
mod words;

use std::collections::HashMap;

use domain::{
    account::{Account, AccountStatus, sign_in_name},
    contact::Contact,
    organisation::OrganisationCode,
    policy::Scope,
    searching::{Sought, sought},
    values::{
        email_address::{EmailAddress, as_typed},
        ids::{AccountId, ContactId},
        text::fold,
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

pub(crate) use self::words::holds;
pub use self::{
    listing::COUNTED,
    query::{Query, Searched, Sort},
};
use crate::{
    StoreError,
    directory::{aliases::with_aliases, person_columns, scope::within},
    entities::{account, address, contact},
    lists::padded,
};

/// A person in a list, with what the next page begins behind.
#[derive(Clone, Debug)]
pub struct Listed<P> {
    /// The person.
    pub person: P,
    /// The address that they had before and are found by, where they are not found by what they have now.
    pub earlier: Option<EmailAddress>,
    /// Where the list goes on from.
    pub position: (String, Uuid),
}

macro_rules! position {
    ($row:expr, $sort:expr) => {
        match $sort {
            Sort::Name => $row.sort_name.clone(),
            Sort::Organisation => $row.organisation.clone(),
            Sort::JobTitle => $row.job_title.clone().unwrap_or_default(),
            Sort::LocalId => $row.local_id.clone().unwrap_or_default(),
            Sort::Status => $row.status.clone(),
        }
    };
}

/// Accounts in the query's order.
///
/// # Errors
/// When the database fails.
pub async fn accounts(
    db: &impl ConnectionTrait,
    scope: &Scope,
    query: &Query,
    limit: u64,
) -> Result<Vec<Listed<Account>>, StoreError> {
    let rows = listing::part::<account::Entity>(db, scope, query, limit).await?;
    let people = with_aliases(db, &rows).await?;
    let positions = rows.into_iter().map(|row| (position!(row, query.sort), row.id));
    Ok(people
        .into_iter()
        .zip(positions)
        .map(|(person, position)| Listed {
            earlier: found_by(&person, &query.words),
            person,
            position,
        })
        .collect())
}

/// How many accounts an organisation has that are not deleted.
///
/// # Errors
/// When the database fails.
pub async fn count_of(db: &impl ConnectionTrait, organisation: &OrganisationCode) -> Result<u32, StoreError> {
    let there = account::Entity::find()
        .filter(account::Column::Organisation.eq(organisation.as_str()))
        .filter(account::Column::Status.ne(AccountStatus::Deleted.name()));
    Ok(u32::try_from(there.count(db).await?).unwrap_or(u32::MAX))
}

/// The earlier address without which words would not find an account.
fn found_by(account: &Account, words: &str) -> Option<EmailAddress> {
    if account.aliases.is_empty() || words.is_empty() {
        return None;
    }
    let present = person_columns::searched(&account.attributes);
    let mut missing = sought(words).into_iter().filter_map(|sought| match sought {
        Sought::Word(word) => (!present.contains(&word)).then_some(word),
        Sought::Digits { .. } => None,
    });
    // What is missing may be their work or their place.
    missing.find_map(|word| {
        let mut aliases = account.aliases.iter();
        aliases.find(|alias| fold(alias.as_str()).contains(&word)).cloned()
    })
}

/// Contacts in the query's order.
///
/// # Errors
/// When the database fails.
pub async fn contacts(
    db: &impl ConnectionTrait,
    scope: &Scope,
    query: &Query,
    limit: u64,
) -> Result<Vec<Listed<Contact>>, StoreError> {
    let rows = listing::part::<contact::Entity>(db, scope, query, limit).await?;
    let listed = |row: contact::Model| {
        Ok(Listed {
            person: person_columns::contact(&row)?,
            earlier: None,
            position: (position!(row, query.sort), row.id),
        })
    };
    rows.into_iter().map(listed).collect()
}

/// How many accounts a query finds, counted as far as [`COUNTED`].
///
/// # Errors
/// When the database fails.
pub async fn count(db: &impl ConnectionTrait, scope: &Scope, query: &Query) -> Result<u64, StoreError> {
    listing::count::<account::Entity>(db, scope, query).await
}

/// How many contacts a query finds, counted as far as [`COUNTED`].
///
/// # Errors
/// When the database fails.
pub async fn count_contacts(db: &impl ConnectionTrait, scope: &Scope, query: &Query) -> Result<u64, StoreError> {
    listing::count::<contact::Entity>(db, scope, query).await
}

/// The IDs of all accounts that a query finds, at most so many.
///
/// # Errors
/// When the database fails.
pub async fn ids(
    db: &impl ConnectionTrait,
    scope: &Scope,
    query: &Query,
    limit: u64,
) -> Result<Vec<AccountId>, StoreError> {
    let ids = listing::ids::<account::Entity>(db, scope, query, limit).await?;
    Ok(ids.into_iter().map(AccountId).collect())
}

/// Those of some accounts that lie in a scope, by name.
///
/// # Errors
/// When the database fails.
pub async fn ids_within(
    db: &impl ConnectionTrait,
    scope: &Scope,
    named: &[Uuid],
) -> Result<Vec<AccountId>, StoreError> {
    let mut found: Vec<(String, Uuid)> = Vec::new();
    for chunk in named.chunks(500) {
        let rows = account::Entity::find()
            .filter(within(
                scope,
                account::Column::Organisation,
                Some(account::Column::Unit),
            ))
            .filter(account::Column::Id.is_in(chunk.iter().copied()))
            .select_only()
            .columns([account::Column::SortName, account::Column::Id]);
        found.extend(rows.into_tuple::<(String, Uuid)>().all(db).await?);
    }
    found.sort();
    found.dedup();
    Ok(found.into_iter().map(|(_, id)| AccountId(id)).collect())
}

/// A person by name, to be linked to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Their name in reading order.
    pub name: String,
    /// Whether they have no mailbox here.
    pub is_contact: bool,
}

/// The names of some people, as far as they lie in a scope.
///
/// # Errors
/// When the database fails.
pub async fn names_within(
    db: &impl ConnectionTrait,
    scope: &Scope,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Named>, StoreError> {
    let mut names = HashMap::new();
    macro_rules! name {
        ($table:ident, $is_contact:literal, $chunk:expr) => {
            let rows = $table::Entity::find()
                .filter(within(
                    scope,
                    $table::Column::Organisation,
                    Some($table::Column::Unit),
                ))
                .filter($table::Column::Id.is_in($chunk.iter().copied()))
                .select_only()
                .columns([
                    $table::Column::Id,
                    $table::Column::FirstName,
                    $table::Column::LastName,
                ]);
            let rows: Vec<(Uuid, Option<String>, Option<String>)> = rows.into_tuple().all(db).await?;
            names.extend(rows.into_iter().map(|(id, first, last)| {
                let name = format!("{} {}", first.unwrap_or_default(), last.unwrap_or_default());
                let name = name.trim().to_owned();
                (
                    id,
                    Named {
                        name,
                        is_contact: $is_contact,
                    },
                )
            }));
        };
    }
    for chunk in ids.chunks(500) {
        name!(account, false, chunk);
        name!(contact, true, chunk);
    }
    Ok(names)
}

/// One account of the scope.
///
/// # Errors
/// When the database fails.
pub async fn account(db: &impl ConnectionTrait, scope: &Scope, id: AccountId) -> Result<Option<Account>, StoreError> {
    let own = account::Entity::find_by_id(id.0).filter(within(
        scope,
        account::Column::Organisation,
        Some(account::Column::Unit),
    ));
    let rows: Vec<_> = own.one(db).await?.into_iter().collect();
    Ok(with_aliases(db, &rows).await?.pop())
}

/// One contact of the scope.
///
/// # Errors
/// When the database fails.
pub async fn contact(db: &impl ConnectionTrait, scope: &Scope, id: ContactId) -> Result<Option<Contact>, StoreError> {
    let own = contact::Entity::find_by_id(id.0).filter(within(
        scope,
        contact::Column::Organisation,
        Some(contact::Column::Unit),
    ));
    own.one(db).await?.map(|row| person_columns::contact(&row)).transpose()
}

/// The account that answers to an address, present or former, wherever it is: nobody else is ever given either. For those who know already that they may.
///
/// # Errors
/// When the database fails.
pub async fn by_address(db: &impl ConnectionTrait, held: &str) -> Result<Option<Account>, StoreError> {
    let known = address::Entity::find_by_id(held).filter(address::Column::UserName.eq(false));
    holder(db, known.one(db).await?).await
}

/// Which accounts answer to addresses, present or former, wherever they are. For those who know already that they may.
///
/// # Errors
/// When the database fails.
pub async fn holding(db: &impl ConnectionTrait, held: &[String]) -> Result<HashMap<String, AccountId>, StoreError> {
    let mut accounts = HashMap::new();
    for some in held.chunks(1_000) {
        let known: Vec<(String, Uuid)> = address::Entity::find()
            .select_only()
            .columns([address::Column::Address, address::Column::Account])
            .filter(address::Column::Address.is_in(padded(some.iter().map(String::as_str))))
            .filter(address::Column::UserName.eq(false))
            .into_tuple()
            .all(db)
            .await?;
        accounts.extend(known.into_iter().map(|(held, account)| (held, AccountId(account))));
    }
    Ok(accounts)
}

/// The account that is signed in to by what somebody typed: by an address, present or former, or by a name.
///
/// # Errors
/// When the database fails.
pub async fn by_sign_in_name(db: &impl ConnectionTrait, typed: &str) -> Result<Option<Account>, StoreError> {
    let address = as_typed(typed);
    let held = address::Entity::find()
        .filter(address::Column::Address.is_in([address.clone(), sign_in_name(typed)]))
        .all(db)
        .await?;
    // An address that is written in an unusual way is that address, not somebody else's name.
    let first = held.into_iter().min_by_key(|row| row.address != address);
    holder(db, first).await
}

async fn holder(db: &impl ConnectionTrait, held: Option<address::Model>) -> Result<Option<Account>, StoreError> {
    let Some(held) = held else {
        return Ok(None);
    };
    let rows: Vec<_> = account::Entity::find_by_id(held.account)
        .one(db)
        .await?
        .into_iter()
        .collect();
    Ok(with_aliases(db, &rows).await?.pop())
}

/// Accounts by their IDs, wherever they are; for those who know already that they may.
///
/// # Errors
/// When the database fails.
pub async fn by_ids(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Account>, StoreError> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let rows = account::Entity::find()
        .filter(account::Column::Id.is_in(padded(ids.iter().copied())))
        .all(db)
        .await?;
    with_aliases(db, &rows).await
}

/// The addresses of one stem that were ever held.
///
/// # Errors
/// When the database fails.
pub async fn held_addresses(db: &impl ConnectionTrait, stem: &str) -> Result<Vec<String>, StoreError> {
    let rows = address::Entity::find()
        .filter(address::Column::Stem.eq(stem))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| row.address).collect())
}

/// Whether there is no account at all.
///
/// # Errors
/// When the database fails.
pub async fn is_empty(db: &impl ConnectionTrait) -> Result<bool, StoreError> {
    Ok(account::Entity::find().limit(1).one(db).await?.is_none())
}
