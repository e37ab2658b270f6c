//! Where the organisations of events stand in the tree.

use std::collections::{HashMap, HashSet};

use domain::{
    event::{AccountFact, ContactFact, Event, Fact},
    organisation::{Organisation, OrganisationCode, OrganisationPath},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::{StoreError, entities::organisation, lists::padded};

/// The paths of the organisations that people come into by the events; of those that are known already nothing is read.
pub(super) async fn paths(
    db: &impl ConnectionTrait,
    events: &[Event],
    known: &[Organisation],
) -> Result<Paths, StoreError> {
    let known = known.iter().map(|known| (known.code.to_string(), known.path.clone()));
    let mut paths = Paths(known.collect());
    let coming_in = events.iter().filter(|event| comes_in(&event.fact));
    let codes = coming_in.map(|event| event.fact.organisation().as_str());
    let codes: HashSet<_> = codes.filter(|code| !paths.0.contains_key(*code)).collect();
    if codes.is_empty() {
        return Ok(paths);
    }
    let rows = organisation::Entity::find()
        .filter(organisation::Column::Code.is_in(padded(codes)))
        .all(db)
        .await?;
    let by_code = rows
        .into_iter()
        .map(|row| (row.code, OrganisationPath::stored(row.path)));
    paths.0.extend(by_code);
    Ok(paths)
}

/// Whether a person has another organisation by it: of all others, the row has the root of its tree already.
const fn comes_in(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::Account(_, _, AccountFact::Created { .. } | AccountFact::Moved { .. })
            | Fact::Contact(_, _, ContactFact::Created { .. } | ContactFact::Moved { .. })
    )
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
