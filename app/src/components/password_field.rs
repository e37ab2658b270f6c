//! The field in which somebody chooses a password, with what it must be.

use domain::{
    account::Account,
    dictionary::Attribute,
    organisation::Organisation,
    password::{Guesses, LONGEST, SHORTEST},
};
use leptos::prelude::*;

use crate::{
    components::{error_summary::FieldError, field::Tied},
    forms::FormState,
    islands::PasswordMeter,
};

/// The field `password` for the person of an account. What was typed before never comes back.
#[component]
pub fn NewPasswordField(account: Account, home: Organisation, label: &'static str, form: FormState) -> impl IntoView {
    let tied = Tied::to("password", &form).noted(Some("password-rules".to_owned()));
    let wrong = tied.is_wrong();
    let guesses = Guesses::of(&account.attributes, &home);
    // Password managers file the new password under this.
    let address = account.attributes.text(Attribute::EmailAddress).to_owned();
    // Who only now takes the account up has none to repeat.
    let former = account.activated.then_some("Nor are your last 4 passwords. ");
    view! {
        <input type="text" name="username" autocomplete="username" value=address hidden=true readonly=true/>
        <div class="nhsuk-form-group" class=("nhsuk-form-group--error", wrong)>
            <label class="nhsuk-label nhsuk-label--m" for="password">{label}</label>
            <div class="nhsuk-hint" id="password-rules">
                {format!("Use {SHORTEST} to {LONGEST} characters. Spaces are allowed. Leave out your first and last name. ")}
                "You cannot use a password that is easy to guess: a row like 12345678, a common password or word such as Password "
                "or Summer, or the name of your organisation or of Staffbook. "
                {former}
                "Three words that have nothing to do with each other are easy to remember and hard to guess."
            </div>
            <FieldError field="password" form/>
            <PasswordMeter guesses described=tied.described().unwrap_or_default() wrong/>
        </div>
    }
}
