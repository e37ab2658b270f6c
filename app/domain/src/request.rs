//! What somebody asks for, row by row, as it was written: nothing here has been checked yet.

mod cells;
mod stored;

use serde::{Deserialize, Serialize};

pub use self::cells::{BrokenQuotes, CellMark, Cells, Decision};
pub use crate::dictionary::CLEAR;
use crate::{
    absence::Absence,
    change_file::ChangeRow,
    channel::Operation,
    customer::Customer,
    grant::Terms,
    life::Turn,
    offer::OfferEnd,
    organisation::{Organisation, OrganisationCode, UnitPath},
    policy::Role,
    subscription::{Subscription, SubscriptionNumber},
    values::{
        email_address::EmailAddress,
        ids::{AccountId, ContactId, GrantId, OfferId, RowNumber, SeatId, Timestamp, TokenId},
    },
};

/// One row's wish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeRequest {
    /// The row, in the spreadsheet's own numbers; a form is row 1.
    pub row: RowNumber,
    /// What is asked for.
    pub wish: Wish,
    /// The address that was shown for a new account: kept while it is still free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised: Option<EmailAddress>,
}

/// What a row can ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// A file's row: an account that is so, made or changed where it is already here.
    AccountInFile(Cells),
    /// A new account, no matter who is already here.
    NewAccount(Cells),
    /// A leaver of another organisation taken in, found by exact address.
    Join {
        /// The address.
        address: String,
        /// Organisation, site, unit and local ID here; job title, department and telephone only where they change.
        cells: Cells,
    },
    /// Something for an account that is here.
    Account(AccountId, AccountWish),
    /// A new contact.
    NewContact(Cells),
    /// Something for a contact that is here.
    Contact(ContactId, ContactWish),
    /// A contact that was offered, taken in; the cells hold the unit there.
    AcceptOffer(OfferId, Cells),
    /// An offer ended otherwise.
    EndOffer(OfferId, OfferEnd),
    /// A new organisation.
    NewOrganisation(Organisation),
    /// A file's row: an organisation that is so, founded or changed where it is already here.
    OrganisationInFile(Cells),
    /// A role of an account's.
    Role(AccountId, RoleWish),
    /// An API token of an account's, by what it is recognised by.
    Token(AccountId, TokenId, TokenWish),
    /// A change file's row.
    ChangeRow(Box<ChangeRow>),
    /// A customer that is so, new or as it is to be.
    Customer(Box<Customer>),
    /// A subscription that is so, new or as it is to be.
    Subscription(Box<Subscription>),
}

/// What can be asked for an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountWish {
    /// Other details: only what is to change; [`CLEAR`] empties.
    Edit(Cells),
    /// A turn in its life.
    Turn(Turn),
    /// An absence: the account is disabled from now, or from a day ahead, until a day or for good; none takes back the one
    /// that is planned.
    Absence(Option<Absence>),
    /// Another day of return or another reason for the absence under way.
    ChangeAbsence(Absence),
    /// The day on which its person will leave; none takes it back.
    Leaving(Option<Timestamp>),
    /// Another organisation, by one who manages both: organisation, site, unit and local ID there.
    Move(Cells),
    /// Another password, chosen by its person over a one-time link.
    ResetPassword,
    /// What its person proves themselves with besides their password, taken away: they have lost it.
    ResetFactors,
    /// The asker's own new password.
    ChoosePassword,
    /// Its person is forgotten; their addresses stay reserved for a while.
    Erase,
    /// The reserved addresses of an erased account are given free.
    FreeAddresses,
    /// What an event did to it, reversed as far as nobody has touched it since.
    Undo {
        /// The event, by its number.
        event: i64,
        /// The operation that reversing it is.
        operation: Operation,
    },
    /// Something about its seats.
    Seats(SeatWish),
    /// It is held, for this reason: nothing but the portal's forms changes it.
    Hold(String),
    /// It is held no longer.
    Release,
}

/// What can be asked for about the seats of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SeatWish {
    /// One more.
    Assign(SubscriptionNumber),
    /// One of another subscription in its place.
    Change {
        /// Which.
        seat: SeatId,
        /// Of which subscription it is to be.
        to: SubscriptionNumber,
    },
    /// One less.
    Revoke(SeatId),
    /// Other amounts of extra storage.
    Storage {
        /// With which seat.
        seat: SeatId,
        /// Gigabytes for collaboration; all of it, not what is added.
        collab: u32,
        /// Gigabytes for mail; all of it, not what is added.
        mail: u32,
    },
}

/// What can be asked for a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContactWish {
    /// Other details: only what is to change; [`CLEAR`] empties.
    Edit(Cells),
    /// It is taken away.
    Delete,
    /// It was deleted, and is brought back.
    Restore,
    /// It was deleted, and is forgotten.
    Erase,
    /// Another organisation, by one who manages both: organisation and unit there.
    Move(Cells),
    /// It is offered to another organisation, by its code, as typed.
    Offer(String),
}

/// What can be asked for a role that somebody is to hold, or holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoleWish {
    /// A role over an organisation or one of its units.
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
    /// A role taken from them.
    Revoke {
        /// The grant.
        grant: GrantId,
        /// Over which organisation it is held.
        organisation: OrganisationCode,
        /// Why.
        reason: String,
    },
}

/// What can be asked for an API token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenWish {
    /// One of the asker's own is made.
    Make {
        /// What its maker calls it.
        name: String,
        /// Until when it is good.
        expires_at: Timestamp,
    },
    /// It is good no more.
    Revoke,
}

impl Wish {
    /// The cells it was asked with, where it has any.
    #[must_use]
    pub const fn cells(&self) -> Option<&Cells> {
        match self {
            Self::AccountInFile(cells) | Self::NewAccount(cells) | Self::Join { cells, .. } => Some(cells),
            Self::Account(_, AccountWish::Edit(cells) | AccountWish::Move(cells)) => Some(cells),
            Self::NewContact(cells) | Self::AcceptOffer(_, cells) | Self::OrganisationInFile(cells) => Some(cells),
            Self::Contact(_, ContactWish::Edit(cells) | ContactWish::Move(cells)) => Some(cells),
            _ => None,
        }
    }

    /// The operation that it asks for, by a form; which deed that is, the role table says.
    #[must_use]
    pub const fn operation(&self) -> Operation {
        match self {
            Self::AccountInFile(_) | Self::NewAccount(_) => Operation::CreateAccount,
            Self::Join { .. } => Operation::Joiner,
            Self::Account(_, wish) => wish.operation(),
            Self::NewContact(_) => Operation::CreateContact,
            Self::Contact(_, wish) => wish.operation(),
            Self::AcceptOffer(..) | Self::EndOffer(..) => Operation::TransferContact,
            Self::NewOrganisation(_) | Self::OrganisationInFile(_) => Operation::FoundOrganisation,
            Self::Role(..) => Operation::GrantRole,
            Self::Token(..) => Operation::ApiToken,
            // A row says in its own words what it asks for; whatever that is, it is no form.
            Self::ChangeRow(_) => Operation::EditAccount,
            Self::Customer(_) | Self::Subscription(_) => Operation::ManageCustomers,
        }
    }

    /// Whether it is about a contact.
    #[must_use]
    pub const fn is_about_a_contact(&self) -> bool {
        matches!(
            self,
            Self::NewContact(_) | Self::Contact(..) | Self::AcceptOffer(..) | Self::EndOffer(..)
        )
    }

    /// The account that it names by its ID.
    #[must_use]
    pub const fn account(&self) -> Option<AccountId> {
        match self {
            Self::Account(account, _) | Self::Role(account, _) | Self::Token(account, ..) => Some(*account),
            _ => None,
        }
    }

    /// The contact that it names by its ID.
    #[must_use]
    pub const fn contact(&self) -> Option<ContactId> {
        match self {
            Self::Contact(contact, _) => Some(*contact),
            _ => None,
        }
    }

    /// The change file's row that it is.
    #[must_use]
    pub fn change_row(&self) -> Option<&ChangeRow> {
        match self {
            Self::ChangeRow(row) => Some(row),
            _ => None,
        }
    }

    /// The offer that it names.
    #[must_use]
    pub const fn offer(&self) -> Option<OfferId> {
        match self {
            Self::AcceptOffer(offer, _) | Self::EndOffer(offer, _) => Some(*offer),
            _ => None,
        }
    }
}

impl AccountWish {
    const fn operation(&self) -> Operation {
        match self {
            Self::Edit(_) => Operation::EditAccount,
            Self::Turn(turn) => turn.operation(),
            Self::Absence(_) | Self::ChangeAbsence(_) => Operation::DisableOrEnable,
            Self::Leaving(_) => Operation::MarkLeaver,
            Self::Move(_) => Operation::TransferAccount,
            Self::ResetPassword | Self::ResetFactors => Operation::ResetPassword,
            Self::ChoosePassword => Operation::ChoosePassword,
            Self::Erase | Self::FreeAddresses => Operation::Sweep,
            Self::Undo { operation, .. } => *operation,
            Self::Seats(_) => Operation::SeatsAndStorage,
            Self::Hold(_) | Self::Release => Operation::HoldOrRelease,
        }
    }
}

impl ContactWish {
    const fn operation(&self) -> Operation {
        match self {
            Self::Edit(_) => Operation::EditContact,
            Self::Delete | Self::Restore => Operation::DeleteContact,
            Self::Erase => Operation::Sweep,
            Self::Move(_) | Self::Offer(_) => Operation::TransferContact,
        }
    }
}
