//! A submission that is checked or applied: how far it is, and what its sender may do about it.

use domain::{submission::State, values::numbers::pace};
use gate::Review;
use leptos::prelude::*;

use crate::{
    calls::{
        about,
        submissions::{Pause, Refuse, Resume},
    },
    islands::LiveProgress,
    routes,
    visitor::Visitor,
};

/// A bar that moves, by itself or by refresh; it stands still where it is paused. `what` are the things counted.
#[component]
pub(super) fn Moving(
    review: Review,
    label: &'static str,
    what: &'static str,
    note: &'static str,
    children: Children,
) -> impl IntoView {
    let submission = review.submission;
    let paused = submission.paused;
    let id = &submission.id;
    let (source, label, note) = match paused {
        true => (
            String::new(),
            "Paused",
            "What is applied stays applied. The rest waits.",
        ),
        false => (routes::submission_part(id, "progress"), label, note),
    };
    let post = |to: String, words: &'static str, secondary: bool| {
        view! {
            <form class="app-actions__form" method="post" action=to>
                <button class="nhsuk-button" class=("nhsuk-button--secondary", secondary)>{words}</button>
            </form>
        }
    };
    let is_applied = submission.state == State::Applying;
    let hold = (review.may_decide && is_applied).then(|| match paused {
        true => post(about::<Resume>(id), "Resume", false),
        false => post(about::<Pause>(id), "Pause", true),
    });
    let may_stop = review.may_decide && submission.state.may_become(State::Declined);
    let stop = may_stop.then(|| match is_applied {
        true => post(about::<Refuse>(id), "Stop, and skip the rest", true),
        false => post(about::<Refuse>(id), "Stop and discard", true),
    });
    let (done, all) = (submission.progress, submission.expected_rows);
    let now = Visitor::of_page().gate.now();
    let since = submission
        .confirmed_at
        .filter(|_| is_applied)
        .unwrap_or(submission.received_at);
    let moves_for = now.0.saturating_sub(since.0);
    let began = submission.confirmed_at.filter(|_| is_applied && !paused);
    let passed = began.map(|began| now.0 - began.0);
    let pace = passed.and_then(|passed| pace(done, passed, all.saturating_sub(done)));
    view! {
        {(!paused).then(|| view! { <Refresh page=routes::submission(id) moves_for/> })}
        {children()}
        <LiveProgress source label=label.to_owned() what=what.to_owned() done all pace/>
        <p>{note}</p>
        <div class="app-actions app-actions--large">{hold} {stop}</div>
    }
}

/// Without JavaScript the page comes again by itself, seldom enough to be read in between, and at once by a link. Each time it
/// begins at its top: the longer the work takes, the longer it stays. `moves_for` are milliseconds.
#[component]
fn Refresh(page: String, moves_for: i64) -> impl IntoView {
    view! {
        <noscript><meta http-equiv="refresh" content=comes_again(moves_for).to_string()/></noscript>
        <noscript>
            <p>"This page refreshes now and then. " <a href=page>"Refresh it now"</a></p>
        </noscript>
    }
}

/// After how many seconds the page of work that has gone on for so many milliseconds comes again.
fn comes_again(moves_for: i64) -> i64 {
    const SOONEST: i64 = 5;
    const LATEST: i64 = 60;
    (moves_for / 2_000).clamp(SOONEST, LATEST)
}

#[cfg(test)]
mod tests {
    use super::comes_again;

    #[test]
    fn a_page_without_scripts_comes_again_less_often_the_longer_it_takes() {
        assert_eq!(comes_again(0), 5);
        assert_eq!(comes_again(20_000), 10);
        assert_eq!(comes_again(3_600_000), 60);
    }
}
