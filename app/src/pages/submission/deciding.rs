//! The decision on a plan: apply what is good, saying the counts, or discard all of it.

use domain::{
    channel::Channel,
    submission::{LookAlikes, Outcome},
};
use gate::{Submission, seen, to_type};
use leptos::prelude::*;

use crate::{
    components::error_summary::FieldError,
    forms::FormState,
    pages::submission::shown::LOOK_ALIKE,
    routes,
    words::{counted, thousands},
};

/// The forms.
#[component]
pub fn Deciding(submission: Submission, form: FormState) -> impl IntoView {
    let totals = &submission.totals;
    let warned = totals.warned();
    let most = totals.to_apply(LookAlikes::Create);
    let problems = totals.with_problems();
    let refusal = routes::submission_part(&submission.id, "refusal");
    let refuse = if totals.with(Outcome::Done) > 0 {
        "Leave the rest out"
    } else {
        "Discard"
    };
    let decision = if most == 0 {
        view! { <NothingToApply problems submission=submission.clone()/> }.into_any()
    } else {
        let confirmation = routes::submission_part(&submission.id, "confirmation");
        // With look-alikes the count depends on the answer, and so stands beside each answer.
        let label = match (warned, problems) {
            (0, 0) => format!("Apply {}", counted(most, "change", "changes")),
            (0, problems) => format!(
                "Apply {}, leave {} out",
                counted(most, "change", "changes"),
                counted(problems, "row", "rows")
            ),
            _ => "Apply".to_owned(),
        };
        let count = to_type(&submission)
            .map(|number| view! { <Count submission=submission.clone() number form=form.clone()/> });
        let question = (warned > 0).then(|| view! { <LookAlikesQuestion submission=submission.clone() form/> });
        view! {
            <form method="post" action=confirmation>
                <input type="hidden" name="seen" value=seen(&submission).to_string()/>
                {question}
                {count}
                <button class="nhsuk-button">{label}</button>
            </form>
        }
        .into_any()
    };
    view! {
        <div class="app-sheet app-decision">
            {decision}
            <form method="post" action=refusal>
                <button class="nhsuk-button nhsuk-button--secondary nhsuk-u-margin-bottom-0">{refuse}</button>
            </form>
        </div>
    }
}

#[component]
fn NothingToApply(problems: u32, submission: Submission) -> impl IntoView {
    let file = routes::submission_part(&submission.id, "problems.csv");
    if problems == 0 {
        return view! { <p>"Everything in this file is so already: there is nothing to apply."</p> }.into_any();
    }
    let in_file_only = submission.channel == Channel::Organisations;
    if submission.file_gone {
        return view! { <p>"There is nothing to apply: every row has a problem. Fix them below. The file itself is no longer kept."</p> }.into_any();
    }
    let why = match submission.totals.of(domain::plan::RowKind::NoChange) {
        _ if in_file_only => "There is nothing to apply: no row without problems changes anything. Take the ",
        0 => "There is nothing to apply: every row has a problem. Mend them below, or take the ",
        _ => "There is nothing to apply: the rows without problems are so already. Mend the others below, or take the ",
    };
    view! {
        <p>{why}
            <a href=file download>"problem file"</a>
            ", which says what is wrong with each."
        </p>
    }
    .into_any()
}

/// A file that changes suspiciously many accounts is applied once somebody has typed in how many.
#[component]
fn Count(submission: Submission, number: u32, form: FormState) -> impl IntoView {
    let wrong = form.problem_of("number").is_some();
    let (what, whose) = match submission.channel {
        Channel::Organisations => ("organisations", "that are here"),
        _ => ("accounts", "of the organisations below"),
    };
    let lines = submission
        .touches
        .iter()
        .map(|touched| {
            let percent = u64::from(touched.changed) * 100 / u64::from(touched.all.max(1));
            let whose = touched.organisation.as_ref().map(|code| format!("{code}: "));
            view! {
                <li>
                    {whose} {thousands(touched.changed)} " of " {thousands(touched.all)}
                    " " {what} ", " {percent} "%"
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="nhsuk-form-group" class=("nhsuk-form-group--error", wrong)>
            <label class="nhsuk-label nhsuk-label--m" for="number">"This file changes " {thousands(number)} " " {what} " " {whose} ". Is that right?"</label>
            <ul>{lines}</ul>
            <div class="nhsuk-hint" id="number-hint">"That is more than most files do. If it is what you want, type the number " {number} "."</div>
            <FieldError field="number" form/>
            <input
                class="nhsuk-input nhsuk-input--width-5"
                class=("nhsuk-input--error", wrong)
                id="number"
                name="number"
                type="text"
                inputmode="numeric"
                autocomplete="off"
                aria-describedby=if wrong { "number-hint number-error" } else { "number-hint" }
            />
        </div>
    }
}

#[component]
fn LookAlikesQuestion(submission: Submission, form: FormState) -> impl IntoView {
    let totals = &submission.totals;
    let (warned, problems) = (totals.warned(), totals.with_problems());
    let wrong = form.problem_of("look_alikes").is_some();
    let show = routes::submission_rows(&submission.id, LOOK_ALIKE, None);
    let answer = |id: &'static str, choice: LookAlikes| {
        let applied = counted(totals.to_apply(choice), "change", "changes");
        let (words, left_out) = match choice {
            LookAlikes::LeaveOut => ("Leave out; I will check who it is", problems + warned),
            LookAlikes::Create => ("Apply as shown; I have checked", problems),
        };
        let hint = format!("{applied} applied, {} left out", counted(left_out, "row", "rows"));
        view! {
            <div class="nhsuk-radios__item">
                <input class="nhsuk-radios__input" id=id name="look_alikes" type="radio" value=choice.slug() aria-describedby=format!("{id}-hint")/>
                <label class="nhsuk-label nhsuk-radios__label" for=id>{words}</label>
                <div class="nhsuk-hint nhsuk-radios__hint" id=format!("{id}-hint")>{hint}</div>
            </div>
        }
    };
    view! {
        <div class="nhsuk-form-group" class=("nhsuk-form-group--error", wrong)>
            <fieldset class="nhsuk-fieldset" aria-describedby=wrong.then_some("look_alikes-error")>
                <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--m">
                    {counted(warned, "row", "rows")} " may be about the wrong person. What should be done?"
                </legend>
                <p><a href=show>"Look at " {counted(warned, "row", "rows")}</a> " first: a wrong local ID makes a second account for one person."</p>
                <FieldError field="look_alikes" form/>
                <div class="nhsuk-radios">
                    {answer("look_alikes", LookAlikes::LeaveOut)}
                    {answer("look_alikes-create", LookAlikes::Create)}
                </div>
            </fieldset>
        </div>
    }
}
