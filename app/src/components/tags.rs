//! Words for states, each with a colour that says nothing the word does not.

use std::borrow::Cow;

use domain::{
    account::AccountStatus,
    change_file::{ReportResult, ReportSummary},
    life::Turn,
    offer::OfferEnd,
    organisation::OrganisationStatus,
    plan::{AccountStep, ContactStep, RowKind, Step},
    submission::{Outcome, RowResult, State},
    subscription::SubscriptionState,
    values::ids::SubmissionId,
};
use gate::{ChangeFileShown, Submission, UndoWay, needs_columns};
use leptos::prelude::*;

use crate::{components::change_file_stage::Stage, visitor::Visitor, words::clock};

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
        (true, State::Declined) => tag("grey", stands(submission)).into_any(),
        _ if submission.is_barred() => tag("red", stands(submission)).into_any(),
        _ if submission.is_withdrawn() => tag("grey", stands(submission)).into_any(),
        (_, State::Unreadable) if needs_columns(submission) => tag("yellow", stands(submission)).into_any(),
        _ if submission.waits_for_the_run() => tag("blue", stands(submission)).into_any(),
        (_, current) => state(current).into_any(),
    }
}

/// As [`submission`], where it is known which files by email later ones replace altogether.
pub fn beside_others(submission: &Submission, replaced: &[SubmissionId]) -> AnyView {
    match submission.waits_for_the_run() && replaced.contains(&submission.id) {
        true => self::replaced(),
        false => self::submission(submission),
    }
}

/// How a file by email stands that waits, while later ones replace all of it.
pub fn replaced() -> AnyView {
    tag("grey", State::Superseded.name()).into_any()
}

/// How a submission stands, in words.
#[must_use]
pub fn stands(submission: &Submission) -> Cow<'static, str> {
    match (submission.rehearsal, submission.state) {
        (true, State::Declined) => "Dry run".into(),
        _ if submission.is_barred() => "Not applied".into(),
        _ if submission.is_withdrawn() => "Withdrawn".into(),
        (_, State::Unreadable) if needs_columns(submission) => "Columns needed".into(),
        _ if submission.waits_for_the_run() => {
            let run_at = Visitor::of_page().gate.rules().email.run_at;
            format!("Waiting for the run at {}", clock(run_at)).into()
        }
        (_, current) => current.name().into(),
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
        Some(OfferEnd::Lapsed) => tag("grey", "Expired"),
        Some(OfferEnd::ContactDeleted) => tag("grey", "Contact deleted"),
        Some(OfferEnd::ContactMoved) => tag("grey", "Contact moved"),
    }
}

/// What a row will do, or came to.
pub fn row(kind: RowKind, result: RowResult) -> impl IntoView {
    let (colour, word) = said_of_row(kind, result);
    tag(colour, word)
}

/// A row that was not applied, because nobody was there to decide on it.
pub fn undecided_row() -> impl IntoView {
    tag("yellow", "Needs a decision")
}

const fn said_of_row(kind: RowKind, result: RowResult) -> (&'static str, &'static str) {
    match (result, kind) {
        (RowResult::Superseded, _) => ("grey", "Replaced by a later file"),
        (_, RowKind::Skipped) => ("grey", "Skipped"),
        (RowResult::Stale, _) => ("yellow", "Check again"),
        (_, RowKind::Kept) => ("grey", "Kept"),
        (RowResult::Rejected, _) => ("red", "Rejected"),
        (RowResult::Undecided | RowResult::Skipped, _) => ("grey", "Skipped"),
        (_, RowKind::Problem) => ("red", "Problem"),
        (RowResult::Done(_), RowKind::Create) => ("green", "Created"),
        (RowResult::Done(_), RowKind::Update) => ("blue", "Updated"),
        (RowResult::Would(_), RowKind::Create) => ("green", "Would be created"),
        (RowResult::Would(_), RowKind::Update) => ("blue", "Would be updated"),
        (RowResult::Waiting, RowKind::Create) => ("green", "Create"),
        (RowResult::Waiting, RowKind::Update) => ("blue", "Update"),
        (_, RowKind::NoChange) => ("grey", "No change"),
    }
}

/// As [`row`], for one of many for whom a form asks: the tag names what is done.
pub fn of_act(step: &Step, outcome: Outcome) -> impl IntoView + use<> {
    let (verb, done) = match step {
        Step::Account(_, AccountStep::Turn { turn, .. }) => match turn {
            Turn::Disable => ("Disable", "Disabled"),
            Turn::Enable => ("Enable", "Enabled"),
            Turn::Unlock => ("Unlock", "Unlocked"),
            Turn::MarkLeaver => ("Mark as leaver", "Marked as leaver"),
            Turn::KeepOn => ("Undo the leaving", "Leaving undone"),
            Turn::Delete => ("Delete", "Deleted"),
            Turn::Restore => ("Restore", "Restored"),
            Turn::Activate | Turn::Wake | Turn::Idle | Turn::Lock => (turn.name(), "Done"),
        },
        Step::Account(_, AccountStep::PlanLeaving { after: Some(_), .. }) => ("Set leaving date", "Leaving date set"),
        Step::Account(_, AccountStep::PlanLeaving { after: None, .. }) => {
            ("Cancel leaving date", "Leaving date cancelled")
        }
        Step::Account(_, AccountStep::PlanAbsence { after: Some(_), .. }) => ("Plan absence", "Absence planned"),
        Step::Account(_, AccountStep::PlanAbsence { after: None, .. }) => ("Cancel absence", "Absence cancelled"),
        Step::Account(_, AccountStep::Move { .. }) | Step::Contact(_, ContactStep::Move { .. }) => {
            ("Transfer", "Transferred")
        }
        Step::Account(_, AccountStep::Update { .. }) | Step::Contact(_, ContactStep::Update { .. }) => {
            ("Change", "Changed")
        }
        _ => return row(step.kind(), RowResult::of(false, outcome, step.kind(), false)).into_any(),
    };
    match outcome {
        Outcome::Waiting => tag("blue", verb).into_any(),
        Outcome::Done => tag("blue", done).into_any(),
        Outcome::Stale | Outcome::LeftOut | Outcome::Superseded => {
            row(step.kind(), RowResult::of(false, outcome, step.kind(), false)).into_any()
        }
    }
}

/// As [`row`], for a row of an undo.
pub fn undone(kind: RowKind, outcome: Outcome, way: UndoWay) -> impl IntoView {
    let (not_done, done, to_do) = match way {
        UndoWay::Reverses => ("Not reversed", "Reversed", "Reverse"),
        UndoWay::PutsBack => ("Not put back", "Put back", "Put back"),
    };
    match (outcome, kind) {
        (Outcome::Stale, _) => tag("yellow", "Check again"),
        (_, RowKind::Kept) => tag("grey", "Kept"),
        (_, RowKind::Problem) => tag("red", not_done),
        (Outcome::LeftOut | Outcome::Superseded, _) | (_, RowKind::Skipped) => tag("grey", "Skipped"),
        (_, RowKind::NoChange) => tag("grey", "As before"),
        (Outcome::Done, RowKind::Create | RowKind::Update) => tag("blue", done),
        (Outcome::Waiting, RowKind::Create | RowKind::Update) => tag("blue", to_do),
    }
}

/// The name that style sheets know a row by.
#[must_use]
pub const fn row_style(kind: RowKind, outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Stale => "stale",
        Outcome::Waiting | Outcome::Done | Outcome::LeftOut | Outcome::Superseded => kind.slug(),
    }
}

/// Where a subscription stands.
pub fn subscription(state: SubscriptionState) -> impl IntoView {
    let colour = match state {
        SubscriptionState::Pending => "blue",
        SubscriptionState::Active => "green",
        SubscriptionState::Suspended => "yellow",
        SubscriptionState::Cancelled => "grey",
    };
    tag(colour, state.name())
}

/// What became of a row of a change file.
pub fn report_result(result: ReportResult) -> impl IntoView {
    let (colour, name) = match result {
        ReportResult::Done => ("green", "Done"),
        ReportResult::NoChange => ("grey", "No change"),
        ReportResult::Accepted => ("blue", "Accepted"),
        ReportResult::Rejected => ("red", "Rejected"),
        ReportResult::Held => ("yellow", "Held"),
        ReportResult::NotAttempted => ("grey", "Not attempted"),
        ReportResult::Notice => ("grey", "Notice"),
    };
    tag(colour, name)
}

/// A row of a change file that waits for a person: it says what it would do.
pub fn waiting_row() -> impl IntoView {
    tag("blue", "Waiting")
}

/// How far a change file is.
pub fn change_file(file: &ChangeFileShown) -> impl IntoView + use<> {
    let (colour, word) = said_of_change_file(file);
    tag(colour, word)
}

/// The same in a word: lists and the page of the file say one.
#[must_use]
pub fn change_file_word(file: &ChangeFileShown) -> &'static str {
    said_of_change_file(file).1
}

fn said_of_change_file(file: &ChangeFileShown) -> (&'static str, &'static str) {
    let counts = file.counts.filter(|counts| counts.has_problems());
    let is_none_applied = |counts: ReportSummary| counts.done + counts.no_change + counts.accepted == 0;
    match (Stage::of(file), &file.why, counts) {
        (Stage::Working, ..) => ("blue", "In progress"),
        (Stage::Waiting, ..) => ("yellow", "Waiting"),
        (_, Some(why), _) if !why.is_notice() => ("red", "Not processed"),
        _ if file.rehearsal => ("grey", "Checked"),
        (.., Some(counts)) if is_none_applied(counts) => ("yellow", "Nothing applied"),
        (.., Some(_)) => ("yellow", "Partly applied"),
        (.., None) => ("green", "Applied"),
    }
}

fn tag<W: Into<String>>(colour: &'static str, word: W) -> impl IntoView + use<W> {
    let word: String = word.into();
    view! { <strong class=format!("app-row__kind nhsuk-tag nhsuk-tag--{colour}")>{word}</strong> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_whose_file_was_replaced_says_so() {
        for kind in RowKind::ALL {
            let replaced = RowResult::of(false, Outcome::Superseded, kind, false);
            assert_eq!(said_of_row(kind, replaced), ("grey", "Replaced by a later file"));
        }
    }

    #[test]
    fn a_row_of_a_dry_run_says_what_would_happen() {
        let said = |kind, warned| said_of_row(kind, RowResult::of(true, Outcome::LeftOut, kind, warned)).1;
        assert_eq!(said(RowKind::Create, false), "Would be created");
        assert_eq!(said(RowKind::Update, false), "Would be updated");
        assert_eq!(said(RowKind::NoChange, false), "No change");
        assert_eq!(said(RowKind::Problem, false), "Rejected");
        assert_eq!(said(RowKind::Create, true), "Skipped");
    }
}
