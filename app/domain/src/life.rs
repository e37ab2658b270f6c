//! The life of an account (H): its turns, where each leads, what it ends, and the timers along which the service moves
//! accounts by itself.

use serde::{Deserialize, Serialize};

use crate::{account::status::AccountStatus, channel::Operation};

/// What somebody chooses a password for, by a link that was made for them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkFor {
    /// The account that they use already.
    #[default]
    AnotherPassword,
    /// Their new account, which they have not activated yet.
    Activation,
}

impl LinkFor {
    /// What a link is for that is made for an account of this status.
    #[must_use]
    pub const fn at(status: AccountStatus) -> Self {
        match status {
            AccountStatus::Pending => Self::Activation,
            _ => Self::AnotherPassword,
        }
    }

    /// Whether it is what every link was before this was kept.
    #[must_use]
    pub const fn is_another_password(&self) -> bool {
        matches!(self, Self::AnotherPassword)
    }
}

/// A turn in an account's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Turn {
    /// Its person takes it up.
    Activate,
    /// Its person uses it again.
    Wake,
    /// It has not been used for a while.
    Idle,
    /// Too many sign-ins failed.
    Lock,
    /// It may be signed in to again.
    Unlock,
    /// Shut for a long leave.
    Disable,
    /// Opened again after the leave.
    Enable,
    /// Its person leaves the organisation.
    MarkLeaver,
    /// Its person stays after all.
    KeepOn,
    /// Taken away.
    Delete,
    /// Brought back.
    Restore,
}

impl Turn {
    /// Every turn.
    pub const ALL: [Self; 11] = [
        Self::Activate,
        Self::Wake,
        Self::Idle,
        Self::Lock,
        Self::Unlock,
        Self::Disable,
        Self::Enable,
        Self::MarkLeaver,
        Self::KeepOn,
        Self::Delete,
        Self::Restore,
    ];

    /// Where it leads from a status; none where it cannot be taken there. `activated`: its person took it up once.
    #[must_use]
    pub const fn leads(self, from: AccountStatus, activated: bool) -> Option<AccountStatus> {
        use AccountStatus::{Active, Deleted, Disabled, Inactive, Leaver, Locked, Pending};
        let back = if activated { Active } else { Pending };
        match (self, from) {
            (Self::Activate, Pending) | (Self::Wake, Inactive) => Some(Active),
            (Self::Idle, Active) => Some(Inactive),
            // Before its person takes it up, too: a one-time password can be guessed at.
            (Self::Lock, Active | Pending) => Some(Locked),
            (Self::Disable, Pending | Active | Inactive | Locked | Leaver) => Some(Disabled),
            (Self::MarkLeaver, Active | Inactive | Locked | Disabled) => Some(Leaver),
            (Self::Delete, Pending | Active | Inactive | Locked | Disabled | Leaver) => Some(Deleted),
            (Self::Unlock, Locked) | (Self::KeepOn, Leaver) | (Self::Enable, Disabled) | (Self::Restore, Deleted) => {
                Some(back)
            }
            _ => None,
        }
    }

    /// The turn that takes it back, when what was done to many is undone; `None` if none does.
    #[must_use]
    pub const fn back(self) -> Option<Self> {
        match self {
            Self::Disable => Some(Self::Enable),
            Self::Enable => Some(Self::Disable),
            Self::MarkLeaver => Some(Self::KeepOn),
            Self::KeepOn => Some(Self::MarkLeaver),
            Self::Delete => Some(Self::Restore),
            Self::Restore => Some(Self::Delete),
            // Nobody is locked by hand, and what people do themselves is theirs.
            Self::Unlock | Self::Lock | Self::Activate | Self::Wake | Self::Idle => None,
        }
    }

    /// The operation it is, in the provisioning matrix.
    #[must_use]
    pub const fn operation(self) -> Operation {
        match self {
            Self::Activate | Self::Wake => Operation::Activate,
            Self::Idle | Self::Lock => Operation::Sweep,
            Self::Unlock => Operation::Unlock,
            Self::Disable | Self::Enable => Operation::DisableOrEnable,
            Self::MarkLeaver | Self::KeepOn => Operation::MarkLeaver,
            Self::Delete | Self::Restore => Operation::DeleteOrRestoreAccount,
        }
    }

    /// Whether it ends its person's roles, sessions and tokens at once (H).
    #[must_use]
    pub const fn ends_rights(self) -> bool {
        matches!(self, Self::Disable | Self::MarkLeaver | Self::Delete)
    }

    /// Whether the sessions that began before it are over. A lock and its end leave them alone: strangers bring a lock about.
    #[must_use]
    pub const fn ends_sessions(self) -> bool {
        match self {
            Self::Lock | Self::Unlock => false,
            Self::Activate
            | Self::Wake
            | Self::Idle
            | Self::Disable
            | Self::Enable
            | Self::MarkLeaver
            | Self::KeepOn
            | Self::Delete
            | Self::Restore => true,
        }
    }

    /// Whether a leaving date that lies ahead outlives it: somebody on leave still leaves on that day. Who leaves now, or
    /// is taken away, leaves on no other day.
    #[must_use]
    pub const fn keeps_leaving_date(self) -> bool {
        !matches!(self, Self::MarkLeaver | Self::Delete)
    }

    /// Whether it decides on an absence: one that is planned, or under way, ends with it, and another may begin.
    #[must_use]
    pub const fn decides_on_absence(self) -> bool {
        match self {
            Self::Disable | Self::Enable | Self::MarkLeaver | Self::KeepOn | Self::Delete | Self::Restore => true,
            Self::Activate | Self::Wake | Self::Idle | Self::Lock | Self::Unlock => false,
        }
    }

    /// The name it is sent and stored by.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Activate => "activate",
            Self::Wake => "wake",
            Self::Idle => "idle",
            Self::Lock => "lock",
            Self::Unlock => "unlock",
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::MarkLeaver => "mark-leaver",
            Self::KeepOn => "keep-on",
            Self::Delete => "delete",
            Self::Restore => "restore",
        }
    }

    /// Reads [`Self::slug`] back.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|turn| turn.slug() == slug)
    }

    /// What pages call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Activate => "Activate",
            Self::Wake => "Mark as used",
            Self::Idle => "Mark as not used",
            Self::Lock => "Lock",
            Self::Unlock => "Unlock",
            Self::Disable => "Disable",
            Self::Enable => "Enable",
            Self::MarkLeaver => "Mark as leaver",
            Self::KeepOn => "Not a leaver after all",
            Self::Delete => "Delete",
            Self::Restore => "Restore",
        }
    }
}

/// A time by the calendar of the United Kingdom: so many months, then so many days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Calendar months.
    pub months: u32,
    /// Calendar days.
    pub days: u32,
}

impl Span {
    /// A time of nothing stands for never.
    #[must_use]
    pub const fn is_never(&self) -> bool {
        self.months == 0 && self.days == 0
    }
}

/// What the service does when a time is up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Then {
    /// A turn of the account.
    Turn(Turn),
    /// Its person's data is erased.
    Erase,
    /// The activation link is sent: its person starts.
    Start,
    /// A planned absence is given up: it was over before it could begin.
    GiveUpAbsence,
}

crate::settings! {
    /// How long things last. As published (H); ours where H is silent. H deletes inactive accounts after 30 days; here
    /// nobody is deleted for not visiting the portal unless the operator says so.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub struct Timers: constant {
        /// Days without any known use after which an account is marked as inactive.
        pub unused_days: u32 = 30, from 1 to 3_660, or 0 "never";
        /// Days after which an inactive account is deleted.
        pub inactive_days: u32 = 0, from 1 to 3_660, or 0 "never";
        /// Months after which a disabled account is deleted.
        pub disabled_months: u32 = 18, from 1 to 240, or 0 "never";
        /// Days that a leaver keeps working before the account is deleted.
        pub leaver_days: u32 = 30, from 1 to 3_660, or 0 "never";
        /// Days for which a deleted account or contact can be restored, before it is permanently deleted.
        pub deleted_days: u32 = 30, from 1 to 3_660, or 0 "never";
        /// Months for which the email addresses of a permanently deleted account stay reserved.
        pub reserved_months: u32 = 24, from 1 to 1_200;
        /// Days after which an offer of a contact expires.
        pub offer_days: u32 = 30, from 1 to 366;
        /// How many days ahead a leaving date may be.
        pub notice_days: u32 = 366, from 1 to 3_660;
        /// Days after which a password must be changed.
        pub password_days: u32 = 0, from 1 to 3_660, or 0 "never";
        /// Days for which an activation link, a password reset link or a one-time password from a file works.
        pub link_days: u32 = 14, from 1 to 90;
        /// Days after which a change asked for by a form is discarded if nobody decides, and a file deleted whose columns
        /// nobody has explained.
        pub undecided_days: u32 = 1, from 1 to 366, or 0 "never";
        /// Days for which an applied upload can be undone.
        pub undo_days: u32 = 30, from 1 to 366, or 0 "nothing can be undone";
        /// Days after which a program's submission that waits for an administrator is discarded.
        pub held_days: u32 = 14, from 1 to 366, or 0 "never";
        /// Days for which an uploaded file is kept once it was applied, discarded or could not be read.
        pub file_days: u32 = 30, from 1 to 3_660;
    }
}

impl Timers {
    /// What becomes of an account automatically, and how long after its status began (or after its last use). `None` if
    /// nothing does, because the status has no timer or the timer is set to never.
    #[must_use]
    pub fn of(&self, status: AccountStatus) -> Option<(Span, Then)> {
        let days = |days| Span { months: 0, days };
        let (span, then) = match status {
            AccountStatus::Active => (days(self.unused_days), Then::Turn(Turn::Idle)),
            AccountStatus::Inactive => (days(self.inactive_days), Then::Turn(Turn::Delete)),
            AccountStatus::Disabled => {
                let span = Span {
                    months: self.disabled_months,
                    days: 0,
                };
                (span, Then::Turn(Turn::Delete))
            }
            AccountStatus::Leaver => (days(self.leaver_days), Then::Turn(Turn::Delete)),
            AccountStatus::Deleted => (days(self.deleted_days), Then::Erase),
            AccountStatus::Pending | AccountStatus::Locked => return None,
        };
        (!span.is_never()).then_some((span, then))
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;

    #[test]
    fn the_arrows_of_an_accounts_life_are_the_published_ones() {
        let mut arrows = String::new();
        for from in AccountStatus::ALL {
            for turn in Turn::ALL {
                if let Some(to) = turn.leads(from, true) {
                    writeln!(arrows, "{} → {}: {}", from.name(), to.name(), turn.name()).unwrap();
                }
            }
            if let Some((after, then)) = Timers::STANDARD.of(from) {
                writeln!(arrows, "{} by itself: {after:?} {then:?}", from.name()).unwrap();
            }
        }
        insta::assert_snapshot!(arrows);
    }

    #[test]
    fn inactive_accounts_are_deleted_only_where_the_operator_says_so() {
        assert_eq!(Timers::STANDARD.of(AccountStatus::Inactive), None);
        let deleting = Timers {
            inactive_days: 90,
            ..Timers::STANDARD
        };
        let after = Span { months: 0, days: 90 };
        assert_eq!(
            deleting.of(AccountStatus::Inactive),
            Some((after, Then::Turn(Turn::Delete)))
        );
    }

    #[test]
    fn an_account_that_was_never_taken_up_waits_for_that_again() {
        assert_eq!(
            Turn::Restore.leads(AccountStatus::Deleted, false),
            Some(AccountStatus::Pending)
        );
        assert_eq!(
            Turn::Unlock.leads(AccountStatus::Locked, false),
            Some(AccountStatus::Pending)
        );
    }
}
