//! Mail to go out. A letter is put here by the transaction that it tells of, so that neither comes without the other;
//! whichever process reaches the mail server takes it out again.
//!
//! **No letter is sent twice.** A process that dies between handing a letter over and writing that down leaves it
//! marked as being sent, and nobody can tell on which side of that moment it died. Such a letter is given up with
//! [`UNKNOWN`] instead of being tried again: one that did not come is asked for again by a person, while one that comes
//! twice teaches people to ignore letters.
//!
//! A letter waits as its kind and parameters, which only the gate can read; it is written out when it is sent, and
//! nothing of a link's token stands here. The parameters go as soon as nothing can send the letter any more. That it was
//! sent, to whom and about what, stays until [`sweep`].
//!
//! Older versions put letters here fully written. Those are sent as they are. An older process cannot write letters out,
//! so what waits to be written has a state of its own that it does not look for.

mod gathering;

use std::fmt;

use domain::values::ids::Timestamp;
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Select, UpdateMany,
    sea_query::{Expr, LockBehavior, LockType},
};
use uuid::Uuid;

pub use self::gathering::{Gathering, gathering, put_gathering, regather};
use crate::{StoreError, entities::outbox, lists::insert_all};

/// Why a letter was given up that may or may not have been sent.
pub const UNKNOWN: &str = "it is not known whether this was sent";

/// The pauses after the first tries, in seconds; after each later one it is the last of them.
const PAUSES: [i64; 5] = [60, 5 * 60, 30 * 60, 2 * 3600, 6 * 3600];
/// How often a letter is tried.
const TRIES: u32 = 12;
/// How long a letter is tried for, in seconds: three days, after which it is no news any more.
const PATIENCE: i64 = 3 * 24 * 3600;
/// How far ahead of letters that are written by the many one stands that was written alone, in seconds.
const AHEAD: i64 = 24 * 3600;
/// How much of what went wrong is kept, in characters.
const LONGEST_ERROR: usize = 500;

/// A letter to be sent.
#[derive(Clone)]
pub struct NewMail {
    /// The mailbox it goes to.
    pub address: String,
    /// What it is about.
    pub subject: String,
    /// Its kind and parameters, in a form that the gate reads back.
    pub letter: String,
}

/// The ID of a letter in the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MailId(Uuid);

impl fmt::Display for MailId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

/// A letter that a process has claimed, and alone may send.
pub struct Outgoing {
    /// Its ID.
    pub id: MailId,
    claimed_by: String,
    /// The mailbox it goes to.
    pub address: String,
    /// What it says.
    pub content: Content,
    /// How often it was tried, this time included.
    pub attempts: u32,
    created_at: Timestamp,
}

/// What a claimed letter says.
pub enum Content {
    /// The kind and parameters of a letter that is still to be written out.
    Letter(String),
    /// A letter that an older version has written already.
    Written {
        /// What it is about.
        subject: String,
        /// What it says, as plain text.
        text: String,
        /// The same as HTML.
        html: String,
    },
}

#[derive(Clone, Copy)]
enum State {
    /// To be written out and sent.
    Unwritten,
    /// Written by an older version, and to be sent.
    Waiting,
    Sending,
    Sent,
    Failed,
    /// Dropped: what it says has become untrue before it was sent.
    NotNeeded,
}

/// What can be claimed. Letters that are written already have waited longest.
const DUE: [State; 2] = [State::Waiting, State::Unwritten];

impl State {
    const fn slug(self) -> &'static str {
        match self {
            Self::Unwritten => "unwritten",
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::NotNeeded => "not-needed",
        }
    }
}

/// Puts letters in line, as part of the change that they tell of.
///
/// # Errors
/// When the database fails.
pub async fn put(db: &impl ConnectionTrait, mails: &[NewMail], now: Timestamp) -> Result<(), StoreError> {
    insert_all(db, mails.iter().map(|mail| row(mail, now)).collect()).await
}

/// Puts one letter in line, ahead of those that were put there by the many within a day: somebody may wait for it, such as for
/// a link or a receipt, and not for a file's thousands of letters to have gone.
///
/// # Errors
/// When the database fails.
pub async fn put_ahead(db: &impl ConnectionTrait, mail: &NewMail, now: Timestamp) -> Result<(), StoreError> {
    let mut row = row(mail, now);
    row.run_after = Set(now.plus_seconds(-AHEAD).0);
    insert_all(db, vec![row]).await
}

/// A letter that waits from a moment on.
fn row(mail: &NewMail, now: Timestamp) -> outbox::ActiveModel {
    outbox::ActiveModel {
        id: Set(Uuid::now_v7()),
        address: Set(mail.address.clone()),
        subject: Set(mail.subject.clone()),
        text: Set(String::new()),
        html: Set(String::new()),
        state: Set(State::Unwritten.slug().to_owned()),
        attempts: Set(0),
        run_after: Set(now.0),
        claimed_by: Set(None),
        last_error: Set(None),
        created_at: Set(now.0),
        sent_at: Set(None),
        letter: Set(Some(mail.letter.clone())),
        gathers: Set(None),
    }
}

/// Whether any letter is due; cheap enough to ask often.
///
/// # Errors
/// When the database fails.
pub async fn any_due(db: &impl ConnectionTrait, now: Timestamp) -> Result<bool, StoreError> {
    for state in DUE {
        if due(state, now).one(db).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Claims the letter that has waited longest, if any is due. Of several processes each gets another.
///
/// # Errors
/// When the database fails.
pub async fn claim(db: &impl ConnectionTrait, worker: &str, now: Timestamp) -> Result<Option<Outgoing>, StoreError> {
    for state in DUE {
        let first = due(state, now)
            .order_by_asc(outbox::Column::RunAfter)
            .order_by_asc(outbox::Column::Id)
            .limit(1)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        if let Some(row) = first.one(db).await? {
            return Ok(Some(claim_row(db, row, worker, now).await?));
        }
    }
    Ok(None)
}

async fn claim_row(
    db: &impl ConnectionTrait,
    row: outbox::Model,
    worker: &str,
    now: Timestamp,
) -> Result<Outgoing, StoreError> {
    let attempts = row.attempts + 1;
    let mut claimed = row.into_active_model();
    claimed.state = Set(State::Sending.slug().to_owned());
    claimed.attempts = Set(attempts);
    claimed.claimed_by = Set(Some(worker.to_owned()));
    // From here on: since when it is being sent.
    claimed.run_after = Set(now.0);
    let row = claimed.update(db).await?;
    let content = match row.letter {
        Some(letter) => Content::Letter(letter),
        None => Content::Written {
            subject: row.subject,
            text: row.text,
            html: row.html,
        },
    };
    Ok(Outgoing {
        id: MailId(row.id),
        claimed_by: worker.to_owned(),
        address: row.address,
        content,
        attempts: attempts.unsigned_abs(),
        created_at: Timestamp(row.created_at),
    })
}

/// Keeps other parameters for a claimed letter: its link has been made anew, and is known by another name.
///
/// # Errors
/// When the database fails.
pub async fn keep_letter(db: &impl ConnectionTrait, mail: &Outgoing, letter: String) -> Result<(), StoreError> {
    let kept = outbox::Entity::update_many().col_expr(outbox::Column::Letter, Expr::value(Some(letter)));
    of_its_sender(kept, mail).exec(db).await?;
    Ok(())
}

/// Writes down that a letter was sent, and forgets what it said. A sender that was slow enough to be given up still has
/// the last word.
///
/// # Errors
/// When the database fails.
pub async fn mark_sent(db: &impl ConnectionTrait, mail: &Outgoing, now: Timestamp) -> Result<(), StoreError> {
    end(State::Sent)
        .col_expr(outbox::Column::LastError, Expr::value(Option::<String>::None))
        .col_expr(outbox::Column::SentAt, Expr::value(Some(now.0)))
        .filter(outbox::Column::Id.eq(mail.id.0))
        .filter(outbox::Column::ClaimedBy.eq(mail.claimed_by.as_str()))
        .exec(db)
        .await?;
    Ok(())
}

/// Puts a letter back that was not sent, to be tried again after a pause that grows; says when that is, or `None` where
/// it has been tried often or long enough and is given up.
///
/// # Errors
/// When the database fails.
pub async fn put_back(
    db: &impl ConnectionTrait,
    mail: &Outgoing,
    error: &str,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let Some(again) = next_try(mail, now) else {
        fail(db, mail, error).await?;
        return Ok(None);
    };
    let state = match mail.content {
        Content::Letter(_) => State::Unwritten,
        Content::Written { .. } => State::Waiting,
    };
    let waiting = outbox::Entity::update_many()
        .col_expr(outbox::Column::State, Expr::value(state.slug()))
        .col_expr(outbox::Column::RunAfter, Expr::value(again.0));
    by_its_sender(waiting, mail, error).exec(db).await?;
    Ok(Some(again))
}

/// Gives a letter up for good, and forgets what it said.
///
/// # Errors
/// When the database fails.
pub async fn fail(db: &impl ConnectionTrait, mail: &Outgoing, error: &str) -> Result<(), StoreError> {
    by_its_sender(end(State::Failed), mail, error).exec(db).await?;
    Ok(())
}

/// Drops a letter that is not needed any more, and forgets what it said.
///
/// # Errors
/// When the database fails.
pub async fn drop_unneeded(db: &impl ConnectionTrait, mail: &Outgoing) -> Result<(), StoreError> {
    let dropped = end(State::NotNeeded).col_expr(outbox::Column::LastError, Expr::value(Option::<String>::None));
    of_its_sender(dropped, mail).exec(db).await?;
    Ok(())
}

/// Gives up the letters that have been on their way since before a moment: their process has died, and whether they
/// were sent cannot be told. Says how many there were.
///
/// # Errors
/// When the database fails.
pub async fn stuck(db: &impl ConnectionTrait, before: Timestamp) -> Result<u64, StoreError> {
    let given_up = end(State::Failed)
        .col_expr(outbox::Column::LastError, Expr::value(UNKNOWN))
        .filter(outbox::Column::State.eq(State::Sending.slug()))
        .filter(outbox::Column::RunAfter.lt(before.0))
        .exec(db)
        .await?;
    Ok(given_up.rows_affected)
}

/// Takes away what is known of letters that were posted before a moment and have been sent, given up or dropped.
///
/// # Errors
/// When the database fails.
pub async fn sweep(db: &impl ConnectionTrait, before: Timestamp) -> Result<u64, StoreError> {
    let gone = outbox::Entity::delete_many()
        .filter(outbox::Column::State.is_in([State::Sent, State::Failed, State::NotNeeded].map(State::slug)))
        .filter(outbox::Column::CreatedAt.lt(before.0))
        .exec(db)
        .await?;
    Ok(gone.rows_affected)
}

/// How many letters wait to be sent.
///
/// # Errors
/// When the database fails.
pub async fn waiting_count(db: &impl ConnectionTrait) -> Result<u64, StoreError> {
    Ok(count(db, State::Waiting).await? + count(db, State::Unwritten).await?)
}

/// How many letters were dropped because they were not needed any more, and are not swept away yet.
///
/// # Errors
/// When the database fails.
pub async fn not_needed_count(db: &impl ConnectionTrait) -> Result<u64, StoreError> {
    count(db, State::NotNeeded).await
}

/// How many letters were given up and not swept away yet.
///
/// # Errors
/// When the database fails.
pub async fn failed_count(db: &impl ConnectionTrait) -> Result<u64, StoreError> {
    count(db, State::Failed).await
}

/// The subjects of the letters to an address that are not swept away yet, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn subjects_to(db: &impl ConnectionTrait, address: &str) -> Result<Vec<String>, StoreError> {
    let those = outbox::Entity::find()
        .filter(outbox::Column::Address.eq(address))
        .order_by_asc(outbox::Column::CreatedAt);
    Ok(those.all(db).await?.into_iter().map(|row| row.subject).collect())
}

async fn count(db: &impl ConnectionTrait, state: State) -> Result<u64, StoreError> {
    let those = outbox::Entity::find().filter(outbox::Column::State.eq(state.slug()));
    Ok(those.count(db).await?)
}

fn due(state: State, now: Timestamp) -> Select<outbox::Entity> {
    outbox::Entity::find()
        .filter(outbox::Column::State.eq(state.slug()))
        .filter(outbox::Column::RunAfter.lte(now.0))
}

/// What ends a letter, one way or the other: what it says goes.
fn end(state: State) -> UpdateMany<outbox::Entity> {
    outbox::Entity::update_many()
        .col_expr(outbox::Column::State, Expr::value(state.slug()))
        .col_expr(outbox::Column::Text, Expr::value(""))
        .col_expr(outbox::Column::Html, Expr::value(""))
        .col_expr(outbox::Column::Letter, Expr::value(Option::<String>::None))
}

/// A change by the process that holds the claim, as long as nobody has given the letter up: its text may be gone.
fn by_its_sender(change: UpdateMany<outbox::Entity>, mail: &Outgoing, error: &str) -> UpdateMany<outbox::Entity> {
    // PostgreSQL keeps no NUL in a text, and a server may say anything.
    let error: String = error.chars().filter(|c| !c.is_control()).take(LONGEST_ERROR).collect();
    of_its_sender(change.col_expr(outbox::Column::LastError, Expr::value(error)), mail)
}

/// The same without anything that went wrong.
fn of_its_sender(change: UpdateMany<outbox::Entity>, mail: &Outgoing) -> UpdateMany<outbox::Entity> {
    change
        .filter(outbox::Column::Id.eq(mail.id.0))
        .filter(outbox::Column::ClaimedBy.eq(mail.claimed_by.as_str()))
        .filter(outbox::Column::State.eq(State::Sending.slug()))
}

fn next_try(mail: &Outgoing, now: Timestamp) -> Option<Timestamp> {
    let place = (mail.attempts.saturating_sub(1) as usize).min(PAUSES.len() - 1);
    let again = now.plus_seconds(PAUSES[place]);
    (mail.attempts < TRIES && again <= mail.created_at.plus_seconds(PATIENCE)).then_some(again)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_tried_for_days_with_growing_pauses_and_then_given_up() {
        let mut now = Timestamp(0);
        let mut mail = Outgoing {
            id: MailId(Uuid::nil()),
            claimed_by: String::new(),
            address: String::new(),
            content: Content::Letter(String::new()),
            attempts: 1,
            created_at: now,
        };
        let mut minutes = Vec::new();
        while let Some(again) = next_try(&mail, now) {
            minutes.push((again.0 - now.0) / 60_000);
            now = again;
            mail.attempts += 1;
        }
        assert_eq!(minutes, [1, 5, 30, 120, 360, 360, 360, 360, 360, 360, 360]);
        mail.attempts = 2;
        assert_eq!(next_try(&mail, Timestamp(0).plus_seconds(PATIENCE)), None);
    }
}
