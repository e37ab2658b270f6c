//! What happened, newest first: in sentences, with before → after, who, how and when.

use domain::{
    channel::Channel,
    event::{AccountFact, ContactFact, Event, Fact},
    life::Turn,
    organisation::{OrganisationCode, Site},
};
use gate::{Names, UndidWhat, Undos};
use leptos::prelude::*;

use crate::{
    components::changes::{BeforeAfter, BeforeAfters, Changes, Given},
    routes, words,
};

/// A history. `about` names the people of a history that is about many, and `place` the organisation whose history it is;
/// sites are told by name, as far as they are known; `undos` says what the undos in it did.
#[component]
pub fn Timeline(
    events: Vec<Event>,
    #[prop(optional)] about: Option<Names>,
    #[prop(optional)] place: Option<OrganisationCode>,
    #[prop(optional)] sites: Vec<Site>,
    #[prop(optional)] undos: Undos,
) -> impl IntoView {
    let entry = |event: Event| {
        let whom = about.as_ref().and_then(|names| whom(&event, names));
        let what = match &place {
            Some(place) => event.fact.sentence_in(place, words::day),
            None => event.fact.sentence(words::day),
        };
        view! {
            <li class="app-timeline__item">
                <p class="app-timeline__what app-break">{whom} {what}</p>
                <p class="app-timeline__when">
                    {by(&event, &undos)} {way(&event, &undos)} ", "
                    <time datetime=words::machine_moment(event.at)>{words::moment(event.at)}</time>
                </p>
                <div class="app-timeline__detail">{detail(event.fact, &sites)}</div>
            </li>
        }
    };
    view! { <ol class="app-timeline">{events.into_iter().map(entry).collect_view()}</ol> }
}

/// Whom an event is about, with the way to them while they are here; none where it is about no person.
fn whom(event: &Event, names: &Names) -> Option<AnyView> {
    let id = event.fact.person()?;
    let Some(named) = names.get(&id) else {
        return Some("A person who is no longer here: ".into_any());
    };
    let href = match named.is_contact {
        true => routes::contact(&id),
        false => routes::account(&id),
    };
    Some(view! { <a href=href>{named.name.clone()}</a> ": " }.into_any())
}

/// Who, and through which channel where no link says so.
fn by(event: &Event, undos: &Undos) -> String {
    match (event.channel, undos.get(&event.submission)) {
        (Channel::System, _) => "By Staffbook, automatically".to_owned(),
        (Channel::Portal, _) => format!("By {}", event.actor_name),
        (Channel::Undo, Some(undid)) => format!("By {}, {}", event.actor_name, undid.name()),
        (channel, _) => format!("By {}, {}", event.actor_name, channel.name()),
    }
}

/// The way to what was asked for and confirmed, where somebody did that.
fn way(event: &Event, undos: &Undos) -> Option<impl IntoView + use<>> {
    if !event.channel.waits_for_confirmation() || is_own_doing(&event.fact) {
        return None;
    }
    // What others asked by a form one may not always look at; a link might lead nowhere.
    let visitor = use_context::<crate::visitor::Visitor>();
    let manages_organisations = visitor.as_ref().is_some_and(|visitor| visitor.sees.organisations);
    let viewer = visitor.and_then(|visitor| visitor.actor?.account());
    if event.channel == Channel::Organisations && !manages_organisations {
        return None;
    }
    if event.channel == Channel::Portal {
        let words = "on a form";
        let own = event.actor.is_some() && viewer == event.actor;
        return Some(match own {
            true => view! { ", " <a href=routes::submission(&event.submission)>{words}</a> }.into_any(),
            false => view! { ", " {words} }.into_any(),
        });
    }
    let is_of_file = undos
        .get(&event.submission)
        .is_none_or(|undid| undid.what != UndidWhat::Act);
    let words = match is_of_file {
        true => format!("row {} of {}", event.row, event.submission),
        false => event.submission.to_string(),
    };
    let href = routes::submission(&event.submission);
    Some(view! { ", " <a href=href>{words}</a> }.into_any())
}

/// What people do by signing in and choosing a password: nobody was asked to confirm it.
const fn is_own_doing(fact: &Fact) -> bool {
    matches!(
        fact.of_account(),
        Some(
            AccountFact::PasswordChosen
                | AccountFact::Turned {
                    turn: Turn::Activate | Turn::Wake,
                    ..
                }
        )
    )
}

/// What a change touched: before → after, or what a new person was given.
pub fn detail(fact: Fact, sites: &[Site]) -> AnyView {
    match fact {
        Fact::Account(_, _, AccountFact::Created { attributes, .. })
        | Fact::Contact(_, _, ContactFact::Created { attributes }) => {
            let values: Vec<_> = attributes
                .iter()
                .map(|(attribute, value)| (attribute, value.clone()))
                .collect();
            if values.is_empty() {
                return ().into_any();
            }
            view! {
                <details class="nhsuk-details">
                    <summary class="nhsuk-details__summary"><span class="nhsuk-details__summary-text">"With these details"</span></summary>
                    <div class="nhsuk-details__text"><Given values sites=sites.to_vec()/></div>
                </details>
            }
            .into_any()
        }
        Fact::Account(_, _, AccountFact::LeavingPlanned { before, after }) => {
            let line = BeforeAfter {
                what: "Leaving date",
                before: before.map(words::day),
                after: after.map(words::day),
            };
            view! { <BeforeAfters lines=vec![line]/> }.into_any()
        }
        Fact::Account(_, _, AccountFact::StartPlanned { before, after }) => {
            let line = BeforeAfter {
                what: "First day",
                before: before.map(words::day),
                after: after.map(words::day),
            };
            view! { <BeforeAfters lines=vec![line]/> }.into_any()
        }
        fact if fact.changes().is_empty() => ().into_any(),
        fact => view! { <Changes changes=fact.changes().to_vec() sites=sites.to_vec()/> }.into_any(),
    }
}
