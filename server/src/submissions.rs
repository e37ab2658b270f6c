//! What is posted about submissions: a file, a confirmation, a refusal. Each answers with the submission's page.

use std::{io, time::Duration};

use app::{forms::FormState, once::OnceLinks, routes, visitor::Failure};
use axum::{
    extract::{FromRequest, Multipart, Path, Request},
    http::header,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    channel::Channel,
    ids::SubmissionId,
    submission::{LookAlikes, State},
};
use gate::{Arriving, ComingIn, Confirmation, Content, GateError, Visit};
use serde::Deserialize;
use tower_sessions::Session;

use crate::{
    asker::{Asker, Posted},
    bodies,
    busy::COME_BACK,
    fresh, refusals,
};

/// How long an upload waits for its check, so that a small file's review is the next page.
const PATIENCE: Duration = Duration::from_secs(2);

/// `POST /uploads`: a file from the form.
pub(crate) async fn upload(asker: Asker, request: Request) -> Response {
    let made = async {
        // Nobody sends a large file for nothing.
        if !asker.visit().abilities().await?.uploads {
            return Err(GateError::Denied);
        }
        taken(&asker, request, Channel::PortalCsv, routes::NEW_UPLOAD).await
    };
    asker.answer(made).await
}

/// `POST /organisation-imports`: a file of organisations from the form.
pub(crate) async fn import_organisations(asker: Asker, request: Request) -> Response {
    let made = async {
        asker.visit().manages_organisations().await?;
        taken(&asker, request, Channel::Organisations, routes::NEW_ORGANISATION_IMPORT).await
    };
    asker.answer(made).await
}

/// Takes a file in, and leads on to its review; the form again where none came.
async fn taken(asker: &Asker, request: Request, channel: Channel, page: &str) -> Result<Response, GateError> {
    let visit = asker.visit();
    let Some(place) = asker.busy().upload(asker.actor()).await else {
        bodies::discard(request.into_body()).await;
        let busy = Failure::Busy(COME_BACK);
        return Ok(refusals::answer(&asker.renderer, asker.parts.clone(), "uploads", busy).await);
    };
    let sent = match Multipart::from_request(request, &()).await {
        Ok(multipart) => file(multipart).await?,
        Err(_) => Sent::Nothing,
    };
    let wrong = match sent {
        Sent::File(file_name, bytes) => {
            let arriving = Arriving {
                channel,
                file_name,
                bytes,
            };
            let id = visit.submit(arriving).await?;
            drop(place);
            wait_for_check(&visit, &id).await;
            return Ok(Redirect::to(&routes::submission(&id)).into_response());
        }
        Sent::Nothing => "Choose the file that you want to upload.".to_owned(),
        Sent::CutShort => format!(
            "The file did not arrive whole, or is larger than {} MiB. Check it and upload it again.",
            asker.gate().formats().limits().mib
        ),
    };
    let mut form = FormState::default();
    form.problem("file", &wrong);
    Ok(asker.form_again(page, form).await)
}

enum Sent {
    File(String, Content),
    Nothing,
    CutShort,
}

/// The form's file, taken in as it comes.
async fn file(mut multipart: Multipart) -> io::Result<Sent> {
    loop {
        let mut field = match multipart.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => return Ok(Sent::Nothing),
            Err(_) => return Ok(Sent::CutShort),
        };
        if field.name() != Some("file") {
            continue;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        let coming = ComingIn::begin();
        loop {
            match field.chunk().await {
                // What keeps it from being taken is said at the end.
                Ok(Some(portion)) if coming.take(portion.to_vec()).await.is_ok() => {}
                Ok(_) => break,
                Err(_) => return Ok(Sent::CutShort),
            }
        }
        let content = coming.finish().await?;
        return Ok(match content.size() {
            // A browser sends an empty, nameless file where none was chosen.
            0 if name.is_empty() => Sent::Nothing,
            _ => Sent::File(name, content),
        });
    }
}

/// Waits a little, so that the check of something small is done when its page is shown.
pub(crate) async fn wait_for_check(visit: &Visit<'_>, id: &SubmissionId) {
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
pub(crate) const NOTHING_SEEN: i64 = -1;

/// What the confirmation's form sends.
#[derive(Deserialize)]
pub(crate) struct Confirm {
    #[serde(default)]
    seen: String,
    #[serde(default)]
    look_alikes: String,
    #[serde(default)]
    number: String,
}

/// `POST /submissions/{id}/confirmation`: apply what was shown.
pub(crate) async fn confirm(
    asker: Asker,
    session: Session,
    Path(id): Path<String>,
    Posted(said): Posted<Confirm>,
) -> Response {
    let made = async {
        let id = SubmissionId::parse(&id).ok_or(GateError::NotFound)?;
        let page = routes::submission(&id);
        let said = Confirmation {
            seen: said.seen.parse().unwrap_or(NOTHING_SEEN),
            look_alikes: LookAlikes::from_slug(&said.look_alikes),
            typed: said.number.trim().replace(',', "").parse().ok(),
        };
        if asker.visit().asks_for_proof(&id).await?
            && let Some(asked) = fresh::ask_again(asker.gate(), &session, &page).await
        {
            return Ok(asked);
        }
        match asker.visit().confirm(&id, said).await {
            Ok(links) if links.is_empty() => Ok(Redirect::to(&page).into_response()),
            // One-time links are nowhere to be read again: this very answer shows them, and nothing keeps it.
            Ok(links) => {
                let parts = asker.parts.clone();
                let shown = asker.renderer.page_with(parts, &page, OnceLinks(links)).await;
                Ok(([(header::CACHE_CONTROL, "no-store")], shown).into_response())
            }
            Err(GateError::Unanswered) => {
                let mut form = FormState::default();
                form.problem("look_alikes", "Choose what to do with rows that need a decision.");
                Ok(asker.form_again(&page, form).await)
            }
            Err(GateError::Uncounted) => {
                let mut form = FormState::default();
                form.keep("look_alikes", said.look_alikes.map_or("", LookAlikes::slug));
                let said = match asker.visit().submission(&id).await?.channel {
                    Channel::Portal | Channel::Undo => {
                        "Enter how many accounts this changes: the number above the field."
                    }
                    _ => "Type how many this file changes: the number above the field.",
                };
                form.problem("number", said);
                Ok(asker.form_again(&page, form).await)
            }
            Err(error) => moved_on(&id, error),
        }
    };
    asker.answer(made).await
}

/// `POST /submissions/{id}/pause`: stop for a while what is being applied.
pub(crate) async fn pause(asker: Asker, Path(id): Path<String>) -> Response {
    let made = async {
        let id = SubmissionId::parse(&id).ok_or(GateError::NotFound)?;
        then_its_page(&id, asker.visit().pause(&id).await)
    };
    asker.answer(made).await
}

/// `POST /submissions/{id}/resumption`: go on with it.
pub(crate) async fn resume(asker: Asker, Path(id): Path<String>) -> Response {
    let made = async {
        let id = SubmissionId::parse(&id).ok_or(GateError::NotFound)?;
        then_its_page(&id, asker.visit().resume(&id).await)
    };
    asker.answer(made).await
}

/// `POST /submissions/{id}/refusal`: discard the plan, or stop what is being applied.
pub(crate) async fn refuse(asker: Asker, Path(id): Path<String>) -> Response {
    let made = async {
        let id = SubmissionId::parse(&id).ok_or(GateError::NotFound)?;
        then_its_page(&id, asker.visit().decline(&id).await)
    };
    asker.answer(made).await
}

fn then_its_page(id: &SubmissionId, done: Result<(), GateError>) -> Result<Response, GateError> {
    match done {
        Ok(()) => Ok(Redirect::to(&routes::submission(id)).into_response()),
        Err(error) => moved_on(id, error),
    }
}

/// Pressed twice, or from a page that is no longer true: the page itself says how things stand.
pub(crate) fn moved_on(id: &SubmissionId, error: GateError) -> Result<Response, GateError> {
    match error {
        GateError::Stale => Ok(Redirect::to(&routes::submission_moved(id)).into_response()),
        error => Err(error),
    }
}
