//! Events: everything that ever changed in the directory. The tables are what the events add up to.

mod forgotten;
mod sentence;
mod stored;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    absence::{Absence, Stay},
    account::status::AccountStatus,
    channel::Channel,
    customer::Customer,
    dictionary::{Attributes, Change},
    grant::Terms,
    life::{LinkFor, Turn},
    offer::OfferEnd,
    organisation::{Organisation, OrganisationCode, UnitPath},
    policy::table::Role,
    subscription::{Seat, Subscription},
    values::{
        email_address::EmailAddress,
        ids::{AccountId, ContactId, GrantId, OfferId, RowNumber, SubmissionId, Timestamp, TokenId},
    },
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// An organisation was founded or changed.
    Organisation(OrganisationFact),
    /// Something happened to an account, which belongs, or belonged, to this organisation.
    Account(AccountId, OrganisationCode, AccountFact),
    /// Something happened to a contact, which belongs, or belonged, to this organisation.
    Contact(ContactId, OrganisationCode, ContactFact),
    /// A contact was offered to another organisation, or such an offer ended.
    Offer {
        /// The offer.
        offer: OfferId,
        /// Which contact.
        contact: ContactId,
        /// Where it is, or was when the offer ended.
        organisation: OrganisationCode,
        /// To whom it is offered.
        to: OrganisationCode,
        /// Which of the two.
        what: OfferFact,
    },
    /// A role was granted, or ended.
    Role {
        /// Which grant.
        grant: GrantId,
        /// Whose it is.
        account: AccountId,
        /// The role.
        role: Role,
        /// Over which organisation and those below it.
        organisation: OrganisationCode,
        /// Only over this unit and those below it.
        unit: Option<UnitPath>,
        /// Which of the two.
        what: RoleFact,
    },
    /// An API token was made, or revoked.
    Token {
        /// Whose.
        account: AccountId,
        /// Where its holder belongs.
        organisation: OrganisationCode,
        /// What it is recognised by.
        token: TokenId,
        /// What its maker calls it.
        name: String,
        /// Which of the two.
        what: TokenFact,
    },
    /// A customer is so: all of it.
    Customer {
        /// As it was; none where it is new.
        before: Option<Customer>,
        /// As it is.
        after: Customer,
    },
    /// A subscription is so: all of it.
    Subscription {
        /// The customer's organisation.
        organisation: OrganisationCode,
        /// As it was; none where it is new.
        before: Option<Subscription>,
        /// As it is.
        after: Subscription,
    },
}

/// What happened to an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrganisationFact {
    /// It was founded: all of it.
    Founded(Organisation),
    /// It was changed.
    Changed {
        /// Which.
        organisation: OrganisationCode,
        /// What changed; of sites and units those that were added or renamed.
        changes: Vec<Change>,
    },
}

/// What happened to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountFact {
    /// It was created.
    Created {
        /// In which status.
        status: AccountStatus,
        /// With what.
        attributes: Attributes,
        /// Its person's first and last day.
        stay: Stay,
    },
    /// It was changed.
    Changed {
        /// What changed.
        changes: Vec<Change>,
    },
    /// It took a turn in its life.
    Turned {
        /// Which turn.
        turn: Turn,
        /// What its status was.
        before: AccountStatus,
        /// What it became.
        after: AccountStatus,
        /// The leaving date that ended with it, for those who undo it.
        leaving: Option<Timestamp>,
        /// The absence that ended with it, for those who undo it.
        back: Option<Absence>,
        /// The absence that began, or was planned again, with it.
        away: Option<Absence>,
    },
    /// An absence was planned, or given up; or the one under way got other dates or another reason.
    AbsencePlanned {
        /// What was planned.
        before: Option<Absence>,
        /// What is planned.
        after: Option<Absence>,
    },
    /// The day on which its person leaves was set, or given up.
    LeavingPlanned {
        /// What was planned.
        before: Option<Timestamp>,
        /// What is planned.
        after: Option<Timestamp>,
    },
    /// The day on which somebody new starts was changed.
    StartPlanned {
        /// What was planned.
        before: Option<Timestamp>,
        /// What is planned.
        after: Option<Timestamp>,
    },
    /// It went to this organisation from another.
    Moved {
        /// Where it was.
        from: OrganisationCode,
        /// Its status before; a leaver became active.
        before: AccountStatus,
        /// What changed with it.
        changes: Vec<Change>,
        /// The leaving date that ended with it, for those who undo it.
        leaving: Option<Timestamp>,
    },
    /// A link was made by which its person chooses a password: another one, or their first.
    PasswordReset {
        /// What it is for.
        link: LinkFor,
    },
    /// What its person proves themselves with besides a password was taken away by somebody who manages them.
    FactorsReset,
    /// Its person chose their password.
    PasswordChosen,
    /// Its person was forgotten.
    Erased {
        /// The addresses that stay reserved.
        addresses: Vec<EmailAddress>,
    },
    /// Addresses that were reserved since became free.
    AddressesFreed {
        /// Which.
        addresses: Vec<EmailAddress>,
    },
    /// It got a seat.
    SeatAssigned {
        /// Which.
        seat: Seat,
    },
    /// One of its seats became one of another subscription, or got another amount of extra storage.
    SeatChanged {
        /// As it was.
        before: Seat,
        /// As it is.
        after: Seat,
    },
    /// A seat was taken from it.
    SeatRevoked {
        /// As it was.
        seat: Seat,
        /// Who gets what is kept in it; otherwise it is deleted.
        content_to: Option<AccountId>,
    },
    /// It is held since.
    Held {
        /// Why.
        reason: String,
    },
    /// It was held until then.
    Released,
    /// Its person was asked whether another address is theirs.
    RenameAsked {
        /// The address.
        to: EmailAddress,
    },
    /// Its person was invited once more.
    Invited,
}

/// What happened to a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContactFact {
    /// It was created.
    Created {
        /// With what.
        attributes: Attributes,
    },
    /// It was changed.
    Changed {
        /// What changed.
        changes: Vec<Change>,
    },
    /// It was deleted.
    Deleted,
    /// It was brought back.
    Restored,
    /// It was forgotten.
    Erased,
    /// It went to this organisation from another.
    Moved {
        /// Where it was.
        from: OrganisationCode,
        /// What changed with it.
        changes: Vec<Change>,
    },
}

/// What happened to an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfferFact {
    /// It was made.
    Made {
        /// The other organisation's name.
        to_name: String,
    },
    /// It ended.
    Ended {
        /// How.
        end: OfferEnd,
    },
}

/// What happened to a role that somebody holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoleFact {
    /// It was granted.
    Granted {
        /// From when, until when, how and why.
        terms: Terms,
    },
    /// It ended.
    Ended {
        /// Why, where it was revoked; empty where it ended with something else.
        reason: String,
    },
}

/// What happened to an API token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenFact {
    /// It was made; its secret stands nowhere.
    Made {
        /// Until when it is good.
        expires_at: Timestamp,
    },
    /// It was revoked.
    Revoked,
}

impl Fact {
    /// The organisation in whose trail it stands.
    #[must_use]
    pub const fn organisation(&self) -> &OrganisationCode {
        match self {
            Self::Organisation(OrganisationFact::Founded(organisation)) => &organisation.code,
            Self::Organisation(OrganisationFact::Changed { organisation, .. })
            | Self::Account(_, organisation, _)
            | Self::Contact(_, organisation, _)
            | Self::Offer { organisation, .. }
            | Self::Role { organisation, .. }
            | Self::Token { organisation, .. }
            | Self::Subscription { organisation, .. } => organisation,
            Self::Customer { after, .. } => &after.organisation,
        }
    }

    /// The other organisation in whose trail it stands too: where something came from, or was to go.
    #[must_use]
    pub const fn other_organisation(&self) -> Option<&OrganisationCode> {
        match self {
            Self::Account(_, _, AccountFact::Moved { from, .. })
            | Self::Contact(_, _, ContactFact::Moved { from, .. }) => Some(from),
            Self::Offer { to, .. } => Some(to),
            _ => None,
        }
    }

    /// The account that it is about.
    #[must_use]
    pub const fn account(&self) -> Option<AccountId> {
        match self {
            Self::Account(account, ..) | Self::Role { account, .. } | Self::Token { account, .. } => Some(*account),
            _ => None,
        }
    }

    /// The contact that it is about.
    #[must_use]
    pub const fn contact(&self) -> Option<ContactId> {
        match self {
            Self::Contact(contact, ..) | Self::Offer { contact, .. } => Some(*contact),
            _ => None,
        }
    }

    /// What happened to an account as such; `None` if it is about something else, be it a role or a token of an account.
    #[must_use]
    pub const fn of_account(&self) -> Option<&AccountFact> {
        match self {
            Self::Account(_, _, what) => Some(what),
            _ => None,
        }
    }

    /// What happened to a contact as such; `None` if it is about something else, if only an offer of a contact.
    #[must_use]
    pub const fn of_contact(&self) -> Option<&ContactFact> {
        match self {
            Self::Contact(_, _, what) => Some(what),
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
            Self::Account(_, _, AccountFact::Changed { changes } | AccountFact::Moved { changes, .. })
            | Self::Contact(_, _, ContactFact::Changed { changes } | ContactFact::Moved { changes, .. })
            | Self::Organisation(OrganisationFact::Changed { changes, .. }) => changes,
            _ => &[],
        }
    }

    /// Whether the version of its account or contact counts it.
    #[must_use]
    pub const fn is_counted(&self) -> bool {
        match self {
            Self::Account(_, _, what) => what.is_counted(),
            Self::Contact(_, _, what) => !matches!(what, ContactFact::Created { .. } | ContactFact::Erased),
            _ => false,
        }
    }
}

impl AccountFact {
    /// Whether it sets or ends a day of somebody's stay.
    #[must_use]
    pub const fn sets_a_day(&self) -> bool {
        matches!(self, Self::LeavingPlanned { .. } | Self::StartPlanned { .. })
    }

    const fn is_counted(&self) -> bool {
        match self {
            Self::Changed { .. } | Self::Turned { .. } | Self::Moved { .. } => true,
            Self::AbsencePlanned { .. } | Self::LeavingPlanned { .. } | Self::StartPlanned { .. } => true,
            Self::PasswordReset { .. } | Self::FactorsReset | Self::PasswordChosen => false,
            Self::Created { .. } | Self::Erased { .. } | Self::AddressesFreed { .. } => false,
            Self::SeatAssigned { .. } | Self::SeatChanged { .. } | Self::SeatRevoked { .. } => true,
            Self::Held { .. } | Self::Released => true,
            Self::RenameAsked { .. } | Self::Invited => false,
        }
    }
}
