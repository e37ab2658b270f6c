//! What programs are told of submissions. Each field is described beside the token, in `app/src/pages/connectors/tokens/using.rs`.

use app::routes;
use domain::{
    dictionary::{Attribute, Attributes},
    layout::Layout,
    organisation::OrganisationCode,
    plan::{Change, DayChange, RowKind, Step},
    problem::{Audience, Kind, Problem},
    submission::{RowResult, Tally, WOULD_BE_HELD},
    values::ids::Timestamp,
};
use gate::{Gate, Review, Row, Submission, calendar};
use serde::Serialize;

/// The state of a submission that waits for an administrator.
const HELD: &str = "held";

/// The state of a dry run that has ended.
const REHEARSED: &str = "dry-run";

/// What a held submission waits for.
const HELD_MESSAGE: &str = "An administrator must apply these changes, because they change or create more accounts \
                            than usual. Nothing more is applied until an administrator applies or discards them.";

/// A submission as programs read it.
#[derive(Serialize)]
pub(super) struct Told {
    #[serde(flatten)]
    summary: Summary,
    /// What is wrong with the file as a whole.
    problems: Vec<Wrong>,
    /// How the file was read, in the sentences of its page.
    notices: Vec<String>,
    /// What each column holds, from left to right.
    columns: Vec<Column>,
    rows: Vec<ToldRow>,
    /// Where the next rows are.
    next: Option<String>,
}

/// A column of the file.
#[derive(Serialize)]
struct Column {
    /// As it stands in the file.
    heading: String,
    /// The name of what it holds; none if it was not read.
    attribute: Option<&'static str>,
}

/// A page of submissions.
#[derive(Serialize)]
pub(super) struct Listed {
    submissions: Vec<Summary>,
    /// Where earlier ones are.
    next: Option<String>,
}

/// A submission without its rows.
#[derive(Serialize)]
struct Summary {
    id: String,
    state: &'static str,
    /// Whether nothing of it is ever applied.
    dry_run: bool,
    received_at: String,
    finished_at: Option<String>,
    /// What it waits for; only while it is held, or would be.
    #[serde(skip_serializing_if = "Option::is_none")]
    held: Option<Held>,
    totals: Totals,
    /// Why it stopped short.
    trouble: Option<String>,
}

/// Nothing of it is applied before an administrator has decided.
#[derive(Serialize)]
struct Held {
    message: &'static str,
    /// The page where an administrator decides, or sees it.
    link: String,
}

/// In a dry run, what would become of the rows.
#[derive(Serialize)]
struct Totals {
    rows: u32,
    created: u32,
    updated: u32,
    unchanged: u32,
    left_out: u32,
    stale: u32,
    waiting: u32,
}

#[derive(Serialize)]
struct ToldRow {
    row: u32,
    name: String,
    result: &'static str,
    address: Option<String>,
    changes: Vec<ToldChange>,
    problems: Vec<Wrong>,
}

#[derive(Serialize)]
struct ToldChange {
    column: String,
    before: Option<String>,
    after: Option<String>,
}

#[derive(Serialize)]
struct Wrong {
    /// The column's heading, where it is one cell's.
    column: Option<String>,
    message: String,
    hint: String,
}

impl Listed {
    /// A page of at most so many; one more than that says that there are others.
    pub(super) fn of(gate: &Gate, mut sent: Vec<Submission>, a_page: usize) -> Self {
        let are_more = sent.len() > a_page;
        sent.truncate(a_page);
        let last = sent.last().filter(|_| are_more).map(|last| last.id.clone());
        Self {
            submissions: sent.iter().map(|sent| Summary::of(gate, sent)).collect(),
            next: last.map(|last| format!("{}?after={last}", routes::API_SUBMISSIONS)),
        }
    }
}

impl Summary {
    fn of(gate: &Gate, submission: &Submission) -> Self {
        let is_ended = submission.finished_at.is_some();
        let would_be_held = submission.would_be_held();
        let held = (submission.is_held() || would_be_held).then(|| Held {
            message: if would_be_held { WOULD_BE_HELD } else { HELD_MESSAGE },
            link: format!("{}{}", gate.rules().url, routes::submission(&submission.id)),
        });
        Self {
            id: submission.id.to_string(),
            state: match (submission.is_held(), &submission.problems[..]) {
                (true, _) => HELD,
                (false, []) if submission.rehearsal && is_ended => REHEARSED,
                (false, _) => submission.state.slug(),
            },
            dry_run: submission.rehearsal,
            received_at: calendar::iso_8601(submission.received_at),
            finished_at: submission.finished_at.map(calendar::iso_8601),
            held,
            totals: Totals::of(submission),
            trouble: submission.trouble.clone(),
        }
    }
}

impl Totals {
    fn of(submission: &Submission) -> Self {
        let totals = &submission.totals;
        let becomes = |result: &str| {
            let is_it = |tally: &Tally| {
                let came = RowResult::of(submission.rehearsal, tally.outcome, tally.kind, tally.warned);
                self::result(came) == result
            };
            totals.count(is_it)
        };
        Self {
            rows: totals.rows(),
            created: becomes(CREATED),
            updated: becomes(UPDATED),
            unchanged: becomes(UNCHANGED),
            left_out: becomes(LEFT_OUT),
            stale: becomes(STALE),
            waiting: becomes(WAITING),
        }
    }
}

impl Told {
    pub(super) fn of(gate: &Gate, review: &Review) -> Self {
        let submission = &review.submission;
        let last = review.rows.last().filter(|_| review.more).map(|row| row.planned.row);
        Self {
            summary: Summary::of(gate, submission),
            problems: submission
                .problems
                .iter()
                .map(|wrong| Wrong::of(wrong, &submission.layout))
                .collect(),
            notices: submission.layout.told(&formats::left_out(&submission.layout)),
            columns: columns(submission),
            rows: review.rows.iter().map(|row| ToldRow::of(row, submission)).collect(),
            next: last.map(|last| format!("{}?after={last}", routes::api_submission(&submission.id))),
        }
    }
}

const WAITING: &str = "waiting";
const LEFT_OUT: &str = "left-out";
const STALE: &str = "stale";
const CREATED: &str = "created";
const UPDATED: &str = "updated";
const UNCHANGED: &str = "unchanged";

/// What became of a row; of a dry run, what would.
const fn result(came: RowResult) -> &'static str {
    match came {
        RowResult::Waiting => WAITING,
        RowResult::Stale => STALE,
        RowResult::Done(kind) | RowResult::Would(kind) => done(kind),
        RowResult::Rejected | RowResult::Undecided | RowResult::Skipped | RowResult::Superseded => LEFT_OUT,
    }
}

const fn done(kind: RowKind) -> &'static str {
    match kind {
        RowKind::Create => CREATED,
        RowKind::Update => UPDATED,
        RowKind::NoChange | RowKind::Problem | RowKind::Kept | RowKind::Skipped => UNCHANGED,
    }
}

impl ToldRow {
    fn of(row: &Row, submission: &Submission) -> Self {
        let (layout, step) = (&submission.layout, &row.planned.step);
        let is_warned = row.planned.questions().next().is_some();
        let problems = match step {
            Step::LeaveOut { problems } => problems,
            _ => &row.planned.warnings,
        };
        let promised = step.new_address().map(|address| address.as_str().to_owned());
        Self {
            row: row.planned.row.0,
            name: row.planned.name.clone(),
            result: result(RowResult::of(submission.rehearsal, row.outcome, step.kind(), is_warned)),
            address: row.address.clone().or(promised.filter(|_| submission.rehearsal)),
            changes: changes(step, layout),
            problems: problems.iter().map(|wrong| Wrong::of(wrong, layout)).collect(),
        }
    }
}

/// The columns as they were read; of a file with headings that no format has, these headings.
fn columns(submission: &Submission) -> Vec<Column> {
    let unknown = submission.problems.iter().find_map(|problem| match &problem.kind {
        Kind::UnknownFormat { found, .. } => Some(found),
        _ => None,
    });
    match unknown {
        Some(found) if submission.layout.columns.is_empty() => {
            let unread = found.iter().map(|heading| (heading.clone(), None));
            unread.map(|column| Column::of(&column)).collect()
        }
        _ => submission.layout.columns.iter().map(Column::of).collect(),
    }
}

impl Column {
    fn of((heading, held): &(String, Option<Attribute>)) -> Self {
        Self {
            heading: heading.clone(),
            attribute: held.map(Attribute::slug),
        }
    }
}

/// What a row changes. Of somebody new, all that they are given.
fn changes(step: &Step, layout: &Layout) -> Vec<ToldChange> {
    match step {
        Step::CreateAccount {
            organisation,
            attributes,
            stay,
            ..
        } => {
            let days = [(Attribute::StartDate, stay.starts), (Attribute::EndDate, stay.leaves)];
            let days = days
                .into_iter()
                .filter_map(|(attribute, at)| Some(ToldChange::given(attribute, day(at?)?, layout)));
            let mut all = given(organisation, attributes, layout);
            all.extend(days);
            all
        }
        Step::CreateContact {
            organisation,
            attributes,
        } => given(organisation, attributes, layout),
        _ => {
            let details = step.changes().iter().map(|change| ToldChange::of(change, layout));
            let days = step.days().iter().map(|change| ToldChange::of_day(change, layout));
            details.chain(days).collect()
        }
    }
}

/// What somebody new is given. What is not kept, such as a password or a private email address, is never told.
fn given(organisation: &OrganisationCode, attributes: &Attributes, layout: &Layout) -> Vec<ToldChange> {
    let home = ToldChange::given(Attribute::Organisation, organisation.to_string(), layout);
    let kept = attributes.iter().filter(|(attribute, _)| attribute.is_kept());
    let details = kept.map(|(attribute, value)| ToldChange::given(attribute, value.to_string(), layout));
    std::iter::once(home).chain(details).collect()
}

/// A day on which somebody starts or leaves: `2027-03-01`.
fn day(at: Timestamp) -> Option<String> {
    calendar::day_at(at).map(|day| day.to_string())
}

impl ToldChange {
    fn of(change: &Change, layout: &Layout) -> Self {
        Self {
            column: heading(change.attribute, layout),
            before: change.before.as_ref().map(ToString::to_string),
            after: change.after.as_ref().map(ToString::to_string),
        }
    }

    fn of_day(change: &DayChange, layout: &Layout) -> Self {
        Self {
            column: heading(change.attribute, layout),
            before: change.before.and_then(day),
            after: change.after.and_then(day),
        }
    }

    fn given(attribute: Attribute, value: String, layout: &Layout) -> Self {
        Self {
            column: heading(attribute, layout),
            before: None,
            after: Some(value),
        }
    }
}

/// An attribute's heading in the file; its name if the file has no such column.
fn heading(attribute: Attribute, layout: &Layout) -> String {
    layout.heading(attribute).unwrap_or(attribute.name()).to_owned()
}

impl Wrong {
    fn of(problem: &Problem, layout: &Layout) -> Self {
        Self {
            column: problem.place.attribute().map(|attribute| heading(attribute, layout)),
            message: problem.message_for(Audience::Program),
            // Whoever reads this has no page on which a row could be decided.
            hint: problem.hint(Audience::Program),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dry_run_says_what_would_become_of_a_row() {
        assert_eq!(result(RowResult::Would(RowKind::Create)), CREATED);
        assert_eq!(result(RowResult::Undecided), LEFT_OUT);
        assert_eq!(result(RowResult::Rejected), LEFT_OUT);
        assert_eq!(result(RowResult::Skipped), LEFT_OUT);
        assert_eq!(result(RowResult::Superseded), LEFT_OUT);
    }
}
