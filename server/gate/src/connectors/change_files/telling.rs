//! What follows where a change file ends: its report is due once more if it was written while the file waited, and the
//! customer's contact is written to if something was not applied.

use std::collections::BTreeMap;

use domain::{
    change_file::{FileFault, ReportResult, report_lines},
    customer::Customer,
    plan::RowKind,
    submission::Outcome,
    values::links,
};
use store::{
    Transaction,
    access::change_files::files,
    submissions::{
        Submission,
        rows::{self, Filter},
    },
};

use super::{failed, senders::A_DAY, with_organisation};
use crate::{
    Gate, GateError,
    service::letters::{self, ChangeFileLetter, FileCounts, FileProblems, Letter},
};

/// Rows that are looked at for what was wrong: more would say nothing else.
const LOOKED_AT: u64 = 2_000;

/// Reasons that a letter lists.
const LISTED: usize = 10;

/// A change file has ended: it is applied, discarded, or failed while it was checked.
pub(crate) async fn ended(gate: &Gate, tx: &Transaction, submission: &Submission) -> Result<(), GateError> {
    let Some(file) = files::of_submission(tx, &submission.id).await? else {
        return Ok(());
    };
    files::end(tx, &file.id, gate.now()).await?;
    if file.reported_at.is_some() {
        files::report_again(tx, &file.id).await?;
    }
    if submission.rehearsal {
        return Ok(());
    }
    let (customer, _) = with_organisation(tx, file.customer).await?;
    let totals = &submission.totals;
    let done = totals.with(Outcome::Done);
    let no_change = totals.count(|tally| tally.outcome == Outcome::Done && tally.kind == RowKind::NoChange);
    let counts = FileCounts {
        done: done.saturating_sub(no_change),
        no_change,
        not_applied: totals.rows().saturating_sub(done),
    };
    let failed = failed(&file, Some(submission)).map(|why| why.sentence());
    if failed.is_none() && counts.not_applied == 0 {
        return Ok(());
    }
    let letter = FileProblems {
        customer: customer.number.to_string(),
        file_name: file.file_name,
        failed,
        counts: (totals.rows() > 0).then_some(counts),
        codes: codes(tx, submission).await?,
        link: Some(format!("{}{}", gate.rules.url, links::submission(&submission.id))),
    };
    write_to_contact(gate, tx, &customer, letter).await
}

/// Whether a customer's contact was written to within a day of a file that failed for the same reason: ten thousand that wait
/// write one letter, not ten thousand.
pub(crate) async fn was_told(
    gate: &Gate,
    tx: &Transaction,
    customer: &Customer,
    why: &FileFault,
) -> Result<bool, GateError> {
    let since = gate.now().plus_seconds(-A_DAY);
    Ok(files::failed_alike(tx, customer.number, why, since).await?)
}

/// A change file has failed as it came in.
pub(crate) async fn tell_failed(
    gate: &Gate,
    tx: &Transaction,
    customer: &Customer,
    (file_name, rehearsal): (&str, bool),
    why: &FileFault,
) -> Result<(), GateError> {
    if rehearsal {
        return Ok(());
    }
    let letter = FileProblems {
        customer: customer.number.to_string(),
        file_name: file_name.to_owned(),
        failed: Some(why.sentence()),
        counts: None,
        codes: vec![],
        link: None,
    };
    write_to_contact(gate, tx, customer, letter).await
}

async fn write_to_contact(
    gate: &Gate,
    tx: &Transaction,
    customer: &Customer,
    letter: FileProblems,
) -> Result<(), GateError> {
    let Some(contact) = &customer.contact else {
        return Ok(());
    };
    let letter = Letter::ChangeFile(Box::new(ChangeFileLetter::Problems(letter)));
    Ok(letters::post(tx, contact.as_str(), &letter, gate.now()).await?)
}

/// The codes of what was wrong with rows, those of most rows first. They name nobody: the contact may be anywhere.
async fn codes(tx: &Transaction, submission: &Submission) -> Result<Vec<(String, u32)>, GateError> {
    let filter = Filter {
        outcome: Some(Outcome::LeftOut),
        ..Filter::default()
    };
    let mut counted: BTreeMap<String, u32> = BTreeMap::new();
    for row in rows::page(tx, &submission.id, filter, LOOKED_AT).await? {
        let mut codes: Vec<_> = report_lines(&row.request, &row.planned, row.outcome)
            .into_iter()
            .filter(|line| !line.code.is_empty() && line.result != ReportResult::Notice)
            .map(|line| line.code)
            .collect();
        codes.sort();
        codes.dedup();
        for code in codes {
            *counted.entry(code).or_default() += 1;
        }
    }
    let mut counted: Vec<_> = counted.into_iter().collect();
    counted.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
    counted.truncate(LISTED);
    Ok(counted)
}
