//! A day of the calendar: the same day whatever the time zone, and whether clocks are forward or back.

use std::fmt;

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

    /// Year, month and day.
    #[must_use]
    pub const fn parts(self) -> (i16, u8, u8) {
        (self.year, self.month, self.day)
    }
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
}
