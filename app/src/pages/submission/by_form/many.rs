//! One thing for many people: what will happen to each before it is confirmed, and what was done.

use domain::{
    life::Turn,
    request::Wish,
    submission::{LookAlikes, Outcome, State},
};
use gate::{MadeLink, Review, Submission, seen};
use leptos::prelude::*;

use super::{HasMoved, Heading, NotMine, Reference, once::Once};
use crate::{
    components::{acts::ActOn, consequences::Consequences},
    pages::submission::{listing::Listing, shown::Shown},
    routes,
    words::counted,
};

/// The plan, waiting for its asker's word.
#[component]
pub(super) fn ManyPlanned(review: Review, shown: Shown) -> impl IntoView {
    let submission = review.submission.clone();
    let totals = &submission.totals;
    let (stale, problems) = (totals.with(Outcome::Stale), totals.with_problems());
    let heading = match (stale, problems) {
        (0, 0) => "It can be done for everybody".to_owned(),
        (0, problems) => format!("It cannot be done for {}", counted(problems, "person", "people")),
        (stale, _) => format!("{} changed while you were looking", counted(stale, "person", "people")),
    };
    let done = match totals.with(Outcome::Done) {
        0 => "It has been done for nobody yet.".to_owned(),
        done => format!("It is done for {}.", counted(done, "person", "people")),
    };
    let went_back = (stale > 0).then(|| {
        view! {
            <p>{done} " What has changed in the meantime waits for you to look again."</p>
        }
    });
    let decide = match review.is_mine {
        true => view! { <Decide submission=submission.clone() change=change(&review)/> }.into_any(),
        false => view! { <NotMine submission=submission.clone()/> }.into_any(),
    };
    view! {
        <Heading caption="Check before it is done" submission=submission.clone()/>
        {shown.moved.then(|| view! { <HasMoved/> })}
        <h2>{heading}</h2>
        {went_back}
        <Consequences review=review.clone()/>
        {decide}
        <Listing review shown/>
        <Reference submission/>
    }
}

/// How it ended, with the one-time links that were made a moment ago.
#[component]
pub(super) fn ManyEnded(review: Review, shown: Shown, links: Vec<MadeLink>) -> impl IntoView {
    let submission = review.submission.clone();
    let totals = &submission.totals;
    let people = |number| counted(number, "person", "people");
    let is_applied = submission.state == State::Applied;
    let changed = totals.count(|tally| tally.outcome == Outcome::Done && tally.kind.changes_something());
    let so_already = totals.count(|tally| tally.outcome == Outcome::Done && !tally.kind.changes_something());
    let left_out = totals.with(Outcome::LeftOut);
    let mut said = vec![format!("{} changed", people(changed))];
    if so_already > 0 {
        said.push(format!("{} so already", people(so_already)));
    }
    if left_out > 0 {
        said.push(format!("{} left out", people(left_out)));
    }
    let heading = if is_applied {
        view! {
            <div class="nhsuk-panel">
                <h1 class="nhsuk-panel__title app-break">{submission.file_name.clone()}</h1>
                <div class="nhsuk-panel__body">{said.join(", ")} "."</div>
            </div>
        }
        .into_any()
    } else {
        view! { <Heading caption="Not done" submission=submission.clone()/> <p>"Nothing was changed."</p> }.into_any()
    };
    let links = links.into_iter().map(|link| view! { <Once link/> }).collect_view();
    view! {
        {heading}
        {links}
        <Listing review shown/>
        {(is_applied && changed > 0).then(|| view! { <ActOn id=submission.id.clone() created=0 updated=changed/> })}
        <p><a href=routes::PEOPLE>"Go to all people"</a></p>
        <Reference submission/>
    }
}

/// The form in which it was asked for, where more was answered there than what should be done.
fn change(review: &Review) -> Option<String> {
    let asked = review.rows.first().map(|row| &row.request.wish);
    let has_answers = matches!(
        asked,
        Some(
            Wish::Turn {
                turn: Turn::MarkLeaver,
                ..
            } | Wish::Leaving { .. }
                | Wish::MoveAccount { .. }
        )
    );
    let is_begun = review.submission.totals.with(Outcome::Done) > 0;
    (has_answers && !is_begun).then(|| routes::act_again(&review.submission.id))
}

#[component]
fn Decide(submission: Submission, change: Option<String>) -> impl IntoView {
    let totals = &submission.totals;
    let (most, problems) = (totals.to_apply(LookAlikes::Create), totals.with_problems());
    let confirmation = routes::submission_part(&submission.id, "confirmation");
    let refusal = routes::submission_part(&submission.id, "refusal");
    let label = match problems {
        0 => format!("Do it for {}", counted(most, "person", "people")),
        problems => format!("Do it for {}, leave {problems} out", counted(most, "person", "people")),
    };
    let refuse = match (totals.with(Outcome::Done), most) {
        (0, 0) => "Discard",
        (0, _) => "Do not do it",
        _ => "Leave the rest out",
    };
    let seen = seen(&submission).to_string();
    let confirm = (most > 0).then(|| {
        view! {
            <form class="app-actions__form" method="post" action=confirmation>
                <input type="hidden" name="seen" value=seen/>
                <input type="hidden" name="look_alikes" value=LookAlikes::Create.slug()/>
                <button class="nhsuk-button">{label}</button>
            </form>
        }
    });
    let change = change.map(|href| view! { <a class="nhsuk-button nhsuk-button--secondary" href=href>"Change"</a> });
    let nothing = (most == 0).then(|| view! { <p>"There is nothing to do: see below why."</p> });
    view! {
        {nothing}
        <div class="app-actions app-actions--large">
            {confirm}
            {change}
            <form class="app-actions__form" method="post" action=refusal>
                <button class="nhsuk-button nhsuk-button--secondary">{refuse}</button>
            </form>
        </div>
    }
}
