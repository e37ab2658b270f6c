//! When somebody is away and why, and the first and last day of somebody new, as forms send them.

use domain::{
    absence::{Absence, Stay},
    dictionary::Attribute,
    life::Timers,
    problem::{Kind, Problem},
    values::ids::{RowNumber, Timestamp},
};
use gate::calendar;

use super::{
    dates::{DateNames, TODAY_AND_A_DAY, contradicts_today, missing, read as read_day},
    fields::Fields,
};

/// The fields of the form about an absence.
pub(crate) const FIELDS: [&str; 8] = [
    "when", AWAY.day, AWAY.month, AWAY.year, BACK.day, BACK.month, BACK.year, REASON,
];

/// The fields of the first day of an absence.
pub(crate) const AWAY: DateNames = DateNames {
    called: "First day of absence",
    day: "away-day",
    month: "away-month",
    year: "away-year",
};

/// The fields of the day of return.
pub(crate) const BACK: DateNames = DateNames {
    called: "Day of return",
    day: "back-day",
    month: "back-month",
    year: "back-year",
};

/// The field of the reason.
pub(crate) const REASON: &str = "reason";

/// The fields of the first working day.
pub(crate) const STARTS: DateNames = DateNames {
    called: "First day",
    day: "start-day",
    month: "start-month",
    year: "start-year",
};

/// The fields of the last working day.
pub(crate) const ENDS: DateNames = DateNames {
    called: "Last working day",
    day: "end-day",
    month: "end-month",
    year: "end-year",
};

/// The fields of both.
pub(crate) const STAY_FIELDS: [&str; 6] = [STARTS.day, STARTS.month, STARTS.year, ENDS.day, ENDS.month, ENDS.year];

/// What is wrong, field by field.
pub(crate) type Wrong = Vec<(&'static str, String)>;

/// Whether somebody is away already: then they are not asked from when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Ahead,
    UnderWay,
}

/// Reads an absence, as it is kept; otherwise all fields that are wrong, and why. `planned` is the first day that the form
/// was shown with.
pub(crate) fn read(
    said: &Fields,
    now: Timestamp,
    stage: Stage,
    planned: Option<Timestamp>,
    timers: &Timers,
) -> Result<Absence, Wrong> {
    let mut wrong = Wrong::new();
    let [
        when,
        away_day,
        away_month,
        away_year,
        back_day,
        back_month,
        back_year,
        reason,
    ] = FIELDS.map(|field| said.text(field));
    let away = [away_day, away_month, away_year];
    let is_empty = away.iter().all(|part| part.is_empty());
    let from = match when {
        _ if stage == Stage::UnderWay => None,
        "today" => {
            if contradicts_today(away, calendar::day_of(now), planned) {
                wrong.push(("when", TODAY_AND_A_DAY.to_owned()));
            }
            None
        }
        "date" if is_empty => {
            wrong.push((AWAY.day, missing(AWAY.called)));
            None
        }
        _ if !is_empty => told(&mut wrong, AWAY, away),
        _ => {
            wrong.push(("when", "Choose when the account should be disabled.".to_owned()));
            None
        }
    };
    let until = told(&mut wrong, BACK, [back_day, back_month, back_year]);
    if reason.is_empty() {
        wrong.push((REASON, "Enter the reason.".to_owned()));
    }
    let today = calendar::day_of(now);
    let absence = Absence {
        // A date of today is today.
        from: from.filter(|at| *at != today),
        until,
        reason: reason.to_owned(),
    };
    // From when it counts is not known where the first day is wrong.
    let is_begin_known = wrong.iter().all(|(field, _)| !["when", AWAY.day].contains(field));
    let others = match absence.checked(now, timers.notice_days, timers.disabled_months) {
        Ok(absence) if wrong.is_empty() => return Ok(absence),
        Ok(_) => vec![],
        Err(others) => others,
    };
    let others = others
        .into_iter()
        .map(Kind::from)
        .filter(|kind| is_begin_known || !matches!(kind, Kind::BackTooLate { .. }));
    add(&mut wrong, others);
    Err(wrong)
}

/// Adds what is wrong with fields of which nothing is said yet.
fn add(wrong: &mut Wrong, kinds: impl IntoIterator<Item = Kind>) {
    for kind in kinds {
        let problem = Problem::in_row(RowNumber(1), kind);
        if let Some(field) = field_of(&problem).filter(|field| wrong.iter().all(|(told, _)| told != field)) {
            wrong.push((field, problem.to_string()));
        }
    }
}

/// Reads the first and the last working day, either of which may be empty.
pub(crate) fn read_stay(texts: [&str; 6]) -> Result<Stay, Wrong> {
    let [start_day, start_month, start_year, end_day, end_month, end_year] = texts;
    let starts = read_day(STARTS.called, [start_day, start_month, start_year]);
    let leaves = read_day(ENDS.called, [end_day, end_month, end_year]);
    match (starts, leaves) {
        (Ok(starts), Ok(leaves)) => Ok(Stay { starts, leaves }),
        (starts, leaves) => {
            let wrong = [(STARTS.day, starts.err()), (ENDS.day, leaves.err())];
            let wrong = wrong.into_iter().filter_map(|(field, message)| Some((field, message?)));
            Err(wrong.collect())
        }
    }
}

/// The fields of the first day.
pub(crate) const START_FIELDS: [&str; 3] = STARTS.all();

/// Reads the first day of somebody who has not started; otherwise the field that is wrong, and why.
pub(crate) fn read_start(texts: [&str; 3]) -> Result<Timestamp, (&'static str, String)> {
    const MISSING: &str =
        "Enter the first day. To send the activation link today, go back and choose Send now on the account’s page.";
    match read_day(STARTS.called, texts) {
        Ok(Some(at)) => Ok(at),
        Ok(None) => Err((STARTS.day, MISSING.to_owned())),
        Err(message) => Err((STARTS.day, message)),
    }
}

/// The field at which it is said what is wrong with an absence, or with somebody's first and last day.
pub(crate) fn field_of(problem: &Problem) -> Option<&'static str> {
    match problem.kind {
        // In the form of somebody who is here, which asks for no other day.
        Kind::LeavesBeforeStart if problem.place.attribute() == Some(Attribute::StartDate) => Some(STARTS.day),
        Kind::AbsenceInPast | Kind::AbsenceTooFar { .. } | Kind::LeaverCannotPlan { .. } => Some(AWAY.day),
        Kind::BackBeforeAway | Kind::BackTooLate { .. } | Kind::AwayAfterLeaving { .. } => Some(BACK.day),
        Kind::NoReason | Kind::ReasonUnprintable | Kind::ReasonTooLong { .. } => Some(REASON),
        Kind::StartTooFar { .. } | Kind::FirstDayPassed => Some(STARTS.day),
        Kind::DateInPast | Kind::DateTooFar { .. } | Kind::LeavesBeforeStart => Some(ENDS.day),
        _ => None,
    }
}

/// A day as it is typed; `None` if there is none, or if it is wrong, which is told.
fn told(wrong: &mut Wrong, names: DateNames, typed: [&str; 3]) -> Option<Timestamp> {
    match read_day(names.called, typed) {
        Ok(at) => at,
        Err(message) => {
            wrong.push((names.day, message));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 21 November 2026, 12:00 UTC.
    const NOW: Timestamp = Timestamp(1_795_262_400_000);

    fn said(when: &str, away: [&str; 3], back: [&str; 3], reason: &str) -> Fields {
        let values = [when, away[0], away[1], away[2], back[0], back[1], back[2], reason];
        let fields: Vec<_> = FIELDS.into_iter().zip(values).collect();
        Fields::of(&fields)
    }

    const EMPTY: [&str; 3] = ["", "", ""];

    #[test]
    fn an_absence_is_read_from_today_or_from_a_day_ahead() {
        let leave = "parental leave";
        let read = |when, away, back| {
            read(
                &said(when, away, back, leave),
                NOW,
                Stage::Ahead,
                None,
                &Timers::STANDARD,
            )
            .unwrap()
        };
        let absence = |from: Option<Timestamp>, until: Option<Timestamp>| Absence {
            from,
            until,
            reason: leave.to_owned(),
        };
        assert_eq!(read("today", EMPTY, EMPTY), absence(None, None));
        assert_eq!(read("date", ["21", "11", "2026"], EMPTY), absence(None, None));
        // The day of return lies in summer time, and begins an hour earlier.
        let (from, until) = (calendar::day_begins(2026, 12, 3), calendar::day_begins(2027, 6, 7));
        assert_eq!(until, Some(Timestamp(1_812_322_800_000)));
        let read = read("", ["3", "12", "2026"], ["7", "6", "2027"]);
        assert_eq!(read, absence(from, until));
    }

    #[test]
    fn all_fields_of_an_absence_that_are_wrong_are_told_at_once() {
        let fields = |wrong: Wrong| wrong.into_iter().map(|(field, _)| field).collect::<Vec<_>>();
        let nothing = read(&said("", EMPTY, EMPTY, ""), NOW, Stage::Ahead, None, &Timers::STANDARD).unwrap_err();
        assert_eq!(fields(nothing), ["when", REASON]);
        let odd = read(
            &said("date", ["31", "2", "2027"], ["7", "6", "27"], "x"),
            NOW,
            Stage::Ahead,
            None,
            &Timers::STANDARD,
        )
        .unwrap_err();
        let like = "Enter a day, a month and a year, like 27 3 2027.";
        let told = [
            (
                AWAY.day,
                format!("First day of absence: this month has no such day. {like}"),
            ),
            (
                BACK.day,
                "Day of return: “27” is not a year. Enter its four digits, like 2027.".to_owned(),
            ),
        ];
        assert_eq!(odd, told);
        let both = read(
            &said("today", ["3", "12", "2026"], EMPTY, "x"),
            NOW,
            Stage::Ahead,
            None,
            &Timers::STANDARD,
        )
        .unwrap_err();
        assert_eq!(both, [("when", TODAY_AND_A_DAY.to_owned())]);
        let odd = read(
            &said("today", ["3", "", ""], EMPTY, "x"),
            NOW,
            Stage::Ahead,
            None,
            &Timers::STANDARD,
        )
        .unwrap_err();
        assert_eq!(fields(odd), ["when"]);
        assert!(
            read(
                &said("today", ["21", "11", "2026"], EMPTY, "x"),
                NOW,
                Stage::Ahead,
                None,
                &Timers::STANDARD
            )
            .is_ok()
        );
        // The day that was planned before stands in the form already.
        let planned = calendar::day_begins(2026, 12, 3);
        let sooner = said("today", ["3", "12", "2026"], EMPTY, "x");
        assert_eq!(
            read(&sooner, NOW, Stage::Ahead, planned, &Timers::STANDARD)
                .unwrap()
                .from,
            None
        );
        let missing = read(
            &said("date", EMPTY, EMPTY, "x"),
            NOW,
            Stage::Ahead,
            None,
            &Timers::STANDARD,
        )
        .unwrap_err();
        assert_eq!(
            missing,
            [(AWAY.day, format!("First day of absence is missing. {like}"))]
        );
        // Who is away already is not asked from when.
        assert!(
            read(
                &said("", EMPTY, EMPTY, "x"),
                NOW,
                Stage::UnderWay,
                None,
                &Timers::STANDARD
            )
            .is_ok()
        );
    }

    #[test]
    fn a_long_reason_is_told_together_with_wrong_days() {
        let long = "x".repeat(201);
        let said = |back: [&str; 3]| said("date", ["31", "2", "2027"], back, &long);
        let told = |back| read(&said(back), NOW, Stage::Ahead, None, &Timers::STANDARD).unwrap_err();
        let fields = |wrong: Wrong| wrong.into_iter().map(|(field, _)| field).collect::<Vec<_>>();
        assert_eq!(fields(told(["7", "6", "27"])), [AWAY.day, BACK.day, REASON]);
        // A day of return that has passed is told, too; one that is far away may be right.
        assert_eq!(fields(told(["7", "6", "2026"])), [AWAY.day, BACK.day, REASON]);
        assert_eq!(fields(told(["7", "6", "2099"])), [AWAY.day, REASON]);
    }

    #[test]
    fn the_days_of_somebody_new_may_be_empty() {
        assert_eq!(read_stay(["", "", "", "", "", ""]), Ok(Stay::default()));
        assert_eq!(
            read_start(["7", "12", "2026"]),
            Ok(calendar::day_begins(2026, 12, 7).unwrap())
        );
        assert_eq!(read_start(["", " ", ""]).unwrap_err().0, STARTS.day);
        let stay = Stay {
            starts: calendar::day_begins(2026, 12, 7),
            leaves: None,
        };
        assert_eq!(read_stay(["7", "12", "2026", "", "", ""]), Ok(stay));
        let wrong = read_stay(["7", "13", "2026", "1", "", ""]).unwrap_err();
        let like = "Enter a day, a month and a year, like 27 3 2027.";
        let told = [
            (STARTS.day, format!("First day: the month is not valid. {like}")),
            (
                ENDS.day,
                format!("Last working day: the month and the year are missing. {like}"),
            ),
        ];
        assert_eq!(wrong, told);
    }
}
