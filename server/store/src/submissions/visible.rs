//! Who sees a submission: those who manage all of its places.

use domain::{organisation::OrganisationPath, policy::Scope};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select};

use crate::{
    directory::scope::nothing,
    entities::{submission, submission_scope},
};

/// Seen by those who manage all of its places, where it has any.
pub(super) fn visible(scope: &Scope) -> Condition {
    if scope.everything {
        return Condition::all();
    }
    let some = submission::Column::Id.in_subquery(places().into_query());
    Condition::all().add(some).add(nowhere_outside(scope))
}

fn places() -> Select<submission_scope::Entity> {
    submission_scope::Entity::find()
        .select_only()
        .column(submission_scope::Column::Submission)
}

/// No place of it lies outside a scope.
pub(super) fn nowhere_outside(scope: &Scope) -> Condition {
    if scope.everything {
        return Condition::all();
    }
    let mut inside = Condition::any().add(nothing());
    for part in scope.parts.iter().filter(|part| part.unit.is_none()) {
        let path = submission_scope::Column::Path;
        inside = inside.add(
            Condition::all()
                .add(path.gte(part.path.as_str()))
                .add(path.lt(part.path.end_of_range())),
        );
    }
    for part in &scope.parts {
        if let Some(unit) = &part.unit {
            // The unit itself, or one below it: everything that goes on behind " / ", which '!' follows.
            let (path, place) = (submission_scope::Column::Path, unit_place(&part.path, unit.as_str()));
            let below = Condition::all()
                .add(path.gte(format!("{place} / ")))
                .add(path.lt(format!("{place} /!")));
            inside = inside.add(path.eq(place)).add(below);
        }
    }
    let outside = places().filter(inside.not());
    Condition::all().add(submission::Column::Id.not_in_subquery(outside.into_query()))
}

/// A unit's place among paths: behind its organisation's, so that whoever manages all of that sees it too.
#[must_use]
pub fn unit_place(path: &OrganisationPath, unit: &str) -> String {
    format!("{}{unit}", path.as_str())
}
