//! What is done for a row: one step, with all that its preview shows and its event needs.

mod seats;
mod stored;

use uuid::Uuid;

pub use self::seats::{Provision, SeatStep};
use super::{
    about::{AccountRef, ContactRef, DayChange, HeldRole, OpenOffer},
    row_kind::RowKind,
};
use crate::{
    absence::{Absence, Stay},
    account::{Account, AccountStatus},
    channel::Operation,
    contact::Contact,
    customer::Customer,
    dictionary::{Attribute, Attributes, Change},
    grant::Terms,
    life::{LinkFor, Turn},
    offer::OfferEnd,
    organisation::{Organisation, OrganisationCode, UnitPath},
    policy::Role,
    problem::{Kind, Problem},
    subscription::{SeatEnd, Subscription},
    values::{
        email_address::EmailAddress,
        ids::{AccountId, ContactId, Timestamp, TokenId},
    },
};

/// What is done for a row.
#[derive(Clone, Debug, PartialEq, Eq)]
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
        stay: Stay,
        /// Its seats, and whether it waits for its person.
        provision: Provision,
    },
    /// Something is done to an account.
    Account(AccountRef, AccountStep),
    /// Reserved addresses of an account whose person is forgotten are free again.
    FreeAddresses {
        /// Whose they were.
        account: AccountId,
        /// Where it belonged.
        organisation: OrganisationCode,
        /// Which.
        addresses: Vec<EmailAddress>,
    },
    /// A new contact.
    CreateContact {
        /// Where.
        organisation: OrganisationCode,
        /// With what.
        attributes: Attributes,
    },
    /// Something is done to a contact.
    Contact(ContactRef, ContactStep),
    /// An organisation is new, or changes.
    Organisation(OrganisationStep),
    /// A role of an account's begins or ends.
    Role(AccountId, RoleStep),
    /// An API token is made or revoked.
    Token(TokenStep),
    /// A customer is new, or changes.
    Customer {
        /// As it was; none where it is new.
        before: Option<Box<Customer>>,
        /// As it will be.
        after: Box<Customer>,
    },
    /// A subscription is new, or changes.
    Subscription {
        /// The customer's organisation.
        organisation: OrganisationCode,
        /// As it was; none where it is new.
        before: Option<Box<Subscription>>,
        /// As it will be.
        after: Box<Subscription>,
    },
    /// What is asked for is so already.
    Nothing {
        /// Of which account, if of one.
        account: Option<AccountId>,
    },
    /// Nothing is done, because of these; none only where their person is forgotten.
    LeaveOut {
        /// All of them.
        problems: Vec<Problem>,
    },
}

/// What is done to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountStep {
    /// It changes.
    Update {
        /// What changes; empty only where a day does.
        changes: Vec<Change>,
        /// Days of their stay that change.
        days: Vec<DayChange>,
    },
    /// A turn in its life.
    Turn {
        /// Which turn.
        turn: Turn,
        /// What its status was.
        before: AccountStatus,
        /// What it will be.
        after: AccountStatus,
        /// The leaving date that lies ahead; [`Turn::keeps_leaving_date`] says whether it stays.
        leaving: Option<Timestamp>,
        /// The leaving date that is set with it: a leaver who is disabled still leaves, and somebody who is brought back
        /// leaves on the day that was set before.
        leaves_on: Option<Timestamp>,
        /// The absence that ends with it.
        back: Option<Absence>,
        /// The absence that begins, or is planned again, with it.
        away: Option<Absence>,
        /// The roles that end with it.
        ends: Vec<HeldRole>,
        /// The seats that end with it.
        seats: Vec<SeatEnd>,
    },
    /// An absence that lies ahead, or none any more; or other dates or another reason for the one under way.
    PlanAbsence {
        /// What was planned.
        before: Option<Absence>,
        /// What will be.
        after: Option<Absence>,
    },
    /// A day on which its person will leave, or none any more.
    PlanLeaving {
        /// What was planned.
        before: Option<Timestamp>,
        /// What will be.
        after: Option<Timestamp>,
    },
    /// It goes to another organisation; a leaver is active there.
    Move {
        /// Where to.
        to: OrganisationCode,
        /// Its status before; a leaver is taken in by the other side alone.
        before: AccountStatus,
        /// What changes with it.
        changes: Vec<Change>,
        /// The leaving date that is given up: it was set for the organisation that the account leaves.
        leaving: Option<Timestamp>,
        /// The leaving date that is set with it: somebody who is brought back leaves on the day that was set there.
        leaves_on: Option<Timestamp>,
        /// The roles that end with it.
        ends: Vec<HeldRole>,
        /// The seats that end with it: they are the customer's that the account leaves.
        seats: Vec<SeatEnd>,
    },
    /// A link by which its person chooses a password: another one, or their first.
    ResetPassword {
        /// What it is for.
        link: LinkFor,
    },
    /// What its person proves themselves with besides a password is taken away.
    ResetFactors,
    /// Its person chooses a password.
    ChoosePassword,
    /// Its person's data is forgotten.
    Erase {
        /// The addresses that stay reserved.
        addresses: Vec<EmailAddress>,
    },
    /// Its seats change.
    Seats {
        /// What is done about which, in this order.
        seats: Vec<SeatStep>,
        /// What changes with it.
        changes: Vec<Change>,
    },
    /// It is held: nothing but the portal's forms changes it.
    Hold {
        /// Why.
        reason: String,
    },
    /// It is held no longer.
    Release,
    /// Its person is asked whether another address is theirs; until they say so, nothing changes.
    AskRename {
        /// The address.
        to: EmailAddress,
    },
    /// Its person is invited once more.
    Invite,
}

/// What is done to a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContactStep {
    /// It changes.
    Update {
        /// What changes; never empty.
        changes: Vec<Change>,
    },
    /// It is taken away.
    Delete {
        /// The open offer that ends with it.
        offer: Option<OpenOffer>,
    },
    /// It is brought back.
    Restore,
    /// It is forgotten.
    Erase,
    /// It goes to another organisation.
    Move {
        /// Where to.
        to: OrganisationCode,
        /// What changes with it.
        changes: Vec<Change>,
        /// The open offer that ends with it, and how.
        offer: Option<(OpenOffer, OfferEnd)>,
    },
    /// It is offered to another organisation.
    Offer {
        /// To whom.
        to: OrganisationCode,
        /// The other organisation's name.
        to_name: String,
    },
    /// An offer ends, and it stays where it is.
    EndOffer {
        /// Which offer.
        offer: OpenOffer,
        /// How.
        end: OfferEnd,
    },
}

/// What is done to an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrganisationStep {
    /// It is new: all of it.
    Found(Organisation),
    /// It changes.
    Update {
        /// Which.
        organisation: OrganisationCode,
        /// What changes; never empty. Of sites and units only those that are added or renamed.
        changes: Vec<Change>,
    },
}

/// What is done about a role of somebody's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoleStep {
    /// They are to hold it.
    Grant {
        /// The role.
        role: Role,
        /// Over which organisation and those below it.
        organisation: OrganisationCode,
        /// Only over this unit and those below it.
        unit: Option<UnitPath>,
        /// From when, until when, how and why.
        terms: Terms,
    },
    /// It is taken from them.
    Revoke {
        /// The grant.
        held: HeldRole,
        /// Why it ends.
        reason: String,
    },
}

/// What is done about an API token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenStep {
    /// It is made, and its maker alone is shown it once.
    Make {
        /// Whose.
        of: AccountRef,
        /// What it is recognised by.
        token: TokenId,
        /// What its maker calls it.
        name: String,
        /// Until when it is good.
        expires_at: Timestamp,
    },
    /// It is good no more.
    Revoke {
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
}

impl Step {
    /// The operation it is an instance of; none where nothing is done.
    #[must_use]
    pub const fn operation(&self) -> Option<Operation> {
        Some(match self {
            Self::CreateAccount { .. } => Operation::CreateAccount,
            Self::Account(_, step) => step.operation(),
            Self::FreeAddresses { .. } => Operation::Sweep,
            Self::CreateContact { .. } => Operation::CreateContact,
            Self::Contact(_, step) => step.operation(),
            Self::Organisation(OrganisationStep::Found(_)) => Operation::FoundOrganisation,
            Self::Organisation(OrganisationStep::Update { .. }) => Operation::ChangeOrganisation,
            Self::Role(..) => Operation::GrantRole,
            Self::Token(_) => Operation::ApiToken,
            Self::Customer { .. } | Self::Subscription { .. } => Operation::ManageCustomers,
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
            Self::Organisation(OrganisationStep::Found(_))
            | Self::Role(_, RoleStep::Grant { .. })
            | Self::Token(TokenStep::Make { .. }) => RowKind::Create,
            Self::Customer { before: None, .. } | Self::Subscription { before: None, .. } => RowKind::Create,
            _ => RowKind::Update,
        }
    }

    /// The account that is already here and that the step is about.
    #[must_use]
    pub const fn account(&self) -> Option<AccountId> {
        match self {
            Self::Account(of, _) | Self::Token(TokenStep::Make { of, .. }) => Some(of.account),
            Self::FreeAddresses { account, .. }
            | Self::Role(account, _)
            | Self::Token(TokenStep::Revoke { account, .. }) => Some(*account),
            Self::Nothing { account } => *account,
            _ => None,
        }
    }

    /// The contact that is already here and that the step is about.
    #[must_use]
    pub const fn contact(&self) -> Option<ContactId> {
        match self {
            Self::Contact(of, _) => Some(of.contact),
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
        matches!(self, Self::CreateContact { .. } | Self::Contact(..))
    }

    /// What is done to an account that is already here.
    #[must_use]
    pub const fn of_account(&self) -> Option<&AccountStep> {
        match self {
            Self::Account(_, step) => Some(step),
            _ => None,
        }
    }

    /// What it changes, attribute by attribute.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        match self {
            Self::Account(
                _,
                AccountStep::Update { changes, .. }
                | AccountStep::Move { changes, .. }
                | AccountStep::Seats { changes, .. },
            )
            | Self::Contact(_, ContactStep::Update { changes } | ContactStep::Move { changes, .. })
            | Self::Organisation(OrganisationStep::Update { changes, .. }) => changes,
            _ => &[],
        }
    }

    /// The days of somebody's stay that it changes.
    #[must_use]
    pub fn days(&self) -> &[DayChange] {
        match self.of_account() {
            Some(AccountStep::Update { days, .. }) => days,
            _ => &[],
        }
    }

    /// The roles that end with it.
    #[must_use]
    pub fn ends(&self) -> &[HeldRole] {
        match self.of_account() {
            Some(AccountStep::Turn { ends, .. } | AccountStep::Move { ends, .. }) => ends,
            _ => &[],
        }
    }

    /// What is done about seats of an account that is already here.
    #[must_use]
    pub fn seats(&self) -> &[SeatStep] {
        match self.of_account() {
            Some(AccountStep::Seats { seats, .. }) => seats,
            _ => &[],
        }
    }

    /// The seats that end with what is done to an account as a whole.
    #[must_use]
    pub fn seat_ends(&self) -> &[SeatEnd] {
        match self.of_account() {
            Some(AccountStep::Turn { seats, .. } | AccountStep::Move { seats, .. }) => seats,
            _ => &[],
        }
    }

    /// What a new account gets besides its details.
    #[must_use]
    pub const fn provision(&self) -> Option<&Provision> {
        match self {
            Self::CreateAccount { provision, .. } => Some(provision),
            _ => None,
        }
    }

    /// The leaving date that lies ahead of an account that it turns or moves.
    #[must_use]
    pub const fn leaving(&self) -> Option<Timestamp> {
        match self.of_account() {
            Some(AccountStep::Turn { leaving, .. } | AccountStep::Move { leaving, .. }) => *leaving,
            _ => None,
        }
    }

    /// The leaving date that is set with it.
    #[must_use]
    pub const fn leaves_on(&self) -> Option<Timestamp> {
        match self.of_account() {
            Some(AccountStep::Turn { leaves_on, .. } | AccountStep::Move { leaves_on, .. }) => *leaves_on,
            _ => None,
        }
    }

    /// The absence that ends with it.
    #[must_use]
    pub const fn back(&self) -> Option<&Absence> {
        match self.of_account() {
            Some(AccountStep::Turn { back, .. }) => back.as_ref(),
            _ => None,
        }
    }

    /// The absence that begins, or is planned, with it.
    #[must_use]
    pub const fn away(&self) -> Option<&Absence> {
        match self.of_account() {
            Some(AccountStep::Turn { away, .. }) => away.as_ref(),
            Some(AccountStep::PlanAbsence { after, .. }) => after.as_ref(),
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

impl AccountStep {
    /// The step, done to this account as it is now.
    pub(super) fn on(self, existing: &Account) -> Step {
        Step::Account(AccountRef::to(existing), self)
    }

    const fn operation(&self) -> Operation {
        match self {
            Self::Update { .. } => Operation::EditAccount,
            Self::Turn { turn, .. } => turn.operation(),
            Self::PlanAbsence { .. } => Operation::DisableOrEnable,
            Self::PlanLeaving { .. } => Operation::MarkLeaver,
            Self::Move {
                before: AccountStatus::Leaver,
                ..
            } => Operation::Joiner,
            Self::Move { .. } => Operation::TransferAccount,
            Self::ResetPassword { .. } | Self::ResetFactors => Operation::ResetPassword,
            Self::ChoosePassword => Operation::ChoosePassword,
            Self::Erase { .. } => Operation::Sweep,
            Self::Seats { .. } | Self::Invite => Operation::SeatsAndStorage,
            Self::Hold { .. } | Self::Release => Operation::HoldOrRelease,
            // It becomes the account's address later, and only then it is an edit of it; the right is the same.
            Self::AskRename { .. } => Operation::EditAccount,
        }
    }
}

impl ContactStep {
    /// The step, done to this contact as it is now.
    pub(super) fn on(self, existing: &Contact) -> Step {
        Step::Contact(ContactRef::to(existing), self)
    }

    const fn operation(&self) -> Operation {
        match self {
            Self::Update { .. } => Operation::EditContact,
            Self::Delete { .. } | Self::Restore => Operation::DeleteContact,
            Self::Erase
            | Self::EndOffer {
                end: OfferEnd::Lapsed, ..
            } => Operation::Sweep,
            Self::Move { .. } | Self::Offer { .. } | Self::EndOffer { .. } => Operation::TransferContact,
        }
    }
}
