//! Looking at change files: those of a customer, and what a report says on pages.

use domain::{
    change_file::{FileFault, ReportLine, ReportSummary},
    channel::Channel,
    customer::{Customer, CustomerNumber},
    submission::State,
    values::ids::{RowNumber, SubmissionId, Timestamp},
};
use store::{
    ConnectionTrait,
    access::change_files::files::{self, ChangeFile, FileState},
    submissions::Submission,
};

use super::{failed, rehearsed, reporting, submission_of};
use crate::{GateError, Visit};

/// Files that a page lists.
pub const CHANGE_FILES_A_PAGE: u64 = 50;

/// Rows of which a page shows the report.
pub const CHANGE_LINES_A_PAGE: u64 = 100;

/// A change file as pages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeFileShown {
    /// Its ID.
    pub id: String,
    /// Whose it is.
    pub customer: CustomerNumber,
    /// Its name, as it lay in the folder.
    pub file_name: String,
    /// The source that its name names; empty if it names none.
    pub source: String,
    /// The number that its name has. `None` if the name could not be read.
    pub number: Option<i64>,
    /// Its size in bytes.
    pub size: u64,
    /// When it was taken.
    pub received_at: Timestamp,
    /// Whether it was only looked at.
    pub rehearsal: bool,
    /// Whether it was taken at all.
    pub state: FileState,
    /// Why nothing of it was applied, if that concerns it as a whole.
    pub why: Option<FileFault>,
    /// Its submission. `None` if it came to none.
    pub submission: Option<SubmissionId>,
    /// The name of its report, once that was written.
    pub report_name: Option<String>,
    /// When its report was written. `None` if that is still to be done.
    pub reported_at: Option<Timestamp>,
    /// Where its submission stands.
    pub stands: Option<State>,
    /// What became of its rows. `None` while it is worked on or waits, if it was only looked at, and if it has no rows.
    pub counts: Option<ReportSummary>,
}

/// A page of a customer's change files, newest first.
#[derive(Clone, Debug)]
pub struct ChangeFiles {
    /// Whose they are.
    pub customer: Customer,
    /// The files.
    pub files: Vec<ChangeFileShown>,
    /// Before which the next page goes on; `None` on the last.
    pub next: Option<String>,
}

/// A part of a report.
#[derive(Clone, Debug)]
pub struct ChangeFileLines {
    /// Its lines.
    pub lines: Vec<ReportLine>,
    /// Whether there are more behind them.
    pub more: bool,
    /// What became of all rows.
    pub summary: ReportSummary,
    /// Why a file that was only rehearsed would wait for a person.
    pub would_wait: Vec<FileFault>,
}

impl Visit<'_> {
    /// A page of a customer's files.
    ///
    /// # Errors
    /// `NotFound` where the actor may not see the customer.
    pub async fn change_files(&self, number: CustomerNumber, before: Option<String>) -> Result<ChangeFiles, GateError> {
        let (customer, _) = self.seen_customer(number).await?;
        let before = before.as_deref().and_then(position);
        let db = self.gate.store.reader();
        let mut found = files::list(db, number, before.as_ref(), CHANGE_FILES_A_PAGE + 1).await?;
        let more = found.len() as u64 > CHANGE_FILES_A_PAGE;
        found.truncate(usize::try_from(CHANGE_FILES_A_PAGE).unwrap_or(usize::MAX));
        let last = found.last().filter(|_| more);
        let next = last.map(|last| format!("{}.{}", last.received_at.0, last.id));
        Ok(ChangeFiles {
            customer,
            files: shown(db, found).await?,
            next,
        })
    }

    /// The change file that a submission is; `None` if it is none.
    ///
    /// # Errors
    /// `NotFound` where the actor does not see the submission.
    pub async fn change_file_of(&self, id: &SubmissionId) -> Result<Option<ChangeFileShown>, GateError> {
        let submission = self.submission(id).await?;
        if submission.channel != Channel::ChangeFile {
            return Ok(None);
        }
        let db = self.gate.store.reader();
        let file = files::of_submission(db, id).await?;
        Ok(shown(db, file.into_iter().collect()).await?.pop())
    }

    /// What the report of a submission that is a change file says of its next rows, and of all of them.
    ///
    /// # Errors
    /// `NotFound` where the actor does not see the submission, or it is no change file.
    pub async fn change_file_lines(
        &self,
        id: &SubmissionId,
        after: Option<RowNumber>,
    ) -> Result<ChangeFileLines, GateError> {
        let submission = self.submission(id).await?;
        if submission.channel != Channel::ChangeFile {
            return Err(GateError::NotFound);
        }
        let (stops, brake) = rehearsed::stop_of(self.gate, &submission, reporting::READ_THROUGH).await?;
        let part = (after, stops);
        let (lines, more) = reporting::lines_behind(self.gate, &submission, part, CHANGE_LINES_A_PAGE).await?;
        Ok(ChangeFileLines {
            lines,
            more,
            summary: reporting::summary_of(self.gate, &submission, stops).await?,
            would_wait: brake.into_iter().chain(reporting::would_wait(&submission)).collect(),
        })
    }
}

/// Files as pages show them.
pub(crate) async fn shown(
    db: &impl ConnectionTrait,
    files: Vec<ChangeFile>,
) -> Result<Vec<ChangeFileShown>, GateError> {
    let mut all = Vec::with_capacity(files.len());
    for file in files {
        let submission = match &file.submission {
            Some(id) => submission_of(db, id).await?,
            None => None,
        };
        all.push(ChangeFileShown {
            why: failed(&file, submission.as_ref()),
            counts: submission.as_ref().and_then(counts),
            stands: submission.map(|submission| submission.state),
            id: file.id,
            customer: file.customer,
            file_name: file.file_name,
            source: file.source,
            number: file.number,
            size: file.size,
            received_at: file.received_at,
            rehearsal: file.rehearsal,
            state: file.state,
            submission: file.submission,
            report_name: file.report_name,
            reported_at: file.reported_at,
        });
    }
    Ok(all)
}

/// What became of the rows of a submission that has ended.
fn counts(submission: &Submission) -> Option<ReportSummary> {
    let has_ended = matches!(submission.state, State::Applied | State::Declined) && !submission.rehearsal;
    let counts = has_ended.then(|| reporting::counts_of(&submission.totals));
    counts.filter(|counts| counts.rows() > 0)
}

/// Where a page goes on, as [`ChangeFiles::next`] gives it.
fn position(text: &str) -> Option<(Timestamp, String)> {
    let (at, id) = text.split_once('.')?;
    Some((Timestamp(at.parse().ok()?), id.to_owned()))
}
