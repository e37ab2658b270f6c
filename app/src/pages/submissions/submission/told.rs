//! What is told above a plan: why it waits, what stays as it was changed by hand, what came of mending a row, and that the
//! file was here before.

use domain::{
    channel::Channel,
    plan::{PlannedRow, RowKind},
    submission::State,
};
use gate::{KEPT, Review, Row, Submission};
use leptos::prelude::*;

use super::shown::Checked;
use crate::{
    forms::MENDED,
    routes,
    visitor::Visitor,
    words::{self, counted},
};

/// Why what a machine sent was not applied at once.
#[component]
pub(super) fn Held(submission: Submission) -> impl IntoView {
    let viewer = Visitor::of_page().actor.and_then(|actor| actor.account());
    let sender = submission.actor.name().to_owned();
    // A connector may be an administrator as well: there is nobody else to ask.
    if viewer.is_some() && submission.actor.account() == viewer {
        let by_whom = match submission.channel {
            Channel::EmailCsv => "You sent these changes",
            _ => "A program with your token sent these changes",
        };
        return view! {
            <div class="nhsuk-inset-text">
                <p>{by_whom} " (" {submission.channel.name()} "). They change or create more accounts than usual, so they wait for you."</p>
                <p>"If you do not expect them, find out what was sent before you apply them. You can also discard them."</p>
            </div>
        }
        .into_any();
    }
    view! {
        <div class="nhsuk-inset-text">
            <p>{sender} " sent these changes (" {submission.channel.name()} "). They change or create more accounts than usual, so they wait for you."</p>
            <p>"If you do not expect them, ask the connector before you apply them. You can discard them: the connector gets an email."</p>
        </div>
    }
    .into_any()
}

/// Values that were changed by hand stay.
#[component]
pub(super) fn KeptByHand(review: Review) -> impl IntoView {
    let href = routes::with_query(&routes::submission(&review.submission.id), &[("problem", KEPT)]);
    let rows = counted(review.kept, "row", "rows");
    (review.kept > 0).then(|| view! {
        <div class="nhsuk-inset-text"><p>
            "In " {rows} " the file has the value from before a change by hand. The change by hand stays, unless you choose otherwise. "
            <a href=format!("{href}#rows")>"Show these rows"</a>
        </p></div>
    })
}

/// What came of mending a row.
#[component]
pub(super) fn Mended(row: Row, checked: Checked, is_told_above: bool) -> impl IntoView {
    let PlannedRow { row: number, name, .. } = &row.planned;
    let (lead, also) = match checked {
        Checked::Changed(also) => (format!("Row {number} was checked again."), also),
        Checked::Unchanged => (format!("Nothing has changed yet in row {number}."), 0),
    };
    let comes = match row.planned.step.kind() {
        RowKind::Create => format!("{lead} It creates an account for {name}."),
        RowKind::Update => format!("{lead} It changes the account of {name}."),
        RowKind::NoChange | RowKind::Kept => format!("{lead} No changes are needed for {name}."),
        RowKind::Problem => format!("{lead} It still has a problem."),
        RowKind::Skipped => format!("Row {number} is skipped."),
    };
    let asked = row
        .planned
        .is_asked_about(&row.request)
        .then_some(" It needs a decision: choose below what to do.");
    let others = match also {
        0 => String::new(),
        1 => " One other row got the same value.".to_owned(),
        also => format!(" {} other rows got the same value.", words::thousands(also)),
    };
    let there = (row.planned.step.kind() == RowKind::Problem)
        .then(|| view! { " " <a href=format!("#row-{number}")>"Go to row " {number.to_string()}</a> });
    // The summary of what is still wrong gets the focus instead, where there is one.
    let id = (!is_told_above).then_some(MENDED);
    view! { <div class="nhsuk-inset-text" id=id role="status" tabindex="-1"><p>{comes} {asked} {others} {there}</p></div> }
}

/// The same file was here before.
#[component]
pub(super) fn SentBefore(before: Option<Submission>) -> impl IntoView {
    before.map(|before| {
        let became = match before.state {
            State::Applied => "it was applied",
            State::Declined => "it was discarded",
            State::Applying => "it is being applied",
            _ => "it is still waiting for a decision",
        };
        view! {
            <div class="nhsuk-inset-text"><p>
                {before.actor.name().to_owned()} " uploaded the same file on " {words::moment(before.received_at)} "; "
                <a href=routes::submission(&before.id)>{became}</a> "."
            </p></div>
        }
    })
}
