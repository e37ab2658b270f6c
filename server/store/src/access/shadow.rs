//! What connectors have tried whose requests are answered and not applied: for each account what would become of it, and
//! what was refused. Nothing of it is the directory's.

use std::collections::BTreeMap;

use domain::{
    account::AccountStatus,
    connector::TrialKind,
    dictionary::{Attribute, Change},
    organisation::UnitPath,
    policy::Scope,
    request::Cells,
    values::ids::{AccountId, Timestamp},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, OnConflict},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{StoreError, directory::scope::within, entities::shadow_account, word};

/// What a connector has tried for one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// The connector.
    pub connector: AccountId,
    /// The account; a made-up ID where there is none yet.
    pub account: AccountId,
    /// What would become of it.
    pub kind: TrialKind,
    /// The code of its organisation, or what was sent as such; empty if nothing was.
    pub organisation: String,
    /// Its unit.
    pub unit: Option<UnitPath>,
    /// The connector's key for it.
    pub external_id: Option<String>,
    /// The name to sign in with, in lower case.
    pub user_name: String,
    /// Its local unique ID.
    pub local_id: Option<String>,
    /// The person's name, or what they are known by where they have none.
    pub name: String,
    /// What was asked so far, and what came of it.
    pub wish: TriedWish,
    /// Why it is refused; empty if it is not.
    pub said: String,
    /// Counts the changes.
    pub version: i64,
    /// When it was tried first.
    pub first: Timestamp,
    /// When it was tried last.
    pub last: Timestamp,
}

/// What was asked so far for one account, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TriedWish {
    /// What was asked, one request over the other.
    pub cells: Cells,
    /// Whether it is to be active.
    #[serde(default)]
    pub active: Option<bool>,
    /// Telephone numbers as they were sent.
    #[serde(default)]
    pub as_sent: BTreeMap<Attribute, String>,
    /// What would change by it; all that there is of an account that would be new.
    #[serde(default)]
    pub changes: Vec<Change>,
    /// The status that it would have, where that is another.
    #[serde(default)]
    pub status: Option<AccountStatus>,
    /// Who has the key already that was sent.
    #[serde(default)]
    pub known: Option<AccountId>,
}

impl Default for TriedWish {
    fn default() -> Self {
        Self {
            cells: Cells::of([]),
            active: None,
            as_sent: BTreeMap::new(),
            changes: vec![],
            status: None,
            known: None,
        }
    }
}

/// By what accounts are looked up among those that were tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key<'a> {
    /// All of them.
    All,
    /// The account's ID.
    Id(Uuid),
    /// The connector's key.
    ExternalId(&'a str),
    /// The name to sign in with, in any case.
    UserName(&'a str),
    /// The local unique ID.
    LocalId(&'a str),
}

impl Key<'_> {
    fn condition(self) -> Condition {
        let all = Condition::all();
        match self {
            Self::All => all,
            Self::Id(id) => all.add(shadow_account::Column::Account.eq(id)),
            Self::ExternalId(key) => all.add(shadow_account::Column::ExternalId.eq(key)),
            Self::UserName(name) => all.add(shadow_account::Column::UserName.eq(name.trim().to_lowercase())),
            Self::LocalId(id) => all.add(shadow_account::Column::LocalId.eq(id)),
        }
    }
}

/// What would become of accounts, by their IDs; refusals are left out.
///
/// # Errors
/// When the database fails.
pub async fn effects(db: &impl ConnectionTrait, connector: AccountId, key: Key<'_>) -> Result<Vec<Tried>, StoreError> {
    let found = of_connector(connector)
        .filter(shadow_account::Column::Collides.eq(false))
        .filter(key.condition())
        .order_by_asc(shadow_account::Column::Account);
    found.all(db).await?.into_iter().map(read).collect()
}

/// The refusals that are kept by a key.
///
/// # Errors
/// When the database fails.
pub async fn collisions(
    db: &impl ConnectionTrait,
    connector: AccountId,
    key: Key<'_>,
) -> Result<Vec<Tried>, StoreError> {
    let found = of_connector(connector)
        .filter(shadow_account::Column::Collides.eq(true))
        .filter(key.condition())
        .order_by_asc(shadow_account::Column::Account);
    found.all(db).await?.into_iter().map(read).collect()
}

/// Keeps what was tried, in place of what was before.
///
/// # Errors
/// `Conflict` where another new account has its key; else when the database fails.
pub async fn put(db: &impl ConnectionTrait, tried: &Tried) -> Result<(), StoreError> {
    let row = shadow_account::ActiveModel {
        connector: Set(tried.connector.0),
        account: Set(tried.account.0),
        collides: Set(tried.kind == TrialKind::Collide),
        kind: Set(tried.kind.slug().to_owned()),
        organisation: Set(tried.organisation.clone()),
        unit: Set(tried.unit.as_ref().map(ToString::to_string)),
        external_id: Set(tried.external_id.clone()),
        user_name: Set(tried.user_name.clone()),
        local_id: Set(tried.local_id.clone()),
        name: Set(tried.name.clone()),
        wish: Set(serde_json::to_string(&tried.wish)?),
        said: Set(tried.said.clone()),
        version: Set(tried.version),
        first_at: Set(tried.first.0),
        last_at: Set(tried.last.0),
    };
    let anew = OnConflict::columns([
        shadow_account::Column::Connector,
        shadow_account::Column::Account,
        shadow_account::Column::Collides,
    ])
    .update_columns([
        shadow_account::Column::Kind,
        shadow_account::Column::Organisation,
        shadow_account::Column::Unit,
        shadow_account::Column::ExternalId,
        shadow_account::Column::UserName,
        shadow_account::Column::LocalId,
        shadow_account::Column::Name,
        shadow_account::Column::Wish,
        shadow_account::Column::Said,
        shadow_account::Column::Version,
        shadow_account::Column::LastAt,
    ])
    .to_owned();
    shadow_account::Entity::insert(row)
        .on_conflict(anew)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Takes away what was tried for an account, or what was refused of it.
///
/// # Errors
/// When the database fails.
pub async fn remove(
    db: &impl ConnectionTrait,
    connector: AccountId,
    account: AccountId,
    collides: bool,
) -> Result<(), StoreError> {
    shadow_account::Entity::delete_by_id((connector.0, account.0, collides))
        .exec(db)
        .await?;
    Ok(())
}

/// How many people are told under each kind in a scope; of what is of no organisation, all.
///
/// # Errors
/// When the database fails.
pub async fn count(db: &impl ConnectionTrait, connector: AccountId, scope: &Scope) -> Result<Counts, StoreError> {
    let mut counts = Counts::new();
    for kind in TrialKind::ALL.into_iter().chain([TrialKind::DisableAndDelete]) {
        let of_kind = listed(connector, scope, kind);
        counts.insert(kind, of_kind.count(db).await?);
    }
    Ok(counts)
}

/// How many there are of each kind.
pub type Counts = BTreeMap<TrialKind, u64>;

/// What is told under one kind in a scope, by the account's ID from behind one on.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &impl ConnectionTrait,
    connector: AccountId,
    scope: &Scope,
    kind: TrialKind,
    after: Option<AccountId>,
    limit: u64,
) -> Result<Vec<Tried>, StoreError> {
    let mut found = listed(connector, scope, kind)
        .order_by_asc(shadow_account::Column::Account)
        .limit(limit);
    if let Some(after) = after {
        found = found.filter(shadow_account::Column::Account.gt(after.0));
    }
    found.all(db).await?.into_iter().map(read).collect()
}

/// Takes away all that a connector has tried.
///
/// # Errors
/// When the database fails.
pub async fn clear(db: &impl ConnectionTrait, connector: AccountId) -> Result<(), StoreError> {
    let all = shadow_account::Column::Connector.eq(connector.0);
    shadow_account::Entity::delete_many().filter(all).exec(db).await?;
    Ok(())
}

/// Takes away what forgotten people tried as connectors, and what connectors tried for them.
pub(crate) async fn forget(db: &impl ConnectionTrait, people: &[Uuid]) -> Result<(), StoreError> {
    let either = Condition::any()
        .add(shadow_account::Column::Connector.is_in(people.iter().copied()))
        .add(shadow_account::Column::Account.is_in(people.iter().copied()));
    shadow_account::Entity::delete_many().filter(either).exec(db).await?;
    Ok(())
}

/// The accounts for which a connector has tried something that was not refused.
pub(crate) fn accounts_tried(connector: AccountId) -> Select<shadow_account::Entity> {
    of_connector(connector)
        .select_only()
        .column(shadow_account::Column::Account)
        .filter(shadow_account::Column::Collides.eq(false))
}

fn of_connector(connector: AccountId) -> Select<shadow_account::Entity> {
    shadow_account::Entity::find().filter(shadow_account::Column::Connector.eq(connector.0))
}

fn listed(connector: AccountId, scope: &Scope, kind: TrialKind) -> Select<shadow_account::Entity> {
    let unit = Some(shadow_account::Column::Unit);
    let nowhere: Expr = shadow_account::Column::Organisation.eq("");
    let here = match scope.everything {
        true => Condition::all(),
        false => Condition::any()
            .add(within(scope, shadow_account::Column::Organisation, unit))
            .add(nowhere),
    };
    of_connector(connector)
        .filter(shadow_account::Column::Kind.is_in(kind.told_with().iter().map(|kind| kind.slug())))
        .filter(here)
}

fn read(row: shadow_account::Model) -> Result<Tried, StoreError> {
    Ok(Tried {
        connector: AccountId(row.connector),
        account: AccountId(row.account),
        kind: word(&row.kind, TrialKind::from_slug)?,
        organisation: row.organisation,
        unit: row.unit.as_deref().map(UnitPath::parse),
        external_id: row.external_id,
        user_name: row.user_name,
        local_id: row.local_id,
        name: row.name,
        wish: serde_json::from_str(&row.wish)?,
        said: row.said,
        version: row.version,
        first: Timestamp(row.first_at),
        last: Timestamp(row.last_at),
    })
}
