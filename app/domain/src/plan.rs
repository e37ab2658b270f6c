//! The plan: what each row would do. Pure: the same snapshot and requests give the same plan, and none makes it fail.
//!
//! A row that cannot be done carries all its problems at once. `sheet` reads and checks cells, `matching` finds the account
//! that a file's row is about; `accounts`, `contacts`, `life` and `organisations` decide what a row comes to. `changes` reads
//! the rows of change files and asks the same modules; `carried` lets one row build on another.

mod about;
mod absence;
mod accounts;
mod carried;
mod changes;
mod contacts;
mod customers;
mod days;
mod grants;
mod in_order;
mod life;
mod matching;
mod meeting;
mod naming;
mod noticed;
mod organisations;
mod row;
mod row_kind;
mod seats;
mod sheet;
mod snapshot;
mod step;
mod touched;
mod undo;

use std::collections::HashMap;

use self::row::{left_out, not_there};
pub(crate) use self::touched::unit_after;
pub use self::{
    about::{AccountRef, ContactRef, DayChange, HeldRole, Matched, OpenOffer},
    carried::{Carried, applied_together, runs},
    matching::looks_like,
    meeting::earlier_rows_met,
    row::PlannedRow,
    row_kind::RowKind,
    sheet::cells_that_differ,
    snapshot::{FileKeys, KnownOrganisation, OrganisationName, Reserved, Snapshot},
    step::{AccountStep, ContactStep, OrganisationStep, Provision, RoleStep, SeatStep, Step, TokenStep},
    undo::undoing,
};
pub use crate::dictionary::Change;
use crate::{
    change_file::ChangeRow,
    channel::Channel,
    dictionary::Attribute,
    organisation::Organisation,
    policy::{Holders, Touch},
    problem::{Kind, Problem},
    request::{AccountWish, ChangeRequest, ContactWish, Wish},
    values::ids::{AccountId, ContactId, RowNumber},
};

/// What the rows of one submission, or of a chunk of one, would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The way the submission came in.
    pub channel: Channel,
    /// The organisations the steps name, which the snapshot knew.
    pub organisations: Vec<Organisation>,
    /// The roles of the people it touches.
    pub holders: Holders,
    /// One entry a request, in the requests' order.
    pub rows: Vec<PlannedRow>,
}

/// Plans each request against what is known of the world.
#[must_use]
pub fn plan(snapshot: &Snapshot, requests: &[ChangeRequest]) -> Plan {
    planned(snapshot, requests).0
}

/// Plans a chunk of a file, and remembers what its rows take, so that no later row takes it again. Where rows build on one
/// another, each is planned as the rows before leave things.
#[must_use]
pub fn plan_chunk(snapshot: &mut Snapshot, requests: &[ChangeRequest]) -> Plan {
    if snapshot.channel.takes_rows_in_order() {
        return plan_in_order(snapshot, requests);
    }
    let (plan, reached) = planned(snapshot, requests);
    for row in &plan.rows {
        snapshot.file.remember(row, &snapshot.organisations);
    }
    snapshot.file.reached.extend(reached);
    plan
}

/// Plans rows that build on one another, and leaves the snapshot as they would leave the world.
fn plan_in_order(snapshot: &mut Snapshot, requests: &[ChangeRequest]) -> Plan {
    in_order::lay_over(snapshot, requests);
    let (mut plan, _) = planned(snapshot, &[]);
    for run in runs(requests) {
        let mut rest = &requests[run];
        while !rest.is_empty() {
            let (part, _) = planned(snapshot, rest);
            let together = applied_together(&part.rows).max(1);
            for (request, row) in rest.iter().zip(part.rows).take(together) {
                let suppressed = request.wish.change_row().is_some_and(ChangeRow::suppresses);
                in_order::carry(snapshot, &row, suppressed);
                plan.rows.push(row);
            }
            rest = &rest[together..];
        }
    }
    plan
}

/// The plan, and where addresses made from names go on.
fn planned(snapshot: &Snapshot, requests: &[ChangeRequest]) -> (Plan, HashMap<String, u32>) {
    let mut world = matching::World::of(snapshot);
    let mut rows = Vec::with_capacity(requests.len());
    // A row may name a parent that stands in a later one, so these are looked at together.
    let mut organisations = organisations::in_file(snapshot, requests);
    for request in requests {
        let planned = plan_row(&world, &mut organisations, request);
        world.remember(&planned);
        rows.push(planned);
    }
    meeting::name_each_other(&world, requests, &mut rows);
    let organisations = snapshot
        .organisations
        .values()
        .map(|known| known.organisation.clone())
        .chain(snapshot.elsewhere.values().cloned())
        .collect();
    let plan = Plan {
        channel: snapshot.channel,
        organisations,
        holders: snapshot.holders.clone(),
        rows,
    };
    (plan, world.into_reached())
}

fn plan_row(
    world: &matching::World<'_>,
    organisations: &mut HashMap<RowNumber, PlannedRow>,
    request: &ChangeRequest,
) -> PlannedRow {
    let row = request.row;
    let planned = match &request.wish {
        Wish::AccountInFile(cells) => accounts::in_file(world, row, cells, request.promised.as_ref()),
        Wish::NewAccount(cells) => accounts::new(world, row, cells, request.promised.as_ref()),
        Wish::Join { address, cells } => accounts::join(world, row, address, cells),
        Wish::Account(account, wish) => plan_account(world, row, *account, wish),
        Wish::NewContact(cells) => contacts::new(world, row, cells),
        Wish::Contact(contact, wish) => plan_contact(world, row, *contact, wish),
        Wish::AcceptOffer(offer, cells) => contacts::accept(world, row, *offer, cells),
        Wish::EndOffer(offer, end) => contacts::end_offer(world, row, *offer, *end),
        Wish::NewOrganisation(organisation) => found(world, row, organisation),
        Wish::OrganisationInFile(_) => organisations
            .remove(&row)
            .unwrap_or_else(|| PlannedRow::bare(row, String::new(), not_there(row))),
        Wish::Role(account, wish) => grants::role(world, row, *account, wish),
        Wish::Token(account, token, wish) => grants::token(world, row, *account, token, wish),
        Wish::ChangeRow(change_row) => changes::plan(world, row, change_row),
        Wish::Customer(customer) => customers::set(world, row, customer),
        Wish::Subscription(subscription) => customers::subscription(world, row, subscription),
    };
    let whom = planned.step.account();
    let planned = refuse_role_holder(world, refuse_wrong_channel(world.snapshot.channel, planned));
    let planned = refuse_held(world, planned);
    match (&request.wish, whom.and_then(|whom| world.account(whom))) {
        (Wish::AccountInFile(cells), Some(whom)) => accounts::as_written(world, cells, whom, planned),
        _ => planned,
    }
}

fn plan_account(world: &matching::World<'_>, row: RowNumber, id: AccountId, wish: &AccountWish) -> PlannedRow {
    match wish {
        AccountWish::Edit(cells) => accounts::edit(world, row, id, cells),
        AccountWish::Move(cells) => accounts::to_other_organisation(world, row, id, cells),
        AccountWish::Turn(turn) => life::turn(world, row, id, *turn),
        AccountWish::Absence(absence) => absence::absence(world, row, id, absence.as_ref()),
        AccountWish::ChangeAbsence(absence) => absence::change(world, row, id, absence),
        AccountWish::Leaving(at) => life::leaving(world, row, id, *at),
        AccountWish::ResetPassword => life::reset_password(world, row, id),
        AccountWish::ResetFactors => life::reset_factors(world, row, id),
        AccountWish::ChoosePassword => life::choose_password(world, row, id),
        AccountWish::Erase => life::erase(world, row, id),
        AccountWish::FreeAddresses => life::free_addresses(world, row, id),
        AccountWish::Undo { event, .. } => undo::undo(world, row, id, *event),
        AccountWish::Seats(seat_wish) => seats::wish(world, row, id, seat_wish),
        AccountWish::Hold(reason) => seats::hold(world, row, id, reason),
        AccountWish::Release => seats::release(world, row, id),
    }
}

fn plan_contact(world: &matching::World<'_>, row: RowNumber, id: ContactId, wish: &ContactWish) -> PlannedRow {
    match wish {
        ContactWish::Edit(cells) => contacts::edit(world, row, id, cells),
        ContactWish::Delete => contacts::delete(world, row, id),
        ContactWish::Restore => contacts::restore(world, row, id),
        ContactWish::Erase => contacts::erase(world, row, id),
        ContactWish::Move(cells) => contacts::to_other_organisation(world, row, id, cells),
        ContactWish::Offer(to) => contacts::offer(world, row, id, to),
    }
}

fn found(world: &matching::World<'_>, row: RowNumber, organisation: &Organisation) -> PlannedRow {
    let known = world.snapshot.organisations.contains_key(&organisation.code);
    let step = if known {
        left_out(row, Kind::AlreadyThere)
    } else {
        Step::Organisation(OrganisationStep::Found(organisation.clone()))
    };
    PlannedRow::bare(row, organisation.name.clone(), step)
}

/// Invariant: a plan holds no step that its channel does not carry.
fn refuse_wrong_channel(channel: Channel, planned: PlannedRow) -> PlannedRow {
    match planned.step.operation() {
        Some(operation) if !operation.goes_through(channel) => PlannedRow {
            step: left_out(planned.row, Kind::ChannelCannot { channel, operation }),
            warnings: vec![],
            ..planned
        },
        _ => planned,
    }
}

/// A held account is changed by the portal's forms alone: no file and no machine changes it. What is so already stays so.
fn refuse_held(world: &matching::World<'_>, planned: PlannedRow) -> PlannedRow {
    let channel = world.snapshot.channel;
    let is_refused = (channel.is_machine() || channel == Channel::PortalCsv) && planned.step.operation().is_some();
    let whom = planned.step.account().filter(|_| is_refused);
    let Some((existing, held)) = whom.and_then(|whom| {
        let existing = world.account(whom)?;
        Some((existing, existing.held.as_ref()?))
    }) else {
        return planned;
    };
    let kind = Kind::Held {
        name: existing.full_name(),
        reason: held.reason.clone(),
        since: held.since,
    };
    PlannedRow {
        step: left_out(planned.row, kind),
        warnings: vec![],
        ..planned
    }
}

/// Somebody who holds a role is touched only by those who could end it; see [`Holders`].
fn refuse_role_holder(world: &matching::World<'_>, planned: PlannedRow) -> PlannedRow {
    let snapshot = world.snapshot;
    if snapshot.asker.may_touch(&planned.step, &snapshot.holders) {
        return planned;
    }
    let (row, name) = (planned.row, planned.name.clone());
    let account = planned.step.account();
    let ender = account.and_then(|account| snapshot.asker.who_ends(account, &snapshot.holders));
    let holds_role = Kind::HoldsRole {
        name: name.clone(),
        touch: Touch::of(&planned.step),
        ender: ender.unwrap_or_default(),
    };
    let address = planned
        .step
        .changes()
        .iter()
        .find(|change| change.attribute == Attribute::EmailAddress);
    let problem = match (&planned.step, address.and_then(|change| change.after.as_ref())) {
        (Step::Account(_, AccountStep::ResetPassword { .. }), _) => {
            Problem::in_row(row, Kind::AddressJustChanged { name })
        }
        (Step::Account(_, AccountStep::Update { .. }), Some(typed)) => {
            Problem::in_cell(row, Attribute::EmailAddress, typed.as_str(), holds_role)
        }
        _ => Problem::in_row(row, holds_role),
    };
    PlannedRow::bare(
        row,
        planned.name,
        Step::LeaveOut {
            problems: vec![problem],
        },
    )
}

#[cfg(test)]
mod tests;
