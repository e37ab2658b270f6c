//! Seats by form, seats that end with something else, and accounts that are held.
//!
//! `rules` says what keeps somebody from a seat, for forms and for change files alike; `known` what a plan knows of a
//! customer's subscriptions once the rows before have taken theirs.

mod known;
mod rules;

pub(super) use self::{
    known::{federation_of, storage_of},
    rules::Seating,
};
use super::{AccountStep, PlannedRow, SeatStep, Step, left_out, life, matching::World};
use crate::{
    account::{Account, AccountStatus},
    change_file::{Action, ChangeFault},
    customer::FederationType,
    dictionary::Attribute,
    problem::{Kind, Problem},
    request::SeatWish,
    subscription::{Seat, SubscriptionNumber},
    values::{
        ids::{AccountId, RowNumber, SeatId},
        reason::as_reason,
        text,
    },
};

/// The longest reason for which somebody is held, in characters.
const LONGEST_REASON: usize = 255;

/// What a form asks for about somebody's seats.
pub(super) fn wish(world: &World<'_>, row: RowNumber, id: AccountId, wish: &SeatWish) -> PlannedRow {
    let Some(existing) = world.account(id) else {
        return life::nobody(row);
    };
    let name = existing.full_name();
    let Some(customer) = world.customer_of(existing) else {
        return PlannedRow::bare(row, name, left_out(row, Kind::NotThere));
    };
    let email = existing.attributes.text(Attribute::EmailAddress).to_owned();
    let mut seating = Seating::of(world, customer, email, world.seats(id));
    if let Some(fault) = not_open_to(existing, action(wish)) {
        seating.faults.push(fault);
        return seated(row, existing, seating, None);
    }
    let steps = match wish {
        SeatWish::Assign(number) => {
            let active = is_used_at_once(existing, seating.federation(&existing.attributes));
            let known = seating.subscription(&number.to_string());
            known
                .and_then(|known| seating.assign(known, active))
                .map(|seat| vec![SeatStep::Assign(seat)])
        }
        SeatWish::Change { seat, to } => held(&mut seating, *seat).and_then(|seat| change(&mut seating, &seat, *to)),
        SeatWish::Revoke(seat) => held(&mut seating, *seat).map(|seat| seating.revoke(&seat, None)),
        SeatWish::Storage { seat, collab, mail } => held(&mut seating, *seat).map(|seat| {
            let other = |wished: u32, had: u32| (wished != had).then_some(wished);
            let (collab, mail) = (other(*collab, seat.collab_extra_gb), other(*mail, seat.mail_extra_gb));
            seating.storage(&seat, collab, mail).into_iter().collect()
        }),
    };
    seated(row, existing, seating, steps)
}

/// Why nobody can do this to somebody's seats: they are gone, or are leaving.
pub(super) fn not_open_to(existing: &Account, action: Action) -> Option<ChangeFault> {
    let is_shut = match existing.status {
        AccountStatus::Deleted => true,
        AccountStatus::Leaver => action != Action::RevokeSeat,
        AccountStatus::Pending
        | AccountStatus::Active
        | AccountStatus::Inactive
        | AccountStatus::Locked
        | AccountStatus::Disabled => false,
    };
    is_shut.then(|| ChangeFault::State {
        email: existing.attributes.text(Attribute::EmailAddress).to_owned(),
        status: existing.status,
        action,
    })
}

/// Whether somebody uses a new seat at once: they have activated their account, or never need to.
pub(super) fn is_used_at_once(existing: &Account, federation: FederationType) -> bool {
    existing.activated || federation == FederationType::Federated
}

const fn action(wish: &SeatWish) -> Action {
    match wish {
        SeatWish::Assign(_) => Action::AssignSeat,
        SeatWish::Change { .. } => Action::ChangeSeat,
        SeatWish::Revoke(_) => Action::RevokeSeat,
        SeatWish::Storage { .. } => Action::ChangeStorage,
    }
}

/// The seat that a form names.
fn held(seating: &mut Seating<'_, '_>, id: SeatId) -> Option<Seat> {
    let seat = seating.seats.iter().find(|seat| seat.id == id).cloned();
    if seat.is_none() {
        let (email, seats) = (seating.email.clone(), seating.seats.len());
        seating.faults.push(ChangeFault::SeatWhich { email, seats });
    }
    seat
}

/// A form shows what goes with the change, and whoever confirms it has seen that.
fn change(seating: &mut Seating<'_, '_>, seat: &Seat, to: SubscriptionNumber) -> Option<Vec<SeatStep>> {
    if seat.subscription == to {
        return Some(vec![]);
    }
    let target = seating.subscription(&to.to_string())?;
    seating.change(seat, target).map(|step| vec![step])
}

fn seated(row: RowNumber, existing: &Account, seating: Seating<'_, '_>, steps: Option<Vec<SeatStep>>) -> PlannedRow {
    let in_row = |fault| Problem::in_row(row, Kind::Change(fault));
    let step = match steps {
        _ if !seating.faults.is_empty() => Step::LeaveOut {
            problems: seating.faults.into_iter().map(in_row).collect(),
        },
        Some(seats) if !seats.is_empty() => AccountStep::Seats { seats, changes: vec![] }.on(existing),
        _ => Step::Nothing {
            account: Some(existing.id),
        },
    };
    PlannedRow {
        warnings: seating.notices.into_iter().map(in_row).collect(),
        ..PlannedRow::bare(row, existing.full_name(), step)
    }
}

/// Nothing but the portal's forms changes somebody, for a reason.
pub(super) fn hold(world: &World<'_>, row: RowNumber, id: AccountId, reason: &str) -> PlannedRow {
    life::about(world, row, id, |existing| {
        let reason = match as_reason(text::line(reason, LONGEST_REASON), LONGEST_REASON) {
            Ok(reason) => reason,
            Err(wrong) => return left_out(row, wrong.into()),
        };
        match (&existing.held, existing.status) {
            (_, AccountStatus::Deleted) => {
                let (name, status) = (existing.full_name(), existing.status);
                left_out(row, Kind::NotTakingChanges { name, status })
            }
            (Some(held), _) if held.reason == reason => Step::Nothing { account: Some(id) },
            _ => AccountStep::Hold { reason }.on(existing),
        }
    })
}

/// Somebody is held no longer.
pub(super) fn release(world: &World<'_>, row: RowNumber, id: AccountId) -> PlannedRow {
    life::about(world, row, id, |existing| match &existing.held {
        Some(_) => AccountStep::Release.on(existing),
        None => Step::Nothing { account: Some(id) },
    })
}
