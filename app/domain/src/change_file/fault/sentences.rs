//! The sentences of reports: what is wrong with a row, and what its author can do about it (`channels.md`, 5.8).

use super::{ChangeFault, Instead};
use crate::{
    account::status::AccountStatus,
    change_file::{Action, Keyword},
    subscription::{Side, SubscriptionState},
};

impl ChangeFault {
    /// What is wrong, and what the row's author can do about it.
    #[must_use]
    pub fn sentence(&self) -> String {
        self.of_fields()
            .or_else(|| self.of_people())
            .or_else(|| self.of_seats())
            .unwrap_or_else(|| self.of_the_rest())
    }

    fn of_fields(&self) -> Option<String> {
        Some(match self {
            Self::Cells { values, headings } => {
                let values = counted(*values, "value");
                format!("This row has {values}, the header has {headings}.")
            }
            Self::Quotes => {
                "The quotation marks of a value in this row do not match. Close each one, or write it twice in a value."
                    .into()
            }
            Self::ActionMissing => format!("This row has no Action. Actions are {}.", Action::words()),
            Self::ActionUnknown { action } => {
                format!("{action} is not an action. Actions are {}.", Action::words())
            }
            Self::ActionOlder => format!(
                "{} is an older name of {}.",
                Action::OLDER_CHANGE_STORAGE,
                Action::ChangeStorage.word()
            ),
            Self::EmailMissing => "This row has no EmailAddress.".into(),
            Self::EmailBad { field, address, why } => {
                format!(
                    "{address} in {} is not an email address: {}.",
                    field.word(),
                    why.cause()
                )
            }
            Self::EmailLong { length } => format!("EmailAddress may have 254 characters; this has {length}."),
            Self::FieldRequired { action, field } => format!("{} needs {}.", action.word(), field.word()),
            Self::FieldRequiredMail { field } => {
                format!("{} is needed because the subscription includes mail.", field.word())
            }
            Self::FieldNotTaken { action, field } => {
                format!("{} does not take {}.", action.word(), field.word())
            }
            Self::FieldIgnored { action, field } => {
                format!("{} does not take {}. It is ignored.", action.word(), field.word())
            }
            Self::FieldWithoutMail { field } => {
                format!("{} is ignored because there is no mail seat.", field.word())
            }
            Self::FieldLong { field, limit, length } => {
                format!("{} may have {limit} characters; this has {length}.", field.word())
            }
            Self::FieldEmpty { field } => format!("{} cannot be empty.", field.word()),
            Self::FieldControl { field, sign } => format!(
                "{} has a sign that cannot be seen (U+{:04X}). Remove it.",
                field.word(),
                u32::from(*sign)
            ),
            Self::Value { value, list, .. } => format!("{value} is not one of {list}."),
            Self::UpdateEmpty => "This row changes nothing.".into(),
            _ => return None,
        })
    }

    fn of_people(&self) -> Option<String> {
        Some(match self {
            Self::AccountNone { email } => format!("There is no account {email} for this customer."),
            Self::AccountExists { email } => format!("{email} already has an account. Use Update or AssignSeat."),
            Self::AddressOlder { email, present } => format!("{email} is an earlier address of {present}."),
            Self::AddressReserved { email } => format!("{email} is not available."),
            Self::AddressDeleted { email, until } => {
                let until = until.as_ref().map(|day| format!(" until {day}")).unwrap_or_default();
                format!("{email} was deleted. An administrator can restore the account in the portal{until}.")
            }
            Self::AddressPromised { email } => format!(
                "{email} is promised to another person until they use the link of their Rename. Use another address."
            ),
            Self::DomainForeign { domain } => format!("{domain} is not a domain of this customer."),
            Self::Held { email, reason, since } => format!("{email} is held ({reason}) since {since}."),
            Self::State {
                email,
                status: AccountStatus::Leaver,
                ..
            } => format!("{email} is leaving; this is handled in the portal."),
            Self::State { email, status, action } => {
                format!("{email} is {}; {} is not possible.", status.after_is(), action.word())
            }
            Self::DisabledByPerson { email } => {
                format!("{email} was disabled by an administrator; enable it in the portal.")
            }
            Self::DisabledForAbsence { email } => {
                format!("{email} is disabled for a planned absence; enable it in the portal.")
            }
            Self::LooksLike { name, email } => format!("{name} ({email}) may be the same person."),
            Self::Restorable { until } => {
                format!("An administrator can restore the account in the portal until {until}.")
            }
            Self::PasswordKept { email } => {
                format!("The password in this row is not used: ChangeSeat sets none for {email}.")
            }
            Self::AssignToNone { email } => {
                format!("There is no active account {email} for this customer that could take the content.")
            }
            Self::AssignToSelf => "AssignTo names the same person. Name another one, or leave it out.".into(),
            Self::AssignToNoCollab { email } => format!("{email} has no collaboration seat to take the content."),
            Self::AssignToMail => "Mail content cannot be reassigned.".into(),
            Self::RenameTaken { email } => format!("{email} is not available."),
            Self::RenameDomainFederated { domain } => {
                format!("{domain} is not a domain of this customer. Federated people need an address in one.")
            }
            Self::RenameDirectoryFirst { email } => {
                format!("Change the mail directory first: it does not show {email} yet.")
            }
            Self::RenameWaiting { email } => {
                format!("{email} is being renamed already. The link sent to the new address must be used first.")
            }
            Self::RenameNoSeat { email } => {
                format!("{email} has no collaboration or mail seat. Rename needs one.")
            }
            Self::RenameSame { email } => format!("{email} is the address already."),
            _ => return None,
        })
    }

    fn of_seats(&self) -> Option<String> {
        Some(match self {
            Self::SubscriptionNone { id } => format!("{id} is not a subscription of this customer."),
            Self::SubscriptionInactive {
                id, ended: Some(day), ..
            } => format!("{id} ended on {day}."),
            Self::SubscriptionInactive { id, state, ended: None } => {
                format!("{id} is {}.", state_in_sentence(*state))
            }
            Self::SubscriptionStorage { name } => format!("{name} has no seats. Use ChangeStorage."),
            Self::SubscriptionTwice => "SubscriptionId and SubscriptionId2 name the same subscription.".into(),
            Self::SeatsFull { name, seats } => format!("No seat of {name} is free ({seats} of {seats} used)."),
            Self::SecondSeat {
                email,
                side,
                name,
                instead,
            } => {
                let instead = match instead {
                    Instead::ChangeSeat => "Use ChangeSeat.",
                    Instead::ThatSeat => "Change or revoke that seat instead.",
                    Instead::Revoke => "Revoke it first.",
                };
                format!("{email} already has a {} seat ({name}). {instead}", side.name())
            }
            Self::SecondAccessory { email, offering } => {
                format!("{email} already has a {} seat.", offering.name())
            }
            Self::SeatNotHeld { email, what } => format!("{email} has no {what} seat."),
            Self::SeatWhich { email, seats: 0 } => format!("{email} has no seat."),
            Self::SeatWhich { email, seats } => format!("{email} has {}; name one.", counted(*seats, "seat")),
            Self::SeatNeeds { offering, side } => format!("{} needs a {} seat.", offering.name(), side.name()),
            Self::SeatNeeded {
                offering,
                side,
                by_form,
            } => {
                let first = if *by_form { "" } else { ", in an earlier row" };
                format!(
                    "{} needs the {} seat. Revoke it first{first}.",
                    offering.name(),
                    side.name()
                )
            }
            Self::SeatGoesToo { offering, side } => {
                format!(
                    "The {} seat goes too: it needs a {} seat.",
                    offering.name(),
                    side.name()
                )
            }
            Self::ChangeIncompatible { from, to } => format!("A {from} seat cannot become {to}."),
            Self::ChangeSame { email, name } => format!("{email} has a seat of {name} already."),
            Self::KeywordMissing { side } => {
                format!(
                    "The new seat has no {}. Add {} to confirm that it goes.",
                    side.name(),
                    keyword(*side)
                )
            }
            Self::KeywordWrong { keyword } => format!(
                "{keyword} is only for changing a bundle to a single seat, with the number of the new subscription in the \
                 other field."
            ),
            Self::MailCredentials => "Give Password or AltEmailAddress: this seat brings mail.".into(),
            Self::MailCredentialsNotTaken { field } => {
                format!("ChangeSeat takes {} only if the new seat brings mail.", field.word())
            }
            _ => return None,
        })
    }

    fn of_the_rest(&self) -> String {
        match self {
            Self::StorageNone => "Give CollabExtraStorage or MailExtraStorage.".into(),
            Self::StorageNumber { field, value } => {
                format!("{value} in {} is not a whole number of gigabytes.", field.word())
            }
            Self::StoragePool { needed, free, .. } => format!("{needed} GB more are needed; {free} GB are free."),
            Self::StorageSide { field, name } => format!("{} does not go with a seat of {name}.", field.word()),
            Self::StorageBack { side, gigabytes } => {
                format!("{gigabytes} GB of extra {} storage are free again.", side.name())
            }
            Self::FederationValue { value, organisation } => format!(
                "{value} does not fit an organisation that is {}.",
                organisation.name().to_lowercase()
            ),
            Self::ActivationValue { value } => format!("{value} is not FORCE_ACTIVATION."),
            Self::ActivationNotFederated => "FORCE_ACTIVATION is only for federated people.".into(),
            Self::ActivationVerificationOn => {
                "FORCE_ACTIVATION is only for organisations that do not verify email addresses.".into()
            }
            Self::ActivationDomain { domain } => {
                format!("FORCE_ACTIVATION needs an address of the customer; {domain} is not its domain.")
            }
            Self::InvitationNothing { email } => format!("{email} has nothing to activate."),
            Self::InvitationFederated { email } => {
                format!("{email} is federated and signs in without an invitation.")
            }
            Self::InvitationRecent { email } => {
                format!("{email} was invited less than an hour ago. No further invitation is sent.")
            }
            Self::MigrationNone { email } => format!("There is no migrated mail for {email}."),
            Self::TemplateUnknown { template } => format!("{template} is not a mail template of this customer."),
            Self::DnTaken { name } => format!("{name} is the NotesDN of another person."),
            Self::Clashed => "Something else changed at the same moment. Send this row again.".into(),
            // The others are said above.
            _ => String::new(),
        }
    }
}

fn counted(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        number => format!("{number} {what}s"),
    }
}

const fn keyword(side: Side) -> &'static str {
    match side {
        Side::Collab => Keyword::DELETE_COLLAB,
        Side::Mail => Keyword::DELETE_MAIL,
    }
}

fn state_in_sentence(state: SubscriptionState) -> String {
    state.name().to_lowercase()
}
