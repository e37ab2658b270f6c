//! Change files (S2): a customer's files of rows, each an action on one of its people. They come in by their numbers, are
//! checked and applied row by row, and end with a report.

pub(crate) mod applying;
pub(crate) mod checking;
pub(crate) mod hashing;
pub(crate) mod invitations;
pub(crate) mod layers;
pub(crate) mod listing;
pub(crate) mod rehearsed;
pub(crate) mod renaming;
pub(crate) mod reporting;
pub(crate) mod senders;
pub(crate) mod taking;
pub(crate) mod telling;

use domain::{
    account::Account,
    change_file::{FileFault, FileName},
    channel::Channel,
    customer::{Customer, CustomerNumber},
    dictionary::Attribute,
    organisation::{Organisation, OrganisationCode},
    policy::{Actor, Scope, ScopePart},
    problem::Kind,
    request::ChangeRequest,
    submission::State,
    values::ids::{SubmissionId, Timestamp},
};
use serde::{Deserialize, Serialize};
use store::{
    ConnectionTrait,
    access::change_files::files::{self, ChangeFile, FileState},
    directory::{customers, organisations, people},
    submissions::{self, Submission},
};

use crate::{Gate, GateError, scope_for};

/// A customer, and the account in whose name its change files are applied.
#[derive(Clone, Debug)]
pub struct ChangeCustomer {
    /// The customer.
    pub customer: Customer,
    /// The account, whatever its status. `None` if nobody is named, or nobody is there any more.
    pub connector: Option<Account>,
}

/// A file that lies complete in a customer's folder.
#[derive(Clone, Debug)]
pub struct ArrivedChangeFile {
    /// Whose folder it is.
    pub customer: CustomerNumber,
    /// What its name says.
    pub name: FileName,
    /// Its name, as it lies there.
    pub file_name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
    /// Whether it is only looked at: nothing of it is applied, and no number is used.
    pub rehearsal: bool,
}

/// What became of a file that arrived; each but the last with the ID by which its report is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TakenFile {
    /// It is being checked, and applied unless it waits for a person.
    Begun(String),
    /// Nothing of it can be applied. Its number counts all the same (S2: "successfully or with a failure").
    Failed(String),
    /// It may not come at all: its number is too low, or it is another customer's. Its number does not count.
    Refused(String),
    /// The same file was processed before under this number; its report is to be written again.
    Again(String),
    /// Another file must be finished first. It is to be handed in again.
    NotYet,
}

/// Where a file stands whose report was not written yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeFileStage {
    /// It is being checked or applied.
    Working,
    /// It waits for a person; its report says so.
    Waiting,
    /// Its report can be written.
    Ready,
}

/// A file whose report was not written yet.
#[derive(Clone, Debug)]
pub struct ToReport {
    /// By what its report is asked for.
    pub id: String,
    /// The file's name, as it lay in the folder.
    pub file_name: String,
    /// Whose it is.
    pub customer: CustomerNumber,
    /// The source that its name names; empty if it names none.
    pub source: String,
    /// The number that its name has. `None` if the name could not be read.
    pub number: Option<i64>,
    /// Whether it was only looked at.
    pub rehearsal: bool,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Why nothing of it was applied, if that concerns it as a whole.
    pub failed: Option<FileFault>,
    /// Where it stands.
    pub stage: ChangeFileStage,
    /// Its submission. `None` if it came to none.
    pub submission: Option<SubmissionId>,
    /// When it was taken.
    pub received_at: Timestamp,
}

/// A file's report, log and trace, as they are written beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeFileReport {
    /// The report's name.
    pub name: String,
    /// The log's name.
    pub log_name: String,
    /// The trace's name.
    pub trace_name: String,
    /// The report: CSV.
    pub csv: String,
    /// The same in sentences, with times.
    pub log: String,
    /// What each row did, one JSON object a line.
    pub trace: String,
    /// The file without its passwords. `None` if nothing of it was kept.
    pub blanked: Option<String>,
    /// Whether it was refused, rather than done with.
    pub refused: bool,
    /// When it was taken.
    pub received_at: Timestamp,
    /// Where the file stood.
    pub stage: ChangeFileStage,
}

/// What is kept of a file until it is checked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct KeptChangeFile {
    /// Its text without its passwords: what is kept of it afterwards.
    pub(crate) file: String,
    /// Its rows, with the hashes of their passwords.
    pub(crate) requests: Vec<ChangeRequest>,
}

/// The text of a file of which nothing is kept, without its passwords as far as its header tells where they are.
#[must_use]
pub fn blanked_change_file(bytes: &[u8]) -> String {
    formats::change_file::blanked(bytes)
}

impl Gate {
    /// Every customer, with the account that sends for it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn change_customers(&self) -> Result<Vec<ChangeCustomer>, GateError> {
        let db = self.store.reader();
        let all = customers::all(db).await?;
        let named: Vec<_> = all.iter().filter_map(|customer| customer.connector).collect();
        let named: Vec<_> = named.into_iter().map(|account| account.0).collect();
        let accounts = people::by_ids(db, &named).await?;
        let with_connector = all.into_iter().map(|customer| ChangeCustomer {
            connector: accounts
                .iter()
                .find(|account| Some(account.id) == customer.connector)
                .cloned(),
            customer,
        });
        Ok(with_connector.collect())
    }
}

/// A customer with its organisation.
///
/// # Errors
/// `NotFound` where there is none.
pub(crate) async fn with_organisation(
    db: &impl ConnectionTrait,
    number: CustomerNumber,
) -> Result<(Customer, Organisation), GateError> {
    let customer = customers::of(db, number).await?.ok_or(GateError::NotFound)?;
    let home = organisations::by_codes(db, std::slice::from_ref(&customer.organisation)).await?;
    let home = home.into_iter().next().ok_or(GateError::NotFound)?;
    Ok((customer, home))
}

/// The organisation of the customer that a submission was sent for.
pub(crate) async fn home_of(db: &impl ConnectionTrait, submission: &Submission) -> Result<OrganisationCode, GateError> {
    let file = files::of_submission(db, &submission.id)
        .await?
        .ok_or(GateError::NotFound)?;
    let customer = customers::of(db, file.customer).await?.ok_or(GateError::NotFound)?;
    Ok(customer.organisation)
}

/// A submission as it stands, which keeps nobody waiting.
pub(crate) async fn submission_of(
    db: &impl ConnectionTrait,
    id: &SubmissionId,
) -> Result<Option<Submission>, GateError> {
    let everywhere = Scope {
        everything: true,
        parts: vec![],
    };
    Ok(submissions::find(db, &everywhere, id).await?)
}

/// Why an actor may not send a customer's change files at this moment; `None` if they may.
pub(crate) async fn not_granted(
    gate: &Gate,
    db: &impl ConnectionTrait,
    actor: &Actor,
    (customer, home): (&Customer, &Organisation),
) -> Result<Option<FileFault>, GateError> {
    let authority = gate.authority(db, actor).await?;
    let scope = scope_for(&authority, Channel::ChangeFile, &[]);
    if scope.covers_whole(&home.path) {
        return Ok(None);
    }
    Ok(Some(grant_gone_of(db, actor, customer.number).await?))
}

/// That an actor may not send a customer's change files.
pub(crate) async fn grant_gone_of(
    db: &impl ConnectionTrait,
    actor: &Actor,
    customer: CustomerNumber,
) -> Result<FileFault, GateError> {
    let account = match actor.account() {
        Some(account) => people::by_ids(db, &[account.0]).await?.pop(),
        None => None,
    };
    let known_as = account.map(|account| account.attributes.text(Attribute::EmailAddress).to_owned());
    Ok(FileFault::GrantGone {
        account: known_as.unwrap_or_else(|| actor.name().to_owned()),
        customer,
    })
}

/// What of a scope belongs to the customer that a submission was sent for: its file is about nobody else, whatever other
/// organisations its sender sends for.
pub(crate) async fn within_customer(
    db: &impl ConnectionTrait,
    submission: &SubmissionId,
    scope: Scope,
) -> Result<Scope, GateError> {
    let places = submissions::places_of(db, submission).await?;
    let own = Scope {
        everything: false,
        parts: places.into_iter().map(|path| ScopePart { path, unit: None }).collect(),
    };
    Ok(scope.overlap(&own))
}

/// Where a file stands.
pub(crate) fn stage(file: &ChangeFile, submission: Option<&Submission>) -> ChangeFileStage {
    match (file.state, submission.map(|submission| submission.state)) {
        (FileState::Taken, Some(State::Received | State::Applying)) => ChangeFileStage::Working,
        (FileState::Taken, Some(State::Planned)) => ChangeFileStage::Waiting,
        _ => ChangeFileStage::Ready,
    }
}

/// Why nothing of a file was applied, if that concerns it as a whole.
pub(crate) fn failed(file: &ChangeFile, submission: Option<&Submission>) -> Option<FileFault> {
    let of_file = file.why.clone().filter(|why| !why.is_notice());
    of_file.or_else(|| {
        let problems = submission.into_iter().flat_map(|submission| &submission.problems);
        let mut faults = problems.filter_map(|problem| match &problem.kind {
            Kind::ChangeFile(fault) => Some(fault.clone()),
            _ => None,
        });
        faults.next()
    })
}
