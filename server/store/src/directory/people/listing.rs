//! Lists of accounts and of contacts: who is in them, in which order, and how the words of a search find them.
//!
//! Among some ten thousand people, words are looked for in every one. Among more there are two ways. A word that many have is
//! found soon by going through the list in its order; one that few have is looked up in an index of trigrams. A search of
//! one or two letters only, which has no trigram, finds those whose last name begins so.

use domain::{
    policy::Scope,
    searching::{Sought, sought},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, Order, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Asterisk, Expr, ExprTrait, Func, SelectStatement},
};
use uuid::Uuid;

use super::{
    Query, Sort,
    narrowing::{Places, unused},
    table::{People, Way, Which, filled},
    words::{holds, worded},
};
use crate::{
    StoreError,
    directory::scope::{nothing, within},
    lists::padded,
};

/// As far as what a query finds is counted: more is more than anybody looks through.
pub const COUNTED: u64 = 20_001;

/// People of all among whom words are looked for in every one.
const FEW: u64 = 10_000;

/// As [`FEW`], of some places: their people stand together in an index, and to look at so many takes some 10 ms.
const FEW_OF_PLACES: u64 = 40_000;

/// A part of a list, in its order.
pub(super) async fn part<T: People>(
    db: &impl ConnectionTrait,
    scope: &Scope,
    query: &Query,
    limit: u64,
) -> Result<Vec<T::Model>, StoreError> {
    let places = Places::of(db, scope, query).await?;
    let way = way::<T>(db, scope, query, &places).await?;
    if way == Way::Index && query.sort == Sort::Name && can_be_near(query) {
        let found = near::<T>(db, scope, query, limit).await?;
        if found.len() as u64 == limit {
            return in_their_order::<T>(db, scope, query, found).await;
        }
    }
    let listed = in_order::<T>(scope, query, &places, way == Way::Index);
    let listed = worded(db, listed, way, query).limit(limit);
    if scope.everything && way != Way::Index {
        // An index has them in their order.
        return Ok(listed.all(db).await?);
    }
    // Many may be found that are not of this part: of them only what they are sorted by is read.
    let found = listed.select_only().column(T::column(Which::Id));
    let found = found.into_tuple::<Uuid>().all(db).await?;
    in_their_order::<T>(db, scope, query, found).await
}

/// Those of a part of a list, as they are found.
async fn in_their_order<T: People>(
    db: &impl ConnectionTrait,
    scope: &Scope,
    query: &Query,
    found: Vec<Uuid>,
) -> Result<Vec<T::Model>, StoreError> {
    let mut part = Vec::with_capacity(found.len());
    for some in found.chunks(1_000) {
        let (organisation, unit) = (T::column(Which::Organisation), T::column(Which::Unit));
        let those = T::find()
            .filter(within(scope, organisation, Some(unit)))
            .filter(T::column(Which::Id).is_in(padded(some.iter().copied())));
        part.extend(ordered(those, query, true).all(db).await?);
    }
    Ok(part)
}

/// How many a query finds, counted as far as [`COUNTED`].
pub(super) async fn count<T: People>(
    db: &impl ConnectionTrait,
    scope: &Scope,
    query: &Query,
) -> Result<u64, StoreError> {
    let places = Places::of(db, scope, query).await?;
    let way = way::<T>(db, scope, query, &places).await?;
    let found = worded(db, matching::<T>(scope, query, &places), way, query);
    let found = found.select_only().column(T::column(Which::Id)).limit(COUNTED);
    let counted = SelectStatement::new()
        .expr(Func::count(Expr::col(Asterisk)))
        .from_subquery(found.into_query(), "found")
        .to_owned();
    let row = db.query_one(&counted).await?;
    let number = row.map(|row| row.try_get_by_index::<i64>(0)).transpose()?;
    number.map_or(Ok(0), |found| crate::number(found, "people"))
}

/// The IDs of all that a query finds, by name, at most so many.
pub(super) async fn ids<T: People>(
    db: &impl ConnectionTrait,
    scope: &Scope,
    query: &Query,
    limit: u64,
) -> Result<Vec<Uuid>, StoreError> {
    let places = Places::of(db, scope, query).await?;
    let way = way::<T>(db, scope, query, &places).await?;
    let found = worded(db, matching::<T>(scope, query, &places), way, query);
    let found = found.select_only().column(T::column(Which::Id));
    let found = found
        .order_by_asc(T::column(Which::SortName))
        .order_by_asc(T::column(Which::Id));
    Ok(found.limit(limit).into_tuple().all(db).await?)
}

/// The first of those whom a query finds among the next of its list, which are looked through one by one, in their order.
async fn near<T: People>(
    db: &impl ConnectionTrait,
    scope: &Scope,
    query: &Query,
    limit: u64,
) -> Result<Vec<Uuid>, StoreError> {
    let (id, name) = (T::column(Which::Id), T::column(Which::SortName));
    let (status, search) = (T::column(Which::Status), T::column(Which::Search));
    // Of whatever status: else there might be no end to them. What is read of them stands in SQLite's index.
    let all = Query {
        statuses: vec![],
        ..query.clone()
    };
    let next = in_order::<T>(scope, &all, &Places::default(), false).select_only();
    let next = next.columns([id, name, status, search]).limit(near_ones(db));
    let order = if query.descending { Order::Desc } else { Order::Asc };
    let mut found = SelectStatement::new();
    found.column(id).from_subquery(next.into_query(), "near");
    if !query.statuses.is_empty() {
        found.and_where(Expr::col(status).is_in(query.statuses.iter().map(|status| status.name())));
    }
    for one in sought(&query.words) {
        if let Sought::Word(word) = one {
            found.cond_where(holds(Expr::col(search), &word, query.searched));
        }
    }
    found.order_by(name, order.clone()).order_by(id, order).limit(limit);
    let rows = db.query_all(&found).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// People of a long list who are looked through before the index of trigrams is asked.
fn near_ones(db: &impl ConnectionTrait) -> u64 {
    match db.get_database_backend() {
        DbBackend::Sqlite => 20_000,
        // Each has to be read in the table.
        _ => 10_000,
    }
}

/// Those of a scope whom a query's filters leave, whatever its words are.
fn matching<T: People>(scope: &Scope, query: &Query, places: &Places) -> Select<T> {
    let organisation = T::column(Which::Organisation);
    let mut found = T::find().filter(within(scope, organisation, Some(T::column(Which::Unit))));
    found = places.narrow(found);
    if let Some(since) = query.unused_since {
        found = unused(found, since);
    }
    if sought(&query.words).is_empty() && !query.words.trim().is_empty() {
        // Signs that nobody's name has, in which everybody's would be found.
        found = found.filter(nothing());
    }
    if let Some(code) = &query.organisation {
        found = found.filter(organisation.eq(code));
    }
    let status = T::column(Which::Status);
    match query.statuses.as_slice() {
        [] => found,
        [one] => found.filter(status.eq(one.name())),
        // Nearly everybody is in one of several: an index that begins with the status would give all of them in no order.
        several => found.filter(filled(status).is_in(several.iter().map(|status| status.name()))),
    }
}

/// The same in the query's order, from where it goes on. For few of them among very many, no index gives the order.
fn in_order<T: People>(scope: &Scope, query: &Query, places: &Places, are_few: bool) -> Select<T> {
    let found = matching::<T>(scope, query, places);
    let Some((text, last)) = &query.after else {
        return ordered(found, query, are_few);
    };
    let (place, here) = (
        Expr::tuple([Expr::value(text.as_str()), Expr::value(*last)]),
        Expr::tuple([key::<T>(query, are_few), Expr::col(T::column(Which::Id))]),
    );
    let found = found.filter(match query.descending {
        false => here.gt(place),
        true => here.lt(place),
    });
    ordered(found, query, are_few)
}

/// Those in a query's order.
fn ordered<T: People>(found: Select<T>, query: &Query, are_few: bool) -> Select<T> {
    let order = if query.descending { Order::Desc } else { Order::Asc };
    let found = found.order_by(key::<T>(query, are_few), order.clone());
    found.order_by(T::column(Which::Id), order)
}

/// What a query sorts by.
fn key<T: People>(query: &Query, are_few: bool) -> Expr {
    let column = match query.sort {
        Sort::Name => Which::SortName,
        Sort::Organisation => Which::Organisation,
        Sort::JobTitle => Which::JobTitle,
        Sort::LocalId => Which::LocalId,
        Sort::Status => Which::Status,
    };
    // Who has no value there comes first; as a plain column where it has always one, so that its index serves.
    let may_be_none = matches!(query.sort, Sort::JobTitle | Sort::LocalId);
    match may_be_none || are_few {
        true => filled(T::column(column)),
        false => Expr::col(T::column(column)),
    }
}

/// How a query's words are best looked for in a scope.
async fn way<T: People>(
    db: &impl ConnectionTrait,
    scope: &Scope,
    query: &Query,
    places: &Places,
) -> Result<Way, StoreError> {
    let sought = sought(&query.words);
    if sought.is_empty() || query.organisation.is_some() || places.are_some() {
        return Ok(Way::Through);
    }
    let beyond = matching::<T>(scope, &Query::default(), &Places::default())
        .select_only()
        .column(T::column(Which::Id));
    let few = if scope.everything { FEW } else { FEW_OF_PLACES };
    let beyond: Option<Uuid> = beyond.offset(few).limit(1).into_tuple().one(db).await?;
    Ok(match beyond {
        None => Way::Through,
        Some(_) if sought.iter().all(Sought::is_short) => Way::Beginning,
        Some(_) => Way::Index,
    })
}

/// Whether those who are found may be many among the next of the list. An index knows at once who has a number; and who is
/// not used is looked up for each.
fn can_be_near(query: &Query) -> bool {
    let sought = sought(&query.words);
    let has_digits = sought.iter().any(|one| matches!(one, Sought::Digits { .. }));
    !has_digits && query.unused_since.is_none()
}
