//! From when something is so: from today, or from a day ahead, which is asked for below that answer.

use leptos::prelude::*;

use crate::{
    components::{
        date_field::DateField,
        field::{Group, Tied},
    },
    forms::{FormState, dates::DateNames},
};

/// The field by which one of the two is chosen.
const WHEN: &str = "when";

/// The question, with the fields of the day.
#[component]
pub fn WhenField(
    /// The question.
    legend: &'static str,
    /// The day's hint.
    hint: String,
    names: DateNames,
    form: FormState,
) -> impl IntoView {
    let chosen = form.value_of(WHEN);
    let invalid = Tied::to(WHEN, &form).invalid();
    let radio = |id: &'static str, value: &'static str, words: &'static str| {
        let is_chosen = chosen == value;
        view! {
            <div class="nhsuk-radios__item">
                <input class="nhsuk-radios__input" id=id name=WHEN type="radio" value=value checked=is_chosen aria-invalid=invalid/>
                <label class="nhsuk-label nhsuk-radios__label" for=id>{words}</label>
            </div>
        }
    };
    let today = radio(WHEN, "today", "Today");
    let ahead = radio("when-date", "date", "On a later date");
    view! {
        <Group field=WHEN legend form=form.clone()>
            <div class="nhsuk-radios">
                {today}
                {ahead}
                <div class="nhsuk-radios__conditional"><DateField legend=names.called hint names form/></div>
            </div>
        </Group>
    }
}
