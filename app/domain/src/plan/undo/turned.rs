//! Where an account stood, and what it goes back to: its status, its leaving date, its organisation.

use super::{
    past::{Past, is_use},
    possible::as_far_as_possible,
};
use crate::{
    absence::Absence,
    account::{Account, AccountStatus},
    channel::Channel,
    dictionary::Attribute,
    event::AccountFact,
    life::Turn,
    organisation::{OrganisationCode, OrganisationStatus},
    plan::{AccountStep, PlannedRow, Step, absence as absences, accounts, left_out, life, matching::World},
    problem::Kind,
    request::Cells,
    values::ids::{RowNumber, Timestamp},
};

fn keep(row: RowNumber, existing: &Account, kind: Kind) -> PlannedRow {
    PlannedRow::bare(row, existing.full_name(), left_out(row, kind))
}

fn is_so(row: RowNumber, existing: &Account) -> PlannedRow {
    let account = Some(existing.id);
    PlannedRow::bare(row, existing.full_name(), Step::Nothing { account })
}

/// A turn goes back while nobody has taken another since, but for an undo and its redo.
pub(super) fn turned(
    world: &World<'_>,
    row: RowNumber,
    existing: &Account,
    past: &Past<'_>,
    (turn, after): (Turn, AccountStatus),
    earlier: life::Earlier<'_>,
) -> PlannedRow {
    let Some(back) = turn.back() else {
        return is_so(row, existing);
    };
    let goal = back
        .leads(after, existing.activated)
        .map(|leads| earlier.instead_of(leads));
    let other = past.last(|fact| matches!(fact.of_account(), Some(AccountFact::Turned { .. })) && !is_use(fact));
    match other {
        Some(_) if existing.status == earlier.status || Some(existing.status) == goal => return is_so(row, existing),
        Some(other) if other.channel != Channel::Undo || existing.status != after => {
            return keep(row, existing, past.by(other));
        }
        Some(_) | None => {}
    }
    match past.given_role().filter(|_| back.ends_rights()) {
        Some(kind) => keep(row, existing, kind),
        None => past.telling_roles(life::turn_back(world, row, existing.id, back, earlier)),
    }
}

/// A leaving date goes back to the one before, if any; so does somebody who became a leaver because the day came.
pub(super) fn leaving(
    world: &World<'_>,
    row: RowNumber,
    existing: &Account,
    past: &Past<'_>,
    (before, after): (Option<Timestamp>, Option<Timestamp>),
) -> PlannedRow {
    let ahead = before.filter(|at| *at > world.snapshot.now);
    let is_leaver = existing.status == AccountStatus::Leaver;
    let other = past.last(|fact| match fact.of_account() {
        Some(AccountFact::LeavingPlanned { .. }) => true,
        Some(AccountFact::Turned { turn, .. }) => matches!(turn, Turn::MarkLeaver | Turn::KeepOn),
        _ => false,
    });
    match other.map(|event| (event, event.fact.of_account())) {
        // The service followed the date, and nobody has decided anything since.
        Some((
            event,
            Some(AccountFact::Turned {
                before: status, back, ..
            }),
        )) if is_leaver && event.actor.is_none() => {
            let earlier = life::Earlier {
                status: *status,
                leaving: ahead,
                absence: back.as_ref(),
            };
            life::turn_back(world, row, existing.id, Turn::KeepOn, earlier)
        }
        Some((event, _)) if is_leaver => keep(row, existing, past.by(event)),
        _ if existing.leaving_at == before => is_so(row, existing),
        Some((event, _)) if event.channel != Channel::Undo || existing.leaving_at != after => {
            keep(row, existing, past.by(event))
        }
        _ => life::leaving(world, row, existing.id, ahead),
    }
}

/// An absence that was planned or changed goes back to the one before, while nobody has decided on it since.
pub(super) fn absence(
    world: &World<'_>,
    row: RowNumber,
    existing: &Account,
    past: &Past<'_>,
    (before, after): (Option<&Absence>, Option<&Absence>),
) -> PlannedRow {
    let now = world.snapshot.now;
    let other = past.last(|fact| match fact.of_account() {
        Some(AccountFact::AbsencePlanned { .. }) => true,
        Some(AccountFact::Turned { turn, .. }) => turn.decides_on_absence(),
        _ => false,
    });
    // What has begun, or is over, is not planned again.
    let goal = before.filter(|absence| absence.from.is_none_or(|from| from > now) && !absence.is_over(now));
    let outlasts = goal.and_then(|goal| absences::away_after_leaving(world, existing, goal));
    match other {
        _ if existing.absence.as_ref() == goal => is_so(row, existing),
        Some(event) if event.channel != Channel::Undo || existing.absence.as_ref() != after => {
            keep(row, existing, past.by(event))
        }
        _ => match outlasts {
            Some(kind) => keep(row, existing, kind),
            None => {
                let step = AccountStep::PlanAbsence {
                    before: existing.absence.clone(),
                    after: goal.cloned(),
                }
                .on(existing);
                PlannedRow::bare(row, existing.full_name(), step)
            }
        },
    }
}

/// A transfer goes back, with the site, unit and local ID that the person had; what they are besides stays as it is now.
pub(super) fn moved(
    world: &World<'_>,
    row: RowNumber,
    existing: &Account,
    past: &Past<'_>,
    from: &OrganisationCode,
    leaving: Option<Timestamp>,
) -> PlannedRow {
    if let Some(kind) = past.given_role() {
        return keep(row, existing, kind);
    }
    // Somebody who decided on their place since is not overruled; an undo and its redo decided nothing.
    let other = past.last(|fact| matches!(fact.of_account(), Some(AccountFact::Moved { .. })));
    if let Some(other) = other.filter(|event| event.channel != Channel::Undo) {
        return keep(row, existing, past.by(other));
    }
    match world.organisation(from) {
        None => return keep(row, existing, Kind::CannotGoBack),
        Some(home) if home.status == OrganisationStatus::Closed => {
            let name = home.name.clone();
            return keep(row, existing, Kind::ClosedSince { name });
        }
        Some(_) => {}
    }
    let mut back = Cells::of([(Attribute::Organisation, from.as_str())]);
    let place = past
        .done
        .fact
        .changes()
        .iter()
        .filter_map(|change| match change.attribute {
            Attribute::Site | Attribute::Unit | Attribute::LocalId => Some((change.attribute, change.before.as_ref()?)),
            _ => None,
        });
    back.texts
        .extend(place.map(|(attribute, had)| (attribute, had.as_str().to_owned())));
    let (mut planned, cannot) = as_far_as_possible(row, back, |cells| {
        accounts::to_other_organisation(world, row, existing.id, cells)
    });
    if let Step::Account(_, AccountStep::Move { leaves_on, .. }) = &mut planned.step {
        *leaves_on = leaving.filter(|at| *at > world.snapshot.now);
        planned.warnings.extend(cannot);
    }
    past.telling_roles(planned)
}
