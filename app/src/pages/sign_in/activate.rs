//! Activating an account by a code that somebody was told or given on paper, in place of a link.

use domain::values::spoken_code::MOST_TRIES;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::{
        error_summary::ErrorSummary,
        field::{Keys, TextField},
    },
    forms::FormState,
    routes,
};

/// The form; what comes of a right code is the page to choose a password.
#[component]
pub fn ActivatePage() -> impl IntoView {
    let form = use_context::<FormState>().unwrap_or_default();
    let hint = format!(
        "9 digits, such as 123 456 789. A code works for one day and stops working after {MOST_TRIES} wrong attempts."
    );
    let title = if form.is_sound() {
        "Activate your account"
    } else {
        "Error: Activate your account"
    };
    view! {
        <Title text=title/>
        <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
            <ErrorSummary form=form.clone()/>
            <h1>"Activate your account"</h1>
            <p class="nhsuk-lede-text">"If you were given a code on paper or on the telephone, enter it here. Then you choose a password."</p>
            <form class="app-sheet" method="post" action=routes::ACTIVATE novalidate>
                <TextField
                    field="address"
                    label="Email address"
                    hint="Your new work email address, which came with your code. Not a private one."
                    keys=Keys::OwnAddress
                    form=form.clone()
                />
                <TextField field="code" label="Code" hint keys=Keys::OnceDigits width="nhsuk-input--width-10" form/>
                <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Continue"</button>
            </form>
            <p>"If your code no longer works, ask the person who gave it to you for a new one."</p>
            <p><a href=routes::SIGN_IN>"Back to sign in"</a></p>
        </div></div>
    }
}
