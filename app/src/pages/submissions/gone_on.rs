//! What is shown in place of a page, or after a button, of a submission that has gone on in the meantime: what has happened
//! to it, and the way to it.

use axum::http::StatusCode;
use domain::{channel::Channel, submission::State};
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
    let title = titled(submission.channel, submission.state, submission.rehearsal);
    let (happened, link) = happened(&submission);
    view! {
        <Title text=title.clone()/>
        <h1><span class="nhsuk-caption-l app-break">{submission.file_name.clone()}</span> " " {title}</h1>
        <p class="nhsuk-lede-text">{happened}</p>
        <p>"Nothing was changed just now."</p>
        <p><a href=routes::submission(&submission.id)>{link}</a></p>
    }
}

/// How it stands now, as the page's title.
fn titled(channel: Channel, state: State, is_rehearsal: bool) -> String {
    let what = match channel {
        Channel::PortalCsv | Channel::Organisations => "upload",
        Channel::Portal => "change",
        Channel::Undo => "undo",
        Channel::EmailCsv | Channel::ChangeFile | Channel::Api | Channel::System => "submission",
    };
    match state {
        State::Received => format!("This {what} is still being checked"),
        State::Unreadable => format!("This {what} could not be read"),
        State::Planned => format!("This {what} changed after you opened it"),
        State::Applying => format!("This {what} is already being applied"),
        State::Applied => format!("This {what} has already been applied"),
        State::Declined if is_rehearsal => "This dry run has ended".to_owned(),
        State::Declined => format!("This {what} has already been discarded"),
        State::Superseded => format!("This {what} has been replaced"),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_says_what_has_happened_and_to_what() {
        for (channel, state, is_rehearsal, title) in [
            (
                Channel::PortalCsv,
                State::Applied,
                false,
                "This upload has already been applied",
            ),
            (
                Channel::Portal,
                State::Applied,
                false,
                "This change has already been applied",
            ),
            (
                Channel::PortalCsv,
                State::Planned,
                false,
                "This upload changed after you opened it",
            ),
            (Channel::Api, State::Declined, true, "This dry run has ended"),
            (
                Channel::Undo,
                State::Declined,
                false,
                "This undo has already been discarded",
            ),
        ] {
            assert_eq!(titled(channel, state, is_rehearsal), title);
        }
    }
}
