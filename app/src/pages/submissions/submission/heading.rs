//! The top of a submission's page.

use domain::submission::State;
use gate::{ChangeFileShown, Submission};
use leptos::prelude::*;

use crate::{components::tags, visitor::Visitor, words};

/// The file, who sent it and when, and how things stand.
#[component]
pub(super) fn Heading(
    submission: Submission,
    /// Whether later files replace all of it before the run.
    #[prop(optional)]
    is_replaced: bool,
    /// The change file that it is.
    #[prop(optional_no_strip)]
    file: Option<ChangeFileShown>,
) -> impl IntoView {
    let tag = match (file, is_replaced) {
        (Some(file), _) => tags::change_file(&file).into_any(),
        (None, true) => tags::replaced(),
        (None, false) => tags::submission(&submission),
    };
    let format = submission
        .format
        .clone()
        .map(|format| match has_own_headings(&submission) {
            true => ", with its own headings".to_owned(),
            false => format!(", {format} format"),
        });
    let by_machine = submission.channel.is_machine();
    let (caption, sent) = if by_machine {
        ("Submission ", " Sent by ")
    } else {
        ("Upload ", " Uploaded by ")
    };
    let through = by_machine.then(|| format!(" ({})", submission.channel.name()));
    let applied_by = submission
        .applied_by
        .as_ref()
        .filter(|_| matches!(submission.state, State::Applying | State::Applied))
        .map(|administrator| view! { <p>"Applied by " {administrator.name().to_owned()} "."</p> });
    view! {
        <h1 class="app-break">
            <span class="nhsuk-caption-l">{caption} {submission.id.to_string()}</span>
            " "
            {submission.file_name.clone()}
        </h1>
        <p>
            {tag}
            {sent} {submission.actor.name().to_owned()} {through} ", " {words::moment(submission.received_at)}
            " (" {words::size(submission.file_size)} {format} ")"
        </p>
        {applied_by}
        {trouble(&submission).map(|trouble| view! { <div class="nhsuk-inset-text"><p>{trouble}</p></div> })}
    }
}

/// Why it stopped short, to its reader.
fn trouble(submission: &Submission) -> Option<String> {
    let viewer = Visitor::of_page().actor.and_then(|actor| actor.account());
    let is_own = viewer.is_some() && submission.actor.account() == viewer;
    match submission.is_withdrawn() && is_own {
        true => Some("You withdrew this file before it was applied.".to_owned()),
        false => submission.trouble.clone(),
    }
}

/// Whether somebody said what the columns of a file hold, because its headings are those of no format.
fn has_own_headings(submission: &Submission) -> bool {
    let columns = submission.layout.columns.iter();
    let headings: Vec<_> = columns.map(|(heading, _)| heading.clone()).collect();
    submission.layout.is_chosen && Visitor::of_page().gate.formats().recognise(&headings).is_err()
}
