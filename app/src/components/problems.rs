//! Problems, each at its place, with what to do.

use domain::{layout::Layout, problem::Problem};
use leptos::prelude::*;

/// All of a row's, or a file's; `bare` leaves their places out, where there is no file to have them.
#[component]
pub fn Problems(
    problems: Vec<Problem>,
    layout: Layout,
    #[prop(optional)] warning: bool,
    #[prop(optional)] bare: bool,
) -> impl IntoView {
    let item = move |problem: Problem| {
        let place = problem.place.name(&layout);
        let heading = problem
            .place
            .attribute()
            .map(|attribute| layout.heading(attribute).unwrap_or(attribute.name()).to_owned());
        let place = heading.map_or(place.clone(), |heading| format!("{place}, {heading}:"));
        view! {
            <li class="app-problems__item" class=("app-problems__item--warning", warning)>
                {(!bare).then(|| view! { <span class="app-problems__place">{place}</span> " " })}
                <span class="app-problems__message">{problem.message()}</span>
                " "
                <span class="app-problems__hint">{problem.hint()}</span>
            </li>
        }
    };
    view! { <ul class="app-problems">{problems.into_iter().map(item).collect_view()}</ul> }
}
