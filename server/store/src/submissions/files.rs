//! How long the files of submissions are kept, and which are of no more use.

use domain::{
    channel::Channel,
    layout::Layout,
    submission::State,
    values::ids::{SubmissionId, Timestamp},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use super::{Submission, pieces};
use crate::{
    StoreError,
    entities::{submission, submission_row},
    trail::events::channel_word,
    word,
};

/// Deletes a submission's file, and notes so with it.
///
/// # Errors
/// When the database fails.
pub async fn drop_file(db: &impl ConnectionTrait, submission: &mut Submission) -> Result<(), StoreError> {
    drop_all(db, &[submission.id.to_string()]).await?;
    submission.file_gone = true;
    submission.layout.notices.clear();
    Ok(())
}

/// Deletes the files in which somebody stands who is forgotten.
pub(crate) async fn drop_files_about(db: &impl ConnectionTrait, people: &[Uuid]) -> Result<(), StoreError> {
    let ids: Vec<String> = submission_row::Entity::find()
        .select_only()
        .distinct()
        .column(submission_row::Column::Submission)
        .filter(submission_row::Column::Subject.is_in(people.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    // What is still being read cannot do without its file; it is done with soon.
    let held = submission::Entity::find()
        .select_only()
        .column(submission::Column::Id)
        .filter(submission::Column::Id.is_in(ids))
        .filter(submission::Column::State.ne(State::Received.slug()));
    let ids: Vec<String> = held.into_tuple().all(db).await?;
    drop_all(db, &ids).await
}

async fn drop_all(db: &impl ConnectionTrait, ids: &[String]) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    pieces::delete_files(db, ids).await?;
    submission::Entity::update_many()
        .col_expr(submission::Column::FileGone, Expr::value(true))
        .filter(submission::Column::Id.is_in(ids.iter().map(String::as_str)))
        .exec(db)
        .await?;
    forget_notices(db, ids).await
}

/// Takes away what is told of how files were read: it quotes their cells, which hold names.
async fn forget_notices(db: &impl ConnectionTrait, ids: &[String]) -> Result<(), StoreError> {
    let layouts: Vec<(String, String)> = submission::Entity::find()
        .select_only()
        .columns([submission::Column::Id, submission::Column::Layout])
        .filter(submission::Column::Id.is_in(ids.iter().map(String::as_str)))
        .into_tuple()
        .all(db)
        .await?;
    for (id, layout) in layouts {
        let mut layout: Layout = serde_json::from_str(&layout)?;
        if layout.notices.is_empty() {
            continue;
        }
        layout.notices.clear();
        submission::Entity::update_many()
            .col_expr(submission::Column::Layout, Expr::value(serde_json::to_string(&layout)?))
            .filter(submission::Column::Id.eq(id))
            .exec(db)
            .await?;
    }
    Ok(())
}

/// Submissions whose file was of use for the last time at a moment or earlier, oldest first, at most so many: since they
/// ended, or, where nobody has decided on them, since they arrived.
///
/// # Errors
/// When the database fails.
pub async fn finished_files(
    db: &impl ConnectionTrait,
    by: Timestamp,
    limit: u64,
) -> Result<Vec<SubmissionId>, StoreError> {
    let (received_at, finished_at) = (submission::Column::ReceivedAt, submission::Column::FinishedAt);
    let undecided = finished_at.is_null().and(received_at.lte(by.0));
    let moving = [State::Received.slug(), State::Applying.slug()];
    let done = submission::Entity::find()
        .filter(submission::Column::FileGone.eq(false))
        .filter(submission::Column::State.is_not_in(moving))
        .filter(Condition::any().add(undecided).add(finished_at.lte(by.0)));
    ids(db, done, limit).await
}

/// Files that wait since a moment or longer to be told what their columns hold: nobody knows yet which of them hold passwords.
///
/// # Errors
/// When the database fails.
pub async fn unexplained_files(
    db: &impl ConnectionTrait,
    by: Timestamp,
    limit: u64,
) -> Result<Vec<SubmissionId>, StoreError> {
    let waiting = submission::Entity::find()
        .filter(submission::Column::FileGone.eq(false))
        .filter(submission::Column::State.eq(State::Unreadable.slug()))
        .filter(submission::Column::Channel.ne(channel_word(Channel::Portal)?))
        .filter(
            Condition::any()
                .add(submission::Column::FinishedAt.lte(by.0))
                .add(submission::Column::FinishedAt.is_null()),
        );
    ids(db, waiting, limit).await
}

async fn ids(
    db: &impl ConnectionTrait,
    of: Select<submission::Entity>,
    limit: u64,
) -> Result<Vec<SubmissionId>, StoreError> {
    let oldest = of.order_by_asc(submission::Column::ReceivedAt).limit(limit);
    let oldest = oldest.select_only().column(submission::Column::Id);
    let found: Vec<String> = oldest.into_tuple().all(db).await?;
    found.iter().map(|id| word(id, SubmissionId::parse)).collect()
}
