//! What was done to an account by the row that is undone, and what others did to it since.

use crate::{
    account::Account,
    dictionary::{Attribute, Change, Value},
    event::{AccountFact, Event, Fact, RoleFact},
    life::Turn,
    plan::{DayChange, PlannedRow, life, matching::World},
    problem::{Kind, Problem},
    request::{CLEAR, Cells},
    values::ids::{AccountId, RowNumber, Timestamp},
};

/// An event, and what others did to its account since.
pub(super) struct Past<'a> {
    pub(super) done: &'a Event,
    /// The roles that ended with it.
    ended: Vec<&'a Fact>,
    /// What else its row did.
    beside: Vec<&'a Fact>,
    since: Vec<&'a Event>,
    day: fn(Timestamp) -> String,
}

impl<'a> Past<'a> {
    pub(super) fn of(world: &World<'a>, account: AccountId, number: i64) -> Option<Self> {
        let known = world.snapshot.past.get(&account)?;
        let mut events = known.iter().skip_while(|(earlier, _)| *earlier < number);
        let (_, done) = events.next().filter(|(found, _)| *found == number)?;
        let (own, others): (Vec<_>, Vec<_>) = events
            .map(|(_, event)| event)
            .partition(|event| event.submission == done.submission);
        let with_it = own.into_iter().filter(|event| event.row == done.row);
        let beside: Vec<_> = with_it.map(|event| &event.fact).collect();
        let ended = beside.iter().filter(|fact| ends_role(fact));
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
    pub(super) fn goes_back(&self, row: RowNumber, existing: &Account) -> (Cells, Vec<Problem>) {
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
    pub(super) fn days_back(
        &self,
        world: &World<'_>,
        row: RowNumber,
        existing: &Account,
    ) -> (Vec<DayChange>, Vec<Problem>) {
        let (mut back, mut kept) = (Vec::new(), Vec::new());
        let done = [&self.done.fact].into_iter().chain(self.beside.iter().copied());
        for fact in done {
            let (attribute, before, after, has) = match fact.of_account() {
                Some(AccountFact::StartPlanned { before, after }) => {
                    (Attribute::StartDate, before, after, existing.starts_at)
                }
                Some(AccountFact::LeavingPlanned { before, after }) => {
                    (Attribute::EndDate, before, after, existing.leaving_at)
                }
                _ => continue,
            };
            let goal = before.filter(|at| *at > world.snapshot.now);
            let hindered = goal.filter(|_| attribute == Attribute::EndDate).and_then(|at| {
                life::leaves_while_away(world, existing, at).or_else(|| life::last_holder(world, existing))
            });
            let decides = |fact: &Fact| {
                let what = fact.of_account();
                what.is_some_and(|what| what.sets_a_day() || matches!(what, AccountFact::Turned { .. }))
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
    pub(super) fn telling_roles(&self, mut planned: PlannedRow) -> PlannedRow {
        let role = |fact: &&Fact| match fact {
            Fact::Role {
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
    pub(super) fn last(&self, is_of_sort: impl Fn(&Fact) -> bool) -> Option<&'a Event> {
        let mut since = self.since.iter().rev();
        since.find(|event| is_of_sort(&event.fact)).copied()
    }

    /// Why somebody keeps what would take their roles from them: they were given one since.
    pub(super) fn given_role(&self) -> Option<Kind> {
        let given = self.last(gives_role)?;
        Some(self.by(given))
    }

    /// Why the account as a whole is kept: somebody has changed it, or given it a role, or its person uses it.
    pub(super) fn touched(&self) -> Option<Kind> {
        let counts = |event: &&&Event| event.fact.is_counted() || gives_role(&event.fact);
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

    pub(super) fn by(&self, event: &Event) -> Kind {
        // Who does what in another organisation stands in its history only.
        let is_elsewhere = event.fact.organisation() != self.done.fact.organisation();
        let by = match event.actor {
            _ if is_elsewhere => "somebody at another organisation".to_owned(),
            Some(_) => event.actor_name.clone(),
            None => "Staffbook".to_owned(),
        };
        Kind::EditedSince {
            by,
            on: (self.day)(event.at),
        }
    }
}

/// What comes of using an account, and of not using it.
pub(super) const fn is_use(fact: &Fact) -> bool {
    matches!(
        fact.of_account(),
        Some(AccountFact::Turned {
            turn: Turn::Activate | Turn::Wake | Turn::Idle | Turn::Lock,
            ..
        })
    )
}

const fn ends_role(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::Role {
            what: RoleFact::Ended { .. },
            ..
        }
    )
}

const fn gives_role(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::Role {
            what: RoleFact::Granted { .. },
            ..
        }
    )
}
