//! What the pages of an account and of a contact share: what is known of a person, and what happened.

use domain::{
    dictionary::{Attribute, Attributes},
    event::Event,
    organisation::{Organisation, Site},
    values::email_address::EmailAddress,
};
use gate::{GateError, Undos, Visit};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{breakable::Breakable, done_banner::NothingDone, timeline::Timeline, values},
    routes,
};

/// Whether the visitor comes from a form that asked for what is so already.
pub fn nothing_changed() -> bool {
    use_query_map().get_untracked().get("nothing").as_deref() == Some("yes")
}

/// Where somebody asked for what is so already.
#[component]
pub fn NothingChanged() -> impl IntoView {
    view! { <NothingDone said="No changes needed: these details are already saved."/> }
}

/// The sites of an organisation, for their names.
pub async fn sites(visit: &Visit<'_>, home: &Organisation) -> Result<Vec<Site>, GateError> {
    let found = visit.with_sites(std::slice::from_ref(&home.code)).await?;
    Ok(found.into_iter().flat_map(|organisation| organisation.sites).collect())
}

/// What is known of a person: their organisation, their attributes that have a value, and whatever else.
#[component]
pub fn Known(
    attributes: Attributes,
    shown: Vec<Attribute>,
    aliases: Vec<EmailAddress>,
    organisation: Organisation,
    #[prop(optional)] sites: Vec<Site>,
    more: Vec<(&'static str, String)>,
) -> impl IntoView {
    let line = |attribute: Attribute| {
        let value = values::known(&attributes, attribute, &sites)?;
        Some(summary_line(attribute.name(), value))
    };
    let known = shown.into_iter().filter_map(line).collect_view();
    let aliases = (!aliases.is_empty()).then(|| {
        let all = aliases.iter().map(EmailAddress::as_str).collect::<Vec<_>>().join(", ");
        summary_line("Earlier addresses", all)
    });
    let more = more
        .into_iter()
        .map(|(key, value)| summary_line(key, value))
        .collect_view();
    let people = routes::with_query(routes::PEOPLE, &[("organisation", organisation.code.as_str())]);
    view! {
        <h2>"Details"</h2>
        <dl class="nhsuk-summary-list">
            <div class="nhsuk-summary-list__row">
                <dt class="nhsuk-summary-list__key">"Organisation"</dt>
                <dd class="nhsuk-summary-list__value"><a href=people>{organisation.name}</a> " " {organisation.code.to_string()}</dd>
            </div>
            {known}
            {aliases}
            {more}
        </dl>
    }
}

/// What happened, where the visitor may read it, and as a file where there is one.
#[component]
pub fn History(
    events: Option<Vec<Event>>,
    file: Option<String>,
    #[prop(optional)] sites: Vec<Site>,
    #[prop(optional)] undos: Undos,
) -> impl IntoView {
    events.map(|events| {
        let file = file
            .filter(|_| !events.is_empty())
            .map(|file| view! { <p><a href=file download>"Download the history (CSV)"</a></p> });
        let list = if events.is_empty() {
            view! { <p>"Nothing is recorded here."</p> }.into_any()
        } else {
            view! { <Timeline events sites undos/> }.into_any()
        };
        view! { <section><h2>"History"</h2> {file} {list}</section> }
    })
}

fn summary_line(key: &'static str, value: String) -> impl IntoView {
    view! {
        <div class="nhsuk-summary-list__row">
            <dt class="nhsuk-summary-list__key">{key}</dt>
            <dd class="nhsuk-summary-list__value"><Breakable text=value/></dd>
        </div>
    }
}
