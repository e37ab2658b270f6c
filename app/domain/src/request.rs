//! What somebody asks for, row by row, as it was written: nothing here has been checked yet.

mod cells;

use serde::{Deserialize, Serialize};

pub use self::cells::{BrokenQuotes, CellMark, Cells, Decision};
pub use crate::dictionary::CLEAR;
use crate::{
    absence::Absence,
    channel::Operation,
    email_address::EmailAddress,
    grant::Terms,
    ids::{AccountId, ContactId, GrantId, OfferId, RowNumber, Timestamp, TokenId},
    life::Turn,
    offer::OfferEnd,
    organisation::{Organisation, OrganisationCode, UnitPath},
    policy::Role,
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wish {
    /// A file's row: an account that is so, made or changed where it is already here.
    Account(Cells),
    /// A new account, whoever is already here.
    NewAccount(Cells),
    /// Other details for an account.
    EditAccount {
        /// Whose.
        account: AccountId,
        /// Only what is to change; [`CLEAR`] empties.
        cells: Cells,
    },
    /// A turn in an account's life.
    Turn {
        /// Whose.
        account: AccountId,
        /// Which.
        turn: Turn,
    },
    /// An absence: the account is disabled from now, or from a day ahead, until a day or for good; none takes back the one
    /// that is planned.
    Absence {
        /// Whose.
        account: AccountId,
        /// From when until when, and why.
        absence: Option<Absence>,
    },
    /// Another day of return or another reason for the absence under way.
    ChangeAbsence {
        /// Whose.
        account: AccountId,
        /// Until when, and why.
        absence: Absence,
    },
    /// The day on which an account's person will leave; none takes it back.
    Leaving {
        /// Whose.
        account: AccountId,
        /// From when.
        at: Option<Timestamp>,
    },
    /// Another organisation for an account, by one who manages both.
    MoveAccount {
        /// Whose.
        account: AccountId,
        /// Organisation, site, unit and local ID there.
        cells: Cells,
    },
    /// A leaver of another organisation taken in, found by exact address.
    Join {
        /// The address.
        address: String,
        /// Organisation, site, unit and local ID here; job title, department and telephone only where they change.
        cells: Cells,
    },
    /// Another password for an account, chosen by its person over a one-time link.
    ResetPassword {
        /// Whose.
        account: AccountId,
    },
    /// What somebody proves themselves with besides their password, taken away: they have lost it.
    ResetFactors {
        /// Whose.
        account: AccountId,
    },
    /// The asker's own new password.
    ChoosePassword {
        /// The asker's account.
        account: AccountId,
    },
    /// An account's person is forgotten; their addresses stay reserved for a while.
    EraseAccount {
        /// Whose.
        account: AccountId,
    },
    /// The reserved addresses of an erased account are given free.
    FreeAddresses {
        /// Whose they were.
        account: AccountId,
    },
    /// A new contact.
    Contact(Cells),
    /// Other details for a contact.
    EditContact {
        /// Which.
        contact: ContactId,
        /// Only what is to change; [`CLEAR`] empties.
        cells: Cells,
    },
    /// A contact taken away.
    DeleteContact {
        /// Which.
        contact: ContactId,
    },
    /// A deleted contact brought back.
    RestoreContact {
        /// Which.
        contact: ContactId,
    },
    /// A deleted contact forgotten.
    EraseContact {
        /// Which.
        contact: ContactId,
    },
    /// Another organisation for a contact, by one who manages both.
    MoveContact {
        /// Which.
        contact: ContactId,
        /// Organisation and unit there.
        cells: Cells,
    },
    /// A contact offered to another organisation.
    OfferContact {
        /// Which.
        contact: ContactId,
        /// The other organisation's code, as typed.
        to: String,
    },
    /// A contact that was offered, taken in.
    AcceptOffer {
        /// The offer.
        offer: OfferId,
        /// The unit there.
        cells: Cells,
    },
    /// An offer ended otherwise.
    EndOffer {
        /// The offer.
        offer: OfferId,
        /// How.
        end: OfferEnd,
    },
    /// A new organisation.
    Organisation(Organisation),
    /// A file's row: an organisation that is so, founded or changed where it is already here.
    OrganisationInFile(Cells),
    /// A role for an account, over an organisation or one of its units.
    Grant {
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
    /// A role taken from an account.
    Revoke {
        /// Who holds it.
        account: AccountId,
        /// The grant.
        grant: GrantId,
        /// Over which organisation it is held.
        organisation: OrganisationCode,
        /// Why.
        reason: String,
    },
    /// An API token of the asker's own.
    MakeToken {
        /// The asker's account.
        account: AccountId,
        /// What it is recognised by.
        token: TokenId,
        /// What its maker calls it.
        name: String,
        /// Until when it is good.
        expires_at: Timestamp,
    },
    /// What an event did to an account, reversed as far as nobody has touched it since.
    Undo {
        /// Whose.
        account: AccountId,
        /// The event, by its number.
        event: i64,
        /// The operation that reversing it is.
        #[serde(default = "editing")]
        operation: Operation,
    },
    /// An API token that is good no more.
    RevokeToken {
        /// Whose it is.
        account: AccountId,
        /// Which.
        token: TokenId,
    },
}

impl Wish {
    /// The cells it was asked with, where it has any.
    #[must_use]
    pub const fn cells(&self) -> Option<&Cells> {
        match self {
            Self::Account(cells) | Self::NewAccount(cells) | Self::Contact(cells) | Self::OrganisationInFile(cells) => {
                Some(cells)
            }
            Self::EditAccount { cells, .. } | Self::MoveAccount { cells, .. } | Self::Join { cells, .. } => Some(cells),
            Self::EditContact { cells, .. } | Self::MoveContact { cells, .. } | Self::AcceptOffer { cells, .. } => {
                Some(cells)
            }
            _ => None,
        }
    }

    /// The operation that it asks for, by a form; which deed that is, the role table says.
    #[must_use]
    pub const fn operation(&self) -> Operation {
        match self {
            Self::Account(_) | Self::NewAccount(_) => Operation::CreateAccount,
            Self::EditAccount { .. } => Operation::EditAccount,
            Self::Undo { operation, .. } => *operation,
            Self::Turn { turn, .. } => turn.operation(),
            Self::Absence { .. } | Self::ChangeAbsence { .. } => Operation::DisableOrEnable,
            Self::Leaving { .. } => Operation::MarkLeaver,
            Self::MoveAccount { .. } => Operation::TransferAccount,
            Self::Join { .. } => Operation::Joiner,
            Self::ResetPassword { .. } | Self::ResetFactors { .. } => Operation::ResetPassword,
            Self::ChoosePassword { .. } => Operation::ChoosePassword,
            Self::EraseAccount { .. } | Self::FreeAddresses { .. } | Self::EraseContact { .. } => Operation::Sweep,
            Self::Contact(_) => Operation::CreateContact,
            Self::EditContact { .. } => Operation::EditContact,
            Self::DeleteContact { .. } | Self::RestoreContact { .. } => Operation::DeleteContact,
            Self::MoveContact { .. } | Self::OfferContact { .. } => Operation::TransferContact,
            Self::AcceptOffer { .. } | Self::EndOffer { .. } => Operation::TransferContact,
            Self::Organisation(_) | Self::OrganisationInFile(_) => Operation::FoundOrganisation,
            Self::Grant { .. } | Self::Revoke { .. } => Operation::GrantRole,
            Self::MakeToken { .. } | Self::RevokeToken { .. } => Operation::ApiToken,
        }
    }

    /// Whether it is about a contact.
    #[must_use]
    pub const fn is_about_a_contact(&self) -> bool {
        matches!(
            self,
            Self::Contact(_) | Self::AcceptOffer { .. } | Self::EndOffer { .. }
        ) || self.contact().is_some()
    }

    /// The account that it names by its ID.
    #[must_use]
    pub const fn account(&self) -> Option<AccountId> {
        match self {
            Self::EditAccount { account, .. }
            | Self::Turn { account, .. }
            | Self::Leaving { account, .. }
            | Self::Absence { account, .. }
            | Self::ChangeAbsence { account, .. }
            | Self::MoveAccount { account, .. }
            | Self::ResetPassword { account }
            | Self::ResetFactors { account }
            | Self::ChoosePassword { account }
            | Self::EraseAccount { account }
            | Self::FreeAddresses { account }
            | Self::Grant { account, .. }
            | Self::Revoke { account, .. }
            | Self::MakeToken { account, .. }
            | Self::Undo { account, .. }
            | Self::RevokeToken { account, .. } => Some(*account),
            _ => None,
        }
    }

    /// The contact that it names by its ID.
    #[must_use]
    pub const fn contact(&self) -> Option<ContactId> {
        match self {
            Self::EditContact { contact, .. }
            | Self::DeleteContact { contact }
            | Self::RestoreContact { contact }
            | Self::EraseContact { contact }
            | Self::MoveContact { contact, .. }
            | Self::OfferContact { contact, .. } => Some(*contact),
            _ => None,
        }
    }

    /// The offer that it names.
    #[must_use]
    pub const fn offer(&self) -> Option<OfferId> {
        match self {
            Self::AcceptOffer { offer, .. } | Self::EndOffer { offer, .. } => Some(*offer),
            _ => None,
        }
    }
}

/// What undoing was before more than uploads could be undone.
const fn editing() -> Operation {
    Operation::EditAccount
}
