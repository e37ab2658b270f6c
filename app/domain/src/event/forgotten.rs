//! What is left of a fact when its person is forgotten: enough to redo it, and nothing personal.

use super::{AccountFact, ContactFact, Fact, RoleFact};
use crate::{absence::Absence, dictionary::Attributes, values::email_address::EmailAddress};

impl Fact {
    /// The fact without anything personal: what stays when a person is forgotten. It still redoes what is left to redo.
    #[must_use]
    pub fn forgotten(mut self) -> Self {
        match &mut self {
            Self::Account(_, _, what) => what.forget(),
            Self::Contact(_, _, what) => what.forget(),
            Self::Role {
                what: RoleFact::Granted { terms },
                ..
            } => terms.reason.clear(),
            Self::Role {
                what: RoleFact::Ended { reason },
                ..
            } => reason.clear(),
            Self::Token { name, .. } => name.clear(),
            Self::Organisation(_) | Self::Offer { .. } => {}
            Self::Customer { .. } | Self::Subscription { .. } => {}
        }
        self
    }

    /// The fact without the addresses that were reserved and are free now.
    #[must_use]
    pub fn without_addresses(mut self) -> Self {
        if let Self::Account(_, _, AccountFact::Erased { addresses } | AccountFact::AddressesFreed { addresses }) =
            &mut self
        {
            addresses.clear();
        }
        self
    }
}

impl AccountFact {
    fn forget(&mut self) {
        match self {
            Self::Created { attributes, .. } => *attributes = Attributes::default(),
            Self::Changed { changes } | Self::Moved { changes, .. } => changes.clear(),
            Self::Turned {
                back: before,
                away: after,
                ..
            }
            | Self::AbsencePlanned { before, after } => {
                *before = before.take().map(Absence::forgotten);
                *after = after.take().map(Absence::forgotten);
            }
            Self::LeavingPlanned { .. } | Self::StartPlanned { .. } => {}
            Self::PasswordReset { .. } | Self::FactorsReset | Self::PasswordChosen => {}
            Self::Erased { .. } | Self::AddressesFreed { .. } => {}
            Self::Held { reason } => reason.clear(),
            Self::RenameAsked { to } => *to = EmailAddress::forgotten(),
            Self::SeatAssigned { .. } | Self::SeatChanged { .. } | Self::SeatRevoked { .. } => {}
            Self::Released | Self::Invited => {}
        }
    }
}

impl ContactFact {
    fn forget(&mut self) {
        match self {
            Self::Created { attributes } => *attributes = Attributes::default(),
            Self::Changed { changes } | Self::Moved { changes, .. } => changes.clear(),
            Self::Deleted | Self::Restored | Self::Erased => {}
        }
    }
}
