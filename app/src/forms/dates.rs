//! Days as forms send them: a day, a month and a year, each in a field of its own. Every form reads them here.

use domain::{
    problem::{Audience, Kind, Problem},
    values::{
        day::month as month_called,
        ids::{RowNumber, Timestamp},
    },
};
use gate::calendar;

use super::fields::{Answers, Fields};

/// The names of a day's three fields. What is wrong with the day is said at the first.
#[derive(Clone, Copy, Debug)]
pub struct DateNames {
    /// What the day is called, above its fields and in what is said of it.
    pub called: &'static str,
    /// The day's.
    pub day: &'static str,
    /// The month's.
    pub month: &'static str,
    /// The year's.
    pub year: &'static str,
}

impl DateNames {
    /// The names in their order.
    #[must_use]
    pub const fn all(self) -> [&'static str; 3] {
        [self.day, self.month, self.year]
    }

    /// What a form sent in the three fields.
    pub(crate) fn typed(self, said: &Fields) -> [&str; 3] {
        self.all().map(|field| said.text(field))
    }

    /// A day, as the fields have it.
    #[must_use]
    pub fn answers(self, at: Timestamp) -> Answers {
        let (year, month, day) = calendar::date_parts(at);
        vec![
            (self.day, day.to_string()),
            (self.month, month.to_string()),
            (self.year, year.to_string()),
        ]
    }
}

/// What is said where today is chosen and a day is typed below it: which of the two is meant cannot be known.
pub(crate) const TODAY_AND_A_DAY: &str = "You chose today and entered a day. Choose one.";

/// Whether what is typed into a day's fields says something else than today. The day that was planned before stands in them
/// already, and nobody typed it.
pub(crate) fn contradicts_today(typed: [&str; 3], today: Timestamp, planned: Option<Timestamp>) -> bool {
    let is_empty = typed.iter().all(|part| part.is_empty());
    !is_empty && day(typed).is_none_or(|at| at != today && Some(at) != planned)
}

/// What to enter, with an example.
pub(crate) fn example() -> String {
    Problem::in_row(RowNumber(1), Kind::NotADate).hint(Audience::Portal)
}

/// What is said where a day is asked for and its fields are empty.
pub(crate) fn missing(called: &str) -> String {
    format!("{called} is missing. {}", example())
}

/// Reads a day as it is typed. `Ok(None)` if the fields are empty; otherwise what is wrong with it.
pub(crate) fn read(called: &str, typed: [&str; 3]) -> Result<Option<Timestamp>, String> {
    let typed = typed.map(str::trim);
    match day(typed) {
        Some(at) => Ok(Some(at)),
        None if typed.iter().all(|part| part.is_empty()) => Ok(None),
        None => Err(wrong(called, typed)),
    }
}

/// A day as it is typed; `None` if there is no such day. A year of two digits may be meant either way, and is none.
pub(crate) fn day([day, month, year]: [&str; 3]) -> Option<Timestamp> {
    let year = number(year).filter(|year| (1000..=9999).contains(year))?;
    let year = i16::try_from(year).ok()?;
    let day = i8::try_from(number(day)?).ok()?;
    let month = i8::try_from(month_called(month)?).ok()?;
    calendar::day_begins(year, month, day)
}

/// What is wrong with a day that is none: which of its fields, or that the month has no such day. The summary of a form with
/// several days tells them apart by what they are called.
pub(crate) fn wrong(called: &str, typed: [&str; 3]) -> String {
    format!("{called}: {}", wrong_part(typed))
}

fn wrong_part(typed: [&str; 3]) -> String {
    const NAMES: [&str; 3] = ["day", "month", "year"];
    let like = example();
    let [day, month, year] = typed;
    let named = |is_named: [bool; 3]| -> Vec<&'static str> {
        let names = NAMES.into_iter().zip(is_named);
        names.filter(|(_, is_named)| *is_named).map(|(name, _)| name).collect()
    };
    let missing = named(typed.map(str::is_empty));
    match missing.as_slice() {
        [] => {}
        [one] => return format!("the {one} is missing. {like}"),
        more => return format!("the {} are missing. {like}", more.join(" and the ")),
    }
    let is_day = number(day).is_some_and(|day| (1..=31).contains(&day));
    let is_month = month_called(month).is_some_and(|month| (1..=12).contains(&month));
    let is_year = year.len() == 4 && number(year).is_some();
    let is_short_year = year.len() < 4 && number(year).is_some();
    match named([!is_day, !is_month, !is_year]).as_slice() {
        [] => format!("this month has no such day. {like}"),
        ["year"] if is_short_year => format!("“{year}” is not a year. Enter its four digits, like 2027."),
        [one] => format!("the {one} is not valid. {like}"),
        [before @ .., last] => format!("the {} and the {last} are not valid. {like}", before.join(", the ")),
    }
}

/// A number in plain digits: others may have signs before them, parts of dates may not.
fn number(text: &str) -> Option<u16> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_from_three_fields_with_its_month_in_digits_or_by_name() {
        let day = calendar::day_begins(2026, 11, 21);
        assert!(day.is_some());
        for month in ["11", "Nov", "november"] {
            assert_eq!(read("First day", [" 21", month, "2026 "]), Ok(day), "{month}");
        }
        assert_eq!(read("First day", ["", " ", ""]), Ok(None));
    }

    #[test]
    fn an_odd_day_is_told_by_what_is_wrong_with_it() {
        let like = "Enter a day, a month and a year, like 27 3 2027.";
        for (typed, said) in [
            (["31", "2", "2026"], format!("this month has no such day. {like}")),
            (["31", "", "2026"], format!("the month is missing. {like}")),
            (["", "", "2026"], format!("the day and the month are missing. {like}")),
            (
                ["21", "11", "26"],
                "“26” is not a year. Enter its four digits, like 2027.".to_owned(),
            ),
            (["+1", "4", "2027"], format!("the day is not valid. {like}")),
            (["1", "-4", "2027"], format!("the month is not valid. {like}")),
            (["1", "4", "+2027"], format!("the year is not valid. {like}")),
            (
                ["x", "y", "z"],
                format!("the day, the month and the year are not valid. {like}"),
            ),
        ] {
            assert_eq!(read("Last day", typed), Err(format!("Last day: {said}")));
        }
        assert_eq!(missing("Last day"), format!("Last day is missing. {like}"));
    }

    #[test]
    fn a_day_stands_in_its_three_fields_again() {
        let names = DateNames {
            called: "Day",
            day: "day",
            month: "month",
            year: "year",
        };
        let at = calendar::day_begins(2026, 12, 7).unwrap();
        let texts: Vec<_> = names.answers(at).into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts, ["7", "12", "2026"]);
    }
}
