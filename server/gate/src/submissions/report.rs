//! Files to take away: the file as sent with the result of each row, and the rows left out with their problems.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    io::{self, Write},
};

use domain::{
    change_file::ReportResult,
    channel::Channel,
    dictionary::Attribute,
    layout::Layout,
    plan::{AccountStep, OrganisationStep, RowKind, Step},
    problem::{Audience, Problem},
    submission::{Outcome, RowResult, State},
    values::ids::{RowNumber, SubmissionId},
};
use formats::{Formats, Mark, Sheet, mark};
use serde::{Deserialize, Serialize};
use store::submissions::{
    self, Submission,
    rows::{self, Row},
};

use crate::{
    Gate, GateError, Visit, connectors::change_files::reporting, formats_for, submissions::mending::mendable::cells_of,
};

/// Which file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Report {
    /// Every row, with what became of it.
    Result,
    /// Only the rows that were not applied, with their problems; mended, it can be sent as it is.
    Problems,
}

impl Report {
    const fn heading(self) -> &'static str {
        match self {
            Self::Result => "Result",
            Self::Problems => "Problems",
        }
    }
}

impl Visit<'_> {
    /// Writes a submission's report, and returns the file's name and what it was written into. The file is opened and
    /// written on threads that serve nobody, and only as many are open as there is room for.
    ///
    /// # Errors
    /// `NotFound` as for the submission itself, and where it could not be read; `Gone` once its file is no longer kept; `Busy` where too many files are open;
    /// `Trouble` where the report cannot be written whole.
    pub async fn write_report<W: Write + Send + 'static>(
        &self,
        id: &SubmissionId,
        report: Report,
        into: W,
    ) -> Result<(String, W), GateError> {
        let submission = self.submission(id).await?;
        write(self.gate, &submission, report, into).await
    }

    /// As [`Self::write_report`], into memory: for a file that is known to be small.
    ///
    /// # Errors
    /// As there.
    pub async fn report(&self, id: &SubmissionId, report: Report) -> Result<(String, Vec<u8>), GateError> {
        self.write_report(id, report, Vec::new()).await
    }
}

/// Writes a submission's report for whoever may have it, as [`Visit::write_report`] does.
///
/// # Errors
/// As there, but for who may see the submission.
pub(crate) async fn write<W: Write + Send + 'static>(
    gate: &Gate,
    submission: &Submission,
    report: Report,
    into: W,
) -> Result<(String, W), GateError> {
    if submission.channel == Channel::ChangeFile {
        let wanted: fn(ReportResult) -> bool = match report {
            Report::Result => |_| true,
            Report::Problems => is_a_problem,
        };
        return reporting::write(gate, submission, wanted, into).await;
    }
    let id = &submission.id;
    let mut room = gate.desk.room(submission.file_size).await?;
    let bytes = submissions::bytes(gate.store.files(), id).await?;
    let bytes = bytes.ok_or(match submission.file_gone {
        true => GateError::Gone,
        false => GateError::NotFound,
    })?;
    let formats = formats_for(gate, submission.channel);
    let own_formats = formats.clone();
    let (format, layout) = (submission.format.clone().unwrap_or_default(), submission.layout.clone());
    let sheet = off_duty(move || Sheet::open_as(&own_formats, &bytes, &format, &layout)).await?;
    let sheet = sheet.map_err(|_| GateError::NotFound)?;
    room.halve();
    let (audience, stage) = (Audience::of(submission.channel), Stage::of(submission));
    let mut said: HashMap<RowNumber, Mark> = HashMap::new();
    rows::for_each(gate.store.reader(), id, |rows| {
        for row in rows {
            if let Some(text) = text(&row, report, &sheet.layout, audience, stage) {
                let mended = mended(&row);
                said.insert(row.planned.row, Mark::Keep { said: text, mended });
            }
        }
    })
    .await?;
    let more = more_columns(&formats, &sheet, said.values());
    let marked = off_duty(move || {
        mark(into, &sheet, report.heading(), &more, |row| {
            said.remove(&row).unwrap_or(Mark::Drop)
        })
    });
    let marked = marked.await??;
    drop(room);
    Ok((file_name(&submission.file_name, report, stage), marked))
}

/// Whether a line of a change file's report says that something was not applied.
fn is_a_problem(result: ReportResult) -> bool {
    matches!(
        result,
        ReportResult::Rejected | ReportResult::Held | ReportResult::NotAttempted
    )
}

/// What there is to say of a submission's rows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// What became of them. Somebody looks again at those that have moved.
    Decided,
    /// What became of them, for good. Those that have moved can be sent again.
    Over,
    /// What a dry run would have done.
    Rehearsed,
    /// What the next run, or whoever applies it, would do.
    BeforeRun,
    /// Nothing was applied, because its sender's role had ended.
    Barred,
}

impl Stage {
    fn of(submission: &Submission) -> Self {
        match submission.rehearsal {
            true => Self::Rehearsed,
            false if submission.channel.waits_for_run() && submission.state == State::Planned => Self::BeforeRun,
            false if submission.state == State::Applied => Self::Over,
            false if submission.is_barred() => Self::Barred,
            false => Self::Decided,
        }
    }
}

/// Does what takes long on a thread that serves nobody.
async fn off_duty<T: Send + 'static>(long: impl FnOnce() -> T + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(long).await.map_err(io::Error::other)
}

/// The columns that a file lacks and that were mended all the same, as its format calls them.
fn more_columns<'a>(
    formats: &Formats,
    sheet: &Sheet,
    marks: impl Iterator<Item = &'a Mark>,
) -> Vec<(Attribute, String)> {
    let mended = marks.filter_map(|mark| match mark {
        Mark::Keep { mended, .. } => Some(mended.keys().copied()),
        Mark::Drop => None,
    });
    let lacking: BTreeSet<_> = mended
        .flatten()
        .filter(|attribute| sheet.layout.position(*attribute).is_none())
        .collect();
    let format = formats.get(&sheet.format);
    let heading = |attribute: Attribute| {
        let mut columns = format.into_iter().flat_map(|format| &format.columns);
        let column = columns.find(|column| column.attribute == attribute);
        column.map_or_else(|| attribute.name().to_owned(), |column| column.heading.clone())
    };
    lacking
        .into_iter()
        .map(|attribute| (attribute, heading(attribute)))
        .collect()
}

/// The cells that were mended, as they are now.
fn mended(row: &Row) -> BTreeMap<Attribute, String> {
    let cells = cells_of(&row.request);
    let mended = cells.into_iter().flat_map(|cells| {
        let which = cells.mended.keys();
        which.map(|attribute| (*attribute, cells.text(*attribute).to_owned()))
    });
    mended.collect()
}

/// What stands behind a row; none where the report leaves the row out.
fn text(row: &Row, report: Report, layout: &Layout, audience: Audience, stage: Stage) -> Option<String> {
    let is_rehearsal = stage == Stage::Rehearsed;
    let problems = |problems: &[Problem]| {
        let said = problems
            .iter()
            .map(|problem| format!("{}: {}", place(problem, layout), problem.sentence(audience)));
        said.collect::<Vec<_>>().join(" | ")
    };
    let kind = row.planned.step.kind();
    let is_warned = row.planned.questions().next().is_some();
    // What its sender skipped row by row is done with: it is not given back to be fixed.
    let not_applied = match (
        &row.planned.step,
        RowResult::of(is_rehearsal, row.outcome, kind, is_warned),
    ) {
        // What a later file speaks for is not given back to be fixed either.
        (_, RowResult::Superseded) => {
            (report == Report::Result).then(|| "Replaced by a later file. Nothing was applied.".to_owned())
        }
        _ if kind == RowKind::Skipped => {
            (report == Report::Result).then(|| "Skipped: you chose not to apply this row.".to_owned())
        }
        (step, _) if stage == Stage::Barred && !matches!(step, Step::LeaveOut { .. }) => {
            Some("Not applied: the sender’s role Connector had ended by the time of the run.".to_owned())
        }
        (Step::LeaveOut { problems: found }, result) => Some(match report {
            Report::Result if result == RowResult::Stale && stage == Stage::Over => {
                format!(
                    "Not applied: something changed after the file was checked. {}",
                    problems(found)
                )
            }
            Report::Result => format!("Rejected. {}", problems(found)),
            Report::Problems => problems(found),
        }),
        (_, RowResult::Undecided) => Some(match report {
            Report::Result => format!(
                "Skipped: this row needs a decision. {}",
                problems(&row.planned.warnings)
            ),
            Report::Problems => problems(&row.planned.warnings),
        }),
        (_, RowResult::Would(kind)) => {
            (report == Report::Result).then(|| format!("Dry run: nothing was applied. {}", would(kind)))
        }
        (_, RowResult::Skipped | RowResult::Rejected) => {
            Some("Skipped: the upload was stopped or discarded before this row was applied.".to_owned())
        }
        (step, RowResult::Stale) if stage == Stage::Over => {
            let now = match row.planned.warnings.is_empty() {
                true => would(step.kind()).to_owned(),
                false => problems(&row.planned.warnings),
            };
            Some(format!(
                "Not applied: something changed after the file was checked. Send the row again if it is still right. Now: {now}"
            ))
        }
        (_, RowResult::Waiting | RowResult::Done(_) | RowResult::Stale) => None,
    };
    match report {
        Report::Problems => not_applied,
        Report::Result if stage == Stage::BeforeRun && row.outcome == Outcome::Waiting && is_warned => not_applied
            .or_else(|| {
                let questions = problems(&row.planned.warnings);
                Some(format!("Will not be applied: this row needs a decision. {questions}"))
            }),
        Report::Result => not_applied.or_else(|| {
            let outcome = match (stage, row.outcome) {
                (Stage::BeforeRun, Outcome::Waiting) => foreseen(&row.planned.step),
                _ => outcome(row),
            };
            Some(with_remarks(outcome, row, audience))
        }),
    }
}

/// What is said of a row that the next run would apply.
fn foreseen(step: &Step) -> String {
    let names = changed(step);
    match step.kind() {
        RowKind::Update if !names.is_empty() => format!("Not applied yet. This row would change: {names}."),
        RowKind::NoChange => "No changes needed.".to_owned(),
        kind => format!("Not applied yet. {}", would(kind)),
    }
}

/// The names of what a row changes.
fn changed(step: &Step) -> String {
    let changes = step.changes().iter().map(|change| change.attribute);
    let names = changes.chain(step.days().iter().map(|day| day.attribute));
    let names: Vec<_> = names.map(Attribute::name).collect();
    names.join(", ")
}

/// What a dry run says that a row would do.
const fn would(kind: RowKind) -> &'static str {
    match kind {
        RowKind::Create => "This row would create an account.",
        RowKind::Update => "This row would change an account.",
        _ => "This row would change nothing.",
    }
}

/// What became of a row, with what was not done with it all the same.
fn with_remarks(outcome: String, row: &Row, audience: Audience) -> String {
    let told = row
        .planned
        .warnings
        .iter()
        .filter(|warning| warning.is_told_afterwards());
    let remarks = told.map(|warning| warning.sentence(audience));
    std::iter::once(outcome).chain(remarks).collect::<Vec<_>>().join(" ")
}

fn outcome(row: &Row) -> String {
    match (row.outcome, &row.planned.step) {
        (Outcome::Waiting, _) => "Not applied yet.".to_owned(),
        (Outcome::Stale, _) => "Not applied: this changed after you opened it. Review it again.".to_owned(),
        (_, Step::CreateAccount { .. }) => format!("Created {}.", row.address.as_deref().unwrap_or_default()),
        (_, Step::Organisation(OrganisationStep::Found(_))) => "Created.".to_owned(),
        (
            _,
            step @ (Step::Account(_, AccountStep::Update { .. }) | Step::Organisation(OrganisationStep::Update { .. })),
        ) => format!("Updated: {}.", changed(step)),
        (_, Step::Nothing { .. }) => "No changes needed.".to_owned(),
        _ => "Done.".to_owned(),
    }
}

/// A place by its heading, which stays true when rows are taken out of the file; a cell's name would not.
fn place(problem: &Problem, layout: &Layout) -> String {
    let attribute = problem.place.attribute();
    let heading = attribute.and_then(|attribute| layout.heading(attribute).or(Some(attribute.name())));
    heading.unwrap_or("Row").to_owned()
}

fn file_name(sent: &str, report: Report, stage: Stage) -> String {
    let stem = sent.rsplit_once('.').map_or(sent, |(stem, _)| stem);
    let ends = ["-problems", "-result", "-checked"];
    let stem = ends.iter().fold(stem, |stem, end| stem.trim_end_matches(end));
    match (report, stage) {
        (Report::Result, Stage::BeforeRun) => format!("{stem}-checked.csv"),
        _ => format!("{stem}-{}.csv", report.heading().to_lowercase()),
    }
}
