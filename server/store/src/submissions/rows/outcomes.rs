//! What becomes of rows: released by a confirmation, done, sent back for review, planned anew, forgotten.

use std::collections::HashSet;

use domain::{
    plan::{PlannedRow, RowKind},
    request::{Cells, ChangeRequest, Wish},
    submission::Outcome,
    values::ids::{RowNumber, SubmissionId},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    sea_query::{Alias, Expr, ExprTrait, IntoIden, Query, TableRef, ValueTuple},
};
use uuid::Uuid;

use super::{
    finding::problems,
    model,
    passwords::{has_secret, without_secret},
    row::{Row, read, stored},
};
use crate::{
    StoreError,
    entities::{submission_problem, submission_row},
    lists::{ROWS_A_STATEMENT, insert_all},
    number, submissions,
};

/// What a row came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The row.
    pub row: RowNumber,
    /// Whom it made or changed.
    pub subject: Option<Uuid>,
    /// The address a new account was given.
    pub address: Option<String>,
}

/// Keeps a row that was planned and applied in one.
///
/// # Errors
/// When the database fails.
pub async fn insert_done(
    db: &impl ConnectionTrait,
    id: &SubmissionId,
    request: &ChangeRequest,
    planned: &PlannedRow,
    applied: &Applied,
) -> Result<(), StoreError> {
    let mut row = model(id, request, planned, Outcome::Done)?;
    row.subject = applied.subject.or(row.subject);
    row.address.clone_from(&applied.address);
    insert_all(db, vec![row.into_active_model()]).await?;
    insert_all(db, problems(id, std::iter::once((request, planned)))).await
}

/// Releases a confirmed submission's open rows: those to be left out get their outcome, rows that were stale wait again.
///
/// # Errors
/// When the database fails.
pub async fn release(db: &impl ConnectionTrait, id: &SubmissionId, leave_out_warned: bool) -> Result<(), StoreError> {
    let own = submission_row::Column::Submission.eq(id.as_str());
    let is_open = submission_row::Column::Outcome.is_in([Outcome::Waiting.slug(), Outcome::Stale.slug()]);
    let set = |outcome: Outcome| {
        submission_row::Entity::update_many()
            .col_expr(submission_row::Column::Outcome, Expr::value(outcome.slug()))
            .filter(own.clone())
            .filter(is_open.clone())
    };
    set(Outcome::LeftOut)
        .filter(submission_row::Column::Kind.is_in([
            RowKind::Problem.slug(),
            RowKind::Kept.slug(),
            RowKind::Skipped.slug(),
        ]))
        .exec(db)
        .await?;
    if leave_out_warned {
        set(Outcome::LeftOut)
            .filter(submission_row::Column::Warned.eq(true))
            .exec(db)
            .await?;
    }
    set(Outcome::Waiting).exec(db).await?;
    Ok(())
}

/// Opens again the rows that were rejected, or skipped one by one: their submission goes back to review.
///
/// # Errors
/// When the database fails.
pub async fn reopen_problems(db: &impl ConnectionTrait, id: &SubmissionId) -> Result<(), StoreError> {
    submission_row::Entity::update_many()
        .col_expr(submission_row::Column::Outcome, Expr::value(Outcome::Waiting.slug()))
        .filter(submission_row::Column::Submission.eq(id.as_str()))
        .filter(submission_row::Column::Outcome.eq(Outcome::LeftOut.slug()))
        .filter(submission_row::Column::Kind.is_in([RowKind::Problem.slug(), RowKind::Skipped.slug()]))
        .exec(db)
        .await?;
    Ok(())
}

/// Gives every open row one outcome.
///
/// # Errors
/// When the database fails.
pub async fn close_all(db: &impl ConnectionTrait, id: &SubmissionId, outcome: Outcome) -> Result<(), StoreError> {
    submission_row::Entity::update_many()
        .col_expr(submission_row::Column::Outcome, Expr::value(outcome.slug()))
        .filter(submission_row::Column::Submission.eq(id.as_str()))
        .filter(submission_row::Column::Outcome.is_in([Outcome::Waiting.slug(), Outcome::Stale.slug()]))
        .exec(db)
        .await?;
    Ok(())
}

/// The rows that are not applied and will not be.
///
/// # Errors
/// When the database fails.
pub async fn left_out(db: &impl ConnectionTrait, id: &SubmissionId) -> Result<HashSet<RowNumber>, StoreError> {
    let numbers: Vec<i32> = submission_row::Entity::find()
        .select_only()
        .column(submission_row::Column::Row)
        .filter(submission_row::Column::Submission.eq(id.as_str()))
        .filter(submission_row::Column::Outcome.eq(Outcome::LeftOut.slug()))
        .into_tuple()
        .all(db)
        .await?;
    let row = |stored: i32| number(stored, "a row").map(RowNumber);
    numbers.into_iter().map(row).collect()
}

/// Marks applied rows done: whom they made or changed is written, what was asked and planned stays as it is.
///
/// # Errors
/// When the database fails.
pub async fn mark_done(
    db: &impl ConnectionTrait,
    id: &SubmissionId,
    applied: &[(Row, Applied)],
) -> Result<(), StoreError> {
    let (secret, plain): (Vec<_>, Vec<_>) = applied.iter().partition(|(row, _)| has_secret(&row.request));
    let mut rows = Vec::with_capacity(secret.len());
    for (row, applied) in secret {
        let mut done = model(id, &without_secret(&row.request), &row.planned, Outcome::Done)?;
        done.subject = applied.subject;
        done.address.clone_from(&applied.address);
        rows.push(done);
    }
    overwrite(db, id, rows).await?;
    let kept = plain.iter().filter(|(row, _)| !row.planned.kept.is_empty());
    forget_problems(db, id, kept.map(|(row, _)| stored(row.planned.row)).collect()).await?;
    let done = Alias::new("done");
    // What databases call the columns of such a list.
    let [number, subject, address] =
        ["column1", "column2", "column3"].map(|column| Expr::col((done.clone(), Alias::new(column))));
    for chunk in plain.chunks(ROWS_A_STATEMENT) {
        let values = chunk.iter().map(|(row, applied)| {
            ValueTuple::Three(
                stored(row.planned.row).into(),
                applied.subject.into(),
                applied.address.clone().into(),
            )
        });
        let update = Query::update()
            .table(submission_row::Entity)
            .from(TableRef::ValuesList(values.collect(), done.clone().into_iden()))
            .value(submission_row::Column::Outcome, Outcome::Done.slug())
            .value(submission_row::Column::Subject, subject.clone())
            .value(submission_row::Column::Address, address.clone())
            .and_where(submission_row::Column::Submission.eq(id.as_str()))
            .and_where(Expr::col((submission_row::Entity, submission_row::Column::Row)).eq(number.clone()))
            .to_owned();
        db.execute(&update).await?;
    }
    Ok(())
}

/// Puts rows whose truth has moved back for review, as they are planned now.
///
/// # Errors
/// When the database fails.
pub async fn mark_stale(
    db: &impl ConnectionTrait,
    id: &SubmissionId,
    moved: &[(Row, PlannedRow)],
) -> Result<(), StoreError> {
    let mut rows = Vec::with_capacity(moved.len());
    for (row, now) in moved {
        rows.push(model(id, &row.request, now, Outcome::Stale)?);
    }
    overwrite(db, id, rows).await?;
    let now = moved.iter().map(|(row, now)| (&row.request, now));
    insert_all(db, problems(id, now)).await
}

/// Puts open rows back as they are asked and planned now.
///
/// # Errors
/// When the database fails.
pub async fn replan(
    db: &impl ConnectionTrait,
    id: &SubmissionId,
    open: &[Row],
    planned: &[PlannedRow],
) -> Result<(), StoreError> {
    let mut rows = Vec::with_capacity(open.len());
    for (row, now) in open.iter().zip(planned) {
        rows.push(model(id, &row.request, now, row.outcome)?);
    }
    overwrite(db, id, rows).await?;
    let now = open.iter().map(|row| &row.request).zip(planned);
    insert_all(db, problems(id, now)).await
}

async fn overwrite(
    db: &impl ConnectionTrait,
    id: &SubmissionId,
    rows: Vec<submission_row::Model>,
) -> Result<(), StoreError> {
    let numbers: Vec<_> = rows.iter().map(|row| row.row).collect();
    forget_problems(db, id, numbers.clone()).await?;
    submission_row::Entity::delete_many()
        .filter(
            submission_row::Column::Submission
                .eq(id.as_str())
                .and(submission_row::Column::Row.is_in(numbers)),
        )
        .exec(db)
        .await?;
    insert_all(db, rows.into_iter().map(IntoActiveModel::into_active_model).collect()).await
}

async fn forget_problems(db: &impl ConnectionTrait, id: &SubmissionId, rows: Vec<i32>) -> Result<(), StoreError> {
    submission_problem::Entity::delete_many()
        .filter(
            submission_problem::Column::Submission
                .eq(id.as_str())
                .and(submission_problem::Column::Row.is_in(rows)),
        )
        .exec(db)
        .await?;
    Ok(())
}

/// Takes what was asked and planned about people who are forgotten out of the rows that were about them.
pub(crate) async fn forget(db: &impl ConnectionTrait, people: &[Uuid]) -> Result<(), StoreError> {
    let about = submission_row::Entity::find().filter(submission_row::Column::Subject.is_in(people.iter().copied()));
    for row in about.all(db).await? {
        submissions::forget_title(db, &row.submission).await?;
        let forgotten = Row {
            request: ChangeRequest {
                row: RowNumber(number(row.row, "a row")?),
                wish: Wish::AccountInFile(Cells::of([])),
                promised: None,
            },
            ..read(row.clone())?
        };
        let planned = PlannedRow {
            name: submissions::FORGOTTEN.to_owned(),
            step: forgotten.planned.step.forgotten(),
            warnings: vec![],
            kept: vec![],
            overwrites: vec![],
            matched: None,
            ..forgotten.planned
        };
        submission_problem::Entity::delete_many()
            .filter(submission_problem::Column::Submission.eq(row.submission.as_str()))
            .filter(submission_problem::Column::Row.eq(row.row))
            .exec(db)
            .await?;
        let mut changed = row.into_active_model();
        changed.request = Set(serde_json::to_string(&forgotten.request)?);
        changed.planned = Set(serde_json::to_string(&planned)?);
        changed.address = Set(None);
        changed.words = Set(String::new());
        changed.update(db).await?;
    }
    Ok(())
}

/// Notes whom rows made, where that was not known when they were kept.
///
/// # Errors
/// When the database fails.
pub async fn set_subjects(db: &impl ConnectionTrait, id: &SubmissionId, applied: &[Applied]) -> Result<(), StoreError> {
    for made in applied {
        let Some(subject) = made.subject else { continue };
        submission_row::Entity::update_many()
            .col_expr(submission_row::Column::Subject, Expr::value(subject))
            .filter(submission_row::Column::Submission.eq(id.as_str()))
            .filter(submission_row::Column::Row.eq(stored(made.row)))
            .filter(submission_row::Column::Subject.is_null())
            .exec(db)
            .await?;
    }
    Ok(())
}
