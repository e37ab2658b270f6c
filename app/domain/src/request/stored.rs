//! How wishes are stored.

use super::{AccountWish, Cells, ContactWish, RoleWish, SeatWish, TokenWish, Wish};
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
    stored::stored,
    subscription::Subscription,
    values::ids::{AccountId, ContactId, GrantId, OfferId, Timestamp, TokenId},
};

stored! {
    #[serde(rename_all = "kebab-case")] Wish
    values {
        Account(cells: Cells) = [Self::AccountInFile(cells)],
        NewAccount(cells: Cells) = [Self::NewAccount(cells)],
        Contact(cells: Cells) = [Self::NewContact(cells)],
        Organisation(organisation: Organisation) = [Self::NewOrganisation(organisation)],
        OrganisationInFile(cells: Cells) = [Self::OrganisationInFile(cells)],
        ChangeRow(row: Box<ChangeRow>) = [Self::ChangeRow(row)],
        Customer(customer: Box<Customer>) = [Self::Customer(customer)],
        Subscription(subscription: Box<Subscription>) = [Self::Subscription(subscription)],
    }
    fields {
        EditAccount { account: AccountId, cells: Cells } = [Self::Account(account, AccountWish::Edit(cells))],
        Turn { account: AccountId, turn: Turn } = [Self::Account(account, AccountWish::Turn(turn))],
        Absence { account: AccountId, absence: Option<Absence> }
            = [Self::Account(account, AccountWish::Absence(absence))],
        ChangeAbsence { account: AccountId, absence: Absence }
            = [Self::Account(account, AccountWish::ChangeAbsence(absence))],
        Leaving { account: AccountId, at: Option<Timestamp> } = [Self::Account(account, AccountWish::Leaving(at))],
        MoveAccount { account: AccountId, cells: Cells } = [Self::Account(account, AccountWish::Move(cells))],
        Join { address: String, cells: Cells } = [Self::Join { address, cells }],
        ResetPassword { account: AccountId } = [Self::Account(account, AccountWish::ResetPassword)],
        ResetFactors { account: AccountId } = [Self::Account(account, AccountWish::ResetFactors)],
        ChoosePassword { account: AccountId } = [Self::Account(account, AccountWish::ChoosePassword)],
        EraseAccount { account: AccountId } = [Self::Account(account, AccountWish::Erase)],
        FreeAddresses { account: AccountId } = [Self::Account(account, AccountWish::FreeAddresses)],
        Undo { account: AccountId, event: i64, #[serde(default = "editing")] operation: Operation }
            = [Self::Account(account, AccountWish::Undo { event, operation })],
        Seats { account: AccountId, wish: SeatWish } = [Self::Account(account, AccountWish::Seats(wish))],
        Hold { account: AccountId, reason: String } = [Self::Account(account, AccountWish::Hold(reason))],
        Release { account: AccountId } = [Self::Account(account, AccountWish::Release)],
        EditContact { contact: ContactId, cells: Cells } = [Self::Contact(contact, ContactWish::Edit(cells))],
        DeleteContact { contact: ContactId } = [Self::Contact(contact, ContactWish::Delete)],
        RestoreContact { contact: ContactId } = [Self::Contact(contact, ContactWish::Restore)],
        EraseContact { contact: ContactId } = [Self::Contact(contact, ContactWish::Erase)],
        MoveContact { contact: ContactId, cells: Cells } = [Self::Contact(contact, ContactWish::Move(cells))],
        OfferContact { contact: ContactId, to: String } = [Self::Contact(contact, ContactWish::Offer(to))],
        AcceptOffer { offer: OfferId, cells: Cells } = [Self::AcceptOffer(offer, cells)],
        EndOffer { offer: OfferId, end: OfferEnd } = [Self::EndOffer(offer, end)],
        Grant {
            account: AccountId, role: Role, organisation: OrganisationCode, unit: Option<UnitPath>,
            terms: Terms = "Terms::are_plain",
        } = [Self::Role(account, RoleWish::Grant { role, organisation, unit, terms })],
        Revoke { account: AccountId, grant: GrantId, organisation: OrganisationCode, reason: String }
            = [Self::Role(account, RoleWish::Revoke { grant, organisation, reason })],
        MakeToken { account: AccountId, token: TokenId, name: String, expires_at: Timestamp }
            = [Self::Token(account, token, TokenWish::Make { name, expires_at })],
        RevokeToken { account: AccountId, token: TokenId } = [Self::Token(account, token, TokenWish::Revoke)],
    }
}

/// What undoing was before more than uploads could be undone.
const fn editing() -> Operation {
    Operation::EditAccount
}
