//! What is posted about submissions: a file, a confirmation, a refusal. Each answers with the submission's page.

use std::time::Duration;

use app::{forms::FormState, once::OnceLinks, routes};
use axum::{
    Extension, Form,
    extract::{FromRequest, Multipart, Path, Request, State},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    channel::Channel,
    ids::SubmissionId,
    policy::Actor,
    submission::{LookAlikes, State as Stage},
};
use gate::{Arriving, Confirmation, Gate, GateError};
use serde::Deserialize;
use tower_sessions::Session;

use crate::{fresh, render::Renderer, security::RequestId, sign_in};

/// How long an upload waits for its check, so that a small file's review is the next page.
const PATIENCE: Duration = Duration::from_secs(2);

/// `POST /uploads`: a file from the form.
pub(crate) async fn upload(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let visit = gate.on_behalf_of(&actor);
    // Nobody sends 64 MiB for nothing.
    match visit.profile().await {
        Ok(profile) if profile.uploads => {}
        Ok(_) => return failed(&renderer, parts, &GateError::Denied).await,
        Err(error) => return failed(&renderer, parts, &error).await,
    }
    let multipart = Multipart::from_request(Request::from_parts(parts.clone(), body), &()).await;
    let mut form = FormState::default();
    let sent = match multipart {
        Ok(multipart) => file(multipart).await,
        Err(_) => Sent::Nothing,
    };
    let (file_name, bytes) = match sent {
        Sent::File(name, bytes) => (name, bytes),
        Sent::Nothing => {
            form.problem("file", "Choose the file that you want to upload.");
            return renderer.form_page(parts, routes::NEW_UPLOAD, form).await;
        }
        Sent::CutShort => {
            form.problem(
                "file",
                "The file did not arrive whole, or is larger than 64 MiB. Check it and upload it again.",
            );
            return renderer.form_page(parts, routes::NEW_UPLOAD, form).await;
        }
    };
    match visit
        .submit(Arriving {
            channel: Channel::PortalCsv,
            file_name,
            bytes,
        })
        .await
    {
        Ok(id) => {
            wait_for_check(&gate, &actor, &id).await;
            Redirect::to(&routes::submission(&id)).into_response()
        }
        Err(error) => failed(&renderer, parts, &error).await,
    }
}

enum Sent {
    File(String, Vec<u8>),
    Nothing,
    CutShort,
}

async fn file(mut multipart: Multipart) -> Sent {
    loop {
        let field = match multipart.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => return Sent::Nothing,
            Err(_) => return Sent::CutShort,
        };
        if field.name() != Some("file") {
            continue;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        return match field.bytes().await {
            // A browser sends an empty, nameless file where none was chosen.
            Ok(bytes) if bytes.is_empty() && name.is_empty() => Sent::Nothing,
            Ok(bytes) => Sent::File(name, bytes.to_vec()),
            Err(_) => Sent::CutShort,
        };
    }
}

/// Waits a little, so that the check of something small is done when its page is shown.
pub(crate) async fn wait_for_check(gate: &Gate, actor: &Actor, id: &SubmissionId) {
    let checked = async {
        while let Ok(submission) = gate.on_behalf_of(actor).submission(id).await {
            if submission.state != Stage::Received {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    };
    let _ = tokio::time::timeout(PATIENCE, checked).await;
}

/// What the confirmation's form sends.
#[derive(Deserialize)]
pub(crate) struct Confirm {
    #[serde(default)]
    seen: i64,
    #[serde(default)]
    look_alikes: String,
}

/// `POST /submissions/{id}/confirmation`: apply what was shown.
pub(crate) async fn confirm(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    session: Session,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let rebuilt = Request::from_parts(parts.clone(), body);
    let Ok(Form(said)) = <Form<Confirm> as FromRequest<()>>::from_request(rebuilt, &()).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let Some(id) = SubmissionId::parse(&id) else {
        return failed(&renderer, parts, &GateError::NotFound).await;
    };
    let said = Confirmation {
        seen: said.seen,
        look_alikes: LookAlikes::from_slug(&said.look_alikes),
    };
    let page = routes::submission(&id);
    match gate.on_behalf_of(&actor).ends_many(&id).await {
        Ok(false) => {}
        Ok(true) => {
            if let Some(asked) = fresh::ask_again(&gate, &session, &page).await {
                return asked;
            }
        }
        Err(error) => return failed(&renderer, parts, &error).await,
    }
    match gate.on_behalf_of(&actor).confirm(&id, said).await {
        Ok(links) if links.is_empty() => Redirect::to(&page).into_response(),
        // One-time links are nowhere to be read again: this very answer shows them, and nothing keeps it.
        Ok(links) => {
            let shown = renderer.page_with(parts, &page, OnceLinks(links)).await;
            ([(header::CACHE_CONTROL, "no-store")], shown).into_response()
        }
        Err(GateError::Unanswered) => {
            let mut form = FormState::default();
            form.problem(
                "look_alikes",
                "Choose what to do with rows that may be about the wrong person.",
            );
            renderer.form_page(parts, &page, form).await
        }
        // Pressed twice, or from a page that is no longer true: the page itself says how things stand.
        Err(GateError::Stale) => Redirect::to(&routes::submission_moved(&id)).into_response(),
        Err(error) => failed(&renderer, parts, &error).await,
    }
}

/// `POST /submissions/{id}/refusal`: throw the plan away.
pub(crate) async fn refuse(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let Some(id) = SubmissionId::parse(&id) else {
        return failed(&renderer, parts, &GateError::NotFound).await;
    };
    match gate.on_behalf_of(&actor).decline(&id).await {
        Ok(()) => Redirect::to(&routes::submission(&id)).into_response(),
        Err(GateError::Stale) => Redirect::to(&routes::submission_moved(&id)).into_response(),
        Err(error) => failed(&renderer, parts, &error).await,
    }
}

/// The error page for what the gate did not do; the one log line of a trouble is written here.
pub(crate) async fn failed(renderer: &Renderer, parts: Parts, error: &GateError) -> Response {
    if let GateError::Trouble(_) = error {
        let reference = parts
            .extensions
            .get::<RequestId>()
            .map(ToString::to_string)
            .unwrap_or_default();
        tracing::error!(
            error = error as &dyn std::error::Error,
            reference,
            "the gate could not do it"
        );
    }
    let mut form = FormState::default();
    form.failure = Some(app::visitor::Failure::from(error));
    let page = renderer.page(parts, routes::HOME, form).await;
    match error {
        GateError::Busy => sign_in::busy(page),
        _ => page,
    }
}
