//! The search field with suggestions as one types. Without JavaScript the form's button does the same on a page.

use std::time::Duration;

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};

use crate::calls::{Found, find_people};

/// Pauses shorter than this are typing.
const PAUSE: Duration = Duration::from_millis(180);

/// A search field; the form around it, its label and its button are the page's.
#[island]
pub fn LiveSearch(words: String) -> impl IntoView {
    let typed = RwSignal::new(words.clone());
    let found = RwSignal::new(Vec::<Found>::new());
    let search = move |words: String| {
        spawn_local(async move {
            let people = find_people(words.clone()).await;
            // An answer may come when other words have been typed since.
            if let Ok(people) = people
                && typed.with_untracked(|typed| *typed == words)
            {
                found.set(people);
            }
        });
    };
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let on_input = move |event| {
        let words = event_target_value(&event);
        typed.set(words.clone());
        timer.update_value(|timer| {
            if let Some(earlier) = timer.take() {
                earlier.clear();
            }
            if words.trim().len() < 2 {
                found.set(Vec::new());
                return;
            }
            *timer = set_timeout_with_handle(move || search(words), PAUSE).ok();
        });
    };
    let suggestion = |person: Found| {
        view! {
            <li class="app-search__suggestion">
                <a href=person.path>{person.name}</a>
                " "
                <span class="app-search__detail">{person.detail}</span>
            </li>
        }
    };
    let suggestions = move || {
        let people = found.get();
        (!people.is_empty()).then(|| {
            let people: Vec<_> = people.into_iter().map(suggestion).collect();
            view! { <ul class="app-search__list">{people}</ul> }
        })
    };
    view! {
        <div class="app-search__field">
        <input class="nhsuk-input" id="words" name="words" type="search" autocomplete="off" value=words aria-describedby="words-hint" on:input=on_input/>
        <div class="app-search__suggestions" role="status">
            {suggestions}
        </div>
        </div>
    }
}
