//! The page of an undo: what it will reverse, what it keeps and what cannot be reversed; and the way to it, on the page of
//! what is applied.

use domain::{
    channel::Channel,
    life::Turn,
    plan::RowKind,
    submission::{LookAlikes, Outcome, State},
};
use gate::{ActKind, GateError, Review, Submission, UndoWay, Undoing, Undone, Visit, left_by_undo, seen, to_type};
use leptos::prelude::*;

use super::{
    deciding::Count,
    listing::Listing,
    moving::Moving,
    shown::Shown,
    undo_this::{ROLES_STAY, UndoThis, ends_roles},
};
use crate::{
    calls::{
        about,
        submissions::{Confirm, Refuse},
    },
    components::{error_summary::ErrorSummary, tags},
    forms::FormState,
    routes,
    visitor::Visitor,
    words::{self, counted},
};

/// What is said of an undo.
struct Verbs {
    caption: &'static str,
    button: &'static str,
    verb: &'static str,
    verbs: &'static str,
    doing: &'static str,
    done: &'static str,
    ended: &'static str,
    refuse: &'static str,
}

const fn verbs(way: UndoWay) -> Verbs {
    match way {
        UndoWay::Reverses => Verbs {
            caption: "Undo ",
            button: "Reverse",
            verb: "reverse",
            verbs: "reverses",
            doing: "Reversing",
            done: "reversed",
            ended: "Undone",
            refuse: "Do not undo it",
        },
        UndoWay::PutsBack => Verbs {
            caption: "Put back ",
            button: "Put back",
            verb: "put back",
            verbs: "puts back",
            doing: "Putting back",
            done: "put back",
            ended: "Put back",
            refuse: "Do not put it back",
        },
    }
}

/// The page, and its title.
pub(super) async fn page(
    visit: &Visit<'_>,
    review: Review,
    shown: Shown,
    undoing: Option<Undoing>,
    form: FormState,
) -> Result<(String, AnyView), GateError> {
    let submission = review.submission.clone();
    let (undoes, way) = (visit.undoes(&submission).await?, UndoWay::of(&submission));
    let title = format!("{}: {}", submission.file_name, submission.state.name());
    // Whoever sees the undo need not see all that it undoes.
    let undone = match &submission.undoes {
        Some(undone) => match visit.submission(undone).await {
            Ok(undone) => Some(undone),
            Err(GateError::NotFound | GateError::Denied) => None,
            Err(error) => return Err(error),
        },
        None => None,
    };
    let stays = undone
        .as_ref()
        .map(|undone| stays(undone.channel, left_by_undo(undone, &submission)))
        .unwrap_or_default();
    let heading = {
        let (submission, undone) = (submission.clone(), undone.clone());
        view! { <Heading submission undone/> }.into_any()
    };
    let moving = |label: &'static str, heading: AnyView| {
        let note = "You can leave this page. The work continues, and you can find it under Uploads.";
        view! { <Moving review=review.clone() label what="rows" note>{heading}</Moving> }.into_any()
    };
    let view = match submission.state {
        State::Received => moving(
            match way {
                UndoWay::Reverses => "Checking what can be reversed",
                UndoWay::PutsBack => "Checking what can be put back",
            },
            heading,
        ),
        State::Applying => moving(verbs(way).doing, heading),
        State::Planned => view! { {heading} <Planned review shown undone undoes stays form=form.clone()/> }.into_any(),
        State::Unreadable => view! { {heading} <p>"Nothing has been changed."</p> }.into_any(),
        State::Applied | State::Declined | State::Superseded => {
            view! { {heading} <Ended review shown undoes undoing stays/> }.into_any()
        }
    };
    let page = view! {
        <a class="nhsuk-back-link" href=routes::UPLOADS>"Uploads"</a>
        <ErrorSummary form/>
        {view}
    };
    Ok((title, page.into_any()))
}

/// What is undone, who asked for it and when, and how things stand.
#[component]
fn Heading(submission: Submission, undone: Option<Submission>) -> impl IntoView {
    let way = UndoWay::of(&submission);
    let undone = undone.map(|undone| {
        let what = match undone.channel {
            Channel::Undo => "",
            Channel::Portal => "the change ",
            channel if channel.is_machine() => "the submission ",
            _ => "the upload ",
        };
        let href = routes::submission(&undone.id);
        let did = match way {
            UndoWay::Reverses => " did.",
            UndoWay::PutsBack => " took back.",
        };
        view! {
            <p>"It " {verbs(way).verbs} " what " {what} <a href=href>{undone.file_name}</a> {did}</p>
        }
    });
    view! {
        <h1 class="app-break">
            <span class="nhsuk-caption-l">{verbs(way).caption} {submission.id.to_string()}</span>
            " "
            {submission.file_name.clone()}
        </h1>
        <p>
            {tags::state(submission.state)}
            " Asked for by " {submission.actor.name().to_owned()} ", " {words::moment(submission.received_at)}
        </p>
        {undone}
        {submission.trouble.map(|trouble| view! { <div class="nhsuk-inset-text"><p>{trouble}</p></div> })}
    }
}

/// The plan, waiting for its asker's word.
#[component]
fn Planned(
    review: Review,
    shown: Shown,
    undone: Option<Submission>,
    undoes: Option<Undone>,
    /// What is not reversed at all.
    stays: Vec<String>,
    form: FormState,
) -> impl IntoView {
    let submission = review.submission.clone();
    let totals = &submission.totals;
    let (most, stale) = (totals.to_apply(LookAlikes::Create), totals.with(Outcome::Stale));
    let way = UndoWay::of(&submission);
    let done = verbs(way).done;
    let heading = match (stale, most) {
        (0, 0) => format!("Nothing can be {done}"),
        (0, most) => format!("{} can be {done}", things(undoes, most)),
        (stale, _) => format!("{} changed since you opened this", things(undoes, stale)),
    };
    let so_far = match totals.with(Outcome::Done) {
        0 => "Nothing has been changed yet.".to_owned(),
        1 => "1 is done.".to_owned(),
        done => format!("{} are done.", words::thousands(done)),
    };
    let warns = undone.as_ref().is_some_and(|undone| {
        let is_again = undone.channel == Channel::Undo;
        takes_away(undoes, is_again, made(undone))
    });
    let follows = (most > 0).then(|| match undoes {
        Some(Undone::Act(kind)) => view! { <ActFollows kind way/> }.into_any(),
        Some(Undone::LeavingDate) => view! {
            <ul><li>"Leaving dates go back to what they were. A date that has been changed since stays."</li></ul>
        }
        .into_any(),
        Some(Undone::Upload | Undone::Sent) | None => view! { <Follows undone/> }.into_any(),
    });
    let decide = match review.is_mine {
        true => view! { <Decide submission=submission.clone() most undoes warns form/> }.into_any(),
        false => view! { <div class="nhsuk-inset-text"><p>"Only " {submission.actor.name().to_owned()} ", who asked for this, can confirm it."</p></div> }.into_any(),
    };
    view! {
        <h2>{heading}</h2>
        <p>{so_far}</p>
        {follows}
        {listed(stays)}
        {decide}
        <Listing review shown/>
    }
}

/// What a change file did that no undo reverses. `left` is how many of its rows did nothing else.
fn stays(of: Channel, left: u32) -> Vec<String> {
    if of != Channel::ChangeFile {
        return vec![];
    }
    let all = "Seats, extra storage and links that were sent stay as they are: other people may have the seats by now. Change \
               seats by form or in a new file.";
    let rows = match left {
        0 => None,
        1 => Some("1 row of the file did nothing else, so it is not reversed.".to_owned()),
        left => Some(format!(
            "{} of the file did nothing else, so they are not reversed.",
            counted(left, "row", "rows")
        )),
    };
    std::iter::once(all.to_owned()).chain(rows).collect()
}

/// Sentences, one under the other; nothing where there is none.
fn listed(sentences: Vec<String>) -> Option<impl IntoView> {
    let items = sentences.into_iter().map(|sentence| view! { <li>{sentence}</li> });
    let items: Vec<_> = items.collect();
    (!items.is_empty()).then(|| view! { <ul>{items}</ul> })
}

/// What will happen, before it is confirmed.
#[component]
fn Follows(undone: Option<Submission>) -> impl IntoView {
    let deleted_days = Visitor::of_page().gate.rules().timers.deleted_days;
    let days = counted(deleted_days, "day", "days");
    let is_upload = undone.as_ref().is_none_or(|undone| undone.channel != Channel::Undo);
    let accounts = match (is_upload, undone.as_ref().map(made)) {
        (true, Some(0)) => None,
        (true, _) => Some(format!(
            "Accounts that the upload created are deleted, unless they have been changed since, or are in use. \
             They can be restored for {days}; then they are permanently deleted."
        )),
        (false, _) => Some(format!(
            "Accounts that were deleted are restored. People who have not activated theirs get a new activation link. \
             Accounts that were restored are deleted, and can be restored for {days}."
        )),
    };
    view! {
        <ul>
            <li>"Details go back to what they were. A detail that has been changed since stays."</li>
            {accounts.map(|accounts| view! { <li>{accounts}</li> })}
        </ul>
    }
}

/// The same of one thing that was done to many.
#[component]
fn ActFollows(kind: ActKind, way: UndoWay) -> impl IntoView {
    let mut says = vec![];
    if way == UndoWay::PutsBack {
        says.push("What was undone is put back. Anything that has been changed since stays.");
    } else {
        says.push(match kind {
            ActKind::Change => {
                "Details go back to what they were. A detail that has been changed since stays."
            }
            ActKind::Move => {
                "People go back to the organisation, site and unit they came from. Anyone who has been given a role or moved again since \
                 stays where they are."
            }
            ActKind::Turn(_) => {
                "Accounts go back to the status they had before. A status that has been changed since stays."
            }
        });
        says.extend(match kind {
            ActKind::Turn(Turn::MarkLeaver) | ActKind::Move => Some("We will write to these people."),
            ActKind::Turn(Turn::Delete) => {
                Some("Anyone who never signed in is sent a new activation link: the earlier one no longer works.")
            }
            ActKind::Change | ActKind::Turn(_) => None,
        });
        says.extend(ends_roles(kind).then_some(ROLES_STAY));
    }
    view! { <ul>{says.into_iter().map(|said| view! { <li>{said}</li> }).collect_view()}</ul> }
}

/// How many accounts a submission created.
fn made(undone: &Submission) -> u32 {
    let is_made = |kind: RowKind, outcome: Outcome| kind == RowKind::Create && outcome == Outcome::Done;
    undone.totals.count(|tally| is_made(tally.kind, tally.outcome))
}

/// Whether an undo deletes or disables accounts, so that its button warns. `made` is how many were created, `is_again` whether
/// an undo is undone: what was done is then done again.
const fn takes_away(undoes: Option<Undone>, is_again: bool, made: u32) -> bool {
    match undoes {
        Some(Undone::Act(ActKind::Turn(turn))) if is_again => turn.ends_rights(),
        Some(Undone::Act(ActKind::Turn(turn))) => matches!(turn, Turn::Restore | Turn::Enable | Turn::KeepOn),
        Some(Undone::Act(ActKind::Move | ActKind::Change)) => false,
        // Undoing it takes the leaving dates away; doing it again sets them.
        Some(Undone::LeavingDate) => is_again,
        Some(Undone::Upload | Undone::Sent) | None => made > 0,
    }
}

/// What the rows of an undo are: rows of a file, or accounts to which one thing was done.
fn things(undoes: Option<Undone>, many: u32) -> String {
    match undoes {
        Some(Undone::Act(_) | Undone::LeavingDate) => counted(many, "account", "accounts"),
        Some(Undone::Upload | Undone::Sent) | None => counted(many, "row", "rows"),
    }
}

#[component]
fn Decide(submission: Submission, most: u32, undoes: Option<Undone>, warns: bool, form: FormState) -> impl IntoView {
    let confirmation = about::<Confirm>(&submission.id);
    let refusal = about::<Refuse>(&submission.id);
    let said = verbs(UndoWay::of(&submission));
    let button = format!("{} {}", said.button, things(undoes, most));
    let count = to_type(&submission).filter(|_| most > 0);
    let count = count.map(|number| view! { <Count submission=submission.clone() number form/> });
    let confirm = (most > 0).then(|| {
        view! {
            <form class="app-actions__form" method="post" action=confirmation novalidate>
                <input type="hidden" name="seen" value=seen(&submission).to_string()/>
                <input type="hidden" name="look_alikes" value=LookAlikes::Create.slug()/>
                {count}
                <button class="nhsuk-button" class=("nhsuk-button--warning", warns)>{button}</button>
            </form>
        }
    });
    let nothing = (most == 0).then(|| view! { <p>"There is nothing to " {said.verb} ": see below why."</p> });
    let refuse = match (submission.totals.with(Outcome::Done), most) {
        (0, 0) => "Discard",
        (0, _) => said.refuse,
        _ => "Skip the rest",
    };
    view! {
        {nothing}
        <div class="app-actions app-actions--large">
            {confirm}
            <form class="app-actions__form" method="post" action=refusal>
                <button class="nhsuk-button nhsuk-button--secondary">{refuse}</button>
            </form>
        </div>
    }
}

/// How it ended: what was reversed and what was not, and the way to do it again.
#[component]
fn Ended(
    review: Review,
    shown: Shown,
    undoes: Option<Undone>,
    undoing: Option<Undoing>,
    /// What is not reversed at all.
    stays: Vec<String>,
) -> impl IntoView {
    let submission = review.submission.clone();
    let totals = &submission.totals;
    let done = |kind: RowKind| totals.count(|tally| tally.kind == kind && tally.outcome == Outcome::Done);
    let kept = totals.of(RowKind::Kept);
    let not_reversed = totals.with(Outcome::LeftOut).saturating_sub(kept);
    let is_applied = submission.state == State::Applied;
    let way = UndoWay::of(&submission);
    let said = verbs(way);
    let heading = if is_applied {
        said.ended
    } else {
        submission.state.name()
    };
    let sum = match is_applied {
        true => format!(
            "{} {verb}, {} kept, {} not {verb}.",
            things(undoes, done(RowKind::Update)),
            words::thousands(kept),
            words::thousands(not_reversed),
            verb = said.done,
        ),
        false => "Nothing has been changed.".to_owned(),
    };
    let what = match way {
        UndoWay::Reverses => "undo",
        UndoWay::PutsBack => "redo",
    };
    view! {
        <div class="nhsuk-panel"><h2 class="nhsuk-panel__title">{heading}</h2><div class="nhsuk-panel__body">{sum}</div></div>
        {is_applied.then(|| listed(stays)).flatten()}
        {undoing.map(|undoing| view! { <UndoThis id=submission.id.clone() undoing what/> })}
        <Listing review shown/>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_undo_of_a_change_file_says_how_many_rows_stay() {
        assert_eq!(stays(Channel::PortalCsv, 9), Vec::<String>::new());
        assert_eq!(stays(Channel::ChangeFile, 0).len(), 1);
        let said = stays(Channel::ChangeFile, 9);
        assert!(said[0].starts_with("Seats, extra storage and links that were sent stay as they are"));
        assert_eq!(
            said[1],
            "9 rows of the file did nothing else, so they are not reversed."
        );
    }

    #[test]
    fn an_undo_that_deletes_or_disables_accounts_warns() {
        let turned = |turn, is_again| takes_away(Some(Undone::Act(ActKind::Turn(turn))), is_again, 0);
        assert!(turned(Turn::Restore, false) && turned(Turn::Enable, false) && turned(Turn::Delete, true));
        assert!(!turned(Turn::Delete, false) && !turned(Turn::Restore, true));
        assert!(takes_away(Some(Undone::Upload), false, 12) && !takes_away(Some(Undone::Upload), false, 0));
        assert!(takes_away(Some(Undone::LeavingDate), true, 0) && !takes_away(Some(Undone::LeavingDate), false, 0));
        assert!(!takes_away(Some(Undone::Act(ActKind::Change)), false, 0));
    }
}
