//! What planned rows take of seats and of extra storage, and give back.

use std::collections::{HashMap, HashSet};

use crate::{
    customer::CustomerNumber,
    dictionary::{Attribute, Value},
    plan::{AccountStep, SeatStep, Step},
    subscription::{KnownSubscription, NewSeat, Seat, SeatEnd, Side, SubscriptionNumber},
};

/// What planned rows take of seats and of extra storage; below zero where they give back more.
#[derive(Clone, Debug, Default)]
pub(in crate::plan) struct Taking {
    seats: HashMap<SubscriptionNumber, i64>,
    storage: HashMap<(CustomerNumber, Side), i64>,
    /// Names in the mail directory, in small letters.
    notes_names: HashSet<String>,
}

/// One seat's part in it: of which subscription, and how much extra storage for collaboration and for mail.
type Part = (SubscriptionNumber, u32, u32);

impl Taking {
    /// How many seats of a subscription are taken.
    pub(in crate::plan) fn seats_of(&self, number: SubscriptionNumber) -> i64 {
        self.seats.get(&number).copied().unwrap_or_default()
    }

    /// How many gigabytes of a customer's pool for a side are taken.
    pub(in crate::plan) fn storage_of(&self, customer: CustomerNumber, side: Side) -> i64 {
        self.storage.get(&(customer, side)).copied().unwrap_or_default()
    }

    /// Whether an earlier row gives somebody this name in the mail directory.
    pub(in crate::plan) fn has_notes_name(&self, name: &str) -> bool {
        self.notes_names.contains(&name.to_lowercase())
    }

    /// Adds what a step takes and gives back.
    pub(in crate::plan) fn add(&mut self, step: &Step, subscriptions: &HashMap<SubscriptionNumber, KnownSubscription>) {
        self.notes_names.extend(notes_name(step).map(str::to_lowercase));
        for (before, after) in parts(step) {
            for (part, sign) in [(before, -1), (after, 1)] {
                let Some((number, collab, mail)) = part else { continue };
                *self.seats.entry(number).or_default() += sign;
                let Some(known) = subscriptions.get(&number) else {
                    continue;
                };
                let customer = known.subscription.customer;
                for (side, gigabytes) in [(Side::Collab, collab), (Side::Mail, mail)] {
                    if gigabytes > 0 {
                        *self.storage.entry((customer, side)).or_default() += sign * i64::from(gigabytes);
                    }
                }
            }
        }
    }
}

/// The name in the mail directory that a step gives somebody.
fn notes_name(step: &Step) -> Option<&str> {
    let name = Attribute::NotesName;
    match step {
        Step::CreateAccount { attributes, .. } => attributes.get(name).map(Value::as_str),
        step => {
            let change = step.changes().iter().find(|change| change.attribute == name)?;
            change.after.as_ref().map(Value::as_str)
        }
    }
}

/// The seats that a step changes, as they were and as they will be.
fn parts(step: &Step) -> Vec<(Option<Part>, Option<Part>)> {
    let ended = |end: &SeatEnd| (Some(part(&end.seat)), None);
    match step {
        Step::CreateAccount { provision, .. } => provision.seats.iter().map(|seat| (None, Some(new(seat)))).collect(),
        Step::Account(_, AccountStep::Seats { seats, .. }) => seats.iter().map(of_seat).collect(),
        Step::Account(_, AccountStep::Turn { seats, .. } | AccountStep::Move { seats, .. }) => {
            seats.iter().map(ended).collect()
        }
        _ => vec![],
    }
}

fn of_seat(step: &SeatStep) -> (Option<Part>, Option<Part>) {
    match step {
        SeatStep::Assign(seat) => (None, Some(new(seat))),
        SeatStep::Change {
            from,
            to,
            collab_extra_gb,
            mail_extra_gb,
        } => (
            Some(part(from)),
            Some((to.subscription, *collab_extra_gb, *mail_extra_gb)),
        ),
        SeatStep::Revoke(end) => (Some(part(&end.seat)), None),
        SeatStep::Storage { seat, collab, mail } => (Some(part(seat)), Some((seat.subscription, *collab, *mail))),
    }
}

const fn part(seat: &Seat) -> Part {
    (seat.subscription, seat.collab_extra_gb, seat.mail_extra_gb)
}

const fn new(seat: &NewSeat) -> Part {
    (seat.subscription, 0, 0)
}
