//! Histories: what happened to a person, in an organisation, by a submission; for those who may read the audit log.

use std::collections::{HashMap, HashSet};

use domain::{
    account::Account,
    contact::Contact,
    event::{AccountFact, ContactFact, Event, Fact},
    organisation::{Organisation, OrganisationCode},
    policy::{Deed, Scope},
    values::ids::{AccountId, ContactId},
};
use store::{
    directory::{
        organisations,
        people::{self, Named},
    },
    trail::events,
};
use uuid::Uuid;

use crate::{GateError, Visit};

/// Entries of a history that a page shows.
const HISTORY: u64 = 200;

/// Events that an export of one person's history may hold.
const WHOLE_HISTORY: u64 = 100_000;

/// People by their IDs, to be linked to.
pub type Names = HashMap<Uuid, Named>;

/// What happened in an organisation.
#[derive(Clone, Debug)]
pub struct Trail {
    /// The organisation.
    pub organisation: Organisation,
    /// The events with their numbers, newest first.
    pub events: Vec<(i64, Event)>,
    /// The people they are about, as far as they are still the actor's to see.
    pub names: Names,
}

impl Visit<'_> {
    /// Those of some organisations whose audit log the actor may read.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audited(&self, organisations: &[Organisation]) -> Result<Vec<OrganisationCode>, GateError> {
        let scope = self.scope(Deed::ReadAuditTrail).await?;
        let read = organisations
            .iter()
            .filter(|organisation| scope.covers_whole(&organisation.path));
        Ok(read.map(|organisation| organisation.code.clone()).collect())
    }

    /// What happened in an organisation, newest first; on from behind an event's number.
    ///
    /// # Errors
    /// `NotFound` where the actor may not read its trail.
    pub async fn organisation_history(
        &self,
        code: &OrganisationCode,
        before: Option<i64>,
        limit: u64,
    ) -> Result<Trail, GateError> {
        let scope = self.scope(Deed::ReadAuditTrail).await?;
        let organisation = self.organisation_of(code).await?;
        if !scope.covers_whole(&organisation.path) {
            return Err(GateError::NotFound);
        }
        let db = self.gate.store.reader();
        let mut events = events::of_organisation(db, code, before, limit).await?;
        let read = self.readable(&scope, events.iter().map(|(_, event)| event)).await?;
        for (_, event) in &mut events {
            hide_other_side(event, &read);
        }
        let mut named: Vec<_> = events.iter().filter_map(|(_, event)| event.fact.person()).collect();
        named.sort();
        named.dedup();
        let seen = self.scope(Deed::See).await?;
        Ok(Trail {
            organisation,
            names: people::names_within(db, &seen, &named).await?,
            events,
        })
    }

    /// What happened to an account, newest first; none where the actor may not read the audit log there.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn account_history(&self, id: AccountId) -> Result<Option<Vec<Event>>, GateError> {
        let scope = self.scope(Deed::ReadAuditTrail).await?;
        let db = self.gate.store.reader();
        match people::account(db, &scope, id).await? {
            Some(_) => Ok(Some(self.trail_of(&scope, &id.to_string(), HISTORY).await?)),
            None => Ok(None),
        }
    }

    /// What happened to a contact; as [`Self::account_history`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn contact_history(&self, id: ContactId) -> Result<Option<Vec<Event>>, GateError> {
        let scope = self.scope(Deed::ReadAuditTrail).await?;
        let db = self.gate.store.reader();
        match people::contact(db, &scope, id).await? {
            Some(_) => Ok(Some(self.trail_of(&scope, &id.to_string(), HISTORY).await?)),
            None => Ok(None),
        }
    }

    /// An account with all that happened to it, newest first, for an export.
    ///
    /// # Errors
    /// `NotFound` where it is not there, or its audit log is not the actor's to read.
    pub async fn account_trail(&self, id: AccountId) -> Result<(Account, Vec<Event>), GateError> {
        let scope = self.scope(Deed::ReadAuditTrail).await?;
        let db = self.gate.store.reader();
        let account = people::account(db, &scope, id).await?.ok_or(GateError::NotFound)?;
        Ok((account, self.trail_of(&scope, &id.to_string(), WHOLE_HISTORY).await?))
    }

    /// As [`Self::account_trail`], for a contact.
    ///
    /// # Errors
    /// As there.
    pub async fn contact_trail(&self, id: ContactId) -> Result<(Contact, Vec<Event>), GateError> {
        let scope = self.scope(Deed::ReadAuditTrail).await?;
        let db = self.gate.store.reader();
        let contact = people::contact(db, &scope, id).await?.ok_or(GateError::NotFound)?;
        Ok((contact, self.trail_of(&scope, &id.to_string(), WHOLE_HISTORY).await?))
    }

    /// What happened to somebody, as far as it happened where the actor may read the trail: who was elsewhere before has a
    /// history there that stays there.
    async fn trail_of(&self, scope: &Scope, subject: &str, limit: u64) -> Result<Vec<Event>, GateError> {
        let mut trail = events::of_subject(self.gate.store.reader(), subject, limit).await?;
        let read = self.readable(scope, trail.iter()).await?;
        trail.retain(|event| {
            let other = event.fact.other_organisation();
            read.contains(event.fact.organisation()) || other.is_some_and(|other| read.contains(other))
        });
        for event in &mut trail {
            hide_other_side(event, &read);
        }
        Ok(trail)
    }

    /// Those of the organisations in events whose trail the actor may read, in whole or for a unit.
    pub(crate) async fn readable(
        &self,
        scope: &Scope,
        events: impl Iterator<Item = &Event>,
    ) -> Result<HashSet<OrganisationCode>, GateError> {
        let codes: HashSet<_> = events
            .flat_map(|event| [Some(event.fact.organisation()), event.fact.other_organisation()])
            .flatten()
            .cloned()
            .collect();
        let codes: Vec<_> = codes.into_iter().collect();
        let found = organisations::by_codes(self.gate.store.reader(), &codes).await?;
        let read = found
            .into_iter()
            .filter(|place| scope.covers_whole(&place.path) || scope.units_of(&place.path).next().is_some());
        Ok(read.map(|place| place.code).collect())
    }
}

/// Of a move between two organisations the new one sees what is its own, and the former one that it was left, and for
/// which: what it had of the person stands in its history already.
pub(crate) fn hide_other_side(event: &mut Event, read: &HashSet<OrganisationCode>) {
    let (Fact::Account(_, organisation, AccountFact::Moved { from, changes, .. })
    | Fact::Contact(_, organisation, ContactFact::Moved { from, changes })) = &mut event.fact
    else {
        return;
    };
    if !read.contains(organisation) {
        changes.clear();
    }
    if !read.contains(from) {
        // What did not come along is no change here.
        changes.retain(|change| change.after.is_some());
        changes.iter_mut().for_each(|change| change.before = None);
    }
}
