//! The rows of seats, and how many of each subscription's are taken.
//!
//! What a chunk does to one seat is added up first, and written in a few statements: seats that end give their place to those
//! that begin, whatever their order.

use std::collections::BTreeMap;

use domain::{
    event::{AccountFact, Event, Fact},
    life::Turn,
    subscription::{Seat, SubscriptionNumber},
    values::ids::AccountId,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use crate::{
    StoreError,
    entities::{seat, subscription},
    lists::{insert_all, padded},
};

/// What becomes of a seat.
struct Becomes {
    account: Uuid,
    /// As it will be; none where it ends.
    seat: Option<Seat>,
    /// When it was assigned, where it is new.
    assigned_at: Option<i64>,
}

/// What events do to seats, by the seats' IDs, and to the number of those taken, by subscription.
#[derive(Default)]
struct Tally {
    seats: BTreeMap<Uuid, Becomes>,
    taken: BTreeMap<i64, i32>,
    activated: Vec<Uuid>,
}

impl Tally {
    fn of(events: &[Event]) -> Self {
        let mut tally = Self::default();
        for event in events {
            if let Fact::Account(account, _, what) = &event.fact {
                tally.add(*account, what, event.at.0);
            }
        }
        tally
    }

    fn add(&mut self, account: AccountId, what: &AccountFact, at: i64) {
        match what {
            AccountFact::SeatAssigned { seat } => {
                self.take(seat.subscription, 1);
                let new = Becomes {
                    account: account.0,
                    seat: Some(seat.clone()),
                    assigned_at: Some(at),
                };
                self.seats.insert(seat.id.0, new);
            }
            AccountFact::SeatChanged { before, after } => {
                self.take(before.subscription, -1);
                self.take(after.subscription, 1);
                self.becomes(account, before).seat = Some(after.clone());
            }
            AccountFact::SeatRevoked { seat, .. } => {
                self.take(seat.subscription, -1);
                self.becomes(account, seat).seat = None;
            }
            AccountFact::Turned {
                turn: Turn::Activate, ..
            } => {
                let own = self.seats.values_mut().filter(|known| known.account == account.0);
                for seat in own.filter_map(|known| known.seat.as_mut()) {
                    seat.active = true;
                }
                self.activated.push(account.0);
            }
            _ => {}
        }
    }

    fn take(&mut self, subscription: SubscriptionNumber, more: i32) {
        *self.taken.entry(subscription.get()).or_default() += more;
    }

    fn becomes(&mut self, account: AccountId, seat: &Seat) -> &mut Becomes {
        self.seats.entry(seat.id.0).or_insert(Becomes {
            account: account.0,
            seat: None,
            assigned_at: None,
        })
    }
}

/// Writes what events say of seats.
pub(super) async fn project(db: &impl ConnectionTrait, events: &[Event]) -> Result<(), StoreError> {
    let tally = Tally::of(events);
    if !tally.activated.is_empty() {
        seat::Entity::update_many()
            .col_expr(seat::Column::Active, Expr::value(true))
            .filter(seat::Column::Account.is_in(padded(tally.activated)))
            .exec(db)
            .await?;
    }
    if tally.seats.is_empty() {
        return Ok(());
    }
    count(db, tally.taken).await?;
    let known = tally.seats.iter().filter(|(_, becomes)| becomes.assigned_at.is_none());
    let known: Vec<_> = known.map(|(id, _)| *id).collect();
    let assigned = end(db, &known).await?;
    let rows = tally.seats.into_iter().filter_map(|(id, becomes)| {
        let assigned_at = becomes.assigned_at.or(assigned.get(&id).copied())?;
        Some(row(becomes.account, &becomes.seat?, assigned_at))
    });
    insert_all(db, rows.collect()).await
}

/// Ends what seats somebody still has who is forgotten.
pub(super) async fn end_all(db: &impl ConnectionTrait, account: AccountId) -> Result<(), StoreError> {
    let left = seat::Entity::find().filter(seat::Column::Account.eq(account.0));
    let left = left.all(db).await?;
    if left.is_empty() {
        return Ok(());
    }
    let mut taken = BTreeMap::new();
    for seat in &left {
        *taken.entry(seat.subscription).or_default() -= 1;
    }
    count(db, taken).await?;
    let ids: Vec<_> = left.iter().map(|seat| seat.id).collect();
    end(db, &ids).await.map(drop)
}

/// Counts seats as taken, or as free again. The database refuses whoever comes second to the last one.
async fn count(db: &impl ConnectionTrait, taken: BTreeMap<i64, i32>) -> Result<(), StoreError> {
    // In the order of their numbers, so that two transactions do not wait for each other.
    for (number, more) in taken.into_iter().filter(|(_, more)| *more != 0) {
        let then = || Expr::col(subscription::Column::SeatsTaken).add(more);
        let counted = subscription::Entity::update_many()
            .col_expr(subscription::Column::SeatsTaken, then())
            .filter(subscription::Column::Number.eq(number))
            .filter(then().gte(0))
            .filter(then().lte(Expr::col(subscription::Column::Seats)))
            .exec(db)
            .await?;
        if counted.rows_affected == 0 {
            return Err(StoreError::Conflict);
        }
    }
    Ok(())
}

/// Takes seats away, and says when each had been assigned. One that is there no more went to another transaction.
async fn end(db: &impl ConnectionTrait, seats: &[Uuid]) -> Result<BTreeMap<Uuid, i64>, StoreError> {
    if seats.is_empty() {
        return Ok(BTreeMap::new());
    }
    let named = || seat::Column::Id.is_in(padded(seats.iter().copied()));
    let rows = seat::Entity::find().filter(named()).all(db).await?;
    let assigned: BTreeMap<_, _> = rows.into_iter().map(|row| (row.id, row.assigned_at)).collect();
    if assigned.len() < seats.len() {
        return Err(StoreError::Conflict);
    }
    seat::Entity::delete_many().filter(named()).exec(db).await?;
    Ok(assigned)
}

fn row(account: Uuid, of: &Seat, assigned_at: i64) -> seat::ActiveModel {
    let gigabytes = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    seat::ActiveModel {
        id: Set(of.id.0),
        account: Set(account),
        subscription: Set(of.subscription.get()),
        offering: Set(of.offering.slug().to_owned()),
        covers_collab: Set(of.offering.covers_collab()),
        covers_mail: Set(of.offering.covers_mail()),
        active: Set(of.active),
        collab_extra_gb: Set(gigabytes(of.collab_extra_gb)),
        mail_extra_gb: Set(gigabytes(of.mail_extra_gb)),
        assigned_at: Set(assigned_at),
    }
}
