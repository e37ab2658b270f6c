//! What islands ask the server: named endpoints, a few lines each. Caller → visit → answer.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Where [`find_people`] answers.
pub const FIND_PEOPLE: &str = "/api/find-people";

/// Where [`name_suggestions`] answers.
pub const NAME_SUGGESTIONS: &str = "/api/name-suggestions";

/// A person in a search as one types.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Their page.
    pub path: String,
    /// Their name.
    pub name: String,
    /// Their address, work and place, by which namesakes differ.
    pub detail: String,
}

/// People who are suggested for what is being typed.
#[cfg(feature = "ssr")]
const SUGGESTED: u64 = 8;

/// The first accounts of the caller's scope in which all the words occur.
///
/// # Errors
/// When the caller manages nobody, or the server cannot answer; the page's own search works all the same.
#[server(prefix = "/api", endpoint = "find-people")]
pub async fn find_people(
    /// What was typed.
    words: String,
) -> Result<Vec<Found>, ServerFnError> {
    let visitor = crate::visitor::Visitor::of_page();
    let search = crate::people_search::Search {
        words,
        ..Default::default()
    };
    let query = search.query(visitor.gate.now());
    let refused = |_| ServerFnError::new("not available");
    let visit = visitor.visit().map_err(refused)?;
    let found = match visit.first_accounts(&query, SUGGESTED).await {
        Err(gate::GateError::Denied) => return Ok(vec![]),
        found => found.map_err(refused)?,
    };
    let found = found.into_iter().map(|listed| {
        let place = listed.person.organisation.to_string();
        let told = [
            crate::people_search::found_at(&listed),
            work(&listed.person.attributes),
            place,
        ];
        let told: Vec<_> = told.into_iter().filter(|text| !text.is_empty()).collect();
        Found {
            path: crate::routes::account(&listed.person.id),
            name: listed.person.full_name(),
            detail: told.join(", "),
        }
    });
    Ok(found.collect())
}

/// Somebody's job and unit, by which namesakes differ; empty where neither is known.
#[cfg(feature = "ssr")]
pub(crate) fn work(attributes: &domain::dictionary::Attributes) -> String {
    use domain::dictionary::Attribute;

    let known = [Attribute::JobTitle, Attribute::Unit].map(|attribute| attributes.text(attribute));
    let known: Vec<_> = known.into_iter().filter(|text| !text.is_empty()).collect();
    known.join(", ")
}

/// What is made from a name; nothing where the name is not known yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// The display name.
    pub display_name: String,
    /// Addresses that are free, best first.
    pub addresses: Vec<String>,
}

/// What would be made from a name in an organisation; nothing where the caller manages nobody there.
///
/// # Errors
/// When the server cannot answer; the form works all the same.
#[server(prefix = "/api", endpoint = "name-suggestions")]
pub async fn name_suggestions(
    /// The first name, as far as it is typed.
    first: String,
    /// The last name.
    last: String,
    /// The organisation's code.
    organisation: String,
) -> Result<Made, ServerFnError> {
    use domain::{channel::Operation, dictionary::Attribute, organisation::OrganisationCode};

    let refused = |_| ServerFnError::new("not available");
    let names = [(Attribute::FirstName, &first), (Attribute::LastName, &last)];
    let too_long = names
        .iter()
        .any(|(name, text)| text.chars().count() > name.entry().limit);
    let Ok(code) = OrganisationCode::parse(&organisation) else {
        return Ok(Made::default());
    };
    if too_long {
        return Ok(Made::default());
    }
    let visitor = crate::visitor::Visitor::of_page();
    let visit = visitor.visit().map_err(refused)?;
    // Whoever may create people may change them too.
    let home = match visit.organisation_for(Operation::EditAccount, &code).await {
        Err(gate::GateError::NotFound | gate::GateError::Denied) => return Ok(Made::default()),
        home => home.map_err(refused)?.0,
    };
    made(&visit, &first, &last, &home).await.map_err(refused)
}

/// What is made from a name in an organisation, as the gate makes it.
#[cfg(feature = "ssr")]
pub(crate) async fn made(
    visit: &gate::Visit<'_>,
    first: &str,
    last: &str,
    home: &domain::organisation::Organisation,
) -> Result<Made, gate::GateError> {
    if first.trim().is_empty() || last.trim().is_empty() {
        return Ok(Made::default());
    }
    let free = visit.free_addresses(first, last, MOST_ADDRESSES).await?;
    Ok(Made {
        display_name: visit.made_display_name(first, last, home),
        addresses: free.iter().map(ToString::to_string).collect(),
    })
}

/// Addresses that a form offers.
#[cfg(feature = "ssr")]
const MOST_ADDRESSES: usize = 3;
