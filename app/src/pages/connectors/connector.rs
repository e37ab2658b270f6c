//! A connector: its files by email, what to enter in the other system, how it is doing, what differs, how it is answered, for
//! which places it sends, its tokens, and what it sent.

use domain::{channel::Channel, values::ids::AccountId};
use gate::{ConnectorView, GateError};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::{
    by_email::FilesByEmail,
    change_files::{OfConnector, customers_of},
    connection::Connection,
    differences::DifferencesSection,
    doing::{ALL_REFUSALS, Doing},
    settings::{SettingsForm, SettingsSaid},
};
use crate::{
    components::{
        done_banner::DoneBanner,
        error_summary::ErrorSummary,
        roles_held::when,
        token_table::{SentTable, TokenTable},
    },
    forms::FormState,
    pages::asked,
    routes,
    visitor::Visitor,
    words,
};

/// The page, for those who manage a place that the connector sends for.
#[component]
pub fn ConnectorPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    let query = use_query_map().get_untracked();
    let all = query.get_str(ALL_REFUSALS) == Some("all");
    let (saved, live) = (
        query.get_str("saved") == Some("yes"),
        query.get_str("live") == Some("yes"),
    );
    asked(async move {
        let id: AccountId = id.parse().map_err(|_| GateError::NotFound)?;
        let visit = visitor.visit()?;
        let connector = visit.connector(id).await?;
        let name = connector.holder.full_name();
        let now = visitor.gate.now();
        let title = match form.is_sound() {
            true => format!("{name}: Connector"),
            false => format!("Error: {name}: Connector"),
        };
        let person = connector
            .sees_holder
            .then(|| view! { <p><a href=routes::account(&id)>"Open the account of " {name.clone()}</a></p> });
        let done = match (live, saved) {
            (true, _) => Some(format!(
                "{name} is live. What the other system sends from now on is applied."
            )),
            (false, true) => Some("The settings are saved. They apply from the next request on.".to_owned()),
            (false, false) => None,
        };
        let replaced = visit.replaced_among(&connector.sent).await?;
        let places = places(&connector);
        let may_revoke = connector.may_revoke;
        // Only what comes through the API is synchronised.
        let through_api = through(&connector, Channel::Api);
        let by_email = match through(&connector, Channel::EmailCsv).is_empty() {
            true => None,
            false => {
                let emails = visit.connector_emails(id).await?;
                let address = visitor.gate.rules().email.address.clone();
                Some(view! { <FilesByEmail emails address/> })
            }
        };
        let by_file: Vec<_> = through(&connector, Channel::ChangeFile)
            .into_iter()
            .map(|(code, _)| code)
            .collect();
        let by_file = match by_file.is_empty() {
            true => None,
            false => {
                let customers = customers_of(&visit, &by_file, id).await?;
                Some(view! { <OfConnector customers/> })
            }
        };
        let synchronised = match through_api.is_empty() {
            true => None,
            false => {
                let health = visit.connector_health(id).await?;
                let settings = visit.connector_settings(id).await?;
                let shadow = settings.shadow;
                let portal = visitor.gate.rules().url.clone();
                let (differences, links) = (health.differences.clone(), health.links);
                // Who may give the role wherever it is held may say how it is answered.
                let may_set = connector.grants.iter().all(|(listed, _)| listed.may_revoke);
                let settings = match may_set {
                    true => view! { <SettingsForm connector=id settings form=form.clone()/> }.into_any(),
                    false => view! { <SettingsSaid settings/> }.into_any(),
                };
                let trial = (may_set && shadow).then(|| {
                    let page = routes::connector_part(&id, "trial");
                    view! { <p><a href=page>"What it would have done"</a></p> }
                });
                let proposals = routes::with_query(routes::PROPOSALS, &[("connector", &id.to_string())]);
                Some(view! {
                    <Connection portal places=through_api/>
                    <Doing health connector=id shadow now all/>
                    {trial}
                    <p><a href=proposals>"Proposals of this connector"</a></p>
                    <DifferencesSection differences links connector=id/>
                    {settings}
                })
            }
        };
        Ok(view! {
            <Title text=title/>
            <a class="nhsuk-back-link" href=routes::ADMINISTRATORS>"Administrators"</a>
            <ErrorSummary form/>
            {done.map(|said| view! { <DoneBanner said/> })}
            <h1 class="app-break"><span class="nhsuk-caption-l">"Connector"</span> " " {name}</h1>
            {person}
            <h2>"Sends for"</h2>
            <ul>{places}</ul>
            {by_email}
            {by_file}
            {synchronised}
            <h2>"API tokens"</h2>
            <p>"The connector makes them. Each is shown once, only to the connector. A revoked token stops working at once."</p>
            <TokenTable tokens=connector.tokens now may_revoke/>
            <h2>"What they sent"</h2>
            <SentTable sent=connector.sent replaced/>
        })
    })
}

/// For which places the connector sends, through what, and from when until when.
fn places(connector: &ConnectorView) -> AnyView {
    let place = |(listed, place): &(gate::ListedGrant, String)| {
        let held = &listed.granted.held;
        let over = match &held.unit {
            Some(unit) => format!("{unit}, {place}"),
            None => place.clone(),
        };
        let sends = words::sends(&held.terms);
        let dates = when(&held.terms).map(|when| format!(", {when}"));
        view! { <li><a href=routes::grant(&held.grant)>{over}</a> ": " {sends} {dates}</li> }
    };
    connector.grants.iter().map(place).collect_view().into_any()
}

/// The codes and names of the places for which the connector sends through a channel.
fn through(connector: &ConnectorView, channel: Channel) -> Vec<(String, String)> {
    let grants = connector.grants.iter();
    let through = grants.filter(|(listed, _)| listed.granted.held.terms.channels.contains(&channel));
    let mut places: Vec<_> = through
        .map(|(listed, place)| (listed.granted.held.organisation.to_string(), place.clone()))
        .collect();
    places.sort();
    places.dedup();
    places
}
