//! A day of the calendar: the same day whatever the time zone, and whether clocks are forward or back.

use std::{fmt, ops::RangeInclusive};

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

    /// Reads a day as people and systems write it: `2027-03-31`, `31/03/2027`, `31.3.2027`, `31 March 2027`, `31-MAR-2027`.
    /// The day comes before the month, as it does here, and the year has four digits. A time behind it is midnight. `None`
    /// if it is no day, or nobody can say which.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let day = without_midnight(text.trim())?;
        let parts: Vec<_> = day.split([' ', '-', '/', '.', ',']).collect();
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let [one, two, three] = parts.as_slice() else {
            return None;
        };
        let (year, day) = if one.len() == 4 { (one, three) } else { (three, one) };
        let year = number(year, 4..=4)?;
        let month = month_named(two).or_else(|| u8::try_from(number(two, 1..=2)?).ok())?;
        Self::of(year, month, u8::try_from(number(day, 1..=2)?).ok()?)
    }

    /// Whether it stands for no day at all: personnel systems write 31 December 4712 or 9999 for an end that is not known.
    #[must_use]
    pub const fn is_never(self) -> bool {
        matches!(self.parts(), (4712 | 9999, 12, 31))
    }

    /// Year, month and day.
    #[must_use]
    pub const fn parts(self) -> (i16, u8, u8) {
        (self.year, self.month, self.day)
    }
}

/// A day's text without the midnight that spreadsheets and databases write behind it. `None` if another time stands there.
fn without_midnight(text: &str) -> Option<&str> {
    let Some(colon) = text.find(':') else {
        return Some(text);
    };
    let begins = text[..colon].rfind([' ', 'T'])?;
    let time = &text[begins + 1..];
    let time = time.strip_suffix('Z').unwrap_or(time);
    time.chars()
        .all(|c| "0:.".contains(c))
        .then(|| text[..begins].trim_end())
}

/// A number of so many digits.
fn number(text: &str, digits: RangeInclusive<usize>) -> Option<i16> {
    let is_plain = digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| text.parse().ok()).flatten()
}

/// The month of an English name, whole or shortened to three letters.
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
    let place = MONTHS.iter().position(|month| *month == small || month[..3] == small)?;
    u8::try_from(place + 1).ok()
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
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
        ] {
            assert_eq!(Day::read(text), Day::of(2027, 3, 4), "{text}");
        }
        for text in [
            "03/31/2027",
            "31/04/2027",
            "4/3/27",
            "46450",
            "04/03/2027 14:30",
            "4 Mars 2027",
            "March 2027",
            "soon",
            "",
        ] {
            assert_eq!(Day::read(text), None, "{text}");
        }
    }

    #[test]
    fn the_last_day_of_a_far_year_stands_for_no_end() {
        let is_never = |text: &str| Day::read(text).is_some_and(Day::is_never);
        assert!(is_never("31/12/4712") && is_never("9999-12-31"));
        assert!(!is_never("30/12/4712") && !is_never("31/12/2027"));
    }
}
