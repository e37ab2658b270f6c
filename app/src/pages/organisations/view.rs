//! One organisation: where it stands, its sites and units, how many people it has, and who administers it.

use domain::{customer::CustomerNumber, organisation::OrganisationCode};
use gate::{GateError, OrganisationView};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use crate::{
    components::tags,
    pages::{asked, customers::sees},
    routes,
    visitor::Visitor,
    words::{counted, thousands},
};

/// Administrators that the page names.
const NAMED: usize = 20;

/// The page.
#[component]
pub fn OrganisationPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let code = use_params_map().get_untracked().get("id").unwrap_or_default();
    asked(async move {
        let code = OrganisationCode::parse(&code).map_err(|_| GateError::NotFound)?;
        let visit = visitor.visit()?;
        let found = visit.organisation_view(&code).await?;
        let name = found.organisation.name.clone();
        let customer = match visit.customer_of(&code).await {
            Ok(shown) => shown.map(|shown| shown.customer),
            Err(GateError::NotFound) => None,
            Err(error) => return Err(error),
        };
        let customer = match customer {
            Some(customer) => Some((customer.number, sees(&visit, customer.number).await?)),
            None => None,
        };
        Ok(view! {
            <Title text=name.clone()/>
            <a class="nhsuk-back-link" href=routes::ORGANISATIONS>"Organisations"</a>
            <h1 class="app-break"><span class="nhsuk-caption-l">{code.to_string()}</span> " " {name}</h1>
            <p>{tags::organisation(found.organisation.status)}</p>
            <div class="nhsuk-grid-row">
                <div class="nhsuk-grid-column-two-thirds">
                    <About found=found.clone() customer/>
                    <Places found=found.clone()/>
                </div>
                <div class="nhsuk-grid-column-one-third"><Administered found/></div>
            </div>
        })
    })
}

#[component]
fn About(
    found: OrganisationView,
    /// The customer that it belongs to, if it belongs to one, and whether the visitor sees that.
    customer: Option<(CustomerNumber, bool)>,
) -> impl IntoView {
    let organisation = found.organisation;
    let people = routes::with_query(routes::PEOPLE, &[("organisation", organisation.code.as_str())]);
    let contacts = routes::with_query(
        routes::PEOPLE,
        &[("kind", "contacts"), ("organisation", organisation.code.as_str())],
    );
    let parent = match found.parent {
        Some(parent) => {
            view! { <a href=routes::organisation(&parent.code)>{parent.name} " (" {parent.code.to_string()} ")"</a> }
                .into_any()
        }
        None => view! { "None: it is at the top" }.into_any(),
    };
    let line = |what: &'static str, value: AnyView| {
        view! {
            <div class="nhsuk-summary-list__row">
                <dt class="nhsuk-summary-list__key">{what}</dt>
                <dd class="nhsuk-summary-list__value">{value}</dd>
            </div>
        }
    };
    let accounts = counted(found.accounts, "account", "accounts");
    let many = counted(u32::try_from(found.contacts).unwrap_or(u32::MAX), "contact", "contacts");
    let seats = routes::seats_of(&organisation.code);
    let customer = customer.map(|(number, sees)| {
        let named = match sees {
            true => view! { <a href=routes::customer(&number)>{number.to_string()}</a> }.into_any(),
            false => number.to_string().into_any(),
        };
        let links = view! { {named} ", " <a href=seats>"who has which seat"</a> };
        line("Customer", links.into_any())
    });
    let below = thousands(u32::try_from(found.below).unwrap_or(u32::MAX));
    view! {
        <dl class="nhsuk-summary-list">
            {line("Short name", organisation.short_name.into_any())}
            {line("Parent", parent)}
            {line("Organisations below", below.into_any())}
            {line("People", view! { <a href=people>{accounts}</a> ", " <a href=contacts>{many}</a> }.into_any())}
            {customer}
        </dl>
        <p><a href=routes::organisation_history(&organisation.code)>"History of this organisation"</a></p>
    }
}

#[component]
fn Places(found: OrganisationView) -> impl IntoView {
    let organisation = found.organisation;
    let none = || view! { <p>"None."</p> }.into_any();
    let sites = match organisation.sites.is_empty() {
        true => none(),
        false => {
            let site = |site: domain::organisation::Site| view! { <li class="app-break">{site.name} " (" {site.code} ")"</li> };
            view! { <ul>{organisation.sites.into_iter().map(site).collect_view()}</ul> }.into_any()
        }
    };
    let units = match organisation.units.is_empty() {
        true => none(),
        false => {
            let unit = |unit: domain::organisation::UnitPath| view! { <li class="app-break">{unit.to_string()}</li> };
            view! { <ul>{organisation.units.into_iter().map(unit).collect_view()}</ul> }.into_any()
        }
    };
    view! {
        <h2>"Sites"</h2>
        {sites}
        <h2>"Organisational units"</h2>
        {units}
    }
}

#[component]
fn Administered(found: OrganisationView) -> impl IntoView {
    let code = found.organisation.code.to_string();
    let all = routes::with_query(routes::ADMINISTRATORS, &[("organisation", code.as_str())]);
    let give = routes::with_query(routes::NEW_GRANT, &[("organisation", code.as_str())]);
    let named = found.administration.grants.iter().take(NAMED).map(|listed| {
        let (held, holder) = (&listed.granted.held, &listed.granted.holder);
        let over = match &held.unit {
            Some(unit) => format!("{}, {unit}", held.organisation),
            None => held.organisation.to_string(),
        };
        view! {
            <li>
                <a href=routes::account(&holder.id)>{holder.full_name()}</a>
                <div class="nhsuk-hint nhsuk-u-margin-bottom-0">{held.role.name()} " of " {over}</div>
            </li>
        }
    });
    let named = named.collect_view();
    let list = match found.administration.grants.is_empty() {
        true => view! { <p>"Nobody holds a role here yet."</p> }.into_any(),
        false => view! { <ul class="nhsuk-list">{named}</ul> <p><a href=all>"All administrators"</a></p> }.into_any(),
    };
    let give = (!found.administration.may_grant.is_empty())
        .then(|| view! { <p><a class="nhsuk-button nhsuk-button--small" href=give>"Give a role"</a></p> });
    view! {
        <section class="app-sheet">
            <h2 class="nhsuk-heading-m">"Administrators"</h2>
            {list}
            {give}
        </section>
    }
}
