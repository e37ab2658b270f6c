//! Where an account stands in its life.

use serde::{Deserialize, Serialize};

/// The life of an account (H).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccountStatus {
    /// Made, and waiting for its person to activate it.
    Pending,
    /// In use.
    Active,
    /// Not used for a while.
    Inactive,
    /// Shut after too many failed sign-ins.
    Locked,
    /// Shut by an administrator, as for a long leave.
    Disabled,
    /// Its person is leaving the organisation.
    Leaver,
    /// Gone, and restorable for a while.
    Deleted,
}

impl AccountStatus {
    /// Every status.
    pub const ALL: [Self; 7] = [
        Self::Pending,
        Self::Active,
        Self::Inactive,
        Self::Locked,
        Self::Disabled,
        Self::Leaver,
        Self::Deleted,
    ];

    /// The word pages show.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Active => "Active",
            Self::Inactive => "Inactive",
            Self::Locked => "Locked",
            Self::Disabled => "Disabled",
            Self::Leaver => "Leaver",
            Self::Deleted => "Deleted",
        }
    }

    /// The status behind "is": `a leaver`, `disabled`.
    #[must_use]
    pub const fn after_is(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Locked => "locked",
            Self::Disabled => "disabled",
            Self::Leaver => "a leaver",
            Self::Deleted => "deleted",
        }
    }

    /// Whether its person's roles, sessions and API tokens are in force. A lock only shuts the door to signing in by a
    /// password: otherwise anybody who knows an address could end what its holder is doing, and stop their machines. Inactive is a mark.
    #[must_use]
    pub const fn is_in_force(self) -> bool {
        match self {
            Self::Active | Self::Inactive | Self::Locked => true,
            Self::Pending | Self::Disabled | Self::Leaver | Self::Deleted => false,
        }
    }

    /// Whether a file may change the account: a row for a leaver, a disabled or a deleted account is no revival.
    #[must_use]
    pub const fn takes_changes_from_files(self) -> bool {
        match self {
            Self::Pending | Self::Active | Self::Inactive | Self::Locked => true,
            Self::Disabled | Self::Leaver | Self::Deleted => false,
        }
    }
}
