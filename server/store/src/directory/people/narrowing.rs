//! What a list is narrowed to besides words: units and sites by their names, and accounts that are not used.

use std::collections::BTreeMap;

use domain::{
    policy::Scope,
    values::{ids::Timestamp, text::fold},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, Func, LikeExpr},
};

use super::{
    Query,
    table::{People, Which},
};
use crate::{
    StoreError,
    directory::scope::{escaped, nothing, organisations_within},
    entities::{api_token, credential, known_use, organisation, site, unit},
    lists::padded,
};

/// Units or sites of one name that are looked through; more have a name that says too little.
const MOST: u64 = 500;

/// The units and the sites that a query means, as far as it names any.
#[derive(Debug, Default)]
pub(super) struct Places {
    units: Option<Named>,
    sites: Option<Named>,
}

/// Places by their organisation.
type Named = BTreeMap<String, Vec<String>>;

impl Places {
    /// Looks up what a query names.
    pub(super) async fn of(db: &impl ConnectionTrait, scope: &Scope, query: &Query) -> Result<Self, StoreError> {
        Ok(Self {
            units: match query.unit.trim() {
                "" => None,
                name => Some(units(db, scope, query, name).await?),
            },
            sites: match query.site.trim() {
                "" => None,
                name => Some(sites(db, scope, query, name).await?),
            },
        })
    }

    /// Whether only people of some places are asked for.
    pub(super) const fn are_some(&self) -> bool {
        self.units.is_some() || self.sites.is_some()
    }

    /// Those who are there.
    pub(super) fn narrow<T: People>(&self, found: Select<T>) -> Select<T> {
        let narrowed = [(&self.units, Which::Unit), (&self.sites, Which::Site)];
        let narrowed = narrowed
            .into_iter()
            .filter_map(|(named, which)| Some((named.as_ref()?, which)));
        narrowed.fold(found, |found, (named, which)| {
            found.filter(at_one_of::<T>(named, which))
        })
    }
}

/// Accounts that were not used in any known way after a moment. Each is looked up for itself, because nearly everybody has
/// been used at some time.
pub(super) fn unused<T: People>(found: Select<T>, since: Timestamp) -> Select<T> {
    macro_rules! not_later {
        ($found:expr, $table:ident, $used:ident) => {{
            let own = Expr::col($table::Column::Account.as_column_ref()).equals(T::column(Which::Id).as_column_ref());
            let latest = $table::Entity::find()
                .select_only()
                .expr_as(Func::max(Expr::col($table::Column::$used.as_column_ref())), "latest")
                .filter(own)
                .into_query();
            let latest = Expr::from(Func::coalesce([Expr::from(latest), Expr::value(0_i64)]));
            $found.filter(latest.lte(since.0))
        }};
    }
    let found = not_later!(found, credential, LastUsed);
    let found = not_later!(found, known_use, UsedAt);
    not_later!(found, api_token, LastUsed)
}

fn at_one_of<T: People>(named: &Named, which: Which) -> Condition {
    if named.is_empty() {
        return Condition::all().add(nothing());
    }
    named.iter().fold(Condition::any(), |any, (organisation, names)| {
        let there = Condition::all()
            .add(T::column(Which::Organisation).eq(organisation))
            .add(T::column(which).is_in(padded(names.iter().cloned())));
        any.add(there)
    })
}

/// The units of a name, each with those below it. Where a name is a whole level of some, it does not mean others that
/// only begin so: `Ward 7` is not `Ward 70`.
async fn units(db: &impl ConnectionTrait, scope: &Scope, query: &Query, name: &str) -> Result<Named, StoreError> {
    let path = unit::Column::Path;
    let found = unit::Entity::find().filter(within(scope, query, unit::Column::Organisation));
    let found = found.filter(all_words(path, name)).limit(MOST).all(db).await?;
    let exact = fold(name);
    let is_exact = |row: &unit::Model| is_level(&row.path, &exact);
    let any_exact = found.iter().any(is_exact);
    let meant = found
        .into_iter()
        .filter(|row| !any_exact || is_level(&row.path, &exact));
    Ok(by_organisation(meant.map(|row| (row.organisation, row.path))))
}

/// Whether some levels of a unit's path are called so.
fn is_level(path: &str, name: &str) -> bool {
    let levels: Vec<_> = path.split('/').map(fold).collect();
    (0..levels.len()).any(|first| (first..levels.len()).any(|last| levels[first..=last].join(" ") == name))
}

/// The sites of a code, else of a name, else those in whose names all its words are.
async fn sites(db: &impl ConnectionTrait, scope: &Scope, query: &Query, name: &str) -> Result<Named, StoreError> {
    let is_code = Expr::expr(Func::lower(Expr::col(site::Column::Code))).eq(name.to_lowercase());
    let meant = Condition::any().add(is_code).add(all_words(site::Column::Name, name));
    let found = site::Entity::find().filter(within(scope, query, site::Column::Organisation));
    let found = found.filter(meant).limit(MOST).all(db).await?;
    let exact = fold(name);
    let nearness = |row: &site::Model| match row {
        row if row.code.eq_ignore_ascii_case(name) => 0,
        row if fold(&row.name) == exact => 1,
        _ => 2,
    };
    let nearest = found.iter().map(nearness).min();
    let meant = found.iter().filter(|row| Some(nearness(row)) == nearest);
    Ok(by_organisation(
        meant.map(|row| (row.organisation.clone(), row.code.clone())),
    ))
}

fn by_organisation(places: impl Iterator<Item = (String, String)>) -> Named {
    let mut named = Named::new();
    for (organisation, place) in places {
        named.entry(organisation).or_default().push(place);
    }
    named
}

/// Places of a scope's organisations, or of the one that is asked for.
fn within<C: ColumnTrait>(scope: &Scope, query: &Query, own_organisation: C) -> Condition {
    let mut within = Condition::all();
    if let Some(code) = &query.organisation {
        within = within.add(own_organisation.eq(code));
    }
    if !scope.everything {
        let codes = organisation::Entity::find()
            .select_only()
            .column(organisation::Column::Code)
            .filter(organisations_within(scope));
        within = within.add(own_organisation.in_subquery(codes.into_query()));
    }
    within
}

/// Whether all of a name's words stand in a column, in any case.
fn all_words<C: ColumnTrait>(column: C, name: &str) -> Condition {
    name.split_whitespace().fold(Condition::all(), |all, word| {
        let anywhere = LikeExpr::new(format!("%{}%", escaped(&word.to_lowercase()))).escape('\\');
        all.add(Expr::expr(Func::lower(Expr::col(column))).like(anywhere))
    })
}

#[cfg(test)]
mod tests {
    use super::is_level;

    #[test]
    fn a_level_of_a_unit_is_known_by_its_whole_name() {
        for name in ["medicine", "ward 7", "medicine ward 7"] {
            assert!(is_level("Medicine / Ward 7", name), "{name}");
        }
        for name in ["ward", "ward 70", "7", ""] {
            assert!(!is_level("Medicine / Ward 7", name), "{name}");
        }
    }
}
