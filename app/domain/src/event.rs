//! Events: everything that ever changed in the directory. The tables are what the events add up to.

mod forgotten;
mod sentence;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    absence::{Absence, Stay},
    account::AccountStatus,
    channel::Channel,
    dictionary::{Attributes, Change},
    email_address::EmailAddress,
    grant::Terms,
    ids::{AccountId, ContactId, GrantId, OfferId, RowNumber, SubmissionId, Timestamp, TokenId},
    life::{LinkFor, Turn},
    offer::OfferEnd,
    organisation::{Organisation, OrganisationCode, UnitPath},
    policy::Role,
};

/// One change, with who made it, how, when and in which row of which submission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// Within which submission.
    pub submission: SubmissionId,
    /// For which of its rows.
    pub row: RowNumber,
    /// Who: the account; none for the service itself.
    pub actor: Option<AccountId>,
    /// Who, by the name they had.
    pub actor_name: String,
    /// How it came in.
    pub channel: Channel,
    /// What changed.
    pub fact: Fact,
}

/// What changed. Each fact is enough to redo its change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum Fact {
    /// An organisation was founded.
    OrganisationFounded {
        /// All of it.
        organisation: Organisation,
    },
    /// An organisation was changed.
    OrganisationChanged {
        /// Which.
        organisation: OrganisationCode,
        /// What changed; of sites and units those that were added or renamed.
        changes: Vec<Change>,
    },
    /// An account was created.
    AccountCreated {
        /// Which.
        account: AccountId,
        /// Where.
        organisation: OrganisationCode,
        /// In which status.
        status: AccountStatus,
        /// With what.
        attributes: Attributes,
        /// Its person's first and last day.
        #[serde(default, skip_serializing_if = "Stay::is_open")]
        stay: Stay,
    },
    /// An account was changed.
    AccountChanged {
        /// Which.
        account: AccountId,
        /// Where it belongs.
        organisation: OrganisationCode,
        /// What changed.
        changes: Vec<Change>,
    },
    /// An account took a turn in its life.
    AccountTurned {
        /// Which account.
        account: AccountId,
        /// Where it belongs.
        organisation: OrganisationCode,
        /// Which turn.
        turn: Turn,
        /// What its status was.
        before: AccountStatus,
        /// What it became.
        after: AccountStatus,
        /// The leaving date that ended with it, for whoever undoes it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        leaving: Option<Timestamp>,
        /// The absence that ended with it, for whoever undoes it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        back: Option<Absence>,
        /// The absence that began, or was planned again, with it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        away: Option<Absence>,
    },
    /// An absence was planned, or given up; or the one under way got other dates or another reason.
    AbsencePlanned {
        /// Whose.
        account: AccountId,
        /// Where it belongs.
        organisation: OrganisationCode,
        /// What was planned.
        before: Option<Absence>,
        /// What is planned.
        after: Option<Absence>,
    },
    /// The day on which an account's person leaves was set, or given up.
    LeavingPlanned {
        /// Whose.
        account: AccountId,
        /// Where it belongs.
        organisation: OrganisationCode,
        /// What was planned.
        before: Option<Timestamp>,
        /// What is planned.
        after: Option<Timestamp>,
    },
    /// The day on which somebody new starts was changed.
    StartPlanned {
        /// Whose.
        account: AccountId,
        /// Where it belongs.
        organisation: OrganisationCode,
        /// What was planned.
        before: Option<Timestamp>,
        /// What is planned.
        after: Option<Timestamp>,
    },
    /// An account went to another organisation.
    AccountMoved {
        /// Which.
        account: AccountId,
        /// Where it was.
        from: OrganisationCode,
        /// Where it is.
        organisation: OrganisationCode,
        /// Its status before; a leaver became active.
        before: AccountStatus,
        /// What changed with it.
        changes: Vec<Change>,
        /// The leaving date that ended with it, for whoever undoes it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        leaving: Option<Timestamp>,
    },
    /// A link was made by which somebody chooses a password: another one, or their first.
    PasswordReset {
        /// Whose.
        account: AccountId,
        /// Where it belongs.
        organisation: OrganisationCode,
        /// What it is for.
        #[serde(default, skip_serializing_if = "LinkFor::is_another_password")]
        link: LinkFor,
    },
    /// What a person proves themselves with besides a password was taken away by somebody who manages them.
    FactorsReset {
        /// Whose.
        account: AccountId,
        /// Where it belongs.
        organisation: OrganisationCode,
    },
    /// A person chose their password.
    PasswordChosen {
        /// Whose.
        account: AccountId,
        /// Where it belongs.
        organisation: OrganisationCode,
    },
    /// A person was forgotten.
    AccountErased {
        /// Whose account.
        account: AccountId,
        /// Where it belonged.
        organisation: OrganisationCode,
        /// The addresses that stay reserved.
        addresses: Vec<EmailAddress>,
    },
    /// Reserved addresses became free.
    AddressesFreed {
        /// Whose they were.
        account: AccountId,
        /// Where it belonged.
        organisation: OrganisationCode,
        /// Which.
        addresses: Vec<EmailAddress>,
    },
    /// A contact was created.
    ContactCreated {
        /// Which.
        contact: ContactId,
        /// Where.
        organisation: OrganisationCode,
        /// With what.
        attributes: Attributes,
    },
    /// A contact was changed.
    ContactChanged {
        /// Which.
        contact: ContactId,
        /// Where it belongs.
        organisation: OrganisationCode,
        /// What changed.
        changes: Vec<Change>,
    },
    /// A contact was deleted.
    ContactDeleted {
        /// Which.
        contact: ContactId,
        /// Where it belongs.
        organisation: OrganisationCode,
    },
    /// A deleted contact was brought back.
    ContactRestored {
        /// Which.
        contact: ContactId,
        /// Where it belongs.
        organisation: OrganisationCode,
    },
    /// A deleted contact was forgotten.
    ContactErased {
        /// Which.
        contact: ContactId,
        /// Where it belonged.
        organisation: OrganisationCode,
    },
    /// A contact went to another organisation.
    ContactMoved {
        /// Which.
        contact: ContactId,
        /// Where it was.
        from: OrganisationCode,
        /// Where it is.
        organisation: OrganisationCode,
        /// What changed with it.
        changes: Vec<Change>,
    },
    /// A contact was offered to another organisation.
    ContactOffered {
        /// The offer.
        offer: OfferId,
        /// Which contact.
        contact: ContactId,
        /// Where it is.
        organisation: OrganisationCode,
        /// To whom it is offered.
        to: OrganisationCode,
        /// The other organisation's name.
        to_name: String,
    },
    /// An offer ended.
    OfferEnded {
        /// The offer.
        offer: OfferId,
        /// Which contact.
        contact: ContactId,
        /// Where it was when the offer ended.
        organisation: OrganisationCode,
        /// To whom it was offered.
        to: OrganisationCode,
        /// How.
        end: OfferEnd,
    },
    /// A role ended.
    RoleEnded {
        /// Which grant.
        grant: GrantId,
        /// Whose it was.
        account: AccountId,
        /// The role.
        role: Role,
        /// Over which organisation and those below it.
        organisation: OrganisationCode,
        /// Only over this unit and those below it.
        unit: Option<UnitPath>,
        /// Why, where it was revoked; empty where it ended with something else.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// A role was granted.
    RoleGranted {
        /// Which grant.
        grant: GrantId,
        /// To whom.
        account: AccountId,
        /// The role.
        role: Role,
        /// Over which organisation and those below it.
        organisation: OrganisationCode,
        /// Only over this unit and those below it.
        unit: Option<UnitPath>,
        /// From when, until when, how and why.
        #[serde(default, skip_serializing_if = "Terms::are_plain")]
        terms: Terms,
    },
    /// An API token was made; its secret stands nowhere.
    TokenMade {
        /// Whose.
        account: AccountId,
        /// Where its holder belongs.
        organisation: OrganisationCode,
        /// What it is recognised by.
        token: TokenId,
        /// What its maker calls it.
        name: String,
        /// Until when it is good.
        expires_at: Timestamp,
    },
    /// An API token was revoked.
    TokenRevoked {
        /// Whose it was.
        account: AccountId,
        /// Where its holder belongs.
        organisation: OrganisationCode,
        /// What it was recognised by.
        token: TokenId,
        /// What its maker called it.
        name: String,
    },
}

impl Fact {
    /// The organisation in whose trail it stands.
    #[must_use]
    pub const fn organisation(&self) -> &OrganisationCode {
        match self {
            Self::OrganisationFounded { organisation } => &organisation.code,
            Self::OrganisationChanged { organisation, .. }
            | Self::AccountCreated { organisation, .. }
            | Self::AccountChanged { organisation, .. }
            | Self::AccountTurned { organisation, .. }
            | Self::LeavingPlanned { organisation, .. }
            | Self::StartPlanned { organisation, .. }
            | Self::AbsencePlanned { organisation, .. }
            | Self::AccountMoved { organisation, .. }
            | Self::PasswordReset { organisation, .. }
            | Self::FactorsReset { organisation, .. }
            | Self::PasswordChosen { organisation, .. }
            | Self::AccountErased { organisation, .. }
            | Self::AddressesFreed { organisation, .. }
            | Self::ContactCreated { organisation, .. }
            | Self::ContactChanged { organisation, .. }
            | Self::ContactDeleted { organisation, .. }
            | Self::ContactRestored { organisation, .. }
            | Self::ContactErased { organisation, .. }
            | Self::ContactMoved { organisation, .. }
            | Self::ContactOffered { organisation, .. }
            | Self::OfferEnded { organisation, .. }
            | Self::RoleEnded { organisation, .. }
            | Self::RoleGranted { organisation, .. }
            | Self::TokenMade { organisation, .. }
            | Self::TokenRevoked { organisation, .. } => organisation,
        }
    }

    /// The other organisation in whose trail it stands too: where something came from, or was to go.
    #[must_use]
    pub const fn other_organisation(&self) -> Option<&OrganisationCode> {
        match self {
            Self::AccountMoved { from, .. } | Self::ContactMoved { from, .. } => Some(from),
            Self::ContactOffered { to, .. } | Self::OfferEnded { to, .. } => Some(to),
            _ => None,
        }
    }

    /// The account that it is about.
    #[must_use]
    pub const fn account(&self) -> Option<AccountId> {
        match self {
            Self::AccountCreated { account, .. }
            | Self::AccountChanged { account, .. }
            | Self::AccountTurned { account, .. }
            | Self::LeavingPlanned { account, .. }
            | Self::StartPlanned { account, .. }
            | Self::AbsencePlanned { account, .. }
            | Self::AccountMoved { account, .. }
            | Self::PasswordReset { account, .. }
            | Self::FactorsReset { account, .. }
            | Self::PasswordChosen { account, .. }
            | Self::AccountErased { account, .. }
            | Self::AddressesFreed { account, .. }
            | Self::RoleEnded { account, .. }
            | Self::RoleGranted { account, .. }
            | Self::TokenMade { account, .. }
            | Self::TokenRevoked { account, .. } => Some(*account),
            _ => None,
        }
    }

    /// The contact that it is about.
    #[must_use]
    pub const fn contact(&self) -> Option<ContactId> {
        match self {
            Self::ContactCreated { contact, .. }
            | Self::ContactChanged { contact, .. }
            | Self::ContactDeleted { contact, .. }
            | Self::ContactRestored { contact, .. }
            | Self::ContactErased { contact, .. }
            | Self::ContactMoved { contact, .. }
            | Self::ContactOffered { contact, .. }
            | Self::OfferEnded { contact, .. } => Some(*contact),
            _ => None,
        }
    }

    /// Whom it is about, by ID; none where it is about an organisation.
    #[must_use]
    pub fn person(&self) -> Option<Uuid> {
        let account = self.account().map(|account| account.0);
        account.or(self.contact().map(|contact| contact.0))
    }

    /// The person or organisation in whose history it stands.
    #[must_use]
    pub fn subject(&self) -> String {
        self.person()
            .map_or_else(|| self.organisation().to_string(), |person| person.to_string())
    }

    /// What changed, attribute by attribute.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        match self {
            Self::AccountChanged { changes, .. }
            | Self::AccountMoved { changes, .. }
            | Self::ContactChanged { changes, .. }
            | Self::ContactMoved { changes, .. }
            | Self::OrganisationChanged { changes, .. } => changes,
            _ => &[],
        }
    }

    /// Whether the version of its account or contact counts it.
    #[must_use]
    pub const fn is_counted(&self) -> bool {
        matches!(
            self,
            Self::AccountChanged { .. }
                | Self::AccountTurned { .. }
                | Self::LeavingPlanned { .. }
                | Self::StartPlanned { .. }
                | Self::AbsencePlanned { .. }
                | Self::AccountMoved { .. }
                | Self::ContactChanged { .. }
                | Self::ContactDeleted { .. }
                | Self::ContactRestored { .. }
                | Self::ContactMoved { .. }
        )
    }
}
