//! Absences: an account that is disabled now or on a day ahead, with a reason and perhaps a day of return.

use super::{AccountStep, PlannedRow, Step, left_out, life, matching::World};
use crate::{
    absence::Absence,
    account::{Account, AccountStatus},
    life::Turn,
    problem::{Kind, Problem},
    values::ids::{AccountId, RowNumber},
};

/// An absence for an account, from now or from a day ahead; none takes back the one that is planned.
pub(super) fn absence(world: &World<'_>, row: RowNumber, id: AccountId, wished: Option<&Absence>) -> PlannedRow {
    let planned = |existing: &Account| existing.absence.clone().filter(Absence::is_planned);
    let Some(wished) = wished else {
        return life::about(world, row, id, |existing| match planned(existing) {
            Some(before) => AccountStep::PlanAbsence {
                before: Some(before),
                after: None,
            }
            .on(existing),
            None => Step::Nothing { account: Some(id) },
        });
    };
    let wished = match checked(world, row, wished) {
        Ok(wished) => wished,
        Err(problems) => return life::about(world, row, id, |_| Step::LeaveOut { problems }),
    };
    let outlasts = world
        .account(id)
        .and_then(|existing| away_after_leaving(world, existing, &wished));
    if let Some(kind) = outlasts {
        return life::about(world, row, id, |_| left_out(row, kind));
    }
    if !wished.is_planned() {
        return life::disable(world, row, id, wished);
    }
    life::about(world, row, id, |existing| {
        let (name, status) = (existing.full_name(), existing.status);
        if existing.absence.as_ref() == Some(&wished) {
            return Step::Nothing { account: Some(id) };
        }
        if world.snapshot.own == Some(id) {
            return left_out(row, Kind::OwnAccount);
        }
        // Another organisation may take them in before that day.
        if status == AccountStatus::Leaver {
            return left_out(row, Kind::LeaverCannotPlan { name });
        }
        let turn = Turn::Disable;
        if turn.leads(status, existing.activated).is_none() {
            return left_out(row, Kind::CannotTurn { turn, name, status });
        }
        match life::last_holder(world, existing) {
            Some(kind) => left_out(row, kind),
            None => instead(existing, wished),
        }
    })
}

/// Another day of return, or another reason, for somebody who is away already.
pub(super) fn change(world: &World<'_>, row: RowNumber, id: AccountId, wished: &Absence) -> PlannedRow {
    let wished = match checked(world, row, &wished.clone().begun()) {
        Ok(wished) => wished,
        Err(problems) => return life::about(world, row, id, |_| Step::LeaveOut { problems }),
    };
    life::about(world, row, id, |existing| match existing.status {
        AccountStatus::Disabled if existing.absence.as_ref() == Some(&wished) => Step::Nothing { account: Some(id) },
        AccountStatus::Disabled => match away_after_leaving(world, existing, &wished) {
            Some(kind) => left_out(row, kind),
            None => instead(existing, wished),
        },
        status => {
            let (turn, name) = (Turn::Enable, existing.full_name());
            left_out(row, Kind::CannotTurn { turn, name, status })
        }
    })
}

/// Why somebody cannot be away so long: they leave before it is over.
pub(super) fn away_after_leaving(world: &World<'_>, existing: &Account, wished: &Absence) -> Option<Kind> {
    let leaves = existing.leaving_at.filter(|at| wished.outlasts(*at))?;
    let leaves = (world.snapshot.day)(leaves);
    Some(Kind::AwayAfterLeaving { leaves })
}

/// The absence with its reason as it is kept, or all that is wrong with it.
fn checked(world: &World<'_>, row: RowNumber, wished: &Absence) -> Result<Absence, Vec<Problem>> {
    let timers = &world.snapshot.rules.timers;
    let checked = wished.checked(world.snapshot.now, timers.notice_days, timers.disabled_months);
    let in_row = |wrong: Vec<_>| wrong.into_iter().map(|wrong| Problem::in_row(row, Kind::from(wrong)));
    checked.map_err(|wrong| in_row(wrong).collect())
}

fn instead(existing: &Account, after: Absence) -> Step {
    AccountStep::PlanAbsence {
        before: existing.absence.clone(),
        after: Some(after),
    }
    .on(existing)
}
