//! A day of the calendar: the same day whatever the time zone, and whether clocks are forward or back.

use std::{fmt, ops::RangeInclusive};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// A calendar day, shown as machines read it: `2027-03-31`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    year: i16,
    month: u8,
    day: u8,
}

impl Day {
    /// The day of a year and a month; none where the calendar has no such day.
    #[must_use]
    pub const fn of(year: i16, month: u8, day: u8) -> Option<Self> {
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let last = match month {
            4 | 6 | 9 | 11 => 30,
            2 if is_leap => 29,
            2 => 28,
            1..=12 => 31,
            _ => return None,
        };
        if day >= 1 && day <= last && year >= 1 {
            Some(Self { year, month, day })
        } else {
            None
        }
    }

    /// Reads `2027-03-31`; none where it is no day.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let mut number = |digits: usize| {
            let part = parts.next()?;
            let is_plain = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
            is_plain.then(|| part.parse::<i16>().ok()).flatten()
        };
        let (year, month, day) = (number(4)?, number(2)?, number(2)?);
        let is_whole = parts.next().is_none();
        Self::of(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?).filter(|_| is_whole)
    }

    /// Reads a day as people and systems write it: `2027-03-31`, `31/03/2027`, `31.3.27`, `31st March 2027`, `31-MAR-27`. The
    /// day comes before the month, as it does here. Two digits of a year are those of 1980 to 2079. A time behind the day is
    /// left out. Five digits are a day as spreadsheets count it. `None` if it is no day, or nobody can say which.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(day) = Self::counted(text) {
            return Some(day);
        }
        let day = without_time(text)?;
        let parts: Vec<_> = day.split([' ', '-', '/', '.', ',']).collect();
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let [one, two, three] = parts.as_slice() else {
            return None;
        };
        let (year, month, day) = match (one.len(), month_named(one)) {
            (_, Some(month)) => (three, month, two),
            // Not `30th`, which is a day.
            (4, None) if number(one, 4..=4).is_some() => (one, month(two)?, three),
            _ => (three, month(two)?, one),
        };
        Self::of(
            year_of(year)?,
            month,
            u8::try_from(number(without_ordinal(day), 1..=2)?).ok()?,
        )
    }

    /// The day that spreadsheets keep as a count of days, such as 46450 for 4 March 2027, with or without a time behind the
    /// point. Only counts of 1954 to 2064 are taken for days.
    fn counted(text: &str) -> Option<Self> {
        let (whole, time) = text.split_once('.').unwrap_or((text, "0"));
        let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.len() != 5 || !are_digits(whole) || !are_digits(time) {
            return None;
        }
        let count: i64 = whole.parse().ok()?;
        if !(20_000..=60_000).contains(&count) {
            return None;
        }
        let (year, month, day) = calendar(count);
        Self::of(
            i16::try_from(year).ok()?,
            u8::try_from(month).ok()?,
            u8::try_from(day).ok()?,
        )
    }

    /// Whether it stands for no day at all: personnel systems write 31 December 4712 or 9999 for an end that is not known.
    #[must_use]
    pub const fn is_never(self) -> bool {
        matches!(self.parts(), (4712 | 9999, 12, 31))
    }

    /// The day after; none behind the last year.
    #[must_use]
    pub fn day_after(self) -> Option<Self> {
        let Self { year, month, day } = self;
        let in_month = Self::of(year, month, day + 1);
        in_month
            .or_else(|| Self::of(year, month + 1, 1))
            .or_else(|| Self::of(year.checked_add(1)?, 1, 1))
    }

    /// Year, month and day.
    #[must_use]
    pub const fn parts(self) -> (i16, u8, u8) {
        (self.year, self.month, self.day)
    }
}

/// Year, month and day, from days since 30 December 1899: from there spreadsheets count.
#[must_use]
pub const fn calendar(days: i64) -> (i64, i64, i64) {
    // Counted from 1 March 0000, so that the odd day of leap years is a year's last, in eras of 400 years.
    const TO_MARCH_0000: i64 = 693_899;
    const AN_ERA: i64 = 146_097;
    let days = days + TO_MARCH_0000;
    let (era, of_era) = (days.div_euclid(AN_ERA), days.rem_euclid(AN_ERA));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let (month, later) = if from_march < 10 {
        (from_march + 3, 0)
    } else {
        (from_march - 9, 1)
    };
    (era * 400 + year_of_era + later, month, day)
}

/// A day's text without the time of day that spreadsheets and databases write behind it. `None` if what stands there is no
/// time.
fn without_time(text: &str) -> Option<&str> {
    let Some(colon) = text.find(':') else {
        return Some(text);
    };
    let begins = text[..colon].rfind([' ', 'T'])?;
    is_time(&text[begins + 1..]).then(|| text[..begins].trim_end())
}

/// A time of day: `09:30`, `09:30:00.000`, `9:30 am`, `09:30:00Z`, `09:30+01:00`.
fn is_time(text: &str) -> bool {
    let small = text.to_ascii_lowercase();
    let half = small.strip_suffix("am").or_else(|| small.strip_suffix("pm"));
    let hours = if half.is_some() { 1..=12 } else { 0..=23 };
    let time = half.unwrap_or(&small).trim_end();
    let time = time.strip_suffix('z').unwrap_or(time);
    let (time, zone) = time.split_once('+').unwrap_or((time, "00:00"));
    let is_clock = |text: &str, hours: RangeInclusive<i16>| {
        let mut parts = text.split(':');
        let mut part = |digits, most: RangeInclusive<i16>| {
            let found = parts.next().and_then(|part| number(part, digits));
            found.is_some_and(|found| most.contains(&found))
        };
        let is_begun = part(1..=2, hours) && part(2..=2, 0..=59);
        match parts.next() {
            None => is_begun,
            Some(seconds) => {
                let (whole, rest) = seconds.split_once('.').unwrap_or((seconds, "0"));
                let are_seconds = number(whole, 2..=2).is_some_and(|found| (0..=59).contains(&found));
                let is_rest = !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit());
                is_begun && are_seconds && is_rest && parts.next().is_none()
            }
        }
    };
    is_clock(time, hours) && is_clock(zone, 0..=14)
}

/// A year of four digits; or of two, which are those of 1980 to 2079.
fn year_of(text: &str) -> Option<i16> {
    match number(text, 2..=4)? {
        year if text.len() == 4 => Some(year),
        short @ 0..=79 if text.len() == 2 => Some(2000 + short),
        short if text.len() == 2 => Some(1900 + short),
        _ => None,
    }
}

/// A month by its number or its English name: `3`, `Mar`, `March`. The number may be that of no month.
#[must_use]
pub fn month(text: &str) -> Option<u8> {
    month_named(text).or_else(|| u8::try_from(number(text, 1..=2)?).ok())
}

/// `1st`, `2nd`, `3rd`, `4th` as plain numbers.
fn without_ordinal(text: &str) -> &str {
    let letters = text.trim_start_matches(|c: char| c.is_ascii_digit());
    match letters.to_ascii_lowercase().as_str() {
        "st" | "nd" | "rd" | "th" => &text[..text.len() - letters.len()],
        _ => text,
    }
}

/// A number of so many digits.
fn number(text: &str, digits: RangeInclusive<usize>) -> Option<i16> {
    let is_plain = digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| text.parse().ok()).flatten()
}

/// The month of an English name, whole or shortened to three letters or four.
fn month_named(name: &str) -> Option<u8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let small = name.to_ascii_lowercase();
    let is_short = (3..=4).contains(&small.len());
    let is_meant = |month: &&str| **month == small || (is_short && month.starts_with(&small));
    let place = MONTHS.iter().position(is_meant)?;
    u8::try_from(place + 1).ok()
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse(&text).ok_or_else(|| Error::custom(format!("{text} is no day")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_as_it_is_written() {
        for text in ["2027-07-01", "2028-02-29", "0999-12-31"] {
            assert_eq!(Day::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Day::parse("2027-07-01").map(Day::parts), Some((2027, 7, 1)));
        for text in [
            "2027-02-29",
            "1900-02-29",
            "2027-13-01",
            "2027-04-31",
            "2027-7-1",
            "2027-07-01-",
            "+027-07-01",
            "",
        ] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
    }

    #[test]
    fn days_are_read_with_the_day_before_the_month() {
        for text in [
            "2027-03-04",
            "04/03/2027",
            "4/3/2027",
            "4.3.2027",
            " 04-03-2027 ",
            "4 March 2027",
            "04-MAR-2027",
            "04/03/2027 00:00",
            "2027-03-04T00:00:00Z",
            "2027-03-04 00:00:00.000",
            "04/03/2027 14:30",
            "2027-03-04 09:30",
            "2027-03-04T09:30:59+01:00",
            "4/3/2027 9:30 PM",
            "4/3/27",
            "04-Mar-27",
            "4-mar-2027",
            "4th March 2027",
            "March 4th, 2027",
            "46450",
            "46450.0",
            "46450.395833",
        ] {
            assert_eq!(Day::read(text), Day::of(2027, 3, 4), "{text}");
        }
        assert_eq!(Day::read("30th April 2027"), Day::of(2027, 4, 30));
        for text in [
            "03/31/2027",
            "31/04/2027",
            "04/03/2027 24:30",
            "04/03/2027 9:7",
            "04/03/2027 13:00 pm",
            "04/03/2027 at 9:30",
            "4/3/027",
            "4x March 2027",
            "19999",
            "60001",
            "4711",
            "046450",
            "46450.",
            "4 Mars 2027",
            "March 2027",
            "soon",
            "",
        ] {
            assert_eq!(Day::read(text), None, "{text}");
        }
    }

    #[test]
    fn short_years_and_counts_of_spreadsheets_are_days_of_their_century() {
        for (text, day) in [
            ("03-Dec-26", (2026, 12, 3)),
            ("1/12/26", (2026, 12, 1)),
            ("1 Sept 79", (2079, 9, 1)),
            ("31.12.80", (1980, 12, 31)),
            ("1st March 2027", (2027, 3, 1)),
            ("36585", (2000, 2, 29)),
            ("20000", (1954, 10, 3)),
            ("60000", (2064, 4, 8)),
        ] {
            assert_eq!(Day::read(text).map(Day::parts), Some(day), "{text}");
        }
    }

    #[test]
    fn the_last_day_of_a_far_year_stands_for_no_end() {
        let is_never = |text: &str| Day::read(text).is_some_and(Day::is_never);
        assert!(is_never("31/12/4712") && is_never("9999-12-31"));
        assert!(!is_never("30/12/4712") && !is_never("31/12/2027"));
    }
}
