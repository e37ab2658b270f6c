//! Rows of change files: what each of the eleven actions comes to.
//!
//! `draft` holds a row while it is looked at, `fields` checks its fields by the table of actions and fields; `adding`,
//! `people` and `seating` decide. What a form can ask for too is asked of the modules that forms ask, so that one wish has
//! one plan.

mod adding;
mod draft;
mod fields;
mod mail;
mod people;
mod renaming;
mod seating;

use self::draft::{Draft, written_name};
use super::{PlannedRow, Step, left_out, matching::World};
use crate::{
    change_file::{Action, ChangeFault, ChangeRow, Field, FileFault},
    problem::{Kind, Problem},
    values::ids::RowNumber,
};

/// What a row of a change file comes to.
pub(super) fn plan(world: &World<'_>, row: RowNumber, asked: &ChangeRow) -> PlannedRow {
    let name = written_name(asked);
    let Some(customer) = world.customer(asked.customer) else {
        let customer = asked.customer;
        return PlannedRow::bare(
            row,
            name,
            left_out(row, Kind::ChangeFile(FileFault::CustomerUnknown { customer })),
        );
    };
    // Where values are missing, too many or without an end, nobody can say which field they belong to.
    let broken = asked.notices.iter().filter(|fault| !fault.is_notice());
    let broken: Vec<_> = broken.cloned().collect();
    if !broken.is_empty() {
        return refused(row, name, broken);
    }
    if let Some((values, headings)) = asked.surplus {
        return refused(row, name, vec![ChangeFault::Cells { values, headings }]);
    }
    let Some(action) = asked.what() else {
        return refused(row, name, without_action(asked));
    };
    let mut draft = Draft::of(world, row, asked, customer, action);
    draft.check_fields();
    match action {
        Action::Add => adding::add(draft),
        Action::Update => people::update(draft),
        Action::Suspend => people::suspend(draft),
        Action::Resume => people::resume(draft),
        Action::Remove => people::remove(draft),
        Action::AssignSeat => seating::assign(draft),
        Action::ChangeSeat => seating::change(draft),
        Action::RevokeSeat => seating::revoke(draft),
        Action::Rename => renaming::rename(draft),
        Action::ResendInvitation => people::invite(draft),
        Action::ChangeStorage => seating::storage(draft),
    }
}

/// What is wrong with a row whose action is none.
fn without_action(asked: &ChangeRow) -> Vec<ChangeFault> {
    let mut faults = vec![match asked.action.trim() {
        "" => ChangeFault::ActionMissing,
        action => ChangeFault::ActionUnknown {
            action: action.to_owned(),
        },
    }];
    if asked.filled(Field::EmailAddress).is_none() {
        faults.push(ChangeFault::EmailMissing);
    }
    faults
}

fn refused(row: RowNumber, name: String, faults: Vec<ChangeFault>) -> PlannedRow {
    let in_row = |fault| Problem::in_row(row, Kind::Change(fault));
    let problems = faults.into_iter().map(in_row).collect();
    PlannedRow::bare(row, name, Step::LeaveOut { problems })
}
