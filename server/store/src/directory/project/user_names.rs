//! The names that people sign in with, beside the addresses: one key keeps both apart.
//!
//! They are given free first and taken last, so that one chunk may pass a name on, or make it the address of its holder.

use domain::{
    account::sign_in_name,
    dictionary::Attribute,
    event::{AccountFact, Event, Fact},
    values::email_address::EmailAddress,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
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
    let named: Vec<(Uuid, String)> = account::Entity::find()
        .select_only()
        .columns([account::Column::Id, account::Column::UserName])
        .filter(account::Column::Id.is_in(padded(people)))
        .filter(account::Column::UserName.is_not_null())
        .into_tuple()
        .all(db)
        .await?;
    if named.is_empty() {
        return Ok(());
    }
    let named: Vec<_> = named.into_iter().map(|(id, name)| (id, sign_in_name(&name))).collect();
    let own = address::Entity::find()
        .filter(address::Column::Account.is_in(padded(named.iter().map(|(id, _)| *id))))
        .all(db)
        .await?;
    let is_own = |id: Uuid, name: &str| own.iter().any(|row| row.account == id && row.address == name);
    let rows = named.iter().filter(|(id, name)| !is_own(*id, name));
    let rows = rows.map(|(id, name)| address::ActiveModel {
        stem: Set(stem(name)),
        address: Set(name.clone()),
        account: Set(*id),
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
