//! Deciding on a submission: a confirmation, a refusal, a pause. Each answers with the submission's page.

use std::time::Duration;

use domain::{
    channel::Channel,
    ids::SubmissionId,
    submission::{LookAlikes, State},
};
use gate::{Confirmation, GateError, Visit};
use leptos::prelude::*;

use super::{
    answer::{Answer, Refused},
    form::{Fields, HtmlForm},
    submission_named,
};
use crate::{forms::FormState, once::OnceLinks, routes, visitor::Visitor};

/// How long an upload waits for its check, so that a small file's review is the next page.
const PATIENCE: Duration = Duration::from_secs(2);

/// Waits a little, so that the check of something small is done when its page is shown.
pub async fn wait_for_check(visit: &Visit<'_>, id: &SubmissionId) {
    let checked = async {
        while let Ok(submission) = visit.submission(id).await {
            if submission.state != State::Received {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    };
    let _ = tokio::time::timeout(PATIENCE, checked).await;
}

/// What a confirmation has seen that does not say which plan: none that there is.
pub const NOTHING_SEEN: i64 = -1;

/// Apply what was shown.
///
/// # Errors
/// Where it is nothing of the caller's, or the server cannot do it.
#[server(prefix = "/submissions", endpoint = "{id}/confirmation", protocol = HtmlForm)]
pub async fn confirm(
    /// The plan that was shown, what to do with rows that need a decision, and how many accounts it changes.
    #[server(flatten)]
    said: Fields,
) -> Result<Answer, Refused> {
    let id = submission_named().await?;
    let page = routes::submission(&id);
    let said = Confirmation {
        seen: said.one("seen").parse().unwrap_or(NOTHING_SEEN),
        look_alikes: LookAlikes::from_slug(said.one("look_alikes")),
        typed: said.text("number").replace(',', "").parse().ok(),
    };
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    if visit.asks_for_proof(&id).await? && !visitor.is_proved {
        return Ok(Answer::ProveFirst(page));
    }
    match visit.confirm(&id, said).await {
        Ok(links) if links.is_empty() => Ok(Answer::Go(page)),
        // One-time links are nowhere to be read again: this very answer shows them, and nothing keeps it.
        Ok(links) => Ok(Answer::once(page, OnceLinks(links))),
        Err(GateError::Unanswered) => {
            let mut form = FormState::default();
            form.problem("look_alikes", "Choose what to do with rows that need a decision.");
            Ok(Answer::again(page, form))
        }
        Err(GateError::Uncounted) => {
            let mut form = FormState::default();
            form.keep("look_alikes", said.look_alikes.map_or("", LookAlikes::slug));
            let said = match visit.submission(&id).await?.channel {
                Channel::Portal | Channel::Undo => "Enter how many accounts this changes: the number above the field.",
                _ => "Type how many this file changes: the number above the field.",
            };
            form.problem("number", said);
            Ok(Answer::again(page, form))
        }
        Err(error) => moved_on(&id, error),
    }
}

/// Stop for a while what is being applied.
///
/// # Errors
/// Where it is nothing of the caller's, or the server cannot do it.
#[server(prefix = "/submissions", endpoint = "{id}/pause", protocol = HtmlForm)]
pub async fn pause() -> Result<Answer, Refused> {
    let id = submission_named().await?;
    then_its_page(&id, Visitor::of_page().acts()?.pause(&id).await)
}

/// Go on with what was paused.
///
/// # Errors
/// Where it is nothing of the caller's, or the server cannot do it.
#[server(prefix = "/submissions", endpoint = "{id}/resumption", protocol = HtmlForm)]
pub async fn resume() -> Result<Answer, Refused> {
    let id = submission_named().await?;
    then_its_page(&id, Visitor::of_page().acts()?.resume(&id).await)
}

/// Discard the plan, or stop what is being applied.
///
/// # Errors
/// Where it is nothing of the caller's, or the server cannot do it.
#[server(prefix = "/submissions", endpoint = "{id}/refusal", protocol = HtmlForm)]
pub async fn refuse() -> Result<Answer, Refused> {
    let id = submission_named().await?;
    then_its_page(&id, Visitor::of_page().acts()?.decline(&id).await)
}

fn then_its_page(id: &SubmissionId, done: Result<(), GateError>) -> Result<Answer, Refused> {
    match done {
        Ok(()) => Ok(Answer::Go(routes::submission(id))),
        Err(error) => moved_on(id, error),
    }
}

/// Pressed twice, or from a page that is no longer true: the page itself says how things stand.
pub(super) fn moved_on(id: &SubmissionId, error: GateError) -> Result<Answer, Refused> {
    match error {
        GateError::Stale => Ok(Answer::Go(routes::submission_moved(id))),
        error => Err(error.into()),
    }
}
