//! Days as forms send them: a day, a month and a year, each in a field of its own.

use domain::{
    ids::{RowNumber, Timestamp},
    problem::{Kind, Problem},
};
use gate::calendar;

/// What is said where today is chosen and a day is typed below it: which of the two is meant cannot be known.
pub(crate) const TODAY_AND_A_DAY: &str = "You chose today and entered a day. Choose one.";

/// Whether what is typed into a day's fields says something else than today. The day that was planned before stands in them
/// already, and nobody typed it.
pub(crate) fn contradicts_today(typed: [&str; 3], today: Timestamp, planned: Option<Timestamp>) -> bool {
    let is_empty = typed.iter().all(|part| part.is_empty());
    !is_empty && day(typed).is_none_or(|at| at != today && Some(at) != planned)
}

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
