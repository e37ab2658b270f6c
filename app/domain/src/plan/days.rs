//! The first and the last day of somebody, as a row or a form gives them.

use super::{about::DayChange, life, matching::World, sheet::Sheet};
use crate::{
    absence::{Stay, WrongStay},
    account::Account,
    dictionary::Attribute,
    problem::{Kind, Problem},
    values::{day::Day, ids::Timestamp},
};

impl Sheet<'_> {
    /// The first and the last day of somebody new, with all that is wrong with them told.
    pub(super) fn check_stay(&mut self, world: &World<'_>) -> Stay {
        let now = world.snapshot.now;
        let asked = self.cells.stay;
        let stay = Stay {
            starts: self.day_given(world, Attribute::StartDate).or(asked.starts),
            leaves: self.day_given(world, Attribute::EndDate).or(asked.leaves),
        };
        for wrong in stay.problems(now, world.snapshot.rules.timers.notice_days) {
            let attribute = match wrong {
                WrongStay::StartTooFar { .. } => Attribute::StartDate,
                WrongStay::LeavesInPast | WrongStay::LeavesTooFar { .. } | WrongStay::LeavesBeforeStart => {
                    Attribute::EndDate
                }
            };
            let is_in_cell = self.given.get(attribute).is_some();
            match (is_in_cell, wrong) {
                (true, WrongStay::LeavesInPast) => self.cell_problem(attribute, Kind::LastDayPassed),
                (true, wrong) => self.cell_problem(attribute, wrong.into()),
                (false, wrong) => self.problems.push(Problem::in_row(self.row, wrong.into())),
            }
        }
        let day = world.snapshot.day;
        // A day is kept as its beginning, so today lies before this moment, too.
        let passed = stay.starts.filter(|at| *at <= now && day(*at) != day(now));
        if let Some(at) = passed {
            let on = day(at);
            self.warn_of_day(Attribute::StartDate, Kind::StartInPast { on });
        }
        stay
    }

    /// The days of somebody who is here that the row changes.
    pub(super) fn days(&mut self, world: &World<'_>, existing: &Account) -> Vec<DayChange> {
        let first = self.first_day(world, existing);
        let starts = first.as_ref().map_or(existing.starts_at, |first| first.after);
        let last = self.last_day(world, existing, starts);
        let given = [Attribute::StartDate, Attribute::EndDate].map(|attribute| self.day_given(world, attribute));
        // What contradicts itself is not read as anything, whether or not its days change something here.
        if let [Some(starts), Some(leaves)] = given
            && leaves <= starts
            && !self.has_problem(Attribute::EndDate)
        {
            self.cell_problem(Attribute::EndDate, Kind::LeavesBeforeStart);
        }
        first.into_iter().chain(last).collect()
    }

    /// Another first day. Who was sent the link has begun: personnel departments go on saying when that was, so only a day
    /// ahead is told to be left out.
    fn first_day(&mut self, world: &World<'_>, existing: &Account) -> Option<DayChange> {
        let attribute = Attribute::StartDate;
        let given = self.day_given(world, attribute)?;
        let Some(before) = existing.starts_at else {
            if given > world.snapshot.now {
                self.warn_of_day(attribute, Kind::StartNotUsed);
            }
            return None;
        };
        let after = Some(given).filter(|at| *at != before)?;
        // With another last day in its row it is compared there.
        let leaves = existing
            .leaving_at
            .filter(|_| self.cells.text(Attribute::EndDate).is_empty());
        let wrong = not_ahead(world, after, Kind::FirstDayPassed, |days| Kind::StartTooFar { days }).or_else(|| {
            leaves
                .filter(|leaves| *leaves <= after)
                .map(|_| Kind::LeavesBeforeStart)
        });
        if let Some(kind) = wrong {
            self.cell_problem(attribute, kind);
            return None;
        }
        Some(DayChange {
            attribute,
            before: Some(before),
            after: Some(after),
        })
    }

    /// Another last day, or none any more.
    fn last_day(&mut self, world: &World<'_>, existing: &Account, starts: Option<Timestamp>) -> Option<DayChange> {
        let attribute = Attribute::EndDate;
        let after = self.day_given(world, attribute);
        let is_asked = after.is_some() || self.cells.clears(attribute);
        if !is_asked || after == existing.leaving_at {
            return None;
        }
        // A leaver is made in the portal alone (S1), so a machine does not say when.
        if world.snapshot.channel.is_machine() {
            self.warn_of_day(attribute, Kind::LastDayByMachine);
            return None;
        }
        if let Some(kind) = after.and_then(|at| cannot_leave(world, existing, at, starts)) {
            self.cell_problem(attribute, kind);
            return None;
        }
        Some(DayChange {
            attribute,
            before: existing.leaving_at,
            after,
        })
    }

    /// When the day of a cell begins; `None` if none stands there that could be read.
    fn day_given(&self, world: &World<'_>, attribute: Attribute) -> Option<Timestamp> {
        let day = Day::parse(self.given.text(attribute))?;
        (world.snapshot.begins)(day)
    }

    /// Tells of a day at its cell, or of the whole row where a form gave it.
    fn warn_of_day(&mut self, attribute: Attribute, kind: Kind) {
        let warning = match self.cells.texts.contains_key(&attribute) {
            true => Problem::in_cell(self.row, attribute, self.cells.as_written(attribute), kind),
            false => Problem::in_row(self.row, kind),
        };
        self.warnings.push(warning);
    }
}

/// Why somebody who is here cannot leave on a day.
fn cannot_leave(world: &World<'_>, existing: &Account, at: Timestamp, starts: Option<Timestamp>) -> Option<Kind> {
    if world.snapshot.own == Some(existing.id) {
        return Some(Kind::OwnAccount);
    }
    let passed_or_far = not_ahead(world, at, Kind::LastDayPassed, |days| Kind::DateTooFar { days });
    passed_or_far
        .or_else(|| starts.filter(|starts| at <= *starts).map(|_| Kind::LeavesBeforeStart))
        .or_else(|| life::leaves_while_away(world, existing, at))
        .or_else(|| life::last_holder(world, existing))
}

/// Why a day cannot be planned: it has come, or lies too far ahead.
fn not_ahead(world: &World<'_>, at: Timestamp, passed: Kind, too_far: fn(u32) -> Kind) -> Option<Kind> {
    let days = world.snapshot.rules.timers.notice_days;
    let latest = world.snapshot.now.plus_seconds(i64::from(days) * 86_400);
    match at {
        at if at <= world.snapshot.now => Some(passed),
        at if at > latest => Some(too_far(days)),
        _ => None,
    }
}
