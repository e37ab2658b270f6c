//! A day, a month and a year in three fields, which need no calendar to pop up and no format to be guessed.

use leptos::prelude::*;

use crate::{
    components::{error_summary::FieldError, field::Tied},
    forms::{FormState, dates::DateNames},
};

/// The fields, with a legend and a hint. What is wrong with the date stands above them, and the summary leads to the first.
#[component]
pub fn DateField(#[prop(into)] legend: String, hint: String, names: DateNames, form: FormState) -> impl IntoView {
    let tied = Tied::to(names.day, &form).hinted(true);
    let (wrong, invalid) = (tied.is_wrong(), tied.invalid());
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
                        spellcheck="false"
                        value=form.value_of(name)
                        aria-invalid=invalid
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
            <fieldset class="nhsuk-fieldset" aria-describedby=tied.described()>
                <legend class="nhsuk-fieldset__legend">{legend}</legend>
                <div class="nhsuk-hint" id=format!("{}-hint", names.day)>{hint}</div>
                <FieldError field=names.day form=form.clone()/>
                <div class="nhsuk-date-input">{parts}</div>
            </fieldset>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_date_marks_all_its_fields_and_keeps_what_was_typed() {
        let names = DateNames {
            called: "Last day",
            day: "end-day",
            month: "end-month",
            year: "end-year",
        };
        let mut form = FormState::default();
        form.keep("end-day", "31");
        form.keep("end-month", "Feb");
        form.problem("end-day", "Last day: this month has no such day.");
        let field = view! { <DateField legend="Last day" hint="For example, 27 3 2027".to_owned() names form/> };
        let html = field.to_html();
        assert_eq!(html.matches(r#"aria-invalid="true""#).count(), 3, "{html}");
        assert!(
            html.contains(r#"aria-describedby="end-day-hint end-day-error""#),
            "{html}"
        );
        assert!(
            html.contains(r#"value="31""#) && html.contains(r#"value="Feb""#),
            "{html}"
        );
    }
}
