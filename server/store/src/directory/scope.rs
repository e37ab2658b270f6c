//! A scope as a condition: what lies outside is not filtered away afterwards, it is never read.

use domain::policy::{Scope, ScopePart};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, Func, LikeExpr, SelectStatement},
};

use crate::entities::organisation;

/// Rows whose organisation and unit lie in the scope. Rows that have no unit column pass none.
pub(crate) fn within<O: ColumnTrait, U: ColumnTrait>(
    scope: &Scope,
    own_organisation: O,
    own_unit: Option<U>,
) -> Condition {
    of_organisation(scope, &own_organisation.into_expr(), own_unit)
}

/// The same for rows that are read by another index: databases use none of the organisation for a value that is computed.
pub(crate) fn within_by_another_index<O: ColumnTrait, U: ColumnTrait>(
    scope: &Scope,
    own_organisation: O,
    own_unit: Option<U>,
) -> Condition {
    let computed = Func::coalesce([own_organisation.into_expr(), Expr::value("")]);
    of_organisation(scope, &computed.into(), own_unit)
}

fn of_organisation<U: ColumnTrait>(scope: &Scope, own_organisation: &Expr, own_unit: Option<U>) -> Condition {
    if scope.everything {
        return Condition::all();
    }
    // One list of organisations, however many parts: of several, or of one beside something else, databases use no index.
    let whole: Vec<_> = scope.parts.iter().filter(|part| part.unit.is_none()).collect();
    let mut any = Condition::any();
    if !whole.is_empty() {
        any = any.add(own_organisation.clone().in_subquery(codes_below(&whole)));
    }
    for part in &scope.parts {
        match (&part.unit, own_unit) {
            (None, _) => {}
            (Some(unit), Some(own_unit)) => {
                let at_top = own_organisation.clone().in_subquery(codes_at(part.path.as_str()));
                let below = LikeExpr::new(format!("{} / %", escaped(unit.as_str()))).escape('\\');
                let in_unit = Condition::any()
                    .add(own_unit.eq(unit.as_str()))
                    .add(own_unit.like(below));
                any = any.add(Condition::all().add(at_top).add(in_unit));
            }
            // Something that belongs to no unit is not in a unit.
            (Some(_), None) => {}
        }
    }
    if any.is_empty() { any.add(nothing()) } else { any }
}

/// Organisations that lie in the scope, or that hold a unit that does.
pub(crate) fn organisations_within(scope: &Scope) -> Condition {
    if scope.everything {
        return Condition::all();
    }
    scope
        .parts
        .iter()
        .fold(Condition::any().add(nothing()), |any, part| match part.unit {
            None => any.add(below_path(part)),
            Some(_) => any.add(organisation::Column::Path.eq(part.path.as_str())),
        })
}

/// A text with the signs that `LIKE` gives a meaning made plain.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

pub(crate) fn nothing() -> Expr {
    Expr::value(1).eq(0)
}

fn codes_below(parts: &[&ScopePart]) -> SelectStatement {
    let below = organisation::Entity::find()
        .select_only()
        .column(organisation::Column::Code);
    below
        .filter(
            parts
                .iter()
                .fold(Condition::any(), |any, part| any.add(below_path(part))),
        )
        .into_query()
}

/// Organisations at a path and below it.
fn below_path(part: &ScopePart) -> Condition {
    Condition::all()
        .add(organisation::Column::Path.gte(part.path.as_str()))
        .add(organisation::Column::Path.lt(part.path.end_of_range()))
}

fn codes_at(path: &str) -> SelectStatement {
    let at = organisation::Entity::find()
        .select_only()
        .column(organisation::Column::Code);
    at.filter(organisation::Column::Path.eq(path)).into_query()
}
