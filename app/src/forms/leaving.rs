//! When somebody leaves, as the forms about one leaver and about many send it.

use domain::{
    problem::{Kind, Problem},
    values::ids::{RowNumber, Timestamp},
};
use gate::calendar;

use super::{
    dates::{DateNames, TODAY_AND_A_DAY, contradicts_today, day, missing, wrong},
    fields::Fields,
};

/// The fields.
pub(crate) const FIELDS: [&str; 4] = ["when", DAY, LEAVING.month, LEAVING.year];

/// The fields of the date.
pub(crate) const LEAVING: DateNames = DateNames {
    called: "Leaving date",
    day: DAY,
    month: "leaving-month",
    year: "leaving-year",
};

/// The field at which it is said what is wrong with the date.
pub(crate) const DAY: &str = "leaving-day";

/// When somebody leaves.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Leaving {
    Today,
    Ahead(Timestamp),
}

impl Leaving {
    /// Reads the fields; otherwise the one that is wrong, and why. `planned` is the day that the form was shown with.
    pub(crate) fn read(
        said: &Fields,
        now: Timestamp,
        planned: Option<Timestamp>,
    ) -> Result<Self, (&'static str, String)> {
        let [when, date @ ..] = FIELDS.map(|field| said.text(field));
        let is_empty = date.iter().all(|part| part.is_empty());
        match when {
            "today" if contradicts_today(date, calendar::day_of(now), planned) => {
                return Err(("when", TODAY_AND_A_DAY.to_owned()));
            }
            "today" => return Ok(Self::Today),
            "date" => {}
            // A date says by itself that it is one.
            _ if !is_empty => {}
            _ => return Err(("when", "Choose when they leave.".to_owned())),
        }
        if is_empty {
            return Err((DAY, missing(LEAVING.called)));
        }
        let today = calendar::day_of(now);
        match day(date) {
            None => Err((DAY, wrong(LEAVING.called, date))),
            Some(at) if at < today => Err((DAY, Problem::in_row(RowNumber(1), Kind::DateInPast).to_string())),
            Some(at) if at == today => Ok(Self::Today),
            Some(at) => Ok(Self::Ahead(at)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 21 November 2026, 12:00 UTC.
    const NOW: Timestamp = Timestamp(1_795_262_400_000);

    fn read(when: &str, date: [&str; 3]) -> Result<Leaving, (&'static str, String)> {
        read_over(None, when, date)
    }

    /// The same where a day was planned before.
    fn read_over(
        planned: Option<Timestamp>,
        when: &str,
        [day, month, year]: [&str; 3],
    ) -> Result<Leaving, (&'static str, String)> {
        let fields = [
            ("when", when),
            (DAY, day),
            ("leaving-month", month),
            ("leaving-year", year),
        ];
        Leaving::read(&Fields::of(&fields), NOW, planned)
    }

    #[test]
    fn a_date_of_today_is_today_and_one_that_has_passed_is_refused() {
        assert_eq!(read("today", ["", "", ""]), Ok(Leaving::Today));
        assert_eq!(read("date", ["21", "11", "2026"]), Ok(Leaving::Today));
        let next = calendar::day_begins(2026, 11, 22).unwrap();
        assert_eq!(read("", [" 22", "11", "2026 "]), Ok(Leaving::Ahead(next)));
        let past = "The leaving date has passed. Enter a later day, or choose today.";
        assert_eq!(read("date", ["20", "11", "2026"]), Err((DAY, past.to_owned())));
        assert_eq!(read("", ["", "", ""]).unwrap_err().0, "when");
    }

    #[test]
    fn today_beside_another_day_is_asked_about() {
        let both = Err(("when", "You chose today and entered a day. Choose one.".to_owned()));
        assert_eq!(read("today", ["3", "12", "2026"]), both);
        assert_eq!(read("today", ["", "", "2027"]), both);
        assert_eq!(read("today", ["21", "11", "2026"]), Ok(Leaving::Today));
        // The day that was planned before stands in the form already.
        let planned = calendar::day_begins(2026, 12, 3);
        assert_eq!(read_over(planned, "today", ["3", "12", "2026"]), Ok(Leaving::Today));
        assert_eq!(read_over(planned, "today", ["4", "12", "2026"]), both);
    }

    #[test]
    fn what_is_no_date_is_told_by_what_is_wrong_with_it() {
        let example = "Enter a day, a month and a year, like 27 3 2027.";
        assert_eq!(
            read("date", ["", "", ""]),
            Err((DAY, format!("Leaving date is missing. {example}")))
        );
        let no_such_day = format!("Leaving date: this month has no such day. {example}");
        assert_eq!(read("date", ["31", "2", "2027"]), Err((DAY, no_such_day)));
        let no_month = format!("Leaving date: the month is missing. {example}");
        assert_eq!(read("date", ["1", "", "2027"]), Err((DAY, no_month)));
    }
}
