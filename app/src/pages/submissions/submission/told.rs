//! What is told above a plan: why it waits, what stays as it was changed by hand, what came of mending a row, and that the
//! file was here before.

use domain::{
    channel::Channel,
    plan::{PlannedRow, RowKind},
    submission::{Outcome, State, Touched},
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
    let why = why_held(&submission);
    // A connector may be an administrator as well: there is nobody else to ask.
    if viewer.is_some() && submission.actor.account() == viewer {
        let by_whom = match submission.channel {
            Channel::EmailCsv => "You sent these changes",
            Channel::ChangeFile => "A change file in your name has these changes",
            _ => "A program with your token sent these changes",
        };
        return view! {
            <div class="nhsuk-inset-text">
                <p>{by_whom} " (" {submission.channel.name()} "). " {why}</p>
                <p>"If you do not expect them, find out what was sent before you apply them. You can also discard them."</p>
            </div>
        }
        .into_any();
    }
    view! {
        <div class="nhsuk-inset-text">
            <p>{sender} " sent these changes (" {submission.channel.name()} "). " {why}</p>
            <p>"If you do not expect them, ask the connector before you apply them. You can discard them: the connector gets an email."</p>
        </div>
    }
    .into_any()
}

/// Whether it is a change file that had begun, and was stopped before people lose their access.
pub(super) fn is_stopped(submission: &Submission) -> bool {
    submission.channel.takes_rows_in_order() && submission.confirmed_at.is_some()
}

/// Why changes wait, and what of them is done already.
fn why_held(submission: &Submission) -> String {
    if !is_stopped(submission) {
        return "They change or create more accounts than usual, so they wait for you.".to_owned();
    }
    rest_waits(&submission.touches, submission.totals.with(Outcome::Done))
}

fn rest_waits(touches: &[Touched], done: u32) -> String {
    let people = touches.iter().map(|touched| touched.changed).sum();
    let all = touches.iter().map(|touched| touched.all).sum();
    let lost: u32 = touches.iter().map(|touched| touched.lost).sum();
    let (more, after) = match lost {
        0 => ("", String::new()),
        lost => (" more", format!(", after {} within 24 hours", words::thousands(lost))),
    };
    let done = match done {
        0 => "Nothing has been applied yet.".to_owned(),
        done => format!("{} already applied.", counted(done, "row is", "rows are")),
    };
    format!(
        "{}{more} of {} would lose access{after}, so the rest waits for you. {done}",
        words::thousands(people),
        counted(all, "person", "people")
    )
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stopped_file_says_who_would_lose_access_and_what_is_done() {
        let touched = Touched {
            organisation: None,
            changed: 38,
            created: 0,
            all: 53,
            lost: 0,
        };
        for (done, told) in [
            (0, "Nothing has been applied yet."),
            (1, "1 row is already applied."),
            (7, "7 rows are already applied."),
        ] {
            let lead = "38 of 53 people would lose access, so the rest waits for you.";
            assert_eq!(
                rest_waits(std::slice::from_ref(&touched), done),
                format!("{lead} {told}")
            );
        }
        let again = Touched { lost: 5, ..touched };
        assert_eq!(
            rest_waits(&[again], 0),
            "38 more of 53 people would lose access, after 5 within 24 hours, so the rest waits for you. Nothing has been \
             applied yet."
        );
    }
}
