//! Which of some submissions somebody may look at.

use std::collections::HashSet;

use domain::{
    policy::Scope,
    values::ids::{AccountId, SubmissionId},
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::visible::{nowhere_outside, visible};
use crate::{StoreError, entities::submission, lists::padded, word};

/// Those of some submissions that lie in a scope; or that are somebody's own, with all of their places in sight.
///
/// # Errors
/// When the database fails.
pub async fn seen_among(
    db: &impl ConnectionTrait,
    scope: &Scope,
    own: Option<(AccountId, &Scope)>,
    ids: &[SubmissionId],
) -> Result<HashSet<SubmissionId>, StoreError> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let mut found = submission::Entity::find()
        .select_only()
        .column(submission::Column::Id)
        .filter(submission::Column::Id.is_in(padded(ids.iter().map(SubmissionId::as_str))));
    if !scope.everything {
        let mut seen = Condition::any().add(visible(scope));
        if let Some((actor, in_sight)) = own {
            let own = submission::Column::Actor.eq(actor.0);
            seen = seen.add(Condition::all().add(own).add(nowhere_outside(in_sight)));
        }
        found = found.filter(seen);
    }
    let found: Vec<String> = found.into_tuple().all(db).await?;
    found.iter().map(|id| word(id, SubmissionId::parse)).collect()
}
