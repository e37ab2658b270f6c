//! Writing and reading the events.

use domain::{
    channel::Channel,
    event::{Event, Fact},
    ids::{AccountId, RowNumber, SubmissionId, Timestamp},
    organisation::OrganisationCode,
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::{StoreError, entities::event, project::insert_all, word};

pub(crate) async fn append(db: &impl ConnectionTrait, events: &[Event]) -> Result<(), StoreError> {
    let mut rows = Vec::with_capacity(events.len());
    for new in events {
        rows.push(event::ActiveModel {
            seq: NotSet,
            at: Set(new.at.0),
            submission: Set(new.submission.to_string()),
            row: Set(i64::from(new.row.0)),
            actor: Set(new.actor.map(|actor| actor.0)),
            actor_name: Set(new.actor_name.clone()),
            channel: Set(channel_word(new.channel)?),
            organisation: Set(new.fact.organisation().to_string()),
            other_organisation: Set(new.fact.other_organisation().map(ToString::to_string)),
            subject: Set(new.fact.subject()),
            fact: Set(serde_json::to_string(&new.fact)?),
        });
    }
    insert_all(db, rows).await
}

/// What happened to one person or organisation, newest first, at most so many. Whether the asker may see the subject is
/// settled before.
///
/// # Errors
/// When the database fails.
pub async fn of_subject(db: &impl ConnectionTrait, subject: &str, limit: u64) -> Result<Vec<Event>, StoreError> {
    let own = event::Entity::find()
        .filter(event::Column::Subject.eq(subject))
        .order_by_desc(event::Column::Seq)
        .limit(limit);
    own.all(db).await?.into_iter().map(read).collect()
}

/// What happened to one of these organisations and their people, newest first; on from behind an event.
///
/// # Errors
/// When the database fails.
pub async fn of_organisation(
    db: &impl ConnectionTrait,
    code: &OrganisationCode,
    before: Option<i64>,
    limit: u64,
) -> Result<Vec<(i64, Event)>, StoreError> {
    let own = Condition::any()
        .add(event::Column::Organisation.eq(code.as_str()))
        .add(event::Column::OtherOrganisation.eq(code.as_str()));
    let mut found = event::Entity::find().filter(own).order_by_desc(event::Column::Seq);
    if let Some(before) = before {
        found = found.filter(event::Column::Seq.lt(before));
    }
    let rows = found.limit(limit).all(db).await?;
    rows.into_iter().map(|row| Ok((row.seq, read(row)?))).collect()
}

/// Takes everything personal out of the events about people who are forgotten.
pub(crate) async fn forget(db: &impl ConnectionTrait, people: &[Uuid]) -> Result<(), StoreError> {
    rewrite(db, people, Fact::forgotten).await
}

/// Takes the addresses that are free again out of the events about those who held them.
pub(crate) async fn forget_addresses(db: &impl ConnectionTrait, people: &[Uuid]) -> Result<(), StoreError> {
    rewrite(db, people, Fact::without_addresses).await
}

async fn rewrite(db: &impl ConnectionTrait, people: &[Uuid], less: fn(Fact) -> Fact) -> Result<(), StoreError> {
    let subjects = people.iter().map(ToString::to_string);
    let about = event::Entity::find().filter(event::Column::Subject.is_in(subjects));
    for row in about.all(db).await? {
        let fact: Fact = serde_json::from_str(&row.fact)?;
        let mut row = row.into_active_model();
        row.fact = Set(serde_json::to_string(&less(fact))?);
        row.update(db).await?;
    }
    Ok(())
}

/// Every event there is, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Event>, StoreError> {
    event::Entity::find()
        .order_by_asc(event::Column::Seq)
        .all(db)
        .await?
        .into_iter()
        .map(read)
        .collect()
}

fn read(row: event::Model) -> Result<Event, StoreError> {
    Ok(Event {
        at: Timestamp(row.at),
        submission: word(&row.submission, SubmissionId::parse)?,
        row: RowNumber(u32::try_from(row.row).unwrap_or_default()),
        actor: row.actor.map(AccountId),
        actor_name: row.actor_name,
        channel: channel(&row.channel)?,
        fact: serde_json::from_str(&row.fact)?,
    })
}

pub(crate) fn channel_word(channel: Channel) -> Result<String, StoreError> {
    match serde_json::to_value(channel)? {
        serde_json::Value::String(word) => Ok(word),
        other => Err(StoreError::Unreadable(other.to_string())),
    }
}

pub(crate) fn channel(text: &str) -> Result<Channel, StoreError> {
    Ok(serde_json::from_value(serde_json::Value::String(text.to_owned()))?)
}
