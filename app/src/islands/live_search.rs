//! The search field with suggestions as one types. Without JavaScript the form's button does the same on a page.

use std::time::Duration;

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};

use crate::calls::{Found, SUGGESTED, find_people};

/// Pauses shorter than this are typing.
const PAUSE: Duration = Duration::from_millis(180);

/// A search field; the form around it, its label and its button are the page's.
#[island]
pub fn LiveSearch(words: String) -> impl IntoView {
    let typed = RwSignal::new(words.clone());
    // None while nothing is asked for.
    let found = RwSignal::new(None::<Vec<Found>>);
    let search = move |words: String| {
        spawn_local(async move {
            let people = find_people(words.clone()).await;
            // An answer may come when other words have been typed since.
            if let Ok(people) = people
                && typed.with_untracked(|typed| *typed == words)
            {
                found.set(Some(people));
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
                found.set(None);
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
        let people = found.get().filter(|people| !people.is_empty());
        people.map(|people| {
            let people: Vec<_> = people.into_iter().map(suggestion).collect();
            view! { <ul class="app-search__list">{people}</ul> }
        })
    };
    let count = move || found.with(|found| found.as_ref().map(|people| counted(people.len())));
    view! {
        <div class="app-search__field">
        <input class="nhsuk-input" id="words" name="words" type="search" autocomplete="off" spellcheck="false" value=words aria-describedby="words-hint" on:input=on_input/>
        <div class="app-search__suggestions">
            {suggestions}
        </div>
        <p class="nhsuk-u-visually-hidden" role="status">{count}</p>
        </div>
    }
}

/// How many are suggested, for those who do not see them come.
fn counted(many: usize) -> String {
    match many {
        0 => "No people found".to_owned(),
        1 => "1 person found".to_owned(),
        many if many < SUGGESTED => format!("{many} people found"),
        many => format!("The first {many} people found"),
    }
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn suggestions_are_counted_as_far_as_the_list_goes() {
        assert_eq!(counted(0), "No people found");
        assert_eq!(counted(1), "1 person found");
        assert_eq!(counted(3), "3 people found");
        assert_eq!(counted(8), "The first 8 people found");
    }
}
