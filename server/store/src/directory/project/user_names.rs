//! The names that people sign in with, beside the addresses: one key keeps both apart.
//!
//! They are given free first and taken last, so that one chunk may pass a name on, or make it the address of its holder.

use std::collections::BTreeMap;

use domain::{
    account::sign_in_name,
    dictionary::Attribute,
    event::{AccountFact, Event, Fact},
    values::email_address::EmailAddress,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::{
    StoreError,
    entities::{account, address},
    lists::{insert_all, padded},
};

/// Gives the names free that are about to change, and returns whose names are to be taken once everything else is written.
pub(super) async fn free(db: &impl ConnectionTrait, events: &[Event]) -> Result<Vec<Uuid>, StoreError> {
    let named = events.iter().filter_map(|event| match &event.fact {
        Fact::Account(account, _, AccountFact::Created { attributes, .. }) => {
            attributes.get(Attribute::UserName).map(|_| account.0)
        }
        _ => None,
    });
    // An address that somebody gets may be their own name to sign in with.
    let is_about = |attribute| matches!(attribute, Attribute::UserName | Attribute::EmailAddress);
    let changed = events.iter().filter_map(|event| {
        let changes = event.fact.changes();
        let account = event.fact.account()?;
        changes
            .iter()
            .any(|change| is_about(change.attribute))
            .then_some(account.0)
    });
    let changed: Vec<_> = changed.collect();
    if !changed.is_empty() {
        address::Entity::delete_many()
            .filter(address::Column::Account.is_in(padded(changed.iter().copied())))
            .filter(address::Column::UserName.eq(true))
            .exec(db)
            .await?;
    }
    let mut people: Vec<_> = named.chain(changed).collect();
    people.sort_unstable();
    people.dedup();
    Ok(people)
}

/// Takes the names that people have now. A name that is an address or an alias of its holder needs no row of its own.
pub(super) async fn take(db: &impl ConnectionTrait, people: Vec<Uuid>) -> Result<(), StoreError> {
    if people.is_empty() {
        return Ok(());
    }
    let held = account::Entity::belongs_to(address::Entity)
        .from(account::Column::Id)
        .to(address::Column::Account);
    let named: Vec<(Uuid, String, Option<String>)> = account::Entity::find()
        .select_only()
        .columns([account::Column::Id, account::Column::UserName])
        .column(address::Column::Address)
        .join(JoinType::LeftJoin, held.into())
        .filter(account::Column::Id.is_in(padded(people)))
        .filter(account::Column::UserName.is_not_null())
        .into_tuple()
        .all(db)
        .await?;
    // By each person, their name, and whether it is an address of theirs.
    let mut names: BTreeMap<Uuid, (String, bool)> = BTreeMap::new();
    for (id, name, address) in named {
        let (name, is_own) = names.entry(id).or_insert_with(|| (sign_in_name(&name), false));
        *is_own |= address.as_ref() == Some(&*name);
    }
    let rows = names.into_iter().filter(|(_, (_, is_own))| !is_own);
    let rows = rows.map(|(id, (name, _))| address::ActiveModel {
        stem: Set(stem(&name)),
        address: Set(name),
        account: Set(id),
        current: Set(false),
        user_name: Set(true),
        erased_at: Set(None),
        organisation: Set(None),
    });
    insert_all(db, rows.collect()).await
}

/// Of a name that is an address its stem, so that nobody is given that address; of others none.
fn stem(name: &str) -> String {
    let address = EmailAddress::parse(name)
        .ok()
        .filter(|address| address.as_str() == name);
    address.map(|address| address.stem()).unwrap_or_default()
}
