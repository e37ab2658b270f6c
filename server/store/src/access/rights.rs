//! Reading rights: always now, always in the transaction that acts on them.

use domain::{
    account::AccountStatus,
    organisation::{OrganisationCode, OrganisationPath, UnitPath},
    policy::{Actor, Authority, Deed, Grant, Reach, Role, table},
    values::ids::{AccountId, Timestamp},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait, IntoCondition},
};
use uuid::Uuid;

use crate::{
    StoreError,
    directory::grants::{self, in_force},
    entities::{account, organisation, role_grant},
    lists::padded,
    word,
};

/// The rights an actor has at this moment. Only an account whose rights are in force has any, and only by grants that have
/// begun and are not over.
///
/// # Errors
/// When the database fails.
pub async fn authority(db: &impl ConnectionTrait, actor: &Actor, now: Timestamp) -> Result<Authority, StoreError> {
    let grants = match actor.account() {
        Some(id) => grants_of(db, id, now).await?,
        None => vec![],
    };
    Ok(Authority::new(actor.clone(), grants))
}

/// Whether an account may do a deed in the whole of an organisation at this moment, by one of its roles alone.
///
/// # Errors
/// When the database fails.
pub async fn covers_whole(
    db: &impl ConnectionTrait,
    account: AccountId,
    deed: Deed,
    path: &OrganisationPath,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let covers = |grant: &Grant| {
        let reaches = grant.role.is_global() || (grant.unit.is_none() && grant.path.covers(path));
        reaches && matches!(table(grant.role, deed), Reach::Yes)
    };
    Ok(grants_of(db, account, now).await?.iter().any(covers))
}

/// A grant as it is read, with the place in the tree where it is held.
#[derive(FromQueryResult)]
struct Held {
    role: String,
    path: String,
    unit: Option<String>,
    channels: Option<String>,
    may_disable: bool,
}

/// Returns the grants that an account has at this moment, as [`authority`] reads them.
///
/// # Errors
/// When the database fails.
pub async fn grants_of(db: &impl ConnectionTrait, id: AccountId, now: Timestamp) -> Result<Vec<Grant>, StoreError> {
    let place = role_grant::Entity::belongs_to(organisation::Entity)
        .from(role_grant::Column::Organisation)
        .to(organisation::Column::Code);
    let holder = role_grant::Entity::belongs_to(account::Entity)
        .from(role_grant::Column::Account)
        .to(account::Column::Id);
    // One query, because it stands before everything that anybody does.
    let held: Vec<Held> = role_grant::Entity::find()
        .select_only()
        .column(role_grant::Column::Role)
        .column(organisation::Column::Path)
        .column(role_grant::Column::Unit)
        .column(role_grant::Column::Channels)
        .column(role_grant::Column::MayDisable)
        .join(JoinType::InnerJoin, place.into())
        .join(JoinType::InnerJoin, holder.into())
        .filter(role_grant::Column::Account.eq(id.0))
        .filter(is_in_force())
        .filter(in_force(now))
        .into_model()
        .all(db)
        .await?;
    let mut rights = Vec::with_capacity(held.len());
    for held in held {
        rights.push(Grant {
            role: word(&held.role, Role::from_slug)?,
            path: OrganisationPath::stored(held.path),
            unit: held.unit.as_deref().map(UnitPath::parse),
            channels: grants::channels(held.channels.as_deref())?,
            may_disable: held.may_disable,
        });
    }
    rights.sort_by(|a, b| (a.role, &a.path, &a.unit).cmp(&(b.role, &b.path, &b.unit)));
    Ok(rights)
}

/// An account whose person's rights are in force.
pub(crate) fn is_in_force() -> Expr {
    let such = AccountStatus::ALL.into_iter().filter(|status| status.is_in_force());
    account::Column::Status.is_in(such.map(AccountStatus::name))
}

/// Whether an account holds any role.
///
/// # Errors
/// When the database fails.
pub async fn holds_any(db: &impl ConnectionTrait, account: AccountId) -> Result<bool, StoreError> {
    let held = role_grant::Entity::find().filter(role_grant::Column::Account.eq(account.0));
    Ok(held.one(db).await?.is_some())
}

/// Those of some accounts that hold a role, whatever it is.
///
/// # Errors
/// When the database fails.
pub async fn holding_any(db: &impl ConnectionTrait, accounts: &[AccountId]) -> Result<Vec<AccountId>, StoreError> {
    let mut holders = Vec::new();
    for some in accounts.chunks(1_000) {
        let held: Vec<Uuid> = role_grant::Entity::find()
            .select_only()
            .column(role_grant::Column::Account)
            .filter(role_grant::Column::Account.is_in(padded(some.iter().map(|account| account.0))))
            .into_tuple()
            .all(db)
            .await?;
        holders.extend(held.into_iter().map(AccountId));
    }
    Ok(holders)
}

/// The accounts that manage an organisation as Local or Primary Local Administrators: its own, or those of the nearest
/// organisation above it that has any.
///
/// # Errors
/// When the database fails.
pub async fn administrators(
    db: &impl ConnectionTrait,
    of: &OrganisationCode,
    now: Timestamp,
) -> Result<Vec<Uuid>, StoreError> {
    let roles = [Role::PrimaryLocalAdministrator, Role::LocalAdministrator];
    nearest(db, of, &roles, now).await
}

/// The accounts that are told when a role over an organisation is given or ended: all Global Administrators about a role
/// that reaches everybody, else the organisation's Primary Local Administrators, or those of the nearest one above it.
///
/// # Errors
/// When the database fails.
pub async fn colleagues(
    db: &impl ConnectionTrait,
    role: Role,
    of: &OrganisationCode,
    now: Timestamp,
) -> Result<Vec<Uuid>, StoreError> {
    match role.is_global() {
        true => holders_of(db, Role::GlobalAdministrator, now).await,
        false => nearest(db, of, &[Role::PrimaryLocalAdministrator], now).await,
    }
}

/// Returns the active accounts that hold one of these roles over all of an organisation, or of the nearest organisation
/// above it where any does.
///
/// # Errors
/// When the database fails.
pub async fn nearest(
    db: &impl ConnectionTrait,
    of: &OrganisationCode,
    roles: &[Role],
    now: Timestamp,
) -> Result<Vec<Uuid>, StoreError> {
    let Some(place) = organisation::Entity::find_by_id(of.as_str()).one(db).await? else {
        return Ok(vec![]);
    };
    let above: Vec<_> = place.path.split('/').filter(|code| !code.is_empty()).collect();
    for code in above.into_iter().rev() {
        let whole = role_grant::Column::Organisation
            .eq(code)
            .and(role_grant::Column::Unit.is_null());
        let holders = holders(db, whole, roles, now).await?;
        if !holders.is_empty() {
            return Ok(holders);
        }
    }
    Ok(vec![])
}

/// Returns the active accounts that hold one of these roles over an organisation, or over a unit of it.
///
/// # Errors
/// When the database fails.
pub async fn holders_at(
    db: &impl ConnectionTrait,
    code: &str,
    roles: &[Role],
    now: Timestamp,
) -> Result<Vec<Uuid>, StoreError> {
    holders(db, role_grant::Column::Organisation.eq(code), roles, now).await
}

/// Returns the active accounts that hold a role, wherever they hold it.
///
/// # Errors
/// When the database fails.
pub async fn holders_of(db: &impl ConnectionTrait, role: Role, now: Timestamp) -> Result<Vec<Uuid>, StoreError> {
    holders(db, Condition::all(), &[role], now).await
}

async fn holders(
    db: &impl ConnectionTrait,
    place: impl IntoCondition,
    roles: &[Role],
    now: Timestamp,
) -> Result<Vec<Uuid>, StoreError> {
    let held = role_grant::Entity::find()
        .filter(place.into_condition())
        .filter(role_grant::Column::Role.is_in(roles.iter().map(|role| role.slug())))
        .filter(in_force(now))
        .all(db)
        .await?;
    let holders = account::Entity::find()
        .filter(account::Column::Id.is_in(held.into_iter().map(|grant| grant.account)))
        .filter(is_in_force());
    Ok(holders.all(db).await?.into_iter().map(|holder| holder.id).collect())
}
