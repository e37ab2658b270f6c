//! What letters tell of beside names and dates.

use domain::{policy::Role, values::ids::Timestamp};
use serde::{Deserialize, Serialize};

/// What became of somebody's second factors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactorNews {
    /// One was set up.
    Added {
        /// What its person calls it.
        name: String,
    },
    /// One was removed.
    Removed {
        /// What its person called it.
        name: String,
    },
    /// A recovery code was used in its place.
    CodeUsed {
        /// How many are left.
        left: u64,
    },
    /// All were removed by somebody who manages the account.
    Reset {
        /// Who.
        by: String,
    },
}

/// How an account went to another organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MoveNews {
    /// A leaver was taken in by the other organisation.
    TakenIn,
    /// It was transferred by somebody who manages both.
    Transferred,
}

/// What became of an absence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AbsenceNews {
    /// It was entered, or its days were changed.
    Entered {
        /// Its first day. `None` if it has begun.
        from: Option<Timestamp>,
        /// The day of return. `None` if none is known.
        until: Option<Timestamp>,
    },
    /// It was planned, and will not be.
    TakenBack,
    /// Its person is back.
    Back,
}

/// Somebody whose absence was entered, changed or has ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonNews {
    /// Their name.
    pub name: String,
    /// What became of it.
    pub news: AbsenceNews,
}

/// A role that was given or has ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleNews {
    /// The name of the person who holds or held it.
    pub holder: String,
    /// The role.
    pub role: Role,
    /// The organisation, with the unit if it is over one.
    pub place: String,
    /// What became of it.
    pub turn: RoleTurn,
}

/// How somebody sends files who may do so by email.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendsByEmail {
    /// The address that files are sent to.
    pub address: String,
    /// The page about files by email.
    pub help: String,
}

/// What became of a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoleTurn {
    /// It was given.
    Given {
        /// From when. `None` if at once.
        from: Option<Timestamp>,
        /// The last moment at which it is held. `None` if it has no end date.
        until: Option<Timestamp>,
        /// When its holder leaves, if that ends it earlier.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        leaving: Option<Timestamp>,
    },
    /// It has ended.
    Ended(RoleEnd),
}

/// Why a role has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoleEnd {
    /// Somebody revoked it.
    Revoked,
    /// Its end date has passed.
    Expired,
    /// The account was disabled.
    Disabled,
    /// The person was marked as a leaver.
    Leaver,
    /// The account was deleted.
    Deleted,
    /// The account went to another organisation.
    Moved,
}
