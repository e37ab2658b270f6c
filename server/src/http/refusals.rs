//! What a request is told that is turned away at the door: a page in plain words, for programs a problem as JSON, and for
//! connectors that synchronise an error of SCIM. Each is counted for the operator.

use app::{forms::FormState, routes, visitor::Failure};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use scim::error::ScimError;
use serde_json::json;
use tower_http::csrf::ProtectionError;

use crate::{http::render::Renderer, operate::observe, sign_in::sessions::COOKIES};

/// Where machines ask.
const API: &str = "/api/";

/// Answers a request that is turned away, and counts it.
pub(crate) async fn answer(renderer: &Renderer, parts: Parts, why: &'static str, failure: Failure) -> Response {
    observe::count_refusal(why);
    let mut response = match Reader::of(&parts) {
        Reader::Person => {
            let mut form = FormState::default();
            form.failure = Some(failure);
            renderer.page(parts, routes::HOME, form).await
        }
        reader => in_short(failure.status(), reader, failure),
    };
    if let Failure::TooMany(seconds) | Failure::Busy(seconds) = failure {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// Puts a page in place of an error that says nothing: a form of another site's page, a body that is too large or cannot be
/// read, a path that nobody may post to. Whoever asks for no page is told the same in a sentence.
pub(crate) async fn explain(State(renderer): State<Renderer>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let asked = parts.clone();
    let given = next.run(Request::from_parts(parts, body)).await;
    if given.extensions().get::<ProtectionError>().is_some() {
        return answer(&renderer, asked, "cross-site", Failure::Foreign).await;
    }
    if !is_bare(&given) {
        return given;
    }
    if given.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return answer(&renderer, asked, "too-large", Failure::TooLarge).await;
    }
    let Some(failure) = failure_of(given.status()) else {
        return given;
    };
    let page = match Reader::of(&asked) {
        Reader::Connector => in_short(given.status(), Reader::Connector, failure),
        _ if asks_for_page(&asked.headers) => {
            let mut form = FormState::default();
            form.failure = Some(failure);
            renderer.page(asked, routes::HOME, form).await
        }
        reader => in_short(given.status(), reader, failure),
    };
    let (mut head, _) = given.into_parts();
    let (shown, body) = page.into_parts();
    head.headers.remove(header::CONTENT_LENGTH);
    if let Some(kind) = shown.headers.get(header::CONTENT_TYPE) {
        head.headers.insert(header::CONTENT_TYPE, kind.clone());
    }
    Response::from_parts(head, body)
}

/// Refuses what a session's cookie comes with where nothing says which site's page sent it: every browser says so, by
/// `Sec-Fetch-Site` or by `Origin`. Whoever brings no cookie, or a token, acts in nobody else's name.
pub(crate) async fn unsaid(State(renderer): State<Renderer>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let is_said = ["sec-fetch-site", "origin", "authorization"]
        .iter()
        .any(|name| headers.contains_key(*name));
    if request.method().is_safe() || is_said || !brings_session(headers) {
        return next.run(request).await;
    }
    let (parts, _) = request.into_parts();
    answer(&renderer, parts, "cross-site", Failure::Foreign).await
}

fn brings_session(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::COOKIE).iter();
    let cookies = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
    let mut names = cookies.filter_map(|cookie| cookie.split(|byte| *byte == b'=').next());
    names.any(|name| {
        let name = name.trim_ascii();
        COOKIES.iter().any(|own| own.as_bytes() == name)
    })
}

/// Who reads what a request is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reader {
    Person,
    /// A program that reads JSON.
    Program,
    /// A program that reads SCIM.
    Connector,
}

impl Reader {
    fn of(asked: &Parts) -> Self {
        match asked.uri.path() {
            path if routes::is_for_sync(path) => Self::Connector,
            path if path.starts_with(API) => Self::Program,
            _ if asked.headers.contains_key(header::AUTHORIZATION) => Self::Program,
            _ => Self::Person,
        }
    }
}

/// A failure without a page: as JSON for machines, else as plain text.
fn in_short(status: StatusCode, reader: Reader, failure: Failure) -> Response {
    let (title, advice) = (failure.title(), failure.advice());
    let (kind, text) = match reader {
        Reader::Connector => {
            let error = ScimError::plain(status.as_u16(), for_connector(failure));
            ("application/scim+json", error.body().to_string())
        }
        Reader::Program => {
            let problem = json!({ "title": title, "status": status.as_u16(), "detail": advice });
            ("application/problem+json", problem.to_string())
        }
        Reader::Person => ("text/plain; charset=utf-8", format!("{title}. {advice}\n")),
    };
    (status, [(header::CONTENT_TYPE, kind)], text).into_response()
}

/// What a connector is told: it has no page to go back to.
fn for_connector(failure: Failure) -> String {
    match failure {
        Failure::TooMany(_) | Failure::Busy(_) => failure.advice(),
        Failure::TooLarge => format!("The body is too large; the most is {} bytes.", scim::bulk::LARGEST),
        Failure::Trouble | Failure::Unwritable => {
            "The portal cannot do this at the moment. Try again later.".to_owned()
        }
        failure => format!("{}.", failure.title()),
    }
}

/// Whether it is a browser on its way to another page that asks.
pub(crate) fn asks_for_page(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT).and_then(|accepted| accepted.to_str().ok());
    accepted.is_some_and(|accepted| accepted.contains("text/html"))
}

/// Whether an answer shows nobody anything: it is empty, or is a library's word to a program about what it was sent.
fn is_bare(answer: &Response) -> bool {
    let kind = answer.headers().get(header::CONTENT_TYPE);
    kind.is_none_or(|kind| {
        let is_text = kind.to_str().is_ok_and(|kind| kind.starts_with("text/plain"));
        is_text && answer.status().is_client_error()
    })
}

/// What is said of an error; nothing of what is none.
fn failure_of(status: StatusCode) -> Option<Failure> {
    match status {
        StatusCode::NOT_FOUND => Some(Failure::NotFound),
        StatusCode::FORBIDDEN => Some(Failure::Denied),
        StatusCode::METHOD_NOT_ALLOWED => Some(Failure::OtherMethod),
        StatusCode::REQUEST_TIMEOUT => Some(Failure::Trouble),
        status if status.is_client_error() => Some(Failure::Unread),
        status if status.is_server_error() => Some(Failure::Trouble),
        _ => None,
    }
}
