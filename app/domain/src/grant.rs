//! The terms on which a role is held: from when, until when, through which channels, and why.

use serde::{Deserialize, Serialize};

use crate::{
    channel::Channel,
    policy::table::Role,
    values::{
        ids::Timestamp,
        reason::{WrongReason, as_reason},
        text,
    },
};

/// Letters that a reason may have.
pub const LONGEST_REASON: usize = 500;

/// The channels that a Connector may be given (domain, section 2).
pub const CONNECTOR_CHANNELS: [Channel; 3] = [Channel::EmailCsv, Channel::Api, Channel::ChangeFile];

/// How a role is held. A grant that has not begun, or is over, is no right; nothing has to happen for that.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Terms {
    /// From when; at once where it is not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// The moment from which it is over; never by itself where it is not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// What a Connector may send through; other roles have none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<Channel>,
    /// Whether a Connector may disable and enable accounts through the API.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub may_disable: bool,
    /// Why it was granted, in the granter's words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// What is wrong with terms that are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongTerms {
    /// They would begin before now.
    BeginsInPast,
    /// They would be over before now.
    EndsInPast,
    /// They would be over before they begin.
    EndsBeforeItBegins,
    /// A Connector needs channels, and no other role has any.
    NoConnectorChannel,
    /// Only a Connector that sends through the API may disable accounts.
    DisablesWithoutApi,
    /// The reason is missing.
    Reason(WrongReason),
}

impl Terms {
    /// Whether the role is a right at a moment.
    #[must_use]
    pub fn in_force(&self, now: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= now) && !self.is_over(now)
    }

    /// Whether its end has come.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|until| until <= now)
    }

    /// The last moment at which the role is held: it is over with the end of its last day.
    #[must_use]
    pub fn last_moment(&self) -> Option<Timestamp> {
        self.until.map(|until| until.plus_seconds(-1))
    }

    /// What is wrong with the dates, the channels and the reason; of the channels nothing where no role is chosen yet.
    #[must_use]
    pub fn problems(&self, role: Option<Role>, now: Timestamp) -> Vec<WrongTerms> {
        let mut wrong = Vec::new();
        if self.from.is_some_and(|from| from <= now) {
            wrong.push(WrongTerms::BeginsInPast);
        }
        match (self.from, self.until) {
            (_, Some(until)) if until <= now => wrong.push(WrongTerms::EndsInPast),
            (Some(from), Some(until)) if until <= from => wrong.push(WrongTerms::EndsBeforeItBegins),
            _ => {}
        }
        let carried = self.channels.iter().all(|channel| CONNECTOR_CHANNELS.contains(channel));
        let fits = |role| (role == Role::Connector) != self.channels.is_empty();
        if !carried || !role.is_none_or(fits) {
            wrong.push(WrongTerms::NoConnectorChannel);
        }
        let sends = role.is_none_or(|role| role == Role::Connector) && self.channels.contains(&Channel::Api);
        if self.may_disable && !sends {
            wrong.push(WrongTerms::DisablesWithoutApi);
        }
        wrong.extend(wrong_reason(&self.reason).map(WrongTerms::Reason));
        wrong
    }

    /// Whether it gives the same as other terms do, whatever the reason.
    #[must_use]
    pub fn give_the_same_as(&self, other: &Self) -> bool {
        let carries = |one: &Self, other: &Self| one.channels.iter().all(|channel| other.channels.contains(channel));
        (self.from, self.until, self.may_disable) == (other.from, other.until, other.may_disable)
            && carries(self, other)
            && carries(other, self)
    }

    /// Whether there are none: from the beginning and for good, as the service grants.
    #[must_use]
    pub fn are_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// What is wrong with why a role is given, or why it ends.
#[must_use]
pub fn wrong_reason(reason: &str) -> Option<WrongReason> {
    as_reason(text::lines(reason, LONGEST_REASON), LONGEST_REASON).err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_is_a_right_from_its_first_moment_until_just_before_its_end() {
        let terms = Terms {
            from: Some(Timestamp(10)),
            until: Some(Timestamp(20)),
            ..Terms::default()
        };
        let in_force: Vec<_> = [9, 10, 19, 20].map(|at| terms.in_force(Timestamp(at))).into();
        assert_eq!(in_force, [false, true, true, false]);
        assert!(Terms::default().in_force(Timestamp(0)));
    }

    #[test]
    fn only_a_connector_with_the_api_may_disable_accounts() {
        let terms = |channels: &[Channel]| Terms {
            channels: channels.to_vec(),
            may_disable: true,
            reason: "the new payroll".to_owned(),
            ..Terms::default()
        };
        let wrong = |channels: &[Channel], role| terms(channels).problems(Some(role), Timestamp(0));
        assert_eq!(wrong(&[Channel::Api], Role::Connector), []);
        assert_eq!(
            wrong(&[Channel::EmailCsv], Role::Connector),
            [WrongTerms::DisablesWithoutApi]
        );
        assert_eq!(wrong(&[], Role::LocalAdministrator), [WrongTerms::DisablesWithoutApi]);
    }

    #[test]
    fn terms_that_differ_in_disabling_give_something_else() {
        let plain = Terms {
            channels: vec![Channel::Api],
            ..Terms::default()
        };
        let more = Terms {
            may_disable: true,
            ..plain.clone()
        };
        assert!(!plain.give_the_same_as(&more) && more.give_the_same_as(&more));
    }

    #[test]
    fn terms_say_that_they_may_disable_only_where_they_do() {
        let plain: Terms = serde_json::from_str(r#"{"channels":["api"]}"#).unwrap();
        assert!(!plain.may_disable);
        assert_eq!(serde_json::to_string(&plain).unwrap(), r#"{"channels":["api"]}"#);
        let more = Terms {
            may_disable: true,
            ..plain
        };
        let stored = serde_json::to_string(&more).unwrap();
        assert_eq!(stored, r#"{"channels":["api"],"may_disable":true}"#);
        assert_eq!(serde_json::from_str::<Terms>(&stored).unwrap(), more);
    }
}
