//! What happened in an organisation, newest first, a page at a time.

use domain::organisation::OrganisationCode;
use gate::GateError;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::{
    components::{pagination::Pagination, timeline::Timeline},
    pages::asked,
    routes,
    visitor::Visitor,
};

/// Entries a page shows.
const A_PAGE: usize = 100;

/// The page; only for those who may read the audit log.
#[component]
pub fn OrganisationHistoryPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let code = use_params_map().get_untracked().get("id").unwrap_or_default();
    let before = use_query_map()
        .get_untracked()
        .get("before")
        .and_then(|before| before.parse::<i64>().ok());
    asked(async move {
        let code = OrganisationCode::parse(&code).map_err(|_| GateError::NotFound)?;
        let visit = visitor.visit()?;
        let mut trail = visit.organisation_history(&code, before, A_PAGE as u64 + 1).await?;
        let more = trail.events.len() > A_PAGE;
        trail.events.truncate(A_PAGE);
        let here = routes::organisation_history(&code);
        let last = trail.events.last().map(|(number, _)| number.to_string());
        let next = last
            .filter(|_| more)
            .map(|last| routes::with_query(&here, &[("before", last.as_str())]));
        let first = before.is_some().then_some(here);
        let events: Vec<_> = trail.events.into_iter().map(|(_, event)| event).collect();
        let undos = visit.undos_in(&events).await?;
        let list = if events.is_empty() {
            view! { <p>"Nothing is recorded here."</p> }.into_any()
        } else {
            view! { <Timeline events about=trail.names place=code.clone() undos/> <Pagination first next/> }.into_any()
        };
        let people = routes::with_query(routes::PEOPLE, &[("organisation", code.as_str())]);
        let name = trail.organisation.name;
        Ok(view! {
            <Title text=format!("History of {name}")/>
            <a class="nhsuk-back-link" href=people>"People"</a>
            <h1 class="app-break"><span class="nhsuk-caption-l">"History " {code.to_string()}</span> " " {name}</h1>
            <p>"What happened to the organisation and its people, newest first."</p>
            <p><a href=routes::organisation_history_file(&code) download>"Download the whole history as a CSV file"</a></p>
            {list}
        })
    })
}
