//! The report of a change file: what became of each row, with its log and its trace. It is made from what is kept whenever it
//! is asked for, so that it can be written again after a crash.

use std::{
    collections::HashSet,
    io::{self, Write},
};

use domain::{
    change_file::{FileFault, ReportLine, ReportResult, ReportSummary, report_lines},
    customer::CustomerNumber,
    plan::{RowKind, Step},
    submission::{Outcome, State, Totals, Touched},
    values::{
        ids::{AccountId, RowNumber, SubmissionId},
        links,
    },
};
use formats::change_file::{LogHead, TracedRow, log_txt, report_csv, trace_jsonl};
use store::{
    access::change_files::files::{self, ChangeFile, FileState},
    directory::people,
    submissions::{
        self, Submission,
        rows::{self, Filter, Row},
    },
};

use super::{ChangeFileReport, ChangeFileStage, ToReport, failed, rehearsed::Rehearsed, stage, submission_of};
use crate::{
    Gate, GateError,
    calendar::iso_8601,
    submissions::claims::{aside, commit},
};

/// Rows that are read at once.
const AT_ONCE: u64 = 1_000;

/// Rows of a submission that is read through to count them for a page.
pub(crate) const READ_THROUGH: u32 = 5_000;

/// The longest name of a report, in characters, without its ending.
const LONGEST_NAME: usize = 200;

/// What is said of a file that was stopped for another reason than its own.
const STOPPED: &str = "stopped";

impl Gate {
    /// The files of a customer whose report was not written yet, oldest first, also those that are still worked on.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unreported_change_files(&self, customer: CustomerNumber) -> Result<Vec<ToReport>, GateError> {
        let db = self.store.reader();
        let mut unreported = Vec::new();
        for file in files::unreported(db, customer).await? {
            let submission = match &file.submission {
                Some(id) => submission_of(db, id).await?,
                None => None,
            };
            unreported.push(ToReport {
                failed: failed(&file, submission.as_ref()),
                stage: stage(&file, submission.as_ref()),
                id: file.id,
                file_name: file.file_name,
                customer: file.customer,
                source: file.source,
                number: file.number,
                rehearsal: file.rehearsal,
                sha256: file.sha256,
                submission: file.submission,
                received_at: file.received_at,
            });
        }
        Ok(unreported)
    }

    /// A file's report, log and trace as things stand.
    ///
    /// # Errors
    /// `NotFound` where there is no such file; when the database fails.
    pub async fn change_file_report(&self, id: &str) -> Result<ChangeFileReport, GateError> {
        self.report_of(id, Telling::First).await
    }

    /// The report of a file that was sent again, which says so.
    ///
    /// # Errors
    /// As [`Self::change_file_report`].
    pub async fn change_file_report_again(&self, id: &str) -> Result<ChangeFileReport, GateError> {
        self.report_of(id, Telling::Again).await
    }

    async fn report_of(&self, id: &str, telling: Telling) -> Result<ChangeFileReport, GateError> {
        let db = self.store.reader();
        let file = files::get(db, id).await?.ok_or(GateError::NotFound)?;
        let submission = match &file.submission {
            Some(id) => submission_of(db, id).await?,
            None => None,
        };
        let stage = stage(&file, submission.as_ref());
        // Its rows and their lines are in memory together.
        let size = submission.as_ref().map_or(0, |submission| submission.file_size);
        let _room = self.desk.wait(size).await?;
        let blanked = match &submission {
            Some(submission) if stage != ChangeFileStage::Working => {
                let bytes = submissions::bytes(self.store.files(), &submission.id).await?;
                bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            }
            _ => None,
        };
        let mut told = Told::of(self, &file, submission.as_ref());
        if let (Telling::Again, Some(number)) = (telling, file.number) {
            told.lines.push(ReportLine::of_file(&FileFault::SeqSame { number }));
        }
        if let Some(submission) = &submission {
            told.rows(self, submission).await?;
        }
        aside(move || written(&file, told, blanked, stage)).await
    }

    /// Notes that a file's report was written, under a name. Said twice, it is the same.
    ///
    /// # Errors
    /// `NotFound` where there is no such file; when the database fails.
    pub async fn change_file_reported(&self, id: &str, report_name: &str) -> Result<(), GateError> {
        let tx = self.store.begin().await?;
        files::get(&tx, id).await?.ok_or(GateError::NotFound)?;
        files::set_reported(&tx, id, report_name, self.now()).await?;
        commit(tx).await
    }
}

/// A report as it is written.
fn written(file: &ChangeFile, told: Told, blanked: Option<String>, stage: ChangeFileStage) -> ChangeFileReport {
    let (arrived, ended) = (iso_8601(file.received_at), told.ended.as_str());
    let head = LogHead {
        file_name: &file.file_name,
        sha256: &file.sha256,
        customer: file.customer,
        is_rehearsal: file.rehearsal,
        arrived: &arrived,
        ended,
    };
    let lines = told.lines.iter().map(|line| (ended, line));
    let base = base_of(file);
    ChangeFileReport {
        name: format!("{base}.report.csv"),
        log_name: format!("{base}.log.txt"),
        trace_name: format!("{base}.trace.jsonl"),
        csv: report_csv(&told.lines, &told.summary),
        log: log_txt(&head, lines, &told.summary),
        trace: told.trace,
        blanked,
        refused: file.state == FileState::Refused,
        received_at: file.received_at,
        stage,
    }
}

/// Writes the report of a submission that is a change file, and returns its name and what it was written into. `wanted` says
/// which lines are.
pub(crate) async fn write<W: Write + Send + 'static>(
    gate: &Gate,
    submission: &Submission,
    wanted: fn(ReportResult) -> bool,
    mut into: W,
) -> Result<(String, W), GateError> {
    let file = files::of_submission(gate.store.reader(), &submission.id)
        .await?
        .ok_or(GateError::NotFound)?;
    let mut told = Told::of(gate, &file, Some(submission));
    told.rows(gate, submission).await?;
    let name = format!("{}.report.csv", base_of(&file));
    let writing = tokio::task::spawn_blocking(move || {
        let lines = told.lines.iter().filter(|line| wanted(line.result));
        into.write_all(report_csv(lines, &told.summary).as_bytes())?;
        Ok::<_, io::Error>(into)
    });
    Ok((name, writing.await.map_err(io::Error::other)??))
}

/// The lines of a report about some rows of a change file, and whether there are rows behind them; `stops` is the row before
/// which a rehearsed file would stop.
pub(crate) async fn lines_behind(
    gate: &Gate,
    submission: &Submission,
    (after, stops): (Option<RowNumber>, Option<RowNumber>),
    limit: u64,
) -> Result<(Vec<ReportLine>, bool), GateError> {
    let filter = Filter {
        after,
        ..Filter::default()
    };
    let mut page = rows::page(gate.store.reader(), &submission.id, filter, limit + 1).await?;
    let more = page.len() as u64 > limit;
    page.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let before = |row: &&Row| stops.is_none_or(|stops| row.planned.row < stops);
    let attempted = page.iter().take_while(before).count();
    let mut lines = lines_of(submission.rehearsal, &page, attempted);
    if submission.state == State::Planned {
        for (lines, row) in lines.iter_mut().zip(&page) {
            tell_plan(lines, row);
        }
    }
    keep_known(gate, &mut lines).await?;
    Ok((lines.into_iter().flatten().collect(), more))
}

/// Says of a row that waits what it would do: whoever decides on it reads that first.
fn tell_plan(lines: &mut [ReportLine], row: &Row) {
    let planned = report_lines(&row.request, &row.planned, Outcome::Done);
    let waits = lines.iter_mut().zip(planned);
    for (line, planned) in waits.filter(|(line, _)| line.result == ReportResult::NotAttempted) {
        line.steps = planned.steps;
        if planned.result == ReportResult::NoChange {
            line.result = ReportResult::NoChange;
        }
    }
}

/// How many rows of a submission became what, as its totals tell it: rows that wait for their person count as done, and those
/// of held people as rejected.
pub(crate) fn counts_of(totals: &Totals) -> ReportSummary {
    let done = totals.with(Outcome::Done);
    let no_change = totals.count(|tally| tally.outcome == Outcome::Done && tally.kind == RowKind::NoChange);
    let rejected = totals.of(RowKind::Problem);
    ReportSummary {
        done: done.saturating_sub(no_change),
        no_change,
        rejected,
        not_attempted: totals.rows().saturating_sub(done + rejected),
        ..ReportSummary::default()
    }
}

/// How many rows of a submission became what. A large one is not read through for a page: see
/// [`counts_of`].
pub(crate) async fn summary_of(
    gate: &Gate,
    submission: &Submission,
    stops: Option<RowNumber>,
) -> Result<ReportSummary, GateError> {
    let totals = &submission.totals;
    let only_checked = submission.rehearsal;
    if totals.rows() > READ_THROUGH {
        return Ok(ReportSummary {
            only_checked,
            ..counts_of(totals)
        });
    }
    let mut summary = ReportSummary {
        only_checked,
        ..ReportSummary::default()
    };
    let mut pages = rows::Pages::of(&submission.id, Filter::default(), AT_ONCE);
    while let Some(page) = pages.next(gate.store.reader()).await? {
        for row in &page {
            let outcome = match stops.is_none_or(|stops| row.planned.row < stops) {
                true => outcome(submission.rehearsal, row),
                false => Outcome::Waiting,
            };
            summary.add(ReportResult::of(&row.planned, outcome));
        }
    }
    Ok(summary)
}

/// Whether a report is written because its file was sent again. Only whoever was sent it knows: that a report was written
/// before may be the work of another process, a moment ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Telling {
    First,
    Again,
}

/// What a report tells.
struct Told {
    lines: Vec<ReportLine>,
    summary: ReportSummary,
    trace: String,
    /// When what it tells was true, for programs.
    ended: String,
}

impl Told {
    /// What there is to tell of the file as a whole.
    fn of(gate: &Gate, file: &ChangeFile, submission: Option<&Submission>) -> Self {
        let ended = submission.and_then(|submission| submission.finished_at);
        Self {
            lines: of_file(gate, file, submission),
            summary: ReportSummary {
                only_checked: file.rehearsal,
                ..ReportSummary::default()
            },
            trace: String::new(),
            ended: iso_8601(ended.unwrap_or_else(|| match submission {
                Some(_) => gate.now(),
                None => file.received_at,
            })),
        }
    }

    /// Tells of the rows.
    async fn rows(&mut self, gate: &Gate, submission: &Submission) -> Result<(), GateError> {
        let db = gate.store.reader();
        // What the brake would do is part of what a rehearsal shows.
        let mut rehearsed = Rehearsed::of(gate, db, submission).await?;
        let mut pages = rows::Pages::of(&submission.id, Filter::default(), AT_ONCE);
        while let Some(page) = pages.next(db).await? {
            let attempted = rehearsed.attempted(db, &page).await?;
            let is_rehearsal = submission.rehearsal;
            let (page, mut lines) = aside(move || {
                let lines = lines_of(is_rehearsal, &page, attempted);
                (page, lines)
            })
            .await?;
            keep_known(gate, &mut lines).await?;
            let ended = self.ended.clone();
            let (trace, lines) = aside(move || (traced(&ended, &page, &lines), lines)).await?;
            self.trace += &trace;
            for lines in lines {
                self.summary.count(&lines);
                self.lines.extend(lines);
            }
        }
        if let Some(fault) = rehearsed.fault(db).await? {
            self.lines.insert(0, ReportLine::of_file(&fault));
        }
        Ok(())
    }
}

/// The lines about the file as a whole.
fn of_file(gate: &Gate, file: &ChangeFile, submission: Option<&Submission>) -> Vec<ReportLine> {
    let mut faults: Vec<_> = file.why.clone().into_iter().collect();
    let why = failed(file, submission);
    if why != file.why {
        faults.extend(why.clone());
    }
    let mut lines: Vec<_> = faults.iter().map(ReportLine::of_file).collect();
    let Some(submission) = submission else { return lines };
    let stopped = submission.trouble.as_ref().filter(|_| why.is_none());
    if let Some(trouble) = stopped {
        lines.push(ReportLine {
            code: STOPPED.to_owned(),
            message: trouble.clone(),
            ..ReportLine::of_file(&FileFault::Discarded)
        });
    } else if let Some(fault) = stopped_by(gate, submission).filter(|_| why.is_none()) {
        lines.push(ReportLine::of_file(&fault));
    }
    lines
}

/// Why a file that was only rehearsed would wait as a whole; `None` if it would not.
pub(crate) fn would_wait(submission: &Submission) -> Option<FileFault> {
    submission
        .would_be_held()
        .then_some(FileFault::Threshold { link: None })
}

/// Why rows of a submission were not attempted, if a person has decided so or must.
fn stopped_by(gate: &Gate, submission: &Submission) -> Option<FileFault> {
    let link = page(gate, &submission.id);
    let is_held = !submission.touches.is_empty() && submission.applied_by.is_none();
    match submission.state {
        // Nobody can confirm what was only rehearsed.
        _ if submission.rehearsal => would_wait(submission),
        State::Planned if submission.confirmed_at.is_none() => Some(FileFault::Threshold { link: Some(link) }),
        State::Planned => Some(FileFault::Brake {
            people: submission.touches.iter().map(|touched| touched.changed).sum(),
            already: submission.touches.iter().map(|touched| touched.lost).sum(),
            of: submission.touches.iter().map(|touched: &Touched| touched.all).sum(),
            link: Some(link),
        }),
        State::Declined => Some(FileFault::Discarded),
        State::Applied => is_held.then_some(FileFault::Discarded),
        State::Received | State::Unreadable | State::Applying | State::Superseded => None,
    }
}

/// The lines about rows, each row's together; those behind so many were not attempted.
fn lines_of(is_rehearsal: bool, page: &[Row], attempted: usize) -> Vec<Vec<ReportLine>> {
    let mut told = Vec::with_capacity(page.len());
    for (place, row) in page.iter().enumerate() {
        let outcome = match place < attempted {
            true => outcome(is_rehearsal, row),
            false => Outcome::Waiting,
        };
        let mut lines = report_lines(&row.request, &row.planned, outcome);
        if row.outcome == Outcome::Done && row.subject.is_some() {
            for line in &mut lines {
                line.account = row.subject.map(AccountId);
            }
        }
        told.push(lines);
    }
    told
}

/// Takes away who is nobody: the plan gives people whom earlier rows would make IDs of its own, which mean nothing to anybody.
async fn keep_known(gate: &Gate, told: &mut [Vec<ReportLine>]) -> Result<(), GateError> {
    let named = told.iter().flatten().filter_map(|line| line.account);
    let named: Vec<_> = named
        .map(|account| account.0)
        .collect::<HashSet<_>>()
        .into_iter()
        .collect();
    let known = match named.is_empty() {
        true => vec![],
        false => people::by_ids(gate.store.reader(), &named).await?,
    };
    let known: HashSet<_> = known.iter().map(|account| account.id).collect();
    for line in told.iter_mut().flatten() {
        line.account = line.account.filter(|account| known.contains(account));
    }
    Ok(())
}

/// The trace of rows.
fn traced(at: &str, page: &[Row], lines: &[Vec<ReportLine>]) -> String {
    let rows = page.iter().zip(lines);
    trace_jsonl(rows.map(|(row, lines)| TracedRow {
        at,
        step: &row.planned.step,
        lines,
    }))
}

/// What became of a row, as its report has it: a rehearsal tells what would.
fn outcome(is_rehearsal: bool, row: &Row) -> Outcome {
    match is_rehearsal && !matches!(row.planned.step, Step::LeaveOut { .. }) {
        true => Outcome::Done,
        false => row.outcome,
    }
}

/// What the names of a file's report, log and trace begin with. Those of a rehearsal do not take the names of the real ones.
fn base_of(file: &ChangeFile) -> String {
    let base = plain_base(&file.file_name);
    match file.rehearsal {
        true => format!("{base}.check"),
        false => base,
    }
}

/// A file's name without its ending, and without any sign that means something to a shell or a screen.
fn plain_base(file_name: &str) -> String {
    let stem = file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem);
    let plain = |sign: char| match sign {
        sign if sign.is_ascii_alphanumeric() || matches!(sign, '.' | '-' | '_') => sign,
        _ => '_',
    };
    let base: String = stem.chars().take(LONGEST_NAME).map(plain).collect();
    match base.trim_start_matches('.') {
        "" => "file".to_owned(),
        base => base.to_owned(),
    }
}

fn page(gate: &Gate, id: &SubmissionId) -> String {
    format!("{}{}", gate.rules.url, links::submission(id))
}

#[cfg(test)]
mod tests {
    use super::plain_base;

    #[test]
    fn a_report_has_a_plain_name_whatever_its_file_is_called() {
        for (file, base) in [
            ("30020506_HR_PRV_7.csv", "30020506_HR_PRV_7"),
            ("..\u{202E}vsc", "file"),
            ("\u{202E}gnp.vsc", "_gnp"),
            ("a b/c.csv", "a_b_c"),
            (".csv", "file"),
            ("", "file"),
        ] {
            assert_eq!(plain_base(file), base, "{file:?}");
        }
    }
}
