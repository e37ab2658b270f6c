//! The numbers and lists that an operator may set; every rule reads them from here.

use serde::{Deserialize, Serialize};

use crate::{
    email::EmailRules,
    life::Timers,
    organisation::OrganisationCode,
    sign_in::SignInRules,
    values::{email_address::MailDomain, lists::Lists},
};

/// What is configuration rather than rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rules {
    /// The domain of the mailboxes kept here.
    pub mail_domain: MailDomain,
    /// A new mailbox's quota in gigabytes (S1: 4 GB as standard).
    pub standard_quota_gb: u32,
    /// The largest quota in gigabytes that may be asked for.
    pub largest_quota_gb: u32,
    /// How a display name is made: `{LAST}`, `{Last}`, `{First}`, `{Title}` and `{Organisation}` are filled in.
    pub display_name: String,
    /// The values that many-valued attributes choose from.
    pub lists: Lists,
    /// The portal's address, for links in mail; without a slash at its end.
    pub url: String,
    /// How long things last.
    pub timers: Timers,
    /// What signing in withstands.
    pub sign_in: SignInRules,
    /// Whether Local Administrators grant and revoke Connector in their scope (S1); otherwise their Primary Local
    /// Administrators do.
    pub administrators_grant_connector: bool,
    /// Days for which an API token is good at most.
    pub token_days: u32,
    /// Seconds without a word after which a worker is taken for dead, and what it was at is another's.
    pub claim_seconds: u32,
    /// How many accounts a file may change before it is asked about.
    pub threshold: Threshold,
    /// How many accounts one submission of a machine may create before an administrator is asked.
    pub new_by_machine: Threshold,
    /// How much the sweep may end or erase in one run before somebody is asked.
    pub brake: Brake,
    /// From how many people one connector may take their access within a day before a person is asked.
    pub access_brake: AccessBrake,
    /// The largest change file, in MiB.
    pub change_file_mib: u32,
    /// Where a file does not overwrite, unless it is told to, what was changed by hand since the file before it.
    pub hand_edits_stay: HandEditsStay,
    /// How files by email are taken and answered.
    pub email: EmailRules,
}

/// Where hand edits outlive the next file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandEditsStay {
    /// Nowhere at all.
    pub nowhere: bool,
    /// Everywhere but in these organisations.
    pub but_in: Vec<OrganisationCode>,
}

impl HandEditsStay {
    /// Whether they do in an organisation.
    #[must_use]
    pub fn at(&self, organisation: &OrganisationCode) -> bool {
        !self.nowhere && !self.but_in.contains(organisation)
    }
}

/// A file that changes more of an organisation than both of these is applied only once its number is typed in; so is what a
/// machine sent that creates more than both of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Threshold {
    /// Of a hundred accounts that are there.
    pub percent: u32,
    /// Accounts.
    pub accounts: u32,
}

impl Threshold {
    /// For a file that changes accounts, as shipped (ours).
    pub const CHANGED: Self = Self {
        percent: 20,
        accounts: 50,
    };

    /// For a program's submission that creates accounts, as shipped (ours).
    pub const NEW_BY_MACHINE: Self = Self {
        percent: 10,
        accounts: 50,
    };

    /// Whether so many changed or new accounts are suspiciously many of all that are there.
    #[must_use]
    pub fn is_passed(&self, changed: u32, all: u32) -> bool {
        changed > self.accounts && is_larger_share(changed.into(), self.percent, all.into())
    }
}

/// A run of the sweep that would end or erase more than either of these waits for a person's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brake {
    /// Of a hundred accounts of the federation; it counts only for runs of more than [`Brake::SMALL`].
    pub percent: u32,
    /// Accounts, contacts and roles together.
    pub accounts: u32,
}

impl Brake {
    /// As shipped (ours).
    pub const STANDARD: Self = Self {
        percent: 1,
        accounts: 500,
    };

    /// So much may always be done in one run: a percentage of a small federation would stop every leaver.
    pub const SMALL: u64 = 10;

    /// Whether a run that would end or erase so much, of so many accounts, must wait.
    #[must_use]
    pub fn holds(&self, ending: u64, accounts: u64) -> bool {
        ending > u64::from(self.accounts) || (ending > Self::SMALL && is_larger_share(ending, self.percent, accounts))
    }
}

/// A connector that takes their access from more people than this within a day waits for a person's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessBrake {
    /// People, in all organisations together.
    pub people: u32,
    /// Of a hundred accounts of one organisation; it counts only for [`AccessBrake::FEW`] people or more.
    pub percent: u32,
}

impl AccessBrake {
    /// As shipped (ours).
    pub const STANDARD: Self = Self {
        people: 50,
        percent: 10,
    };

    /// Fewer people than this are never too many: a percentage of a small organisation would stop every leaver.
    pub const FEW: u64 = 10;

    /// Whether so many people of all, and so many of one organisation's accounts, are too many. Those whose account is gone
    /// by now were among the organisation's: more than all of them there never are.
    #[must_use]
    pub fn holds(&self, everywhere: u64, here: u64, accounts: u64) -> bool {
        let accounts = accounts.max(here);
        everywhere > u64::from(self.people) || (here >= Self::FEW && is_larger_share(here, self.percent, accounts))
    }
}

/// Whether a part is more than a percentage of all.
fn is_larger_share(part: u64, percent: u32, all: u64) -> bool {
    u128::from(part) * 100 > u128::from(percent) * u128::from(all)
}

impl Rules {
    /// A new mailbox's quota as shipped, in gigabytes.
    pub const STANDARD_QUOTA_GB: u32 = 4;

    /// The largest quota as shipped, in gigabytes.
    pub const LARGEST_QUOTA_GB: u32 = 100;

    /// How a display name is made, as shipped.
    pub const DISPLAY_NAME: &'static str = "{LAST}, {First} ({Organisation})";

    /// Where the portal is, as shipped: on this machine.
    pub const URL: &'static str = "http://127.0.0.1:3000";

    /// Days for which an API token is good at most, as shipped.
    pub const TOKEN_DAYS: u32 = 365;

    /// Seconds of silence after which a worker counts as dead, as shipped.
    pub const CLAIM_SECONDS: u32 = 15;

    /// The largest change file in MiB, as shipped (ours).
    pub const CHANGE_FILE_MIB: u32 = 100;

    /// The rules as shipped, for one mail domain.
    #[must_use]
    pub fn standard(mail_domain: MailDomain) -> Self {
        Self {
            email: EmailRules::standard(mail_domain.as_str()),
            mail_domain,
            standard_quota_gb: Self::STANDARD_QUOTA_GB,
            largest_quota_gb: Self::LARGEST_QUOTA_GB,
            display_name: Self::DISPLAY_NAME.to_owned(),
            lists: Lists::shipped(),
            url: Self::URL.to_owned(),
            timers: Timers::STANDARD,
            sign_in: SignInRules::STANDARD,
            administrators_grant_connector: false,
            token_days: Self::TOKEN_DAYS,
            claim_seconds: Self::CLAIM_SECONDS,
            threshold: Threshold::CHANGED,
            new_by_machine: Threshold::NEW_BY_MACHINE,
            brake: Brake::STANDARD,
            access_brake: AccessBrake::STANDARD,
            change_file_mib: Self::CHANGE_FILE_MIB,
            hand_edits_stay: HandEditsStay::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threshold_is_passed_by_what_is_more_than_both_numbers() {
        let new = Rules::standard(MailDomain::parse("health.example").unwrap()).new_by_machine;
        assert_eq!((new.is_passed(50, 0), new.is_passed(51, 0)), (false, true));
        assert_eq!((new.is_passed(200, 2_000), new.is_passed(201, 2_000)), (false, true));
    }

    #[test]
    fn access_is_taken_from_few_at_once_and_from_more_by_a_person() {
        let holds = |everywhere, here, accounts| AccessBrake::STANDARD.holds(everywhere, here, accounts);
        assert_eq!((holds(50, 5, 1_000), holds(51, 5, 1_000)), (false, true));
        // Of 90 accounts, 9 are 10 percent; fewer than 10 people are never too many.
        assert_eq!(
            (holds(9, 9, 20), holds(10, 10, 90), holds(10, 10, 100)),
            (false, true, false)
        );
        let any = AccessBrake {
            people: 1_000_000,
            percent: 100,
        };
        assert!(!any.holds(20_000, 20_000, 9), "a file that removes whom it has added");
    }

    #[test]
    fn the_brake_holds_what_is_more_than_either_number() {
        let holds = |ending, accounts| Brake::STANDARD.holds(ending, accounts);
        // Of 200,000 accounts 1 percent is 2,000: the other number is passed first.
        assert_eq!((holds(500, 200_000), holds(501, 200_000)), (false, true));
        // Of 2,000 accounts it is 20.
        assert_eq!((holds(20, 2_000), holds(21, 2_000)), (false, true));
        // The percentage of a small federation counts only above ten.
        assert_eq!((holds(10, 90), holds(11, 90)), (false, true));
        assert!(holds(u64::MAX, u64::MAX));
    }
}
