//! The groups that a review sorts rows into.

use serde::{Deserialize, Serialize};

/// The groups that a review sorts rows into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowKind {
    /// Left out because something is wrong.
    Problem,
    /// Something new.
    Create,
    /// Something changed.
    Update,
    /// Already so.
    NoChange,
    /// Of an undo: kept as it is, because somebody has touched it since.
    Kept,
    /// Its sender decided that it is not applied.
    Skipped,
}

impl RowKind {
    /// Every kind, in the order a review shows them.
    pub const ALL: [Self; 6] = [
        Self::Problem,
        Self::Create,
        Self::Update,
        Self::NoChange,
        Self::Kept,
        Self::Skipped,
    ];

    /// Whether applying a row of this kind changes the directory.
    #[must_use]
    pub const fn changes_something(self) -> bool {
        matches!(self, Self::Create | Self::Update)
    }

    /// The kind's name in addresses and tables.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Problem => "problem",
            Self::Create => "create",
            Self::Update => "update",
            Self::NoChange => "no-change",
            Self::Kept => "kept",
            Self::Skipped => "skipped",
        }
    }

    /// Reads [`Self::slug`] back.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }
}
