//! Looking people up by what a program knows of them: the few conditions that an index answers.

use uuid::Uuid;

use crate::values::ids::Timestamp;

/// One condition; those of a lookup hold together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The service's own ID; `None` if the text is no ID, so that nothing has it.
    Id(Option<Uuid>),
    /// The connector's own key for somebody, exactly.
    ExternalId(String),
    /// The name to sign in with, in any case.
    UserName(Match),
    /// The local unique ID.
    EmployeeNumber(Match),
    /// The email address, in any case.
    Email {
        /// What it is.
        address: Match,
        /// Among which addresses.
        among: Addresses,
    },
    /// The organisation's code, in any case.
    Organisation(String),
    /// The last name, in any case.
    FamilyName(Match),
    /// How the display name starts, in any case.
    DisplayName(String),
    /// When it last changed.
    LastModified {
        /// How the moment is compared.
        bound: Bound,
        /// The moment.
        at: Timestamp,
    },
    /// Whether it is active, as it is shown.
    Active(bool),
}

/// How a text is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// It is this.
    Is(String),
    /// It starts with this.
    Starts(String),
}

/// Which email addresses are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Addresses {
    /// The address and former ones.
    All,
    /// The address itself.
    Present,
    /// Former ones, that still receive mail.
    Former,
}

/// On which side of a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is its own name")]
pub enum Bound {
    After,
    AtOrAfter,
    Before,
    AtOrBefore,
}
