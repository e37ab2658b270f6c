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
    sheet::cells_that_differ,
    snapshot::{FileKeys, KnownOrganisation, OrganisationName, Reserved, Snapshot},
    step::{RowKind, Step},
    undo::undoing,
};
pub use crate::dictionary::Change;
use crate::{
    channel::Channel,
    dictionary::Attribute,
    ids::RowNumber,
    organisation::Organisation,
    policy::{Holders, Touch},
    problem::{Kind, Problem},
    request::{ChangeRequest, Wish},
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
        Wish::Account(cells) => accounts::in_file(world, row, cells, request.promised.as_ref()),
        Wish::NewAccount(cells) => accounts::new(world, row, cells, request.promised.as_ref()),
        Wish::EditAccount { account, cells } => accounts::edit(world, row, *account, cells),
        Wish::MoveAccount { account, cells } => accounts::to_other_organisation(world, row, *account, cells),
        Wish::Join { address, cells } => accounts::join(world, row, address, cells),
        Wish::Contact(cells) => contacts::new(world, row, cells),
        Wish::EditContact { contact, cells } => contacts::edit(world, row, *contact, cells),
        Wish::DeleteContact { contact } => contacts::delete(world, row, *contact),
        Wish::RestoreContact { contact } => contacts::restore(world, row, *contact),
        Wish::EraseContact { contact } => contacts::erase(world, row, *contact),
        Wish::MoveContact { contact, cells } => contacts::to_other_organisation(world, row, *contact, cells),
        Wish::OfferContact { contact, to } => contacts::offer(world, row, *contact, to),
        Wish::AcceptOffer { offer, cells } => contacts::accept(world, row, *offer, cells),
        Wish::EndOffer { offer, end } => contacts::end_offer(world, row, *offer, *end),
        Wish::Turn { account, turn } => life::turn(world, row, *account, *turn),
        Wish::Absence { account, absence } => absence::absence(world, row, *account, absence.as_ref()),
        Wish::ChangeAbsence { account, absence } => absence::change(world, row, *account, absence),
        Wish::Leaving { account, at } => life::leaving(world, row, *account, *at),
        Wish::ResetPassword { account } => life::reset_password(world, row, *account),
        Wish::ResetFactors { account } => life::reset_factors(world, row, *account),
        Wish::ChoosePassword { account } => life::choose_password(world, row, *account),
        Wish::EraseAccount { account } => life::erase(world, row, *account),
        Wish::FreeAddresses { account } => life::free_addresses(world, row, *account),
        Wish::Organisation(organisation) => found(world, row, organisation),
        Wish::OrganisationInFile(_) => organisations
            .remove(&row)
            .unwrap_or_else(|| PlannedRow::bare(row, String::new(), not_there(row))),
        Wish::Grant {
            account,
            role,
            organisation,
            unit,
            terms,
        } => grants::grant(world, row, *account, (*role, organisation, unit.as_ref()), terms),
        Wish::Revoke {
            account, grant, reason, ..
        } => grants::revoke(world, row, *account, *grant, reason),
        Wish::MakeToken {
            account,
            token,
            name,
            expires_at,
        } => grants::make_token(world, row, *account, token, name, *expires_at),
        Wish::Undo { account, event, .. } => undo::undo(world, row, *account, *event),
        Wish::RevokeToken { account, token } => grants::revoke_token(world, row, *account, token),
    };
    let whom = planned.step.account();
    let planned = refuse_role_holder(world, refuse_wrong_channel(world.snapshot.channel, planned));
    match (&request.wish, whom.and_then(|whom| world.account(whom))) {
        (Wish::Account(cells), Some(whom)) => accounts::as_written(world, cells, whom, planned),
        _ => planned,
    }
}

fn found(world: &matching::World<'_>, row: RowNumber, organisation: &Organisation) -> PlannedRow {
    let known = world.snapshot.organisations.contains_key(&organisation.code);
    let step = if known {
        left_out(row, Kind::AlreadyThere)
    } else {
        Step::FoundOrganisation {
            organisation: organisation.clone(),
        }
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

/// Whoever holds a role is touched only by those who could end it; see [`Holders`].
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
        (Step::ResetPassword { .. }, _) => Problem::in_row(row, Kind::AddressJustChanged { name }),
        (Step::UpdateAccount { .. }, Some(typed)) => {
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
