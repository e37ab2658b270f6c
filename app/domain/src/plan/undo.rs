//! What an event did to an account, reversed: sorted into what goes back, what is kept because somebody has touched it
//! since, and what cannot go back.
//!
//! Details go back one by one: a detail that is still what the event made of it becomes what it was before. A status, a
//! leaving date and a place go back while they are still what the event made of them. An account that was created, deleted
//! or restored goes as a whole, and only while nobody has changed it or uses it.

mod past;
mod possible;
mod turned;

use self::{past::Past, possible::as_far_as_possible};
use super::{AccountStep, PlannedRow, Step, accounts, left_out, life, matching::World};
use crate::{
    account::{Account, AccountStatus},
    channel::Operation,
    event::{AccountFact, Event, Fact},
    life::Turn,
    organisation::OrganisationStatus,
    plan::DayChange,
    problem::Kind,
    request::{AccountWish, Wish},
    values::ids::{AccountId, RowNumber},
};

/// The wish to undo what one row of a submission did, whose events these are, each with its number. `None` if there is
/// nothing to undo.
#[must_use]
pub fn undoing(done: &[(i64, Event)]) -> Option<Wish> {
    let reversible = |(number, event): &(i64, Event)| Some((*number, event.fact.account()?, reversing(&event.fact)?));
    let goes_with_another = |(_, event): &&(i64, Event)| event.fact.of_account().is_some_and(AccountFact::sets_a_day);
    let first = done.iter().filter(|one| !goes_with_another(one)).find_map(reversible);
    // A day that was set or ended with something else goes back with that.
    let (event, account, operation) = first.or_else(|| done.iter().find_map(reversible))?;
    Some(Wish::Account(account, AccountWish::Undo { event, operation }))
}

/// The operation that reversing a fact is; `None` if it is not reversed: an unlocked account is not locked again, and who
/// was taken in goes back as they came.
fn reversing(fact: &Fact) -> Option<Operation> {
    match fact.of_account()? {
        AccountFact::Created { .. } => Some(Operation::DeleteOrRestoreAccount),
        AccountFact::Changed { .. } | AccountFact::StartPlanned { .. } => Some(Operation::EditAccount),
        AccountFact::Turned { turn, .. } => turn.back().map(Turn::operation),
        AccountFact::LeavingPlanned { .. } => Some(Operation::MarkLeaver),
        AccountFact::AbsencePlanned { .. } => Some(Operation::DisableOrEnable),
        AccountFact::Moved {
            before: AccountStatus::Leaver,
            ..
        } => None,
        AccountFact::Moved { .. } => Some(Operation::TransferAccount),
        AccountFact::PasswordReset { .. } | AccountFact::FactorsReset | AccountFact::PasswordChosen => None,
        AccountFact::Erased { .. } | AccountFact::AddressesFreed { .. } => None,
        // A seat may be another's by now, and a hold is ended by who may hold.
        AccountFact::SeatAssigned { .. } | AccountFact::SeatChanged { .. } | AccountFact::SeatRevoked { .. } => None,
        AccountFact::Held { .. } | AccountFact::Released => None,
        AccountFact::RenameAsked { .. } | AccountFact::Invited => None,
    }
}

/// What reversing an event comes to.
pub(super) fn undo(world: &World<'_>, row: RowNumber, id: AccountId, event: i64) -> PlannedRow {
    let (Some(existing), Some(past)) = (world.account(id), Past::of(world, id, event)) else {
        return PlannedRow::bare(row, String::new(), left_out(row, Kind::GoneSince));
    };
    if !is_looked_after(world, existing) {
        return PlannedRow::bare(row, String::new(), left_out(row, Kind::GoneSince));
    }
    let keep = |kind| PlannedRow::bare(row, existing.full_name(), left_out(row, kind));
    let is_so = || PlannedRow::bare(row, existing.full_name(), Step::Nothing { account: Some(id) });
    if existing.organisation != *past.done.fact.organisation() {
        let home = world.home(existing);
        let name = home.map_or_else(|| existing.organisation.to_string(), |home| home.name.clone());
        return keep(Kind::MovedSince { name });
    }
    let is_deleted = existing.status == AccountStatus::Deleted;
    let comes_back = match past.done.fact.of_account() {
        Some(AccountFact::Turned {
            turn: Turn::Delete,
            before,
            leaving,
            back,
            ..
        }) => Some(life::Earlier {
            status: *before,
            leaving: *leaving,
            absence: back.as_ref(),
        }),
        Some(
            AccountFact::Created { .. }
            | AccountFact::Turned {
                turn: Turn::Restore, ..
            },
        ) => {
            return match past.touched() {
                _ if is_deleted => is_so(),
                Some(kind) => keep(kind),
                None => life::turn(world, row, id, Turn::Delete),
            };
        }
        _ => None,
    };
    let closed = world
        .home(existing)
        .filter(|home| home.status == OrganisationStatus::Closed);
    match (comes_back, is_deleted, closed) {
        (Some(_), false, _) => is_so(),
        (None, true, _) => keep(Kind::DeletedSince),
        (_, _, Some(home)) => {
            let name = home.name.clone();
            keep(Kind::ClosedSince { name })
        }
        (Some(earlier), true, None) => match past.touched() {
            Some(kind) => keep(kind),
            None => past.telling_roles(life::turn_back(world, row, id, Turn::Restore, earlier)),
        },
        (None, false, None) => match past.done.fact.of_account() {
            Some(AccountFact::Turned {
                turn,
                before,
                after,
                leaving,
                back,
                ..
            }) => {
                let earlier = life::Earlier {
                    status: *before,
                    leaving: *leaving,
                    absence: back.as_ref(),
                };
                turned::turned(world, row, existing, &past, (*turn, *after), earlier)
            }
            Some(AccountFact::LeavingPlanned { before, after }) => {
                turned::leaving(world, row, existing, &past, (*before, *after))
            }
            Some(AccountFact::AbsencePlanned { before, after }) => {
                turned::absence(world, row, existing, &past, (before.as_ref(), after.as_ref()))
            }
            Some(AccountFact::Moved { from, leaving, .. }) => {
                turned::moved(world, row, existing, &past, from, *leaving)
            }
            _ => details(world, row, existing, &past),
        },
    }
}

/// Whether the asker may upload for them: their own account they see wherever it is.
fn is_looked_after(world: &World<'_>, existing: &Account) -> bool {
    let known = world.snapshot.organisations.get(&existing.organisation);
    let unit = existing.unit();
    known.is_some_and(|known| known.whole || unit.is_some_and(|unit| known.organisation.unit(unit.as_str()).is_some()))
}

/// Details that an event changed, as far as they can go back; the others are told.
fn details(world: &World<'_>, row: RowNumber, existing: &Account, past: &Past<'_>) -> PlannedRow {
    let (back, mut kept) = past.goes_back(row, existing);
    let (planned, cannot) = as_far_as_possible(row, back, |cells| accounts::edit(world, row, existing.id, cells));
    kept.splice(..0, cannot);
    let (days, kept_days) = past.days_back(world, row, existing);
    kept.extend(kept_days);
    let planned = PlannedRow {
        step: with_days(planned.step, existing, days),
        ..planned
    };
    match planned.step {
        Step::Nothing { .. } if !kept.is_empty() => PlannedRow {
            step: Step::LeaveOut { problems: kept },
            ..planned
        },
        _ => PlannedRow {
            warnings: kept,
            ..planned
        },
    }
}

/// The step with the days that go back, too.
fn with_days(step: Step, existing: &Account, days: Vec<DayChange>) -> Step {
    match step {
        Step::Account(of, AccountStep::Update { changes, .. }) => {
            Step::Account(of, AccountStep::Update { changes, days })
        }
        Step::Nothing { .. } if !days.is_empty() => AccountStep::Update { changes: vec![], days }.on(existing),
        step => step,
    }
}
