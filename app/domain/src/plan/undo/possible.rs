//! What of an undo can be done at all, where the rest would hold it up.

use crate::{
    dictionary::Attribute,
    plan::{PlannedRow, Step},
    problem::{Kind, Problem},
    request::Cells,
    values::ids::RowNumber,
};

/// Plans what goes back, without what cannot: that does not hold up the rest, and is told. An organisation is not left out.
pub(super) fn as_far_as_possible(
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
        | Kind::UserNameTaken
        | Kind::AddressInOtherRow { .. }
        | Kind::AddressElsewhere
        | Kind::PointsAtAnother { .. } => Kind::TakenSince,
        _ => Kind::NotAllowedAnyMore,
    }
}
