//! How many mails came to what, and why.

use std::{collections::BTreeMap, mem::discriminant};

use domain::{
    email::{Intake, Why},
    values::ids::Timestamp,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{StoreError, entities::mail_message, number, word};

/// Mails whose Authentication-Results are looked through.
const LATEST: u64 = 1_000;

/// How many mails came in since a moment, by what became of them.
///
/// # Errors
/// When the database fails.
pub async fn counts(db: &impl ConnectionTrait, since: Timestamp) -> Result<Vec<(Intake, u64)>, StoreError> {
    let counted: Vec<(String, i64)> = mail_message::Entity::find()
        .select_only()
        .column(mail_message::Column::Intake)
        .column_as(mail_message::Column::Seq.count(), "mails")
        .filter(mail_message::Column::ReceivedAt.gte(since.0))
        .group_by(mail_message::Column::Intake)
        .into_tuple()
        .all(db)
        .await?;
    let counted = counted.into_iter().map(|(intake, mails)| {
        let intake = word(&intake, Intake::from_slug)?;
        Ok((intake, number(mails, "mails")?))
    });
    let mut counted: Vec<(Intake, u64)> = counted.collect::<Result<_, StoreError>>()?;
    counted.sort_by_key(|(intake, _)| Intake::ALL.iter().position(|one| one == intake));
    Ok(counted)
}

/// How many files a run has decided on.
///
/// # Errors
/// When the database fails.
pub async fn decided_by(db: &impl ConnectionTrait, run: i64) -> Result<u32, StoreError> {
    let decided = mail_message::Entity::find().filter(mail_message::Column::Run.eq(run));
    Ok(u32::try_from(decided.count(db).await?).unwrap_or(u32::MAX))
}

/// Why mails were refused or set aside since a moment, the most frequent reason first. Files are not named: several mails may
/// have been refused for the same reason with different ones.
///
/// # Errors
/// When the database fails.
pub async fn reasons(db: &impl ConnectionTrait, since: Timestamp) -> Result<Vec<(Why, u64)>, StoreError> {
    let counted: Vec<(String, i64)> = mail_message::Entity::find()
        .select_only()
        .column(mail_message::Column::Why)
        .column_as(mail_message::Column::Seq.count(), "mails")
        .filter(mail_message::Column::ReceivedAt.gte(since.0))
        .filter(mail_message::Column::Why.is_not_null())
        .group_by(mail_message::Column::Why)
        .order_by_asc(mail_message::Column::Why)
        .into_tuple()
        .all(db)
        .await?;
    let mut reasons: Vec<(Why, u64)> = Vec::new();
    for (why, mails) in counted {
        let why: Why = serde_json::from_str(&why)?;
        let (why, mails) = (why.unnamed(), number(mails, "mails")?);
        match reasons.iter_mut().find(|(known, _)| is_same(known, &why)) {
            Some((_, known)) => *known += mails,
            None => reasons.push((why, mails)),
        }
    }
    reasons.sort_by_key(|(_, mails)| std::cmp::Reverse(*mails));
    Ok(reasons)
}

/// The names that have written Authentication-Results into the latest mails since a moment, each with how many mails have
/// it, those of most mails first.
///
/// # Errors
/// When the database fails.
pub async fn authserv_ids(db: &impl ConnectionTrait, since: Timestamp) -> Result<Vec<(String, u64)>, StoreError> {
    let latest: Vec<String> = mail_message::Entity::find()
        .select_only()
        .column(mail_message::Column::AuthservIds)
        .filter(mail_message::Column::ReceivedAt.gte(since.0))
        .order_by_desc(mail_message::Column::Seq)
        .limit(LATEST)
        .into_tuple()
        .all(db)
        .await?;
    let mut counted: BTreeMap<String, u64> = BTreeMap::new();
    for ids in latest {
        let mut ids: Vec<String> = serde_json::from_str(&ids)?;
        ids.sort_unstable();
        ids.dedup();
        for id in ids {
            *counted.entry(id).or_default() += 1;
        }
    }
    let mut counted: Vec<_> = counted.into_iter().collect();
    counted.sort_by_key(|(_, mails)| std::cmp::Reverse(*mails));
    Ok(counted)
}

fn is_same(one: &Why, other: &Why) -> bool {
    match (one, other) {
        (Why::Refusal(one), Why::Refusal(other)) => discriminant(one) == discriminant(other),
        _ => one == other,
    }
}
