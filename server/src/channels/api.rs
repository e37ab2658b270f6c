//! The interface for programs: a connector's machine sends files and reads what became of them. It proves whose it is by
//! a token in each request; there is no session and no cookie. Errors are JSON (RFC 9457).
//!
//! Envelopes only: what is sent goes through the same gate as every file, by its own channel.

mod told;

use std::{io, time::Duration};

use app::{
    busy::{COME_BACK, discard},
    routes,
    visitor::Failure,
};
use axum::{
    Extension, Json,
    body::Body,
    extract::{Path, Query, Request, State, rejection::QueryRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    channel::Channel,
    policy::Actor,
    submission::State as Stage,
    values::ids::{RowNumber, SubmissionId},
};
use futures::StreamExt;
use gate::{Arriving, ComingIn, Content, Filter, Gate, GateError, Report};
use serde::{Deserialize, Serialize};

use self::told::{Listed, Told};
use crate::{
    files::downloads::draft,
    http::{refusals, render::Renderer},
};

/// How long a sender waits at most for what is small to be done.
const PATIENCE: Duration = Duration::from_secs(2);

/// Submissions that a page of the list has.
const A_PAGE: u64 = 50;

/// `GET /api/v1/me`: whose the token is, and what they may send for through the API.
pub(crate) async fn me(State(gate): State<Gate>, Extension(actor): Extension<Actor>) -> Response {
    #[derive(Serialize)]
    struct Me {
        id: String,
        name: String,
        address: String,
        connector_of: Vec<Place>,
    }
    #[derive(Serialize)]
    struct Place {
        organisation: String,
        name: String,
        unit: Option<String>,
    }
    let visit = gate.on_behalf_of(&actor);
    let asked = async { Ok((visit.profile().await?, visit.sends_for().await?)) };
    match asked.await {
        Ok((profile, places)) => Json(Me {
            id: profile.account.id.to_string(),
            name: profile.account.full_name(),
            address: profile
                .account
                .attributes
                .text(domain::dictionary::Attribute::EmailAddress)
                .to_owned(),
            connector_of: places
                .into_iter()
                .map(|(organisation, unit)| Place {
                    organisation: organisation.code.to_string(),
                    name: organisation.name,
                    unit: unit.map(|unit| unit.to_string()),
                })
                .collect(),
        })
        .into_response(),
        Err(error) => refused(&error),
    }
}

/// How a file is sent. A parameter that is misspelt must not turn a dry run into a real one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sending {
    /// Whether it is only planned.
    #[serde(default)]
    dry_run: bool,
}

/// `POST /api/v1/submissions`: a file in one of the formats, as the body. It is sent as `text/csv`; a workbook is known by its
/// content and read like one that was uploaded. With `dry_run=true` it is planned, and nothing of it is ever applied. What
/// cannot be read at all is answered with 422 and all that is wrong with it.
pub(crate) async fn submit(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    sending: Result<Query<Sending>, QueryRejection>,
    request: Request,
) -> Response {
    let Ok(Query(Sending { dry_run })) = sending else {
        return problem(
            StatusCode::BAD_REQUEST,
            "The only parameter is “dry_run”, which is true or false. Nothing was applied.",
        );
    };
    let kind = request.headers().get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind
        .split(';')
        .next()
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("text/csv"))
    {
        let detail = "Send the file as the body, with Content-Type: text/csv.";
        return problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail);
    }
    let visit = gate.on_behalf_of(&actor);
    match visit.sending().await {
        Ok(scope) if !scope.is_empty() => {}
        // Nobody sends 64 MiB for nothing.
        Ok(_) => return refused(&GateError::Denied),
        Err(error) => return refused(&error),
    }
    let (parts, body) = request.into_parts();
    let Some(place) = renderer.busy.upload(&actor).await else {
        discard(body).await;
        return refusals::answer(&renderer, parts, "uploads", Failure::Busy(COME_BACK)).await;
    };
    let bytes = match taken_in(body).await {
        Ok(Some(bytes)) => bytes,
        Ok(None) => {
            let mib = gate.formats().limits().mib;
            let detail = format!("The upload was interrupted, or the file is larger than {mib} MB.");
            return problem(StatusCode::PAYLOAD_TOO_LARGE, &detail);
        }
        Err(error) => return refused(&error.into()),
    };
    let arriving = Arriving {
        channel: Channel::Api,
        file_name: "api.csv".to_owned(),
        bytes,
    };
    let taken = match dry_run {
        true => visit.rehearse(arriving).await,
        false => visit.submit(arriving).await,
    };
    let sent = match taken {
        Ok(id) => {
            drop(place);
            wait_until_done(&gate, &actor, &id).await;
            visit.sent(&id, Filter::default()).await
        }
        Err(error) => Err(error),
    };
    match sent {
        Ok(review) => {
            let address = routes::api_submission(&review.submission.id);
            let status = match review.submission.state {
                Stage::Unreadable => StatusCode::UNPROCESSABLE_ENTITY,
                _ => StatusCode::ACCEPTED,
            };
            let mut response = (status, Json(Told::of(&gate, &review))).into_response();
            if let Ok(address) = HeaderValue::from_str(&address) {
                response.headers_mut().insert(header::LOCATION, address);
            }
            response
        }
        Err(error) => refused(&error),
    }
}

/// A body, taken in as it comes; `None` if it does not come whole.
async fn taken_in(body: Body) -> io::Result<Option<Content>> {
    let (mut portions, coming) = (body.into_data_stream(), ComingIn::begin());
    while let Some(portion) = portions.next().await {
        let Ok(portion) = portion else { return Ok(None) };
        if coming.take(portion.to_vec()).await.is_err() {
            // What keeps it from being taken is said at the end.
            break;
        }
    }
    coming.finish().await.map(Some)
}

/// Waits a little, so that the answer to something small says what became of it.
async fn wait_until_done(gate: &Gate, actor: &Actor, id: &SubmissionId) {
    let done = async {
        while let Ok(submission) = gate.on_behalf_of(actor).submission(id).await {
            // A plan is shown to nobody but where it waits for a person.
            if !matches!(submission.state, Stage::Received | Stage::Applying) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    };
    let _ = tokio::time::timeout(PATIENCE, done).await;
}

/// From which submission on they are listed.
#[derive(Deserialize)]
pub(crate) struct ListPage {
    #[serde(default)]
    after: Option<String>,
}

/// `GET /api/v1/submissions`: what was sent in the name of the token's holder, newest first, fifty at a time.
pub(crate) async fn submissions(
    State(gate): State<Gate>,
    Extension(actor): Extension<Actor>,
    Query(page): Query<ListPage>,
) -> Response {
    let after = page.after.as_deref().map(SubmissionId::parse);
    if after == Some(None) {
        let detail = "“after” must be the ID of a submission, as in “next”.";
        return problem(StatusCode::BAD_REQUEST, detail);
    }
    let visit = gate.on_behalf_of(&actor);
    match visit.all_sent(after.flatten().as_ref(), A_PAGE + 1).await {
        Ok(sent) => Json(Listed::of(&gate, sent, A_PAGE as usize)).into_response(),
        Err(error) => refused(&error),
    }
}

/// From which row on a submission is told.
#[derive(Deserialize)]
pub(crate) struct Page {
    #[serde(default)]
    after: Option<u32>,
}

/// `GET /api/v1/submissions/{id}`: what became of it, fifty rows at a time.
pub(crate) async fn submission(
    State(gate): State<Gate>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    page: Result<Query<Page>, QueryRejection>,
) -> Response {
    let Ok(Query(page)) = page else {
        let detail = "“after” must be the number of a row, as in “next”.";
        return problem(StatusCode::BAD_REQUEST, detail);
    };
    let Some(id) = SubmissionId::parse(&id) else {
        return refused(&GateError::NotFound);
    };
    let filter = Filter {
        after: page.after.map(RowNumber),
        ..Filter::default()
    };
    match gate.on_behalf_of(&actor).sent(&id, filter).await {
        Ok(review) => Json(Told::of(&gate, &review)).into_response(),
        Err(error) => refused(&error),
    }
}

/// `GET /api/v1/submissions/{id}/result.csv`: the file again, with what became of each row.
pub(crate) async fn result(
    State(gate): State<Gate>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
) -> Response {
    let Some(id) = SubmissionId::parse(&id) else {
        return refused(&GateError::NotFound);
    };
    let visit = gate.on_behalf_of(&actor);
    if let Err(error) = visit.sent(&id, Filter::default()).await {
        return refused(&error);
    }
    let written = visit.write_report(&id, Report::Result, draft::empty()).await;
    match written.and_then(|(_, draft)| Ok(draft::body(draft)?)) {
        Ok((length, body)) => {
            let kind = HeaderValue::from_static("text/csv; charset=utf-8");
            let headers = [(header::CONTENT_TYPE, kind), (header::CONTENT_LENGTH, length.into())];
            (headers, body).into_response()
        }
        Err(error) => refused(&error),
    }
}

/// Every other path and method.
pub(crate) async fn nothing() -> Response {
    refused(&GateError::NotFound)
}

/// Another method than a path has.
pub(crate) async fn another_method() -> Response {
    problem(
        StatusCode::METHOD_NOT_ALLOWED,
        "Method not allowed. The header Allow lists the methods that you can use.",
    )
}

/// What the gate did not do, as a program reads it.
fn refused(error: &GateError) -> Response {
    match error {
        GateError::NotFound => problem(StatusCode::NOT_FOUND, "Nothing was found here, or you may not see it."),
        GateError::Gone => problem(StatusCode::GONE, "The file is no longer kept."),
        GateError::Denied => problem(StatusCode::FORBIDDEN, "You may not send through the API."),
        GateError::Stale | GateError::Unanswered | GateError::Uncounted => {
            problem(StatusCode::CONFLICT, "It changed after you read it. Read it again.")
        }
        GateError::Busy => {
            let mut response = problem(StatusCode::SERVICE_UNAVAILABLE, "The portal is busy. Try again later.");
            let later = HeaderValue::from(COME_BACK);
            response.headers_mut().insert(header::RETRY_AFTER, later);
            response
        }
        GateError::Trouble(_) => {
            tracing::error!(error = error as &dyn std::error::Error, "the gate could not do it");
            problem(
                StatusCode::SERVICE_UNAVAILABLE,
                "The portal cannot do this at the moment. Try again.",
            )
        }
    }
}

/// Whoever gives no token, or none that is good.
pub(crate) fn unproved() -> Response {
    let detail = "Send a valid API token: Authorization: Bearer pat_…";
    let mut response = problem(StatusCode::UNAUTHORIZED, detail);
    let scheme = HeaderValue::from_static("Bearer realm=\"api\"");
    response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
    response
}

/// When who asks cannot be told at all.
pub(crate) fn troubled(error: &GateError) -> Response {
    refused(error)
}

fn problem(status: StatusCode, detail: &str) -> Response {
    let body = serde_json::json!({
        "type": "about:blank",
        "title": status.canonical_reason().unwrap_or_default(),
        "status": status.as_u16(),
        "detail": detail,
    });
    let kind = [(header::CONTENT_TYPE, "application/problem+json")];
    (status, kind, body.to_string()).into_response()
}
