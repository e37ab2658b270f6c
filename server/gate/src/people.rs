//! Looking at people: lists, searches, one person with their history, and who is asking.

use domain::{
    account::Account,
    contact::Contact,
    event::Event,
    ids::{AccountId, ContactId},
    organisation::Organisation,
    policy::{Deed, Role},
};
use store::{
    events, organisations,
    people::{self, Listed, Query},
};

use crate::{GateError, Visit};

/// People a page shows.
pub const PEOPLE_A_PAGE: u64 = 50;

/// Entries of a history that a page shows.
const HISTORY: u64 = 200;

/// Accounts or contacts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PersonKind {
    /// With a mailbox here.
    #[default]
    Account,
    /// Without.
    Contact,
}

/// A page of people.
#[derive(Clone, Debug)]
pub struct Listing<P> {
    /// The people, by name.
    pub people: Vec<Listed<P>>,
    /// The organisations they belong to.
    pub organisations: Vec<Organisation>,
    /// Whether there are more behind them.
    pub more: bool,
}

/// Who is asking, and what they look after.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Their own account.
    pub account: Account,
    /// The roles they hold, each with the organisation.
    pub roles: Vec<(Role, Organisation)>,
    /// Whether they may upload files.
    pub uploads: bool,
    /// Whether they see uploads of their scope.
    pub sees_uploads: bool,
    /// Whether they see any people.
    pub sees_people: bool,
}

impl Visit<'_> {
    /// Who is asking.
    ///
    /// # Errors
    /// `NotFound` when the account is gone.
    pub async fn profile(&self) -> Result<Profile, GateError> {
        let db = self.gate.store.reader();
        let authority = self.authority().await?;
        let everywhere = domain::policy::Scope {
            everything: true,
            parts: vec![],
        };
        let id = self.actor.account().ok_or(GateError::NotFound)?;
        let account = people::account(db, &everywhere, id).await?.ok_or(GateError::NotFound)?;
        let mut roles = Vec::new();
        for grant in authority.grants() {
            let last = grant
                .path
                .as_str()
                .trim_matches('/')
                .rsplit('/')
                .next()
                .unwrap_or_default()
                .to_owned();
            let code = domain::organisation::OrganisationCode::parse(&last).map_err(|_| GateError::NotFound)?;
            roles.extend(
                organisations::by_codes(db, &[code])
                    .await?
                    .into_iter()
                    .map(|place| (grant.role, place)),
            );
        }
        let uploads = !authority.scope(Deed::UploadCsv).is_empty();
        Ok(Profile {
            account,
            roles,
            uploads,
            sees_uploads: uploads || !authority.scope(Deed::ReadAuditTrail).is_empty(),
            sees_people: !authority.scope(Deed::See).is_empty(),
        })
    }

    /// The organisations that the actor looks after, in the tree's order, at most so many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn organisations(&self, limit: u64) -> Result<Vec<Organisation>, GateError> {
        Ok(organisations::list(self.gate.store.reader(), &self.scope(Deed::See).await?, limit).await?)
    }

    /// Accounts of the scope.
    ///
    /// # Errors
    /// `Denied` where the actor looks after nobody.
    pub async fn accounts(&self, query: &Query) -> Result<Listing<Account>, GateError> {
        let scope = self.seeing().await?;
        let people = people::accounts(self.gate.store.reader(), &scope, query, PEOPLE_A_PAGE + 1).await?;
        self.listing(people, |account| &account.organisation).await
    }

    /// Contacts of the scope.
    ///
    /// # Errors
    /// `Denied` where the actor looks after nobody.
    pub async fn contacts(&self, query: &Query) -> Result<Listing<Contact>, GateError> {
        let scope = self.seeing().await?;
        let people = people::contacts(self.gate.store.reader(), &scope, query, PEOPLE_A_PAGE + 1).await?;
        self.listing(people, |contact| &contact.organisation).await
    }

    /// One account of the scope, with its organisation.
    ///
    /// # Errors
    /// `NotFound` where it is not there or not in the scope.
    pub async fn account(&self, id: AccountId) -> Result<(Account, Organisation), GateError> {
        let scope = self.scope(Deed::See).await?;
        let account = people::account(self.gate.store.reader(), &scope, id)
            .await?
            .ok_or(GateError::NotFound)?;
        let organisation = self.organisation_of(&account.organisation).await?;
        Ok((account, organisation))
    }

    /// One contact of the scope, with its organisation.
    ///
    /// # Errors
    /// `NotFound` where it is not there or not in the scope.
    pub async fn contact(&self, id: ContactId) -> Result<(Contact, Organisation), GateError> {
        let scope = self.scope(Deed::See).await?;
        let contact = people::contact(self.gate.store.reader(), &scope, id)
            .await?
            .ok_or(GateError::NotFound)?;
        let organisation = self.organisation_of(&contact.organisation).await?;
        Ok((contact, organisation))
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

    async fn seeing(&self) -> Result<domain::policy::Scope, GateError> {
        let scope = self.scope(Deed::See).await?;
        if scope.is_empty() {
            Err(GateError::Denied)
        } else {
            Ok(scope)
        }
    }

    async fn organisation_of(&self, code: &domain::organisation::OrganisationCode) -> Result<Organisation, GateError> {
        let found = organisations::by_codes(self.gate.store.reader(), std::slice::from_ref(code)).await?;
        found.into_iter().next().ok_or(GateError::NotFound)
    }

    async fn listing<P>(
        &self,
        mut people: Vec<Listed<P>>,
        code: impl Fn(&P) -> &domain::organisation::OrganisationCode,
    ) -> Result<Listing<P>, GateError> {
        let more = people.len() as u64 > PEOPLE_A_PAGE;
        people.truncate(PEOPLE_A_PAGE.try_into().unwrap_or(usize::MAX));
        let mut codes: Vec<_> = people.iter().map(|listed| code(&listed.person).clone()).collect();
        codes.sort();
        codes.dedup();
        let organisations = organisations::by_codes(self.gate.store.reader(), &codes).await?;
        Ok(Listing {
            people,
            organisations,
            more,
        })
    }
}
