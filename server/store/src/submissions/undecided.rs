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
    let waiting = submission::Entity::find()
        .filter(submission::Column::State.eq(State::Planned.slug()))
        .filter(through(SentBy::People)?)
        .filter(submission::Column::Actor.eq(sender.0))
        .filter(visible(scope))
        .order_by_asc(submission::Column::ReceivedAt)
        .order_by_asc(submission::Column::Id)
        .limit(limit);
    waiting.all(db).await?.into_iter().map(read).collect()
}
