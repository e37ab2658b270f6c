//! A temporary absence: from when until when an account is disabled, and why. And the days on which somebody comes and goes.

use serde::{Deserialize, Serialize};

use crate::values::{
    ids::Timestamp,
    reason::{WrongReason, as_reason},
    text,
};

/// Letters that the reason for an absence may have.
pub const LONGEST_REASON: usize = 200;

/// The longest month, in days: an absence of so many months never ends later than so many of these.
const DAYS_A_MONTH: i64 = 31;

/// From when until when an account is disabled, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// The day ahead on which it begins; `None` if it has begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// The day on which the account is enabled again; `None` if that is done by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Why, in the words of the person who asked for it; empty if nobody said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// What is wrong with an absence that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongAbsence {
    /// It would begin before now.
    InPast,
    /// It would begin too far ahead.
    TooFar {
        /// How many days ahead it may begin.
        days: u32,
    },
    /// The day of return is not behind the first day.
    BackBeforeAway,
    /// It would last longer than a disabled account is kept.
    BackTooLate {
        /// How many months that is.
        months: u32,
    },
    /// The reason is missing.
    Reason(WrongReason),
}

impl Absence {
    /// Whether it lies ahead.
    #[must_use]
    pub const fn is_planned(&self) -> bool {
        self.from.is_some()
    }

    /// Whether the account is to be disabled by now: its first day has come, and the day of return has not.
    #[must_use]
    pub fn begins_by(&self, now: Timestamp) -> bool {
        self.from.is_some_and(|from| from <= now) && !self.is_over(now)
    }

    /// Whether its person is back by now.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|until| until <= now)
    }

    /// Whether it is not over on the day on which its person leaves. Without a day of return it lasts until they do.
    #[must_use]
    pub fn outlasts(&self, leaves: Timestamp) -> bool {
        self.from.is_some_and(|from| from >= leaves) || self.until.is_some_and(|until| until > leaves)
    }

    /// From when until when, as it is said of somebody: `from 1 March 2027 until 9 March 2027`.
    #[must_use]
    pub fn days(&self, day: fn(Timestamp) -> String) -> String {
        let from = self.from.map(|from| format!("from {}", day(from)));
        let until = self.until.map(|until| format!("until {}", day(until)));
        let days: Vec<_> = from.into_iter().chain(until).collect();
        days.join(" ")
    }

    /// When somebody is away, for lists: `Away until 9 March 2027`. `None` if no day is known.
    #[must_use]
    pub fn told(&self, day: fn(Timestamp) -> String) -> Option<String> {
        Some(self.days(day))
            .filter(|days| !days.is_empty())
            .map(|days| format!("Away {days}"))
    }

    /// The absence once it has begun.
    #[must_use]
    pub fn begun(self) -> Self {
        Self { from: None, ..self }
    }

    /// The absence without what somebody wrote about a person who is forgotten.
    #[must_use]
    pub fn forgotten(self) -> Self {
        Self {
            reason: String::new(),
            ..self
        }
    }

    /// The absence with its reason as it is kept, or all that is wrong with it. `notice_days` is how far ahead it may begin,
    /// `months` how long a disabled account is kept (0: for good).
    ///
    /// # Errors
    /// Each problem of the dates and the reason.
    pub fn checked(&self, now: Timestamp, notice_days: u32, months: u32) -> Result<Self, Vec<WrongAbsence>> {
        let mut wrong = Vec::new();
        let latest = now.plus_seconds(i64::from(notice_days) * 86_400);
        match self.from {
            Some(from) if from <= now => wrong.push(WrongAbsence::InPast),
            Some(from) if from > latest => wrong.push(WrongAbsence::TooFar { days: notice_days }),
            _ => {}
        }
        let begins = self.from.map_or(now, |from| from.max(now));
        let longest = begins.plus_seconds(i64::from(months) * DAYS_A_MONTH * 86_400);
        match self.until {
            Some(until) if until <= begins => wrong.push(WrongAbsence::BackBeforeAway),
            Some(until) if months > 0 && until > longest => wrong.push(WrongAbsence::BackTooLate { months }),
            _ => {}
        }
        match as_reason(text::line(&self.reason, LONGEST_REASON), LONGEST_REASON) {
            Ok(reason) if wrong.is_empty() => Ok(Self { reason, ..self.clone() }),
            Ok(_) => Err(wrong),
            Err(reason) => {
                wrong.push(WrongAbsence::Reason(reason));
                Err(wrong)
            }
        }
    }
}

/// The first and the last working day of somebody new.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stay {
    /// The first day: the activation link is sent then; `None` if it is sent at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts: Option<Timestamp>,
    /// The day on which they leave; `None` if none is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaves: Option<Timestamp>,
}

/// What is wrong with the days of somebody new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongStay {
    /// The first day lies too far ahead.
    StartTooFar {
        /// How many days ahead it may lie.
        days: u32,
    },
    /// The last working day has passed.
    LeavesInPast,
    /// The last working day lies too far ahead.
    LeavesTooFar {
        /// How many days ahead it may lie.
        days: u32,
    },
    /// The last working day is not behind the first.
    LeavesBeforeStart,
}

impl Stay {
    /// The stay of somebody who starts on a day.
    #[must_use]
    pub const fn from_day(starts: Timestamp) -> Self {
        Self {
            starts: Some(starts),
            leaves: None,
        }
    }

    /// Whether no day is known.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.starts.is_none() && self.leaves.is_none()
    }

    /// The days that still lie ahead: who has started already is sent the link at once.
    #[must_use]
    pub fn ahead(self, now: Timestamp) -> Self {
        Self {
            starts: self.starts.filter(|at| *at > now),
            ..self
        }
    }

    /// What is wrong with the days. `notice_days` is how far ahead they may lie.
    #[must_use]
    pub fn problems(&self, now: Timestamp, notice_days: u32) -> Vec<WrongStay> {
        let latest = now.plus_seconds(i64::from(notice_days) * 86_400);
        let mut wrong = Vec::new();
        if self.starts.is_some_and(|at| at > latest) {
            wrong.push(WrongStay::StartTooFar { days: notice_days });
        }
        match (self.starts, self.leaves) {
            (_, Some(leaves)) if leaves <= now => wrong.push(WrongStay::LeavesInPast),
            (_, Some(leaves)) if leaves > latest => wrong.push(WrongStay::LeavesTooFar { days: notice_days }),
            (Some(starts), Some(leaves)) if leaves <= starts => wrong.push(WrongStay::LeavesBeforeStart),
            _ => {}
        }
        wrong
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000;

    fn absence(from: Option<i64>, until: Option<i64>, reason: &str) -> Absence {
        Absence {
            from: from.map(|day| Timestamp(day * DAY)),
            until: until.map(|day| Timestamp(day * DAY)),
            reason: reason.to_owned(),
        }
    }

    #[test]
    fn dates_that_make_no_sense_are_refused_all_at_once() {
        let checked = |absence: Absence| absence.checked(Timestamp(0), 366, 18);
        let leave = "maternity leave";
        assert_eq!(checked(absence(None, None, leave)), Ok(absence(None, None, leave)));
        let ahead = absence(Some(1), Some(2), leave);
        assert_eq!(checked(ahead.clone()), Ok(ahead));
        let wrong = |absence| checked(absence).unwrap_err();
        assert_eq!(wrong(absence(Some(0), None, leave)), [WrongAbsence::InPast]);
        assert_eq!(wrong(absence(Some(-1), None, leave)), [WrongAbsence::InPast]);
        assert_eq!(
            wrong(absence(Some(367), None, leave)),
            [WrongAbsence::TooFar { days: 366 }]
        );
        assert_eq!(wrong(absence(Some(9), Some(9), leave)), [WrongAbsence::BackBeforeAway]);
        assert_eq!(wrong(absence(None, Some(0), leave)), [WrongAbsence::BackBeforeAway]);
        assert_eq!(
            wrong(absence(Some(9), Some(8), "")),
            [WrongAbsence::BackBeforeAway, WrongAbsence::Reason(WrongReason::Missing)]
        );
        assert_eq!(
            wrong(absence(None, Some(559), leave)),
            [WrongAbsence::BackTooLate { months: 18 }]
        );
        assert_eq!(
            checked(absence(None, Some(558), leave)),
            Ok(absence(None, Some(558), leave))
        );
        let for_good = absence(None, Some(9_000), leave);
        assert_eq!(for_good.checked(Timestamp(0), 366, 0), Ok(for_good));
    }

    #[test]
    fn a_reason_is_one_line_of_at_most_200_letters() {
        let checked = |reason: &str| absence(None, None, reason).checked(Timestamp(0), 366, 18);
        assert_eq!(checked("  long   leave "), Ok(absence(None, None, "long leave")));
        let (limit, length) = (200, 201);
        assert_eq!(
            checked(&"x".repeat(201)),
            Err(vec![WrongAbsence::Reason(WrongReason::TooLong { limit, length })])
        );
        assert_eq!(checked(" "), Err(vec![WrongAbsence::Reason(WrongReason::Missing)]));
    }

    #[test]
    fn an_absence_begins_on_its_day_unless_it_is_over_by_then() {
        let planned = absence(Some(10), Some(20), "leave");
        let begins: Vec<_> = [9, 10, 19, 20]
            .map(|day| planned.begins_by(Timestamp(day * DAY)))
            .into();
        assert_eq!(begins, [false, true, true, false]);
        assert!(!planned.clone().begun().begins_by(Timestamp(15 * DAY)));
        assert!(planned.is_over(Timestamp(20 * DAY)) && !planned.is_over(Timestamp(19 * DAY)));
        assert!(!absence(None, None, "").is_over(Timestamp(i64::MAX)));
    }

    #[test]
    fn an_absence_outlasts_a_leaving_date_before_its_end() {
        let leaves = Timestamp(10 * DAY);
        assert!(absence(Some(5), Some(11), "leave").outlasts(leaves));
        assert!(absence(None, Some(11), "leave").outlasts(leaves));
        assert!(absence(Some(10), None, "leave").outlasts(leaves));
        assert!(!absence(Some(5), Some(10), "leave").outlasts(leaves));
        assert!(!absence(Some(9), None, "leave").outlasts(leaves));
        assert!(!absence(None, None, "leave").outlasts(leaves));
        let day = |at: Timestamp| format!("day {}", at.0 / DAY);
        assert_eq!(absence(Some(5), Some(9), "").days(day), "from day 5 until day 9");
        assert_eq!(
            absence(None, Some(9), "").told(day).as_deref(),
            Some("Away until day 9")
        );
        assert_eq!(absence(None, None, "leave").told(day), None);
    }

    #[test]
    fn the_days_of_a_stay_are_ahead_and_in_order() {
        let stay = |starts: Option<i64>, leaves: Option<i64>| Stay {
            starts: starts.map(|day| Timestamp(day * DAY)),
            leaves: leaves.map(|day| Timestamp(day * DAY)),
        };
        let wrong = |stay: Stay| stay.problems(Timestamp(0), 366);
        assert!(wrong(stay(Some(1), Some(2))).is_empty());
        assert!(wrong(stay(Some(-3), None)).is_empty());
        assert_eq!(stay(Some(-3), Some(5)).ahead(Timestamp(0)), stay(None, Some(5)));
        assert_eq!(wrong(stay(Some(5), Some(5))), [WrongStay::LeavesBeforeStart]);
        assert_eq!(wrong(stay(None, Some(0))), [WrongStay::LeavesInPast]);
        assert_eq!(wrong(stay(None, Some(367))), [WrongStay::LeavesTooFar { days: 366 }]);
        assert_eq!(wrong(stay(Some(367), None)), [WrongStay::StartTooFar { days: 366 }]);
    }
}
