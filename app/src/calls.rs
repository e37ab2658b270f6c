//! The server functions: what islands ask, and below it the verbs, which forms post. Caller → visit → answer.
//!
//! Verbs are plain forms' and stay on the server: nothing of them is compiled for the browser. A form posts to its own page,
//! so its address can be loaded again; a button without a page posts to a part of what it is about.

#[cfg(feature = "ssr")]
pub mod accounts;
#[cfg(feature = "ssr")]
pub mod activation;
#[cfg(feature = "ssr")]
pub mod answer;
#[cfg(feature = "ssr")]
pub mod audit;
#[cfg(feature = "ssr")]
pub mod automatic_changes;
#[cfg(feature = "ssr")]
pub mod bulk_actions;
#[cfg(feature = "ssr")]
pub mod columns;
#[cfg(feature = "ssr")]
pub mod connectors;
#[cfg(feature = "ssr")]
pub mod contacts;
#[cfg(feature = "ssr")]
pub mod customers;
#[cfg(feature = "ssr")]
mod details;
#[cfg(feature = "ssr")]
pub mod email;
#[cfg(feature = "ssr")]
pub mod fixing;
#[cfg(feature = "ssr")]
pub mod form;
#[cfg(feature = "ssr")]
pub mod hold;
#[cfg(feature = "ssr")]
pub mod lifecycle;
#[cfg(feature = "ssr")]
pub mod offers;
#[cfg(feature = "ssr")]
pub mod proposals;
#[cfg(feature = "ssr")]
pub mod renames;
#[cfg(feature = "ssr")]
mod reply;
#[cfg(feature = "ssr")]
pub mod roles;
#[cfg(feature = "ssr")]
pub mod seats;
#[cfg(feature = "ssr")]
pub mod self_service;
#[cfg(feature = "ssr")]
pub mod submissions;
#[cfg(feature = "ssr")]
pub mod tokens;
#[cfg(feature = "ssr")]
pub mod undo;
#[cfg(feature = "ssr")]
pub mod uploads;

mod text_answer;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use self::text_answer::TextAnswer;

/// Where a verb's form is posted to.
#[cfg(feature = "ssr")]
#[must_use]
pub fn at<F: leptos::server_fn::ServerFn>() -> &'static str {
    F::PATH
}

/// Where a verb's form is posted to that is about one thing, by its ID.
#[cfg(feature = "ssr")]
pub fn about<F: leptos::server_fn::ServerFn>(id: &impl std::fmt::Display) -> String {
    F::PATH.replace("{id}", &id.to_string())
}

/// What the address of a verb leaves open.
#[cfg(feature = "ssr")]
async fn left_open<T: serde::de::DeserializeOwned + Send>() -> Result<T, gate::GateError> {
    let path = leptos_axum::extract::<axum::extract::Path<T>>().await;
    path.map(|axum::extract::Path(open)| open)
        .map_err(|_| gate::GateError::NotFound)
}

/// The ID that the address of a verb names. What is not an ID is not found.
#[cfg(feature = "ssr")]
async fn named<T: std::str::FromStr>() -> Result<T, gate::GateError> {
    let id: String = left_open().await?;
    id.parse().map_err(|_| gate::GateError::NotFound)
}

/// The submission that the address of a verb names.
#[cfg(feature = "ssr")]
async fn submission_named() -> Result<domain::values::ids::SubmissionId, gate::GateError> {
    let id: String = left_open().await?;
    domain::values::ids::SubmissionId::parse(&id).ok_or(gate::GateError::NotFound)
}

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
pub(crate) const SUGGESTED: usize = 8;

/// The first accounts of the caller's scope in which all the words occur.
///
/// # Errors
/// When the caller manages nobody, or the server cannot answer; the page's own search works all the same.
#[server(prefix = "/api", endpoint = "find-people", output = TextAnswer)]
pub async fn find_people(
    /// What was typed.
    words: String,
) -> Result<Vec<Found>, ServerFnError> {
    let visitor = crate::visitor::Visitor::of_page();
    let search = crate::searches::people::Search {
        words,
        ..Default::default()
    };
    let query = search.query(visitor.gate.now());
    let refused = |_| ServerFnError::new("not available");
    let visit = visitor.visit().map_err(refused)?;
    let found = match visit.first_accounts(&query, SUGGESTED as u64).await {
        Err(gate::GateError::Denied) => return Ok(vec![]),
        found => found.map_err(refused)?,
    };
    let found = found.into_iter().map(|listed| {
        let place = listed.person.organisation.to_string();
        let told = [
            crate::searches::people::found_at(&listed),
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
#[server(prefix = "/api", endpoint = "name-suggestions", output = TextAnswer)]
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

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::routes;

    #[test]
    fn a_form_posts_to_the_page_that_it_is_on() {
        let id = "7Q4K9TZM2X";
        for (verb, page) in [
            (at::<uploads::Upload>().to_owned(), routes::NEW_UPLOAD.to_owned()),
            (
                at::<uploads::ImportOrganisations>().to_owned(),
                routes::NEW_ORGANISATION_IMPORT.to_owned(),
            ),
            (
                about::<columns::ChooseColumns>(&id),
                routes::submission_part(&id, "columns"),
            ),
            (
                at::<accounts::CreateAccount>().to_owned(),
                routes::NEW_ACCOUNT.to_owned(),
            ),
            (about::<accounts::EditAccount>(&id), routes::account_part(&id, "edit")),
            (
                at::<contacts::CreateContact>().to_owned(),
                routes::NEW_CONTACT.to_owned(),
            ),
            (about::<contacts::EditContact>(&id), routes::contact_part(&id, "edit")),
            (at::<roles::GrantRole>().to_owned(), routes::NEW_GRANT.to_owned()),
            (at::<tokens::MakeToken>().to_owned(), routes::OWN_TOKENS.to_owned()),
            (at::<tokens::FindTokens>().to_owned(), routes::TOKENS.to_owned()),
            (
                at::<proposals::AcceptProposals>().to_owned(),
                routes::PROPOSALS.to_owned(),
            ),
            (about::<connectors::SetConnector>(&id), routes::connector(&id)),
            (at::<email::RunEmailNow>().to_owned(), routes::EMAIL.to_owned()),
            (about::<connectors::GoLive>(&id), routes::connector_part(&id, "trial")),
            (
                at::<automatic_changes::ConfirmHeld>().to_owned(),
                routes::HELD.to_owned(),
            ),
            (at::<lifecycle::TakeIn>().to_owned(), routes::NEW_JOINER.to_owned()),
            (about::<lifecycle::MarkLeaver>(&id), routes::account_part(&id, "leaver")),
            (
                about::<lifecycle::SetAbsence>(&id),
                routes::account_part(&id, "absence"),
            ),
            (
                about::<lifecycle::TransferAccount>(&id),
                routes::account_part(&id, "transfer"),
            ),
            (
                at::<bulk_actions::ActOnMany>().to_owned(),
                routes::PEOPLE_ACTIONS.to_owned(),
            ),
            (
                at::<self_service::ChangeOwnDetails>().to_owned(),
                routes::OWN.to_owned(),
            ),
            (
                at::<customers::AddCustomer>().to_owned(),
                routes::NEW_CUSTOMER.to_owned(),
            ),
            (
                about::<customers::ChangeCustomer>(&id),
                routes::customer_part(&id, "edit"),
            ),
            (
                about::<customers::AddSubscription>(&id),
                routes::customer_part(&id, "subscriptions/new"),
            ),
            (
                about::<customers::ChangeSubscription>(&id),
                routes::subscription_part(&id, "edit"),
            ),
            (about::<seats::ChangeSeats>(&id), routes::account_part(&id, "seats")),
            (about::<hold::HoldAccount>(&id), routes::account_part(&id, "hold")),
            (fixing::row_of(&id, 7), routes::submission_row(&id, 7)),
            (
                about::<contacts::TransferContact>(&id),
                routes::contact_part(&id, "transfer"),
            ),
            (about::<activation::GiveLinks>(&id), routes::activation_links(&id)),
        ] {
            assert_eq!(verb, page);
        }
    }
}
