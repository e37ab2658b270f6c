//! What is left of a fact when its person is forgotten: enough to redo it, and nothing personal.

use super::Fact;
use crate::{absence::Absence, dictionary::Attributes};

impl Fact {
    /// The fact without anything personal: what stays when a person is forgotten. It still redoes what is left to redo.
    #[must_use]
    pub fn forgotten(self) -> Self {
        match self {
            Self::AccountCreated {
                account,
                organisation,
                status,
                stay,
                ..
            } => Self::AccountCreated {
                account,
                organisation,
                status,
                attributes: Attributes::default(),
                stay,
            },
            Self::AccountTurned {
                account,
                organisation,
                turn,
                before,
                after,
                leaving,
                back,
                away,
            } => Self::AccountTurned {
                account,
                organisation,
                turn,
                before,
                after,
                leaving,
                back: back.map(Absence::forgotten),
                away: away.map(Absence::forgotten),
            },
            Self::AbsencePlanned {
                account,
                organisation,
                before,
                after,
            } => Self::AbsencePlanned {
                account,
                organisation,
                before: before.map(Absence::forgotten),
                after: after.map(Absence::forgotten),
            },
            Self::AccountChanged {
                account, organisation, ..
            } => Self::AccountChanged {
                account,
                organisation,
                changes: vec![],
            },
            Self::AccountMoved {
                account,
                from,
                organisation,
                before,
                leaving,
                ..
            } => Self::AccountMoved {
                account,
                from,
                organisation,
                before,
                changes: vec![],
                leaving,
            },
            Self::ContactCreated {
                contact, organisation, ..
            } => Self::ContactCreated {
                contact,
                organisation,
                attributes: Attributes::default(),
            },
            Self::ContactChanged {
                contact, organisation, ..
            } => Self::ContactChanged {
                contact,
                organisation,
                changes: vec![],
            },
            Self::ContactMoved {
                contact,
                from,
                organisation,
                ..
            } => Self::ContactMoved {
                contact,
                from,
                organisation,
                changes: vec![],
            },
            Self::RoleGranted {
                grant,
                account,
                role,
                organisation,
                unit,
                terms,
            } => Self::RoleGranted {
                grant,
                account,
                role,
                organisation,
                unit,
                terms: terms.forgotten(),
            },
            Self::RoleEnded {
                grant,
                account,
                role,
                organisation,
                unit,
                ..
            } => Self::RoleEnded {
                grant,
                account,
                role,
                organisation,
                unit,
                reason: String::new(),
            },
            Self::TokenMade {
                account,
                organisation,
                token,
                expires_at,
                ..
            } => Self::TokenMade {
                account,
                organisation,
                token,
                name: String::new(),
                expires_at,
            },
            Self::TokenRevoked {
                account,
                organisation,
                token,
                ..
            } => Self::TokenRevoked {
                account,
                organisation,
                token,
                name: String::new(),
            },
            other => other,
        }
    }

    /// The fact without the addresses that were reserved and are free now.
    #[must_use]
    pub fn without_addresses(self) -> Self {
        match self {
            Self::AccountErased {
                account, organisation, ..
            } => Self::AccountErased {
                account,
                organisation,
                addresses: vec![],
            },
            Self::AddressesFreed {
                account, organisation, ..
            } => Self::AddressesFreed {
                account,
                organisation,
                addresses: vec![],
            },
            other => other,
        }
    }
}
