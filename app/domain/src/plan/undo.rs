//! What an event did to an account, reversed: sorted into what goes back, what is kept because somebody has touched it
//! since, and what cannot go back.
//!
//! Details go back one by one: a detail that is still what the event made of it becomes what it was before. An account goes
//! as a whole, and only while nobody has changed it or uses it.

use super::{PlannedRow, Step, accounts, left_out, life, matching::World};
use crate::{
    account::{Account, AccountStatus},
    dictionary::{Attribute, Value},
    event::{Event, Fact},
    ids::{AccountId, RowNumber, Timestamp},
    life::Turn,
    organisation::OrganisationStatus,
    plan::Change,
    problem::{Kind, Problem},
    request::{CLEAR, Cells, Wish},
};

/// The wish to undo what an event did, by its number; none where there is nothing to undo, or it goes back with another.
#[must_use]
pub fn undoing(event: i64, done: &Event) -> Option<Wish> {
    match &done.fact {
        Fact::AccountCreated { account, .. }
        | Fact::AccountChanged { account, .. }
        | Fact::AccountTurned {
            account,
            turn: Turn::Delete | Turn::Restore,
            ..
        } => Some(Wish::Undo {
            account: *account,
            event,
        }),
        _ => None,
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
    let comes_back = match &past.done.fact {
        Fact::AccountChanged { .. } => false,
        Fact::AccountTurned { turn: Turn::Delete, .. } => true,
        _ if is_deleted => return is_so(),
        _ => {
            return match past.touched() {
                Some(kind) => keep(kind),
                None => life::turn(world, row, id, Turn::Delete),
            };
        }
    };
    let closed = world
        .home(existing)
        .filter(|home| home.status == OrganisationStatus::Closed);
    match (comes_back, is_deleted, closed) {
        (true, false, _) => is_so(),
        (false, true, _) => keep(Kind::DeletedSince),
        (_, _, Some(home)) => {
            let name = home.name.clone();
            keep(Kind::ClosedSince { name })
        }
        (true, true, None) => match past.touched() {
            Some(kind) => keep(kind),
            None => life::turn(world, row, id, Turn::Restore),
        },
        (false, false, None) => details(world, row, existing, &past),
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
    let (mut back, mut kept) = (Cells::of([]), Vec::new());
    for Change {
        attribute,
        before,
        after,
    } in past.done.fact.changes()
    {
        let now = existing.attributes.get(*attribute);
        if now == after.as_ref() {
            let text = before.as_ref().map_or(CLEAR, Value::as_str);
            back.texts.insert(*attribute, text.to_owned());
        } else if now != before.as_ref() {
            let text = now.map_or("", Value::as_str);
            kept.push(Problem::in_cell(row, *attribute, text, past.edited(*attribute)));
        }
    }
    let mut planned = accounts::edit(world, row, existing.id, &back);
    let mut cannot = Vec::new();
    // What cannot go back does not hold up the rest.
    while let Step::LeaveOut { problems } = &planned.step {
        let held_up = back.texts.len();
        cannot.extend(problems.iter().filter_map(|problem| {
            let attribute = problem.place.attribute()?;
            let text = back.texts.remove(&attribute)?;
            Some(Problem::in_cell(row, attribute, &text, why_not(&problem.kind)))
        }));
        if back.texts.len() == held_up {
            return planned;
        }
        planned = accounts::edit(world, row, existing.id, &back);
    }
    kept.splice(..0, cannot);
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

/// Who holds a key now is not said: it may be somebody out of sight.
const fn why_not(kind: &Kind) -> Kind {
    match kind {
        Kind::LocalIdTaken { .. }
        | Kind::NumberInOtherRow { .. }
        | Kind::AddressTaken
        | Kind::AddressInOtherRow { .. }
        | Kind::AddressElsewhere
        | Kind::PointsAtAnother { .. } => Kind::TakenSince,
        _ => Kind::NotAllowedAnyMore,
    }
}

/// An event, and what others did to its account since.
struct Past<'a> {
    done: &'a Event,
    since: Vec<&'a Event>,
    day: fn(Timestamp) -> String,
}

impl<'a> Past<'a> {
    fn of(world: &World<'a>, account: AccountId, number: i64) -> Option<Self> {
        let known = world.snapshot.past.get(&account)?;
        let mut events = known.iter().skip_while(|(earlier, _)| *earlier < number);
        let (_, done) = events.next().filter(|(found, _)| *found == number)?;
        let others = events
            .map(|(_, event)| event)
            .filter(|event| event.submission != done.submission);
        Some(Self {
            done,
            since: others.collect(),
            day: world.snapshot.day,
        })
    }

    /// Why the account as a whole is kept: somebody has changed it, or given it a role, or its person uses it.
    fn touched(&self) -> Option<Kind> {
        let counts = |event: &&&Event| event.fact.is_counted() || matches!(event.fact, Fact::RoleGranted { .. });
        let touched: Vec<_> = self.since.iter().filter(counts).collect();
        let first = touched.first()?;
        Some(match touched.iter().rev().find(|event| !is_use(&event.fact)) {
            Some(edit) => self.by(edit),
            None => Kind::TakenUpSince {
                on: (self.day)(first.at),
            },
        })
    }

    /// Who changed a detail last.
    fn edited(&self, attribute: Attribute) -> Kind {
        let changed = |event: &&&Event| event.fact.changes().iter().any(|change| change.attribute == attribute);
        let last = self.since.iter().rev().find(changed);
        self.by(last.copied().unwrap_or(self.done))
    }

    fn by(&self, event: &Event) -> Kind {
        // Who does what in another organisation stands in its history only.
        let is_elsewhere = event.fact.organisation() != self.done.fact.organisation();
        let by = match event.actor {
            _ if is_elsewhere => "somebody at another organisation".to_owned(),
            Some(_) => event.actor_name.clone(),
            None => "the service itself".to_owned(),
        };
        Kind::EditedSince {
            by,
            on: (self.day)(event.at),
        }
    }
}

/// What comes of using an account, and of not using it.
const fn is_use(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::AccountTurned {
            turn: Turn::Activate | Turn::Wake | Turn::Idle | Turn::Lock,
            ..
        }
    )
}
