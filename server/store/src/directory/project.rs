//! From facts to tables: the one place where the directory's rows are written.
//!
//! Applying a plan and replaying the events both end here, so the events say everything that the tables say.

mod addresses;
mod changed;
mod contacts;
mod customers;
mod numbers;
mod organisations;
mod paths;
mod seats;
mod sites;
mod user_names;

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::{
    account::{AccountStatus, Held},
    dictionary::{Attribute, Attributes},
    event::{AccountFact, Event, Fact, RoleFact},
    hand_edit,
    life::Turn,
    organisation::Organisation,
    values::{email_address::EmailAddress, ids::Timestamp},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Iterable, ModelTrait, QueryFilter,
    sea_query::{Alias, Expr, ExprTrait, IntoIden, Query, TableRef, ValueTuple},
};
use uuid::Uuid;

use self::{
    changed::changed_by,
    paths::{Paths, paths},
    sites::Sites,
};
use crate::{
    StoreError,
    directory::{apply::applying::Applying, grants},
    entities::{account, address, role_grant},
    lists::{insert_all, padded},
    trail::events::channel_word,
};

/// Values that a statement may have; beyond this, SQLite's limit of 32,766 is near.
const MOST_VALUES: usize = 32_000;

/// Accounts that a statement changes: with each statement, SQLite writes a segment of its index of words.
const MOST_ROWS: usize = 2_000;

/// Writes what the events say, in their order, for whoever applies a plan or tells a history. Organisations that are
/// `known` are not read again; none of these events moves one of them.
pub(crate) async fn project(
    _: &Applying,
    db: &impl ConnectionTrait,
    events: &[Event],
    known: &[Organisation],
) -> Result<(), StoreError> {
    organisations::project(db, events).await?;
    customers::project(db, events).await?;
    let paths = paths(db, events, known).await?;
    let renamed = user_names::free(db, events).await?;
    create_accounts(db, events, &paths).await?;
    change_accounts(db, events, &paths).await?;
    seats::project(db, events).await?;
    begin_stays(db, events).await?;
    contacts::project(db, events, &paths).await?;
    grant_roles(db, events).await?;
    end_roles(db, events).await?;
    // Behind the roles, because one ends before its holder is gone.
    erase_accounts(db, events).await?;
    user_names::take(db, renamed).await
}

async fn create_accounts(db: &impl ConnectionTrait, events: &[Event], paths: &Paths) -> Result<(), StoreError> {
    let (mut rows, mut addresses, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
    for event in events {
        let Fact::Account(
            id,
            organisation,
            AccountFact::Created {
                status,
                attributes,
                stay,
            },
        ) = &event.fact
        else {
            continue;
        };
        let mut row = account::Model {
            id: id.0,
            organisation: organisation.to_string(),
            root: paths.root(organisation)?,
            status: status.name().to_owned(),
            since: event.at.0,
            created_at: event.at.0,
            changed_at: event.at.0,
            leaving_at: stay.leaves.map(|at| at.0),
            starts_at: stay.starts.map(|at| at.0),
            // A made-up history begins with people who are there.
            activated: *status != AccountStatus::Pending,
            version: 1,
            ..account::Model::default()
        };
        row.set_attributes(attributes, &[]);
        rows.push(row);
        addresses.extend(address_row(attributes, id.0));
        numbers.extend(numbers::rows(attributes, id.0));
    }
    let sites = Sites::of(db, &rows.iter().collect::<Vec<_>>()).await?;
    for row in &mut rows {
        row.set_place_and_work(sites.name(row));
    }
    let rows: Vec<account::ActiveModel> = rows.into_iter().map(IntoActiveModel::into_active_model).collect();
    insert_all(db, rows).await?;
    insert_all(db, addresses).await?;
    insert_all(db, numbers).await
}

async fn change_accounts(db: &impl ConnectionTrait, events: &[Event], paths: &Paths) -> Result<(), StoreError> {
    let changed = events.iter().filter(|event| event.fact.is_counted());
    let changed = changed.filter_map(|event| Some((event.fact.account()?.0, event)));
    let changed: Vec<_> = changed.collect();
    if changed.is_empty() {
        return Ok(());
    }
    let ids = changed.iter().map(|(id, _)| *id);
    let (before, mut addresses) = addresses::with_addresses(db, ids).await?;
    let mut rows = before.clone();
    let redone = changed.iter().filter(|(_, event)| !event.fact.changes().is_empty());
    let redone: HashSet<_> = redone.map(|(id, _)| *id).collect();
    for (id, event) in changed {
        let row = rows
            .get_mut(&id)
            .ok_or_else(|| StoreError::Unreadable(format!("no account {id} to change")))?;
        row.version += 1;
        row.changed_at = event.at.0;
        let mut edits = row.hand_edits()?;
        hand_edit::follow(&mut edits, event);
        row.set_hand_edits(&edits)?;
        match &event.fact {
            Fact::Account(_, _, AccountFact::Turned { turn, after, away, .. }) => {
                begin(row, *after, event.at);
                let is_disabled = *after == AccountStatus::Disabled;
                row.disabled_by = is_disabled.then(|| channel_word(event.channel)).transpose()?;
                if turn.decides_on_absence() {
                    row.set_absence(away.as_ref());
                }
                // The link of somebody who has started meanwhile goes out with it.
                if *turn == Turn::Restore && row.starts_at.is_some_and(|starts| starts <= event.at.0) {
                    row.starts_at = None;
                }
            }
            Fact::Account(_, _, AccountFact::Held { reason }) => row.set_held(Some(&Held {
                reason: reason.clone(),
                by: event.actor_name.clone(),
                since: event.at,
            })),
            Fact::Account(_, _, AccountFact::Released) => row.set_held(None),
            Fact::Account(_, _, AccountFact::AbsencePlanned { after, .. }) => {
                row.set_absence(after.as_ref());
                // Whoever decides on somebody who is away already decides when they come back.
                if row.status == AccountStatus::Disabled.name() {
                    row.disabled_by = Some(channel_word(event.channel)?);
                }
            }
            Fact::Account(_, _, AccountFact::LeavingPlanned { after, .. }) => row.leaving_at = after.map(|at| at.0),
            Fact::Account(_, _, AccountFact::StartPlanned { after, .. }) => row.starts_at = after.map(|at| at.0),
            Fact::Account(_, organisation, AccountFact::Moved { before, .. }) => {
                row.leaving_at = None;
                row.organisation = organisation.to_string();
                row.root = paths.root(organisation)?;
                if *before == AccountStatus::Leaver {
                    begin(row, AccountStatus::Active, event.at);
                }
            }
            _ => {}
        }
        let changes = event.fact.changes();
        if changes.is_empty() {
            continue;
        }
        let attributes = changed_by(row.attributes(), changes);
        if changes.iter().any(|change| change.attribute == Attribute::EmailAddress) {
            addresses.change(id, attributes.text(Attribute::EmailAddress));
        }
        row.set_attributes(&attributes, &addresses.former(id));
    }
    addresses.write(db).await?;
    let redone_rows: Vec<_> = rows.values().filter(|row| redone.contains(&row.id)).collect();
    let sites = Sites::of(db, &redone_rows).await?;
    for row in rows.values_mut().filter(|row| redone.contains(&row.id)) {
        row.set_place_and_work(sites.name(row));
    }
    let numbered = redone
        .iter()
        .filter_map(|id| Some((*id, before.get(id)?.attributes(), rows.get(id)?.attributes())));
    numbers::change(db, numbered.collect()).await?;
    write_differences(db, &before, rows).await
}

/// Writes what differs from before. What stays is not written again: a column that is written rewrites every index it stands
/// in. So accounts of which the same columns change are written together, and the others by themselves.
async fn write_differences(
    db: &impl ConnectionTrait,
    before: &HashMap<Uuid, account::Model>,
    rows: HashMap<Uuid, account::Model>,
) -> Result<(), StoreError> {
    let columns: Vec<_> = account::Column::iter().collect();
    let mut groups: BTreeMap<Vec<usize>, Vec<account::Model>> = BTreeMap::new();
    for (id, row) in rows {
        let is_new = |place: &usize| {
            let column = columns[*place];
            before
                .get(&id)
                .is_none_or(|before| row.get(column) != before.get(column))
        };
        let new: Vec<_> = (0..columns.len()).filter(is_new).collect();
        groups.entry(new).or_default().push(row);
    }
    let changed = Alias::new("changed");
    // What databases call the columns of such a list.
    let listed = |place: usize| Expr::col((changed.clone(), Alias::new(format!("column{place}"))));
    for (new, mut rows) in groups.into_iter().filter(|(new, _)| !new.is_empty()) {
        // In the order in which they were made: SQLite's index of words keeps in memory what comes in its order, and writes
        // all of that out whenever somebody earlier comes.
        rows.sort_unstable_by_key(|row| row.id);
        let at_once = (MOST_VALUES / (new.len() + 1)).min(MOST_ROWS);
        for chunk in rows.chunks(at_once) {
            let values = chunk.iter().map(|row| {
                let id = row.get(account::Column::Id);
                let new = new.iter().map(|place| row.get(columns[*place]));
                ValueTuple::Many(std::iter::once(id).chain(new).collect())
            });
            let mut update = Query::update();
            update
                .table(account::Entity)
                .from(TableRef::ValuesList(values.collect(), changed.clone().into_iden()))
                .and_where(Expr::col((account::Entity, account::Column::Id)).eq(listed(1)));
            for (place, column) in new.iter().enumerate() {
                update.value(columns[*column], listed(place + 2));
            }
            db.execute(&update).await?;
        }
    }
    Ok(())
}

/// A new status begins.
fn begin(row: &mut account::Model, status: AccountStatus, at: Timestamp) {
    row.status = status.name().to_owned();
    row.since = at.0;
    // A planned leaving date outlives what has nothing to do with it, such as a lock or a long leave.
    if matches!(status, AccountStatus::Leaver | AccountStatus::Deleted) {
        row.leaving_at = None;
    }
    if status == AccountStatus::Active {
        row.starts_at = None;
    }
    row.activated |= status == AccountStatus::Active;
}

/// A link that was sent, on the first day or before, is not sent on that day again.
async fn begin_stays(db: &impl ConnectionTrait, events: &[Event]) -> Result<(), StoreError> {
    let sent = events.iter().filter_map(|event| match &event.fact {
        Fact::Account(account, _, AccountFact::PasswordReset { .. } | AccountFact::Invited) => Some(account.0),
        _ => None,
    });
    let sent: Vec<_> = sent.collect();
    if !sent.is_empty() {
        account::Entity::update_many()
            .col_expr(account::Column::StartsAt, Expr::value(None::<i64>))
            .filter(account::Column::Id.is_in(padded(sent)))
            .filter(account::Column::StartsAt.is_not_null())
            .exec(db)
            .await?;
    }
    Ok(())
}

async fn erase_accounts(db: &impl ConnectionTrait, events: &[Event]) -> Result<(), StoreError> {
    for event in events {
        match &event.fact {
            Fact::Account(id, organisation, AccountFact::Erased { addresses }) => {
                if let Some(row) = account::Entity::find_by_id(id.0).one(db).await? {
                    numbers::change(db, vec![(id.0, row.attributes(), Attributes::default())]).await?;
                }
                account::Entity::delete_by_id(id.0).exec(db).await?;
                seats::end_all(db, *id).await?;
                customers::forget(db, *id, addresses).await?;
                let kept = addresses.iter().map(|held| address::ActiveModel {
                    stem: Set(held.stem()),
                    address: Set(held.as_str().to_owned()),
                    account: Set(id.0),
                    current: Set(false),
                    user_name: Set(false),
                    erased_at: Set(Some(event.at.0)),
                    organisation: Set(Some(organisation.to_string())),
                });
                address::Entity::delete_many()
                    .filter(address::Column::Account.eq(id.0))
                    .exec(db)
                    .await?;
                insert_all(db, kept.collect()).await?;
            }
            Fact::Account(account, _, AccountFact::AddressesFreed { .. }) => {
                let own = address::Entity::delete_many().filter(address::Column::Account.eq(account.0));
                own.exec(db).await?;
            }
            _ => {}
        }
    }
    Ok(())
}

async fn grant_roles(db: &impl ConnectionTrait, events: &[Event]) -> Result<(), StoreError> {
    let mut rows = Vec::new();
    for event in events {
        let Fact::Role {
            grant,
            account,
            role,
            organisation,
            unit,
            what: RoleFact::Granted { terms },
        } = &event.fact
        else {
            continue;
        };
        rows.push(role_grant::ActiveModel {
            id: Set(grant.0),
            account: Set(account.0),
            role: Set(role.slug().to_owned()),
            organisation: Set(organisation.to_string()),
            unit: Set(unit.as_ref().map(ToString::to_string)),
            begins_at: Set(terms.from.map(|from| from.0)),
            ends_at: Set(terms.until.map(|until| until.0)),
            channels: Set(grants::channel_words(&terms.channels)?),
            may_disable: Set(terms.may_disable),
            reason: Set(Some(terms.reason.clone()).filter(|reason| !reason.is_empty())),
            granted_at: Set(Some(event.at.0)),
            granted_by: Set(event.actor.map(|actor| actor.0)),
            granted_by_name: Set(Some(event.actor_name.clone())),
        });
    }
    insert_all(db, rows).await
}

async fn end_roles(db: &impl ConnectionTrait, events: &[Event]) -> Result<(), StoreError> {
    let ended = events.iter().filter_map(|event| match &event.fact {
        Fact::Role {
            grant,
            what: RoleFact::Ended { .. },
            ..
        } => Some(grant.0),
        _ => None,
    });
    let ended: Vec<_> = ended.collect();
    if !ended.is_empty() {
        let own = role_grant::Entity::delete_many().filter(role_grant::Column::Id.is_in(ended));
        own.exec(db).await?;
    }
    Ok(())
}

/// `None` if its event does not say it any more, because its person was permanently deleted.
fn address_row(attributes: &Attributes, account: Uuid) -> Option<address::ActiveModel> {
    let own = EmailAddress::parse(attributes.text(Attribute::EmailAddress)).ok()?;
    Some(address::ActiveModel {
        stem: Set(own.stem()),
        address: Set(own.as_str().to_owned()),
        account: Set(account),
        current: Set(true),
        user_name: Set(false),
        erased_at: Set(None),
        organisation: Set(None),
    })
}
