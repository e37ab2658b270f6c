//! How steps are stored.

use super::{AccountStep, ContactStep, OrganisationStep, Provision, RoleStep, SeatStep, Step, TokenStep};
use crate::{
    absence::{Absence, Stay},
    account::AccountStatus,
    customer::Customer,
    dictionary::{Attributes, Change},
    grant::Terms,
    life::{LinkFor, Turn},
    offer::OfferEnd,
    organisation::{Organisation, OrganisationCode, UnitPath},
    plan::about::{AccountRef, ContactRef, DayChange, HeldRole, OpenOffer},
    policy::Role,
    problem::Problem,
    stored::stored,
    subscription::{SeatEnd, Subscription},
    values::{
        email_address::EmailAddress,
        ids::{AccountId, Timestamp, TokenId},
    },
};

stored! {
    #[serde(tag = "step", rename_all = "kebab-case")] Step
    fields {
        CreateAccount {
            organisation: OrganisationCode, attributes: Attributes, with_password: bool, stay: Stay = "Stay::is_open",
            provision: Provision = "Provision::is_plain",
        } = [Self::CreateAccount { organisation, attributes, with_password, stay, provision }],
        UpdateAccount { of: AccountRef, changes: Vec<Change>, days: Vec<DayChange> = "Vec::is_empty" }
            = [Self::Account(of, AccountStep::Update { changes, days })],
        TurnAccount {
            of: AccountRef, turn: Turn, before: AccountStatus, after: AccountStatus,
            leaving: Option<Timestamp> = "Option::is_none", leaves_on: Option<Timestamp> = "Option::is_none",
            back: Option<Absence> = "Option::is_none", away: Option<Absence> = "Option::is_none", ends: Vec<HeldRole>,
            seats: Vec<SeatEnd> = "Vec::is_empty",
        } = [Self::Account(of, AccountStep::Turn { turn, before, after, leaving, leaves_on, back, away, ends, seats })],
        PlanAbsence { of: AccountRef, before: Option<Absence>, after: Option<Absence> }
            = [Self::Account(of, AccountStep::PlanAbsence { before, after })],
        PlanLeaving { of: AccountRef, before: Option<Timestamp>, after: Option<Timestamp> }
            = [Self::Account(of, AccountStep::PlanLeaving { before, after })],
        MoveAccount {
            of: AccountRef, to: OrganisationCode, before: AccountStatus, changes: Vec<Change>,
            leaving: Option<Timestamp> = "Option::is_none", leaves_on: Option<Timestamp> = "Option::is_none",
            ends: Vec<HeldRole>, seats: Vec<SeatEnd> = "Vec::is_empty",
        } = [Self::Account(of, AccountStep::Move { to, before, changes, leaving, leaves_on, ends, seats })],
        ResetPassword { of: AccountRef, link: LinkFor = "LinkFor::is_another_password" }
            = [Self::Account(of, AccountStep::ResetPassword { link })],
        ResetFactors { of: AccountRef } = [Self::Account(of, AccountStep::ResetFactors)],
        ChoosePassword { of: AccountRef } = [Self::Account(of, AccountStep::ChoosePassword)],
        EraseAccount { of: AccountRef, addresses: Vec<EmailAddress> }
            = [Self::Account(of, AccountStep::Erase { addresses })],
        ChangeSeats { of: AccountRef, seats: Vec<SeatStep>, changes: Vec<Change> = "Vec::is_empty" }
            = [Self::Account(of, AccountStep::Seats { seats, changes })],
        HoldAccount { of: AccountRef, reason: String } = [Self::Account(of, AccountStep::Hold { reason })],
        ReleaseAccount { of: AccountRef } = [Self::Account(of, AccountStep::Release)],
        AskRename { of: AccountRef, to: EmailAddress } = [Self::Account(of, AccountStep::AskRename { to })],
        Invite { of: AccountRef } = [Self::Account(of, AccountStep::Invite)],
        SetCustomer { before: Option<Box<Customer>> = "Option::is_none", after: Box<Customer> }
            = [Self::Customer { before, after }],
        SetSubscription {
            organisation: OrganisationCode, before: Option<Box<Subscription>> = "Option::is_none",
            after: Box<Subscription>,
        } = [Self::Subscription { organisation, before, after }],
        FreeAddresses { account: AccountId, organisation: OrganisationCode, addresses: Vec<EmailAddress> }
            = [Self::FreeAddresses { account, organisation, addresses }],
        Nothing { #[serde(default)] account: Option<AccountId> } = [Self::Nothing { account }],
        CreateContact { organisation: OrganisationCode, attributes: Attributes }
            = [Self::CreateContact { organisation, attributes }],
        UpdateContact { of: ContactRef, changes: Vec<Change> } = [Self::Contact(of, ContactStep::Update { changes })],
        DeleteContact { of: ContactRef, offer: Option<OpenOffer> } = [Self::Contact(of, ContactStep::Delete { offer })],
        RestoreContact { of: ContactRef } = [Self::Contact(of, ContactStep::Restore)],
        EraseContact { of: ContactRef } = [Self::Contact(of, ContactStep::Erase)],
        MoveContact { of: ContactRef, to: OrganisationCode, changes: Vec<Change>, offer: Option<(OpenOffer, OfferEnd)> }
            = [Self::Contact(of, ContactStep::Move { to, changes, offer })],
        OfferContact { of: ContactRef, to: OrganisationCode, to_name: String }
            = [Self::Contact(of, ContactStep::Offer { to, to_name })],
        EndOffer { of: ContactRef, offer: OpenOffer, end: OfferEnd }
            = [Self::Contact(of, ContactStep::EndOffer { offer, end })],
        FoundOrganisation { organisation: Organisation } = [Self::Organisation(OrganisationStep::Found(organisation))],
        UpdateOrganisation { organisation: OrganisationCode, changes: Vec<Change> }
            = [Self::Organisation(OrganisationStep::Update { organisation, changes })],
        GrantRole {
            account: AccountId, role: Role, organisation: OrganisationCode, unit: Option<UnitPath>,
            terms: Terms = "Terms::are_plain",
        } = [Self::Role(account, RoleStep::Grant { role, organisation, unit, terms })],
        RevokeRole { account: AccountId, held: HeldRole, reason: String }
            = [Self::Role(account, RoleStep::Revoke { held, reason })],
        MakeToken { of: AccountRef, token: TokenId, name: String, expires_at: Timestamp }
            = [Self::Token(TokenStep::Make { of, token, name, expires_at })],
        RevokeToken {
            account: AccountId, organisation: OrganisationCode, token: TokenId, name: String,
            connector_of: Vec<HeldRole>,
        } = [Self::Token(TokenStep::Revoke { account, organisation, token, name, connector_of })],
        LeaveOut { problems: Vec<Problem> } = [Self::LeaveOut { problems }],
    }
}
