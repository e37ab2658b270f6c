//! A day, a month and a year in three fields, which need no calendar to pop up and no format to be guessed.

use leptos::prelude::*;

use crate::{components::error_summary::FieldError, forms::FormState};

/// The names of the three fields; what is wrong with the date stands at the first.
#[derive(Clone, Copy, Debug)]
pub struct DateNames {
    /// The day's.
    pub day: &'static str,
    /// The month's.
    pub month: &'static str,
    /// The year's.
    pub year: &'static str,
}

/// The fields, with a legend and a hint.
#[component]
pub fn DateField(legend: &'static str, hint: String, names: DateNames, form: FormState) -> impl IntoView {
    let wrong = form.problem_of(names.day).is_some();
    let described = if wrong {
        format!("{0}-hint {0}-error", names.day)
    } else {
        format!("{}-hint", names.day)
    };
    let part = |name: &'static str, label: &'static str, width: u8| {
        view! {
            <div class="nhsuk-date-input__item">
                <div class="nhsuk-form-group">
                    <label class="nhsuk-label nhsuk-date-input__label" for=name>{label}</label>
                    <input
                        class=format!("nhsuk-input nhsuk-date-input__input nhsuk-input--width-{width}")
                        class=("nhsuk-input--error", wrong)
                        id=name
                        name=name
                        type="text"
                        inputmode="numeric"
                        autocomplete="off"
                        value=form.value_of(name)
                    />
                </div>
            </div>
        }
    };
    let parts = view! {
        {part(names.day, "Day", 2)} " " {part(names.month, "Month", 2)} " " {part(names.year, "Year", 4)}
    };
    view! {
        <div class="nhsuk-form-group" class=("nhsuk-form-group--error", wrong)>
            <fieldset class="nhsuk-fieldset" role="group" aria-describedby=described>
                <legend class="nhsuk-fieldset__legend">{legend}</legend>
                <div class="nhsuk-hint" id=format!("{}-hint", names.day)>{hint}</div>
                <FieldError field=names.day form=form.clone()/>
                <div class="nhsuk-date-input">{parts}</div>
            </fieldset>
        </div>
    }
}
