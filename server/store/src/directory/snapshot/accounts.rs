//! The accounts that requests can touch, or that new people may be.

use std::collections::HashSet;

use domain::{organisation::Organisation, policy::Scope, values::ids::AccountId};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::ExprTrait};
use tokio::try_join;
use uuid::Uuid;

use super::{
    alike::{self, Asked, Newcomers},
    hold::Hold,
};
use crate::{
    StoreError,
    directory::scope::within,
    entities::{account, address},
    lists::padded,
};

/// By what accounts are found: by their IDs, and by what follows.
pub(super) struct PointedAt<'a> {
    pub(super) ids: &'a HashSet<Uuid>,
    /// The people of rows that may be new.
    pub(super) people: &'a [Asked],
    /// The local IDs that somebody has.
    pub(super) local_ids: &'a HashSet<&'a str>,
    /// Who has the addresses.
    pub(super) by_address: &'a [address::Model],
    /// Their organisations.
    pub(super) known: &'a [Organisation],
}

/// Who has these addresses, or had them.
pub(super) async fn holders_of_addresses(
    db: &impl ConnectionTrait,
    addresses: &HashSet<String>,
) -> Result<Vec<address::Model>, StoreError> {
    if addresses.is_empty() {
        return Ok(vec![]);
    }
    let named = address::Entity::find().filter(address::Column::Address.is_in(padded(addresses)));
    Ok(named.filter(address::Column::UserName.eq(false)).all(db).await?)
}

/// The accounts that are pointed at, those that new people look like, and their namesakes.
pub(super) async fn find_accounts(
    db: &impl ConnectionTrait,
    scope: &Scope,
    also_visible: Vec<AccountId>,
    pointed_at: PointedAt<'_>,
    among: Option<&HashSet<Uuid>>,
    hold: Hold,
) -> Result<Vec<account::Model>, StoreError> {
    let PointedAt {
        ids,
        people,
        local_ids,
        by_address,
        known,
    } = pointed_at;
    let in_scope = within(scope, account::Column::Organisation, Some(account::Column::Unit));
    let roots = roots_of(known);
    let ids = ids.iter().copied().chain(by_address.iter().map(|row| row.account));
    let ids: HashSet<_> = ids.collect();
    let mut by_key = Condition::any();
    // A list of nothing is true of nobody, but databases look at everybody to find that out.
    if !local_ids.is_empty() && !roots.is_empty() {
        let here = account::Column::Root.is_in(padded(&roots));
        by_key = by_key.add(here.and(account::Column::LocalId.is_in(padded(local_ids.iter().copied()))));
    }
    if !ids.is_empty() {
        by_key = by_key.add(account::Column::Id.is_in(padded(ids)));
    }
    let visible = Condition::any()
        .add(in_scope.clone())
        .add(account::Column::Id.is_in(also_visible.iter().map(|also| also.0)));
    let pointed_at = account::Entity::find().filter(visible).filter(by_key.clone());
    let mut found = match hold {
        _ if by_key.is_empty() => vec![],
        Hold::Free => pointed_at.all(db).await?,
        Hold::Locked => pointed_at.lock_exclusive().all(db).await?,
    };
    let new = Newcomers::among(people, &found, by_address, known);
    let (looks, namesakes) = try_join!(
        Box::pin(alike::within_an_organisation(db, &in_scope, &new, among)),
        Box::pin(alike::namesakes(db, in_scope.clone(), &new, &roots)),
    )?;
    let mut have: HashSet<Uuid> = found.iter().map(|row| row.id).collect();
    found.extend(looks.into_iter().chain(namesakes).filter(|row| have.insert(row.id)));
    Ok(found)
}

/// The roots of the trees that organisations stand in.
pub(super) fn roots_of(organisations: &[Organisation]) -> HashSet<String> {
    let roots = organisations.iter().map(|organisation| organisation.path.root());
    roots.map(str::to_owned).collect()
}
