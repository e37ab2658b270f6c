//! The report of a change file: for each row what became of it, and why.

mod codes;
mod steps;

use serde::{Deserialize, Serialize};

use super::{Action, ChangeFault, ChangeRow, Field, FileFault};
use crate::{
    plan::{AccountStep, PlannedRow, Step},
    problem::{Audience, Kind, Problem},
    request::{ChangeRequest, Wish},
    submission::Outcome,
    values::ids::AccountId,
};

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReportResult {
    /// It was applied.
    Done,
    /// What it asks for is so already.
    NoChange,
    /// It was applied, and waits for its person: a link sent to a new address.
    Accepted,
    /// It was not applied, because of a problem.
    Rejected,
    /// It was not applied, because its person is held.
    Held,
    /// It was not tried: the file was stopped before it.
    NotAttempted,
    /// No result of its own: something noticed about the row.
    Notice,
}

impl ReportResult {
    /// Every result.
    pub const ALL: [Self; 7] = [
        Self::Done,
        Self::NoChange,
        Self::Accepted,
        Self::Rejected,
        Self::Held,
        Self::NotAttempted,
        Self::Notice,
    ];

    /// The word that stands in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Done => "Done",
            Self::NoChange => "NoChange",
            Self::Accepted => "Accepted",
            Self::Rejected => "Rejected",
            Self::Held => "Held",
            Self::NotAttempted => "NotAttempted",
            Self::Notice => "Notice",
        }
    }

    /// How the summary counts it: `9 done`.
    #[must_use]
    pub const fn in_summary(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::NoChange => "no change",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Held => "held",
            Self::NotAttempted => "not attempted",
            Self::Notice => "noticed",
        }
    }

    /// Of a row, by its plan and what became of it. A problem is told whatever became of the row, so that a rehearsal is
    /// reported with [`Outcome::Done`].
    #[must_use]
    pub fn of(planned: &PlannedRow, outcome: Outcome) -> Self {
        let problems = planned.step.problems();
        match (&planned.step, outcome) {
            _ if !problems.is_empty() && problems.iter().any(is_held) => Self::Held,
            _ if !problems.is_empty() => Self::Rejected,
            (_, Outcome::Waiting | Outcome::LeftOut | Outcome::Stale | Outcome::Superseded) => Self::NotAttempted,
            (Step::Nothing { .. }, Outcome::Done) => Self::NoChange,
            (Step::Account(_, AccountStep::AskRename { .. }), Outcome::Done) => Self::Accepted,
            (_, Outcome::Done) => Self::Done,
        }
    }
}

fn is_held(problem: &Problem) -> bool {
    matches!(problem.kind, Kind::Change(ChangeFault::Held { .. }) | Kind::Held { .. })
}

/// One line of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportLine {
    /// The line of the file in which the row begins; the header is line 1, the file as a whole 0.
    pub line: u32,
    /// Whom it is about: the address that they have now.
    pub address: String,
    /// What was asked for.
    pub action: String,
    /// What became of it.
    pub result: ReportResult,
    /// The code of what is wrong or noticed; empty if nothing is.
    pub code: String,
    /// The same as a sentence.
    pub message: String,
    /// Their account. `None` if there is none, or it was made by this row.
    pub account: Option<AccountId>,
    /// What was done.
    pub steps: String,
}

impl ReportLine {
    /// What is wrong with a file as a whole, or noticed about it.
    #[must_use]
    pub fn of_file(fault: &FileFault) -> Self {
        let result = match (fault.is_notice(), fault) {
            (true, _) => ReportResult::Notice,
            (false, FileFault::Brake { .. } | FileFault::Threshold { .. } | FileFault::Discarded) => {
                ReportResult::NotAttempted
            }
            (false, _) => ReportResult::Rejected,
        };
        Self {
            line: 0,
            address: String::new(),
            action: String::new(),
            result,
            code: fault.code().to_owned(),
            message: fault.sentence(),
            account: None,
            steps: String::new(),
        }
    }
}

/// The lines of a report about one row: one with what became of it, or one for each of its problems; then what was noticed.
#[must_use]
pub fn report_lines(request: &ChangeRequest, planned: &PlannedRow, outcome: Outcome) -> Vec<ReportLine> {
    let result = ReportResult::of(planned, outcome);
    let suppressed = request.wish.change_row().is_some_and(ChangeRow::suppresses);
    let blank = ReportLine {
        line: request.row.0,
        address: address(request, planned),
        action: action(request),
        result,
        code: String::new(),
        message: String::new(),
        account: planned
            .step
            .account()
            .or(planned.matched.as_ref().map(|matched| matched.account)),
        steps: match result {
            ReportResult::Done | ReportResult::Accepted => steps::said(planned, suppressed),
            _ => String::new(),
        },
    };
    let told = |problem: &Problem, result| ReportLine {
        result,
        code: codes::of(&problem.kind).to_owned(),
        message: message(problem),
        ..blank.clone()
    };
    // Of a row that does something it is only noticed.
    let is_needless = planned.step.operation().is_none();
    let says_why =
        |problem: &&Problem| is_needless && matches!(&problem.kind, Kind::Change(fault) if fault.is_no_change());
    // What else is wrong with the row of somebody held is nobody's concern until they are released.
    let tells = |problem: &&Problem| result != ReportResult::Held || is_held(problem);
    let mut lines: Vec<_> = planned
        .step
        .problems()
        .iter()
        .filter(tells)
        .map(|problem| told(problem, result))
        .collect();
    if lines.is_empty() {
        let why = planned.warnings.iter().find(says_why);
        lines.push(why.map_or_else(|| blank.clone(), |why| told(why, result)));
    }
    // Nothing is noticed of what did not happen.
    if matches!(result, ReportResult::Held | ReportResult::NotAttempted) {
        return lines;
    }
    let noticed = planned.warnings.iter().filter(|problem| !says_why(problem));
    lines.extend(noticed.map(|problem| ReportLine {
        steps: String::new(),
        ..told(problem, ReportResult::Notice)
    }));
    lines
}

/// What is said of a problem, by the word that the file has for its field.
fn message(problem: &Problem) -> String {
    match (&problem.kind, problem.place.attribute().and_then(Field::of)) {
        (Kind::Change(fault), _) => fault.sentence(),
        // A row that gives a mail seat cannot leave it out.
        (Kind::PasswordTwiceInFile { .. }, _) => format!(
            "{}: {} Give each person a different password.",
            Field::Password.word(),
            problem.message_for(Audience::Program)
        ),
        (_, Some(field)) => format!("{}: {}", field.word(), problem.sentence(Audience::Program)),
        _ => problem.sentence(Audience::Program),
    }
}

/// The address that its person has now: another one than the row's where that names an earlier one.
fn address(request: &ChangeRequest, planned: &PlannedRow) -> String {
    let present = planned.warnings.iter().find_map(|warning| match &warning.kind {
        Kind::Change(ChangeFault::AddressOlder { present, .. }) => Some(present.clone()),
        _ => None,
    });
    let written = match &request.wish {
        Wish::ChangeRow(row) => row.text(Field::EmailAddress).unwrap_or_default().to_lowercase(),
        _ => String::new(),
    };
    present.unwrap_or(written)
}

fn action(request: &ChangeRequest) -> String {
    match &request.wish {
        Wish::ChangeRow(row) => {
            Action::read(&row.action).map_or_else(|| row.action.clone(), |action| action.word().to_owned())
        }
        _ => String::new(),
    }
}

/// How many rows became what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportSummary {
    /// Rows that were applied.
    pub done: u32,
    /// Rows that needed no change.
    pub no_change: u32,
    /// Rows that wait for their person.
    pub accepted: u32,
    /// Rows with a problem.
    pub rejected: u32,
    /// Rows whose person is held.
    pub held: u32,
    /// Rows that were not tried.
    pub not_attempted: u32,
    /// Whether the file was only checked: the counts are of what would become of its rows.
    #[serde(default)]
    pub only_checked: bool,
}

impl ReportSummary {
    /// Counts one row, by its lines: all but the notices have one result.
    pub fn count(&mut self, lines: &[ReportLine]) {
        if let Some(line) = lines.iter().find(|line| line.line > 0) {
            self.add(line.result);
        }
    }

    /// Counts one row that became this.
    pub const fn add(&mut self, result: ReportResult) {
        match result {
            ReportResult::Done => self.done += 1,
            ReportResult::NoChange => self.no_change += 1,
            ReportResult::Accepted => self.accepted += 1,
            ReportResult::Rejected => self.rejected += 1,
            ReportResult::Held => self.held += 1,
            ReportResult::NotAttempted => self.not_attempted += 1,
            ReportResult::Notice => {}
        }
    }

    /// All rows.
    #[must_use]
    pub const fn rows(&self) -> u32 {
        self.done + self.no_change + self.accepted + self.rejected + self.held + self.not_attempted
    }

    /// Whether the source's contact is told: something was not done.
    #[must_use]
    pub const fn has_problems(&self) -> bool {
        self.rejected + self.held + self.not_attempted > 0
    }

    /// The summary as a sentence: `12 rows: 9 done, 1 no change, 2 rejected`. Of a file that was only checked,
    /// it says so first.
    #[must_use]
    pub fn sentence(&self) -> String {
        let counts = [
            (self.done, ReportResult::Done),
            (self.no_change, ReportResult::NoChange),
            (self.accepted, ReportResult::Accepted),
            (self.rejected, ReportResult::Rejected),
            (self.held, ReportResult::Held),
            (self.not_attempted, ReportResult::NotAttempted),
        ];
        let said: Vec<_> = counts
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, result)| format!("{count} {}", result.in_summary()))
            .collect();
        let rows = match self.rows() {
            1 => "1 row".to_owned(),
            rows => format!("{rows} rows"),
        };
        let checked = if self.only_checked { "Only checked: " } else { "" };
        match said.is_empty() {
            true => format!("{checked}{rows}"),
            false => format!("{checked}{rows}: {}", said.join(", ")),
        }
    }
}
