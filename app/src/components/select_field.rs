//! A list to choose one value from.

use leptos::prelude::*;

use crate::{
    components::{error_summary::FieldError, field::Tied},
    forms::FormState,
};

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
    label: &str,
    hint: Option<&'static str>,
    choices: Vec<(String, String)>,
    chosen: &str,
    form: &FormState,
) -> AnyView {
    let tied = Tied::to(field, form).hinted(hint.is_some());
    let hint = hint.map(|hint| view! { <div class="nhsuk-hint" id=format!("{field}-hint")>{hint}</div> });
    let options = options(choices, chosen);
    view! {
        <div class="nhsuk-form-group" class=("nhsuk-form-group--error", tied.is_wrong())>
            <label class="nhsuk-label" for=field>{label.to_owned()}</label>
            {hint}
            <FieldError field form=form.clone()/>
            <select
                class="nhsuk-select"
                class=("nhsuk-select--error", tied.is_wrong())
                id=field
                name=field
                aria-describedby=tied.described()
                aria-invalid=tied.invalid()
            >
                {options}
            </select>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_choice_is_tied_to_its_message() {
        let mut form = FormState::default();
        form.problem("site", "Choose one that belongs to this organisation.");
        let html = select("site", "Site", None, vec![], "", &form).to_html();
        assert!(html.contains(r#"aria-describedby="site-error""#), "{html}");
        assert!(html.contains(r#"aria-invalid="true""#), "{html}");
    }
}
