//! What is wrong with a row of a change file, or noticed about it. The sentences are in `fault/sentences.rs`.

mod sentences;

use serde::{Deserialize, Serialize};

use super::{Action, Field};
use crate::{
    account::status::AccountStatus,
    customer::Federation,
    subscription::{Offering, Side, SubscriptionState},
    values::email_address::AddressFault,
};

/// What is wrong with a row of a change file, or noticed about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the sentences say what each is")]
pub enum ChangeFault {
    // Of the row and its fields
    Cells {
        values: usize,
        headings: usize,
    },
    /// A value in quotation marks that never ends, or goes on behind them.
    Quotes,
    ActionMissing,
    ActionUnknown {
        action: String,
    },
    /// A notice.
    ActionOlder,
    EmailMissing,
    EmailBad {
        field: Field,
        address: String,
        why: AddressFault,
    },
    EmailLong {
        length: usize,
    },
    FieldRequired {
        action: Action,
        field: Field,
    },
    FieldRequiredMail {
        field: Field,
    },
    FieldNotTaken {
        action: Action,
        field: Field,
    },
    /// A notice.
    FieldIgnored {
        action: Action,
        field: Field,
    },
    /// A notice: it has a meaning with mail alone.
    FieldWithoutMail {
        field: Field,
    },
    FieldLong {
        field: Field,
        limit: usize,
        length: usize,
    },
    FieldEmpty {
        field: Field,
    },
    /// A control character, which nobody sees.
    FieldControl {
        field: Field,
        sign: char,
    },
    Value {
        field: Field,
        value: String,
        list: String,
    },
    UpdateEmpty,
    // Of the person
    AccountNone {
        email: String,
    },
    AccountExists {
        email: String,
    },
    /// A notice.
    AddressOlder {
        email: String,
        present: String,
    },
    AddressReserved {
        email: String,
    },
    /// It is that of somebody of the same customer who was deleted, and can be restored until a day.
    AddressDeleted {
        email: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<String>,
    },
    /// It is the new address in a rename of somebody else's that waits.
    AddressPromised {
        email: String,
    },
    DomainForeign {
        domain: String,
    },
    Held {
        email: String,
        reason: String,
        since: String,
    },
    State {
        email: String,
        status: AccountStatus,
        action: Action,
    },
    DisabledByPerson {
        email: String,
    },
    DisabledForAbsence {
        email: String,
    },
    /// A notice.
    LooksLike {
        name: String,
        email: String,
    },
    /// A notice.
    Restorable {
        until: String,
    },
    /// A notice.
    PasswordKept {
        email: String,
    },
    // Of seats
    SubscriptionNone {
        id: String,
    },
    SubscriptionInactive {
        id: String,
        state: SubscriptionState,
        /// Its last day, where it is over by that.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ended: Option<String>,
    },
    SubscriptionStorage {
        name: String,
    },
    SubscriptionTwice,
    SeatsFull {
        name: String,
        seats: u32,
    },
    SecondSeat {
        email: String,
        side: Side,
        name: String,
        #[serde(default)]
        instead: Instead,
    },
    SecondAccessory {
        email: String,
        offering: Offering,
    },
    SeatNotHeld {
        email: String,
        what: String,
    },
    SeatWhich {
        email: String,
        seats: usize,
    },
    SeatNeeds {
        offering: Offering,
        side: Side,
    },
    /// Another seat would be left without what it needs.
    SeatNeeded {
        offering: Offering,
        side: Side,
        /// Whether a form asks, which has no rows.
        #[serde(default)]
        by_form: bool,
    },
    /// A notice.
    SeatGoesToo {
        offering: Offering,
        side: Side,
    },
    ChangeIncompatible {
        from: String,
        to: String,
    },
    /// Nothing is changed.
    ChangeSame {
        email: String,
        name: String,
    },
    KeywordMissing {
        side: Side,
    },
    KeywordWrong {
        keyword: String,
    },
    MailCredentials,
    MailCredentialsNotTaken {
        field: Field,
    },
    // Of content
    AssignToNone {
        email: String,
    },
    AssignToSelf,
    AssignToNoCollab {
        email: String,
    },
    AssignToMail,
    // Of an address
    RenameTaken {
        email: String,
    },
    RenameDomainFederated {
        domain: String,
    },
    RenameDirectoryFirst {
        email: String,
    },
    RenameWaiting {
        email: String,
    },
    RenameNoSeat {
        email: String,
    },
    /// Nothing is changed.
    RenameSame {
        email: String,
    },
    // Of storage
    StorageNone,
    StorageNumber {
        field: Field,
        value: String,
    },
    StoragePool {
        side: Side,
        needed: u32,
        free: u32,
    },
    StorageSide {
        field: Field,
        name: String,
    },
    /// A notice.
    StorageBack {
        side: Side,
        gigabytes: u32,
    },
    // Of how people sign in, and of invitations
    FederationValue {
        value: String,
        organisation: Federation,
    },
    ActivationValue {
        value: String,
    },
    ActivationNotFederated,
    ActivationVerificationOn,
    ActivationDomain {
        domain: String,
    },
    InvitationNothing {
        email: String,
    },
    InvitationFederated {
        email: String,
    },
    /// Nothing is changed.
    InvitationRecent {
        email: String,
    },
    // Of mail
    MigrationNone {
        email: String,
    },
    TemplateUnknown {
        template: String,
    },
    DnTaken {
        name: String,
    },
    /// Again and again somebody else changed at the same moment what the row is about.
    Clashed,
}

/// What can be done where somebody has a seat of a side already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Instead {
    /// A row of another action.
    #[default]
    ChangeSeat,
    /// The form for that seat.
    ThatSeat,
    /// That seat must end first.
    Revoke,
}

impl ChangeFault {
    /// Its code in reports.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Cells { .. } => "cells",
            Self::Quotes => "quotes",
            Self::ActionMissing => "action.missing",
            Self::ActionUnknown { .. } => "action.unknown",
            Self::ActionOlder => "action.older",
            Self::EmailMissing => "email.missing",
            Self::EmailBad { .. } => "email.bad",
            Self::EmailLong { .. } => "email.long",
            Self::FieldRequired { .. } => "field.required",
            Self::FieldRequiredMail { .. } => "field.required_mail",
            Self::FieldNotTaken { .. } | Self::FieldIgnored { .. } | Self::MailCredentialsNotTaken { .. } => {
                "field.not_taken"
            }
            Self::FieldWithoutMail { .. } => "field.without_mail",
            Self::FieldLong { .. } => "field.long",
            Self::FieldEmpty { .. } => "field.empty",
            Self::Value { .. } | Self::FieldControl { .. } => "value",
            Self::UpdateEmpty => "update.empty",
            Self::AccountNone { .. } => "account.none",
            Self::AccountExists { .. } => "account.exists",
            Self::AddressOlder { .. } => "address.older",
            Self::AddressReserved { .. } | Self::AddressDeleted { .. } => "address.reserved",
            Self::AddressPromised { .. } => "address.promised",
            Self::DomainForeign { .. } => "domain.foreign",
            Self::Held { .. } => "held",
            Self::State { .. } => "state",
            // The service disables nobody but for an absence that a person has planned.
            Self::DisabledByPerson { .. } | Self::DisabledForAbsence { .. } => "disabled.by_person",
            Self::LooksLike { .. } => "looks_like",
            Self::Restorable { .. } => "restorable",
            Self::PasswordKept { .. } => "password.kept",
            Self::SubscriptionNone { .. } => "subscription.none",
            Self::SubscriptionInactive { .. } => "subscription.inactive",
            Self::SubscriptionStorage { .. } => "subscription.storage",
            Self::SubscriptionTwice => "subscription.twice",
            Self::SeatsFull { .. } => "seats.full",
            Self::SecondSeat { side: Side::Collab, .. } => "seat.second_collab",
            Self::SecondSeat { side: Side::Mail, .. } => "seat.second_mail",
            Self::SecondAccessory { .. } => "seat.second_accessory",
            Self::SeatNotHeld { .. } => "seat.not_held",
            Self::SeatWhich { .. } => "seat.which",
            Self::SeatNeeds { .. } => "seat.needs",
            Self::SeatNeeded { .. } => "seat.needed",
            Self::SeatGoesToo { .. } => "seat.goes_too",
            Self::ChangeIncompatible { .. } => "change.incompatible",
            Self::ChangeSame { .. } => "change.same",
            Self::KeywordMissing { .. } => "change.keyword_missing",
            Self::KeywordWrong { .. } => "change.keyword_wrong",
            Self::MailCredentials => "mail.credentials",
            Self::AssignToNone { .. } => "assign_to.none",
            Self::AssignToSelf => "assign_to.self",
            Self::AssignToNoCollab { .. } => "assign_to.no_collab",
            Self::AssignToMail => "assign_to.mail",
            Self::RenameTaken { .. } => "rename.taken",
            Self::RenameDomainFederated { .. } => "rename.domain_federated",
            Self::RenameDirectoryFirst { .. } => "rename.directory_first",
            Self::RenameWaiting { .. } => "rename.waiting",
            Self::RenameNoSeat { .. } => "rename.no_seat",
            Self::RenameSame { .. } => "rename.same",
            Self::StorageNone => "storage.none",
            Self::StorageNumber { .. } => "storage.number",
            Self::StoragePool { .. } => "storage.pool",
            Self::StorageSide { .. } => "storage.side",
            Self::StorageBack { .. } => "storage.back",
            Self::FederationValue { .. } => "federation.value",
            Self::ActivationValue { .. } => "activation.value",
            Self::ActivationNotFederated => "activation.not_federated",
            Self::ActivationVerificationOn => "activation.verification_on",
            Self::ActivationDomain { .. } => "activation.domain",
            Self::InvitationNothing { .. } => "invitation.nothing",
            Self::InvitationFederated { .. } => "invitation.federated",
            Self::InvitationRecent { .. } => "invitation.recent",
            Self::MigrationNone { .. } => "migration.none",
            Self::TemplateUnknown { .. } => "template.unknown",
            Self::DnTaken { .. } => "dn.taken",
            Self::Clashed => "clashed",
        }
    }

    /// Whether it is only told: the row is applied all the same, or needs no change.
    #[must_use]
    pub const fn is_notice(&self) -> bool {
        self.is_no_change()
            || matches!(
                self,
                Self::ActionOlder
                    | Self::AddressOlder { .. }
                    | Self::FieldIgnored { .. }
                    | Self::FieldWithoutMail { .. }
                    | Self::LooksLike { .. }
                    | Self::Restorable { .. }
                    | Self::PasswordKept { .. }
                    | Self::SeatGoesToo { .. }
                    | Self::StorageBack { .. }
            )
    }

    /// Whether it says why nothing is changed.
    #[must_use]
    pub const fn is_no_change(&self) -> bool {
        matches!(
            self,
            Self::ChangeSame { .. } | Self::RenameSame { .. } | Self::InvitationRecent { .. }
        )
    }
}
