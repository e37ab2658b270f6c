//! The summary of what is wrong with a form, each entry leading to its field.

use std::borrow::Cow;

use leptos::prelude::*;

use crate::forms::FormState;

/// Shown above the heading; nothing where nothing is wrong.
#[component]
pub fn ErrorSummary(form: FormState) -> impl IntoView {
    let entry = |(field, message): &(Cow<'static, str>, String)| {
        view! { <li><a href=format!("#{field}")>{message.clone()}</a></li> }
    };
    let entries = form.problems().iter().map(entry).collect_view();
    (!form.is_sound()).then(|| {
        view! {
            <div class="nhsuk-error-summary" role="alert" aria-labelledby="error-summary" tabindex="-1" autofocus>
                <h2 class="nhsuk-error-summary__title" id="error-summary">"There is a problem"</h2>
                <div class="nhsuk-error-summary__body">
                    <ul class="nhsuk-list nhsuk-error-summary__list">{entries}</ul>
                </div>
            </div>
        }
    })
}

/// What is wrong with one field, above it.
#[component]
pub fn FieldError(#[prop(into)] field: String, form: FormState) -> impl IntoView {
    form.problem_of(&field).map(|message| {
        view! {
            <span class="nhsuk-error-message" id=format!("{field}-error")>
                <span class="nhsuk-u-visually-hidden">"Error: "</span>
                {message}
            </span>
        }
    })
}
