//! Which submissions undo another.

use domain::{policy::Scope, values::ids::SubmissionId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{Submission, read, visible::visible};
use crate::{StoreError, entities::submission};

/// The submissions of a scope that undo another, newest first.
///
/// # Errors
/// When the database fails.
pub async fn undos_of(
    db: &impl ConnectionTrait,
    scope: &Scope,
    undone: &SubmissionId,
) -> Result<Vec<Submission>, StoreError> {
    let found = submission::Entity::find()
        .filter(visible(scope))
        .filter(submission::Column::Undoes.eq(undone.as_str()))
        .order_by_desc(submission::Column::ReceivedAt)
        .order_by_desc(submission::Column::Id);
    found.all(db).await?.into_iter().map(read).collect()
}
