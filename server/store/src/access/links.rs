//! Which accounts a connector knows, by which key, and what it last said of them.

use std::collections::BTreeMap;

use domain::{
    account::AccountStatus,
    dictionary::Attribute,
    policy::Scope,
    values::ids::{AccountId, Timestamp},
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
    sea_query::{Alias, Expr, ExprTrait, OnConflict, Query},
};
use uuid::Uuid;

use crate::{
    StoreError,
    directory::scope::within,
    entities::{account, connector_link},
    lists::padded,
    number,
};

/// What a connector knows of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The connector.
    pub connector: AccountId,
    /// The account.
    pub account: AccountId,
    /// The key that the connector's machine knows it by.
    pub external_id: Option<String>,
    /// Texts as the machine sent them, where they are kept otherwise.
    pub as_sent: BTreeMap<Attribute, String>,
    /// Counts changes of the link itself.
    pub version: i64,
    /// Whether the connector created the account.
    pub created_by_it: bool,
    /// Whether the machine deleted it, so that it is not there for the machine.
    pub hidden: bool,
    /// Whether the connector disabled the account.
    pub disabled_by_it: bool,
    /// When the machine last said anything of the account.
    pub asserted_at: Timestamp,
    /// What it last said.
    pub asserted: BTreeMap<Attribute, String>,
}

/// What a connector knows of an account.
///
/// # Errors
/// When the database fails.
pub async fn of(
    db: &impl ConnectionTrait,
    connector: AccountId,
    account: AccountId,
) -> Result<Option<Link>, StoreError> {
    let row = connector_link::Entity::find_by_id((connector.0, account.0));
    row.one(db).await?.map(read).transpose()
}

/// The account that a connector knows by a key.
///
/// # Errors
/// When the database fails.
pub async fn by_external_id(
    db: &impl ConnectionTrait,
    connector: AccountId,
    external_id: &str,
) -> Result<Option<Link>, StoreError> {
    // There is one at most, and with a limit SQLite would plan this anew each time.
    let row = of_connector(connector).filter(connector_link::Column::ExternalId.eq(external_id));
    row.all(db).await?.pop().map(read).transpose()
}

/// Keeps what a connector knows of an account, in place of what it knew before.
///
/// # Errors
/// `Conflict` where the connector knows another account by that key; else when the database fails.
pub async fn put(db: &impl ConnectionTrait, link: &Link) -> Result<(), StoreError> {
    let row = connector_link::ActiveModel {
        connector: Set(link.connector.0),
        account: Set(link.account.0),
        external_id: Set(link.external_id.clone()),
        as_sent: Set(serde_json::to_string(&link.as_sent)?),
        version: Set(link.version),
        created_by_it: Set(link.created_by_it),
        hidden: Set(link.hidden),
        disabled_by_it: Set(link.disabled_by_it),
        asserted_at: Set(link.asserted_at.0),
        asserted: Set(serde_json::to_string(&link.asserted)?),
        // It is noted by itself.
        disabled_at: NotSet,
    };
    let anew = OnConflict::columns([connector_link::Column::Connector, connector_link::Column::Account])
        .update_columns([
            connector_link::Column::ExternalId,
            connector_link::Column::AsSent,
            connector_link::Column::Version,
            connector_link::Column::CreatedByIt,
            connector_link::Column::Hidden,
            connector_link::Column::DisabledByIt,
            connector_link::Column::AssertedAt,
            connector_link::Column::Asserted,
        ])
        .to_owned();
    connector_link::Entity::insert(row)
        .on_conflict(anew)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Notes when a connector disabled an account that was there, or that it did not after all.
///
/// # Errors
/// When the database fails.
pub async fn note_disabled(
    db: &impl ConnectionTrait,
    connector: AccountId,
    account: AccountId,
    at: Option<Timestamp>,
) -> Result<(), StoreError> {
    connector_link::Entity::update_many()
        .col_expr(connector_link::Column::DisabledAt, Expr::value(at.map(|at| at.0)))
        .filter(connector_link::Column::Connector.eq(connector.0))
        .filter(connector_link::Column::Account.eq(account.0))
        .exec(db)
        .await?;
    Ok(())
}

/// How many people are without access because a connector disabled them since a moment, by organisation. Each counts once,
/// and nobody whom it created disabled.
///
/// # Errors
/// When the database fails.
pub async fn disabled_since(
    db: &impl ConnectionTrait,
    connector: AccountId,
    since: Timestamp,
) -> Result<Vec<(String, u64)>, StoreError> {
    let disabled = of_connector(connector)
        .select_only()
        .column(connector_link::Column::Account)
        .filter(connector_link::Column::DisabledAt.gte(since.0));
    let shut = [AccountStatus::Disabled, AccountStatus::Leaver, AccountStatus::Deleted].map(AccountStatus::name);
    let counted = account::Entity::find()
        .select_only()
        .column(account::Column::Organisation)
        .column_as(account::Column::Id.count(), "people")
        .filter(account::Column::Id.in_subquery(disabled.into_query()))
        .filter(account::Column::Status.is_in(shut))
        .group_by(account::Column::Organisation);
    let counted: Vec<(String, i64)> = counted.into_tuple().all(db).await?;
    counted
        .into_iter()
        .map(|(organisation, people)| Ok((organisation, number(people, "people")?)))
        .collect()
}

/// Lets a connector see an account again that its machine deleted.
///
/// # Errors
/// When the database fails.
pub async fn show(db: &impl ConnectionTrait, connector: AccountId, account: AccountId) -> Result<(), StoreError> {
    connector_link::Entity::update_many()
        .col_expr(connector_link::Column::Hidden, Expr::value(false))
        .filter(connector_link::Column::Connector.eq(connector.0))
        .filter(connector_link::Column::Account.eq(account.0))
        .exec(db)
        .await?;
    Ok(())
}

/// How many accounts a connector knows.
///
/// # Errors
/// When the database fails.
pub async fn count(db: &impl ConnectionTrait, connector: AccountId) -> Result<u64, StoreError> {
    Ok(of_connector(connector).count(db).await?)
}

/// The accounts of a scope, not deleted ones, that a connector knows and has said nothing of since a moment, the longest first.
///
/// # Errors
/// When the database fails.
pub async fn unmentioned(
    db: &impl ConnectionTrait,
    scope: &Scope,
    connector: AccountId,
    since: Timestamp,
    limit: u64,
) -> Result<Vec<Link>, StoreError> {
    let silent = of_connector(connector)
        // What its machine deleted it says nothing of any more.
        .filter(connector_link::Column::Hidden.eq(false))
        .filter(connector_link::Column::AssertedAt.lt(since.0))
        .filter(of_accounts(within_scope(scope)))
        .order_by_asc(connector_link::Column::AssertedAt)
        .order_by_asc(connector_link::Column::Account);
    silent.limit(limit).all(db).await?.into_iter().map(read).collect()
}

/// The accounts of a scope, not deleted ones, that a connector knows and that somebody has changed by hand, by ID from behind one on.
///
/// # Errors
/// When the database fails.
pub async fn changed_by_hand(
    db: &impl ConnectionTrait,
    scope: &Scope,
    connector: AccountId,
    after: Option<AccountId>,
    limit: u64,
) -> Result<Vec<Link>, StoreError> {
    let by_hand = within_scope(scope).add(account::Column::ByHand.is_not_in(["", "{}"]));
    on(of_connector(connector).filter(of_accounts(by_hand)), after, limit, db).await
}

/// The accounts of a scope, not deleted ones, that a connector knows and another knows too, by ID from behind one on.
///
/// # Errors
/// When the database fails.
pub async fn known_twice(
    db: &impl ConnectionTrait,
    scope: &Scope,
    connector: AccountId,
    after: Option<AccountId>,
    limit: u64,
) -> Result<Vec<Link>, StoreError> {
    let other = Alias::new("other");
    let same = Expr::col((other.clone(), connector_link::Column::Account))
        .equals((connector_link::Entity, connector_link::Column::Account));
    let others = Query::select()
        .expr(Expr::value(1))
        .from_as(connector_link::Entity, other.clone())
        .and_where(same)
        .and_where(Expr::col((other, connector_link::Column::Connector)).ne(connector.0))
        .to_owned();
    let twice = of_connector(connector)
        .filter(Expr::exists(others))
        .filter(of_accounts(within_scope(scope)));
    on(twice, after, limit, db).await
}

/// What other connectors know of some accounts.
///
/// # Errors
/// When the database fails.
pub async fn of_others(
    db: &impl ConnectionTrait,
    connector: AccountId,
    accounts: &[Uuid],
) -> Result<Vec<Link>, StoreError> {
    if accounts.is_empty() {
        return Ok(vec![]);
    }
    let rows = connector_link::Entity::find()
        .filter(connector_link::Column::Connector.ne(connector.0))
        .filter(connector_link::Column::Account.is_in(padded(accounts.iter().copied())));
    rows.all(db).await?.into_iter().map(read).collect()
}

/// Takes away what forgotten people knew as connectors, and what connectors know of them.
pub(crate) async fn forget(db: &impl ConnectionTrait, people: &[Uuid]) -> Result<(), StoreError> {
    let either = Condition::any()
        .add(connector_link::Column::Connector.is_in(people.iter().copied()))
        .add(connector_link::Column::Account.is_in(people.iter().copied()));
    connector_link::Entity::delete_many().filter(either).exec(db).await?;
    Ok(())
}

fn of_connector(connector: AccountId) -> Select<connector_link::Entity> {
    connector_link::Entity::find().filter(connector_link::Column::Connector.eq(connector.0))
}

fn within_scope(scope: &Scope) -> Condition {
    let here = within(scope, account::Column::Organisation, Some(account::Column::Unit));
    let there = account::Column::Status.ne(AccountStatus::Deleted.name());
    Condition::all().add(here).add(there)
}

/// Whether a link's account is one of those; each is looked up by its ID.
fn of_accounts(which: Condition) -> Expr {
    let same = Expr::col((account::Entity, account::Column::Id))
        .equals((connector_link::Entity, connector_link::Column::Account));
    let those = account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        .filter(same)
        .filter(which);
    Expr::exists(those.into_query())
}

async fn on(
    links: Select<connector_link::Entity>,
    after: Option<AccountId>,
    limit: u64,
    db: &impl ConnectionTrait,
) -> Result<Vec<Link>, StoreError> {
    let mut links = links.order_by_asc(connector_link::Column::Account).limit(limit);
    if let Some(after) = after {
        links = links.filter(connector_link::Column::Account.gt(after.0));
    }
    links.all(db).await?.into_iter().map(read).collect()
}

/// What a connector knows of an account, from its row.
pub(crate) fn read(row: connector_link::Model) -> Result<Link, StoreError> {
    Ok(Link {
        connector: AccountId(row.connector),
        account: AccountId(row.account),
        external_id: row.external_id,
        as_sent: serde_json::from_str(&row.as_sent)?,
        version: row.version,
        created_by_it: row.created_by_it,
        hidden: row.hidden,
        disabled_by_it: row.disabled_by_it,
        asserted_at: Timestamp(row.asserted_at),
        asserted: serde_json::from_str(&row.asserted)?,
    })
}
