//! Time by the calendar of the United Kingdom: thirty days later is the same time of day, across summer time and months.

use domain::{ids::Timestamp, life::Span};
use jiff::{Span as CalendarSpan, Zoned, civil::Date, tz::TimeZone};

/// The moment so much later. A day that a shorter month does not have is its last one.
#[must_use]
pub fn after(at: Timestamp, span: Span) -> Timestamp {
    let months = i64::from(span.months);
    let days = i64::from(span.days);
    let later = CalendarSpan::new()
        .try_months(months)
        .and_then(|span| span.try_days(days))
        .ok()
        .and_then(|span| local(at).checked_add(span).ok());
    later.map_or(at, |later| moment(&later))
}

/// The moment so much earlier.
#[must_use]
pub fn before(at: Timestamp, span: Span) -> Timestamp {
    let earlier = CalendarSpan::new()
        .try_months(i64::from(span.months))
        .and_then(|earlier| earlier.try_days(i64::from(span.days)))
        .ok()
        .and_then(|earlier| local(at).checked_sub(earlier).ok());
    earlier.map_or(at, |earlier| moment(&earlier))
}

/// The moment so many days later.
#[must_use]
pub fn days_after(at: Timestamp, days: u32) -> Timestamp {
    after(at, Span { months: 0, days })
}

/// When a day begins; none where there is no such day.
#[must_use]
pub fn day_begins(year: i16, month: i8, day: i8) -> Option<Timestamp> {
    let date = Date::new(year, month, day).ok()?;
    date.to_zoned(zone()).ok().map(|begins| moment(&begins))
}

/// Year, month and day of a moment.
#[must_use]
pub fn date_parts(at: Timestamp) -> (i16, i8, i8) {
    let date = local(at).date();
    (date.year(), date.month(), date.day())
}

/// When the day of a moment begins.
#[must_use]
pub fn day_of(at: Timestamp) -> Timestamp {
    let begins = local(at).start_of_day();
    begins.map_or(at, |begins| moment(&begins))
}

/// A day as people read it: `3 March 2027`.
#[must_use]
pub fn day(at: Timestamp) -> String {
    local(at).strftime("%-d %B %Y").to_string()
}

/// A moment as people read it: `3 March 2027, 2:05pm`.
#[must_use]
pub fn moment_in_words(at: Timestamp) -> String {
    local(at).strftime("%-d %B %Y, %-I:%M%P").to_string()
}

/// A moment for machines, by ISO 8601: `2027-03-03T14:05:00Z`.
#[must_use]
pub fn iso_8601(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.0).map_or_else(|_| String::new(), |at| at.to_string())
}

fn local(at: Timestamp) -> Zoned {
    jiff::Timestamp::from_millisecond(at.0)
        .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
        .to_zoned(zone())
}

fn moment(at: &Zoned) -> Timestamp {
    Timestamp(at.timestamp().as_millisecond())
}

fn zone() -> TimeZone {
    TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        moment(&text.parse::<jiff::Timestamp>().unwrap().to_zoned(zone()))
    }

    #[test]
    fn thirty_days_later_is_the_same_time_of_day_across_summer_time() {
        // 25 October 2026: clocks go back; 29 March 2026: forward.
        assert_eq!(days_after(at("2026-10-10T11:00:00Z"), 30), at("2026-11-09T12:00:00Z"));
        assert_eq!(days_after(at("2026-03-10T12:00:00Z"), 30), at("2026-04-09T11:00:00Z"));
    }

    #[test]
    fn eighteen_months_from_the_end_of_august_end_in_february() {
        let span = Span { months: 18, days: 0 };
        assert_eq!(after(at("2026-08-31T23:00:00Z"), span), at("2028-03-01T00:00:00Z"));
        assert_eq!(after(at("2026-08-31T10:00:00Z"), span), at("2028-02-29T11:00:00Z"));
    }

    #[test]
    fn a_day_that_is_none_does_not_begin() {
        assert_eq!(day_begins(2027, 2, 29), None);
        assert_eq!(day_begins(2027, 7, 1), Some(at("2027-06-30T23:00:00Z")));
    }
}
