//! The header: the product's name, the ways through it, who is signed in.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::{routes, visitor::Visitor};

/// Without a name nobody is signed in, and only the product's name is shown.
#[component]
pub fn Header(name: Option<String>) -> impl IntoView {
    let visitor = use_context::<Visitor>();
    let development = visitor.as_ref().is_some_and(|visitor| visitor.development);
    let must_choose = visitor.is_some_and(|visitor| visitor.sees.must_choose);
    view! {
        <header class="app-header">
            <div class="app-header__inner nhsuk-width-container">
                <a class="app-header__name" href=routes::HOME>"Staffbook"</a>
                {name.map(|name| view! { {(!must_choose).then(|| view! { <Ways/> })} <AccountMenu name must_choose/> })}
            </div>
            {development.then(|| view! {
                <div class="app-notice"><div class="nhsuk-width-container">"Demonstration: everybody in it is made up."</div></div>
            })}
        </header>
    }
}

/// What the pages about people begin with.
const OF_PEOPLE: [&str; 5] = ["/people", "/accounts", "/contacts", "/joiners", routes::PROPOSALS];

/// What the pages about organisations and customers begin with.
const OF_ORGANISATIONS: [&str; 4] = [
    "/organisation",
    routes::CUSTOMERS,
    routes::SUBSCRIPTIONS,
    routes::CHANGE_FILES,
];

#[component]
fn Ways() -> impl IntoView {
    let here = use_location().pathname.get_untracked();
    let sees = use_context::<Visitor>().map(|visitor| visitor.sees).unwrap_or_default();
    let ways = [
        (true, "Home", routes::HOME),
        (sees.uploads, "Uploads", routes::UPLOADS),
        (sees.people, "People", routes::PEOPLE),
        (sees.offers.is_some(), "Offers", routes::OFFERS),
        (sees.organisations, "Organisations", routes::ORGANISATIONS),
        (sees.administrators, "Administrators", routes::ADMINISTRATORS),
        (true, "Directory", routes::DIRECTORY),
        (sees.audit, "Audit log", routes::AUDIT),
    ];
    let open = ways
        .into_iter()
        .filter(|(open, ..)| *open)
        .map(|(_, label, path)| (label, path));
    let current = move |path: &str| match path {
        routes::HOME => here == routes::HOME,
        routes::UPLOADS => here.starts_with(routes::UPLOADS),
        routes::OFFERS => here.starts_with(routes::OFFERS),
        routes::DIRECTORY => here.starts_with(routes::DIRECTORY),
        routes::AUDIT => here.starts_with(routes::AUDIT),
        routes::ADMINISTRATORS => [routes::ADMINISTRATORS, routes::CONNECTORS, routes::TOKENS]
            .iter()
            .any(|start| here.starts_with(start)),
        routes::ORGANISATIONS => OF_ORGANISATIONS.iter().any(|start| here.starts_with(start)),
        // Where organisations are no page of their own, their histories and seats belong to people.
        _ => {
            let is_of_people = OF_PEOPLE.iter().any(|start| here.starts_with(start));
            is_of_people || (!sees.organisations && OF_ORGANISATIONS.iter().any(|start| here.starts_with(start)))
        }
    };
    let waiting = sees.offers.filter(|waiting| *waiting > 0);
    let item = move |(label, path): (&'static str, &'static str)| {
        let count = waiting.filter(|_| path == routes::OFFERS).map(|waiting| {
            view! {
                " " <span class="app-header__count">{waiting.to_string()}</span>
                <span class="nhsuk-u-visually-hidden">" waiting"</span>
            }
        });
        view! {
            <li class="app-header__item">
                <a class="app-header__link" href=path aria-current=current(path).then_some("page")>{label} {count}</a>
            </li>
        }
    };
    view! {
        <button class="app-header__menu" type="button" popovertarget="menu">"Menu"</button>
        <nav class="app-header__nav" id="menu" popover aria-label="Main">
            <ul class="app-header__list">{open.map(item).collect_view()}</ul>
        </nav>
    }
}

#[component]
fn AccountMenu(name: String, must_choose: bool) -> impl IntoView {
    let own = (!must_choose).then(|| view! { <p><a href=routes::OWN>"Your record"</a></p> });
    view! {
        <details class="app-header__account">
            <summary class="app-header__account-name"><span class="app-header__account-text">{name.clone()}</span></summary>
            <div class="app-header__account-panel">
                <p>"You are signed in as " <strong>{name}</strong> "."</p>
                {own}
                <form method="post" action=routes::SIGN_OUT>
                    <button class="nhsuk-button nhsuk-button--secondary nhsuk-button--small">"Sign out"</button>
                </form>
            </div>
        </details>
    }
}
