//! What the columns of files with other headings hold, as somebody said; remembered for the place that they upload for: a
//! whole organisation, or a unit of it.

use std::collections::HashSet;

use domain::{
    layout::{Layout, plain_text},
    organisation::OrganisationPath,
    policy::{Scope, ScopePart},
    values::ids::{AccountId, Timestamp},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::OnConflict,
};
use sha2::{Digest, Sha256};

use crate::{
    StoreError,
    directory::scope::within,
    entities::{account, column_mapping},
    lists::padded,
    submissions::unit_place,
};

/// What somebody said of the columns of files with certain headings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The organisation for the whole of which it was said; `None` if it was said for a unit.
    pub whole: Option<OrganisationPath>,
    /// The format that such files are read by.
    pub format: String,
    /// Which column holds what.
    pub layout: Layout,
    /// Who said it; `None` if that was not recorded.
    pub by: Option<AccountId>,
}

/// Remembers what was said for files with these headings at one place, and returns what was said there before.
///
/// # Errors
/// When the database fails.
pub async fn remember(
    db: &impl ConnectionTrait,
    place: &ScopePart,
    format: &str,
    layout: &Layout,
    by: Option<AccountId>,
    now: Timestamp,
) -> Result<Option<Said>, StoreError> {
    let (place, headings) = (written(place), key(layout));
    let before = column_mapping::Entity::find_by_id((place.clone(), headings.clone()));
    let before = before.one(db).await?.map(read).transpose()?;
    let row = column_mapping::ActiveModel {
        place: Set(place),
        headings: Set(headings),
        format: Set(format.to_owned()),
        layout: Set(serde_json::to_string(layout)?),
        at: Set(now.0),
        said_by: Set(by.map(|by| by.0)),
    };
    let anew = OnConflict::columns([column_mapping::Column::Place, column_mapping::Column::Headings])
        .update_columns([
            column_mapping::Column::Format,
            column_mapping::Column::Layout,
            column_mapping::Column::At,
            column_mapping::Column::SaidBy,
        ])
        .to_owned();
    column_mapping::Entity::insert(row)
        .on_conflict(anew)
        .exec_without_returning(db)
        .await?;
    Ok(before)
}

/// What was said for a place: for itself, for a unit or an organisation above it. The nearest comes first, and of one place
/// the latest.
///
/// # Errors
/// When the database fails.
pub async fn said_for(db: &impl ConnectionTrait, place: &ScopePart) -> Result<Vec<Said>, StoreError> {
    let places = counting_for(place);
    let said = column_mapping::Entity::find().filter(column_mapping::Column::Place.is_in(places.clone()));
    let mut said = said.all(db).await?;
    let distance = |row: &column_mapping::Model| places.iter().position(|place| *place == row.place);
    said.sort_by_key(|row| (distance(row), -row.at));
    said.into_iter().map(read).collect()
}

/// Those of some texts that are local IDs of accounts in a scope.
///
/// # Errors
/// When the database fails.
pub async fn local_ids_among(
    db: &impl ConnectionTrait,
    scope: &Scope,
    texts: &HashSet<String>,
) -> Result<HashSet<String>, StoreError> {
    if texts.is_empty() {
        return Ok(HashSet::new());
    }
    let here = within(scope, account::Column::Organisation, Some(account::Column::Unit));
    let found = account::Entity::find()
        .select_only()
        .column(account::Column::LocalId)
        .filter(here)
        .filter(account::Column::LocalId.is_in(padded(texts)));
    let found: Vec<Option<String>> = found.into_tuple().all(db).await?;
    Ok(found.into_iter().flatten().collect())
}

fn read(row: column_mapping::Model) -> Result<Said, StoreError> {
    Ok(Said {
        // A unit's place does not end with a slash.
        whole: row.place.ends_with('/').then(|| OrganisationPath::stored(row.place)),
        format: row.format,
        layout: serde_json::from_str(&row.layout)?,
        by: row.said_by.map(AccountId),
    })
}

fn written(place: &ScopePart) -> String {
    match &place.unit {
        None => place.path.as_str().to_owned(),
        Some(unit) => unit_place(&place.path, unit.as_str()),
    }
}

/// A place, and those above it whose word counts for it, from the nearest to the root.
fn counting_for(place: &ScopePart) -> Vec<String> {
    let upwards = |levels: Vec<&str>, parted: &str| {
        let ends = (1..=levels.len()).rev();
        ends.map(|end| levels[..end].join(parted)).collect::<Vec<_>>()
    };
    let units = match &place.unit {
        None => vec![],
        Some(unit) => upwards(unit.as_str().split(" / ").collect(), " / "),
    };
    let codes = place.path.as_str().split('/').filter(|code| !code.is_empty());
    let organisations = upwards(codes.collect(), "/").into_iter();
    let units = units.into_iter().map(|unit| unit_place(&place.path, &unit));
    units.chain(organisations.map(|codes| format!("/{codes}/"))).collect()
}

/// Headings in their order, whatever their case and spacing, as one short text.
fn key(layout: &Layout) -> String {
    let mut digest = Sha256::new();
    for (heading, _) in &layout.columns {
        digest.update(plain_text(heading).as_bytes());
        digest.update([0]);
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use domain::organisation::UnitPath;

    use super::*;

    #[test]
    fn a_unit_hears_its_organisation_and_an_organisation_no_unit() {
        let path = OrganisationPath::stored("/FED00/RIV/".to_owned());
        let unit = Some(UnitPath::parse("Medicine / Ward 7"));
        let whole = ScopePart { path, unit: None };
        assert_eq!(counting_for(&whole), ["/FED00/RIV/", "/FED00/"]);
        let unit = ScopePart { unit, ..whole };
        assert_eq!(
            counting_for(&unit),
            [
                "/FED00/RIV/Medicine / Ward 7",
                "/FED00/RIV/Medicine",
                "/FED00/RIV/",
                "/FED00/"
            ]
        );
    }
}
