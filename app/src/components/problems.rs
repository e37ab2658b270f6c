//! Problems, each at its place, with what to do.

use domain::{
    account::AccountStatus,
    layout::Layout,
    problem::{Audience, Kind, Problem},
};
use leptos::prelude::*;

use crate::routes;

/// All of a row's, or a file's; `bare` leaves their places out, where there is no file to have them.
#[component]
pub fn Problems(
    problems: Vec<Problem>,
    layout: Layout,
    #[prop(optional)] warning: bool,
    #[prop(optional)] bare: bool,
    /// Leaves the hints out, where the page itself says what to do.
    #[prop(optional)]
    unhinted: bool,
    /// Who can do what the hints say.
    #[prop(optional)]
    audience: Audience,
) -> impl IntoView {
    let item = move |problem: Problem| {
        let place = problem.place.name(&layout);
        let heading = problem
            .place
            .attribute()
            .map(|attribute| layout.heading(attribute).unwrap_or(attribute.name()).to_owned());
        let place = heading.map_or(place.clone(), |heading| format!("{place}, {heading}:"));
        let way = (audience == Audience::Portal && is_mended_by_taking_in(&problem.kind))
            .then(|| view! { " " <a href=routes::NEW_JOINER>"Take in a leaver"</a> });
        view! {
            <li class="app-problems__item" class=("app-problems__item--warning", warning)>
                {(!bare).then(|| view! { <span class="app-problems__place">{place}</span> " " })}
                <span class="app-problems__message">{problem.message_for(audience)}</span>
                {(!unhinted).then(|| view! { " " <span class="app-problems__hint">{problem.hint(audience)}</span> })}
                {way}
            </li>
        }
    };
    view! { <ul class="app-problems">{problems.into_iter().map(item).collect_view()}</ul> }
}

/// Whether the person may have to be taken in from another organisation.
const fn is_mended_by_taking_in(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::AddressElsewhere
            | Kind::NotTakingChanges {
                status: AccountStatus::Leaver,
                ..
            }
    )
}
