//! Where the organisations of events stand in the tree.

use std::collections::{HashMap, HashSet};

use domain::{
    event::Event,
    organisation::{OrganisationCode, OrganisationPath},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::{StoreError, entities::organisation, lists::padded};

/// The paths of the organisations that the events name.
pub(super) async fn paths(db: &impl ConnectionTrait, events: &[Event]) -> Result<Paths, StoreError> {
    // What is about an organisation itself needs no path, and a file may be about very many.
    let about_people = events.iter().filter(|event| event.fact.person().is_some());
    let codes: HashSet<_> = about_people.map(|event| event.fact.organisation().as_str()).collect();
    if codes.is_empty() {
        return Ok(Paths(HashMap::new()));
    }
    let rows = organisation::Entity::find()
        .filter(organisation::Column::Code.is_in(padded(codes)))
        .all(db)
        .await?;
    let by_code = rows
        .into_iter()
        .map(|row| (row.code, OrganisationPath::stored(row.path)));
    Ok(Paths(by_code.collect()))
}

/// Where organisations stand in the tree, by code.
pub(super) struct Paths(HashMap<String, OrganisationPath>);

impl Paths {
    /// The root of an organisation's tree.
    pub(super) fn root(&self, code: &OrganisationCode) -> Result<String, StoreError> {
        let path = self.0.get(code.as_str());
        let path = path.ok_or_else(|| StoreError::Unreadable(format!("no organisation {code}")))?;
        Ok(path.root().to_owned())
    }
}
