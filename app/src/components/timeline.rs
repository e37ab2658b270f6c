//! What happened, newest first: in sentences, with before → after, who, how and when.

use domain::event::{Event, Fact};
use leptos::prelude::*;

use crate::{
    components::changes::{Changes, Given},
    routes, words,
};

/// A history.
#[component]
pub fn Timeline(events: Vec<Event>) -> impl IntoView {
    let entry = |event: Event| {
        let by = format!("By {}, {}", event.actor_name, event.channel.name());
        let upload = event.channel.waits_for_confirmation().then(|| view! {
            ", " <a href=routes::submission(&event.submission)>"row " {event.row.to_string()} " of " {event.submission.to_string()}</a>
        });
        view! {
            <li class="app-timeline__item">
                <p class="app-timeline__what">{event.fact.sentence()}</p>
                <p class="app-timeline__when">
                    {by} {upload} ", "
                    <time datetime=words::machine_moment(event.at)>{words::moment(event.at)}</time>
                </p>
                <div class="app-timeline__detail">{detail(event.fact)}</div>
            </li>
        }
    };
    view! { <ol class="app-timeline">{events.into_iter().map(entry).collect_view()}</ol> }
}

fn detail(fact: Fact) -> AnyView {
    match fact {
        Fact::AccountCreated { attributes, .. } | Fact::ContactCreated { attributes, .. } => {
            let values = attributes
                .iter()
                .map(|(attribute, value)| (attribute, value.clone()))
                .collect();
            view! {
                <details class="nhsuk-details">
                    <summary class="nhsuk-details__summary"><span class="nhsuk-details__summary-text">"With these details"</span></summary>
                    <div class="nhsuk-details__text"><Given values/></div>
                </details>
            }.into_any()
        }
        Fact::LeavingPlanned { before, after, .. } => {
            let said = |at: Option<domain::ids::Timestamp>| at.map_or_else(|| "none".to_owned(), words::day);
            view! { <p>{said(before)} " → " {said(after)}</p> }.into_any()
        }
        fact if fact.changes().is_empty() => ().into_any(),
        fact => view! { <Changes changes=fact.changes().to_vec()/> }.into_any(),
    }
}
