//! A connector: what they send through, for which places, their tokens, and what they sent.

use domain::values::ids::AccountId;
use gate::GateError;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use crate::{
    components::{
        roles_held::when,
        token_table::{SentTable, TokenTable},
    },
    pages::asked,
    routes,
    visitor::Visitor,
    words,
};

/// The page, for those who manage a place that the connector sends for.
#[component]
pub fn ConnectorPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    asked(async move {
        let id: AccountId = id.parse().map_err(|_| GateError::NotFound)?;
        let connector = visitor.visit()?.connector(id).await?;
        let name = connector.holder.full_name();
        let now = visitor.gate.now();
        let person = connector
            .sees_holder
            .then(|| view! { <p><a href=routes::account(&id)>"Open the account of " {name.clone()}</a></p> });
        let places = connector.grants.into_iter().map(|(listed, place)| {
            let held = listed.granted.held;
            let over = match &held.unit {
                Some(unit) => format!("{unit}, {place}"),
                None => place,
            };
            let channels = words::channels(&held.terms.channels);
            let dates = when(&held.terms).map(|when| format!(", {when}"));
            view! { <li><a href=routes::grant(&held.grant)>{over}</a> ": " {channels} {dates}</li> }
        });
        let places = places.collect_view();
        let may_revoke = connector.may_revoke;
        Ok(view! {
            <Title text=format!("{name}: Connector")/>
            <a class="nhsuk-back-link" href=routes::ADMINISTRATORS>"Administrators"</a>
            <h1 class="app-break"><span class="nhsuk-caption-l">"Connector"</span> " " {name.clone()}</h1>
            {person}
            <h2>"Sends for"</h2>
            <ul>{places}</ul>
            <h2>"API tokens"</h2>
            <p>"The connector makes them. Each is shown once, only to the connector. A revoked token stops working at once."</p>
            <TokenTable tokens=connector.tokens now may_revoke/>
            <h2>"What they sent"</h2>
            <SentTable sent=connector.sent/>
        })
    })
}
