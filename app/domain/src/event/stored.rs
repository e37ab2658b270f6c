//! How facts are stored. The digests of the trail cover them as they are written, so old ones are written as they were.

use super::{AccountFact, ContactFact, Fact, OfferFact, OrganisationFact, RoleFact, TokenFact};
use crate::{
    absence::{Absence, Stay},
    account::status::AccountStatus,
    customer::Customer,
    dictionary::{Attributes, Change},
    grant::Terms,
    life::{LinkFor, Turn},
    offer::OfferEnd,
    organisation::{Organisation, OrganisationCode, UnitPath},
    policy::table::Role,
    stored::stored,
    subscription::{Seat, Subscription},
    values::{
        email_address::EmailAddress,
        ids::{AccountId, ContactId, GrantId, OfferId, Timestamp, TokenId},
    },
};

stored! {
    #[serde(tag = "fact", rename_all = "kebab-case")] Fact
    fields {
        OrganisationFounded { organisation: Organisation }
            = [Self::Organisation(OrganisationFact::Founded(organisation))],
        OrganisationChanged { organisation: OrganisationCode, changes: Vec<Change> }
            = [Self::Organisation(OrganisationFact::Changed { organisation, changes })],
        AccountCreated {
            account: AccountId, organisation: OrganisationCode, status: AccountStatus, attributes: Attributes,
            stay: Stay = "Stay::is_open",
        } = [Self::Account(account, organisation, AccountFact::Created { status, attributes, stay })],
        AccountChanged { account: AccountId, organisation: OrganisationCode, changes: Vec<Change> }
            = [Self::Account(account, organisation, AccountFact::Changed { changes })],
        AccountTurned {
            account: AccountId, organisation: OrganisationCode, turn: Turn, before: AccountStatus, after: AccountStatus,
            leaving: Option<Timestamp> = "Option::is_none", back: Option<Absence> = "Option::is_none",
            away: Option<Absence> = "Option::is_none",
        } = [Self::Account(account, organisation, AccountFact::Turned { turn, before, after, leaving, back, away })],
        AbsencePlanned {
            account: AccountId, organisation: OrganisationCode, before: Option<Absence>, after: Option<Absence>,
        } = [Self::Account(account, organisation, AccountFact::AbsencePlanned { before, after })],
        LeavingPlanned {
            account: AccountId, organisation: OrganisationCode, before: Option<Timestamp>, after: Option<Timestamp>,
        } = [Self::Account(account, organisation, AccountFact::LeavingPlanned { before, after })],
        StartPlanned {
            account: AccountId, organisation: OrganisationCode, before: Option<Timestamp>, after: Option<Timestamp>,
        } = [Self::Account(account, organisation, AccountFact::StartPlanned { before, after })],
        AccountMoved {
            account: AccountId, from: OrganisationCode, organisation: OrganisationCode, before: AccountStatus,
            changes: Vec<Change>, leaving: Option<Timestamp> = "Option::is_none",
        } = [Self::Account(account, organisation, AccountFact::Moved { from, before, changes, leaving })],
        PasswordReset {
            account: AccountId, organisation: OrganisationCode, link: LinkFor = "LinkFor::is_another_password",
        } = [Self::Account(account, organisation, AccountFact::PasswordReset { link })],
        FactorsReset { account: AccountId, organisation: OrganisationCode }
            = [Self::Account(account, organisation, AccountFact::FactorsReset)],
        PasswordChosen { account: AccountId, organisation: OrganisationCode }
            = [Self::Account(account, organisation, AccountFact::PasswordChosen)],
        AccountErased { account: AccountId, organisation: OrganisationCode, addresses: Vec<EmailAddress> }
            = [Self::Account(account, organisation, AccountFact::Erased { addresses })],
        AddressesFreed { account: AccountId, organisation: OrganisationCode, addresses: Vec<EmailAddress> }
            = [Self::Account(account, organisation, AccountFact::AddressesFreed { addresses })],
        SeatAssigned { account: AccountId, organisation: OrganisationCode, seat: Seat }
            = [Self::Account(account, organisation, AccountFact::SeatAssigned { seat })],
        SeatChanged { account: AccountId, organisation: OrganisationCode, before: Seat, after: Seat }
            = [Self::Account(account, organisation, AccountFact::SeatChanged { before, after })],
        SeatRevoked {
            account: AccountId, organisation: OrganisationCode, seat: Seat,
            content_to: Option<AccountId> = "Option::is_none",
        } = [Self::Account(account, organisation, AccountFact::SeatRevoked { seat, content_to })],
        AccountHeld { account: AccountId, organisation: OrganisationCode, reason: String }
            = [Self::Account(account, organisation, AccountFact::Held { reason })],
        AccountReleased { account: AccountId, organisation: OrganisationCode }
            = [Self::Account(account, organisation, AccountFact::Released)],
        RenameAsked { account: AccountId, organisation: OrganisationCode, to: EmailAddress }
            = [Self::Account(account, organisation, AccountFact::RenameAsked { to })],
        AccountInvited { account: AccountId, organisation: OrganisationCode }
            = [Self::Account(account, organisation, AccountFact::Invited)],
        ContactCreated { contact: ContactId, organisation: OrganisationCode, attributes: Attributes }
            = [Self::Contact(contact, organisation, ContactFact::Created { attributes })],
        ContactChanged { contact: ContactId, organisation: OrganisationCode, changes: Vec<Change> }
            = [Self::Contact(contact, organisation, ContactFact::Changed { changes })],
        ContactDeleted { contact: ContactId, organisation: OrganisationCode }
            = [Self::Contact(contact, organisation, ContactFact::Deleted)],
        ContactRestored { contact: ContactId, organisation: OrganisationCode }
            = [Self::Contact(contact, organisation, ContactFact::Restored)],
        ContactErased { contact: ContactId, organisation: OrganisationCode }
            = [Self::Contact(contact, organisation, ContactFact::Erased)],
        ContactMoved {
            contact: ContactId, from: OrganisationCode, organisation: OrganisationCode, changes: Vec<Change>,
        } = [Self::Contact(contact, organisation, ContactFact::Moved { from, changes })],
        ContactOffered {
            offer: OfferId, contact: ContactId, organisation: OrganisationCode, to: OrganisationCode, to_name: String,
        } = [Self::Offer { offer, contact, organisation, to, what: OfferFact::Made { to_name } }],
        OfferEnded {
            offer: OfferId, contact: ContactId, organisation: OrganisationCode, to: OrganisationCode, end: OfferEnd,
        } = [Self::Offer { offer, contact, organisation, to, what: OfferFact::Ended { end } }],
        RoleEnded {
            grant: GrantId, account: AccountId, role: Role, organisation: OrganisationCode, unit: Option<UnitPath>,
            reason: String = "String::is_empty",
        } = [Self::Role { grant, account, role, organisation, unit, what: RoleFact::Ended { reason } }],
        RoleGranted {
            grant: GrantId, account: AccountId, role: Role, organisation: OrganisationCode, unit: Option<UnitPath>,
            terms: Terms = "Terms::are_plain",
        } = [Self::Role { grant, account, role, organisation, unit, what: RoleFact::Granted { terms } }],
        TokenMade {
            account: AccountId, organisation: OrganisationCode, token: TokenId, name: String, expires_at: Timestamp,
        } = [Self::Token { account, organisation, token, name, what: TokenFact::Made { expires_at } }],
        TokenRevoked { account: AccountId, organisation: OrganisationCode, token: TokenId, name: String }
            = [Self::Token { account, organisation, token, name, what: TokenFact::Revoked }],
        CustomerSet { before: Option<Customer> = "Option::is_none", after: Customer } = [Self::Customer { before, after }],
        SubscriptionSet {
            organisation: OrganisationCode, before: Option<Subscription> = "Option::is_none", after: Subscription,
        } = [Self::Subscription { organisation, before, after }],
    }
}
