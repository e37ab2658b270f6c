//! The audit log: one chain of entries, written at the end of each transaction by [`append`] and nowhere else.
//!
//! An entry about a change of the directory has the number of its event, which holds what changed. The chain's head is one
//! row: whoever appends holds it until they commit, so that entries of several processes follow each other, and the
//! numbers have no gaps.

mod chain;
pub mod digests;
pub mod events;
mod forgetting;
mod keeping;
mod reading;
mod verifying;

use domain::{
    event::Event,
    policy::Right,
    trail::{Action, Record},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, QueryTrait, Statement,
    sea_query::Expr,
};

use self::chain::{Content, Header};
pub(crate) use self::{
    forgetting::{forget, forget_addresses},
    keeping::adopt,
};
pub use self::{
    keeping::{Cursor, advance, claim, cursor, drop_through, last_before},
    reading::{Filter, after, count, entry, is_readable, last_of, list},
    verifying::{Anchor, Fault, Verified, verify, verify_through},
};
use crate::{
    StoreError,
    entities::{event, trail, trail_head},
    lists::insert_all,
    transaction::last_act::LastAct,
};

/// The step of the schema by which the trail begins.
pub(crate) const BEGUN_BY: &str = "m20261122_000009_trail";

/// What is to be recorded when a transaction ends.
#[derive(Clone, Debug)]
pub(crate) enum Pending {
    /// A change of the directory, with the rights by which it was made.
    Change(Box<Event>, Vec<Right>),
    /// Anything else.
    Other(Record),
}

/// The head's only row.
const HEAD: i32 = 1;

/// Where the chain ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The last entry's number; 0 where there is none.
    pub number: i64,
    /// Its hash, in hexadecimal.
    pub hash: String,
    /// The last entry that was dropped from the front; 0 where none was.
    pub dropped: i64,
    /// Its hash, from which the rest goes on.
    pub dropped_hash: String,
}

/// Where the chain ends now.
///
/// # Errors
/// When the database fails.
pub async fn head(db: &impl ConnectionTrait) -> Result<Head, StoreError> {
    read_head(trail_head::Entity::find_by_id(HEAD).one(db).await?)
}

fn read_head(found: Option<trail_head::Model>) -> Result<Head, StoreError> {
    let found = found.ok_or_else(|| StoreError::Unreadable("the audit log has no head".to_owned()))?;
    Ok(Head {
        number: found.number,
        hash: found.hash,
        dropped: found.dropped_number,
        dropped_hash: found.dropped_hash,
    })
}

/// Holds the head until the transaction ends. It is one row, and asked for without a limit: SQLite plans a statement with one
/// anew each time.
async fn hold_head(db: &impl ConnectionTrait) -> Result<Head, StoreError> {
    let held = trail_head::Entity::find_by_id(HEAD).lock_exclusive();
    read_head(held.all(db).await?.pop())
}

/// Chains what a transaction is to record. It is the transaction's last act: the head is held from here to its end, or is
/// `known` to whoever holds it already. Returns the statement that moves the head on, which is still to be sent, and where it
/// is then.
pub(crate) async fn append(
    _: LastAct,
    tx: &impl ConnectionTrait,
    pending: Vec<Pending>,
    known: Option<Head>,
) -> Result<Option<(Statement, Head)>, StoreError> {
    if pending.is_empty() {
        return Ok(None);
    }
    // Everything that needs no place in the chain is done before others have to wait.
    let prepared = pending.into_iter().map(prepare).collect::<Result<Vec<_>, _>>()?;
    let mut head = match known {
        Some(known) => known,
        None => hold_head(tx).await?,
    };
    let (mut entries, mut changes) = (Vec::with_capacity(prepared.len()), Vec::new());
    for (mut entry, change) in prepared {
        head.number += 1;
        entry.number = head.number;
        entry.hash = header(&entry).hash(&head.hash);
        head.hash.clone_from(&entry.hash);
        if let Some(mut change) = change {
            change.seq = head.number;
            changes.push(change.into_active_model());
        }
        entries.push(entry.into_active_model());
    }
    insert_all(tx, changes).await?;
    insert_all(tx, entries).await?;
    let moved_on = trail_head::Entity::update_many()
        .col_expr(trail_head::Column::Number, Expr::value(head.number))
        .col_expr(trail_head::Column::Hash, Expr::value(head.hash.as_str()))
        .filter(trail_head::Column::Id.eq(HEAD));
    Ok(Some((moved_on.build(tx.get_database_backend()), head)))
}

/// An entry without its place in the chain, and the event's row where it is about a change.
fn prepare(pending: Pending) -> Result<(trail::Model, Option<event::Model>), StoreError> {
    let salt = chain::salt();
    match pending {
        Pending::Change(new, rights) => {
            let fact = serde_json::to_string(&new.fact)?;
            let row = events::row(0, &new, fact)?;
            let entry = trail::Model {
                number: 0,
                at: row.at,
                action: Action::of(&new.fact).slug().to_owned(),
                actor: row.actor,
                actor_name: Some(row.actor_name.clone()),
                organisation: Some(row.organisation.clone()),
                other_organisation: row.other_organisation.clone(),
                person: new.fact.person(),
                rights: rights_text(&rights)?,
                said: None,
                digest: content_of_change(&row).digest(&salt),
                salt: Some(salt),
                hash: String::new(),
            };
            Ok((entry, Some(row)))
        }
        Pending::Other(new) => {
            let said = serde_json::to_string(&new.happening)?;
            let actor_name = (!new.actor_name.is_empty()).then_some(new.actor_name);
            let content = Content {
                actor_name: actor_name.as_deref(),
                told: Some(&said),
                ..Content::default()
            };
            let entry = trail::Model {
                number: 0,
                at: new.at.0,
                action: new.happening.action().slug().to_owned(),
                actor: new.actor.map(|actor| actor.0),
                organisation: new.organisation.map(|code| code.to_string()),
                other_organisation: None,
                person: new.person,
                rights: rights_text(&new.rights)?,
                digest: content.digest(&salt),
                salt: Some(salt),
                hash: String::new(),
                actor_name,
                said: Some(said),
            };
            Ok((entry, None))
        }
    }
}

fn rights_text(rights: &[Right]) -> Result<String, StoreError> {
    Ok(serde_json::to_string(rights)?)
}

fn header(entry: &trail::Model) -> Header<'_> {
    Header {
        number: entry.number,
        at: entry.at,
        action: &entry.action,
        actor: entry.actor,
        organisation: entry.organisation.as_deref(),
        other_organisation: entry.other_organisation.as_deref(),
        person: entry.person,
        rights: &entry.rights,
        digest: &entry.digest,
    }
}

fn content_of_change(change: &event::Model) -> Content<'_> {
    Content {
        actor_name: Some(&change.actor_name),
        channel: Some(&change.channel),
        submission: Some(&change.submission),
        row: Some(change.row),
        told: Some(&change.fact),
    }
}

fn content<'a>(entry: &'a trail::Model, change: Option<&'a event::Model>) -> Content<'a> {
    match change {
        Some(change) => content_of_change(change),
        None => Content {
            actor_name: entry.actor_name.as_deref(),
            told: entry.said.as_deref(),
            ..Content::default()
        },
    }
}
