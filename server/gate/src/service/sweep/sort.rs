//! What the sweep looks through.

use domain::{account::AccountStatus, policy::Scope, values::ids::Timestamp};
use store::directory::due_changes::Dated;

/// What is looked through, each sort by itself. A leaving date comes before a status, which may end with it; who comes back
/// is back before the end of a long leave is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Leaving,
    /// Accounts with such a day: of absence, of return, the first one.
    Dated(Dated),
    Status(AccountStatus),
    /// As a status, those only that were not used since a moment.
    Unused(AccountStatus, Timestamp),
    Contacts,
    Offers,
    Addresses,
    Undecided,
    Grants,
}

impl Sort {
    /// Every sort, in the order in which they are looked through.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        let dated = [Dated::Back, Dated::Away, Dated::Start].map(Self::Dated);
        let people = std::iter::once(Self::Leaving).chain(dated);
        let people = people.chain(AccountStatus::ALL.map(Self::Status));
        people.chain([
            Self::Contacts,
            Self::Offers,
            Self::Addresses,
            Self::Undecided,
            Self::Grants,
        ])
    }

    /// Whether it ends or erases: whether it takes something from somebody. The brake counts these.
    pub(super) const fn ends(self) -> bool {
        match self {
            Self::Leaving | Self::Contacts | Self::Addresses | Self::Grants => true,
            Self::Offers | Self::Undecided => false,
            Self::Dated(dated) => match dated {
                Dated::Away => true,
                Dated::Back | Dated::Start => false,
            },
            Self::Status(status) | Self::Unused(status, _) => match status {
                AccountStatus::Inactive | AccountStatus::Disabled | AccountStatus::Leaver | AccountStatus::Deleted => {
                    true
                }
                // These only become inactive, or nothing becomes of them.
                AccountStatus::Active | AccountStatus::Pending | AccountStatus::Locked => false,
            },
        }
    }
}

/// Where the service looks: everywhere.
pub(super) const fn everything() -> Scope {
    Scope {
        everything: true,
        parts: vec![],
    }
}
