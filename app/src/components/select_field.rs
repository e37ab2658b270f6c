//! A list to choose one value from.

use leptos::prelude::*;

use crate::{components::error_summary::FieldError, forms::FormState};

/// The values of a list, each with its words.
pub fn options(choices: Vec<(String, String)>, chosen: &str) -> impl IntoView + use<> {
    let option = |(value, words): (String, String)| {
        let is_chosen = value == chosen;
        view! { <option value=value selected=is_chosen>{words}</option> }
    };
    choices.into_iter().map(option).collect_view()
}

/// A choice of one of these values, each with its words.
pub fn select(
    field: &'static str,
    label: &'static str,
    hint: Option<&'static str>,
    choices: Vec<(String, String)>,
    chosen: &str,
    form: &FormState,
) -> AnyView {
    let wrong = form.problem_of(field).is_some();
    let described = described(field, hint.is_some(), wrong);
    let hint = hint.map(|hint| view! { <div class="nhsuk-hint" id=format!("{field}-hint")>{hint}</div> });
    let options = options(choices, chosen);
    view! {
        <div class="nhsuk-form-group" class=("nhsuk-form-group--error", wrong)>
            <label class="nhsuk-label" for=field>{label}</label>
            {hint}
            <FieldError field form=form.clone()/>
            <select class="nhsuk-select" class=("nhsuk-select--error", wrong) id=field name=field aria-describedby=described>
                {options}
            </select>
        </div>
    }
    .into_any()
}

/// The IDs of what describes a field: its hint, and what is wrong with it.
pub fn described(field: &str, has_hint: bool, wrong: bool) -> Option<String> {
    let parts = [(has_hint, "hint"), (wrong, "error")];
    let said = parts.iter().filter(|(there, _)| *there);
    let ids: Vec<_> = said.map(|(_, part)| format!("{field}-{part}")).collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}
