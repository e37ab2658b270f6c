//! Lists of submissions, and those that wait for their askers.

use domain::{
    channel::Channel,
    policy::Scope,
    submission::State,
    values::ids::{AccountId, SubmissionId, Timestamp},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{ExprTrait, SimpleExpr},
};

use super::{SentBy, Submission, read, visible::visible};
use crate::{StoreError, entities::submission, trail::events::channel_word};

/// What was asked for by a form, or to be undone, and has waited for its asker's word since a moment or longer, at most
/// so much: since it was asked for, or went back to them.
///
/// # Errors
/// When the database fails.
pub async fn undecided_since(
    db: &impl ConnectionTrait,
    by: Timestamp,
    limit: u64,
) -> Result<Vec<Submission>, StoreError> {
    let (asked_at, confirmed_at) = (submission::Column::ReceivedAt, submission::Column::ConfirmedAt);
    let never_confirmed = confirmed_at.is_null().and(asked_at.lte(by.0));
    let found = submission::Entity::find()
        .filter(submission::Column::Channel.is_in([channel_word(Channel::Portal)?, channel_word(Channel::Undo)?]))
        .filter(submission::Column::State.eq(State::Planned.slug()))
        .filter(Condition::any().add(never_confirmed).add(confirmed_at.lte(by.0)))
        .order_by_asc(asked_at)
        .limit(limit);
    found.all(db).await?.into_iter().map(read).collect()
}

/// The uploads of a scope, their undos, imports of organisations and what machines sent, newest first, from behind a
/// reference on.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    by: SentBy,
    after: Option<&SubmissionId>,
    limit: u64,
) -> Result<Vec<Submission>, StoreError> {
    let newest_first = submission::Entity::find()
        .filter(visible(scope))
        .filter(through(by)?)
        .filter(behind(db, after).await?)
        .order_by_desc(submission::Column::ReceivedAt)
        .order_by_desc(submission::Column::Id);
    newest_first.limit(limit).all(db).await?.into_iter().map(read).collect()
}

/// Those that come behind another in a list with the newest first; all where there is no such other.
pub(super) async fn behind(db: &impl ConnectionTrait, last: Option<&SubmissionId>) -> Result<Condition, StoreError> {
    let last = match last {
        Some(last) => submission::Entity::find_by_id(last.as_str()).one(db).await?,
        None => None,
    };
    let Some(last) = last else { return Ok(Condition::all()) };
    let earlier = submission::Column::ReceivedAt.lt(last.received_at);
    let same = submission::Column::ReceivedAt
        .eq(last.received_at)
        .and(submission::Column::Id.lt(last.id));
    Ok(Condition::any().add(earlier).add(same))
}

/// What somebody had machines send, newest first, at most so much; where a scope is given, only what lies within it.
///
/// # Errors
/// When the database fails.
pub async fn sent_by(
    db: &impl ConnectionTrait,
    sender: AccountId,
    scope: Option<&Scope>,
    limit: u64,
) -> Result<Vec<Submission>, StoreError> {
    let mut sent = submission::Entity::find()
        .filter(submission::Column::Actor.eq(sender.0))
        .filter(through(SentBy::Machines)?);
    if let Some(scope) = scope {
        sent = sent.filter(visible(scope));
    }
    let newest_first = sent
        .order_by_desc(submission::Column::ReceivedAt)
        .order_by_desc(submission::Column::Id);
    newest_first.limit(limit).all(db).await?.into_iter().map(read).collect()
}

/// Those that came in as people, or machines, send them.
pub(super) fn through(by: SentBy) -> Result<SimpleExpr, StoreError> {
    let words: Result<Vec<_>, _> = by.channels().into_iter().map(channel_word).collect();
    Ok(submission::Column::Channel.is_in(words?))
}
