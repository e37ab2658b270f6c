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

/// Returns the next moment, later than this one, at which the clocks of the United Kingdom show so many minutes after
/// midnight. On a day that skips that minute it is as much later, and on a day that has it twice only the first counts.
#[must_use]
pub fn next_at_minute(now: Timestamp, minute: u32) -> Timestamp {
    let (zone, today) = (FOUND.clone().unwrap_or(TimeZone::UTC), shown(now).date());
    let hour = i8::try_from(minute / 60).unwrap_or(i8::MAX).min(23);
    let minute = i8::try_from(minute % 60).unwrap_or_default();
    let on = |day: Date| {
        let at = day.at(hour, minute, 0, 0).to_zoned(zone.clone()).ok()?;
        Some(moment(&at)).filter(|at| *at > now)
    };
    let next = on(today).or_else(|| on(today.tomorrow().ok()?));
    next.unwrap_or(NEVER)
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

/// Milliseconds of a day of UTC.
const DAY: i64 = 86_400_000;

/// The day of a moment, counted from 1970 in UTC.
pub(crate) const fn day_number(at: Timestamp) -> i64 {
    at.0.div_euclid(DAY)
}

/// The day of a moment by the calendar of the United Kingdom, counted from 1970.
pub(crate) fn number_of_day(at: Timestamp) -> i64 {
    // Twelve hours after it began it is the same day by either calendar.
    day_number(Timestamp(day_of(at).0 + DAY / 2))
}

/// The moment of a day, as [`number_of_day`] counts it, at which the clocks of the United Kingdom show so many minutes after
/// midnight.
pub(crate) fn at_minute_of(day: i64, minute: u32) -> Timestamp {
    let began = day_of(Timestamp(day * DAY + DAY / 2));
    next_at_minute(Timestamp(began.0 - 1), minute)
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
    fn a_day_has_one_number_from_midnight_to_midnight_here() {
        for (first, last) in [
            ("2026-11-21T00:00:00Z", "2026-11-21T23:59:59Z"),
            ("2026-06-30T23:00:00Z", "2026-07-01T22:59:59Z"),
            // The clocks go forward, and back.
            ("2027-03-28T00:00:00Z", "2027-03-28T22:59:59Z"),
            ("2026-10-24T23:00:00Z", "2026-10-25T23:59:59Z"),
        ] {
            let (first, last) = (at(first), at(last));
            let number = number_of_day(first);
            assert_eq!(number_of_day(last), number);
            assert_eq!(number_of_day(first.plus_seconds(-1)), number - 1);
            assert_eq!(number_of_day(last.plus_seconds(1)), number + 1);
            assert_eq!(at_minute_of(number, 0), first);
        }
    }

    #[test]
    fn the_minute_of_a_day_is_found_by_its_number() {
        for (moment, minute) in [
            ("2026-11-21T19:00:00Z", 19 * 60),
            ("2026-07-01T18:00:00Z", 19 * 60),
            ("2027-03-28T18:00:00Z", 19 * 60),
            // There is no half past one, and there are two.
            ("2027-03-28T01:30:00Z", 90),
            ("2026-10-25T00:30:00Z", 90),
        ] {
            assert_eq!(at_minute_of(number_of_day(at(moment)), minute), at(moment));
        }
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
    fn the_next_run_is_at_its_minute_by_the_clocks_of_the_kingdom() {
        let seven = 19 * 60;
        for (now, next) in [
            ("2026-11-30T18:59:59Z", "2026-11-30T19:00:00Z"),
            ("2026-11-30T19:00:00Z", "2026-12-01T19:00:00Z"),
            ("2026-07-01T17:59:00Z", "2026-07-01T18:00:00Z"),
            ("2026-12-31T23:30:00Z", "2027-01-01T19:00:00Z"),
            // The day before each change of the clocks.
            ("2027-03-27T19:00:00Z", "2027-03-28T18:00:00Z"),
            ("2026-10-24T18:00:00Z", "2026-10-25T19:00:00Z"),
        ] {
            assert_eq!(next_at_minute(at(now), seven), at(next), "{now}");
        }
        // The day begins in the evening before, by UTC.
        assert_eq!(
            next_at_minute(at("2026-07-01T22:59:00Z"), 0),
            at("2026-07-01T23:00:00Z")
        );
    }

    #[test]
    fn a_run_in_the_hour_that_the_clocks_change_is_made_once() {
        let half_past_one = 90;
        // 28 March 2027: there is no half past one, and it is half past two.
        let skipped = next_at_minute(at("2027-03-27T23:00:00Z"), half_past_one);
        assert_eq!(skipped, at("2027-03-28T01:30:00Z"));
        assert_eq!(next_at_minute(skipped, half_past_one), at("2027-03-29T00:30:00Z"));
        // 25 October 2026: it is half past one twice.
        let first = next_at_minute(at("2026-10-24T23:00:00Z"), half_past_one);
        assert_eq!(first, at("2026-10-25T00:30:00Z"));
        assert_eq!(next_at_minute(first, half_past_one), at("2026-10-26T01:30:00Z"));
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
