//! Reading organisations within a scope, with their sites and units.

use domain::{
    organisation::{Organisation, OrganisationCode, OrganisationPath, OrganisationStatus, Site, UnitPath},
    policy::Scope,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crate::{
    StoreError,
    entities::{organisation, site, unit},
    lists::padded,
    person_columns::code,
    scope::organisations_within,
};

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
    if codes.is_empty() {
        return Ok(vec![]);
    }
    let named = Condition::all()
        .add(organisations_within(scope))
        .add(organisation::Column::Code.is_in(padded(codes)));
    let rows = organisation::Entity::find().filter(named).all(db).await?;
    if rows.is_empty() {
        return Ok(vec![]);
    }
    let mut organisations: Vec<_> = rows.iter().map(bare).collect::<Result<_, _>>()?;
    let codes: Vec<_> = rows.into_iter().map(|row| row.code).collect();
    let sites = site::Entity::find()
        .filter(site::Column::Organisation.is_in(padded(codes.clone())))
        .all(db)
        .await?;
    let units = unit::Entity::find()
        .filter(unit::Column::Organisation.is_in(padded(codes)))
        .all(db)
        .await?;
    for organisation in &mut organisations {
        let own = |code: &str| code == organisation.code.as_str();
        let site = |row: &site::Model| Site {
            code: row.code.clone(),
            name: row.name.clone(),
        };
        organisation.sites = sites.iter().filter(|row| own(&row.organisation)).map(site).collect();
        organisation.units = units
            .iter()
            .filter(|row| own(&row.organisation))
            .map(|row| UnitPath::parse(&row.path))
            .collect();
    }
    Ok(organisations)
}

fn bare(row: &organisation::Model) -> Result<Organisation, StoreError> {
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
