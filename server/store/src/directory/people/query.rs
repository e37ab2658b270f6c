//! What a list of people is asked for.

use domain::{account::AccountStatus, values::ids::Timestamp};
use uuid::Uuid;

/// Which people a list shows, and in which order.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Words that must all occur in name, address, local ID, job title, unit or site, in any case and without accents; digits
    /// may be the end of a telephone number, too. An account is found by the addresses that it had before.
    pub words: String,
    /// In what the words are looked for.
    pub searched: Searched,
    /// Only those of the organisation with this code; nobody where there is none such.
    pub organisation: Option<String>,
    /// Only those of units of this name, and of the units below them; empty for all.
    pub unit: String,
    /// Only those of sites with this code or name; empty for all.
    pub site: String,
    /// Only accounts that were not used after this moment, in any known way; the beginning of time finds those that were
    /// never used.
    pub unused_since: Option<Timestamp>,
    /// Only accounts in one of these statuses; in any where there is none.
    pub statuses: Vec<AccountStatus>,
    /// By what they are sorted.
    pub sort: Sort,
    /// The other way round.
    pub descending: bool,
    /// Only those behind this text of the sorted column and this ID.
    pub after: Option<(String, Uuid)>,
}

/// In what the words of a search are looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Searched {
    /// In everything that is searched.
    #[default]
    Everything,
    /// In everything, but no number that its person hides.
    Shown,
    /// In names, addresses and local IDs only: whom somebody means by name.
    Names,
}

/// What a list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Last name, then first name.
    #[default]
    Name,
    /// The organisation's code.
    Organisation,
    /// The job title.
    JobTitle,
    /// The local unique ID.
    LocalId,
    /// The status.
    Status,
}

impl Sort {
    /// Every sort.
    pub const ALL: [Self; 5] = [
        Self::Name,
        Self::Organisation,
        Self::JobTitle,
        Self::LocalId,
        Self::Status,
    ];

    /// Its name in addresses.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Organisation => "organisation",
            Self::JobTitle => "job-title",
            Self::LocalId => "local-id",
            Self::Status => "status",
        }
    }

    /// Reads [`Self::slug`] back.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.slug() == slug)
    }
}
