//! What is wrong with a customer or a subscription as it is to be.

use serde::{Deserialize, Serialize};

use super::CustomerNumber;
use crate::{organisation::OrganisationCode, subscription::Side, values::numbers::thousands};

/// What is wrong with a customer or a subscription as it is to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the sentences say what each is")]
pub enum CustomerFault {
    // Of a customer
    NotARoot { organisation: OrganisationCode },
    OtherCustomer { customer: CustomerNumber },
    OtherOrganisation { organisation: OrganisationCode },
    NotADomain { domain: String },
    DomainTaken { domain: String, customer: CustomerNumber },
    // Of a subscription
    NoName,
    NameTooLong { limit: usize },
    TooManySeats { most: u32 },
    TooManyGigabytes { most: u32 },
    OtherSubscriber { customer: CustomerNumber },
    OtherOffering,
    UnknownParent,
    EndsBeforeStart,
    FewerSeats { taken: u32 },
    SeatsTaken { taken: u32 },
    EndsWithSeats { taken: u32 },
    SmallerPool { side: Side, used: u32 },
}

impl CustomerFault {
    /// What is wrong.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::NotARoot { organisation } => {
                format!("{organisation} is part of another organisation, so it cannot be a customer.")
            }
            Self::OtherCustomer { customer } => format!("The organisation is already customer {customer}."),
            Self::OtherOrganisation { organisation } => {
                format!("The customer with this number belongs to {organisation}.")
            }
            Self::NotADomain { domain } => format!("“{domain}” is not a domain."),
            Self::DomainTaken { domain, customer } => format!("{domain} is a domain of customer {customer}."),
            Self::NoName => "The name is missing.".into(),
            Self::NameTooLong { limit } => format!("The name or the part number has more than {limit} characters."),
            Self::TooManySeats { most } => format!("A subscription has at most {} seats.", thousands(*most)),
            Self::TooManyGigabytes { most } => format!("A subscription has at most {} GB.", thousands(*most)),
            Self::OtherSubscriber { customer } => {
                format!("The subscription with this number belongs to customer {customer}.")
            }
            Self::OtherOffering => "What a subscription is for cannot be changed.".into(),
            Self::UnknownParent => "This customer has no bundle with this number.".into(),
            Self::EndsBeforeStart => "The last day is before the first.".into(),
            Self::FewerSeats { taken } => format!("People have {taken} of its seats."),
            Self::SeatsTaken { taken } => {
                format!("People have {taken} of its seats, so the subscription cannot be cancelled.")
            }
            Self::EndsWithSeats { taken } => {
                format!("People have {taken} of its seats, so its last day cannot be in the past.")
            }
            Self::SmallerPool { side, used } => {
                format!("People have {used} GB of extra {} storage.", side.name())
            }
        }
    }

    /// What can be done about it.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::NotARoot { .. } => "Enter the organisation that it is part of, at the top.",
            Self::OtherCustomer { .. } => "Change the settings of that customer instead.",
            Self::OtherOrganisation { .. } | Self::OtherSubscriber { .. } => "Enter another number.",
            Self::NotADomain { .. } => "Enter it like health.example.",
            Self::DomainTaken { .. } => "Remove it from that customer first.",
            Self::NoName => "Enter a name.",
            Self::NameTooLong { .. } => "Shorten it.",
            Self::TooManySeats { .. } | Self::TooManyGigabytes { .. } => {
                "Enter a smaller number, or add another subscription."
            }
            Self::OtherOffering => "Add another subscription, and cancel this one once its seats are free.",
            Self::UnknownParent => "Enter the number of a bundle of this customer, or leave it empty.",
            Self::EndsBeforeStart => "Enter a later last day, or leave it empty.",
            Self::FewerSeats { .. } => "Enter at least that many seats, or revoke some first.",
            Self::SeatsTaken { .. } => "Revoke them first.",
            Self::EndsWithSeats { .. } => "Revoke them first, or enter a later last day.",
            Self::SmallerPool { .. } => "Enter at least that many gigabytes, or reduce people’s extra storage first.",
        }
        .to_owned()
    }
}
