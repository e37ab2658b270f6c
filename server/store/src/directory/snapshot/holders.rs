//! Who holds which roles, among the people that requests may touch; and which of those roles must not end.

use std::collections::{HashMap, HashSet};

use domain::{
    dictionary::Attribute,
    event::Event,
    organisation::{OrganisationCode, OrganisationPath},
    plan::HeldRole,
    policy::{GUARDED_DAYS, Holders, Role},
    request::{AccountWish, ChangeRequest, Wish},
    values::ids::{AccountId, GrantId, Timestamp},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::hold::Hold;
use crate::{
    StoreError,
    access::rights::is_in_force,
    directory::{grants, person_columns},
    entities::{account, organisation, role_grant},
    lists::padded,
    trail::events,
};

/// The roles of the accounts that requests may touch: those that requests `named` by ID, and all that were `found` where a
/// row may change an address. With them, the grants of named accounts that must not end.
pub(super) async fn load(
    db: &impl ConnectionTrait,
    requests: &[ChangeRequest],
    named: &[AccountId],
    found: &HashSet<Uuid>,
    now: Timestamp,
    hold: Hold,
) -> Result<(Holders, HashSet<GrantId>), StoreError> {
    let mut touched: HashSet<Uuid> = named.iter().map(|account| account.0).collect();
    if requests.iter().any(may_change_an_address) {
        touched.extend(found);
    }
    let mut last = HashSet::new();
    if touched.is_empty() {
        return Ok((Holders::default(), last));
    }
    let mut holders = roles(db, touched).await?;
    holders.readdressed = readdressed(db, requests, now).await?;
    for account in named {
        let roles = holders.roles_of(*account).iter();
        for held in roles.filter(|held| is_never_without(held) && held.terms.in_force(now)) {
            if !others_hold(db, *account, held, named, now, hold).await? {
                last.insert(held.grant);
            }
        }
    }
    Ok((holders, last))
}

/// The roles that one account holds.
///
/// # Errors
/// When the database fails.
pub async fn of(db: &impl ConnectionTrait, account: AccountId) -> Result<Holders, StoreError> {
    roles(db, HashSet::from([account.0])).await
}

async fn roles(db: &impl ConnectionTrait, accounts: HashSet<Uuid>) -> Result<Holders, StoreError> {
    let mut holders = Holders::default();
    let own = role_grant::Entity::find().filter(role_grant::Column::Account.is_in(padded(accounts)));
    for row in own.all(db).await? {
        let role = grants::held(&row)?;
        holders.roles.entry(AccountId(row.account)).or_default().push(role);
    }
    for roles in holders.roles.values_mut() {
        roles.sort_by_key(|held| held.grant);
    }
    holders.places = places(db, holders.roles.values().flatten()).await?;
    Ok(holders)
}

/// A file's row finds its account by other keys, and may give it another address or name to sign in with.
fn may_change_an_address(request: &ChangeRequest) -> bool {
    match &request.wish {
        Wish::AccountInFile(cells) => {
            let signs_in_by = [Attribute::EmailAddress, Attribute::UserName];
            signs_in_by.into_iter().any(|attribute| cells.key(attribute).is_some())
        }
        // It may end what they hold, too.
        Wish::ChangeRow(_) => true,
        _ => false,
    }
}

/// Where organisations stand in the tree.
async fn places(
    db: &impl ConnectionTrait,
    held: impl Iterator<Item = &HeldRole>,
) -> Result<HashMap<OrganisationCode, OrganisationPath>, StoreError> {
    let codes: HashSet<_> = held.map(|held| held.organisation.to_string()).collect();
    if codes.is_empty() {
        return Ok(HashMap::new());
    }
    let found: Vec<(String, String)> = organisation::Entity::find()
        .select_only()
        .columns([organisation::Column::Code, organisation::Column::Path])
        .filter(organisation::Column::Code.is_in(padded(codes)))
        .into_tuple()
        .all(db)
        .await?;
    let place = |(code, path): (String, String)| Ok((person_columns::code(&code)?, OrganisationPath::stored(path)));
    found.into_iter().map(place).collect()
}

/// The accounts whose passwords requests reset and whose address was changed lately.
async fn readdressed(
    db: &impl ConnectionTrait,
    requests: &[ChangeRequest],
    now: Timestamp,
) -> Result<HashSet<AccountId>, StoreError> {
    let since = now.plus_seconds(-i64::from(GUARDED_DAYS) * 86_400);
    let reset = requests.iter().filter_map(|request| match request.wish {
        Wish::Account(account, AccountWish::ResetPassword) => Some(account),
        _ => None,
    });
    let mut readdressed = HashSet::new();
    for account in reset {
        let lately = events::of_subject_after(db, &account.to_string(), since).await?;
        let is_address = |event: &Event| {
            let mut changes = event.fact.changes().iter();
            changes.any(|change| change.attribute == Attribute::EmailAddress)
        };
        if lately.iter().any(is_address) {
            readdressed.insert(account);
        }
    }
    Ok(readdressed)
}

/// The roles that an organisation, or the service, is never without.
fn is_never_without(held: &HeldRole) -> bool {
    matches!(held.role, Role::GlobalAdministrator | Role::PrimaryLocalAdministrator) && held.unit.is_none()
}

/// Whether an active account other than this one, and than those that lose their roles with it, holds the same role, now
/// and for good: who holds it for a while only is no successor.
async fn others_hold(
    db: &impl ConnectionTrait,
    account: AccountId,
    held: &HeldRole,
    together: &[AccountId],
    now: Timestamp,
    hold: Hold,
) -> Result<bool, StoreError> {
    let mut same = role_grant::Entity::find()
        .filter(role_grant::Column::Role.eq(held.role.slug()))
        .filter(role_grant::Column::Unit.is_null())
        .filter(role_grant::Column::EndsAt.is_null())
        .filter(grants::in_force(now));
    if !held.role.is_global() {
        same = same.filter(role_grant::Column::Organisation.eq(held.organisation.as_str()));
    }
    // Held while roles end, so that the last two cannot end at once.
    let same = match hold {
        Hold::Free => same.all(db).await?,
        Hold::Locked => {
            same.order_by_asc(role_grant::Column::Id)
                .lock_exclusive()
                .all(db)
                .await?
        }
    };
    let holders = same.into_iter().map(|grant| grant.account);
    let holders: Vec<Uuid> = holders
        .filter(|holder| *holder != account.0 && !together.contains(&AccountId(*holder)))
        .collect();
    let active = account::Entity::find()
        .filter(account::Column::Id.is_in(holders))
        .filter(is_in_force())
        .limit(1);
    Ok(active.one(db).await?.is_some())
}
