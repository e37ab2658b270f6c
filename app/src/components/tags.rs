//! Words for states, each with a colour that says nothing the word does not.

use domain::{
    account::AccountStatus,
    life::Turn,
    offer::OfferEnd,
    organisation::OrganisationStatus,
    plan::{RowKind, Step},
    submission::{Outcome, State},
};
use gate::Submission;
use leptos::prelude::*;

/// A submission's state.
pub fn state(state: State) -> impl IntoView {
    let colour = match state {
        State::Received | State::Applying => "blue",
        State::Unreadable => "red",
        State::Planned => "yellow",
        State::Applied => "green",
        State::Declined | State::Superseded => "grey",
    };
    tag(colour, state.name())
}

/// How a submission stands: a dry run that has ended was discarded by nobody.
pub fn submission(submission: &Submission) -> AnyView {
    match (submission.rehearsal, submission.state) {
        (true, State::Declined) => tag("grey", "Dry run").into_any(),
        (_, current) => state(current).into_any(),
    }
}

/// An account's status.
pub fn status(status: AccountStatus) -> impl IntoView {
    let colour = match status {
        AccountStatus::Active => "green",
        AccountStatus::Pending => "blue",
        AccountStatus::Inactive | AccountStatus::Locked | AccountStatus::Leaver => "yellow",
        AccountStatus::Disabled | AccountStatus::Deleted => "grey",
    };
    tag(colour, status.name())
}

/// An organisation's status.
pub fn organisation(status: OrganisationStatus) -> impl IntoView {
    match status {
        OrganisationStatus::Open => tag("green", "Open"),
        OrganisationStatus::Closed => tag("grey", "Closed"),
    }
}

/// How an offer stands, or ended.
pub fn offer(end: Option<OfferEnd>) -> impl IntoView {
    match end {
        None => tag("yellow", "Waits for an answer"),
        Some(OfferEnd::Accepted) => tag("green", "Accepted"),
        Some(OfferEnd::Declined) => tag("red", "Declined"),
        Some(OfferEnd::Withdrawn) => tag("grey", "Withdrawn"),
        Some(OfferEnd::Lapsed) => tag("grey", "Lapsed"),
        Some(OfferEnd::ContactDeleted) => tag("grey", "Contact deleted"),
        Some(OfferEnd::ContactMoved) => tag("grey", "Contact moved"),
    }
}

/// What a row will do, or came to.
pub fn row(kind: RowKind, outcome: Outcome) -> impl IntoView {
    match (outcome, kind) {
        (_, RowKind::Skipped) => tag("grey", "Skipped"),
        (Outcome::Stale, _) => tag("yellow", "Look again"),
        (_, RowKind::Kept) => tag("grey", "Kept"),
        (Outcome::LeftOut, RowKind::Problem) => tag("red", "Rejected"),
        (Outcome::LeftOut, _) => tag("grey", "Skipped"),
        (_, RowKind::Problem) => tag("red", "Problem"),
        (Outcome::Done, RowKind::Create) => tag("green", "Created"),
        (Outcome::Done, RowKind::Update) => tag("blue", "Updated"),
        (_, RowKind::Create) => tag("green", "Create"),
        (_, RowKind::Update) => tag("blue", "Update"),
        (_, RowKind::NoChange) => tag("grey", "No change"),
    }
}

/// As [`row`], for one of many for whom a form asks: the tag names what is done.
pub fn of_act(step: &Step, outcome: Outcome) -> impl IntoView + use<> {
    let (verb, done) = match step {
        Step::TurnAccount { turn, .. } => match turn {
            Turn::Disable => ("Disable", "Disabled"),
            Turn::Enable => ("Enable", "Enabled"),
            Turn::Unlock => ("Unlock", "Unlocked"),
            Turn::MarkLeaver => ("Mark as leaver", "Marked as leaver"),
            Turn::KeepOn => ("Undo the leaving", "Leaving undone"),
            Turn::Delete => ("Delete", "Deleted"),
            Turn::Restore => ("Restore", "Restored"),
            Turn::Activate | Turn::Wake | Turn::Idle | Turn::Lock => (turn.name(), "Done"),
        },
        Step::PlanLeaving { after: Some(_), .. } => ("Set leaving date", "Leaving date set"),
        Step::PlanLeaving { after: None, .. } => ("Take leaving date back", "Leaving date taken back"),
        Step::PlanAbsence { after: Some(_), .. } => ("Plan absence", "Absence planned"),
        Step::PlanAbsence { after: None, .. } => ("Take absence back", "Absence taken back"),
        Step::MoveAccount { .. } | Step::MoveContact { .. } => ("Transfer", "Transferred"),
        Step::UpdateAccount { .. } | Step::UpdateContact { .. } => ("Change", "Changed"),
        _ => return row(step.kind(), outcome).into_any(),
    };
    match outcome {
        Outcome::Waiting => tag("blue", verb).into_any(),
        Outcome::Done => tag("blue", done).into_any(),
        Outcome::Stale | Outcome::LeftOut => row(step.kind(), outcome).into_any(),
    }
}

/// As [`row`], for a row of an undo.
pub fn undone(kind: RowKind, outcome: Outcome) -> impl IntoView {
    match (outcome, kind) {
        (Outcome::Stale, _) => tag("yellow", "Look again"),
        (_, RowKind::Kept) => tag("grey", "Kept"),
        (_, RowKind::Problem) => tag("red", "Not reversed"),
        (Outcome::LeftOut, _) | (_, RowKind::Skipped) => tag("grey", "Skipped"),
        (_, RowKind::NoChange) => tag("grey", "As before"),
        (Outcome::Done, RowKind::Create | RowKind::Update) => tag("blue", "Reversed"),
        (Outcome::Waiting, RowKind::Create | RowKind::Update) => tag("blue", "Reverse"),
    }
}

/// The name that style sheets know a row by.
#[must_use]
pub const fn row_style(kind: RowKind, outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Stale => "stale",
        Outcome::Waiting | Outcome::Done | Outcome::LeftOut => kind.slug(),
    }
}

fn tag(colour: &'static str, word: &'static str) -> impl IntoView + use<> {
    view! { <strong class=format!("app-row__kind nhsuk-tag nhsuk-tag--{colour}")>{word}</strong> }
}
