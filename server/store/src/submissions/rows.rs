//! A submission's rows: what was asked, what is planned, what became of it. Shown a page at a time, applied in chunks.

mod finding;
mod outcomes;
mod passwords;
mod places;
mod row;

use domain::{
    plan::{PlannedRow, RowKind},
    request::ChangeRequest,
    submission::{Outcome, Tally, Totals},
    values::{
        ids::{RowNumber, SubmissionId},
        text,
    },
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select, sea_query::LikeExpr,
};
use uuid::Uuid;

pub(crate) use self::outcomes::forget;
pub use self::{
    finding::{
        KEPT, Shared, alike, changed_accounts, created_accounts, kept, others_alike, relatives, shared_problems,
    },
    outcomes::{
        Applied, close_all, insert_done, left_out, mark_done, mark_stale, release, reopen_problems, replan,
        set_subjects,
    },
    passwords::{drop_passwords, drop_secrets, keep_hashes, passwords_of_others, unhashed},
    places::{open_totals_of, organisations, supersede, superseded_for},
    row::Row,
};
use self::{
    finding::{problems, words},
    row::{read, stored},
};
use crate::{
    StoreError,
    directory::scope::escaped,
    entities::{role_grant, submission_problem, submission_row},
    lists::{insert_all, padded},
    word,
};

/// Which rows a page shows.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only rows of this kind; of those skipped, also the ones that were skipped all at once.
    pub kind: Option<RowKind>,
    /// Only rows with this outcome.
    pub outcome: Option<Outcome>,
    /// Only rows with something that must be seen.
    pub warned: bool,
    /// Only rows that still wait for a confirmation.
    pub open: bool,
    /// Only rows behind this one.
    pub after: Option<RowNumber>,
    /// Only rows with the problem of this key, as [`shared_problems`] gives it.
    pub problem: Option<String>,
    /// Only rows in which this stands, in whatever case and with or without accents.
    pub words: String,
}

/// Keeps rows as planned.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    db: &impl ConnectionTrait,
    id: &SubmissionId,
    requests: &[ChangeRequest],
    planned: &[PlannedRow],
) -> Result<(), StoreError> {
    let mut rows = Vec::with_capacity(planned.len());
    for (request, planned) in requests.iter().zip(planned) {
        rows.push(model(id, request, planned, Outcome::Waiting)?.into_active_model());
    }
    insert_all(db, rows).await?;
    insert_all(db, problems(id, requests.iter().zip(planned))).await
}

/// Rows that do something to somebody who holds a role at this moment, at most so many.
///
/// # Errors
/// When the database fails.
pub async fn of_role_holders(db: &impl ConnectionTrait, id: &SubmissionId, limit: u64) -> Result<Vec<Row>, StoreError> {
    let holders = role_grant::Entity::find()
        .select_only()
        .column(role_grant::Column::Account)
        .into_query();
    let rows = submission_row::Entity::find()
        .filter(submission_row::Column::Submission.eq(id.as_str()))
        .filter(submission_row::Column::Subject.in_subquery(holders))
        .filter(submission_row::Column::Kind.is_in([RowKind::Create.slug(), RowKind::Update.slug()]))
        .limit(limit);
    rows.all(db).await?.into_iter().map(read).collect()
}

/// Takes all rows away, so that a check that was cut short starts afresh.
///
/// # Errors
/// When the database fails.
pub async fn clear(db: &impl ConnectionTrait, id: &SubmissionId) -> Result<(), StoreError> {
    submission_problem::Entity::delete_many()
        .filter(submission_problem::Column::Submission.eq(id.as_str()))
        .exec(db)
        .await?;
    submission_row::Entity::delete_many()
        .filter(submission_row::Column::Submission.eq(id.as_str()))
        .exec(db)
        .await?;
    Ok(())
}

/// A page of rows in the file's order.
///
/// # Errors
/// When the database fails.
pub async fn page(
    db: &impl ConnectionTrait,
    id: &SubmissionId,
    filter: Filter,
    limit: u64,
) -> Result<Vec<Row>, StoreError> {
    let mut rows = submission_row::Entity::find().filter(submission_row::Column::Submission.eq(id.as_str()));
    match filter.kind {
        Some(RowKind::Skipped) => rows = rows.filter(skipped()),
        Some(kind) => rows = rows.filter(submission_row::Column::Kind.eq(kind.slug())),
        None => {}
    }
    if let Some(outcome) = filter.outcome {
        rows = rows.filter(submission_row::Column::Outcome.eq(outcome.slug()));
    }
    if filter.warned {
        rows = rows.filter(submission_row::Column::Warned.eq(true));
    }
    if filter.open {
        let open = [Outcome::Waiting.slug(), Outcome::Stale.slug()];
        rows = rows.filter(submission_row::Column::Outcome.is_in(open));
    }
    if let Some(key) = &filter.problem {
        let shared = submission_problem::Entity::find()
            .select_only()
            .column(submission_problem::Column::Row)
            .filter(submission_problem::Column::Submission.eq(id.as_str()))
            .filter(submission_problem::Column::Key.eq(key.as_str()))
            .into_query();
        rows = rows.filter(submission_row::Column::Row.in_subquery(shared));
    }
    let words = text::fold(&filter.words);
    if words.is_empty() && !filter.words.trim().is_empty() {
        // Signs that no row is found by, in which every row would be.
        return Ok(vec![]);
    }
    if !words.is_empty() {
        let like = LikeExpr::new(format!("%{}%", escaped(&words))).escape('\\');
        rows = rows.filter(submission_row::Column::Words.like(like));
    }
    if let Some(RowNumber(after)) = filter.after {
        rows = rows.filter(submission_row::Column::Row.gt(after));
    }
    let rows = rows
        .order_by_asc(submission_row::Column::Row)
        .limit(limit)
        .all(db)
        .await?;
    rows.into_iter().map(read).collect()
}

/// Rows that could be applied and were not: their sender has skipped them, one by one or all at once, or has stopped. As
/// [`Totals::skipped`] counts them.
fn skipped() -> Condition {
    let stopped = Condition::all()
        .add(submission_row::Column::Outcome.eq(Outcome::LeftOut.slug()))
        .add(submission_row::Column::Kind.is_not_in([RowKind::Problem.slug(), RowKind::Kept.slug()]));
    Condition::any()
        .add(submission_row::Column::Kind.eq(RowKind::Skipped.slug()))
        .add(stopped)
}

/// The next rows that a confirmation has released and that have no outcome yet.
///
/// # Errors
/// When the database fails.
pub async fn next_waiting(db: &impl ConnectionTrait, id: &SubmissionId, limit: u64) -> Result<Vec<Row>, StoreError> {
    let waiting = submission_row::Entity::find()
        .filter(submission_row::Column::Submission.eq(id.as_str()))
        .filter(submission_row::Column::Outcome.eq(Outcome::Waiting.slug()))
        .order_by_asc(submission_row::Column::Row)
        .limit(limit);
    waiting.all(db).await?.into_iter().map(read).collect()
}

/// One row.
///
/// # Errors
/// When the database fails.
pub async fn get(db: &impl ConnectionTrait, id: &SubmissionId, row: RowNumber) -> Result<Option<Row>, StoreError> {
    let Ok(number) = i32::try_from(row.0) else {
        return Ok(None);
    };
    let found = submission_row::Entity::find_by_id((id.to_string(), number))
        .one(db)
        .await?;
    found.map(read).transpose()
}

/// Some rows of a submission, in no order.
///
/// # Errors
/// When the database fails.
pub async fn numbered(
    db: &impl ConnectionTrait,
    id: &SubmissionId,
    numbers: &[RowNumber],
) -> Result<Vec<Row>, StoreError> {
    let mut found = Vec::with_capacity(numbers.len());
    for some in numbers.chunks(1_000) {
        let own = submission_row::Entity::find()
            .filter(submission_row::Column::Submission.eq(id.as_str()))
            .filter(submission_row::Column::Row.is_in(padded(some.iter().map(|row| stored(*row)))));
        for row in own.all(db).await? {
            found.push(read(row)?);
        }
    }
    Ok(found)
}

/// Counts rows by kind, outcome and warning.
///
/// # Errors
/// When the database fails.
pub async fn totals(db: &impl ConnectionTrait, id: &SubmissionId) -> Result<Totals, StoreError> {
    let all = submission_row::Entity::find().filter(submission_row::Column::Submission.eq(id.as_str()));
    let mut tallies = tallied(db, all).await?;
    tallies.sort_by_key(|tally| (tally.kind.slug(), tally.outcome.slug(), tally.warned));
    Ok(Totals(tallies))
}

/// Counts some rows by kind, outcome and warning.
async fn tallied(db: &impl ConnectionTrait, of: Select<submission_row::Entity>) -> Result<Vec<Tally>, StoreError> {
    let counted = of
        .select_only()
        .columns([
            submission_row::Column::Kind,
            submission_row::Column::Outcome,
            submission_row::Column::Warned,
        ])
        .column_as(submission_row::Column::Row.count(), "rows")
        .group_by(submission_row::Column::Kind)
        .group_by(submission_row::Column::Outcome)
        .group_by(submission_row::Column::Warned)
        .into_model::<Counted>();
    let mut tallies = Vec::new();
    for row in counted.all(db).await? {
        tallies.push(Tally {
            kind: word(&row.kind, RowKind::from_slug)?,
            outcome: word(&row.outcome, Outcome::from_slug)?,
            warned: row.warned,
            rows: u32::try_from(row.rows).unwrap_or(u32::MAX),
        });
    }
    Ok(tallies)
}

/// Which of these people this submission itself has made so far.
///
/// # Errors
/// When the database fails.
pub async fn made_by(db: &impl ConnectionTrait, id: &SubmissionId, people: Vec<Uuid>) -> Result<Vec<Uuid>, StoreError> {
    let own = submission_row::Entity::find()
        .filter(submission_row::Column::Submission.eq(id.as_str()))
        .filter(submission_row::Column::Outcome.eq(Outcome::Done.slug()))
        .filter(submission_row::Column::Kind.eq(RowKind::Create.slug()))
        .filter(submission_row::Column::Subject.is_in(people));
    Ok(own.all(db).await?.into_iter().filter_map(|row| row.subject).collect())
}

/// Whom the applied rows of one kind were about, in the file's order, at most so many.
///
/// # Errors
/// When the database fails.
pub async fn subjects(
    db: &impl ConnectionTrait,
    id: &SubmissionId,
    kind: RowKind,
    limit: u64,
) -> Result<Vec<Uuid>, StoreError> {
    let done = submission_row::Entity::find()
        .filter(submission_row::Column::Submission.eq(id.as_str()))
        .filter(submission_row::Column::Outcome.eq(Outcome::Done.slug()))
        .filter(submission_row::Column::Kind.eq(kind.slug()))
        .order_by_asc(submission_row::Column::Row)
        .limit(limit);
    Ok(done.all(db).await?.into_iter().filter_map(|row| row.subject).collect())
}

/// The rows of a submission that a filter names, in the file's order, a page at a time.
pub struct Pages<'a> {
    id: &'a SubmissionId,
    filter: Filter,
    at_once: u64,
}

impl<'a> Pages<'a> {
    /// Reads from the first row on, or behind the one that the filter names.
    #[must_use]
    pub const fn of(id: &'a SubmissionId, filter: Filter, at_once: u64) -> Self {
        Self { id, filter, at_once }
    }

    /// The next page; none behind the last row.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next(&mut self, db: &impl ConnectionTrait) -> Result<Option<Vec<Row>>, StoreError> {
        let rows = page(db, self.id, self.filter.clone(), self.at_once).await?;
        let Some(last) = rows.last() else { return Ok(None) };
        self.filter.after = Some(last.planned.row);
        Ok(Some(rows))
    }
}

/// Reads all rows in the file's order, a stretch at a time, and hands each stretch on.
///
/// # Errors
/// When the database fails.
pub async fn for_each(
    db: &impl ConnectionTrait,
    id: &SubmissionId,
    mut each: impl FnMut(Vec<Row>),
) -> Result<(), StoreError> {
    const STRETCH: u64 = 1000;
    let mut pages = Pages::of(id, Filter::default(), STRETCH);
    while let Some(rows) = pages.next(db).await? {
        each(rows);
    }
    Ok(())
}

fn model(
    id: &SubmissionId,
    request: &ChangeRequest,
    planned: &PlannedRow,
    outcome: Outcome,
) -> Result<submission_row::Model, StoreError> {
    Ok(submission_row::Model {
        submission: id.to_string(),
        row: stored(planned.row),
        kind: planned.step.kind().slug().to_owned(),
        outcome: outcome.slug().to_owned(),
        warned: planned.is_asked_about(request),
        request: serde_json::to_string(planned.kept_request(request).as_ref())?,
        planned: serde_json::to_string(planned)?,
        // Also of a row that is left out: it is forgotten together with its person.
        subject: planned
            .step
            .subject()
            .or(request.wish.account().map(|account| account.0))
            .or(planned.matched.as_ref().map(|matched| matched.account.0)),
        address: None,
        words: words(request, planned),
    })
}

#[derive(FromQueryResult)]
struct Counted {
    kind: String,
    outcome: String,
    warned: bool,
    rows: i64,
}
