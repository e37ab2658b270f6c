//! A file that came by email: which run it waits for, which files it replaces or is replaced by, and what can be done with it
//! before the run.

use domain::submission::{Outcome, State};
use gate::{EmailOfSubmission, Submission, needs_columns};
use leptos::prelude::*;

use super::deciding::Deciding;
use crate::{
    calls::{about, submissions::Refuse},
    forms::FormState,
    islands::breakable,
    routes,
    words::{self, counted},
};

/// When the email came, and the files before and behind it.
#[component]
pub(super) fn ByEmail(email: EmailOfSubmission, submission: Submission) -> impl IntoView {
    let replaces = (!email.replaces.is_empty()).then(|| {
        let lead = match submission.state {
            State::Applied | State::Applying => "It replaced",
            State::Declined | State::Superseded => "It would have replaced",
            State::Received | State::Unreadable | State::Planned => "It replaces",
        };
        let lines = email.replaces.iter().map(|file| view! { <li>{named(file)}</li> });
        view! {
            <p>{lead} ", for the organisations that both name:"</p>
            <ul>{lines.collect_view()}</ul>
        }
    });
    let replaced = email.replaced_by.as_ref().map(|file| {
        let rows = submission.totals.with(Outcome::Superseded);
        let said = match (submission.state, rows) {
            (State::Superseded, _) => "A later file replaced it: ".to_owned(),
            (_, 0) => "A later file replaces it for the organisations that both name: ".to_owned(),
            (_, rows) => format!("A later file replaced {} of it: ", counted(rows, "row", "rows")),
        };
        view! { <p>{said} {named(file)}</p> }
    });
    // Of files of earlier versions it is not known here.
    let by_whom = submission
        .trouble
        .is_none()
        .then_some("It was withdrawn by its sender, or discarded by an administrator, before it was applied. The audit log says who did it. ");
    let withdrawn = (submission.state == State::Declined && !submission.is_barred())
        .then(|| view! { <p>{by_whom} "No run uses it. If it replaced an earlier file that still waits, that file counts again. If not, send the right file again."</p> });
    let explained = needs_columns(&submission).then(|| {
        view! { <p>"If you say what its columns hold, it still counts from when it came. Later files for the same organisations replace it, also those that were applied already. To have it count as the latest, send it again."</p> }
    });
    view! {
        <div class="nhsuk-inset-text">
            <p>"It came by email from " {email.sender.clone()} " on " {words::moment(email.received)} "."</p>
            {replaces}
            {replaced}
            {withdrawn}
            {explained}
        </div>
    }
}

/// A file by its name and its moment, with the way to it.
fn named(file: &Submission) -> impl IntoView + use<> {
    view! {
        <a href=routes::submission(&file.id) inner_html=breakable(&file.file_name)></a>
        {format!(", {}", words::moment(file.received_at))}
    }
}

/// What the next run will do with it, and what can be done before.
#[component]
pub(super) fn BeforeTheRun(email: EmailOfSubmission, submission: Submission, form: FormState) -> impl IntoView {
    let totals = &submission.totals;
    let run = words::moment(email.next_run);
    let fate = match (email.is_replaced, email.replaced_by.is_some()) {
        _ if email.is_barred => {
            "The run does not apply it: the sender’s role Connector has ended, or no longer covers the organisations in the file."
                .to_owned()
        }
        (true, _) => "A later file for the same organisations replaces it, so the run does not apply it.".to_owned(),
        (false, true) => {
            format!("The run on {run} applies its rows for the organisations that no later file is about.")
        }
        (false, false) => {
            format!("The run on {run} applies it, unless a later file for the same organisations comes before.")
        }
    };
    let undecided = (totals.warned() > 0).then(|| {
        let rows = counted(totals.warned(), "row needs a decision", "rows need a decision");
        view! { <p>{rows} ". The run skips them, and new people among them become proposals for the administrators."</p> }
    });
    let decide = match (email.may_apply, email.may_withdraw) {
        (true, _) => {
            let left = email.left.clone().unwrap_or_else(|| submission.clone());
            view! {
                <LeftOut email=email.clone() submission=submission.clone()/>
                <p>"You can apply it now, or discard it. The person who sent it gets an email."</p>
                <Deciding submission=left form/>
            }
            .into_any()
        }
        (false, true) => view! { <Withdraw submission=submission.clone()/> }.into_any(),
        (false, false) => ().into_any(),
    };
    view! {
        <p>{fate}</p>
        {undecided}
        {decide}
    }
}

/// What is not applied if it is applied now, because later files are about the same organisations.
#[component]
pub(super) fn LeftOut(email: EmailOfSubmission, submission: Submission) -> impl IntoView {
    let replaced = |submission: &Submission| submission.totals.with(Outcome::Superseded);
    let rows = email
        .left
        .as_ref()
        .map_or(0, replaced)
        .saturating_sub(replaced(&submission));
    (rows > 0).then(|| view! { <p><strong>{left_out(rows)}</strong></p> })
}

fn left_out(rows: u32) -> String {
    let (are, they_stay) = match rows {
        1 => ("is", "It stays"),
        _ => ("are", "They stay"),
    };
    let rows = counted(rows, "row", "rows");
    format!(
        "If you apply this file now, {rows} {are} skipped, because a later file is about the same organisations. \
         {they_stay} skipped, even if the later file is withdrawn."
    )
}

/// The way back, for who sent it.
#[component]
pub(super) fn Withdraw(submission: Submission) -> impl IntoView {
    view! {
        <div class="app-sheet app-decision">
            <p>"To correct it, send the corrected file: it replaces this one."</p>
            <details class="nhsuk-details nhsuk-u-margin-bottom-0">
                <summary class="nhsuk-details__summary"><span class="nhsuk-details__summary-text">"Withdraw this file"</span></summary>
                <div class="nhsuk-details__text">
                    <p>"You cannot take back a withdrawal. If this file replaces an earlier file that still waits, that file counts again. An earlier file that was replaced already does not: send the right file again."</p>
                    <form method="post" action={about::<Refuse>(&submission.id)}>
                        <button class="nhsuk-button nhsuk-button--secondary nhsuk-u-margin-bottom-0">"Yes, withdraw this file"</button>
                    </form>
                </div>
            </details>
        </div>
    }
}
