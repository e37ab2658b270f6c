//! The letters about change files, and about what they do to people.

use domain::values::ids::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A letter about a change file, or about what one did to somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "kebab-case")]
pub enum ChangeFileLetter {
    /// To the other address of a person whose details were changed.
    DetailsChanged {
        /// Their first name.
        first_name: String,
        /// The organisation's name.
        organisation: String,
        /// What those details are called.
        details: Vec<String>,
    },
    /// To a person who was given a subscription.
    SeatsGiven {
        /// Their first name.
        first_name: String,
        /// The organisation's name.
        organisation: String,
        /// What the subscriptions are called.
        subscriptions: Vec<String>,
    },
    /// To the new address of a person: it becomes theirs when they say so.
    RenameAsked {
        /// Their first name.
        first_name: String,
        /// The address before.
        before: String,
        /// The address that is to be theirs.
        after: String,
        /// The link by which they say so, once.
        link: RenameLink,
    },
    /// To the contact of a customer: rows of a file were not applied, or none.
    Problems(FileProblems),
    /// To the administrators who decide on a file that would take access from many people.
    Braked(FileBraked),
}

/// Why rows of a file were not applied, or the file as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileProblems {
    /// The customer's number.
    pub customer: String,
    /// The file's name.
    pub file_name: String,
    /// Why nothing of it was applied, if that concerns it as a whole.
    pub failed: Option<String>,
    /// What became of its rows, if any were looked at.
    pub counts: Option<FileCounts>,
    /// The codes of what was wrong, each with how many rows have it; as many as a letter lists.
    pub codes: Vec<(String, u32)>,
    /// The submission's page. `None` if there is none.
    pub link: Option<String>,
}

/// A file that was stopped before people would lose access.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileBraked {
    /// The first name of the one who reads it.
    pub first_name: String,
    /// The file's name.
    pub file_name: String,
    /// The account that sends for the customer.
    pub sender: String,
    /// How many people would lose access.
    pub people: u32,
    /// How many accounts the organisation has.
    pub of: u32,
    /// The organisation's name.
    pub organisation: String,
    /// When the rest is discarded if nobody decides; `None` if it waits for good.
    pub discarded_on: Option<Timestamp>,
    /// The submission's page.
    pub link: String,
}

/// What became of the rows of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileCounts {
    /// They were applied.
    pub done: u32,
    /// They needed no change.
    pub no_change: u32,
    /// They were not applied.
    pub not_applied: u32,
}

/// A link to a new address that a letter will carry. Its token is made when the letter is written out; until then the rename
/// is kept under a name that is no token's hash, so nothing confirms it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenameLink {
    /// What the rename is kept by at this moment.
    name: String,
    /// Until when it is good.
    pub expires: Timestamp,
}

impl RenameLink {
    /// A link that is good until a moment.
    pub(crate) fn until(expires: Timestamp) -> Self {
        Self {
            name: format!("pending-{}", Uuid::now_v7().simple()),
            expires,
        }
    }

    /// What the rename is kept by.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The same rename, kept by the hash of a token.
    pub(super) fn by(&self, token_hash: String) -> Self {
        Self {
            name: token_hash,
            expires: self.expires,
        }
    }
}

impl ChangeFileLetter {
    /// The link to a new address that the letter carries, for a letter that has one.
    pub(super) const fn rename_link_mut(&mut self) -> Option<&mut RenameLink> {
        match self {
            Self::RenameAsked { link, .. } => Some(link),
            Self::DetailsChanged { .. } | Self::SeatsGiven { .. } | Self::Problems(_) | Self::Braked(_) => None,
        }
    }
}
