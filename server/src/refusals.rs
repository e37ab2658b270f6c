//! What a request is told that is turned away at the door: a page in plain words, or for machines a problem as JSON. Each
//! is counted for the operator.

use app::{forms::FormState, routes, visitor::Failure};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde_json::json;
use tower_http::csrf::ProtectionError;

use crate::{observe, render::Renderer};

/// Where machines ask.
const API: &str = "/api/";

/// Answers a request that is turned away, and counts it.
pub(crate) async fn answer(renderer: &Renderer, parts: Parts, why: &'static str, failure: Failure) -> Response {
    observe::count_refusal(why);
    let is_machine = parts.uri.path().starts_with(API) || parts.headers.contains_key(header::AUTHORIZATION);
    let mut response = if is_machine {
        let status = failure.status();
        let problem = json!({
            "title": failure.title(),
            "status": status.as_u16(),
            "detail": failure.advice(),
        });
        let kind = [(header::CONTENT_TYPE, "application/problem+json")];
        (status, kind, problem.to_string()).into_response()
    } else {
        let mut form = FormState::default();
        form.failure = Some(failure);
        renderer.page(parts, routes::HOME, form).await
    };
    if let Failure::TooMany(seconds) | Failure::Busy(seconds) = failure {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// Puts a page in place of an error that says nothing: a form of another site's page, a body that is too large or cannot be
/// read, a path that nobody may post to. Programs that ask for no page keep the bare answer.
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
    let Some(failure) = failure_of(given.status()).filter(|_| asks_for_page(&asked.headers)) else {
        return given;
    };
    let mut form = FormState::default();
    form.failure = Some(failure);
    let page = renderer.page(asked, routes::HOME, form).await;
    let (mut head, _) = given.into_parts();
    let (shown, body) = page.into_parts();
    head.headers.remove(header::CONTENT_LENGTH);
    if let Some(kind) = shown.headers.get(header::CONTENT_TYPE) {
        head.headers.insert(header::CONTENT_TYPE, kind.clone());
    }
    Response::from_parts(head, body)
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
        StatusCode::REQUEST_TIMEOUT => Some(Failure::Trouble),
        status if status.is_client_error() => Some(Failure::Unread),
        status if status.is_server_error() => Some(Failure::Trouble),
        _ => None,
    }
}
