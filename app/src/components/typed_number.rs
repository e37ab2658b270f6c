//! A number that somebody types to show that they have seen it: what is confirmed by it is more than usual.

use leptos::prelude::*;

use crate::{
    components::{error_summary::FieldError, field::Tied},
    forms::FormState,
};

/// The field, named `number`; its children stand between the question and the field.
#[component]
pub fn TypedNumber(
    /// What is asked.
    label: String,
    /// Which number to type, and what it means.
    hint: String,
    form: FormState,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let tied = Tied::to("number", &form).hinted(true);
    view! {
        <div class="nhsuk-form-group" class=("nhsuk-form-group--error", tied.is_wrong())>
            <label class="nhsuk-label nhsuk-label--m" for="number">{label}</label>
            {children.map(|children| children())}
            <div class="nhsuk-hint" id="number-hint">{hint}</div>
            <FieldError field="number" form/>
            <input
                class="nhsuk-input nhsuk-input--width-5"
                class=("nhsuk-input--error", tied.is_wrong())
                id="number"
                name="number"
                type="text"
                inputmode="numeric"
                autocomplete="off"
                spellcheck="false"
                aria-describedby=tied.described()
                aria-invalid=tied.invalid()
            />
        </div>
    }
}
