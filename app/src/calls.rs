//! What islands ask the server: named endpoints, a few lines each. Caller → visit → answer.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Where [`find_people`] answers.
pub const FIND_PEOPLE: &str = "/api/find-people";

/// A person in a search as one types.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Their page.
    pub path: String,
    /// Their name.
    pub name: String,
    /// Their address and organisation.
    pub detail: String,
}

/// The first accounts of the caller's scope in which all the words occur.
///
/// # Errors
/// When the caller looks after nobody, or the server cannot answer; the page's own search works all the same.
#[server(prefix = "/api", endpoint = "find-people")]
pub async fn find_people(
    /// What was typed.
    words: String,
) -> Result<Vec<Found>, ServerFnError> {
    use domain::dictionary::Attribute;

    let visitor = crate::visitor::Visitor::of_page();
    let query = gate::Query {
        words,
        ..gate::Query::default()
    };
    let refused = |_| ServerFnError::new("not available");
    let listing = match visitor.visit().map_err(refused)?.accounts(&query).await {
        Err(gate::GateError::Denied) => return Ok(vec![]),
        listing => listing.map_err(refused)?,
    };
    let found = listing.people.into_iter().take(8).map(|listed| Found {
        path: crate::routes::account(&listed.person.id),
        name: listed.person.full_name(),
        detail: format!(
            "{}, {}",
            listed.person.attributes.text(Attribute::EmailAddress),
            listed.person.organisation
        ),
    });
    Ok(found.collect())
}
