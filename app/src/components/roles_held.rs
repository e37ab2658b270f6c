//! The roles that somebody holds, on their account's page.

use domain::{grant::Terms, values::ids::AccountId};
use gate::{Administration, ListedGrant};
use leptos::prelude::*;

use crate::{components::actions, routes, words};

/// The roles, each leading to its own page where the visitor sees it; and the way to give another.
#[component]
pub fn RolesHeld(roles: Administration, account: AccountId, may_give: bool) -> impl IntoView {
    let line = |listed: &ListedGrant| {
        let held = &listed.granted.held;
        let place = roles.organisations.iter().find(|place| place.code == held.organisation);
        let what = match place {
            Some(place) => words::held(held.role, place, held.unit.as_ref()),
            None => format!("{} of {}", held.role.name(), held.organisation),
        };
        let when = when(&held.terms).map(|when| format!(", {when}"));
        let revoke = listed.may_revoke.then(|| {
            view! {
                " " <a href=routes::grant(&held.grant)>"Revoke" <span class="nhsuk-u-visually-hidden">" " {what.clone()}</span></a>
            }
        });
        view! { <li>{what.clone()} {when} {revoke}</li> }
    };
    let lines: Vec<_> = roles.grants.iter().map(line).collect();
    let is_empty = lines.is_empty();
    let give = may_give.then(|| {
        let form = routes::with_query(routes::NEW_GRANT, &[("account", &account.to_string())]);
        actions::link("Give a role", form)
    });
    view! {
        <section>
            <h2>"Roles"</h2>
            {is_empty.then(|| view! { <p>"No role here."</p> })}
            <ul class="nhsuk-list">{lines}</ul>
            {give}
        </section>
    }
}

/// From when until when a role is held; none where it simply is.
#[must_use]
pub fn when(terms: &Terms) -> Option<String> {
    match (terms.from.map(words::day), terms.last_moment().map(words::day)) {
        (None, None) => None,
        (Some(from), None) => Some(format!("from {from}")),
        (None, Some(until)) => Some(format!("until {until}")),
        (Some(from), Some(until)) => Some(format!("from {from} until {until}")),
    }
}
