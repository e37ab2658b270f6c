//! Who holds which role: the list, one grant with the way to revoke it, and the form that gives one.

mod grant;
mod new;

use domain::{
    organisation::{Organisation, OrganisationCode},
    policy::Role,
    values::ids::GrantId,
};
use gate::{ListedGrant, WhichGrants};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

pub use self::{grant::GrantPage, new::NewGrantPage};
use crate::{
    components::{
        actions,
        pagination::Pagination,
        printed_filters::PrintedFilters,
        roles_held::when,
        table::{Column, Row, Table},
        tags,
        unknown_filters::{UnknownFilters, UnknownNote},
    },
    pages::asked,
    routes,
    visitor::{Sees, Visitor},
    words,
};

/// The list, organisation by organisation.
#[component]
pub fn AdministratorsPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let sees = visitor.sees;
    let query = use_query_map().get_untracked();
    let given = |name| query.get_str(name).unwrap_or_default().trim().to_owned();
    let mut unknown = UnknownFilters::default();
    let (role, place) = (unknown.read(&given("role"), Role::from_slug), given("organisation"));
    let which = WhichGrants {
        role,
        organisation: Some(place.to_ascii_uppercase()).filter(|code| !code.is_empty()),
        after: given("after").parse().ok().map(GrantId),
        ..WhichGrants::default()
    };
    let address = move |place: &str, after: &str| {
        let role = role.map_or("", Role::slug);
        routes::with_query(
            routes::ADMINISTRATORS,
            &[("role", role), ("organisation", place), ("after", after)],
        )
    };
    asked(async move {
        let first = which.after.map(|_| address(&place, ""));
        let visit = visitor.visit()?;
        let proposals = visit.abilities().await?.decides_proposals;
        let found = visit.administrators(which).await?;
        let last = found.grants.last().filter(|_| found.more);
        let next = last.map(|last| address(&place, &last.granted.held.grant.to_string()));
        let may_grant = !found.may_grant.is_empty();
        let give = may_grant.then(|| actions::link("Give a role", routes::NEW_GRANT.to_owned()));
        let connectors = view! { <OfConnectors tokens=found.may_grant.contains(&Role::Connector) proposals sees/> };
        let reading = (!may_grant)
            .then(|| view! { <p>"A Primary Local Administrator gives and revokes roles; you see who holds them."</p> });
        let filters = role.map(|role| role.name().to_owned());
        let filters = filters
            .into_iter()
            .chain(Some(place.clone()).filter(|place| !place.is_empty()));
        let filters = filters.collect();
        let found_none = found.grants.is_empty();
        let list = if found_none {
            let none = match role {
                Some(role) => format!("Nobody is {} here.", role.name()),
                None => "Nobody holds a role here.".to_owned(),
            };
            let none = match place.is_empty() || OrganisationCode::parse(&place).is_ok() {
                true => none,
                false => {
                    format!(
                        "“{place}” is not an organisation’s code. A code has letters and digits only, such as RIV01."
                    )
                }
            };
            view! { <div class="nhsuk-inset-text"><p>{none}</p></div> }.into_any()
        } else {
            by_organisation(found.grants, &found.organisations)
        };
        let above = (!place.is_empty() && !found_none)
            .then(|| view! { <p>"Roles over organisations above it are listed too, because they reach it."</p> });
        Ok(view! {
            <Title text="Administrators"/>
            <h1>"Administrators"</h1>
            <p>"Everybody who has a role in the organisations and units you manage. A role reaches the organisations below, too."</p>
            {reading}
            {give}
            {connectors}
            <Filter role place/>
            <PrintedFilters filters=filters/>
            <UnknownNote filters=unknown/>
            {above}
            {list}
            <Pagination first next/>
        })
    })
}

/// The ways to what connectors send and propose, as far as they are the visitor's.
#[component]
fn OfConnectors(
    /// Whether the visitor gives that role, and so sees their tokens.
    tokens: bool,
    /// Whether the visitor decides on what they propose.
    proposals: bool,
    sees: Sees,
) -> impl IntoView {
    let ways = [
        (tokens, "API tokens of connectors", routes::TOKENS),
        (proposals, "Proposals of connectors", routes::PROPOSALS),
        // Who manages all organisations runs the portal.
        (sees.organisations, "Files by email", routes::EMAIL),
    ];
    let open = ways.into_iter().filter(|(open, ..)| *open);
    let links = open.map(|(_, label, path)| view! { <li><a href=path>{label}</a></li> });
    view! { <ul class="nhsuk-list app-screen">{links.collect_view()}</ul> }
}

#[component]
fn Filter(role: Option<Role>, place: String) -> impl IntoView {
    let choice = |(value, label): (&'static str, &'static str)| {
        let chosen = role.map_or("", Role::slug) == value;
        view! { <option value=value selected=chosen>{label}</option> }
    };
    let roles = Role::ALL.map(|role| (role.slug(), role.name()));
    let choices = std::iter::once(("", "All roles"))
        .chain(roles)
        .map(choice)
        .collect_view();
    view! {
        <form class="app-search" method="get" action=routes::ADMINISTRATORS>
            <div class="app-search__filters">
                <div class="nhsuk-form-group">
                    <label class="nhsuk-label" for="role">"Role"</label>
                    <select class="nhsuk-select" id="role" name="role">{choices}</select>
                </div>
                <div class="nhsuk-form-group">
                    <label class="nhsuk-label" for="organisation">"Organisation’s code"</label>
                    <input class="nhsuk-input nhsuk-input--width-10" id="organisation" name="organisation" type="text" autocomplete="off" autocapitalize="characters" spellcheck="false" value=place/>
                </div>
            </div>
            <button class="nhsuk-button nhsuk-button--small nhsuk-u-margin-top-4">"Show"</button>
        </form>
    }
}

/// A table for each organisation.
fn by_organisation(grants: Vec<ListedGrant>, organisations: &[Organisation]) -> AnyView {
    let tables = grants
        .chunk_by(|one, next| one.granted.held.organisation == next.granted.held.organisation)
        .map(|of_one| {
            let code = &of_one[0].granted.held.organisation;
            let place = organisations.iter().find(|place| place.code == *code);
            let heading = place.map_or_else(|| code.to_string(), |place| format!("{} ({code})", place.name));
            let rows = of_one.iter().map(|listed| row(listed, organisations)).collect();
            let columns = vec![
                Column::Named("Name"),
                Column::Named("Role"),
                Column::Named("For"),
                Column::Named("Given"),
                Column::Named("Reason"),
                Column::Acts("Open"),
            ];
            view! {
                <section>
                    <h2 class="nhsuk-heading-m">{heading.clone()}</h2>
                    <Table caption=heading columns rows/>
                </section>
            }
        })
        .collect_view();
    tables.into_any()
}

fn row(listed: &ListedGrant, organisations: &[Organisation]) -> Row {
    let (held, holder) = (&listed.granted.held, &listed.granted.holder);
    let name = holder.full_name();
    let elsewhere = (holder.organisation != held.organisation).then(|| {
        let home = organisations.iter().find(|place| place.code == holder.organisation);
        let home = home.map_or_else(|| holder.organisation.to_string(), |home| home.name.clone());
        view! { <br/> <span class="app-people__note">{home}</span> }
    });
    let status =
        (holder.status != domain::account::AccountStatus::Active).then(|| view! { " " {tags::status(holder.status)} });
    let who = match listed.sees_holder {
        true => view! { <a class="app-people__name" href=routes::account(&holder.id)>{name.clone()}</a> }.into_any(),
        false => view! { <span class="app-people__name">{name.clone()}</span> }.into_any(),
    };
    let role = match held.role {
        Role::Connector => {
            view! { <a href=routes::connector(&holder.id)>{held.role.name()}</a> <br/> {words::sends(&held.terms)} }
                .into_any()
        }
        role => role.name().into_any(),
    };
    let over = held
        .unit
        .as_ref()
        .map_or_else(|| "All of it".to_owned(), ToString::to_string);
    let given = match (listed.granted.at, &listed.granted.by) {
        (Some(at), Some(by)) => format!("{}, by {by}", words::day(at)),
        _ => "Not known".to_owned(),
    };
    let dates = when(&held.terms).map(|when| view! { <br/> {when} });
    let reason = match held.terms.reason.clone() {
        reason if reason.is_empty() => ().into_any(),
        reason => view! { <span class="app-break">{reason}</span> }.into_any(),
    };
    let label = if listed.may_revoke { "Revoke" } else { "Open" };
    let hidden = format!(" {}, {}", held.role.name(), name);
    let open =
        view! { <a href=routes::grant(&held.grant)>{label} <span class="nhsuk-u-visually-hidden">{hidden}</span></a> };
    vec![
        view! { {who} {status} {elsewhere} }.into_any(),
        role,
        over.into_any(),
        view! { {given} {dates} }.into_any(),
        reason,
        open.into_any(),
    ]
}
