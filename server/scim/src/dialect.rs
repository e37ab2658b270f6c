//! How strictly a connector's requests are read, and what is told of what was left out.

/// How strictly requests are read; a setting of the connector.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// As real clients need it: booleans may be text, operations in capitals, what is not known is noticed.
    #[default]
    Tolerant,
    /// As RFC 7643 and 7644 have it: bodies name their schemas, and what is not known is refused.
    Strict,
}

/// Why something that was sent is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// There is no such attribute here.
    Unknown,
    /// The service sets it itself.
    ReadOnly,
    /// There is no such type of value here, such as a home telephone number.
    OtherType,
}

impl Reason {
    /// The word by which it is counted.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::ReadOnly => "read-only",
            Self::OtherType => "other-type",
        }
    }
}

/// Something that was sent and is not used: noticed and counted, never an error in the tolerant dialect.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Notice {
    /// Which attribute, without any value.
    pub path: String,
    /// Why.
    pub reason: Reason,
}

impl Notice {
    /// The most characters that are kept of a path that a client made up.
    const LONGEST: usize = 200;

    /// A notice about a path.
    #[must_use]
    pub fn of(path: &str, reason: Reason) -> Self {
        Self {
            path: path.chars().take(Self::LONGEST).collect(),
            reason,
        }
    }
}
