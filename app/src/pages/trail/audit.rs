//! The audit log of one's scope: filters, entries, files to take away, and whether the trail is whole. For those who may
//! read it.

mod verified;

use domain::{
    dictionary::Attribute,
    organisation::Organisation,
    trail::{Action, Topic},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use self::verified::{Verified, Verify};
use crate::{
    components::{
        date_field::DateField, error_summary::ErrorSummary, pagination::Pagination, printed_filters::PrintedFilters,
        select_field::select, trail::TrailEntries,
    },
    forms::{FormState, dates::DateNames},
    pages::asked,
    routes,
    searches::trail::{FROM, TO, TrailSearch},
    visitor::Visitor,
};

/// Entries a page shows.
const A_PAGE: usize = 50;

/// Organisations that the filter offers; where there are more, a code is typed.
const OFFERED: u64 = 100;

/// The page.
#[component]
pub fn AuditPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let query = use_query_map().get_untracked();
    let asked_to_verify = query.get("verified").unwrap_or_default();
    let search = TrailSearch::read(query.into_iter().map(|(name, text)| (name.into_owned(), text)));
    let mut form = FormState::default();
    for (field, text) in search.fields() {
        form.keep(field, &text);
    }
    for (field, message) in search.problems() {
        form.problem(field, &message);
    }
    asked(async move {
        let visit = visitor.visit()?;
        let offered = visit.audited_organisations(OFFERED + 1).await?;
        let title = search.title();
        if !form.is_sound() {
            return Ok(view! {
                <Title text=format!("Error: {title}")/>
                <ErrorSummary form=form.clone()/>
                <h1>"Audit log"</h1>
                <TrailFilters search offered form/>
            }
            .into_any());
        }
        let verified = Verified::read(&visit, &asked_to_verify).await?;
        let mut page = visit.trail(&search.query(), search.before, A_PAGE as u64 + 1).await?;
        let more = page.entries.len() > A_PAGE;
        page.entries.truncate(A_PAGE);
        let last = page.entries.last().map(|entry| entry.number).filter(|_| more);
        let next = last.map(|last| search.address(routes::AUDIT, Some(last)));
        let first = search.before.map(|_| search.address(routes::AUDIT, None));
        let files = [
            (
                search.address(routes::AUDIT_CSV, None),
                "Download these entries as a CSV file",
            ),
            (
                search.address(routes::AUDIT_JSONL, None),
                "Download these entries as JSON Lines",
            ),
        ];
        let list = if page.entries.is_empty() {
            let none = match search.is_filtered() {
                true => "No entries found. Remove a filter, or choose other days.",
                false => "Nothing is recorded here.",
            };
            view! { <p>{none}</p> }.into_any()
        } else {
            let downloads = files.map(|(href, label)| view! { <li><a href=href download>{label}</a></li> });
            view! {
                <ul class="nhsuk-list">{downloads.collect_view()}</ul>
                <TrailEntries page/>
                <Pagination first next/>
            }
            .into_any()
        };
        Ok(view! {
            <Title text=title/>
            {verified.shown()}
            <h1>"Audit log"</h1>
            <p>
                "Who did what in the organisations you manage, when, and in which role. Newest first. "
                "The audit log also records that you read it."
            </p>
            <PrintedFilters filters=search.filters()/>
            <TrailFilters search offered form/>
            {list}
            <Verify/>
        }
        .into_any())
    })
}

#[component]
fn TrailFilters(search: TrailSearch, offered: Vec<Organisation>, form: FormState) -> impl IntoView {
    let text = |name: &'static str, label: &'static str, value: &str| {
        view! {
            <div class="nhsuk-form-group">
                <label class="nhsuk-label" for=name>{label}</label>
                <input class="nhsuk-input" id=name name=name type="text" autocomplete="off" spellcheck="false" value=value.to_owned()/>
            </div>
        }
    };
    let date = |names: DateNames, legend: &'static str| {
        let hint = "For example, 21 11 2026".to_owned();
        view! { <DateField legend hint names form=form.clone()/> }
    };
    let place = |place: Organisation| {
        let code = place.code.to_string();
        let label = format!("{} ({code})", place.name);
        (code, label)
    };
    let are_many = offered.len() as u64 > OFFERED;
    let organisations = offered.into_iter().map(place).collect();
    let select = |name, label, all: &str, mut choices: Vec<(String, String)>, chosen: &str| {
        choices.insert(0, (String::new(), all.to_owned()));
        select(name, label, None, choices, chosen, &form)
    };
    let organisation = match are_many {
        true => text("organisation", "Organisation’s code", &search.organisation).into_any(),
        false => {
            let all = "All organisations you manage";
            select("organisation", "Organisation", all, organisations, &search.organisation)
        }
    };
    let topics = Topic::ALL.map(|topic| (topic.slug().to_owned(), topic.name().to_owned()));
    let actions = Action::ALL
        .iter()
        .map(|action| (action.slug().to_owned(), action.name().to_owned()));
    let details = Attribute::ALL.into_iter().filter(|attribute| attribute.is_kept());
    let details = details.map(|attribute| (attribute.slug().to_owned(), attribute.name().to_owned()));
    let clear = search
        .is_filtered()
        .then(|| view! { <p><a href=routes::AUDIT>"Show everything again"</a></p> });
    view! {
        <form class="app-search" method="get" action=routes::AUDIT role="search">
            <div class="app-search__filters">
                {text("who", "Done by (name, email address or ID)", &search.who)}
                {text("target", "About (name, email address or ID)", &search.target)}
            </div>
            <div class="app-search__filters">
                {organisation}
                {select("type", "Type", "Everything", topics.to_vec(), &search.topic)}
                {select("action", "Action", "Everything", actions.collect(), &search.action)}
                {select("changed", "Detail changed", "Any or none", details.collect(), &search.changed)}
            </div>
            <div class="app-search__filters">
                {date(FROM, "From")}
                {date(TO, "To, including this day")}
            </div>
            <button class="nhsuk-button nhsuk-button--small nhsuk-u-margin-top-4">"Show"</button>
            {clear}
        </form>
    }
}
