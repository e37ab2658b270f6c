//! Looking at people: lists, searches, one person.

use std::future::ready;

use domain::{
    account::{Account, AccountStatus},
    channel::{Channel, Operation},
    contact::Contact,
    life::{Then, Turn},
    organisation::{Organisation, OrganisationCode, OrganisationStatus, UnitPath},
    policy::{Deed, Ender, Scope},
    values::ids::{AccountId, ContactId, Timestamp},
};
use store::directory::{
    organisations,
    people::{self, Listed, Query},
};

use crate::{GateError, Visit};

/// People a page shows.
pub const PEOPLE_A_PAGE: u64 = 50;

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

/// What may become of an account.
#[derive(Clone, Debug)]
pub struct Prospects {
    /// The turns that the actor may take with it now.
    pub turns: Vec<Turn>,
    /// Whether it is their own.
    pub is_own: bool,
    /// Who could end the roles that its person holds and the actor cannot end; `None` if nothing keeps the actor from it.
    pub held_up: Option<Ender>,
    /// Whether they may change its details.
    pub edit: bool,
    /// Whether they may transfer it.
    pub transfer: bool,
    /// Whether they may reset its password, or send its activation again.
    pub reset_password: bool,
    /// Whether they may reset its second factor: it has one.
    pub reset_factors: bool,
    /// What comes by itself, and when.
    pub next: Option<(Timestamp, Then)>,
    /// When it was last used, by whatever is known of it.
    pub last_used: Option<Timestamp>,
    /// Whether its password was taken away: nobody can sign in to it until another is chosen.
    pub no_password: bool,
}

/// People read at once for an export.
const EXPORTED_AT_ONCE: u64 = 1000;

pub(crate) const fn everywhere() -> Scope {
    Scope {
        everything: true,
        parts: vec![],
    }
}

impl Visit<'_> {
    /// The organisations that the actor manages, in the tree's order, at most so many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn organisations(&self, limit: u64) -> Result<Vec<Organisation>, GateError> {
        Ok(organisations::list(self.gate.store.reader(), &self.scope(Deed::See).await?, limit).await?)
    }

    /// Accounts of the scope.
    ///
    /// # Errors
    /// `Denied` where the actor manages nobody.
    pub async fn accounts(&self, query: &Query) -> Result<Listing<Account>, GateError> {
        let scope = self.seeing().await?;
        let people = people::accounts(self.gate.store.reader(), &scope, query, PEOPLE_A_PAGE + 1).await?;
        self.listing(people, |account| &account.organisation).await
    }

    /// The first accounts of the scope that a query finds.
    ///
    /// # Errors
    /// As [`Self::accounts`].
    pub async fn first_accounts(&self, query: &Query, most: u64) -> Result<Vec<Listed<Account>>, GateError> {
        let scope = self.seeing().await?;
        Ok(people::accounts(self.gate.store.reader(), &scope, query, most).await?)
    }

    /// Contacts of the scope.
    ///
    /// # Errors
    /// `Denied` where the actor manages nobody.
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

    /// One account of the scope, or the actor's own, with its organisation.
    ///
    /// # Errors
    /// As [`Self::account`].
    pub async fn account_or_own(&self, id: AccountId) -> Result<(Account, Organisation), GateError> {
        if self.actor.account() != Some(id) {
            return self.account(id).await;
        }
        let account = self.own().await?;
        let organisation = self.organisation_of(&account.organisation).await?;
        Ok((account, organisation))
    }

    /// What the actor may do with an account now, as its status and their rights allow; what comes next by itself, and
    /// when.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn prospects(&self, account: &Account, home: &Organisation) -> Result<Prospects, GateError> {
        let authority = self.authority().await?;
        let unit = account.unit();
        let may = |operation| authority.may(operation, Channel::Portal, &home.path, unit.as_ref());
        let db = self.gate.store.reader();
        let is_own = self.actor.account() == Some(account.id);
        let holders = store::directory::snapshot::holders_of(db, account.id).await?;
        let held_up = authority.who_ends(account.id, &holders);
        let ends_roles = !is_own && held_up.is_none();
        let turns = Turn::ALL.into_iter().filter(|turn| {
            turn.leads(account.status, account.activated).is_some()
                && may(turn.operation())
                && (ends_roles || !turn.ends_rights())
                && !matches!(turn.operation(), Operation::Activate | Operation::Sweep)
        });
        let is_there = account.status != AccountStatus::Deleted;
        let can_move = is_there && account.status != AccountStatus::Leaver;
        let has_password = is_there && account.status != AccountStatus::Disabled;
        let credential = store::access::credentials::get(self.gate.store.reader(), account.id).await?;
        let no_password = credential.as_ref().is_some_and(|own| own.password_hash.is_empty());
        let last_used = store::access::uses::last(db, &[account.id.0])
            .await?
            .remove(&account.id.0);
        Ok(Prospects {
            turns: turns.collect(),
            is_own,
            held_up,
            edit: is_there && may(Operation::EditAccount),
            transfer: can_move && ends_roles && may(Operation::TransferAccount),
            reset_password: has_password && may(Operation::ResetPassword),
            reset_factors: has_password
                && ends_roles
                && may(Operation::ResetPassword)
                && store::access::factors::has_any(db, account.id).await?,
            next: crate::submissions::effects::next(self.gate, account, last_used),
            last_used,
            no_password,
        })
    }

    /// What the actor may do with contacts of an organisation and unit.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn may(
        &self,
        operation: Operation,
        home: &Organisation,
        unit: Option<&UnitPath>,
    ) -> Result<bool, GateError> {
        let authority = self.authority().await?;
        Ok(authority.may(operation, Channel::Portal, &home.path, unit))
    }

    /// The open organisations where the actor may do an operation by a form, in the tree's order, at most so many.
    ///
    /// # Errors
    /// `Denied` where there is none.
    pub async fn organisations_for(&self, operation: Operation, limit: u64) -> Result<Vec<Organisation>, GateError> {
        let deed = Deed::of(operation, Channel::Portal).ok_or(GateError::Denied)?;
        let scope = self.scope(deed).await?;
        if scope.is_empty() {
            return Err(GateError::Denied);
        }
        let mut all = organisations::list(self.gate.store.reader(), &scope, limit).await?;
        all.retain(|organisation| organisation.status == OrganisationStatus::Open);
        Ok(all)
    }

    /// An organisation with its sites, and with those of its units where the actor may do an operation by a form; and
    /// whether a person may be there without a unit.
    ///
    /// # Errors
    /// `NotFound` where they may not do it there, or there is no such organisation.
    pub async fn organisation_for(
        &self,
        operation: Operation,
        code: &OrganisationCode,
    ) -> Result<(Organisation, bool), GateError> {
        let deed = Deed::of(operation, Channel::Portal).ok_or(GateError::Denied)?;
        let scope = self.scope(deed).await?;
        let found = organisations::complete(self.gate.store.reader(), &scope, [code.to_string()]).await?;
        let mut organisation = found.into_iter().next().ok_or(GateError::NotFound)?;
        let whole = scope.covers_whole(&organisation.path);
        if !whole {
            let own: Vec<_> = scope.units_of(&organisation.path).cloned().collect();
            organisation.units.retain(|unit| own.iter().any(|top| top.covers(unit)));
        }
        Ok((organisation, whole))
    }

    /// An organisation with its sites and units, as far as the actor sees people there; `None` where they see nobody.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn places_of(&self, code: &OrganisationCode) -> Result<Option<Organisation>, GateError> {
        let scope = self.scope(Deed::See).await?;
        let found = organisations::complete(self.gate.store.reader(), &scope, [code.to_string()]).await?;
        Ok(found.into_iter().next().map(|mut organisation| {
            let path = organisation.path.clone();
            organisation.units.retain(|unit| scope.covers(&path, Some(unit)));
            organisation
        }))
    }

    pub(crate) async fn organisation_to_move_in(&self, code: &OrganisationCode) -> Result<Organisation, GateError> {
        let (organisation, _) = self.organisation_for(Operation::TransferContact, code).await?;
        Ok(organisation)
    }

    /// Hands over the accounts of the scope that a query finds, for an export: some at a time, and at most so many.
    ///
    /// # Errors
    /// As [`Self::accounts`], and what `take` says.
    pub async fn each_account<F>(
        &self,
        query: &Query,
        most: usize,
        mut take: impl FnMut(Vec<Account>) -> F,
    ) -> Result<(), GateError>
    where
        F: Future<Output = Result<(), GateError>>,
    {
        let scope = self.seeing().await?;
        let (mut query, mut left) = (query.clone(), most);
        while left > 0 {
            let at_once = EXPORTED_AT_ONCE.min(left as u64);
            let page = people::accounts(self.gate.store.reader(), &scope, &query, at_once).await?;
            let Some(last) = page.last() else { break };
            query.after = Some(last.position.clone());
            left -= page.len();
            take(page.into_iter().map(|listed| listed.person).collect()).await?;
        }
        Ok(())
    }

    /// As [`Self::each_account`], for contacts.
    ///
    /// # Errors
    /// As there.
    pub async fn each_contact<F>(
        &self,
        query: &Query,
        most: usize,
        mut take: impl FnMut(Vec<Contact>) -> F,
    ) -> Result<(), GateError>
    where
        F: Future<Output = Result<(), GateError>>,
    {
        let scope = self.seeing().await?;
        let (mut query, mut left) = (query.clone(), most);
        while left > 0 {
            let at_once = EXPORTED_AT_ONCE.min(left as u64);
            let page = people::contacts(self.gate.store.reader(), &scope, &query, at_once).await?;
            let Some(last) = page.last() else { break };
            query.after = Some(last.position.clone());
            left -= page.len();
            take(page.into_iter().map(|listed| listed.person).collect()).await?;
        }
        Ok(())
    }

    /// All accounts of the scope that a query finds, at most so many.
    ///
    /// # Errors
    /// As [`Self::accounts`].
    pub async fn all_accounts(&self, query: &Query, most: usize) -> Result<Vec<Account>, GateError> {
        let mut all = Vec::new();
        let gather = |accounts: Vec<Account>| {
            all.extend(accounts);
            ready(Ok(()))
        };
        self.each_account(query, most, gather).await?;
        Ok(all)
    }

    /// As [`Self::all_accounts`], for contacts.
    ///
    /// # Errors
    /// As there.
    pub async fn all_contacts(&self, query: &Query, most: usize) -> Result<Vec<Contact>, GateError> {
        let mut all = Vec::new();
        let gather = |contacts: Vec<Contact>| {
            all.extend(contacts);
            ready(Ok(()))
        };
        self.each_contact(query, most, gather).await?;
        Ok(all)
    }

    /// How many accounts of the scope a query finds, counted as far as [`people::COUNTED`].
    ///
    /// # Errors
    /// As [`Self::accounts`].
    pub async fn count_accounts(&self, query: &Query) -> Result<u64, GateError> {
        let scope = self.seeing().await?;
        Ok(people::count(self.gate.store.reader(), &scope, query).await?)
    }

    /// How many contacts of the scope a query finds, counted as far as [`people::COUNTED`].
    ///
    /// # Errors
    /// As [`Self::contacts`].
    pub async fn count_contacts(&self, query: &Query) -> Result<u64, GateError> {
        let scope = self.seeing().await?;
        Ok(people::count_contacts(self.gate.store.reader(), &scope, query).await?)
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

    async fn seeing(&self) -> Result<Scope, GateError> {
        let scope = self.scope(Deed::See).await?;
        if scope.is_empty() {
            Err(GateError::Denied)
        } else {
            Ok(scope)
        }
    }

    pub(crate) async fn organisation_of(&self, code: &OrganisationCode) -> Result<Organisation, GateError> {
        let found = organisations::by_codes(self.gate.store.reader(), std::slice::from_ref(code)).await?;
        found.into_iter().next().ok_or(GateError::NotFound)
    }

    async fn listing<P>(
        &self,
        mut people: Vec<Listed<P>>,
        code: impl Fn(&P) -> &OrganisationCode,
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
