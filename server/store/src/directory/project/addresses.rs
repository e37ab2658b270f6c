//! The addresses that accounts have and had, as the events of a chunk leave them: read with the accounts in one statement,
//! written in three.

use std::collections::{BTreeMap, HashMap};

use domain::values::email_address::EmailAddress;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    StoreError,
    entities::{account, address},
    lists::{insert_all, padded},
};

/// Addresses that one statement changes.
const AT_ONCE: usize = 1000;

/// The addresses of some accounts: each with whether it is their own now, and whether it was when it was read; `None` if it
/// is new.
pub(super) struct Addresses(HashMap<Uuid, BTreeMap<String, (bool, Option<bool>)>>);

/// Reads some accounts, by their IDs, and their addresses.
pub(super) async fn with_addresses(
    db: &impl ConnectionTrait,
    ids: impl Iterator<Item = Uuid>,
) -> Result<(HashMap<Uuid, account::Model>, Addresses), StoreError> {
    let held = account::Entity::belongs_to(address::Entity)
        .from(account::Column::Id)
        .to(address::Column::Account);
    let found = account::Entity::find()
        .join(JoinType::LeftJoin, held.into())
        .filter(account::Column::Id.is_in(padded(ids)))
        .select_also(address::Entity);
    let (mut accounts, mut addresses) = (HashMap::new(), Addresses(HashMap::new()));
    for (own, held) in found.all(db).await? {
        if let Some(held) = held.filter(|held| !held.user_name) {
            let addresses = addresses.0.entry(own.id).or_default();
            addresses.insert(held.address, (held.current, Some(held.current)));
        }
        accounts.insert(own.id, own);
    }
    Ok((accounts, addresses))
}

impl Addresses {
    /// Those that an account had before, in order.
    pub(super) fn former(&self, account: Uuid) -> Vec<String> {
        let own = self.0.get(&account).into_iter().flatten();
        own.filter(|(_, (is_current, _))| !is_current)
            .map(|(address, _)| address.clone())
            .collect()
    }

    /// The old address stays as an alias; the new one is taken, unless it is an alias coming back.
    pub(super) fn change(&mut self, account: Uuid, now: &str) {
        let own = self.0.entry(account).or_default();
        for (address, (is_current, _)) in own.iter_mut() {
            *is_current = address == now;
        }
        if EmailAddress::parse(now).is_ok() {
            own.entry(now.to_owned()).or_insert((true, None));
        }
    }

    /// Writes what has changed.
    pub(super) async fn write(self, db: &impl ConnectionTrait) -> Result<(), StoreError> {
        let (mut former, mut current, mut new) = (Vec::new(), Vec::new(), Vec::new());
        for (account, own) in self.0 {
            for (address, (is_current, was_current)) in own {
                match was_current {
                    None => new.extend(row(account, &address, is_current)),
                    Some(was) if was == is_current => {}
                    Some(_) if is_current => current.push(address),
                    Some(_) => former.push(address),
                }
            }
        }
        // An account has one address at a time: the old one first.
        for (addresses, is_current) in [(former, false), (current, true)] {
            for chunk in addresses.chunks(AT_ONCE) {
                address::Entity::update_many()
                    .col_expr(address::Column::Current, Expr::value(is_current))
                    .filter(address::Column::Address.is_in(padded(chunk)))
                    .exec(db)
                    .await?;
            }
        }
        insert_all(db, new).await
    }
}

fn row(account: Uuid, address: &str, is_current: bool) -> Option<address::ActiveModel> {
    let own = EmailAddress::parse(address).ok()?;
    Some(address::ActiveModel {
        stem: Set(own.stem()),
        address: Set(own.as_str().to_owned()),
        account: Set(account),
        current: Set(is_current),
        user_name: Set(false),
        erased_at: Set(None),
        organisation: Set(None),
    })
}
