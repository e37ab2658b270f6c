//! Organisations, for those who manage all of them: the list, one of them, and the form that imports a file.

mod import;
mod seats;
mod view;

use domain::organisation::{Organisation, OrganisationPath, OrganisationStatus};
use gate::OrganisationQuery;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

pub use self::{import::NewImportPage, seats::SeatsPage, view::OrganisationPage};
use crate::{
    components::{
        pagination::Pagination,
        printed_filters::PrintedFilters,
        table::{Column, Table},
        tags,
        unknown_filters::{UnknownFilters, UnknownNote},
    },
    pages::asked,
    routes,
    visitor::Visitor,
    words::counted,
};

/// The list, in the tree's order.
#[component]
pub fn OrganisationsPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let query = use_query_map().get_untracked();
    let given = |name| query.get_str(name).unwrap_or_default().trim().to_owned();
    let (words, after) = (given("words"), given("after"));
    let mut unknown = UnknownFilters::default();
    let status = unknown.read(&given("status"), OrganisationStatus::parse);
    asked(async move {
        let sought = OrganisationQuery {
            words: words.clone(),
            status,
            after: Some(after.clone())
                .filter(|after| !after.is_empty())
                .map(OrganisationPath::stored),
        };
        let found = visitor.visit()?.organisations_found(&sought).await?;
        let asks = |after: &str| {
            let status = status.map_or("", OrganisationStatus::name);
            let parts = [("words", words.as_str()), ("status", status), ("after", after)];
            routes::with_query(routes::ORGANISATIONS, &parts)
        };
        let next = found.organisations.last().filter(|_| found.more);
        let next = next.map(|last| asks(last.path.as_str()));
        let first = (!after.is_empty()).then(|| asks(""));
        let many = counted(
            u32::try_from(found.all).unwrap_or(u32::MAX),
            "organisation",
            "organisations",
        );
        let status = status.map(|status| status.name().to_owned());
        let filters = Some(words.clone()).filter(|words| !words.is_empty());
        let filters = filters.into_iter().chain(status).collect();
        let list = match found.organisations.is_empty() {
            true => view! { <p>"No organisations found. Check the spelling, or search for the code."</p> }.into_any(),
            false => {
                view! { <OrganisationsTable organisations=found.organisations/> <Pagination first next/> }.into_any()
            }
        };
        Ok(view! {
            <Title text="Organisations"/>
            <div class="app-title">
                <h1>"Organisations"</h1>
                <a class="nhsuk-button" href=routes::NEW_ORGANISATION_IMPORT>"Import organisations"</a>
            </div>
            <ul class="app-links">
                <li class="app-links__item"><a href=routes::CUSTOMERS>"Customers and subscriptions"</a></li>
            </ul>
            <Search words=words.clone() status=sought.status/>
            <PrintedFilters filters=filters/>
            <UnknownNote filters=unknown/>
            <p>{many}</p>
            {list}
        })
    })
}

#[component]
fn Search(words: String, status: Option<OrganisationStatus>) -> impl IntoView {
    let choices = [("", "Any status"), ("open", "Open"), ("closed", "Closed")];
    let chosen = status.map_or("", OrganisationStatus::name);
    let choices = choices
        .map(|(value, label)| view! { <option value=value selected=value == chosen>{label}</option> })
        .collect_view();
    view! {
        <form class="app-search" method="get" action=routes::ORGANISATIONS role="search">
            <div class="app-search__filters">
                <div class="nhsuk-form-group">
                    <label class="nhsuk-label" for="words">"Name or code"</label>
                    <input class="nhsuk-input" id="words" name="words" type="search" autocomplete="off" spellcheck="false" value=words/>
                </div>
                <div class="nhsuk-form-group">
                    <label class="nhsuk-label" for="status">"Status"</label>
                    <select class="nhsuk-select" id="status" name="status">{choices}</select>
                </div>
            </div>
            <button class="nhsuk-button nhsuk-button--small nhsuk-u-margin-top-4">"Search"</button>
        </form>
    }
}

#[component]
fn OrganisationsTable(organisations: Vec<Organisation>) -> impl IntoView {
    let line = |organisation: Organisation| {
        let above = organisation.path.parent().map(|parent| {
            view! { <a href=routes::organisation(&parent)>{parent.to_owned()}</a> }
        });
        let name = view! {
            <a class="app-people__name" href=routes::organisation(&organisation.code)>{organisation.name}</a>
            " "
            <span class="app-people__address">{organisation.code.to_string()}</span>
        };
        vec![
            name.into_any(),
            organisation.short_name.into_any(),
            above.into_any(),
            tags::organisation(organisation.status).into_any(),
        ]
    };
    let rows = organisations.into_iter().map(line).collect();
    let columns = ["Organisation", "Short name", "Parent", "Status"]
        .map(Column::Named)
        .to_vec();
    view! { <Table caption="Organisations, each after the one above it" columns rows/> }
}
