//! Somebody as a step leaves them: what the directory would say once the step's events are written.

use uuid::Uuid;

use crate::{
    account::{Account, AccountStatus, Held},
    channel::Channel,
    dictionary::{Attribute, Change, Value},
    hand_edit::HandEdits,
    life::Turn,
    plan::{AccountStep, PlannedRow, Step},
    subscription::{NewSeat, Seat},
    values::{
        email_address::EmailAddress,
        ids::{AccountId, RowNumber, SeatId, Timestamp},
    },
};

/// Somebody new, with their seats, under IDs that are made up. `None` if the row makes nobody.
pub(super) fn created(row: &PlannedRow, now: Timestamp) -> Option<(Account, Vec<Seat>)> {
    let Step::CreateAccount {
        organisation,
        attributes,
        stay,
        provision,
        ..
    } = &row.step
    else {
        return None;
    };
    let status = provision.status();
    let account = Account {
        id: made_up(row.row),
        organisation: organisation.clone(),
        status,
        since: now,
        leaving_at: stay.leaves,
        absence: None,
        starts_at: stay.starts,
        activated: status != AccountStatus::Pending,
        version: 1,
        attributes: attributes.clone(),
        aliases: vec![],
        by_hand: HandEdits::new(),
        held: None,
        disabled_by: None,
    };
    let numbered = provision.seats.iter().enumerate();
    let seats = numbered.map(|(place, new)| seat(new, made_up_seat(row.row, place)));
    Some((account, seats.collect()))
}

/// Somebody as a step leaves them.
pub(super) fn account(before: &Account, step: &AccountStep, channel: Channel, now: Timestamp) -> Account {
    let mut account = before.clone();
    account.version += 1;
    match step {
        AccountStep::Update { changes, .. } | AccountStep::Seats { changes, .. } => change(&mut account, changes),
        AccountStep::Move {
            to, before, changes, ..
        } => {
            account.organisation = to.clone();
            account.leaving_at = None;
            account.by_hand.clear();
            if *before == AccountStatus::Leaver {
                begin(&mut account, AccountStatus::Active, now);
            }
            change(&mut account, changes);
        }
        AccountStep::Turn { turn, after, away, .. } => {
            begin(&mut account, *after, now);
            if turn.decides_on_absence() {
                account.absence.clone_from(away);
            }
            account.disabled_by = (*after == AccountStatus::Disabled).then_some(channel);
        }
        AccountStep::PlanAbsence { after, .. } => {
            account.absence.clone_from(after);
            // Whoever decides on somebody who is away already decides when they come back.
            if account.status == AccountStatus::Disabled {
                account.disabled_by = Some(channel);
            }
        }
        AccountStep::PlanLeaving { after, .. } => account.leaving_at = *after,
        AccountStep::Hold { reason } => {
            account.held = Some(Held {
                reason: reason.clone(),
                by: String::new(),
                since: now,
            });
        }
        AccountStep::Release => account.held = None,
        AccountStep::ResetPassword { .. }
        | AccountStep::ResetFactors
        | AccountStep::ChoosePassword
        | AccountStep::Erase { .. }
        | AccountStep::AskRename { .. }
        | AccountStep::Invite => {}
    }
    account
}

/// A new status begins.
fn begin(account: &mut Account, status: AccountStatus, now: Timestamp) {
    account.status = status;
    account.since = now;
    if matches!(status, AccountStatus::Leaver | AccountStatus::Deleted) {
        account.leaving_at = None;
    }
    if status == AccountStatus::Active {
        account.starts_at = None;
        account.activated = true;
    }
}

/// Other details; an address that somebody had before becomes an alias.
fn change(account: &mut Account, changes: &[Change]) {
    for change in changes {
        if change.attribute == Attribute::EmailAddress {
            let former = change.before.as_ref().map(Value::as_str).map(EmailAddress::parse);
            let present = change.after.as_ref().map_or("", Value::as_str);
            account.aliases.retain(|alias| alias.as_str() != present);
            account.aliases.extend(former.and_then(Result::ok));
        }
        account.attributes.set(change.attribute, change.after.clone());
        account.by_hand.remove(&change.attribute);
    }
}

/// Their seats as a step leaves them.
pub(super) fn seats(row: RowNumber, before: &[Seat], step: &AccountStep) -> Vec<Seat> {
    let mut seats = before.to_vec();
    match step {
        AccountStep::Turn { seats: ended, .. } | AccountStep::Move { seats: ended, .. } if !ended.is_empty() => {
            seats.retain(|seat| ended.iter().all(|end| end.seat.id != seat.id));
        }
        AccountStep::Turn {
            turn: Turn::Activate, ..
        } => {
            for seat in &mut seats {
                seat.active = true;
            }
        }
        AccountStep::Seats { seats: steps, .. } => {
            for (place, step) in steps.iter().enumerate() {
                let had = step.before().map(|seat| seat.id);
                let id = had.unwrap_or_else(|| made_up_seat(row, place));
                let after = step.after(id);
                let known = seats.iter().position(|seat| Some(seat.id) == had);
                match (known, after) {
                    (Some(place), Some(after)) => seats[place] = after,
                    (Some(place), None) => {
                        seats.remove(place);
                    }
                    (None, Some(after)) => seats.push(after),
                    (None, None) => {}
                }
            }
        }
        _ => {}
    }
    seats
}

const fn seat(new: &NewSeat, id: SeatId) -> Seat {
    Seat {
        id,
        subscription: new.subscription,
        offering: new.offering,
        active: new.active,
        collab_extra_gb: 0,
        mail_extra_gb: 0,
    }
}

/// The ID under which somebody new goes until the row is applied.
fn made_up(row: RowNumber) -> AccountId {
    AccountId(Uuid::from_u128(u128::from(row.0)))
}

/// The ID under which a new seat goes until the row is applied.
fn made_up_seat(row: RowNumber, place: usize) -> SeatId {
    let place = u64::try_from(place).unwrap_or(u64::MAX);
    SeatId(Uuid::from_u64_pair(u64::from(row.0), place))
}
