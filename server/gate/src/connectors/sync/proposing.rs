//! What a program asks for and may not do: it is kept for the administrators who may, and goes where the program takes it
//! back.

use std::collections::BTreeMap;

use domain::{
    channel::Channel,
    connector::{ProposalKind, ProposalReason, ProposalState, holds},
    contact::Contact,
    dictionary::Attribute,
    life::Turn,
    organisation::OrganisationStatus,
    policy::{Authority, Deed, Scope},
    values::ids::{AccountId, ContactId},
};
use store::{
    ConnectionTrait, StoreError, Transaction,
    access::proposals::{self, ProposalSubject, Proposed},
    directory::{organisations, synced},
};

use super::{Connection, SyncRefusal, Synced, SyncedContact, TRIES};
use crate::{GateError, Visit, connectors::brake::AccessBrake, submissions::claims::commit};

/// Whom a program asks something for.
#[derive(Clone, Copy, Debug)]
pub enum SyncSubject<'a> {
    /// An account that was read.
    Account(&'a Synced),
    /// A contact that was read.
    Contact(&'a SyncedContact),
}

impl SyncSubject<'_> {
    const fn id(self) -> ProposalSubject {
        match self {
            Self::Account(seen) => ProposalSubject::Account(seen.account.id),
            Self::Contact(seen) => ProposalSubject::Contact(seen.contact.id),
        }
    }

    fn proposed(self, kind: ProposalKind, asked: BTreeMap<Attribute, String>) -> Proposed {
        let (organisation, unit) = match self {
            Self::Account(seen) => (&seen.account.organisation, seen.account.unit()),
            Self::Contact(seen) => (&seen.contact.organisation, seen.contact.unit()),
        };
        Proposed {
            subject: self.id(),
            organisation: organisation.clone(),
            unit,
            kind,
            asked,
        }
    }
}

impl Visit<'_> {
    /// Keeps for the administrators what a program asks for and may not do, with the values that it is to be done with. Of a
    /// contact, that is all that was said: what is so already is not asked for, and taken back where it was. People are only
    /// moved to an open organisation of the connector's scope; of any other nothing is kept, nor of the connector's own
    /// account. Says where the proposal stands then; `None` if there is nothing to ask.
    ///
    /// # Errors
    /// `Stale` where the account is another by now; `NotFound` where they are gone; `Denied` where the connector may write
    /// nothing; `Busy` where others come first again and again.
    pub async fn sync_propose(
        &self,
        to: &Connection,
        seen: SyncSubject<'_>,
        kind: ProposalKind,
        asked: BTreeMap<Attribute, String>,
    ) -> Result<Option<ProposalState>, GateError> {
        for _ in 0..TRIES {
            match self.propose_once(to, seen, kind, asked.clone()).await {
                Err(GateError::Trouble(StoreError::Conflict)) => {}
                done => return done,
            }
        }
        Err(GateError::Busy)
    }

    async fn propose_once(
        &self,
        to: &Connection,
        seen: SyncSubject<'_>,
        kind: ProposalKind,
        asked: BTreeMap<Attribute, String>,
    ) -> Result<Option<ProposalState>, GateError> {
        if seen.id() == ProposalSubject::Account(to.connector) {
            return Ok(None);
        }
        let tx = self.gate.store.begin().await?;
        let asked = match seen {
            SyncSubject::Account(seen) => {
                let scope = self.begun(&tx, to, seen).await?.scope;
                match kind {
                    ProposalKind::Move => destination(&tx, &scope, &asked).await?,
                    _ => Some(asked),
                }
            }
            SyncSubject::Contact(seen) => {
                let now = self.contact_now(&tx, to, seen.contact.id).await?;
                self.differing(&tx, to, (&now, kind), asked).await?
            }
        };
        let Some(asked) = asked else {
            return Ok(None);
        };
        let state = self
            .proposes(&tx, to, (seen, kind), asked, ProposalReason::NoRight)
            .await?;
        commit(tx).await?;
        Ok(state)
    }

    /// What a program asks to change of a contact, with what it asked before and has not taken back; `None` if that is
    /// nothing.
    async fn differing(
        &self,
        tx: &Transaction,
        to: &Connection,
        (contact, kind): (&Contact, ProposalKind),
        said: BTreeMap<Attribute, String>,
    ) -> Result<Option<BTreeMap<Attribute, String>>, GateError> {
        if said.is_empty() {
            return Ok(None);
        }
        let subject = ProposalSubject::Contact(contact.id);
        let mut asked = proposals::asked(tx, to.connector, subject, kind).await?;
        asked.extend(said);
        let rules = self.gate.rules();
        asked.retain(|attribute, text| !holds(&contact.attributes, *attribute, text, rules));
        Ok(Some(asked))
    }

    /// Keeps what a program asks for, as part of a transaction; to change nothing takes back what it asked before. Says where
    /// the proposal stands then.
    async fn proposes(
        &self,
        tx: &Transaction,
        to: &Connection,
        (seen, kind): (SyncSubject<'_>, ProposalKind),
        asked: BTreeMap<Attribute, String>,
        reason: ProposalReason,
    ) -> Result<Option<ProposalState>, GateError> {
        if kind == ProposalKind::EditContact && asked.is_empty() {
            proposals::gone(tx, to.connector, seen.id(), &[kind]).await?;
            return Ok(None);
        }
        let state = self.gate.propose(tx, to.connector, seen.proposed(kind, asked)).await?;
        proposals::set_reason(tx, to.connector, seen.id(), kind, reason).await?;
        Ok(Some(state))
    }

    /// Asks the administrators in the connector's place; says whether one of them has declined that before.
    pub(super) async fn refers(
        &self,
        tx: &Transaction,
        to: &Connection,
        seen: &Synced,
        kind: ProposalKind,
        reason: ProposalReason,
    ) -> Result<bool, GateError> {
        let whom = (SyncSubject::Account(seen), kind);
        let state = self.proposes(tx, to, whom, BTreeMap::new(), reason).await?;
        Ok(state == Some(ProposalState::Declined))
    }

    /// Why a connector may not disable or enable an account. The administrators are asked in its place.
    pub(super) async fn refused_turn(
        &self,
        tx: &Transaction,
        to: &Connection,
        seen: &Synced,
        (authority, disabled_by_it): (&Authority, bool),
        turn: Turn,
    ) -> Result<Option<SyncRefusal>, GateError> {
        let may_disable = may_disable(authority);
        let (kind, reason, refusal) = if turn == Turn::Enable {
            if disabled_by_it && may_disable {
                return Ok(None);
            }
            let reason = ProposalReason::DisabledByPerson;
            (ProposalKind::Enable, reason, SyncRefusal::DisabledByPerson)
        } else if !may_disable {
            let reason = ProposalReason::NoRight;
            (ProposalKind::Disable, reason, SyncRefusal::MayNotDisable)
        } else if AccessBrake::read(self.gate, tx, to.connector)
            .await?
            .holds_one_more(tx, &seen.account.organisation)
            .await?
        {
            let reason = ProposalReason::ManyLoseAccess;
            (ProposalKind::Disable, reason, SyncRefusal::Braked)
        } else {
            return Ok(None);
        };
        let is_declined = self.refers(tx, to, seen, kind, reason).await?;
        Ok(Some(if is_declined { SyncRefusal::Declined } else { refusal }))
    }

    /// Asks the administrators to disable somebody with a role, whom no connector disables; says whether one of them has
    /// declined that before.
    pub(super) async fn refer_role_holder(&self, to: &Connection, seen: &Synced) -> Result<bool, GateError> {
        let tx = self.gate.store.begin().await?;
        self.begun(&tx, to, seen).await?;
        let is_declined = self
            .refers(&tx, to, seen, ProposalKind::Disable, ProposalReason::RoleHolder)
            .await?;
        commit(tx).await?;
        Ok(is_declined)
    }

    /// Whether a program takes back what it asked for: the kinds are those of which it says the contrary now.
    pub(super) async fn takes_back(
        &self,
        db: &impl ConnectionTrait,
        to: &Connection,
        (account, kinds): (AccountId, &[ProposalKind]),
    ) -> Result<bool, GateError> {
        let subject = ProposalSubject::Account(account);
        Ok(!kinds.is_empty() && proposals::are_unanswered(db, to.connector, subject, kinds).await?)
    }

    /// A contact as it is now, for a connector that may still write something.
    async fn contact_now(&self, tx: &Transaction, to: &Connection, id: ContactId) -> Result<Contact, GateError> {
        let authority = self.gate.authority(tx, self.actor).await?;
        if to.scope_now(&authority).is_empty() {
            return Err(GateError::Denied);
        }
        let found = synced::contact(tx, to.reader(), id).await?;
        found.map(|found| found.person).ok_or(GateError::NotFound)
    }
}

/// Whether a connector may disable accounts.
pub(super) fn may_disable(authority: &Authority) -> bool {
    !authority.scope_through(Deed::DisableByMachine, Channel::Api).is_empty()
}

/// Where somebody is to be moved, by the code as it is kept; `None` if that is no open organisation of the scope.
async fn destination(
    tx: &Transaction,
    scope: &Scope,
    asked: &BTreeMap<Attribute, String>,
) -> Result<Option<BTreeMap<Attribute, String>>, GateError> {
    let code = asked.get(&Attribute::Organisation);
    let codes = code.map(|code| code.trim().to_uppercase());
    let mut found = organisations::complete(tx, scope, codes).await?.into_iter();
    let open = found.find(|found| found.status == OrganisationStatus::Open);
    Ok(open.map(|found| BTreeMap::from([(Attribute::Organisation, found.code.to_string())])))
}
