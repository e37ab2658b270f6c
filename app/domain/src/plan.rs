//! The plan: what each row would do. Pure: the same snapshot and requests give the same plan, and none makes it fail.
//!
//! A row that cannot be done carries all its problems at once. `sheet` reads and checks cells, `matching` finds the account
//! that a file's row is about; `accounts`, `contacts`, `life` and `organisations` decide what a row comes to.

mod about;
mod absence;
mod accounts;
mod contacts;
mod days;
mod grants;
mod life;
mod matching;
mod meeting;
mod naming;
mod noticed;
mod organisations;
mod row;
mod row_kind;
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
    matching::looks_like,
    meeting::earlier_rows_met,
    row::PlannedRow,
    row_kind::RowKind,
    sheet::cells_that_differ,
    snapshot::{FileKeys, KnownOrganisation, OrganisationName, Reserved, Snapshot},
    step::{AccountStep, ContactStep, OrganisationStep, RoleStep, Step, TokenStep},
    undo::undoing,
};
pub use crate::dictionary::Change;
use crate::{
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

/// Plans a chunk of a file, and remembers what its rows take, so that no later row takes it again.
#[must_use]
pub fn plan_chunk(snapshot: &mut Snapshot, requests: &[ChangeRequest]) -> Plan {
    let (plan, reached) = planned(snapshot, requests);
    for row in &plan.rows {
        snapshot.file.remember(row, &snapshot.organisations);
    }
    snapshot.file.reached.extend(reached);
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
    };
    let whom = planned.step.account();
    let planned = refuse_role_holder(world, refuse_wrong_channel(world.snapshot.channel, planned));
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
