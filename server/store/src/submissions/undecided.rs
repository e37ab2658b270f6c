//! Files that wait for the person who sent them.

use domain::{policy::Scope, submission::State, values::ids::AccountId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{SentBy, Submission, listing::through, read, visible};
use crate::{StoreError, entities::submission};

/// Returns the files of a scope, and the undos of files, that somebody sent and has not decided on, oldest first, at most so many.
///
/// # Errors
/// When the database fails.
pub async fn undecided_of(
    db: &impl ConnectionTrait,
    scope: &Scope,
    sender: AccountId,
    limit: u64,
) -> Result<Vec<Submission>, StoreError> {
    in_state(db, State::Planned, scope, sender, limit).await
}

/// Returns the files of a scope that somebody sent, that could not be read and are still kept, oldest first, at most so many.
///
/// # Errors
/// When the database fails.
pub async fn unreadable_of(
    db: &impl ConnectionTrait,
    scope: &Scope,
    sender: AccountId,
    limit: u64,
) -> Result<Vec<Submission>, StoreError> {
    in_state(db, State::Unreadable, scope, sender, limit).await
}

async fn in_state(
    db: &impl ConnectionTrait,
    state: State,
    scope: &Scope,
    sender: AccountId,
    limit: u64,
) -> Result<Vec<Submission>, StoreError> {
    let mut waiting = submission::Entity::find()
        .filter(submission::Column::State.eq(state.slug()))
        .filter(through(SentBy::People)?)
        .filter(submission::Column::Actor.eq(sender.0))
        .filter(visible(scope))
        .order_by_asc(submission::Column::ReceivedAt)
        .order_by_asc(submission::Column::Id)
        .limit(limit);
    if state == State::Unreadable {
        waiting = waiting.filter(submission::Column::FileGone.eq(false));
    }
    waiting.all(db).await?.into_iter().map(read).collect()
}
