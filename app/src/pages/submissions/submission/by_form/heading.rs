//! What stands above every check page, and below it.

use gate::Submission;
use leptos::prelude::*;

use crate::words;

/// What was asked for, and how things stand.
#[component]
pub(super) fn Heading(caption: &'static str, submission: Submission) -> impl IntoView {
    view! {
        <h1 class="app-break"><span class="nhsuk-caption-l">{caption}</span> " " {submission.file_name}</h1>
        {submission.trouble.map(|trouble| view! { <div class="nhsuk-inset-text"><p>{trouble}</p></div> })}
    }
}

/// Who asked for it and when, and the reference to quote.
#[component]
pub(super) fn Reference(submission: Submission) -> impl IntoView {
    view! {
        <p class="nhsuk-body-s app-plan__reference">
            "Asked for by " {submission.actor.name().to_owned()} " on " {words::moment(submission.received_at)}
            ". Reference " {submission.id.to_string()} "."
        </p>
    }
}

/// Where somebody looks at what another asked for.
#[component]
pub(super) fn NotMine(submission: Submission) -> impl IntoView {
    view! {
        <div class="nhsuk-inset-text"><p>"Only " {submission.actor.name().to_owned()} ", who asked for this, can confirm it."</p></div>
    }
}
