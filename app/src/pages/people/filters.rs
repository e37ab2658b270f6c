//! The search: words, organisation, unit, site, statuses, last use, the order and the columns. One ordinary form, which
//! makes an address.

use domain::{account::AccountStatus, organisation::Organisation};
use gate::{PersonKind, Sort};
use leptos::prelude::*;

use crate::{
    islands::LiveSearch,
    routes,
    searches::people::{Column, LastUse, Search, sort_name},
};

/// The form. The units and sites of `place` are suggested.
#[component]
pub fn Filters(search: Search, offered: Vec<Organisation>, place: Option<Organisation>) -> impl IntoView {
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
            view! { <input class="nhsuk-input" id="words" name="words" type="search" autocomplete="off" spellcheck="false" value=search.words.clone() aria-describedby="words-hint"/> }
                .into_any()
        }
    };
    let (units, sites) = place.map(|place| (place.units, place.sites)).unwrap_or_default();
    let units = units.into_iter().map(|unit| unit.to_string()).collect();
    let sites = sites.into_iter().map(|site| site.name).collect();
    let unit = suggested("unit", "Unit", search.unit.clone(), units);
    let site = (search.kind == PersonKind::Account).then(|| suggested("site", "Site", search.site.clone(), sites));
    let (label, hint) = match search.kind {
        PersonKind::Account => (
            "Search accounts",
            "Name, email address, telephone number, local ID, job title, unit or site",
        ),
        PersonKind::Contact => ("Search contacts", "Name, email address, telephone number or unit"),
    };
    view! {
        <form class="app-search" method="get" action=routes::PEOPLE role="search">
            {kind}
            <label class="nhsuk-label" for="words">{label}</label>
            <div class="nhsuk-hint" id="words-hint">{hint}</div>
            <div class="app-search__line">{field} <button class="nhsuk-button nhsuk-button--small">"Search"</button></div>
            <div class="app-search__filters">
                <div class="nhsuk-form-group">
                    <label class="nhsuk-label" for="organisation">"Organisation"</label>
                    <select class="nhsuk-select" id="organisation" name="organisation">
                        <option value="">"All organisations you manage"</option>
                        {offered.into_iter().map(choice).collect_view()}
                    </select>
                </div>
                {unit}
                {site}
            </div>
            <Arrangement search/>
        </form>
    }
}

/// A text that may be one of these.
fn suggested(name: &'static str, label: &'static str, value: String, known: Vec<String>) -> impl IntoView + use<> {
    let list = (!known.is_empty()).then(|| format!("{name}-known"));
    let known = list.clone().map(|id| {
        let known = known
            .into_iter()
            .map(|text| view! { <option value=text></option> })
            .collect_view();
        view! { <datalist id=id>{known}</datalist> }
    });
    view! {
        <div class="nhsuk-form-group">
            <label class="nhsuk-label" for=name>{label}</label>
            <input class="nhsuk-input nhsuk-input--width-20" id=name name=name type="text" autocomplete="off" spellcheck="false" value=value list=list/>
            {known}
        </div>
    }
}

/// When accounts were last used, to choose from.
fn last_use(chosen: Option<LastUse>) -> impl IntoView + use<> {
    let choice = |used: LastUse| {
        view! { <option value=used.slug() selected=chosen == Some(used)>{used.name()}</option> }
    };
    view! {
        <div class="nhsuk-form-group">
            <label class="nhsuk-label" for="used">"Last sign-in"</label>
            <div class="nhsuk-hint" id="used-hint">"Use of the mailbox or of an API token counts, too."</div>
            <select class="nhsuk-select" id="used" name="used" aria-describedby="used-hint">
                <option value="">"At any time"</option>
                {LastUse::ALL.map(choice).collect_view()}
            </select>
        </div>
    }
}

/// Statuses, last use, order and columns: folded away unless any of them is chosen.
#[component]
fn Arrangement(search: Search) -> impl IntoView {
    let open = search.used.is_some()
        || !search.statuses.is_empty()
        || !search.chosen.is_empty()
        || search.descending
        || search.sort != Sort::default();
    let (shown, kind) = (search.columns(), search.kind);
    let used = (kind == PersonKind::Account)
        .then(|| view! { <div class="app-search__filters app-search__group">{last_use(search.used)}</div> });
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
            <summary class="nhsuk-details__summary"><span class="nhsuk-details__summary-text">"Status, last sign-in, order and columns"</span></summary>
            <div class="nhsuk-details__text">
                <fieldset class="nhsuk-fieldset app-search__group">
                    <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--s">"Only people with the status"</legend>
                    <div class="nhsuk-hint">"Deleted people are shown only if you choose Deleted."</div>
                    <div class="nhsuk-checkboxes app-search__boxes">{statuses}</div>
                </fieldset>
                {used}
                <div class="app-search__filters app-search__group">
                    <div class="nhsuk-form-group">
                        <label class="nhsuk-label" for="sort">"Sort by"</label>
                        <select class="nhsuk-select" id="sort" name="sort">{sorts}</select>
                    </div>
                    <div class="nhsuk-checkboxes app-search__order">
                        {checkbox("order", "descending", "Reverse order", search.descending)}
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
