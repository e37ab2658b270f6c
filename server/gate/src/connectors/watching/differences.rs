//! Where the directory and a connector's machine have drifted apart.

use std::collections::HashMap;

use domain::{
    account::Account,
    connector::{as_held, holds},
    dictionary::Attribute,
    policy::Deed,
    values::ids::{AccountId, Timestamp},
};
use store::{
    access::links::{self, Link},
    directory::people,
};

use crate::{GateError, Visit};

/// As much of each as a page shows.
const SHOWN: usize = 50;

/// Links that are read at once.
const AT_ONCE: u64 = 500;

/// How often links are read on: beyond that, a page would wait too long.
const STRETCHES: usize = 10;

/// Days without a word of an account.
const UNMENTIONED_DAYS: i64 = 30;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// Where the directory and a connector's machine have drifted apart; of each, at most 50.
#[derive(Clone, Debug, Default)]
pub struct Differences {
    /// Values that somebody changed by hand, so that they are not what the machine says.
    pub edited: Vec<Edited>,
    /// Accounts that the machine knows and has said nothing of for 30 days, the longest first.
    pub unmentioned: Vec<Unmentioned>,
    /// Values of which another connector says something else.
    pub disagreements: Vec<Disagreement>,
}

impl Differences {
    /// Whether there are none at all.
    #[must_use]
    pub const fn are_none(&self) -> bool {
        self.edited.is_empty() && self.unmentioned.is_empty() && self.disagreements.is_empty()
    }
}

/// A value that somebody changed by hand, so that it is not what a machine says.
#[derive(Clone, Debug)]
pub struct Edited {
    /// Whose.
    pub account: Account,
    /// Which detail.
    pub attribute: Attribute,
    /// What the machine last said; empty if it emptied it.
    pub asserted: String,
    /// What it is now; empty if it is nothing.
    pub now: String,
}

/// An account that a machine knows and has said nothing of for a while.
#[derive(Clone, Debug)]
pub struct Unmentioned {
    /// The account.
    pub account: Account,
    /// When the machine said something of it last.
    pub last: Timestamp,
}

/// A value of which two connectors say different things.
#[derive(Clone, Debug)]
pub struct Disagreement {
    /// Whose.
    pub account: Account,
    /// Which detail.
    pub attribute: Attribute,
    /// What this connector's machine last said.
    pub own: String,
    /// The name of the other connector.
    pub other_name: String,
    /// What the other's machine last said.
    pub other: String,
}

impl Visit<'_> {
    /// Where the actor's people and a connector's machine have drifted apart.
    pub(super) async fn differences(&self, connector: AccountId) -> Result<Differences, GateError> {
        Ok(Differences {
            edited: self.edited(connector).await?,
            unmentioned: self.unmentioned(connector).await?,
            disagreements: self.disagreements(connector).await?,
        })
    }

    /// Values that the actor's people have otherwise by hand than a machine says.
    async fn edited(&self, connector: AccountId) -> Result<Vec<Edited>, GateError> {
        let (db, rules) = (self.gate.store.reader(), self.gate.rules());
        let scope = self.scope(Deed::See).await?;
        let (mut changed, mut after) = (Vec::new(), None);
        for _ in 0..STRETCHES {
            let found = links::changed_by_hand(db, &scope, connector, after, AT_ONCE).await?;
            let accounts = self.accounts_of(&found).await?;
            for link in &found {
                let Some(account) = accounts.get(&link.account) else {
                    continue;
                };
                for attribute in account.by_hand.keys().copied() {
                    let Some(asserted) = link.asserted.get(&attribute) else {
                        continue;
                    };
                    if holds(&account.attributes, attribute, asserted, rules) {
                        continue;
                    }
                    changed.push(Edited {
                        account: account.clone(),
                        attribute,
                        asserted: as_held(attribute, asserted, rules),
                        now: account.attributes.text(attribute).to_owned(),
                    });
                }
            }
            after = found.last().map(|link| link.account);
            if changed.len() >= SHOWN || (found.len() as u64) < AT_ONCE {
                break;
            }
        }
        changed.truncate(SHOWN);
        Ok(changed)
    }

    /// The actor's people of whom a machine has said nothing for a while.
    async fn unmentioned(&self, connector: AccountId) -> Result<Vec<Unmentioned>, GateError> {
        let (db, now) = (self.gate.store.reader(), self.gate.now());
        let scope = self.scope(Deed::See).await?;
        let since = now.plus_seconds(-UNMENTIONED_DAYS * DAY);
        let found = links::unmentioned(db, &scope, connector, since, SHOWN as u64).await?;
        let accounts = self.accounts_of(&found).await?;
        let listed = found.iter().filter_map(|link| {
            Some(Unmentioned {
                account: accounts.get(&link.account)?.clone(),
                last: link.asserted_at,
            })
        });
        Ok(listed.collect())
    }

    /// Values of the actor's people of which another connector's machine says something else.
    async fn disagreements(&self, connector: AccountId) -> Result<Vec<Disagreement>, GateError> {
        let (db, rules) = (self.gate.store.reader(), self.gate.rules());
        let scope = self.scope(Deed::See).await?;
        let (mut disagreements, mut after) = (Vec::new(), None);
        for _ in 0..STRETCHES {
            let found = links::known_twice(db, &scope, connector, after, AT_ONCE).await?;
            let accounts = self.accounts_of(&found).await?;
            let known: Vec<_> = found.iter().map(|link| link.account.0).collect();
            let others = links::of_others(db, connector, &known).await?;
            let named: Vec<_> = others.iter().map(|other| other.connector.0).collect();
            let named = people::by_ids(db, &named).await?;
            let links: HashMap<_, _> = found.iter().map(|link| (link.account, link)).collect();
            for theirs in &others {
                let (Some(link), Some(account)) = (links.get(&theirs.account), accounts.get(&theirs.account)) else {
                    continue;
                };
                let other_name = named.iter().find(|named| named.id == theirs.connector);
                let other_name = other_name.map(Account::full_name).unwrap_or_default();
                for (attribute, said) in &link.asserted {
                    let Some(other) = theirs.asserted.get(attribute) else {
                        continue;
                    };
                    let (own, other) = (as_held(*attribute, said, rules), as_held(*attribute, other, rules));
                    if own != other {
                        disagreements.push(Disagreement {
                            account: account.clone(),
                            attribute: *attribute,
                            own,
                            other_name: other_name.clone(),
                            other,
                        });
                    }
                }
            }
            after = found.last().map(|link| link.account);
            if disagreements.len() >= SHOWN || (found.len() as u64) < AT_ONCE {
                break;
            }
        }
        disagreements.truncate(SHOWN);
        Ok(disagreements)
    }

    /// The accounts of links that were read within the actor's scope.
    async fn accounts_of(&self, links: &[Link]) -> Result<HashMap<AccountId, Account>, GateError> {
        let ids: Vec<_> = links.iter().map(|link| link.account.0).collect();
        let found = people::by_ids(self.gate.store.reader(), &ids).await?;
        Ok(found.into_iter().map(|account| (account.id, account)).collect())
    }
}
