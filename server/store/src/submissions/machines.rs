//! What machines sent and waits for an administrator, or has ended.

use domain::{
    channel::Channel,
    organisation::OrganisationPath,
    policy::Scope,
    submission::State,
    values::ids::{AccountId, SubmissionId, Timestamp},
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{
    SentBy, Submission,
    listing::{behind, through},
    read,
    visible::{nowhere_outside, visible},
};
use crate::{
    StoreError,
    entities::{submission, submission_scope},
    trail::events::channel_word,
};

/// How it is stored that nothing is touched suspiciously often.
const NO_TOUCHES: &str = "[]";

/// Returns what machines sent and waits for an administrator of a scope, oldest first, at most so much.
///
/// # Errors
/// When the database fails.
pub async fn held(db: &impl ConnectionTrait, scope: &Scope, limit: u64) -> Result<Vec<Submission>, StoreError> {
    let waiting = submission::Entity::find()
        .filter(is_held()?)
        .filter(visible(scope))
        .order_by_asc(submission::Column::ReceivedAt)
        .order_by_asc(submission::Column::Id)
        .limit(limit);
    waiting.all(db).await?.into_iter().map(read).collect()
}

/// Returns what machines sent and has waited for an administrator since a moment or longer, at most so much: since it was
/// sent, or since rows went back to review.
///
/// # Errors
/// When the database fails.
pub async fn held_since(db: &impl ConnectionTrait, by: Timestamp, limit: u64) -> Result<Vec<Submission>, StoreError> {
    let (sent_at, confirmed_at) = (submission::Column::ReceivedAt, submission::Column::ConfirmedAt);
    let never_confirmed = Condition::all().add(confirmed_at.is_null()).add(sent_at.lte(by.0));
    let waiting = submission::Entity::find()
        .filter(is_held()?)
        .filter(Condition::any().add(never_confirmed).add(confirmed_at.lte(by.0)))
        .order_by_asc(sent_at)
        .limit(limit);
    waiting.all(db).await?.into_iter().map(read).collect()
}

/// As [`Submission::is_held`].
fn is_held() -> Result<Condition, StoreError> {
    let waits_for_run = Channel::PUBLISHED.into_iter().filter(|channel| channel.waits_for_run());
    let waits_for_run: Vec<_> = waits_for_run.map(channel_word).collect::<Result<_, _>>()?;
    let waits_for_nobody = Condition::all()
        .add(submission::Column::Channel.is_in(waits_for_run))
        .add(submission::Column::Touches.eq(NO_TOUCHES));
    Ok(Condition::all()
        .add(submission::Column::State.eq(State::Planned.slug()))
        .add(through(SentBy::Machines)?)
        .add(waits_for_nobody.not()))
}

/// Returns what machines sent for places of a scope and ended behind one moment, up to another; rehearsals do not count.
///
/// # Errors
/// When the database fails.
pub async fn finished_between(
    db: &impl ConnectionTrait,
    scope: &Scope,
    after: Timestamp,
    through_moment: Timestamp,
) -> Result<Vec<Submission>, StoreError> {
    let ended = submission::Entity::find()
        .filter(submission::Column::FinishedAt.gt(after.0))
        .filter(submission::Column::FinishedAt.lte(through_moment.0))
        .filter(submission::Column::Rehearsal.eq(false))
        .filter(through(SentBy::Machines)?)
        .filter(visible(scope));
    ended.all(db).await?.into_iter().map(read).collect()
}

/// Returns what somebody sent through one channel, for places that all lie within what they see, newest first, from behind
/// a reference on, at most so much.
///
/// # Errors
/// When the database fails.
pub async fn sent_through(
    db: &impl ConnectionTrait,
    seen: &Scope,
    sender: AccountId,
    channel: Channel,
    after: Option<&SubmissionId>,
    limit: u64,
) -> Result<Vec<Submission>, StoreError> {
    let sent = submission::Entity::find()
        .filter(submission::Column::Actor.eq(sender.0))
        .filter(submission::Column::Channel.eq(channel_word(channel)?))
        .filter(nowhere_outside(seen))
        .filter(behind(db, after).await?)
        .order_by_desc(submission::Column::ReceivedAt)
        .order_by_desc(submission::Column::Id)
        .limit(limit);
    sent.all(db).await?.into_iter().map(read).collect()
}

/// Returns the places that a submission is sent for; a unit's stands behind the path of its organisation.
///
/// # Errors
/// When the database fails.
pub async fn places_of(db: &impl ConnectionTrait, id: &SubmissionId) -> Result<Vec<OrganisationPath>, StoreError> {
    let places = submission_scope::Entity::find()
        .filter(submission_scope::Column::Submission.eq(id.as_str()))
        .order_by_asc(submission_scope::Column::Path);
    let places = places.all(db).await?.into_iter();
    Ok(places.map(|place| OrganisationPath::stored(place.path)).collect())
}
