//! The search: words, organisation, statuses, the order and the columns. One ordinary form, which makes an address.

use domain::{account::AccountStatus, organisation::Organisation};
use gate::{PersonKind, Sort};
use leptos::prelude::*;

use crate::{
    islands::LiveSearch,
    people_search::{Column, Search, sort_name},
    routes,
};

/// The form.
#[component]
pub fn Filters(search: Search, offered: Vec<Organisation>) -> impl IntoView {
    let chosen = search.organisation.clone();
    let choice = move |organisation: Organisation| {
        let code = organisation.code.to_string();
        view! { <option value=code.clone() selected=chosen == code>{format!("{} ({code})", organisation.name)}</option> }
    };
    let kind =
        (search.kind == PersonKind::Contact).then(|| view! { <input type="hidden" name="kind" value="contacts"/> });
    // Suggestions are of accounts; the search for contacts is the button's alone.
    let field = match search.kind {
        PersonKind::Account => view! { <LiveSearch words=search.words.clone()/> }.into_any(),
        PersonKind::Contact => {
            view! { <input class="nhsuk-input" id="words" name="words" type="search" value=search.words.clone()/> }
                .into_any()
        }
    };
    view! {
        <form class="app-search" method="get" action=routes::PEOPLE role="search">
            {kind}
            <label class="nhsuk-label" for="words">"Name, e-mail address or local ID"</label>
            <div class="app-search__line">{field} <button class="nhsuk-button nhsuk-button--small">"Search"</button></div>
            <div class="app-search__filters">
                <div class="nhsuk-form-group">
                    <label class="nhsuk-label" for="organisation">"Organisation"</label>
                    <select class="nhsuk-select" id="organisation" name="organisation">
                        <option value="">"All that you look after"</option>
                        {offered.into_iter().map(choice).collect_view()}
                    </select>
                </div>
            </div>
            <Arrangement search/>
        </form>
    }
}

/// Statuses, order and columns: folded away unless any of them is chosen.
#[component]
fn Arrangement(search: Search) -> impl IntoView {
    let open =
        !search.statuses.is_empty() || !search.chosen.is_empty() || search.descending || search.sort != Sort::default();
    let (shown, kind) = (search.columns(), search.kind);
    let columns = Column::offered(kind)
        .into_iter()
        .map(|column| checkbox("columns", column.slug(), column.name(), shown.contains(&column)))
        .collect_view();
    let statuses = statuses(kind)
        .into_iter()
        .map(|status| {
            checkbox(
                "status",
                status.name(),
                status.name(),
                search.statuses.contains(&status),
            )
        })
        .collect_view();
    let sorts = Sort::ALL
        .map(|sort| view! { <option value=sort.slug() selected=sort == search.sort>{sort_name(sort)}</option> })
        .collect_view();
    view! {
        <details class="nhsuk-details app-search__more" open=open>
            <summary class="nhsuk-details__summary"><span class="nhsuk-details__summary-text">"Status, order and columns"</span></summary>
            <div class="nhsuk-details__text">
                <fieldset class="nhsuk-fieldset app-search__group">
                    <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--s">"Only those who are"</legend>
                    <div class="nhsuk-checkboxes app-search__boxes">{statuses}</div>
                </fieldset>
                <div class="app-search__filters app-search__group">
                    <div class="nhsuk-form-group">
                        <label class="nhsuk-label" for="sort">"Sort by"</label>
                        <select class="nhsuk-select" id="sort" name="sort">{sorts}</select>
                    </div>
                    <div class="nhsuk-checkboxes app-search__order">
                        {checkbox("order", "descending", "The other way round", search.descending)}
                    </div>
                </div>
                <fieldset class="nhsuk-fieldset app-search__group">
                    <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--s">"Columns"</legend>
                    <div class="nhsuk-checkboxes app-search__boxes">{columns}</div>
                </fieldset>
                <button class="nhsuk-button nhsuk-button--small nhsuk-u-margin-bottom-0">"Apply"</button>
            </div>
        </details>
    }
}

/// The statuses that people of a kind can have.
fn statuses(kind: PersonKind) -> Vec<AccountStatus> {
    match kind {
        PersonKind::Account => AccountStatus::ALL.to_vec(),
        PersonKind::Contact => vec![AccountStatus::Active, AccountStatus::Deleted],
    }
}

fn checkbox(name: &'static str, value: &'static str, label: &'static str, checked: bool) -> impl IntoView + use<> {
    let id = format!("{name}-{}", value.to_lowercase());
    view! {
        <div class="nhsuk-checkboxes__item">
            <input class="nhsuk-checkboxes__input" id=id.clone() name=name type="checkbox" value=value checked=checked/>
            <label class="nhsuk-label nhsuk-checkboxes__label" for=id>{label}</label>
        </div>
    }
}
