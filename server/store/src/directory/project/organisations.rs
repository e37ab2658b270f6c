//! The rows of organisations, their sites and their units: many at once, because a file may found a whole federation.

use std::collections::HashMap;

use domain::{
    dictionary::{Attribute, MANY},
    event::{Event, Fact, OrganisationFact},
    organisation::{Organisation, OrganisationCode, Site, UnitPath},
    plan::Change,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    sea_query::OnConflict,
};

use crate::{
    StoreError,
    entities::{organisation, site, unit},
    lists::{ROWS_A_STATEMENT, insert_all, padded},
};

/// Writes what events say of organisations: first those that are new, then what changes.
pub(super) async fn project(db: &impl ConnectionTrait, events: &[Event]) -> Result<(), StoreError> {
    let founded = events.iter().filter_map(|event| match &event.fact {
        Fact::Organisation(OrganisationFact::Founded(organisation)) => Some(organisation),
        _ => None,
    });
    found(db, &founded.collect::<Vec<_>>()).await?;
    let changed = events.iter().filter_map(|event| match &event.fact {
        Fact::Organisation(OrganisationFact::Changed { organisation, changes }) => {
            Some((organisation, changes.as_slice()))
        }
        _ => None,
    });
    let changed: Vec<_> = changed.collect();
    for chunk in changed.chunks(ROWS_A_STATEMENT) {
        change(db, chunk).await?;
    }
    Ok(())
}

async fn found(db: &impl ConnectionTrait, new: &[&Organisation]) -> Result<(), StoreError> {
    let rows = new.iter().map(|new| {
        let row = organisation::Model {
            code: new.code.to_string(),
            name: new.name.clone(),
            short_name: new.short_name.clone(),
            status: new.status.name().to_owned(),
            path: new.path.as_str().to_owned(),
        };
        row.into_active_model()
    });
    insert_all(db, rows.collect()).await?;
    let sites = new
        .iter()
        .flat_map(|new| new.sites.iter().map(|own| site_row(&new.code, own).into_active_model()));
    insert_all(db, sites.collect()).await?;
    let units = new
        .iter()
        .flat_map(|new| new.units.iter().map(|own| unit_row(&new.code, own)));
    insert_all(db, units.collect()).await
}

async fn change(db: &impl ConnectionTrait, changed: &[(&OrganisationCode, &[Change])]) -> Result<(), StoreError> {
    let codes = changed.iter().map(|(code, _)| code.as_str());
    let found = organisation::Entity::find()
        .filter(organisation::Column::Code.is_in(padded(codes)))
        // Held, because what does not change is written as it was read.
        .lock_exclusive()
        .all(db)
        .await?;
    let mut rows: HashMap<String, organisation::Model> = found.into_iter().map(|row| (row.code.clone(), row)).collect();
    let (mut sites, mut units) = (HashMap::new(), HashMap::new());
    for (code, changes) in changed {
        let row = rows
            .get_mut(code.as_str())
            .ok_or_else(|| StoreError::Unreadable(format!("no organisation {code} to change")))?;
        for change in *changes {
            let after = change.after.as_ref().map(ToString::to_string).unwrap_or_default();
            match change.attribute {
                Attribute::Name => row.name = after,
                Attribute::ShortName => row.short_name = after,
                Attribute::Status => row.status = after,
                // A statement overwrites a row only once: of several changes the last counts.
                Attribute::Sites => {
                    let new = after.split(MANY).filter_map(Site::parse);
                    sites.extend(new.map(|new| ((code.to_string(), new.code.clone()), site_row(code, &new))));
                }
                Attribute::Units => {
                    let new = after.split(MANY).map(UnitPath::parse);
                    units.extend(new.map(|new| ((code.to_string(), new.clone()), unit_row(code, &new))));
                }
                _ => {}
            }
        }
    }
    let rows: Vec<_> = rows.into_values().map(IntoActiveModel::into_active_model).collect();
    let overwrite = OnConflict::column(organisation::Column::Code)
        .update_columns([
            organisation::Column::Name,
            organisation::Column::ShortName,
            organisation::Column::Status,
        ])
        .to_owned();
    if !rows.is_empty() {
        organisation::Entity::insert_many(rows)
            .on_conflict(overwrite)
            .exec_without_returning(db)
            .await?;
    }
    rename_sites(db, &sites).await?;
    let sites: Vec<site::ActiveModel> = sites.into_values().map(IntoActiveModel::into_active_model).collect();
    for chunk in sites.chunks(ROWS_A_STATEMENT) {
        let rename = OnConflict::columns([site::Column::Organisation, site::Column::Code])
            .update_column(site::Column::Name)
            .to_owned();
        site::Entity::insert_many(chunk.to_vec())
            .on_conflict(rename)
            .exec_without_returning(db)
            .await?;
    }
    insert_all(db, units.into_values().collect()).await
}

/// Those of these sites that have another name now: their people are found by it.
async fn rename_sites(
    db: &impl ConnectionTrait,
    sites: &HashMap<(String, String), site::Model>,
) -> Result<(), StoreError> {
    if sites.is_empty() {
        return Ok(());
    }
    let before = site::Entity::find()
        .filter(site::Column::Organisation.is_in(padded(sites.keys().map(|(organisation, _)| organisation.as_str()))))
        .all(db)
        .await?;
    for before in before {
        if let Some(new) = sites.get(&(before.organisation.clone(), before.code.clone())) {
            super::sites::rename(db, &before, &new.name).await?;
        }
    }
    Ok(())
}

fn site_row(organisation: &OrganisationCode, own: &Site) -> site::Model {
    site::Model {
        organisation: organisation.to_string(),
        code: own.code.clone(),
        name: own.name.clone(),
    }
}

fn unit_row(organisation: &OrganisationCode, own: &UnitPath) -> unit::ActiveModel {
    unit::ActiveModel {
        organisation: Set(organisation.to_string()),
        path: Set(own.as_str().to_owned()),
    }
}
