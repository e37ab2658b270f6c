//! What an event did to an account, reversed: sorted into what goes back, what is kept because somebody has touched it
//! since, and what cannot go back.
//!
//! Details go back one by one: a detail that is still what the event made of it becomes what it was before. A status, a
//! leaving date and a place go back while they are still what the event made of them. An account that was created, deleted
//! or restored goes as a whole, and only while nobody has changed it or uses it.

mod turned;

use super::{PlannedRow, Step, accounts, left_out, life, matching::World};
use crate::{
    account::{Account, AccountStatus},
    channel::Operation,
    dictionary::{Attribute, Value},
    event::{Event, Fact},
    ids::{AccountId, RowNumber, Timestamp},
    life::Turn,
    organisation::OrganisationStatus,
    plan::{AccountRef, Change, DayChange},
    problem::{Kind, Problem},
    request::{CLEAR, Cells, Wish},
};

/// The wish to undo what one row of a submission did, whose events these are, each with its number. `None` if there is
/// nothing to undo.
#[must_use]
pub fn undoing(done: &[(i64, Event)]) -> Option<Wish> {
    let reversible = |(number, event): &(i64, Event)| Some((*number, event.fact.account()?, reversing(&event.fact)?));
    let goes_with_another =
        |(_, event): &&(i64, Event)| matches!(event.fact, Fact::LeavingPlanned { .. } | Fact::StartPlanned { .. });
    let first = done.iter().filter(|one| !goes_with_another(one)).find_map(reversible);
    // A day that was set or ended with something else goes back with that.
    let (event, account, operation) = first.or_else(|| done.iter().find_map(reversible))?;
    Some(Wish::Undo {
        account,
        event,
        operation,
    })
}

/// The operation that reversing a fact is; `None` if it is not reversed: an unlocked account is not locked again, and who
/// was taken in goes back as they came.
const fn reversing(fact: &Fact) -> Option<Operation> {
    match fact {
        Fact::AccountCreated { .. } => Some(Operation::DeleteOrRestoreAccount),
        Fact::AccountChanged { .. } | Fact::StartPlanned { .. } => Some(Operation::EditAccount),
        Fact::AccountTurned { turn, .. } => match turn.back() {
            Some(back) => Some(back.operation()),
            None => None,
        },
        Fact::LeavingPlanned { .. } => Some(Operation::MarkLeaver),
        Fact::AbsencePlanned { .. } => Some(Operation::DisableOrEnable),
        Fact::AccountMoved {
            before: AccountStatus::Leaver,
            ..
        } => None,
        Fact::AccountMoved { .. } => Some(Operation::TransferAccount),
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
        Fact::AccountTurned {
            turn: Turn::Delete,
            before,
            leaving,
            back,
            ..
        } => Some(life::Earlier {
            status: *before,
            leaving: *leaving,
            absence: back.as_ref(),
        }),
        Fact::AccountCreated { .. }
        | Fact::AccountTurned {
            turn: Turn::Restore, ..
        } => {
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
        (None, false, None) => match &past.done.fact {
            Fact::AccountTurned {
                turn,
                before,
                after,
                leaving,
                back,
                ..
            } => {
                let earlier = life::Earlier {
                    status: *before,
                    leaving: *leaving,
                    absence: back.as_ref(),
                };
                turned::turned(world, row, existing, &past, (*turn, *after), earlier)
            }
            Fact::LeavingPlanned { before, after, .. } => {
                turned::leaving(world, row, existing, &past, (*before, *after))
            }
            Fact::AbsencePlanned { before, after, .. } => {
                turned::absence(world, row, existing, &past, (before.as_ref(), after.as_ref()))
            }
            Fact::AccountMoved { from, leaving, .. } => turned::moved(world, row, existing, &past, from, *leaving),
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
        Step::UpdateAccount { of, changes, .. } => Step::UpdateAccount { of, changes, days },
        Step::Nothing { .. } if !days.is_empty() => Step::UpdateAccount {
            of: AccountRef::to(existing),
            changes: vec![],
            days,
        },
        step => step,
    }
}

/// Plans what goes back, without what cannot: that does not hold up the rest, and is told. An organisation is not left out.
fn as_far_as_possible(
    row: RowNumber,
    mut back: Cells,
    plan: impl Fn(&Cells) -> PlannedRow,
) -> (PlannedRow, Vec<Problem>) {
    let mut planned = plan(&back);
    let mut cannot = Vec::new();
    while let Step::LeaveOut { problems } = &planned.step {
        let held_up = back.texts.len();
        cannot.extend(problems.iter().filter_map(|problem| {
            let attribute = problem
                .place
                .attribute()
                .filter(|own| *own != Attribute::Organisation)?;
            let text = back.texts.remove(&attribute)?;
            Some(Problem::in_cell(row, attribute, &text, why_not(&problem.kind)))
        }));
        if back.texts.len() == held_up {
            break;
        }
        planned = plan(&back);
    }
    (planned, cannot)
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
    /// The roles that ended with it.
    ended: Vec<&'a Fact>,
    /// What else its row did.
    beside: Vec<&'a Fact>,
    since: Vec<&'a Event>,
    day: fn(Timestamp) -> String,
}

impl<'a> Past<'a> {
    fn of(world: &World<'a>, account: AccountId, number: i64) -> Option<Self> {
        let known = world.snapshot.past.get(&account)?;
        let mut events = known.iter().skip_while(|(earlier, _)| *earlier < number);
        let (_, done) = events.next().filter(|(found, _)| *found == number)?;
        let (own, others): (Vec<_>, Vec<_>) = events
            .map(|(_, event)| event)
            .partition(|event| event.submission == done.submission);
        let with_it = own.into_iter().filter(|event| event.row == done.row);
        let beside: Vec<_> = with_it.map(|event| &event.fact).collect();
        let ended = beside.iter().filter(|fact| matches!(fact, Fact::RoleEnded { .. }));
        Some(Self {
            done,
            ended: ended.copied().collect(),
            beside,
            since: others,
            day: world.snapshot.day,
        })
    }

    /// The details that are still what the event made of them, as they were before; and those that others changed since, which
    /// are kept.
    fn goes_back(&self, row: RowNumber, existing: &Account) -> (Cells, Vec<Problem>) {
        let (mut back, mut kept) = (Cells::of([]), Vec::new());
        for Change {
            attribute,
            before,
            after,
        } in self.done.fact.changes()
        {
            let now = existing.attributes.get(*attribute);
            if now == after.as_ref() {
                let text = before.as_ref().map_or(CLEAR, Value::as_str);
                back.texts.insert(*attribute, text.to_owned());
            } else if now != before.as_ref() {
                let text = now.map_or("", Value::as_str);
                kept.push(Problem::in_cell(row, *attribute, text, self.edited(*attribute)));
            }
        }
        (back, kept)
    }

    /// The days of their stay that the row changed, as they were before; and those that others decided on since, or that
    /// cannot go back, which are kept.
    fn days_back(&self, world: &World<'_>, row: RowNumber, existing: &Account) -> (Vec<DayChange>, Vec<Problem>) {
        let (mut back, mut kept) = (Vec::new(), Vec::new());
        let done = [&self.done.fact].into_iter().chain(self.beside.iter().copied());
        for fact in done {
            let (attribute, before, after, has) = match fact {
                Fact::StartPlanned { before, after, .. } => (Attribute::StartDate, before, after, existing.starts_at),
                Fact::LeavingPlanned { before, after, .. } => (Attribute::EndDate, before, after, existing.leaving_at),
                _ => continue,
            };
            let goal = before.filter(|at| *at > world.snapshot.now);
            let hindered = goal.filter(|_| attribute == Attribute::EndDate).and_then(|at| {
                life::leaves_while_away(world, existing, at).or_else(|| life::last_holder(world, existing))
            });
            let decides = |fact: &Fact| {
                matches!(
                    fact,
                    Fact::StartPlanned { .. } | Fact::LeavingPlanned { .. } | Fact::AccountTurned { .. }
                )
            };
            match hindered {
                _ if has == goal || has == *before => {}
                Some(kind) => kept.push(Problem::in_row(row, kind)),
                // A first day that has come meanwhile is no day to send a link on.
                None if has == *after && (goal.is_some() || attribute == Attribute::EndDate) => back.push(DayChange {
                    attribute,
                    before: has,
                    after: goal,
                }),
                None => kept.push(Problem::in_row(row, self.by(self.last(decides).unwrap_or(self.done)))),
            }
        }
        (back, kept)
    }

    /// The row with the roles that ended and do not come back with it.
    fn telling_roles(&self, mut planned: PlannedRow) -> PlannedRow {
        let role = |fact: &&Fact| match fact {
            Fact::RoleEnded {
                role,
                organisation,
                unit,
                ..
            } => Some(match unit {
                None => format!("{} of {organisation}", role.name()),
                Some(unit) => format!("{} of {unit} in {organisation}", role.name()),
            }),
            _ => None,
        };
        let roles: Vec<_> = self.ended.iter().filter_map(role).collect();
        if !roles.is_empty() && planned.step.kind().changes_something() {
            let kind = Kind::RolesStayEnded {
                roles: roles.join("; "),
            };
            planned.warnings.push(Problem::in_row(planned.row, kind));
        }
        planned
    }

    /// The last thing of a sort that others did since.
    fn last(&self, is_of_sort: impl Fn(&Fact) -> bool) -> Option<&'a Event> {
        let mut since = self.since.iter().rev();
        since.find(|event| is_of_sort(&event.fact)).copied()
    }

    /// Why somebody keeps what would take their roles from them: they were given one since.
    fn given_role(&self) -> Option<Kind> {
        let given = self.last(|fact| matches!(fact, Fact::RoleGranted { .. }))?;
        Some(self.by(given))
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
