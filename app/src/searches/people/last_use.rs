//! When accounts were last used, as a list is narrowed to it.

use domain::values::ids::Timestamp;

/// Accounts by when they were last used, in any known way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastUse {
    /// Never used.
    Never,
    /// Not used for 30 days, or never.
    NotFor30Days,
    /// Not used for 90 days, or never.
    NotFor90Days,
}

impl LastUse {
    /// Every one, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Never, Self::NotFor30Days, Self::NotFor90Days];

    /// Its name in addresses.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::NotFor30Days => "not-for-30-days",
            Self::NotFor90Days => "not-for-90-days",
        }
    }

    /// What pages call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Never => "Never",
            Self::NotFor30Days => "Not in the last 30 days",
            Self::NotFor90Days => "Not in the last 90 days",
        }
    }

    /// Reads [`Self::slug`] back.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|used| used.slug() == slug)
    }

    /// The moment after which there was no use.
    #[must_use]
    pub const fn since(self, now: Timestamp) -> Timestamp {
        const DAY: i64 = 86_400_000;
        match self {
            Self::Never => Timestamp(0),
            Self::NotFor30Days => Timestamp(now.0 - 30 * DAY),
            Self::NotFor90Days => Timestamp(now.0 - 90 * DAY),
        }
    }
}
