//! What a connector that is only tried out would do, for those who may set how it is answered; and the end of the trial.

use std::collections::HashMap;

use domain::{
    account::{Account, AccountStatus},
    connector::{ConnectorSettings, TrialKind},
    dictionary::Change,
    organisation::OrganisationCode,
    policy::{Deed, Scope},
    values::ids::{AccountId, Timestamp},
};
use store::{
    access::{
        connectors,
        shadow::{self, Counts, Tried},
    },
    directory::{organisations, people},
};

use crate::{GateError, Visit, submissions::claims::commit};

/// People that a page of a trial shows.
pub const TRIED_A_PAGE: u64 = 50;

/// What a connector has tried, in numbers.
#[derive(Clone, Debug)]
pub struct TrialSummary {
    /// Whether it is only tried out at this moment.
    pub is_on: bool,
    /// How many people are told under each kind; every kind is there.
    pub counts: Counts,
}

impl TrialSummary {
    /// How many are told under one kind.
    #[must_use]
    pub fn count(&self, kind: TrialKind) -> u64 {
        self.counts.get(&kind).copied().unwrap_or_default()
    }

    /// How many people would be otherwise than they are.
    #[must_use]
    pub fn would_change(&self) -> u64 {
        let kinds = TrialKind::ALL.into_iter().filter(|kind| *kind != TrialKind::Collide);
        let told: u64 = kinds.map(|kind| self.count(kind)).sum();
        // They are told under two kinds.
        told.saturating_sub(self.count(TrialKind::DisableAndDelete))
    }
}

/// A page of the people for whom a connector has tried something.
#[derive(Clone, Debug)]
pub struct TrialPage {
    /// The people; at most [`TRIED_A_PAGE`].
    pub people: Vec<TriedPerson>,
    /// Behind whom there are more, if there are.
    pub next: Option<AccountId>,
}

/// Somebody for whom a connector has tried something.
#[derive(Clone, Debug)]
pub struct TriedPerson {
    /// Their account, where it is there and the actor's to see.
    pub account: Option<AccountId>,
    /// Their name.
    pub name: String,
    /// What they are known by: their username, or the other system's key.
    pub known_as: String,
    /// Their organisation's code; empty if none was sent.
    pub organisation: String,
    /// What would change by it, or be there.
    pub changes: Vec<Change>,
    /// The status that they would have, where that is another.
    pub status: Option<AccountStatus>,
    /// Why it is refused; empty if it is not.
    pub said: String,
    /// Who has the key already that was sent, where they are the actor's to see.
    pub known: Option<AccountId>,
    /// When it was tried last.
    pub last: Timestamp,
}

impl Visit<'_> {
    /// What a connector has tried, in numbers, within the actor's scope.
    ///
    /// # Errors
    /// `NotFound` where the account is Connector of nothing in the actor's scope; `Denied` where the actor may not set it.
    pub async fn shadow_summary(&self, connector: AccountId) -> Result<TrialSummary, GateError> {
        let scope = self.of_trial(connector).await?;
        let db = self.gate.store.reader();
        Ok(TrialSummary {
            is_on: connectors::of(db, connector).await?.shadow,
            counts: shadow::count(db, connector, &scope).await?,
        })
    }

    /// A page of the people of one kind, by the account's ID from behind one on.
    ///
    /// # Errors
    /// As [`Self::shadow_summary`].
    pub async fn shadow_people(
        &self,
        connector: AccountId,
        kind: TrialKind,
        after: Option<AccountId>,
    ) -> Result<TrialPage, GateError> {
        let scope = self.of_trial(connector).await?;
        let db = self.gate.store.reader();
        let mut found = shadow::list(db, connector, &scope, kind, after, TRIED_A_PAGE + 1).await?;
        let are_more = found.len() as u64 > TRIED_A_PAGE;
        found.truncate(usize::try_from(TRIED_A_PAGE).unwrap_or(usize::MAX));
        let next = found.last().map(|last| last.account).filter(|_| are_more);
        let ids = found.iter().flat_map(|tried| [Some(tried.account), tried.wish.known]);
        let ids: Vec<_> = ids.flatten().map(|id| id.0).collect();
        let there = people::by_ids(db, &ids).await?;
        let there = self.seen_of(there).await?;
        Ok(TrialPage {
            people: found.into_iter().map(|tried| told(tried, &there)).collect(),
            next,
        })
    }

    /// Lets apply from now on what a connector sends. What was tried is forgotten: its program sends it again.
    ///
    /// # Errors
    /// As [`Self::set_connector`].
    pub async fn go_live(&self, connector: AccountId) -> Result<(), GateError> {
        let before = connectors::of(self.gate.store.reader(), connector).await?;
        let live = ConnectorSettings {
            shadow: false,
            ..before
        };
        self.set_connector(connector, live).await
    }

    /// Forgets what a connector has tried.
    ///
    /// # Errors
    /// As [`Self::shadow_summary`].
    pub async fn clear_trial(&self, connector: AccountId) -> Result<(), GateError> {
        self.of_trial(connector).await?;
        let tx = self.gate.store.begin().await?;
        shadow::clear(&tx, connector).await?;
        commit(tx).await
    }

    /// Of whom the actor is told in a connector's trial; lets nobody past who may not set it.
    async fn of_trial(&self, connector: AccountId) -> Result<Scope, GateError> {
        self.connector(connector).await?;
        let authority = self.authority().await?;
        self.settable(self.gate.store.reader(), &authority, connector).await?;
        Ok(authority.scope(Deed::See))
    }

    /// Those of some accounts that the actor may see.
    async fn seen_of(&self, accounts: Vec<Account>) -> Result<HashMap<AccountId, Account>, GateError> {
        let scope = self.scope(Deed::See).await?;
        let mut codes: Vec<OrganisationCode> = accounts.iter().map(|account| account.organisation.clone()).collect();
        codes.sort();
        codes.dedup();
        let db = self.gate.store.reader();
        let homes = match codes.is_empty() {
            true => vec![],
            false => organisations::by_codes(db, &codes).await?,
        };
        let is_seen = |account: &Account| {
            let home = homes.iter().find(|home| home.code == account.organisation);
            home.is_some_and(|home| scope.covers(&home.path, account.unit().as_ref()))
        };
        let seen = accounts.into_iter().filter(is_seen);
        Ok(seen.map(|account| (account.id, account)).collect())
    }
}

fn told(tried: Tried, there: &HashMap<AccountId, Account>) -> TriedPerson {
    let seen = |id: AccountId| there.contains_key(&id).then_some(id);
    TriedPerson {
        account: seen(tried.account),
        name: tried.name,
        known_as: match tried.user_name.is_empty() {
            true => tried.external_id.unwrap_or_default(),
            false => tried.user_name,
        },
        organisation: tried.organisation,
        changes: tried.wish.changes,
        status: tried.wish.status,
        said: tried.said,
        known: tried.wish.known.and_then(seen),
        last: tried.last,
    }
}
