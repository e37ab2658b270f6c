//! Reading organisations within a scope, with their sites and units.

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::{
    organisation::{Organisation, OrganisationCode, OrganisationPath, OrganisationStatus, Site, UnitPath},
    plan::OrganisationName,
    policy::Scope,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, Func, LikeExpr, UnionType},
};
use tokio::try_join;

use crate::{
    StoreError,
    directory::{
        person_columns::code,
        scope::{escaped, organisations_within},
    },
    entities::{account, contact, organisation, site, unit},
    lists::padded,
};

/// Codes that one statement names: more than a page or a chunk of people has, and fewer than SQLite takes.
const CODES_A_STATEMENT: usize = 10_000;

/// Organisations of the scope in the tree's order, without sites and units, at most so many.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &impl ConnectionTrait, scope: &Scope, limit: u64) -> Result<Vec<Organisation>, StoreError> {
    let found = organisation::Entity::find()
        .filter(organisations_within(scope))
        .order_by_asc(organisation::Column::Path);
    found.limit(limit).all(db).await?.iter().map(bare).collect()
}

/// One organisation by its code, wherever it is; without sites and units. For names beside codes.
///
/// # Errors
/// When the database fails.
pub async fn by_codes(db: &impl ConnectionTrait, codes: &[OrganisationCode]) -> Result<Vec<Organisation>, StoreError> {
    let codes = codes.iter().map(OrganisationCode::as_str);
    organisation::Entity::find()
        .filter(organisation::Column::Code.is_in(padded(codes)))
        .all(db)
        .await?
        .iter()
        .map(bare)
        .collect()
}

/// What the organisations of the scope are called, at most so many.
///
/// # Errors
/// When the database fails.
pub async fn names(db: &impl ConnectionTrait, scope: &Scope, limit: u64) -> Result<Vec<OrganisationName>, StoreError> {
    let found = organisation::Entity::find()
        .select_only()
        .columns([
            organisation::Column::Code,
            organisation::Column::Name,
            organisation::Column::ShortName,
        ])
        .filter(organisations_within(scope))
        .order_by_asc(organisation::Column::Path)
        .limit(limit);
    let found: Vec<(String, String, String)> = found.into_tuple().all(db).await?;
    let named = found.into_iter().map(|(own, name, short_name)| {
        Ok(OrganisationName {
            code: code(&own)?,
            name,
            short_name,
        })
    });
    named.collect()
}

/// How many organisations lie below one.
///
/// # Errors
/// When the database fails.
pub async fn count_below(db: &impl ConnectionTrait, path: &OrganisationPath) -> Result<u64, StoreError> {
    let below = organisation::Entity::find()
        .filter(organisation::Column::Path.gt(path.as_str()))
        .filter(organisation::Column::Path.lt(path.end_of_range()));
    Ok(below.count(db).await?)
}

/// The organisations of the scope that have these codes, complete.
///
/// # Errors
/// When the database fails.
pub async fn complete(
    db: &impl ConnectionTrait,
    scope: &Scope,
    codes: impl IntoIterator<Item = String>,
) -> Result<Vec<Organisation>, StoreError> {
    let codes: Vec<_> = codes.into_iter().collect();
    let mut organisations = Vec::new();
    for codes in codes.chunks(CODES_A_STATEMENT) {
        let named = Condition::all()
            .add(organisations_within(scope))
            .add(organisation::Column::Code.is_in(padded(codes.iter().cloned())));
        let named = organisation::Entity::find().filter(named).all(db);
        let (rows, mut places) = try_join!(Box::pin(async { Ok(named.await?) }), Box::pin(places_of(db, codes)))?;
        for row in &rows {
            let mut organisation = bare(row)?;
            places.fill_in(&mut organisation);
            organisations.push(organisation);
        }
    }
    Ok(organisations)
}

/// Holds organisations until the transaction ends, in the order of their codes: those that come in hold them against being
/// closed, and one that closes or moves them holds them against everybody.
///
/// # Errors
/// When the database fails.
pub(crate) async fn hold(
    db: &impl ConnectionTrait,
    codes: impl IntoIterator<Item = String>,
    changes: Changes,
) -> Result<(), StoreError> {
    // SQLite has one writer at a time, who holds everything.
    if db.get_database_backend() == DbBackend::Sqlite {
        return Ok(());
    }
    let codes: Vec<_> = codes.into_iter().collect();
    for codes in codes.chunks(CODES_A_STATEMENT) {
        let named = organisation::Entity::find()
            .select_only()
            .column(organisation::Column::Code)
            .filter(organisation::Column::Code.is_in(padded(codes.iter().cloned())))
            .order_by_asc(organisation::Column::Code);
        let held = match changes {
            Changes::Organisations => named.lock_exclusive(),
            Changes::People => named.lock_shared(),
        };
        held.into_tuple::<String>().all(db).await?;
    }
    Ok(())
}

/// What a chunk of rows changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Changes {
    /// People of organisations.
    People,
    /// The organisations themselves.
    Organisations,
}

/// The sites and units of organisations, by code.
#[derive(Default)]
struct Places(HashMap<String, (Vec<Site>, Vec<UnitPath>)>);

impl Places {
    /// Gives an organisation its sites and units.
    fn fill_in(&mut self, organisation: &mut Organisation) {
        if let Some(own) = self.0.remove(organisation.code.as_str()) {
            (organisation.sites, organisation.units) = own;
        }
    }
}

/// Reads sites and units of organisations.
async fn places_of(db: &impl ConnectionTrait, codes: &[String]) -> Result<Places, StoreError> {
    let codes = padded(codes.iter().cloned());
    let units = unit::Entity::find()
        .select_only()
        .expr_as(Expr::col(unit::Column::Organisation.as_column_ref()), "organisation")
        .expr_as(Expr::col(unit::Column::Path.as_column_ref()), "place")
        // Of a unit, its path is all.
        .expr_as(Expr::value(None::<String>), "name")
        .filter(unit::Column::Organisation.is_in(codes.clone()));
    // Both in one statement, because every change of somebody reads them.
    let mut both = site::Entity::find()
        .select_only()
        .expr_as(Expr::col(site::Column::Organisation.as_column_ref()), "organisation")
        .expr_as(Expr::col(site::Column::Code.as_column_ref()), "place")
        .expr_as(Expr::col(site::Column::Name.as_column_ref()), "name")
        .filter(site::Column::Organisation.is_in(codes))
        .into_query();
    both.union(UnionType::All, units.into_query())
        .order_by("organisation", Order::Asc)
        .order_by("place", Order::Asc);
    let mut places = Places::default();
    for row in db.query_all(&both).await? {
        let (code, place, name): (String, String, Option<String>) = (
            row.try_get_by_index(0)?,
            row.try_get_by_index(1)?,
            row.try_get_by_index(2)?,
        );
        let (sites, units) = places.0.entry(code).or_default();
        match name {
            Some(name) => sites.push(Site { code: place, name }),
            None => units.push(UnitPath::parse(&place)),
        }
    }
    Ok(places)
}

/// The names of sites, each by its organisation and its code, as far as there are such.
///
/// # Errors
/// When the database fails.
pub async fn site_names(
    db: &impl ConnectionTrait,
    places: &[(&str, &str)],
) -> Result<HashMap<(String, String), String>, StoreError> {
    let (organisations, codes): (BTreeSet<_>, BTreeSet<_>) = places.iter().copied().unzip();
    if codes.is_empty() {
        return Ok(HashMap::new());
    }
    let found = site::Entity::find()
        .filter(site::Column::Organisation.is_in(padded(organisations)))
        .filter(site::Column::Code.is_in(padded(codes)));
    let named = found.all(db).await?.into_iter();
    Ok(named.map(|row| ((row.organisation, row.code), row.name)).collect())
}

/// How many organisations there are.
///
/// # Errors
/// When the database fails.
pub async fn count(db: &impl ConnectionTrait) -> Result<u64, StoreError> {
    Ok(organisation::Entity::find().count(db).await?)
}

/// Whether there are none at all.
///
/// # Errors
/// When the database fails.
pub async fn is_empty(db: &impl ConnectionTrait) -> Result<bool, StoreError> {
    Ok(organisation::Entity::find().limit(1).one(db).await?.is_none())
}

/// Of these organisations, those that any person belongs to, deleted people who can still be restored included.
///
/// # Errors
/// When the database fails.
pub async fn with_people(
    db: &impl ConnectionTrait,
    codes: Vec<String>,
) -> Result<HashSet<OrganisationCode>, StoreError> {
    let mut peopled = HashSet::new();
    for codes in codes.chunks(CODES_A_STATEMENT) {
        let accounts = account::Entity::find()
            .select_only()
            .column(account::Column::Organisation)
            .distinct()
            .filter(account::Column::Organisation.is_in(padded(codes.iter().cloned())));
        let contacts = contact::Entity::find()
            .select_only()
            .column(contact::Column::Organisation)
            .distinct()
            .filter(contact::Column::Organisation.is_in(padded(codes.iter().cloned())));
        let accounts: Vec<String> = accounts.into_tuple().all(db).await?;
        let contacts: Vec<String> = contacts.into_tuple().all(db).await?;
        for found in accounts.into_iter().chain(contacts) {
            peopled.insert(code(&found)?);
        }
    }
    Ok(peopled)
}

/// Which organisations a list shows.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Words that must all occur in the code or a name, in any case.
    pub words: String,
    /// Only those in this status.
    pub status: Option<OrganisationStatus>,
    /// Only those behind this one in the tree's order.
    pub after: Option<OrganisationPath>,
}

/// Organisations of the scope that a query finds, in the tree's order, without sites and units, at most so many.
///
/// # Errors
/// When the database fails.
pub async fn search(
    db: &impl ConnectionTrait,
    scope: &Scope,
    query: &Query,
    limit: u64,
) -> Result<Vec<Organisation>, StoreError> {
    let mut found = organisation::Entity::find().filter(found_by(scope, query));
    if let Some(after) = &query.after {
        found = found.filter(organisation::Column::Path.gt(after.as_str()));
    }
    let in_order = found.order_by_asc(organisation::Column::Path).limit(limit);
    in_order.all(db).await?.iter().map(bare).collect()
}

/// How many organisations of the scope a query finds, wherever its page begins.
///
/// # Errors
/// When the database fails.
pub async fn count_found(db: &impl ConnectionTrait, scope: &Scope, query: &Query) -> Result<u64, StoreError> {
    Ok(organisation::Entity::find()
        .filter(found_by(scope, query))
        .count(db)
        .await?)
}

fn found_by(scope: &Scope, query: &Query) -> Condition {
    let mut all = Condition::all().add(organisations_within(scope));
    for word in query.words.split_whitespace().take(MOST_WORDS) {
        let like = || LikeExpr::new(format!("%{}%", escaped(&word.to_lowercase()))).escape('\\');
        let holds = |column: organisation::Column| Expr::expr(Func::lower(Expr::col(column))).like(like());
        all = all.add(
            Condition::any()
                .add(holds(organisation::Column::Code))
                .add(holds(organisation::Column::Name))
                .add(holds(organisation::Column::ShortName)),
        );
    }
    if let Some(status) = query.status {
        all = all.add(organisation::Column::Status.eq(status.name()));
    }
    all
}

/// Words of a search that are looked for.
const MOST_WORDS: usize = 8;

/// An organisation from its row, without sites and units.
pub(crate) fn bare(row: &organisation::Model) -> Result<Organisation, StoreError> {
    let status = if row.status == "open" {
        OrganisationStatus::Open
    } else {
        OrganisationStatus::Closed
    };
    Ok(Organisation {
        code: code(&row.code)?,
        name: row.name.clone(),
        short_name: row.short_name.clone(),
        status,
        path: OrganisationPath::stored(row.path.clone()),
        sites: vec![],
        units: vec![],
    })
}
