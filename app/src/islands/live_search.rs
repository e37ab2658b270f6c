//! The search field with suggestions as one types. Without JavaScript the form's button does the same on a page.

use std::time::Duration;

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};

use crate::calls::{Found, find_people};

/// Pauses shorter than this are typing.
const PAUSE: Duration = Duration::from_millis(180);

/// A search field; the form around it, its label and its button are the page's.
#[island]
pub fn LiveSearch(words: String) -> impl IntoView {
    let typed = RwSignal::new(words.clone());
    let found = RwSignal::new(Vec::<Found>::new());
    let search = Action::new(|words: &String| find_people(words.clone()));
    Effect::new(move |_| {
        if let Some(Ok(people)) = search.value().get() {
            found.set(people);
        }
    });
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
            let later = set_timeout_with_handle(
                move || {
                    search.dispatch(words);
                },
                PAUSE,
            );
            *timer = later.ok();
        });
    };
    view! {
        <div class="app-search__field">
        <input class="nhsuk-input" id="words" name="words" type="search" autocomplete="off" value=words aria-describedby="words-hint" on:input=on_input/>
        <div class="app-search__suggestions" role="status">
            <Show when=move || !found.read().is_empty()>
                <ul class="app-search__list">
                    <For each=move || found.get() key=|person| person.path.clone() let:person>
                        <li class="app-search__suggestion">
                            <a href=person.path>{person.name}</a>
                            " "
                            <span class="app-search__detail">{person.detail}</span>
                        </li>
                    </For>
                </ul>
            </Show>
        </div>
        </div>
    }
}
