//! The way to an undo, on the page of what is applied: until when it can be undone, or what came of that.

use domain::{
    submission::{Outcome, State},
    values::ids::SubmissionId,
};
use gate::{ActKind, Submission, Undoing, Undone};
use leptos::prelude::*;

use crate::{
    calls::{about, undo::Undo},
    routes,
    visitor::Visitor,
    words,
};

/// What an undo does not bring back.
pub(super) const ROLES_STAY: &str = "Roles and API tokens that ended do not come back: give them again if they are \
                                     needed. Anyone who was signed out must sign in again.";

/// Whether what was done ended the roles of its people.
pub(super) const fn ends_roles(kind: ActKind) -> bool {
    match kind {
        ActKind::Turn(turn) => turn.ends_rights(),
        ActKind::Move => true,
        ActKind::Change => false,
    }
}

/// What undoing it is called; an undo is undone by putting the changes back that it took away.
fn name_of_undoing(what: &str) -> String {
    match what {
        "undo" => "Put these changes back".to_owned(),
        "redo" => "Undo these changes".to_owned(),
        what => format!("Undo this {what}"),
    }
}

/// How far an undo is, and what the way to it is called.
fn how_far(undo: &Submission, is_mine: bool, puts_back: bool) -> (String, &'static str) {
    let name = undo.actor.name();
    let (did, does, see, would) = match puts_back {
        true => (
            "put these changes back",
            "putting these changes back",
            "See what was put back",
            "See what would be put back",
        ),
        false => (
            "undid it",
            "undoing it",
            "See what was reversed",
            "See what would be reversed",
        ),
    };
    match (undo.state, is_mine) {
        (State::Applied, _) => {
            let at = words::moment(undo.finished_at.unwrap_or(undo.received_at));
            (format!("{name} {did} on {at}."), see)
        }
        (State::Applying, _) => (format!("{name} is {does} now."), "See the progress"),
        (_, true) => ("You have asked for this already.".to_owned(), "Check it and decide"),
        (_, false) => (format!("{name} has asked for this and has not decided yet."), would),
    }
}

/// Until when what is applied can be undone, and the way to it; or what came of that. `what` it is: an upload, a submission,
/// a change, an undo, or the redo of one.
#[component]
pub(super) fn UndoThis(id: SubmissionId, undoing: Undoing, what: &'static str) -> impl IntoView {
    let Undoing {
        undoes,
        until,
        is_open,
        last,
        undone,
    } = undoing;
    let is_over = Visitor::of_page().gate.now() >= until;
    let viewer = Visitor::of_page().actor.and_then(|actor| actor.account());
    let is_mine = |undo: &Submission| undo.actor.account().is_some() && undo.actor.account() == viewer;
    let until = words::moment(until);
    // What was left out once may be possible now; who has asked already decides on that first.
    let name = name_of_undoing(what);
    // What undoes it puts back what this one reversed, where this is an undo.
    let puts_back = what == "undo";
    let left = match puts_back {
        true => "Put back what is left",
        false => "Undo what is left",
    };
    let (label, offered) = match &last {
        None => (name.clone(), true),
        Some(_) if undone.is_some() => (format!("{name} again"), true),
        Some(undo) if undo.state == State::Applied => (left.to_owned(), undo.totals.with(Outcome::LeftOut) > 0),
        Some(undo) => (name.clone(), undo.state == State::Planned && !is_mine(undo)),
    };
    let told = last.as_ref().map(|undo| {
        let (said, way) = how_far(undo, is_mine(undo), puts_back);
        view! { <p>{said} " " <a href=routes::submission(&undo.id)>{way}</a></p> }
    });
    // Whoever looks only here must not think that it is undone still.
    let undone = undone.map(|again| {
        let at = words::moment(again.finished_at.unwrap_or(again.received_at));
        let (did, see) = match puts_back {
            true => ("undid these changes again", "See what was reversed"),
            false => ("put these changes back", "See what was put back"),
        };
        let said = format!(
            "{} {did} on {at}, so what this {what} did applies again.",
            again.actor.name()
        );
        view! { <p><strong>{said}</strong> " " <a href=routes::submission(&again.id)>{see}</a></p> }
    });
    let roles = match undoes {
        Undone::Act(kind) if ends_roles(kind) && what != "undo" => format!(" {ROLES_STAY}"),
        Undone::Act(_) | Undone::LeavingDate | Undone::Upload | Undone::Sent => String::new(),
    };
    let ask = (is_open && offered).then(|| {
        let (can, done) = match puts_back {
            true => ("put them back", "put back"),
            false => ("undo it", "reversed"),
        };
        let first = format!(
            "Before anything is changed, you see what would be {done}, and what is kept because it has been changed \
             since."
        );
        view! {
            <p>{format!("You can {can} until {until}. {first}{roles}")}</p>
            <form method="post" action={about::<Undo>(&id)}>
                <button class="nhsuk-button nhsuk-button--secondary">{label}</button>
            </form>
        }
    });
    let over = (!is_open && last.is_none()).then(|| {
        let said = match (puts_back, is_over) {
            (true, true) => format!("They could be put back until {until}."),
            (true, false) => format!("They can be put back until {until}, by an administrator of all these people."),
            (false, true) => format!("It could be undone until {until}."),
            (false, false) => format!("It can be undone until {until}, by an administrator of all these people."),
        };
        view! { <p>{said}</p> }
    });
    let heading = match over.is_some() {
        // Without a button, it must not read like one.
        true => "Undo deadline".to_owned(),
        false => name,
    };
    view! {
        <section aria-labelledby="undo">
            <h2 id="undo">{heading}</h2>
            {told}
            {undone}
            {ask}
            {over}
        </section>
    }
}
