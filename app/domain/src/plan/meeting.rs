//! Rows of one file that meet: they are about one person, or give one local ID to two. Neither is right by being first, so
//! each names the other.

use std::collections::HashMap;

use super::{PlannedRow, Step, accounts::as_written, matching::World, sheet::Sheet};
use crate::{
    dictionary::Attribute,
    organisation::OrganisationCode,
    problem::{Kind, Problem},
    request::{Cells, ChangeRequest, Wish},
    values::ids::RowNumber,
};

/// Gives each row that a later one meets a problem of its own, in its own cell, that names the later one.
pub(super) fn name_each_other(world: &World<'_>, requests: &[ChangeRequest], rows: &mut [PlannedRow]) {
    let met: Vec<_> = rows.iter().flat_map(met_by).collect();
    if met.is_empty() {
        return;
    }
    let places: HashMap<_, _> = rows.iter().enumerate().map(|(place, row)| (row.row, place)).collect();
    for (earlier, later, how) in met {
        let (Some(&place), Some(&by)) = (places.get(&earlier), places.get(&later)) else {
            continue;
        };
        let (Wish::AccountInFile(cells), Wish::AccountInFile(by)) = (&requests[place].wish, &requests[by].wish) else {
            continue;
        };
        let is_told = rows[place]
            .step
            .problems()
            .iter()
            .any(|problem| other_row(problem).is_some());
        if is_told {
            continue;
        }
        let problem = match how {
            Meeting::OnePerson => one_person(world, earlier, cells, later),
            Meeting::OneNumber => one_number(earlier, cells, (later, by)),
        };
        if let Some(problem) = problem {
            reject(world, cells, &mut rows[place], problem);
        }
    }
}

/// The earlier rows that planned ones meet and that are not among them, each with the row that meets it.
#[must_use]
pub fn earlier_rows_met(planned: &[PlannedRow]) -> Vec<(RowNumber, RowNumber)> {
    let first = planned.iter().map(|row| row.row).min();
    let met = planned.iter().flat_map(met_by);
    met.map(|(earlier, later, _)| (earlier, later))
        .filter(|(earlier, _)| Some(*earlier) < first)
        .collect()
}

/// How two rows meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meeting {
    /// They are about the same person.
    OnePerson,
    /// They give the same local ID to two people.
    OneNumber,
}

/// The earlier rows that a row meets, each with the row itself, and how they meet.
fn met_by(row: &PlannedRow) -> impl Iterator<Item = (RowNumber, RowNumber, Meeting)> {
    let number = row.row;
    let others = row.step.problems().iter().filter_map(other_row);
    others
        .filter(move |(other, _)| *other < number)
        .map(move |(other, how)| (other, number, how))
}

/// The row that a problem is shared with.
const fn other_row(problem: &Problem) -> Option<(RowNumber, Meeting)> {
    match &problem.kind {
        Kind::TwiceInFile { other, .. } => Some((*other, Meeting::OnePerson)),
        Kind::NumberInOtherRow { other, .. } => Some((*other, Meeting::OneNumber)),
        _ => None,
    }
}

/// What is wrong with a row that another is about the same person as, by whatever key.
fn one_person(world: &World<'_>, row: RowNumber, cells: &Cells, other: RowNumber) -> Option<Problem> {
    let mut sheet = Sheet::read(world, row, cells);
    let organisation = sheet.organisation(world);
    let (attribute, _) = sheet.pointed_at(world, organisation).ok()??;
    let kind = Kind::TwiceInFile { attribute, other };
    Some(Problem::in_cell(row, attribute, cells.text(attribute), kind))
}

/// What is wrong with a row whose local ID another gives to somebody else.
fn one_number(row: RowNumber, cells: &Cells, (other, by): (RowNumber, &Cells)) -> Option<Problem> {
    let attribute = Attribute::LocalId;
    let organisation = OrganisationCode::parse(by.text(Attribute::Organisation)).ok()?;
    let kind = Kind::NumberInOtherRow { other, organisation };
    Some(Problem::in_cell(row, attribute, cells.text(attribute), kind))
}

fn reject(world: &World<'_>, cells: &Cells, planned: &mut PlannedRow, problem: Problem) {
    if let Step::LeaveOut { problems } = &mut planned.step {
        problems.push(problem);
        return;
    }
    let existing = planned.step.account().and_then(|account| world.account(account));
    let problems = vec![problem];
    let rejected = PlannedRow::bare(planned.row, planned.name.clone(), Step::LeaveOut { problems });
    *planned = match existing {
        Some(existing) => as_written(world, cells, existing, rejected),
        None => rejected,
    };
}
