//! The first and the last working day of somebody new.

use domain::absence::Stay;
use gate::calendar;
use leptos::prelude::*;

use super::about::About;
use crate::{
    components::date_field::DateField,
    forms::{
        Answers, FormState, Need,
        absence::{ENDS, STARTS},
    },
};

/// The days, as they are answered.
#[must_use]
pub fn stay_answers(stay: Stay) -> Answers {
    let starts = stay.starts.map(|at| STARTS.answers(at));
    let ends = stay.leaves.map(|at| ENDS.answers(at));
    [starts.unwrap_or_default(), ends.unwrap_or_default()].concat()
}

/// A day so much later, as an example.
fn example(about: &About, days: u32) -> String {
    let later = calendar::days_after(about.now, days).unwrap_or(about.now);
    let (year, month, day) = calendar::date_parts(later);
    format!("For example, {day} {month} {year}.")
}

/// The part of the form that asks for another first day.
pub(super) fn first_day(about: &About, form: &FormState) -> AnyView {
    let hint = format!("The activation link is sent on this day. {}", example(about, 14));
    view! {
        <section class="app-form__section">
            <h2 class="nhsuk-heading-m">"First day"</h2>
            <DateField legend="First day" hint=hint names=STARTS form=form.clone()/>
        </section>
    }
    .into_any()
}

/// The part of the form that asks for them.
pub(super) fn stay(about: &About, form: &FormState) -> AnyView {
    let starts = format!(
        "The activation link is sent on this day. Leave it empty to send the link at once. {}",
        example(about, 14)
    );
    let ends = format!(
        "For temporary staff: on this day the account becomes a leaver’s. {}",
        example(about, 180)
    );
    view! {
        <section class="app-form__section">
            <h2 class="nhsuk-heading-m">"First and last day"</h2>
            <DateField legend=Need::Optional.label("First day") hint=starts names=STARTS form=form.clone()/>
            <DateField legend=Need::Optional.label("Last working day") hint=ends names=ENDS form=form.clone()/>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_asked_for_before_stand_in_the_form_again() {
        let stay = Stay {
            starts: calendar::day_begins(2026, 12, 7),
            leaves: None,
        };
        let texts: Vec<_> = stay_answers(stay).into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts, ["7", "12", "2026"]);
        assert!(stay_answers(Stay::default()).is_empty());
    }
}
