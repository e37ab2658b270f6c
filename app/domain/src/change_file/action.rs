//! The eleven actions, and the words that stand in place of a subscription's number.

use serde::{Deserialize, Serialize};

use crate::subscription::Offering;

/// What a row of a change file asks for (S2, table 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each is S2's own word")]
pub enum Action {
    Add,
    Update,
    Suspend,
    Resume,
    Remove,
    AssignSeat,
    ChangeSeat,
    RevokeSeat,
    Rename,
    ResendInvitation,
    ChangeStorage,
}

impl Action {
    /// Every action, in S2's order.
    pub const ALL: [Self; 11] = [
        Self::Add,
        Self::Update,
        Self::Suspend,
        Self::Resume,
        Self::Remove,
        Self::AssignSeat,
        Self::ChangeSeat,
        Self::RevokeSeat,
        Self::Rename,
        Self::ResendInvitation,
        Self::ChangeStorage,
    ];

    /// The older name of [`Self::ChangeStorage`], which S2 still has in its table of fields.
    pub const OLDER_CHANGE_STORAGE: &'static str = "AddStorage";

    /// The word that stands in the file and in its report.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Add => "Add",
            Self::Update => "Update",
            Self::Suspend => "Suspend",
            Self::Resume => "Resume",
            Self::Remove => "Remove",
            Self::AssignSeat => "AssignSeat",
            Self::ChangeSeat => "ChangeSeat",
            Self::RevokeSeat => "RevokeSeat",
            Self::Rename => "Rename",
            Self::ResendInvitation => "ResendInvitation",
            Self::ChangeStorage => "ChangeStorage",
        }
    }

    /// Reads [`Self::word`] in any case, and the older name of [`Self::ChangeStorage`]. `None` if it is no action.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if Self::is_older_name(text) {
            return Some(Self::ChangeStorage);
        }
        Self::ALL
            .into_iter()
            .find(|action| action.word().eq_ignore_ascii_case(text))
    }

    /// Whether a text is the older name of [`Self::ChangeStorage`]: understood, with a notice.
    #[must_use]
    pub fn is_older_name(text: &str) -> bool {
        text.trim().eq_ignore_ascii_case(Self::OLDER_CHANGE_STORAGE)
    }

    /// Where its column stands in the table of actions and fields.
    pub(super) const fn column(self) -> usize {
        self as usize
    }

    /// Whether it can take access from its person: what the brake and the threshold count.
    #[must_use]
    pub const fn may_take_access(self) -> bool {
        matches!(self, Self::Suspend | Self::Remove | Self::RevokeSeat | Self::ChangeSeat)
    }

    /// All words, as a sentence lists them.
    pub(super) fn words() -> String {
        let words = Self::ALL.map(Self::word);
        words.split_last().map_or_else(String::new, |(last, others)| {
            format!("{} and {last}", others.join(", "))
        })
    }
}

/// A word that stands in place of a subscription's number (S2: in a `RevokeSeat`, or of half a bundle in a `ChangeSeat`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keyword {
    /// The seat of this kind that its person has: COLLAB, MAIL, BUNDLE, TRAVELER, `IBM_DOCS` or RETENTION.
    Seat(Offering),
    /// DELETECOLLAB: the collaboration half of a bundle goes.
    DeleteCollab,
    /// DELETEMAIL: the mail half of a bundle goes.
    DeleteMail,
}

impl Keyword {
    /// DELETECOLLAB.
    pub const DELETE_COLLAB: &'static str = "DELETECOLLAB";
    /// DELETEMAIL.
    pub const DELETE_MAIL: &'static str = "DELETEMAIL";

    /// Reads a keyword in any case. `None` if it is none.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.eq_ignore_ascii_case(Self::DELETE_COLLAB) {
            return Some(Self::DeleteCollab);
        }
        if text.eq_ignore_ascii_case(Self::DELETE_MAIL) {
            return Some(Self::DeleteMail);
        }
        Offering::ALL
            .into_iter()
            .find(|offering| offering.keyword().is_some_and(|word| word.eq_ignore_ascii_case(text)))
            .map(Self::Seat)
    }
}
