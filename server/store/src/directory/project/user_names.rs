//! The names that people sign in with, beside the addresses: one key keeps both apart.
//!
//! They are given free first and taken last, so that one chunk may pass a name on, or make it the address of its holder.

use std::collections::{BTreeMap, HashMap};

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

/// Whose names are to be taken once everything else is written.
pub(super) struct Renamed {
    /// Those who are made and nothing else: all that is known of them is in their event.
    made: Vec<(Uuid, String)>,
    /// The others, who are read again.
    others: Vec<Uuid>,
}

/// Gives the names free that are about to change.
pub(super) async fn free(db: &impl ConnectionTrait, events: &[Event]) -> Result<Renamed, StoreError> {
    let mut renamed = Renamed {
        made: vec![],
        others: vec![],
    };
    let mut told: HashMap<Uuid, usize> = HashMap::new();
    for account in events.iter().filter_map(|event| event.fact.account()) {
        *told.entry(account.0).or_default() += 1;
    }
    for event in events {
        let Fact::Account(account, _, AccountFact::Created { attributes, .. }) = &event.fact else {
            continue;
        };
        let Some(name) = attributes.get(Attribute::UserName) else {
            continue;
        };
        if told.get(&account.0) != Some(&1) {
            renamed.others.push(account.0);
            continue;
        }
        let name = sign_in_name(name.as_str());
        let own = EmailAddress::parse(attributes.text(Attribute::EmailAddress)).ok();
        if own.is_none_or(|own| own.as_str() != name) {
            renamed.made.push((account.0, name));
        }
    }
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
    renamed.others.extend(changed);
    renamed.others.sort_unstable();
    renamed.others.dedup();
    Ok(renamed)
}

/// Takes the names that people have now. A name that is an address or an alias of its holder needs no row of its own.
pub(super) async fn take(db: &impl ConnectionTrait, renamed: Renamed) -> Result<(), StoreError> {
    let mut names = renamed.made;
    names.extend(names_of(db, renamed.others).await?);
    let rows = names.into_iter().map(|(id, name)| address::ActiveModel {
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

/// The names that some people have now, but those that are addresses of theirs.
async fn names_of(db: &impl ConnectionTrait, people: Vec<Uuid>) -> Result<Vec<(Uuid, String)>, StoreError> {
    if people.is_empty() {
        return Ok(vec![]);
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
    let names = names.into_iter().filter(|(_, (_, is_own))| !is_own);
    Ok(names.map(|(id, (name, _))| (id, name)).collect())
}

/// Of a name that is an address its stem, so that nobody is given that address; of others none.
fn stem(name: &str) -> String {
    let address = EmailAddress::parse(name)
        .ok()
        .filter(|address| address.as_str() == name);
    address.map(|address| address.stem()).unwrap_or_default()
}
