//! The audit trail of one's scope: filters, entries, files to take away. For those who may read it.

use domain::{
    organisation::Organisation,
    trail::{Action, Topic},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{
        error_summary::{ErrorSummary, FieldError},
        pagination::Pagination,
        select_field::select,
        trail::TrailEntries,
    },
    forms::FormState,
    pages::asked,
    routes,
    trail_search::TrailSearch,
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
    let search = TrailSearch::read(query.into_iter().map(|(name, text)| (name.into_owned(), text)));
    let mut form = FormState::default();
    for (field, message) in search.problems() {
        form.problem(field, &message);
    }
    asked(async move {
        let visit = visitor.visit()?;
        let offered = visit.audited_organisations(OFFERED + 1).await?;
        if !form.is_sound() {
            return Ok(view! {
                <Title text="Error: Audit trail"/>
                <ErrorSummary form=form.clone()/>
                <h1>"Audit trail"</h1>
                <TrailFilters search offered form/>
            }
            .into_any());
        }
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
                true => "No entry fits what you ask for. Take a filter away, or choose other days.",
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
            <Title text="Audit trail"/>
            <h1>"Audit trail"</h1>
            <p>
                "Who did what in the organisations that you look after, when, and by what right; newest first. "
                "That you read it is recorded, too."
            </p>
            <TrailFilters search offered form/>
            {list}
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
                <input class="nhsuk-input" id=name name=name type="text" autocomplete="off" value=value.to_owned()/>
            </div>
        }
    };
    let date = |name: &'static str, label: &'static str, value: &str| {
        let wrong = form.problem_of(name).is_some();
        // A calendar's field shows nothing of what is no date.
        let kind = if wrong { "text" } else { "date" };
        view! {
            <div class="nhsuk-form-group" class=("nhsuk-form-group--error", wrong)>
                <label class="nhsuk-label" for=name>{label}</label>
                <FieldError field=name form=form.clone()/>
                <input
                    class="nhsuk-input"
                    class=("nhsuk-input--error", wrong)
                    id=name
                    name=name
                    type=kind
                    value=value.to_owned()
                    aria-describedby=wrong.then(|| format!("{name}-error"))
                />
            </div>
        }
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
            let all = "All that you look after";
            select("organisation", "Organisation", all, organisations, &search.organisation)
        }
    };
    let topics = Topic::ALL.map(|topic| (topic.slug().to_owned(), topic.name().to_owned()));
    let actions = Action::ALL
        .iter()
        .map(|action| (action.slug().to_owned(), action.name().to_owned()));
    let clear = search
        .is_filtered()
        .then(|| view! { <p><a href=routes::AUDIT>"Show everything again"</a></p> });
    view! {
        <form class="app-search" method="get" action=routes::AUDIT role="search">
            <div class="app-search__filters">
                {text("who", "Done by (name, e-mail address or ID)", &search.who)}
                {text("target", "About (name, e-mail address or ID)", &search.target)}
            </div>
            <div class="app-search__filters">
                {organisation}
                {select("type", "Type", "Everything", topics.to_vec(), &search.topic)}
                {select("action", "Action", "Everything", actions.collect(), &search.action)}
            </div>
            <div class="app-search__filters">
                {date("from", "From", &search.from)}
                {date("to", "To, this day included", &search.to)}
            </div>
            <button class="nhsuk-button nhsuk-button--small nhsuk-u-margin-top-4">"Show"</button>
            {clear}
        </form>
    }
}
