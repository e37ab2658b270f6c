//! Reading people within a scope: lists by name, searches, and single persons.

use domain::{
    account::{Account, AccountStatus},
    contact::Contact,
    ids::{AccountId, ContactId},
    organisation::OrganisationCode,
    policy::Scope,
    text::fold,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::ExprTrait,
};
use uuid::Uuid;

use crate::{
    StoreError,
    entities::{account, address, contact},
    person_columns,
    scope::{escaped, within},
    snapshot::with_aliases,
};

/// Which people a list shows.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Words that must all occur in name, address or local ID, in any case and without accents.
    pub words: String,
    /// Only those of this organisation.
    pub organisation: Option<OrganisationCode>,
    /// Only accounts in this status.
    pub status: Option<AccountStatus>,
    /// Only those behind this sort name and ID.
    pub after: Option<(String, Uuid)>,
}

/// A person in a list, with what the next page begins behind.
#[derive(Clone, Debug)]
pub struct Listed<P> {
    /// The person.
    pub person: P,
    /// Where the list goes on from.
    pub position: (String, Uuid),
}

macro_rules! listing {
    ($table:ident, $scope:expr, $query:expr) => {{
        let (scope, query) = ($scope, $query);
        let mut found =
            $table::Entity::find().filter(within(scope, $table::Column::Organisation, Some($table::Column::Unit)));
        for word in fold(&query.words).split(' ').filter(|word| !word.is_empty()) {
            found = found.filter($table::Column::Search.like(format!("%{}%", escaped(word))));
        }
        if let Some(code) = &query.organisation {
            found = found.filter($table::Column::Organisation.eq(code.as_str()));
        }
        if let Some(status) = query.status {
            found = found.filter($table::Column::Status.eq(status.name()));
        }
        if let Some((name, id)) = &query.after {
            let later = $table::Column::SortName.gt(name.as_str());
            let same = $table::Column::SortName
                .eq(name.as_str())
                .and($table::Column::Id.gt(*id));
            found = found.filter(Condition::any().add(later).add(same));
        }
        found
            .order_by_asc($table::Column::SortName)
            .order_by_asc($table::Column::Id)
    }};
}

/// Accounts by name.
///
/// # Errors
/// When the database fails.
pub async fn accounts(
    db: &impl ConnectionTrait,
    scope: &Scope,
    query: &Query,
    limit: u64,
) -> Result<Vec<Listed<Account>>, StoreError> {
    let rows = listing!(account, scope, query).limit(limit).all(db).await?;
    let people = with_aliases(db, &rows).await?;
    let positions = rows.into_iter().map(|row| (row.sort_name, row.id));
    Ok(people
        .into_iter()
        .zip(positions)
        .map(|(person, position)| Listed { person, position })
        .collect())
}

/// Contacts by name.
///
/// # Errors
/// When the database fails.
pub async fn contacts(
    db: &impl ConnectionTrait,
    scope: &Scope,
    query: &Query,
    limit: u64,
) -> Result<Vec<Listed<Contact>>, StoreError> {
    let rows = listing!(contact, scope, query).limit(limit).all(db).await?;
    let listed = |row: contact::Model| {
        Ok(Listed {
            person: person_columns::contact(&row)?,
            position: (row.sort_name, row.id),
        })
    };
    rows.into_iter().map(listed).collect()
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

/// The account that an address signs in to, wherever it is. For signing in only.
///
/// # Errors
/// When the database fails.
pub async fn by_address(db: &impl ConnectionTrait, own: &str) -> Result<Option<Account>, StoreError> {
    let Some(held) = address::Entity::find_by_id(own)
        .filter(address::Column::Current.eq(true))
        .one(db)
        .await?
    else {
        return Ok(None);
    };
    let rows: Vec<_> = account::Entity::find_by_id(held.account)
        .one(db)
        .await?
        .into_iter()
        .collect();
    Ok(with_aliases(db, &rows).await?.pop())
}

/// How many accounts there are at all; for telling an empty database from one in use.
///
/// # Errors
/// When the database fails.
pub async fn is_empty(db: &impl ConnectionTrait) -> Result<bool, StoreError> {
    Ok(account::Entity::find().limit(1).one(db).await?.is_none())
}
