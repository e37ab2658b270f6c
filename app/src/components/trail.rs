//! Entries of the audit log: what happened, before → after, by whom, when, and by what right.

use domain::{
    policy::Right,
    trail::{Entry, Told},
    values::ids::AccountId,
};
use gate::TrailPage;
use leptos::prelude::*;

use crate::{components::timeline, routes, words};

/// A page of entries, newest first.
#[component]
pub fn TrailEntries(page: TrailPage) -> impl IntoView {
    let TrailPage {
        entries,
        names,
        places,
        submissions,
    } = page;
    // Of contacts, too: names are kept by the bare ID.
    let person = |id: AccountId| {
        let named = names.get(&id.0)?;
        let href = match named.is_contact {
            true => routes::contact(&id),
            false => routes::account(&id),
        };
        Some(view! { <a href=href>{named.name.clone()}</a> }.into_any())
    };
    let right = |right: &Right| match right {
        Right::Own => "the owner of the account".to_owned(),
        Right::Service => "Staffbook itself".to_owned(),
        Right::Role {
            role,
            organisation,
            unit,
        } => match places.get(organisation) {
            Some(place) => words::held(*role, place, unit.as_ref()),
            None => format!("{} of {organisation}", role.name()),
        },
    };
    let item = |entry: Entry| {
        let whom = entry.person.map(|id| match person(AccountId(id)) {
            Some(named) => view! { {named} ": " }.into_any(),
            None => "A person you cannot see: ".into_any(),
        });
        let by = match entry.actor.and_then(person) {
            Some(named) => view! { "By " {named} }.into_any(),
            None if entry.actor_name.is_empty() => "By an unknown person".into_any(),
            None => format!("By {}", entry.actor_name).into_any(),
        };
        let came = match &entry.told {
            Told::Change(event) => {
                let reference = event.submission.to_string();
                let reference = match submissions.contains(&event.submission) {
                    true => view! { <a href=routes::submission(&event.submission)>{reference}</a> }.into_any(),
                    false => reference.into_any(),
                };
                let channel = format!("Channel: {}. Reference: ", event.channel.name());
                let came = view! { <p class="app-timeline__when">{channel} {reference}</p> };
                Some(came)
            }
            Told::Happening(_) | Told::Nothing => None,
        };
        let place = entry.organisation.as_ref().map(|code| match places.get(code) {
            Some(place) => format!(", {} ({code})", place.name),
            None => format!(", {code}"),
        });
        let rights: Vec<_> = entry.rights.iter().map(right).collect();
        let by_right = (!rights.is_empty())
            .then(|| view! { <p class="app-timeline__when">{format!("Acting as: {}", rights.join("; "))}</p> });
        let sentence = entry.sentence(words::day);
        let detail = match entry.told {
            Told::Change(event) => timeline::detail(event.fact, &[]),
            Told::Happening(_) | Told::Nothing => ().into_any(),
        };
        view! {
            <li class="app-timeline__item" id=format!("entry-{}", entry.number)>
                <p class="app-timeline__what app-break">{whom} {sentence}</p>
                <p class="app-timeline__when">
                    {by}{place}", "
                    <time datetime=words::machine_moment(entry.at)>{words::moment(entry.at)}</time>
                    ", entry " {entry.number.to_string()}
                </p>
                {came}
                {by_right}
                <div class="app-timeline__detail">{detail}</div>
            </li>
        }
    };
    view! { <ol class="app-timeline">{entries.into_iter().map(item).collect_view()}</ol> }
}
