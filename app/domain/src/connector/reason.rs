//! Why administrators are asked in a machine's place.

use serde::{Deserialize, Serialize};

/// Why administrators are asked in a machine's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProposalReason {
    /// Its connector has no right to do it.
    NoRight,
    /// The machine has disabled so many people that a person must look at it first.
    ManyLoseAccess,
    /// The person has a role.
    RoleHolder,
    /// A person disabled the account.
    DisabledByPerson,
}

impl ProposalReason {
    /// Every reason.
    pub const ALL: [Self; 4] = [
        Self::NoRight,
        Self::ManyLoseAccess,
        Self::RoleHolder,
        Self::DisabledByPerson,
    ];

    /// The name it is stored by.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::NoRight => "no-right",
            Self::ManyLoseAccess => "many-lose-access",
            Self::RoleHolder => "role-holder",
            Self::DisabledByPerson => "disabled-by-person",
        }
    }

    /// Reads [`Self::slug`] back.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.slug() == slug)
    }

    /// The reason as a sentence.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::NoRight => "The connector may not do this.",
            Self::ManyLoseAccess => "The other system disabled many people within a day.",
            Self::RoleHolder => "The person has a role.",
            Self::DisabledByPerson => "An administrator disabled the account.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_is_read_back_and_is_a_sentence() {
        for reason in ProposalReason::ALL {
            assert_eq!(ProposalReason::from_slug(reason.slug()), Some(reason));
            assert!(reason.sentence().ends_with('.'));
        }
        assert_eq!(ProposalReason::from_slug("other"), None);
    }
}
