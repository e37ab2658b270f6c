//! What is shown in place of a page, or after a button, of a submission that has gone on in the meantime: what has happened
//! to it, and the way to it.

use axum::http::StatusCode;
use domain::submission::State;
use gate::Submission;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::Title;

use crate::{routes, words};

/// The page, with its status.
#[component]
pub fn GoneOn(submission: Submission) -> impl IntoView {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(StatusCode::CONFLICT);
    }
    let title = "This changed after you opened it";
    let (happened, link) = happened(&submission);
    view! {
        <Title text=title/>
        <h1><span class="nhsuk-caption-l app-break">{submission.file_name.clone()}</span> " " {title}</h1>
        <p class="nhsuk-lede-text">{happened}</p>
        <p>"Nothing was changed just now."</p>
        <p><a href=routes::submission(&submission.id)>{link}</a></p>
    }
}

/// What has happened to a submission, and what leads to it.
fn happened(submission: &Submission) -> (String, &'static str) {
    let ended = submission.finished_at.map(words::moment);
    let on = ended.map_or_else(String::new, |moment| format!(" on {moment}"));
    match submission.state {
        State::Received => ("It is being checked now.".to_owned(), "See the progress"),
        State::Unreadable => ("It could not be read.".to_owned(), "See what is wrong with it"),
        State::Planned => (
            "Something in it changed, here or in another window. Check it again before you decide.".to_owned(),
            "Check it again",
        ),
        State::Applying => ("It is being applied now.".to_owned(), "See the progress"),
        State::Applied => (format!("It was applied{on}."), "See what was done"),
        State::Declined if submission.rehearsal => (
            format!("It was a dry run, which ended{on}. It applied nothing."),
            "See what would have been done",
        ),
        State::Declined => (format!("It was discarded{on}."), "See what it was"),
        State::Superseded => (format!("A newer file replaced it{on}."), "See what it was"),
    }
}
