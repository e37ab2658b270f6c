//! Histories: what happened to a person, in an organisation, by a submission; for those who may read the audit trail.

use std::collections::HashMap;

use domain::{
    account::Account,
    contact::Contact,
    event::Event,
    ids::{AccountId, ContactId, SubmissionId},
    organisation::{Organisation, OrganisationCode},
    policy::Deed,
};
use store::{
    events,
    people::{self, Named},
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
    /// Those of some organisations whose audit trail the actor may read.
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
        let events = events::of_organisation(db, code, before, limit).await?;
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

    /// What a submission did, in the order in which it did it.
    ///
    /// # Errors
    /// `NotFound` as for the submission itself.
    pub async fn submission_history(
        &self,
        id: &SubmissionId,
        after: Option<i64>,
        limit: u64,
    ) -> Result<Vec<(i64, Event)>, GateError> {
        let submission = self.submission(id).await?;
        Ok(events::of_submission(self.gate.store.reader(), &submission.id, after, limit).await?)
    }

    /// What happened to an account, newest first; none where the actor may not read the audit trail there.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn account_history(&self, id: AccountId) -> Result<Option<Vec<Event>>, GateError> {
        let scope = self.scope(Deed::ReadAuditTrail).await?;
        let db = self.gate.store.reader();
        match people::account(db, &scope, id).await? {
            Some(_) => Ok(Some(events::of_subject(db, &id.to_string(), HISTORY).await?)),
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
            Some(_) => Ok(Some(events::of_subject(db, &id.to_string(), HISTORY).await?)),
            None => Ok(None),
        }
    }

    /// An account with all that happened to it, newest first, for an export.
    ///
    /// # Errors
    /// `NotFound` where it is not there, or its audit trail is not the actor's to read.
    pub async fn account_trail(&self, id: AccountId) -> Result<(Account, Vec<Event>), GateError> {
        let scope = self.scope(Deed::ReadAuditTrail).await?;
        let db = self.gate.store.reader();
        let account = people::account(db, &scope, id).await?.ok_or(GateError::NotFound)?;
        Ok((account, events::of_subject(db, &id.to_string(), WHOLE_HISTORY).await?))
    }

    /// As [`Self::account_trail`], for a contact.
    ///
    /// # Errors
    /// As there.
    pub async fn contact_trail(&self, id: ContactId) -> Result<(Contact, Vec<Event>), GateError> {
        let scope = self.scope(Deed::ReadAuditTrail).await?;
        let db = self.gate.store.reader();
        let contact = people::contact(db, &scope, id).await?.ok_or(GateError::NotFound)?;
        Ok((contact, events::of_subject(db, &id.to_string(), WHOLE_HISTORY).await?))
    }
}
