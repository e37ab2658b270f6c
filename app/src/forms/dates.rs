//! Days as forms send them: a day, a month and a year, each in a field of its own.

use domain::{
    ids::{RowNumber, Timestamp},
    problem::{Kind, Problem},
};
use gate::calendar;

/// The problem of a text that is not a date.
pub(crate) fn not_a_date(typed: &str) -> Problem {
    Problem {
        value: typed.to_owned(),
        ..Problem::in_row(RowNumber(1), Kind::NotADate)
    }
}

/// A day as it is typed; `None` if there is no such day.
pub(crate) fn day(typed: [&str; 3]) -> Option<Timestamp> {
    // Numbers may have signs before them, dates may not.
    let is_plain = typed.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let [day, month, year] = typed;
    // A year of two digits may be meant either way.
    let year = year.parse::<i16>().ok().filter(|year| is_plain && *year >= 1000)?;
    calendar::day_begins(year, month.parse().ok()?, day.parse().ok()?)
}
