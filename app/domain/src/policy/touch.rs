//! What touching a role holder is called, and who could end the roles of somebody who is touched.

use serde::{Deserialize, Serialize};

use crate::life::Turn;

/// Days for which a password reset stays with those who could end a person's roles, once their email address has changed.
pub const GUARDED_DAYS: u32 = 7;

/// What somebody cannot do to a role holder whose roles they cannot end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Touch {
    /// Anything that it was not written down for.
    #[default]
    Change,
    /// A turn in the life of the account.
    Turn(Turn),
    /// A leaving date.
    PlanLeaving,
    /// An absence.
    PlanAbsence,
    /// Another organisation.
    Transfer,
    /// Another organisation, for a leaver.
    TakeIn,
    /// Another password, just after the email address was changed.
    ResetPassword,
    /// No second factor any more.
    ResetFactors,
    /// Another email address.
    ChangeAddress,
    /// Another name to sign in with.
    ChangeUserName,
}

impl Touch {
    /// `disable Jane Example`, as it is said of somebody.
    #[must_use]
    pub fn to(self, name: &str) -> String {
        match self {
            Self::Change => format!("change {name}’s account"),
            Self::Turn(Turn::Disable) => format!("disable {name}"),
            Self::Turn(Turn::MarkLeaver) => format!("mark {name} as a leaver"),
            Self::Turn(Turn::Delete) => format!("delete {name}"),
            Self::Turn(turn) => format!("{} {name}", turn.name().to_lowercase()),
            Self::PlanLeaving => format!("set a leaving date for {name}"),
            Self::PlanAbsence => format!("plan an absence of {name}"),
            Self::Transfer => format!("transfer {name}"),
            Self::TakeIn => format!("take {name} in"),
            Self::ResetPassword => format!("reset {name}’s password"),
            Self::ResetFactors => format!("reset {name}’s second factor"),
            Self::ChangeAddress => format!("change {name}’s email address"),
            Self::ChangeUserName => format!("change {name}’s username"),
        }
    }
}

/// Who could end the roles that somebody cannot end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ender {
    /// A Primary Local Administrator where the role is held, or a Global Administrator.
    #[default]
    PrimaryThere,
    /// A Global Administrator only.
    Global,
}
