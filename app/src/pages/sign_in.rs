//! Signing in.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    components::error_summary::{ErrorSummary, FieldError},
    forms::FormState,
    routes,
};

/// The form; after a failed try, what was typed is still there but for the password.
#[component]
pub fn SignInPage() -> impl IntoView {
    let form = use_context::<FormState>().unwrap_or_default();
    let asked = use_query_map().get_untracked().get("next").unwrap_or_default();
    let next = Some(form.value_of("next"))
        .filter(|next| !next.is_empty())
        .unwrap_or(asked);
    let title = if form.is_sound() { "Sign in" } else { "Error: Sign in" };
    let wrong = |field: &str| form.problem_of(field).is_some();
    let (wrong_address, wrong_password) = (wrong("address"), wrong("password"));
    view! {
        <Title text=title/>
        <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
            <ErrorSummary form=form.clone()/>
            <h1>"Sign in"</h1>
            <form class="app-sheet" method="post" action=routes::SIGN_IN novalidate>
                <input type="hidden" name="next" value=next/>
                <div class="nhsuk-form-group" class=("nhsuk-form-group--error", wrong_address)>
                    <label class="nhsuk-label" for="address">"E-mail address"</label>
                    <FieldError field="address" form=form.clone()/>
                    <input class="nhsuk-input" class=("nhsuk-input--error", wrong_address) id="address" name="address" type="email" autocomplete="username" spellcheck="false" value=form.value_of("address") aria-describedby=wrong_address.then_some("address-error")/>
                </div>
                <div class="nhsuk-form-group" class=("nhsuk-form-group--error", wrong_password)>
                    <label class="nhsuk-label" for="password">"Password"</label>
                    <FieldError field="password" form=form.clone()/>
                    <input class="nhsuk-input" class=("nhsuk-input--error", wrong_password) id="password" name="password" type="password" autocomplete="current-password" aria-describedby=wrong_password.then_some("password-error")/>
                </div>
                <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Sign in"</button>
            </form>
            <p>"Forgotten your password? Ask your local administrator or helpdesk to reset it."</p>
        </div></div>
    }
}
