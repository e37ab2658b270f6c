//! The interface for programs: a connector's machine sends files and reads what became of them. It proves whose it is by
//! a token in each request; there is no session and no cookie. Errors are JSON (RFC 9457).
//!
//! Envelopes only: what is sent goes through the same gate as every file, by its own channel.

use std::{io, time::Duration};

use app::{routes, visitor::Failure};
use axum::{
    Extension, Json,
    body::Body,
    extract::{Path, Query, Request, State, rejection::QueryRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    channel::Channel,
    ids::{RowNumber, SubmissionId},
    layout::Layout,
    plan::{RowKind, Step},
    policy::Actor,
    problem::{Audience, Problem},
    submission::{Outcome, State as Stage},
};
use futures::StreamExt;
use gate::{Arriving, ComingIn, Content, Filter, Gate, GateError, Report, Review, Row};
use serde::{Deserialize, Serialize};

use crate::{bodies, busy::COME_BACK, downloads::draft, refusals, render::Renderer};

/// How long a sender waits at most for what is small to be done.
const PATIENCE: Duration = Duration::from_secs(2);

/// The state of a submission that waits for an administrator.
const HELD: &str = "held";

/// What a held submission waits for.
const HELD_MESSAGE: &str = "These changes wait for an administrator, because they change more accounts than usual. \
                            Nothing more is applied until an administrator applies or discards them.";

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

/// `POST /api/v1/submissions`: a CSV file in one of the formats, as the body.
pub(crate) async fn submit(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    request: Request,
) -> Response {
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
        bodies::discard(body).await;
        return refusals::answer(&renderer, parts, "uploads", Failure::Busy(COME_BACK)).await;
    };
    let bytes = match taken_in(body).await {
        Ok(Some(bytes)) => bytes,
        Ok(None) => {
            let mib = gate.formats().limits().mib;
            let detail = format!("The file did not arrive whole, or is larger than {mib} MiB.");
            return problem(StatusCode::PAYLOAD_TOO_LARGE, &detail);
        }
        Err(error) => return refused(&error.into()),
    };
    let arriving = Arriving {
        channel: Channel::Api,
        file_name: "api.csv".to_owned(),
        bytes,
    };
    let sent = match visit.submit(arriving).await {
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
            let mut response = (StatusCode::ACCEPTED, Json(Told::of(&gate, &review))).into_response();
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
        let detail = "“after” is the number of a row, as in “next”.";
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
        "This address is not asked in this way. The answer names what it takes in its header Allow.",
    )
}

/// A submission as programs read it.
#[derive(Serialize)]
struct Told {
    id: String,
    state: &'static str,
    /// What it waits for; only while it is held.
    #[serde(skip_serializing_if = "Option::is_none")]
    held: Option<Held>,
    totals: Totals,
    /// What is wrong with the file as a whole.
    problems: Vec<Wrong>,
    /// Why it stopped short.
    trouble: Option<String>,
    rows: Vec<ToldRow>,
    /// Where the next rows are.
    next: Option<String>,
}

/// Nothing of it is applied before an administrator has decided.
#[derive(Serialize)]
struct Held {
    message: &'static str,
    /// The page where an administrator decides.
    link: String,
}

#[derive(Serialize)]
struct Totals {
    rows: u32,
    created: u32,
    updated: u32,
    unchanged: u32,
    left_out: u32,
    stale: u32,
    waiting: u32,
}

#[derive(Serialize)]
struct ToldRow {
    row: u32,
    name: String,
    result: &'static str,
    address: Option<String>,
    problems: Vec<Wrong>,
}

#[derive(Serialize)]
struct Wrong {
    /// The column's heading, where it is one cell's.
    column: Option<String>,
    message: String,
    hint: String,
}

impl Told {
    fn of(gate: &Gate, review: &Review) -> Self {
        let submission = &review.submission;
        let totals = &submission.totals;
        let done = |kind| totals.count(|tally| tally.kind == kind && tally.outcome == Outcome::Done);
        let last = review.rows.last().filter(|_| review.more).map(|row| row.planned.row);
        Self {
            id: submission.id.to_string(),
            state: if submission.is_held() {
                HELD
            } else {
                submission.state.slug()
            },
            held: submission.is_held().then(|| Held {
                message: HELD_MESSAGE,
                link: format!("{}{}", gate.rules().url, routes::submission(&submission.id)),
            }),
            totals: Totals {
                rows: totals.rows(),
                created: done(RowKind::Create),
                updated: done(RowKind::Update),
                unchanged: done(RowKind::NoChange),
                left_out: totals.with(Outcome::LeftOut),
                stale: totals.with(Outcome::Stale),
                waiting: totals.with(Outcome::Waiting),
            },
            problems: submission
                .problems
                .iter()
                .map(|wrong| Wrong::of(wrong, &submission.layout))
                .collect(),
            trouble: submission.trouble.clone(),
            rows: review
                .rows
                .iter()
                .map(|row| ToldRow::of(row, &submission.layout))
                .collect(),
            next: last.map(|last| format!("{}?after={last}", routes::api_submission(&submission.id))),
        }
    }
}

impl ToldRow {
    fn of(row: &Row, layout: &Layout) -> Self {
        let result = match (row.outcome, row.planned.step.kind()) {
            (Outcome::Waiting, _) => "waiting",
            (Outcome::LeftOut, _) => "left-out",
            (Outcome::Stale, _) => "stale",
            (Outcome::Done, RowKind::Create) => "created",
            (Outcome::Done, RowKind::Update) => "updated",
            (Outcome::Done, RowKind::NoChange | RowKind::Problem | RowKind::Kept | RowKind::Skipped) => "unchanged",
        };
        let problems = match &row.planned.step {
            Step::LeaveOut { problems } => problems,
            _ => &row.planned.warnings,
        };
        Self {
            row: row.planned.row.0,
            name: row.planned.name.clone(),
            result,
            address: row.address.clone(),
            problems: problems.iter().map(|wrong| Wrong::of(wrong, layout)).collect(),
        }
    }
}

impl Wrong {
    fn of(problem: &Problem, layout: &Layout) -> Self {
        let attribute = problem.place.attribute();
        let heading = attribute.and_then(|attribute| layout.heading(attribute).or(Some(attribute.name())));
        Self {
            column: heading.map(str::to_owned),
            message: problem.message(),
            // Whoever reads this has no page on which a row could be decided.
            hint: problem.hint(Audience::Program),
        }
    }
}

/// What the gate did not do, as a program reads it.
fn refused(error: &GateError) -> Response {
    match error {
        GateError::NotFound => problem(StatusCode::NOT_FOUND, "There is no such thing, or none that is yours."),
        GateError::Gone => problem(StatusCode::GONE, "The file is no longer kept."),
        GateError::Denied => problem(StatusCode::FORBIDDEN, "You may not send through the API."),
        GateError::Stale | GateError::Unanswered | GateError::Uncounted => {
            problem(StatusCode::CONFLICT, "It has moved on. Look again.")
        }
        GateError::Busy => {
            let mut response = problem(
                StatusCode::SERVICE_UNAVAILABLE,
                "The service has too much to do at the moment. Try again later.",
            );
            let later = HeaderValue::from(COME_BACK);
            response.headers_mut().insert(header::RETRY_AFTER, later);
            response
        }
        GateError::Trouble(_) => {
            tracing::error!(error = error as &dyn std::error::Error, "the gate could not do it");
            problem(
                StatusCode::SERVICE_UNAVAILABLE,
                "The service cannot do it at the moment. Try again.",
            )
        }
    }
}

/// Whoever gives no token, or none that is good.
pub(crate) fn unproved() -> Response {
    let detail = "Send a good API token: Authorization: Bearer pat_…";
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
