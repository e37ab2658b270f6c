//! What signing in withstands: how long somebody waits after failed tries, when an account is locked, which second factors
//! there are and who must have one.

use serde::{Deserialize, Serialize};

use crate::values::ids::Timestamp;

crate::settings! {
    /// What an operator decides about signing in (ours).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub struct SignInRules: constant {
        /// Hours after which a session ends, however much it is used.
        pub session_hours: u32 = 12, from 1 to 168;
        /// Failed sign-ins to one account within `PORTAL_FAILURE_MINUTES`, from anywhere, after which it is locked. Waiting
        /// begins after half of them from one network.
        pub sign_in_failures: u32 = 10, from 1 to 1_000;
        /// Failures from one network (an IPv4 address, or an IPv6 /64) within the window, after which it must wait; links
        /// asked for by email are counted separately by the same number.
        pub client_failures: u32 = 100, from 1 to 100_000;
        /// Minutes for which failures count.
        pub failure_minutes: u32 = 15, from 1 to 1_440;
        /// Minutes after which people prove again who they are, before serious changes.
        pub fresh_minutes: u32 = 10, from 1 to 1_440;
        /// Minutes for which a link works that people ask for when they have forgotten their password or are locked out.
        pub reset_link_minutes: u32 = 60, from 1 to 1_440;
        /// `required`: everybody who holds a role must have a second factor; `optional`: everybody may have one.
        pub second_factor: SecondFactor = SecondFactor::Required;
    }
}

impl SignInRules {
    /// The window in seconds.
    #[must_use]
    pub const fn window_seconds(&self) -> i64 {
        self.failure_minutes as i64 * 60
    }
}

/// Who must have a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SecondFactor {
    /// Everybody who holds a role; others may have one.
    Required,
    /// Nobody must, everybody may.
    Optional,
}

/// The kinds of second factors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactorKind {
    /// Six digits from an authenticator app, another every 30 seconds.
    Totp,
    /// A key that a device keeps and uses for its person.
    Passkey,
}

impl FactorKind {
    /// The name it is stored by.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::Passkey => "passkey",
        }
    }

    /// Reads [`Self::slug`] back.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        [Self::Totp, Self::Passkey].into_iter().find(|kind| kind.slug() == slug)
    }

    /// What pages call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Totp => "Authenticator app",
            Self::Passkey => "Passkey",
        }
    }
}

/// The first wait, in seconds; each further failure doubles it.
const FIRST_WAIT: i64 = 15;

/// When those who fail begin to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waits {
    /// After half of what is allowed, ever longer.
    Growing,
    /// Once as many have failed as are allowed.
    AtLast,
}

/// Failed tries that count together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tries {
    /// How many.
    pub count: u32,
    /// When the first of them was.
    pub began_at: Timestamp,
    /// Until when no further try is looked at.
    pub wait_until: Timestamp,
}

impl Default for Tries {
    fn default() -> Self {
        Self {
            count: 0,
            began_at: Timestamp(0),
            wait_until: Timestamp(0),
        }
    }
}

impl Tries {
    /// How many seconds are still to wait; none where a try is looked at.
    #[must_use]
    pub const fn wait(&self, now: Timestamp) -> Option<i64> {
        match self.wait_until.0 - now.0 {
            left if left > 0 => Some((left + 999) / 1000),
            _ => None,
        }
    }

    /// These and one more. Where waits grow, the first half of what is allowed costs nothing; then they begin, and double.
    /// Somebody who fails as often as is allowed waits for as long as the window.
    #[must_use]
    pub fn and_another(self, now: Timestamp, allowed: u32, window_seconds: i64, waits: Waits) -> Self {
        let over = self.began_at.plus_seconds(window_seconds) <= now;
        let (count, began_at) = if over {
            (1, now)
        } else {
            (self.count + 1, self.began_at)
        };
        let free = allowed / 2;
        let wait = match count.checked_sub(free) {
            _ if count >= allowed => window_seconds,
            _ if waits == Waits::AtLast => 0,
            None | Some(0) => 0,
            Some(beyond) => (FIRST_WAIT << (beyond - 1).min(20)).min(window_seconds),
        };
        Self {
            count,
            began_at,
            wait_until: now.plus_seconds(wait),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_begin_after_half_of_what_is_allowed_and_double() {
        let (mut tries, mut now, mut waits) = (Tries::default(), Timestamp(1_000_000_000_000), vec![]);
        for _ in 0..10 {
            tries = tries.and_another(now, 10, 900, Waits::Growing);
            let wait = tries.wait(now).unwrap_or_default();
            waits.push(wait);
            now = now.plus_seconds(wait);
            assert_eq!(tries.wait(now), None, "whoever has waited is looked at");
        }
        assert_eq!(waits, [0, 0, 0, 0, 0, 15, 30, 60, 120, 900]);
    }

    #[test]
    fn failures_are_forgotten_when_their_window_is_over() {
        let now = Timestamp(1_000_000_000_000);
        let and_another = |tries: Tries, now| tries.and_another(now, 10, 900, Waits::Growing);
        let nine = (0..9).fold(Tries::default(), |tries, _| and_another(tries, now));
        assert_eq!(nine.count, 9);
        assert_eq!(and_another(nine, now.plus_seconds(899)).count, 10);
        assert_eq!(and_another(nine, now.plus_seconds(900)).count, 1);
    }

    #[test]
    fn a_hundred_from_one_place_wait_no_longer_than_the_window() {
        let now = Timestamp(1_000_000_000_000);
        let many = (0..99).fold(Tries::default(), |tries, _| {
            tries.and_another(now, 100, 900, Waits::Growing)
        });
        assert_eq!(many.wait(now), Some(900));
    }

    #[test]
    fn tries_that_wait_at_last_cost_nothing_before() {
        let now = Timestamp(1_000_000_000_000);
        let nine = (0..9).fold(Tries::default(), |tries, _| {
            tries.and_another(now, 10, 900, Waits::AtLast)
        });
        assert_eq!(nine.wait(now), None);
        assert_eq!(nine.and_another(now, 10, 900, Waits::AtLast).wait(now), Some(900));
    }
}
