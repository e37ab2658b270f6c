//! Reading rights: always now, always in the transaction that acts on them.

use domain::{
    account::AccountStatus,
    organisation::{OrganisationPath, UnitPath},
    policy::{Actor, Authority, Grant, Role},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::{
    StoreError,
    entities::{account, organisation, role_grant},
    word,
};

/// The rights an actor has at this moment. Only an active account has any.
///
/// # Errors
/// When the database fails.
pub async fn authority(db: &impl ConnectionTrait, actor: &Actor) -> Result<Authority, StoreError> {
    let Some(id) = actor.account() else {
        return Ok(Authority::new(actor.clone(), vec![]));
    };
    let holder = account::Entity::find_by_id(id.0).one(db).await?;
    let is_active = holder.is_some_and(|holder| holder.status == AccountStatus::Active.name());
    if !is_active {
        return Ok(Authority::new(actor.clone(), vec![]));
    }
    let held = role_grant::Entity::find()
        .filter(role_grant::Column::Account.eq(id.0))
        .all(db)
        .await?;
    let codes = held.iter().map(|grant| grant.organisation.clone());
    let places = organisation::Entity::find()
        .filter(organisation::Column::Code.is_in(codes))
        .all(db)
        .await?;
    let mut grants = Vec::with_capacity(held.len());
    for grant in &held {
        let Some(place) = places.iter().find(|place| place.code == grant.organisation) else {
            continue;
        };
        grants.push(Grant {
            role: word(&grant.role, Role::from_slug)?,
            path: OrganisationPath::stored(place.path.clone()),
            unit: grant.unit.as_deref().map(UnitPath::parse),
        });
    }
    grants.sort_by(|a, b| (a.role, &a.path, &a.unit).cmp(&(b.role, &b.path, &b.unit)));
    Ok(Authority::new(actor.clone(), grants))
}
