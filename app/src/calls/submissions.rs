//! Deciding on a submission: a confirmation, a refusal, a pause. Each answers with the submission's page.

use std::time::Duration;

use domain::{
    channel::Channel,
    submission::{LookAlikes, State},
    values::ids::SubmissionId,
};
use gate::{Confirmation, GateError, Submission, Visit, to_type};
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
        Err(GateError::Unanswered | GateError::Uncounted) => {
            Ok(Answer::again(page, unanswered(&visit.submission(&id).await?, said)))
        }
        Err(error) => moved_on(&visit, &id, error).await,
    }
}

/// All that a confirmation does not say, or not rightly.
fn unanswered(submission: &Submission, said: Confirmation) -> FormState {
    let mut form = FormState::default();
    form.keep("look_alikes", said.look_alikes.map_or("", LookAlikes::slug));
    if submission.totals.warned() > 0 && said.look_alikes.is_none() {
        form.problem("look_alikes", "Choose what to do with rows that need a decision.");
    }
    if to_type(submission).is_some_and(|number| said.typed != Some(number)) {
        let wrong = match submission.channel {
            Channel::Portal | Channel::Undo => "Type the number of accounts that you see above the field.",
            _ => "Type the number that you see above the field.",
        };
        form.problem("number", wrong);
    }
    form
}

/// Stop for a while what is being applied.
///
/// # Errors
/// Where it is nothing of the caller's, or the server cannot do it.
#[server(prefix = "/submissions", endpoint = "{id}/pause", protocol = HtmlForm)]
pub async fn pause() -> Result<Answer, Refused> {
    let id = submission_named().await?;
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    then_its_page(&visit, &id, visit.pause(&id).await).await
}

/// Go on with what was paused.
///
/// # Errors
/// Where it is nothing of the caller's, or the server cannot do it.
#[server(prefix = "/submissions", endpoint = "{id}/resumption", protocol = HtmlForm)]
pub async fn resume() -> Result<Answer, Refused> {
    let id = submission_named().await?;
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    then_its_page(&visit, &id, visit.resume(&id).await).await
}

/// Discard the plan, or stop what is being applied.
///
/// # Errors
/// Where it is nothing of the caller's, or the server cannot do it.
#[server(prefix = "/submissions", endpoint = "{id}/refusal", protocol = HtmlForm)]
pub async fn refuse() -> Result<Answer, Refused> {
    let id = submission_named().await?;
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    then_its_page(&visit, &id, visit.decline(&id).await).await
}

async fn then_its_page(visit: &Visit<'_>, id: &SubmissionId, done: Result<(), GateError>) -> Result<Answer, Refused> {
    match done {
        Ok(()) => Ok(Answer::Go(routes::submission(id))),
        Err(error) => moved_on(visit, id, error).await,
    }
}

/// Pressed twice, or from a page that is no longer true: what has happened since, and the way to the submission.
pub(super) async fn moved_on(visit: &Visit<'_>, id: &SubmissionId, error: GateError) -> Result<Answer, Refused> {
    let GateError::Stale = error else {
        return Err(error.into());
    };
    let mut form = FormState::default();
    form.gone_on = Some(Box::new(visit.submission(id).await?));
    Ok(Answer::Moved(routes::HOME.to_owned(), Box::new(form)))
}
