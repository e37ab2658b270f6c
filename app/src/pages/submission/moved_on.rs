//! What is said where somebody pressed a button on a page that was no longer true.

use leptos::prelude::*;

use super::shown::Shown;

/// What was pressed on a page that was no longer true was not done.
#[component]
pub(super) fn MovedOn(shown: Shown, is_over: bool) -> impl IntoView {
    let said = match is_over {
        false => "This changed after you opened it, so what you chose was not done. Check it again before you decide.",
        true => {
            "This was decided before you pressed that button, here or in another window. What you chose was not done."
        }
    };
    shown
        .moved
        .then(|| view! { <div class="nhsuk-inset-text"><p>{said}</p></div> })
}
