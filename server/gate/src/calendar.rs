//! Time by the calendar of the United Kingdom: thirty days later is the same time of day, across summer time and months.
//!
//! The calendar has an end. A moment that lies behind it never comes: it is `None`, and a caller who asks for one ends, erases
//! and shows nothing.

use std::sync::LazyLock;

use domain::{
    life::Span,
    values::{day::Day, ids::Timestamp},
};
use jiff::{Span as CalendarSpan, Zoned, civil::Date, tz::TimeZone};

/// The time zone of every day and timer.
const ZONE: &str = "Europe/London";

/// Later than any moment: when something happens whose timer reaches beyond the calendar.
pub const NEVER: Timestamp = Timestamp(i64::MAX);

static FOUND: LazyLock<Option<TimeZone>> = LazyLock::new(|| zone_named(ZONE).ok());

/// This machine knows nothing of the time zone that days and timers are counted in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the time zone {0} is not known here: install the system's time zone database (tzdata)")]
pub struct NoTimeZone(String);

/// Checks that the time zone is known; without it the portal must not start.
///
/// # Errors
/// When it is not.
pub fn check() -> Result<(), NoTimeZone> {
    zone_named(ZONE).map(drop)
}

/// Returns the moment so much later. A day that a shorter month does not have is its last one. `None` if that lies behind
/// the end of the calendar.
#[must_use]
pub fn after(at: Timestamp, span: Span) -> Option<Timestamp> {
    let later = local(at)?.checked_add(calendar_span(span)?).ok()?;
    Some(moment(&later))
}

/// Returns the moment so much earlier. `None` if that lies before the beginning of the calendar.
#[must_use]
pub fn before(at: Timestamp, span: Span) -> Option<Timestamp> {
    let earlier = local(at)?.checked_sub(calendar_span(span)?).ok()?;
    Some(moment(&earlier))
}

/// Returns the moment so many days later. `None` if that lies behind the end of the calendar.
#[must_use]
pub fn days_after(at: Timestamp, days: u32) -> Option<Timestamp> {
    after(at, Span { months: 0, days })
}

/// When a day begins; none where there is no such day.
#[must_use]
pub fn day_begins(year: i16, month: i8, day: i8) -> Option<Timestamp> {
    let date = Date::new(year, month, day).ok()?;
    let begins = date.to_zoned(FOUND.clone()?).ok()?;
    Some(moment(&begins))
}

/// When a day of the calendar begins; none if it lies outside.
#[must_use]
pub fn begins(day: Day) -> Option<Timestamp> {
    let (year, month, day) = day.parts();
    day_begins(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
}

/// Year, month and day of a moment.
#[must_use]
pub fn date_parts(at: Timestamp) -> (i16, i8, i8) {
    let date = shown(at).date();
    (date.year(), date.month(), date.day())
}

/// The calendar day on which a moment lies. A day that somebody chose, such as a leaving date, is kept as the moment when it
/// begins here, which in summer is the evening before in UTC: so this is the only way back from the one to the other.
/// `None` if the moment lies outside the calendar.
#[must_use]
pub fn day_at(at: Timestamp) -> Option<Day> {
    let date = local(at)?.date();
    Day::of(date.year(), date.month().unsigned_abs(), date.day().unsigned_abs())
}

/// When the day of a moment begins.
#[must_use]
pub fn day_of(at: Timestamp) -> Timestamp {
    let begins = shown(at).start_of_day();
    begins.map_or(at, |begins| moment(&begins))
}

/// A day as people read it: `3 March 2027`.
#[must_use]
pub fn day(at: Timestamp) -> String {
    shown(at).strftime("%-d %B %Y").to_string()
}

/// A moment as people read it: `3 March 2027, 2:05pm`.
#[must_use]
pub fn moment_in_words(at: Timestamp) -> String {
    shown(at).strftime("%-d %B %Y, %-I:%M%P").to_string()
}

/// A moment within a sentence: `3 March 2027 at 2:05pm`.
#[must_use]
pub fn moment_in_a_sentence(at: Timestamp) -> String {
    shown(at).strftime("%-d %B %Y at %-I:%M%P").to_string()
}

/// A moment for machines, by ISO 8601: `2027-03-03T14:05:00Z`.
#[must_use]
pub fn iso_8601(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.0).map_or_else(|_| String::new(), |at| at.to_string())
}

/// Reads a moment by ISO 8601, or the beginning of a day: `2027-03-03T14:05:00Z`, `2027-03-03`.
#[must_use]
pub fn from_iso_8601(text: &str) -> Option<Timestamp> {
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Some(Timestamp(at.as_millisecond()));
    }
    let date: Date = text.parse().ok()?;
    day_begins(date.year(), date.month(), date.day())
}

fn calendar_span(span: Span) -> Option<CalendarSpan> {
    let months = CalendarSpan::new().try_months(i64::from(span.months)).ok()?;
    months.try_days(i64::from(span.days)).ok()
}

/// A moment by the calendar, to count from; `None` if it lies outside.
fn local(at: Timestamp) -> Option<Zoned> {
    let at = jiff::Timestamp::from_millisecond(at.0).ok()?;
    Some(at.to_zoned(FOUND.clone()?))
}

/// A moment by the calendar, to be shown: what lies outside is shown as the end of it that is nearer.
fn shown(at: Timestamp) -> Zoned {
    let nearest = match at.0 {
        ..0 => jiff::Timestamp::MIN,
        _ => jiff::Timestamp::MAX,
    };
    let at = jiff::Timestamp::from_millisecond(at.0).unwrap_or(nearest);
    at.to_zoned(FOUND.clone().unwrap_or(TimeZone::UTC))
}

fn moment(at: &Zoned) -> Timestamp {
    Timestamp(at.timestamp().as_millisecond())
}

fn zone_named(name: &str) -> Result<TimeZone, NoTimeZone> {
    TimeZone::get(name).map_err(|_| NoTimeZone(name.to_owned()))
}

/// The day of a moment, counted from 1970 in UTC.
pub(crate) const fn day_number(at: Timestamp) -> i64 {
    at.0.div_euclid(86_400_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        moment(
            &text
                .parse::<jiff::Timestamp>()
                .unwrap()
                .to_zoned(zone_named(ZONE).unwrap()),
        )
    }

    #[test]
    fn a_moment_in_a_sentence_is_told_by_the_clocks_of_the_kingdom() {
        assert_eq!(
            moment_in_a_sentence(at("2027-03-03T14:05:00Z")),
            "3 March 2027 at 2:05pm"
        );
        assert_eq!(
            moment_in_a_sentence(at("2027-07-03T14:05:00Z")),
            "3 July 2027 at 3:05pm"
        );
    }

    #[test]
    fn thirty_days_later_is_the_same_time_of_day_across_summer_time() {
        // 25 October 2026: clocks go back; 29 March 2026: forward.
        assert_eq!(
            days_after(at("2026-10-10T11:00:00Z"), 30),
            Some(at("2026-11-09T12:00:00Z"))
        );
        assert_eq!(
            days_after(at("2026-03-10T12:00:00Z"), 30),
            Some(at("2026-04-09T11:00:00Z"))
        );
    }

    #[test]
    fn eighteen_months_from_the_end_of_august_end_in_february() {
        let span = Span { months: 18, days: 0 };
        assert_eq!(
            after(at("2026-08-31T23:00:00Z"), span),
            Some(at("2028-03-01T00:00:00Z"))
        );
        assert_eq!(
            after(at("2026-08-31T10:00:00Z"), span),
            Some(at("2028-02-29T11:00:00Z"))
        );
    }

    #[test]
    fn a_moment_outside_the_calendar_never_comes() {
        let now = at("2026-11-21T12:00:00Z");
        for (months, days) in [(999_999, 0), (239_976, 0), (0, u32::MAX), (u32::MAX, u32::MAX)] {
            let span = Span { months, days };
            assert_eq!((after(now, span), before(now, span)), (None, None), "{span:?}");
        }
        assert_eq!(days_after(Timestamp(i64::MAX), 0), None);
        assert_eq!(before(Timestamp(i64::MIN), Span { months: 0, days: 1 }), None);
    }

    #[test]
    fn an_unknown_time_zone_is_said_and_not_replaced_by_another() {
        let error = zone_named("Europe/Nowhere").unwrap_err().to_string();
        assert!(
            error.starts_with("the time zone Europe/Nowhere is not known here: install"),
            "{error}"
        );
        assert_eq!(check(), Ok(()));
    }

    #[test]
    fn moments_and_days_are_read_by_iso_8601() {
        assert_eq!(from_iso_8601("2027-03-03T14:05:00Z"), Some(at("2027-03-03T14:05:00Z")));
        assert_eq!(from_iso_8601("2027-07-01"), Some(at("2027-06-30T23:00:00Z")));
        assert_eq!(from_iso_8601("03/03/2027"), None);
    }

    #[test]
    fn a_day_is_the_same_day_in_summer_and_in_winter() {
        for (text, [year, month, day]) in [
            ("2027-01-01", [2027, 1, 1]),
            ("2027-03-28", [2027, 3, 28]),
            ("2027-07-01", [2027, 7, 1]),
            ("2027-10-31", [2027, 10, 31]),
        ] {
            let narrow = |part: i16| i8::try_from(part).unwrap();
            let begins = day_begins(year, narrow(month), narrow(day)).unwrap();
            assert_eq!(day_at(begins).unwrap().to_string(), text);
            assert_eq!(from_iso_8601(text), Some(begins));
        }
        assert_eq!(day_at(NEVER), None);
    }

    #[test]
    fn a_day_that_is_none_does_not_begin() {
        assert_eq!(day_begins(2027, 2, 29), None);
        assert_eq!(day_begins(2027, 7, 1), Some(at("2027-06-30T23:00:00Z")));
    }
}
