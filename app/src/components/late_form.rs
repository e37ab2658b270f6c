//! What is told above a form that came when its sender was no longer signed in.

use leptos::prelude::*;

use crate::forms::fields::LeftOut;

/// That nothing has been saved, and what must be given once more.
#[component]
pub fn LateForm(left_out: LeftOut) -> impl IntoView {
    let again = match left_out {
        LeftOut::Nothing => None,
        LeftOut::Secret => Some("Passwords and codes are not kept. Enter them again."),
        LeftOut::File => Some("Choose the file again."),
    };
    view! {
        <section class="nhsuk-inset-text" aria-label="You were signed out">
            <p>
                <strong>"You were signed out. Nothing has been saved yet."</strong>
                " Check what is below, then press the button again."
            </p>
            {again.map(|again| view! { <p>{again}</p> })}
        </section>
    }
}
