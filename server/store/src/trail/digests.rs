//! The daily digest of machine changes: how far it is, and what has changed since.

use domain::{
    channel::Channel,
    organisation::OrganisationCode,
    trail::Action,
    values::ids::{AccountId, Timestamp},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, sea_query::Expr};
use uuid::Uuid;

use crate::{
    StoreError,
    directory::person_columns::code,
    entities::{event, machine_digest, trail},
    trail::events::channel_word,
};

/// The one row of the table.
const ONLY: i32 = 1;

/// How far the digest is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    /// When the last one was made.
    pub at: Timestamp,
    /// The last event that it told of.
    pub through: i64,
}

/// What one connector did in one organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineChanges {
    /// The organisation.
    pub organisation: OrganisationCode,
    /// The connector; `None` if it is forgotten.
    pub connector: Option<AccountId>,
    /// The connector's name at that time.
    pub name: String,
    /// Accounts created.
    pub created: u32,
    /// Changes of accounts that were there.
    pub changed: u32,
}

/// Returns how far the digest is.
///
/// # Errors
/// When the database fails.
pub async fn reached(db: &impl ConnectionTrait) -> Result<Reached, StoreError> {
    let row = machine_digest::Entity::find_by_id(ONLY).one(db).await?;
    let row = row.ok_or_else(|| StoreError::Unreadable("the digest of machine changes has no row".to_owned()))?;
    Ok(Reached {
        at: Timestamp(row.at),
        through: row.through,
    })
}

/// Moves the digest on, and says whether this transaction did it. Of several processes one does; the others find it done.
///
/// # Errors
/// When the database fails.
pub async fn advance(db: &impl ConnectionTrait, from: Reached, to: Reached) -> Result<bool, StoreError> {
    let moved = machine_digest::Entity::update_many()
        .col_expr(machine_digest::Column::At, Expr::value(to.at.0))
        .col_expr(machine_digest::Column::Through, Expr::value(to.through))
        .filter(machine_digest::Column::Id.eq(ONLY))
        .filter(machine_digest::Column::At.eq(from.at.0))
        .filter(machine_digest::Column::Through.eq(from.through))
        .exec(db)
        .await?;
    Ok(moved.rows_affected == 1)
}

/// Returns what machines changed by the events behind one number, up to another, by organisation and connector.
///
/// # Errors
/// When the database fails.
pub async fn changes_between(
    db: &impl ConnectionTrait,
    after: i64,
    through: i64,
) -> Result<Vec<MachineChanges>, StoreError> {
    let machines = Channel::PUBLISHED.into_iter().filter(|channel| channel.is_machine());
    let machines: Result<Vec<_>, _> = machines.map(channel_word).collect();
    let entry = event::Entity::belongs_to(trail::Entity)
        .from(event::Column::Seq)
        .to(trail::Column::Number);
    let counted: Vec<(String, Option<Uuid>, String, String, i64)> = event::Entity::find()
        .select_only()
        .column(event::Column::Organisation)
        .column(event::Column::Actor)
        .column(event::Column::ActorName)
        .column(trail::Column::Action)
        .column_as(event::Column::Seq.count(), "events")
        .join(JoinType::InnerJoin, entry.into())
        .filter(event::Column::Seq.gt(after))
        .filter(event::Column::Seq.lte(through))
        .filter(event::Column::Channel.is_in(machines?))
        .group_by(event::Column::Organisation)
        .group_by(event::Column::Actor)
        .group_by(event::Column::ActorName)
        .group_by(trail::Column::Action)
        .into_tuple()
        .all(db)
        .await?;
    let mut changes: Vec<MachineChanges> = Vec::new();
    for (organisation, connector, name, action, events) in counted {
        let (organisation, connector) = (code(&organisation)?, connector.map(AccountId));
        let same = |known: &MachineChanges| {
            (&known.organisation, known.connector, &known.name) == (&organisation, connector, &name)
        };
        let place = changes.iter().position(same).unwrap_or(changes.len());
        if place == changes.len() {
            changes.push(MachineChanges {
                organisation,
                connector,
                name,
                created: 0,
                changed: 0,
            });
        }
        let events = u32::try_from(events).unwrap_or(u32::MAX);
        if action == Action::AccountCreated.slug() {
            changes[place].created += events;
        } else {
            changes[place].changed += events;
        }
    }
    changes.sort_by(|one, two| (&one.organisation, &one.name).cmp(&(&two.organisation, &two.name)));
    Ok(changes)
}
