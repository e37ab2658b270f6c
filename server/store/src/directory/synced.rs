//! People as a program reads them: by the conditions that an index answers, page by page, within a scope.

mod conditions;
mod linked;
mod part;
mod reader;

use std::collections::HashSet;

use domain::{
    account::AccountStatus,
    contact::Contact,
    lookup::Condition as Looked,
    policy::Scope,
    values::ids::{AccountId, ContactId, Timestamp},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Select,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

pub use self::{
    linked::Linked,
    part::{Moments, Part, Sort, Start},
    reader::{Reader, Whom},
};
use crate::{
    StoreError,
    directory::{
        person_columns,
        scope::{within, within_by_another_index},
    },
    entities::{account, contact},
    lists::padded,
};

/// A page of more people than this is one of a long list, which is read whole.
const LONG: u64 = 100;

/// How many people are walked past for each of a page.
const WALKED: u64 = 10;

/// One account.
///
/// # Errors
/// When the database fails.
pub async fn account(
    db: &impl ConnectionTrait,
    reader: Reader<'_>,
    id: AccountId,
) -> Result<Option<Moments<Linked>>, StoreError> {
    let found = accounts_of(reader).filter(account::Column::Id.eq(id.0));
    let mut found = linked::read(db, reader.connector, found, Sort::Id, Order::Asc).await?;
    Ok(found.pop())
}

/// Some accounts, in the order of their IDs.
///
/// # Errors
/// When the database fails.
pub async fn accounts_by_id(
    db: &impl ConnectionTrait,
    reader: Reader<'_>,
    ids: &[Uuid],
) -> Result<Vec<Moments<Linked>>, StoreError> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let found = accounts_of(reader).filter(account::Column::Id.is_in(padded(ids.iter().copied())));
    linked::read(db, reader.connector, found, Sort::Id, Order::Asc).await
}

/// A part of the accounts.
///
/// # Errors
/// When the database fails.
pub async fn accounts(
    db: &impl ConnectionTrait,
    reader: Reader<'_>,
    part: &Part,
) -> Result<Vec<Moments<Linked>>, StoreError> {
    let key = part.sort.key().unwrap_or_else(|| Expr::col(account::Column::Id));
    let read = async |listed| {
        let listed = ordered(listed, key.clone(), account::Column::Id, part)?;
        linked::read(db, reader.connector, listed, part.sort, part.order()).await
    };
    // Without a limit, SQLite need not plan the statement anew each time; whoever reads them cuts off what is too much.
    if part.names_few() {
        let named = matching(reader, &part.conditions);
        return linked::read(db, reader.connector, named, part.sort, part.order()).await;
    }
    if let Some(last) = end_of_walk(db, reader, part).await? {
        let unit = Some(account::Column::Unit);
        let near = within_by_another_index(reader.scope, account::Column::Organisation, unit);
        let found = read(there(reader, near).filter(account::Column::Id.lte(last))).await?;
        if found.len() as u64 == part.count {
            return Ok(found);
        }
    }
    read(matching(reader, &part.conditions)).await
}

/// Up to whom a page of a long list is looked for among everybody, in the order of their IDs. Where many of all people lie in
/// the scope, that finds it at once, while sorting the whole scope for each page takes long. `None` where the list is short
/// or narrowed, and near its end.
async fn end_of_walk(db: &impl ConnectionTrait, reader: Reader<'_>, part: &Part) -> Result<Option<Uuid>, StoreError> {
    let is_long = part.sort == Sort::Id && !part.descending && part.conditions.is_empty() && part.count > LONG;
    if reader.scope.everything || !is_long {
        return Ok(None);
    }
    let everybody = account::Entity::find().select_only().column(account::Column::Id);
    let behind = match &part.start {
        Start::First => everybody,
        Start::After(_, last) => everybody.filter(account::Column::Id.gt(*last)),
        Start::Skip(_) => return Ok(None),
    };
    let end = behind
        .order_by_asc(account::Column::Id)
        .offset(part.count * WALKED)
        .limit(1);
    Ok(end.into_tuple().one(db).await?)
}

/// How many accounts there are.
///
/// # Errors
/// When the database fails.
pub async fn count(db: &impl ConnectionTrait, reader: Reader<'_>, conditions: &[Looked]) -> Result<u64, StoreError> {
    Ok(matching(reader, conditions).count(db).await?)
}

/// One contact.
///
/// # Errors
/// When the database fails.
pub async fn contact(
    db: &impl ConnectionTrait,
    reader: Reader<'_>,
    id: ContactId,
) -> Result<Option<Moments<Contact>>, StoreError> {
    let found = contacts_of(reader).filter(contact::Column::Id.eq(id.0)).one(db).await?;
    found.map(|row| with_moments(row, Sort::Id)).transpose()
}

/// Some contacts, in the order of their IDs.
///
/// # Errors
/// When the database fails.
pub async fn contacts_by_id(
    db: &impl ConnectionTrait,
    reader: Reader<'_>,
    ids: &[Uuid],
) -> Result<Vec<Moments<Contact>>, StoreError> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let named = contact::Column::Id.is_in(padded(ids.iter().copied()));
    let found = contacts_of(reader).filter(named).order_by_asc(contact::Column::Id);
    let found = found.all(db).await?;
    found.into_iter().map(|row| with_moments(row, Sort::Id)).collect()
}

/// A part of the contacts. They have no user name: sorted by it they stand by their ID.
///
/// # Errors
/// When the database fails.
pub async fn contacts(
    db: &impl ConnectionTrait,
    reader: Reader<'_>,
    part: &Part,
) -> Result<Vec<Moments<Contact>>, StoreError> {
    let sort = match part.sort {
        Sort::UserName => Sort::Id,
        other => other,
    };
    let key = match sort {
        Sort::Id | Sort::UserName => Expr::col(contact::Column::Id),
        Sort::Changed => Expr::col(contact::Column::ChangedAt),
        Sort::FamilyName => Expr::col(contact::Column::SortName),
    };
    let part = Part { sort, ..part.clone() };
    let listed = ordered(
        matching_contacts(reader, &part.conditions),
        key,
        contact::Column::Id,
        &part,
    )?;
    let found = listed.all(db).await?;
    found.into_iter().map(|row| with_moments(row, sort)).collect()
}

/// Those of some people who are deleted, and of the scope: accounts and contacts.
///
/// # Errors
/// When the database fails.
pub async fn deleted(db: &impl ConnectionTrait, reader: Reader<'_>, ids: &[Uuid]) -> Result<HashSet<Uuid>, StoreError> {
    let mut gone = HashSet::new();
    macro_rules! gone {
        ($table:ident, $chunk:expr) => {
            let unit = Some($table::Column::Unit);
            let found = $table::Entity::find()
                .select_only()
                .column($table::Column::Id)
                .filter(within(reader.scope, $table::Column::Organisation, unit))
                .filter($table::Column::Status.eq(AccountStatus::Deleted.name()))
                .filter($table::Column::Id.is_in(padded($chunk.iter().copied())));
            gone.extend(found.into_tuple::<Uuid>().all(db).await?);
        };
    }
    for chunk in ids.chunks(1_000) {
        gone!(account, chunk);
        gone!(contact, chunk);
    }
    Ok(gone)
}

/// An account of any status by its local ID, below the root of a tree.
///
/// # Errors
/// When the database fails.
pub async fn by_local_id(
    db: &impl ConnectionTrait,
    scope: &Scope,
    root: &str,
    local_id: &str,
) -> Result<Option<(AccountId, AccountStatus)>, StoreError> {
    let unit = Some(account::Column::Unit);
    let found = account::Entity::find()
        .select_only()
        .columns([account::Column::Id, account::Column::Status])
        .filter(within(scope, account::Column::Organisation, unit))
        .filter(account::Column::Root.eq(root))
        .filter(account::Column::LocalId.eq(local_id));
    let found: Option<(Uuid, String)> = found.into_tuple().one(db).await?;
    found
        .map(|(id, status)| Ok((AccountId(id), person_columns::status(&status)?)))
        .transpose()
}

/// How many contacts there are.
///
/// # Errors
/// When the database fails.
pub async fn count_contacts(
    db: &impl ConnectionTrait,
    reader: Reader<'_>,
    conditions: &[Looked],
) -> Result<u64, StoreError> {
    Ok(matching_contacts(reader, conditions).count(db).await?)
}

fn accounts_of(reader: Reader<'_>) -> Select<account::Entity> {
    let unit = Some(account::Column::Unit);
    there(reader, within(reader.scope, account::Column::Organisation, unit))
}

/// The accounts that a reader is told of, where they are.
fn there(reader: Reader<'_>, within: Condition) -> Select<account::Entity> {
    let found = account::Entity::find()
        .filter(within)
        .filter(account::Column::Status.ne(AccountStatus::Deleted.name()));
    let seen = |found: Select<account::Entity>| found.filter(conditions::not_given_up(reader.connector));
    match reader.whom {
        Whom::All => seen(found),
        Whom::Untried => seen(found).filter(conditions::not_tried(reader.connector)),
        Whom::GivenUpToo => found,
    }
}

fn contacts_of(reader: Reader<'_>) -> Select<contact::Entity> {
    let unit = Some(contact::Column::Unit);
    contact::Entity::find()
        .filter(within(reader.scope, contact::Column::Organisation, unit))
        .filter(contact::Column::Status.ne(AccountStatus::Deleted.name()))
}

fn matching(reader: Reader<'_>, looked: &[Looked]) -> Select<account::Entity> {
    looked.iter().fold(accounts_of(reader), |found, looked| {
        found.filter(conditions::of_accounts(reader, looked))
    })
}

fn matching_contacts(reader: Reader<'_>, looked: &[Looked]) -> Select<contact::Entity> {
    looked.iter().fold(contacts_of(reader), |found, looked| {
        found.filter(conditions::of_contacts(looked))
    })
}

fn ordered<E: EntityTrait, C: ColumnTrait>(
    listed: Select<E>,
    key: Expr,
    id: C,
    part: &Part,
) -> Result<Select<E>, StoreError> {
    let order = part.order();
    let behind = |here: Expr, place: Expr| match part.descending {
        false => here.gt(place),
        true => here.lt(place),
    };
    let listed = match &part.start {
        Start::First => listed,
        Start::Skip(many) => listed.offset(*many),
        Start::After(_, last) if part.sort == Sort::Id => listed.filter(behind(id.into_expr(), Expr::value(*last))),
        Start::After(text, last) => {
            let text = match part.sort {
                Sort::Changed => {
                    let at = text.parse::<i64>();
                    Expr::value(at.map_err(|_| StoreError::Unreadable(format!("no moment: {text}")))?)
                }
                _ => Expr::value(text.as_str()),
            };
            let (here, place) = (
                Expr::tuple([key.clone(), id.into_expr()]),
                Expr::tuple([text, Expr::value(*last)]),
            );
            listed.filter(behind(here, place))
        }
    };
    let listed = match part.sort {
        Sort::Id => listed,
        _ => listed.order_by(key, order.clone()),
    };
    Ok(listed.order_by(id, order).limit(part.count))
}

fn with_moments(row: contact::Model, sort: Sort) -> Result<Moments<Contact>, StoreError> {
    Ok(Moments {
        person: person_columns::contact(&row)?,
        created: Timestamp(row.created_at),
        changed: Timestamp(row.changed_at),
        key: match sort {
            Sort::Id | Sort::UserName => String::new(),
            Sort::Changed => row.changed_at.to_string(),
            Sort::FamilyName => row.sort_name,
        },
    })
}
