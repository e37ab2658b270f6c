//! A field of several lines.

use leptos::prelude::*;

use crate::{
    components::{error_summary::FieldError, field::Tied},
    forms::FormState,
    islands::escaped,
};

/// The field, with its label, its hint and what is wrong with it. What was typed stands in it again.
#[component]
pub fn TextArea(
    /// Its name and its ID.
    field: &'static str,
    /// What stands above it.
    #[prop(into)]
    label: String,
    /// What to put there.
    hint: &'static str,
    form: FormState,
) -> impl IntoView {
    let tied = Tied::to(field, &form).hinted(true);
    view! {
        <div class="nhsuk-form-group" class=("nhsuk-form-group--error", tied.is_wrong())>
            <label class="nhsuk-label" for=field>{label}</label>
            <div class="nhsuk-hint" id=format!("{field}-hint")>{hint}</div>
            <FieldError field form=form.clone()/>
            <textarea
                class="nhsuk-textarea"
                class=("nhsuk-textarea--error", tied.is_wrong())
                id=field
                name=field
                rows="4"
                autocomplete="off"
                spellcheck="false"
                aria-describedby=tied.described()
                aria-invalid=tied.invalid()
                inner_html=escaped(&form.value_of(field))
            ></textarea>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_stands_in_it_again_and_ends_no_element() {
        let mut form = FormState::default();
        form.keep("domains", "</textarea><b>");
        form.problem("domains", "It is not a mail domain.");
        let html = view! { <TextArea field="domains" label="Mail domains" hint="One on each line." form/> }.to_html();
        for said in [
            "&lt;/textarea&gt;&lt;b&gt;",
            r#"aria-describedby="domains-hint domains-error""#,
            r#"aria-invalid="true""#,
        ] {
            assert!(html.contains(said), "{said} in {html}");
        }
    }
}
