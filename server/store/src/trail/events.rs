//! Reading the events. They are written by the trail, whose numbers they bear (`trail.rs`).

use std::collections::HashMap;

use domain::{
    channel::Channel,
    dictionary::Attribute,
    event::{Event, Fact},
    organisation::OrganisationCode,
    policy::Scope,
    values::ids::{AccountId, RowNumber, SubmissionId, Timestamp},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait},
};

use uuid::Uuid;

use crate::{
    StoreError,
    directory::scope::organisations_within,
    entities::{event, organisation},
    lists::padded,
    number, word,
};

/// An event as a row, under a number of the trail.
pub(crate) fn row(number: i64, new: &Event, fact: String) -> Result<event::Model, StoreError> {
    Ok(event::Model {
        seq: number,
        at: new.at.0,
        submission: new.submission.to_string(),
        row: i64::from(new.row.0),
        actor: new.actor.map(|actor| actor.0),
        actor_name: new.actor_name.clone(),
        channel: channel_word(new.channel)?,
        organisation: new.fact.organisation().to_string(),
        other_organisation: new.fact.other_organisation().map(ToString::to_string),
        subject: new.fact.subject(),
        fact,
    })
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
    rows.into_iter().map(numbered).collect()
}

/// What a submission did, oldest first, from behind an event's number on.
///
/// # Errors
/// When the database fails.
pub async fn of_submission(
    db: &impl ConnectionTrait,
    id: &SubmissionId,
    after: i64,
    limit: u64,
) -> Result<Vec<(i64, Event)>, StoreError> {
    let own = event::Entity::find()
        .filter(event::Column::Submission.eq(id.as_str()))
        .filter(event::Column::Seq.gt(after))
        .order_by_asc(event::Column::Seq)
        .limit(limit);
    own.all(db).await?.into_iter().map(numbered).collect()
}

/// What happened to some people since an event, and that event itself, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn since(
    db: &impl ConnectionTrait,
    subjects: impl IntoIterator<Item = String>,
    first: i64,
) -> Result<Vec<(i64, Event)>, StoreError> {
    let later = event::Entity::find()
        .filter(event::Column::Subject.is_in(subjects))
        .filter(event::Column::Seq.gte(first))
        .order_by_asc(event::Column::Seq);
    later.all(db).await?.into_iter().map(numbered).collect()
}

/// The email addresses that accounts had at some time since a moment and have given up, by account, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn given_up_addresses(
    db: &impl ConnectionTrait,
    accounts: &[AccountId],
    since: Timestamp,
) -> Result<HashMap<AccountId, Vec<String>>, StoreError> {
    let mut given_up: HashMap<AccountId, Vec<String>> = HashMap::new();
    for some in accounts.chunks(500) {
        let facts: Vec<String> = event::Entity::find()
            .select_only()
            .column(event::Column::Fact)
            .filter(event::Column::Subject.is_in(padded(some.iter().map(ToString::to_string))))
            .filter(event::Column::At.gte(since.0))
            .order_by_desc(event::Column::Seq)
            .into_tuple()
            .all(db)
            .await?;
        for fact in facts {
            let fact: Fact = serde_json::from_str(&fact)?;
            let changed = fact
                .changes()
                .iter()
                .find(|change| change.attribute == Attribute::EmailAddress);
            // Of somebody who was forgotten there is nothing before.
            if let (Some(account), Some(before)) = (fact.account(), changed.and_then(|change| change.before.as_ref())) {
                given_up.entry(account).or_default().push(before.as_str().to_owned());
            }
        }
    }
    Ok(given_up)
}

/// Whom events behind a number, and up to another, are about, but for those of one submission; none where there are more
/// events than so many.
///
/// # Errors
/// When the database fails.
pub async fn people_between(
    db: &impl ConnectionTrait,
    after: i64,
    through: i64,
    but_for: &SubmissionId,
    most: u64,
) -> Result<Option<Vec<Uuid>>, StoreError> {
    let about = event::Entity::find()
        .select_only()
        .column(event::Column::Subject)
        .filter(event::Column::Seq.gt(after))
        .filter(event::Column::Seq.lte(through))
        .filter(event::Column::Submission.ne(but_for.as_str()))
        .limit(most + 1);
    let about: Vec<String> = about.into_tuple().all(db).await?;
    // An organisation is no person.
    let people = about.iter().filter_map(|subject| subject.parse().ok());
    Ok((about.len() as u64 <= most).then(|| people.collect()))
}

/// What happened to one person or organisation behind a moment, newest first.
///
/// # Errors
/// When the database fails.
pub async fn of_subject_after(
    db: &impl ConnectionTrait,
    subject: &str,
    after: Timestamp,
) -> Result<Vec<Event>, StoreError> {
    let later = event::Entity::find()
        .filter(event::Column::Subject.eq(subject))
        .filter(event::Column::At.gt(after.0))
        .order_by_desc(event::Column::Seq);
    later.all(db).await?.into_iter().map(read).collect()
}

/// What happened to people behind a moment, of each of them newest first.
///
/// # Errors
/// When the database fails.
pub async fn of_people_after(
    db: &impl ConnectionTrait,
    people: &[AccountId],
    after: Timestamp,
) -> Result<Vec<Event>, StoreError> {
    let mut found = Vec::new();
    for some in people.chunks(500) {
        let later = event::Entity::find()
            .filter(event::Column::Subject.is_in(padded(some.iter().map(ToString::to_string))))
            .filter(event::Column::At.gt(after.0))
            .order_by_desc(event::Column::Seq);
        for row in later.all(db).await? {
            found.push(read(row)?);
        }
    }
    Ok(found)
}

/// The number of the last event; 0 where there is none. Numbers are given out while the trail's end is held, so whatever
/// comes later has a greater one.
///
/// # Errors
/// When the database fails.
pub async fn last(db: &impl ConnectionTrait) -> Result<i64, StoreError> {
    let last = event::Entity::find()
        .select_only()
        .column(event::Column::Seq)
        .order_by_desc(event::Column::Seq);
    Ok(last.into_tuple().one(db).await?.unwrap_or_default())
}

/// What happened to people of a scope, or to people who left it, behind one event and up to another, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_people_within(
    db: &impl ConnectionTrait,
    scope: &Scope,
    after: i64,
    until: i64,
    limit: u64,
) -> Result<Vec<(i64, Event)>, StoreError> {
    let mut found = event::Entity::find()
        .filter(event::Column::Seq.gt(after))
        .filter(event::Column::Seq.lte(until));
    if !scope.everything {
        let codes = || {
            let codes = organisation::Entity::find()
                .select_only()
                .column(organisation::Column::Code);
            codes.filter(organisations_within(scope)).into_query()
        };
        let here = Condition::any()
            .add(event::Column::Organisation.in_subquery(codes()))
            .add(event::Column::OtherOrganisation.in_subquery(codes()));
        found = found.filter(here);
    }
    // What happened to an organisation bears its code.
    let found = found.filter(Expr::col(event::Column::Subject).ne(Expr::col(event::Column::Organisation)));
    let rows = found.order_by_asc(event::Column::Seq).limit(limit).all(db).await?;
    rows.into_iter().map(numbered).collect()
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

fn numbered(row: event::Model) -> Result<(i64, Event), StoreError> {
    Ok((row.seq, read(row)?))
}

pub(crate) fn read(row: event::Model) -> Result<Event, StoreError> {
    Ok(Event {
        at: Timestamp(row.at),
        submission: word(&row.submission, SubmissionId::parse)?,
        row: RowNumber(number(row.row, "a row")?),
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
