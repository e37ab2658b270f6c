//! The change files that came in: each once, with what became of it and when its report was written.

use domain::{
    change_file::FileFault,
    customer::CustomerNumber,
    submission::State,
    values::ids::{SubmissionId, Timestamp},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use crate::{
    StoreError, Transaction,
    entities::{address, change_file, change_source, submission},
    lists::{insert_all, padded},
    number, word,
};

/// What became of a change file. Whether its report is written stands beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileState {
    /// It is a submission.
    Taken,
    /// It could not be read, or nobody may send it any more. Its number counts.
    Failed,
    /// Its name or its number is not right. It counts as if it had never come.
    Refused,
}

impl FileState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Taken, Self::Failed, Self::Refused];

    /// The word by which it is stored.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Failed => "failed",
            Self::Refused => "refused",
        }
    }

    /// Reads [`Self::slug`] back.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.slug() == slug)
    }
}

/// A change file as it came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// In whose folder it was.
    pub customer: CustomerNumber,
    /// The source that its name gives, in small letters; empty if it gives none.
    pub source: String,
    /// The number that its name gives, where that could be read.
    pub number: Option<i64>,
    /// Its name.
    pub file_name: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
    /// When it was taken.
    pub received_at: Timestamp,
    /// Whether it is only checked.
    pub rehearsal: bool,
    /// What became of it.
    pub state: FileState,
    /// Why, where it is no submission.
    pub why: Option<FileFault>,
    /// What it is sent as.
    pub submission: Option<SubmissionId>,
}

/// A change file as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeFile {
    /// Its ID.
    pub id: String,
    /// In whose folder it was.
    pub customer: CustomerNumber,
    /// The source that its name gives, in small letters; empty if it gives none.
    pub source: String,
    /// The number that its name gives, where that could be read.
    pub number: Option<i64>,
    /// Its name.
    pub file_name: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
    /// When it was taken.
    pub received_at: Timestamp,
    /// Whether it is only checked.
    pub rehearsal: bool,
    /// What became of it.
    pub state: FileState,
    /// Why, where it is no submission.
    pub why: Option<FileFault>,
    /// What it is sent as.
    pub submission: Option<SubmissionId>,
    /// The name of its last report.
    pub report_name: Option<String>,
    /// When that was written; none while another is to be written.
    pub reported_at: Option<Timestamp>,
}

/// Keeps a file that came in, and returns its ID.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &Transaction, new: NewFile) -> Result<String, StoreError> {
    let id = Uuid::now_v7().to_string();
    // Those behind it wait for no file that is only checked, and for none of which nothing is applied.
    let is_in_hand = new.state == FileState::Taken && !new.rehearsal;
    let row = change_file::ActiveModel {
        id: Set(id.clone()),
        customer: Set(new.customer.get()),
        source: Set(new.source),
        number: Set(new.number),
        file_name: Set(new.file_name),
        sha256: Set(new.sha256),
        size: Set(i64::try_from(new.size).unwrap_or(i64::MAX)),
        received_at: Set(new.received_at.0),
        rehearsal: Set(new.rehearsal),
        state: Set(new.state.slug().to_owned()),
        why: Set(new.why.as_ref().map(serde_json::to_string).transpose()?),
        submission: Set(new.submission.as_ref().map(ToString::to_string)),
        report_name: Set(None),
        reported_at: Set(None),
        ended_at: Set((!is_in_hand).then_some(new.received_at.0)),
    };
    insert_all(tx, vec![row]).await?;
    Ok(id)
}

/// A file by its ID.
///
/// # Errors
/// When the database fails.
pub async fn get(db: &impl ConnectionTrait, id: &str) -> Result<Option<ChangeFile>, StoreError> {
    let row = change_file::Entity::find_by_id(id).one(db).await?;
    row.map(read).transpose()
}

/// The file that a submission is.
///
/// # Errors
/// When the database fails.
pub async fn of_submission(db: &impl ConnectionTrait, id: &SubmissionId) -> Result<Option<ChangeFile>, StoreError> {
    let taken = change_file::Entity::find().filter(change_file::Column::Submission.eq(id.as_str()));
    taken.one(db).await?.map(read).transpose()
}

/// The files of a customer whose report is still to be written, oldest first; also those that are still being processed.
///
/// # Errors
/// When the database fails.
pub async fn unreported(db: &impl ConnectionTrait, customer: CustomerNumber) -> Result<Vec<ChangeFile>, StoreError> {
    let open = oldest_first(customer).filter(change_file::Column::ReportedAt.is_null());
    open.all(db).await?.into_iter().map(read).collect()
}

/// The files of a customer, of all sources or of one, that are not done with, oldest first: no file behind them is taken.
///
/// # Errors
/// When the database fails.
pub async fn unfinished(
    db: &impl ConnectionTrait,
    customer: CustomerNumber,
    source: Option<&str>,
) -> Result<Vec<ChangeFile>, StoreError> {
    let moving = [State::Received, State::Planned, State::Applying].map(State::slug);
    let moving = submission::Entity::find()
        .select_only()
        .column(submission::Column::Id)
        .filter(submission::Column::State.is_in(moving))
        .filter(is_its_submission());
    let open = oldest_first(customer)
        .filter(change_file::Column::EndedAt.is_null())
        .filter(Condition::all().add_option(source.map(|source| change_file::Column::Source.eq(source))))
        .filter(Expr::exists(moving.into_query()));
    open.all(db).await?.into_iter().map(read).collect()
}

/// Notes that a file is done with: those behind it need not wait for it.
///
/// # Errors
/// When the database fails.
pub async fn end(tx: &Transaction, id: &str, at: Timestamp) -> Result<(), StoreError> {
    change_file::Entity::update_many()
        .col_expr(change_file::Column::EndedAt, Expr::value(Some(at.0)))
        .filter(change_file::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Notes that a file's report was written, under a name.
///
/// # Errors
/// When the database fails.
pub async fn set_reported(tx: &Transaction, id: &str, report_name: &str, at: Timestamp) -> Result<(), StoreError> {
    change_file::Entity::update_many()
        .col_expr(
            change_file::Column::ReportName,
            Expr::value(Some(report_name.to_owned())),
        )
        .col_expr(change_file::Column::ReportedAt, Expr::value(Some(at.0)))
        .filter(change_file::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Has the report of a file written once more: it was held and is decided on, or it was sent again.
///
/// # Errors
/// When the database fails.
pub async fn report_again(tx: &Transaction, id: &str) -> Result<(), StoreError> {
    change_file::Entity::update_many()
        .col_expr(change_file::Column::ReportedAt, Expr::value(None::<i64>))
        .filter(change_file::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// The files of a customer, newest first, from before a moment and an ID, at most so many.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &impl ConnectionTrait,
    customer: CustomerNumber,
    before: Option<&(Timestamp, String)>,
    limit: u64,
) -> Result<Vec<ChangeFile>, StoreError> {
    let mut own = change_file::Entity::find().filter(change_file::Column::Customer.eq(customer.get()));
    if let Some((at, id)) = before {
        let same = Condition::all()
            .add(change_file::Column::ReceivedAt.eq(at.0))
            .add(change_file::Column::Id.lt(id.as_str()));
        own = own.filter(Condition::any().add(change_file::Column::ReceivedAt.lt(at.0)).add(same));
    }
    let own = own
        .order_by_desc(change_file::Column::ReceivedAt)
        .order_by_desc(change_file::Column::Id)
        .limit(limit);
    own.all(db).await?.into_iter().map(read).collect()
}

/// The latest file with a source, a number and bytes that was processed, well or not.
///
/// # Errors
/// When the database fails.
pub async fn same(
    db: &impl ConnectionTrait,
    customer: CustomerNumber,
    source: &str,
    number: i64,
    sha256: &str,
) -> Result<Option<ChangeFile>, StoreError> {
    let processed = newest_first(customer)
        .filter(change_file::Column::State.is_in([FileState::Taken.slug(), FileState::Failed.slug()]))
        .filter(change_file::Column::Rehearsal.eq(false))
        .filter(change_file::Column::Source.eq(source))
        .filter(change_file::Column::Number.eq(number))
        .filter(change_file::Column::Sha256.eq(sha256));
    processed.one(db).await?.map(read).transpose()
}

/// The latest file with a source and a number that was processed, well or not.
///
/// # Errors
/// When the database fails.
pub async fn latest(
    db: &impl ConnectionTrait,
    customer: CustomerNumber,
    source: &str,
    number: i64,
) -> Result<Option<ChangeFile>, StoreError> {
    let processed = newest_first(customer)
        .filter(change_file::Column::State.is_in([FileState::Taken.slug(), FileState::Failed.slug()]))
        .filter(change_file::Column::Rehearsal.eq(false))
        .filter(change_file::Column::Source.eq(source))
        .filter(change_file::Column::Number.eq(number));
    processed.one(db).await?.map(read).transpose()
}

/// Whether a file of a customer has failed since a moment as it came in, for the same reason, whatever the file said.
///
/// # Errors
/// When the database fails.
pub async fn failed_alike(
    db: &impl ConnectionTrait,
    customer: CustomerNumber,
    why: &FileFault,
    since: Timestamp,
) -> Result<bool, StoreError> {
    let stored = serde_json::to_value(why)?;
    let kind = stored.get("fault").and_then(|kind| kind.as_str()).unwrap_or_default();
    let failed = newest_first(customer)
        .filter(change_file::Column::ReceivedAt.gte(since.0))
        .filter(change_file::Column::State.eq(FileState::Failed.slug()))
        .filter(change_file::Column::Rehearsal.eq(false))
        .filter(change_file::Column::Why.like(format!(r#"{{"fault":"{kind}"%"#)));
    Ok(failed.one(db).await?.is_some())
}

/// A file of a name and bytes that was refused and whose report is still to be written: whoever was cut short does not
/// refuse it twice.
///
/// # Errors
/// When the database fails.
pub async fn refused_alike(
    db: &impl ConnectionTrait,
    customer: CustomerNumber,
    file_name: &str,
    sha256: &str,
) -> Result<Option<ChangeFile>, StoreError> {
    let refused = newest_first(customer)
        .filter(change_file::Column::ReportedAt.is_null())
        .filter(change_file::Column::State.eq(FileState::Refused.slug()))
        .filter(change_file::Column::FileName.eq(file_name))
        .filter(change_file::Column::Sha256.eq(sha256));
    refused.one(db).await?.map(read).transpose()
}

/// Forgets files that came in before a moment and whose reports are written; but for the last one of each source, which is
/// told by its bytes when it is sent again.
///
/// # Errors
/// When the database fails.
pub async fn sweep(db: &impl ConnectionTrait, before: Timestamp) -> Result<(), StoreError> {
    let same = |one: change_source::Column, other: change_file::Column| {
        Expr::col((change_source::Entity, one)).equals((change_file::Entity, other))
    };
    let last = change_source::Entity::find()
        .select_only()
        .column(change_source::Column::Customer)
        .filter(same(change_source::Column::Customer, change_file::Column::Customer))
        .filter(same(change_source::Column::Source, change_file::Column::Source))
        .filter(same(change_source::Column::LastNumber, change_file::Column::Number))
        .filter(same(change_source::Column::LastSha256, change_file::Column::Sha256));
    let old = change_file::Entity::delete_many()
        .filter(change_file::Column::ReceivedAt.lt(before.0))
        .filter(change_file::Column::ReportedAt.is_not_null())
        .filter(Expr::exists(last.into_query()).not());
    old.exec(db).await?;
    Ok(())
}

/// Takes the addresses of forgotten people out of why files failed: a file without a header has them in its first line.
pub(crate) async fn forget(db: &impl ConnectionTrait, people: &[Uuid]) -> Result<(), StoreError> {
    let told: Vec<(String, Option<String>)> = change_file::Entity::find()
        .select_only()
        .columns([change_file::Column::Id, change_file::Column::Why])
        .filter(change_file::Column::Why.like("%@%"))
        .into_tuple()
        .all(db)
        .await?;
    if told.is_empty() {
        return Ok(());
    }
    let held = address::Entity::find().filter(address::Column::Account.is_in(padded(people.iter().copied())));
    let held = held.all(db).await?.into_iter().map(|row| row.address);
    let held: Vec<_> = held.filter(|address| !address.is_empty()).collect();
    for (id, why) in told {
        let Some(why) = why else { continue };
        let less = held.iter().fold(why.clone(), |less, address| without(&less, address));
        if less != why {
            change_file::Entity::update_many()
                .col_expr(change_file::Column::Why, Expr::value(Some(less)))
                .filter(change_file::Column::Id.eq(id))
                .exec(db)
                .await?;
        }
    }
    Ok(())
}

/// A text without an address, in whatever case it stands there.
fn without(text: &str, address: &str) -> String {
    let (mut rest, mut less) = (text, String::with_capacity(text.len()));
    // Addresses are ASCII, so that small letters take as much room as capitals.
    while let Some(at) = rest.to_ascii_lowercase().find(address) {
        less.push_str(&rest[..at]);
        less.push('…');
        rest = &rest[at + address.len()..];
    }
    less + rest
}

fn oldest_first(customer: CustomerNumber) -> Select<change_file::Entity> {
    change_file::Entity::find()
        .filter(change_file::Column::Customer.eq(customer.get()))
        .order_by_asc(change_file::Column::ReceivedAt)
        .order_by_asc(change_file::Column::Id)
}

fn newest_first(customer: CustomerNumber) -> Select<change_file::Entity> {
    change_file::Entity::find()
        .filter(change_file::Column::Customer.eq(customer.get()))
        .order_by_desc(change_file::Column::ReceivedAt)
        .order_by_desc(change_file::Column::Id)
}

fn is_its_submission() -> Expr {
    Expr::col((submission::Entity, submission::Column::Id))
        .equals((change_file::Entity, change_file::Column::Submission))
}

fn read(row: change_file::Model) -> Result<ChangeFile, StoreError> {
    Ok(ChangeFile {
        id: row.id,
        customer: word(&row.customer.to_string(), |text| text.parse().ok())?,
        source: row.source,
        number: row.number,
        file_name: row.file_name,
        sha256: row.sha256,
        size: number(row.size, "a change file’s size")?,
        received_at: Timestamp(row.received_at),
        rehearsal: row.rehearsal,
        state: word(&row.state, FileState::from_slug)?,
        why: row.why.as_deref().map(serde_json::from_str).transpose()?,
        submission: row
            .submission
            .as_deref()
            .map(|id| word(id, SubmissionId::parse))
            .transpose()?,
        report_name: row.report_name,
        reported_at: row.reported_at.map(Timestamp),
    })
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn an_address_goes_out_of_a_text_in_any_case() {
        let told = r#"{"fault":"header-unknown","heading":"Ben@Health.example"}"#;
        let less = r#"{"fault":"header-unknown","heading":"…"}"#;
        assert_eq!(without(told, "ben@health.example"), less);
        assert_eq!(without(told, "jo@health.example"), told);
    }
}
