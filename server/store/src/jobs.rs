//! Jobs: work to be done on a submission by whichever worker is free. A worker that dies loses its claim after a while.

use domain::values::ids::{SubmissionId, Timestamp};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, LockBehavior, LockType, SimpleExpr},
};

use crate::{StoreError, entities::job, word};

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Read the file and plan its rows.
    Check,
    /// Apply the confirmed rows.
    Apply,
}

impl Task {
    /// Its word in the table, and in logs.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Apply => "apply",
        }
    }
}

/// A job that a worker has claimed.
#[derive(Clone, Debug)]
pub struct Job {
    id: i64,
    worker: String,
    /// What is to be done.
    pub task: Task,
    /// On which submission.
    pub submission: SubmissionId,
    /// How often it was claimed, this time included.
    pub attempts: u32,
}

/// Puts a job in line, as part of the change that makes it necessary.
///
/// # Errors
/// When the database fails.
pub async fn enqueue(
    db: &impl ConnectionTrait,
    task: Task,
    submission: &SubmissionId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let new = job::ActiveModel {
        id: NotSet,
        task: Set(task.slug().to_owned()),
        submission: Set(submission.to_string()),
        worker: Set(None),
        run_after: Set(now.0),
        attempts: Set(0),
    };
    job::Entity::insert(new).exec_without_returning(db).await?;
    Ok(())
}

/// As [`enqueue`], already claimed, for so long, by a worker who begins at once.
///
/// # Errors
/// When the database fails.
pub async fn enqueue_claimed(
    db: &impl ConnectionTrait,
    task: Task,
    submission: &SubmissionId,
    worker: String,
    until: Timestamp,
) -> Result<Job, StoreError> {
    let new = job::ActiveModel {
        id: NotSet,
        task: Set(task.slug().to_owned()),
        submission: Set(submission.to_string()),
        worker: Set(Some(worker.clone())),
        run_after: Set(until.0),
        attempts: Set(1),
    };
    let row = new.insert(db).await?;
    Ok(Job {
        id: row.id,
        worker,
        task,
        submission: submission.clone(),
        attempts: 1,
    })
}

/// Whether any job is due; cheap enough to ask often.
///
/// # Errors
/// When the database fails.
pub async fn any_due(db: &impl ConnectionTrait, now: Timestamp) -> Result<bool, StoreError> {
    Ok(job::Entity::find()
        .filter(job::Column::RunAfter.lte(now.0))
        .one(db)
        .await?
        .is_some())
}

/// Claims the job that has waited longest, if any is due: one nobody works on, or whose worker fell silent. The claim
/// lasts for so long without being renewed.
///
/// # Errors
/// When the database fails.
pub async fn claim(
    db: &impl ConnectionTrait,
    worker: &str,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<Job>, StoreError> {
    let due = job::Entity::find()
        .filter(job::Column::RunAfter.lte(now.0))
        .order_by_asc(job::Column::RunAfter)
        .order_by_asc(job::Column::Id)
        .limit(1)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    let Some(row) = due.one(db).await? else { return Ok(None) };
    let attempts = row.attempts + 1;
    let mut claimed = row.into_active_model();
    claimed.worker = Set(Some(worker.to_owned()));
    claimed.run_after = Set(until.0);
    claimed.attempts = Set(attempts);
    let row = claimed.update(db).await?;
    let task = word(&row.task, |slug| {
        [Task::Check, Task::Apply].into_iter().find(|task| task.slug() == slug)
    })?;
    let submission = word(&row.submission, SubmissionId::parse)?;
    Ok(Some(Job {
        id: row.id,
        worker: worker.to_owned(),
        task,
        submission,
        attempts: attempts.unsigned_abs(),
    }))
}

/// Renews a claim; false when another worker has taken the job over, and this one must stop.
///
/// # Errors
/// When the database fails.
pub async fn renew(db: &impl ConnectionTrait, job: &Job, until: Timestamp) -> Result<bool, StoreError> {
    let claim = job::Entity::update_many().col_expr(job::Column::RunAfter, Expr::value(until.0));
    let renewed = claim.filter(is_claimed_by(job)).exec(db).await?;
    Ok(renewed.rows_affected == 1)
}

/// As [`renew`], once a part of the job is done for good: how often it was begun before counts no more.
///
/// # Errors
/// When the database fails.
pub async fn get_on(db: &impl ConnectionTrait, job: &Job, until: Timestamp) -> Result<bool, StoreError> {
    let claim = job::Entity::update_many()
        .col_expr(job::Column::RunAfter, Expr::value(until.0))
        .col_expr(job::Column::Attempts, Expr::value(0));
    let renewed = claim.filter(is_claimed_by(job)).exec(db).await?;
    Ok(renewed.rows_affected == 1)
}

fn is_claimed_by(job: &Job) -> SimpleExpr {
    let claim = job::Column::Id.eq(job.id);
    claim.and(job::Column::Worker.eq(job.worker.as_str()))
}

/// Leaves what is to be done on a submission alone until [`resume`]; a worker at it loses its claim.
///
/// # Errors
/// When the database fails.
pub async fn pause(db: &impl ConnectionTrait, submission: &SubmissionId) -> Result<(), StoreError> {
    put_off(db, submission, i64::MAX).await
}

/// Goes on with what was paused.
///
/// # Errors
/// When the database fails.
pub async fn resume(db: &impl ConnectionTrait, submission: &SubmissionId, now: Timestamp) -> Result<(), StoreError> {
    put_off(db, submission, now.0).await
}

async fn put_off(db: &impl ConnectionTrait, submission: &SubmissionId, until: i64) -> Result<(), StoreError> {
    job::Entity::update_many()
        .col_expr(job::Column::RunAfter, Expr::value(until))
        .col_expr(job::Column::Worker, Expr::value(None::<String>))
        .col_expr(job::Column::Attempts, Expr::value(0))
        .filter(job::Column::Submission.eq(submission.as_str()))
        .exec(db)
        .await?;
    Ok(())
}

/// Takes what is still to be done on a submission out of line; a worker at it loses its claim.
///
/// # Errors
/// When the database fails.
pub async fn take_out(db: &impl ConnectionTrait, submission: &SubmissionId) -> Result<(), StoreError> {
    job::Entity::delete_many()
        .filter(job::Column::Submission.eq(submission.as_str()))
        .exec(db)
        .await?;
    Ok(())
}

/// Takes a finished job out of line.
///
/// # Errors
/// When the database fails.
pub async fn finish(db: &impl ConnectionTrait, job: &Job) -> Result<(), StoreError> {
    job::Entity::delete_by_id(job.id).exec(db).await?;
    Ok(())
}
