//! What is done for a row: one step, with all that its preview shows and its event needs.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::about::{AccountRef, ContactRef, DayChange, HeldRole, OpenOffer};
use crate::{
    absence::{Absence, Stay},
    account::AccountStatus,
    channel::Operation,
    dictionary::{Attribute, Attributes, Change},
    email_address::EmailAddress,
    grant::Terms,
    ids::{AccountId, ContactId, Timestamp, TokenId},
    life::{LinkFor, Turn},
    offer::OfferEnd,
    organisation::{Organisation, OrganisationCode, UnitPath},
    policy::Role,
    problem::{Kind, Problem},
};

/// What is done for a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum Step {
    /// A new account.
    CreateAccount {
        /// Where.
        organisation: OrganisationCode,
        /// With what.
        attributes: Attributes,
        /// A one-time password stands in the row.
        with_password: bool,
        /// Its person's first and last day.
        #[serde(default, skip_serializing_if = "Stay::is_open")]
        stay: Stay,
    },
    /// A change to an account.
    UpdateAccount {
        /// Which.
        of: AccountRef,
        /// What changes; empty only where a day does.
        changes: Vec<Change>,
        /// Days of their stay that change.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        days: Vec<DayChange>,
    },
    /// A turn in an account's life.
    TurnAccount {
        /// Whose.
        of: AccountRef,
        /// Which turn.
        turn: Turn,
        /// What its status was.
        before: AccountStatus,
        /// What it will be.
        after: AccountStatus,
        /// The leaving date that lies ahead; [`Turn::keeps_leaving_date`] says whether it stays.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        leaving: Option<Timestamp>,
        /// The leaving date that is set with it: a leaver who is disabled still leaves, and somebody who is brought back
        /// leaves on the day that was set before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        leaves_on: Option<Timestamp>,
        /// The absence that ends with it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        back: Option<Absence>,
        /// The absence that begins, or is planned again, with it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        away: Option<Absence>,
        /// The roles that end with it.
        ends: Vec<HeldRole>,
    },
    /// An absence that lies ahead, or none any more; or other dates or another reason for the one under way.
    PlanAbsence {
        /// Whose.
        of: AccountRef,
        /// What was planned.
        before: Option<Absence>,
        /// What will be.
        after: Option<Absence>,
    },
    /// A day on which an account's person will leave, or none any more.
    PlanLeaving {
        /// Whose.
        of: AccountRef,
        /// What was planned.
        before: Option<Timestamp>,
        /// What will be.
        after: Option<Timestamp>,
    },
    /// An account goes to another organisation; a leaver is active there.
    MoveAccount {
        /// Which.
        of: AccountRef,
        /// Where to.
        to: OrganisationCode,
        /// Its status before; a leaver is taken in by the other side alone.
        before: AccountStatus,
        /// What changes with it.
        changes: Vec<Change>,
        /// The leaving date that is given up: it was set for the organisation that the account leaves.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        leaving: Option<Timestamp>,
        /// The leaving date that is set with it: somebody who is brought back leaves on the day that was set there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        leaves_on: Option<Timestamp>,
        /// The roles that end with it.
        ends: Vec<HeldRole>,
    },
    /// A link by which the person chooses a password: another one, or their first.
    ResetPassword {
        /// Whose.
        of: AccountRef,
        /// What it is for.
        #[serde(default, skip_serializing_if = "LinkFor::is_another_password")]
        link: LinkFor,
    },
    /// What the person proves themselves with besides a password is taken away.
    ResetFactors {
        /// Whose.
        of: AccountRef,
    },
    /// The person chooses a password.
    ChoosePassword {
        /// Whose.
        of: AccountRef,
    },
    /// The person's data is forgotten.
    EraseAccount {
        /// Whose.
        of: AccountRef,
        /// The addresses that stay reserved.
        addresses: Vec<EmailAddress>,
    },
    /// Reserved addresses are free again.
    FreeAddresses {
        /// Whose they were.
        account: AccountId,
        /// Where it belonged.
        organisation: OrganisationCode,
        /// Which.
        addresses: Vec<EmailAddress>,
    },
    /// What is asked for is so already.
    Nothing {
        /// Of which account, if of one.
        #[serde(default)]
        account: Option<AccountId>,
    },
    /// A new contact.
    CreateContact {
        /// Where.
        organisation: OrganisationCode,
        /// With what.
        attributes: Attributes,
    },
    /// A change to a contact.
    UpdateContact {
        /// Which.
        of: ContactRef,
        /// What changes; never empty.
        changes: Vec<Change>,
    },
    /// A contact is taken away.
    DeleteContact {
        /// Which.
        of: ContactRef,
        /// The open offer that ends with it.
        offer: Option<OpenOffer>,
    },
    /// A contact is brought back.
    RestoreContact {
        /// Which.
        of: ContactRef,
    },
    /// A contact is forgotten.
    EraseContact {
        /// Which.
        of: ContactRef,
    },
    /// A contact goes to another organisation.
    MoveContact {
        /// Which.
        of: ContactRef,
        /// Where to.
        to: OrganisationCode,
        /// What changes with it.
        changes: Vec<Change>,
        /// The open offer that ends with it, and how.
        offer: Option<(OpenOffer, OfferEnd)>,
    },
    /// A contact is offered to another organisation.
    OfferContact {
        /// Which.
        of: ContactRef,
        /// To whom.
        to: OrganisationCode,
        /// The other organisation's name.
        to_name: String,
    },
    /// An offer ends, and the contact stays where it is.
    EndOffer {
        /// Which contact.
        of: ContactRef,
        /// Which offer.
        offer: OpenOffer,
        /// How.
        end: OfferEnd,
    },
    /// A new organisation.
    FoundOrganisation {
        /// All of it.
        organisation: Organisation,
    },
    /// A change to an organisation.
    UpdateOrganisation {
        /// Which.
        organisation: OrganisationCode,
        /// What changes; never empty. Of sites and units only those that are added or renamed.
        changes: Vec<Change>,
    },
    /// A role for an account.
    GrantRole {
        /// Who is to hold it.
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
    /// A role is taken from an account.
    RevokeRole {
        /// Who holds it.
        account: AccountId,
        /// The grant.
        held: HeldRole,
        /// Why it ends.
        reason: String,
    },
    /// An API token, which its maker alone is shown once.
    MakeToken {
        /// Whose.
        of: AccountRef,
        /// What it is recognised by.
        token: TokenId,
        /// What its maker calls it.
        name: String,
        /// Until when it is good.
        expires_at: Timestamp,
    },
    /// An API token that is good no more.
    RevokeToken {
        /// Whose it is.
        account: AccountId,
        /// Where its holder belongs.
        organisation: OrganisationCode,
        /// Which.
        token: TokenId,
        /// What its maker calls it.
        name: String,
        /// What its holder is Connector of.
        connector_of: Vec<HeldRole>,
    },
    /// Nothing is done, because of these; none only where their person is forgotten.
    LeaveOut {
        /// All of them.
        problems: Vec<Problem>,
    },
}

/// The groups that a review sorts rows into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowKind {
    /// Left out because something is wrong.
    Problem,
    /// Something new.
    Create,
    /// Something changed.
    Update,
    /// Already so.
    NoChange,
    /// Of an undo: kept as it is, because somebody has touched it since.
    Kept,
    /// Its sender decided that it is not applied.
    Skipped,
}

impl RowKind {
    /// Every kind, in the order a review shows them.
    pub const ALL: [Self; 6] = [
        Self::Problem,
        Self::Create,
        Self::Update,
        Self::NoChange,
        Self::Kept,
        Self::Skipped,
    ];

    /// Whether applying a row of this kind changes the directory.
    #[must_use]
    pub const fn changes_something(self) -> bool {
        matches!(self, Self::Create | Self::Update)
    }

    /// The kind's name in addresses and tables.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Problem => "problem",
            Self::Create => "create",
            Self::Update => "update",
            Self::NoChange => "no-change",
            Self::Kept => "kept",
            Self::Skipped => "skipped",
        }
    }

    /// Reads [`Self::slug`] back.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }
}

impl Step {
    /// The operation it is an instance of; none where nothing is done.
    #[must_use]
    pub const fn operation(&self) -> Option<Operation> {
        Some(match self {
            Self::CreateAccount { .. } => Operation::CreateAccount,
            Self::UpdateAccount { .. } => Operation::EditAccount,
            Self::TurnAccount { turn, .. } => turn.operation(),
            Self::PlanAbsence { .. } => Operation::DisableOrEnable,
            Self::PlanLeaving { .. } => Operation::MarkLeaver,
            Self::MoveAccount {
                before: AccountStatus::Leaver,
                ..
            } => Operation::Joiner,
            Self::MoveAccount { .. } => Operation::TransferAccount,
            Self::ResetPassword { .. } | Self::ResetFactors { .. } => Operation::ResetPassword,
            Self::ChoosePassword { .. } => Operation::ChoosePassword,
            Self::EraseAccount { .. } | Self::FreeAddresses { .. } | Self::EraseContact { .. } => Operation::Sweep,
            Self::EndOffer {
                end: OfferEnd::Lapsed, ..
            } => Operation::Sweep,
            Self::CreateContact { .. } => Operation::CreateContact,
            Self::UpdateContact { .. } => Operation::EditContact,
            Self::DeleteContact { .. } | Self::RestoreContact { .. } => Operation::DeleteContact,
            Self::MoveContact { .. } | Self::OfferContact { .. } | Self::EndOffer { .. } => Operation::TransferContact,
            Self::FoundOrganisation { .. } => Operation::FoundOrganisation,
            Self::UpdateOrganisation { .. } => Operation::ChangeOrganisation,
            Self::GrantRole { .. } | Self::RevokeRole { .. } => Operation::GrantRole,
            Self::MakeToken { .. } | Self::RevokeToken { .. } => Operation::ApiToken,
            Self::Nothing { .. } | Self::LeaveOut { .. } => return None,
        })
    }

    /// The group a review puts it in.
    #[must_use]
    pub fn kind(&self) -> RowKind {
        match self {
            Self::LeaveOut { problems } if !problems.is_empty() && problems.iter().all(Problem::keeps) => RowKind::Kept,
            Self::LeaveOut { problems } if problems.iter().any(|problem| problem.kind == Kind::Skipped) => {
                RowKind::Skipped
            }
            Self::LeaveOut { .. } => RowKind::Problem,
            Self::Nothing { .. } => RowKind::NoChange,
            Self::CreateAccount { .. } | Self::CreateContact { .. } => RowKind::Create,
            Self::FoundOrganisation { .. } | Self::GrantRole { .. } | Self::MakeToken { .. } => RowKind::Create,
            _ => RowKind::Update,
        }
    }

    /// The account that is already here and that the step is about.
    #[must_use]
    pub const fn account(&self) -> Option<AccountId> {
        match self {
            Self::UpdateAccount { of, .. }
            | Self::TurnAccount { of, .. }
            | Self::PlanLeaving { of, .. }
            | Self::PlanAbsence { of, .. }
            | Self::MoveAccount { of, .. }
            | Self::ResetPassword { of, .. }
            | Self::ResetFactors { of }
            | Self::ChoosePassword { of }
            | Self::EraseAccount { of, .. }
            | Self::MakeToken { of, .. } => Some(of.account),
            Self::FreeAddresses { account, .. }
            | Self::GrantRole { account, .. }
            | Self::RevokeRole { account, .. }
            | Self::RevokeToken { account, .. } => Some(*account),
            Self::Nothing { account } => *account,
            _ => None,
        }
    }

    /// The contact that is already here and that the step is about.
    #[must_use]
    pub const fn contact(&self) -> Option<ContactId> {
        match self {
            Self::UpdateContact { of, .. }
            | Self::DeleteContact { of, .. }
            | Self::RestoreContact { of }
            | Self::EraseContact { of }
            | Self::MoveContact { of, .. }
            | Self::OfferContact { of, .. }
            | Self::EndOffer { of, .. } => Some(of.contact),
            _ => None,
        }
    }

    /// Whom it is about, by ID, where they are already here.
    #[must_use]
    pub fn subject(&self) -> Option<Uuid> {
        let account = self.account().map(|account| account.0);
        account.or(self.contact().map(|contact| contact.0))
    }

    /// Whether it is about a contact, new or old.
    #[must_use]
    pub const fn is_about_a_contact(&self) -> bool {
        matches!(self, Self::CreateContact { .. }) || self.contact().is_some()
    }

    /// What it changes, attribute by attribute.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        match self {
            Self::UpdateAccount { changes, .. }
            | Self::MoveAccount { changes, .. }
            | Self::UpdateContact { changes, .. }
            | Self::MoveContact { changes, .. }
            | Self::UpdateOrganisation { changes, .. } => changes,
            _ => &[],
        }
    }

    /// The days of somebody's stay that it changes.
    #[must_use]
    pub fn days(&self) -> &[DayChange] {
        match self {
            Self::UpdateAccount { days, .. } => days,
            _ => &[],
        }
    }

    /// The roles that end with it.
    #[must_use]
    pub fn ends(&self) -> &[HeldRole] {
        match self {
            Self::TurnAccount { ends, .. } | Self::MoveAccount { ends, .. } => ends,
            _ => &[],
        }
    }

    /// The leaving date that lies ahead of an account that it turns or moves.
    #[must_use]
    pub const fn leaving(&self) -> Option<Timestamp> {
        match self {
            Self::TurnAccount { leaving, .. } | Self::MoveAccount { leaving, .. } => *leaving,
            _ => None,
        }
    }

    /// The leaving date that is set with it.
    #[must_use]
    pub const fn leaves_on(&self) -> Option<Timestamp> {
        match self {
            Self::TurnAccount { leaves_on, .. } | Self::MoveAccount { leaves_on, .. } => *leaves_on,
            _ => None,
        }
    }

    /// The absence that ends with it.
    #[must_use]
    pub const fn back(&self) -> Option<&Absence> {
        match self {
            Self::TurnAccount { back, .. } => back.as_ref(),
            _ => None,
        }
    }

    /// The absence that begins, or is planned, with it.
    #[must_use]
    pub const fn away(&self) -> Option<&Absence> {
        match self {
            Self::TurnAccount { away, .. } => away.as_ref(),
            Self::PlanAbsence { after, .. } => after.as_ref(),
            _ => None,
        }
    }

    /// The address a new account would get.
    #[must_use]
    pub fn new_address(&self) -> Option<EmailAddress> {
        match self {
            Self::CreateAccount { attributes, .. } => {
                EmailAddress::parse(attributes.text(Attribute::EmailAddress)).ok()
            }
            _ => None,
        }
    }

    /// Its problems; none where it can be done.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::LeaveOut { problems } => problems,
            _ => &[],
        }
    }
}
