//! Activating an account by a code that somebody was told or given on paper, in place of a link.

use domain::spoken_code::MOST_TRIES;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::error_summary::{ErrorSummary, FieldError},
    forms::FormState,
    routes,
};

/// The form; what comes of a right code is the page to choose a password.
#[component]
pub fn ActivatePage() -> impl IntoView {
    let form = use_context::<FormState>().unwrap_or_default();
    let wrong = |field: &str| form.problem_of(field).is_some();
    let (wrong_address, wrong_code) = (wrong("address"), wrong("code"));
    let described = |field: &str, wrong: bool| match wrong {
        true => format!("{field}-hint {field}-error"),
        false => format!("{field}-hint"),
    };
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
                <div class="nhsuk-form-group" class=("nhsuk-form-group--error", wrong_address)>
                    <label class="nhsuk-label" for="address">"Email address"</label>
                    <div class="nhsuk-hint" id="address-hint">"The new one that came with your code, not a private one."</div>
                    <FieldError field="address" form=form.clone()/>
                    <input class="nhsuk-input" class=("nhsuk-input--error", wrong_address) id="address" name="address" type="email" autocomplete="username" spellcheck="false" value=form.value_of("address") aria-describedby=described("address", wrong_address)/>
                </div>
                <div class="nhsuk-form-group" class=("nhsuk-form-group--error", wrong_code)>
                    <label class="nhsuk-label" for="code">"Code"</label>
                    <div class="nhsuk-hint" id="code-hint">"9 digits, such as 123 456 789. A code works for one day and stops working after " {MOST_TRIES.to_string()} " wrong attempts."</div>
                    <FieldError field="code" form/>
                    <input class="nhsuk-input nhsuk-input--width-10" class=("nhsuk-input--error", wrong_code) id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" spellcheck="false" aria-describedby=described("code", wrong_code)/>
                </div>
                <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Continue"</button>
            </form>
            <p>"If your code no longer works, ask whoever gave it to you for a new one."</p>
            <p><a href=routes::SIGN_IN>"Back to sign in"</a></p>
        </div></div>
    }
}
