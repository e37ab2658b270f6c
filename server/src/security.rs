//! What every answer carries: a reference for the log, headers that leave a browser nothing to run but our own, and, where
//! it says that something did not work, a page that says what to do.

use std::fmt;

use app::{forms::FormState, routes, visitor::Failure};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};
use leptos::nonce::Nonce;
use tracing::Instrument;

use crate::render::Renderer;

/// The reference of a request: in the log, in the answer's `x-request-id`, and on error pages.
#[derive(Clone, Debug)]
pub(crate) struct RequestId(String);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Names the request and logs it. Paths hold references, never names; queries may hold names and are not logged.
/// A one-time link opens an account, so its token is not logged either.
pub(crate) async fn name_requests(mut request: Request, next: Next) -> Response {
    let id = RequestId(format!("{:08X}", rand::random::<u32>()));
    let span = tracing::info_span!("request", reference = %id, method = %request.method(), path = logged(request.uri().path()));
    request.extensions_mut().insert(id.clone());
    let began = std::time::Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let milliseconds = began.elapsed().as_millis();
    span.in_scope(|| tracing::info!(status = response.status().as_u16(), milliseconds, "answered"));
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response
            .headers_mut()
            .insert(HeaderName::from_static("x-request-id"), value);
    }
    response
}

fn logged(path: &str) -> &str {
    match path.strip_prefix(routes::START) {
        Some(token) if token.starts_with('/') => "/start/…",
        _ => path,
    }
}

/// Sets the headers. The nonce is made here, before the page is rendered, so that header and page agree.
pub(crate) async fn set_headers(mut request: Request, next: Next) -> Response {
    let nonce = Nonce::new();
    request.extensions_mut().insert(nonce.clone());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    // Personal pages stay out of every cache but for the files of the site, which say otherwise themselves.
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Puts the ordinary failure page in place of an error that says nothing: a form that cannot be read, one of another site's
/// page, a path that nobody may post to. Programs, which ask for no page, keep the bare answer.
pub(crate) async fn explain(State(renderer): State<Renderer>, request: Request, next: Next) -> Response {
    if !asks_for_page(request.headers()) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let asked = parts.clone();
    let answer = next.run(Request::from_parts(parts, body)).await;
    let Some(failure) = failure_of(answer.status()).filter(|_| is_bare(&answer)) else {
        return answer;
    };
    let mut form = FormState::default();
    form.failure = Some(failure);
    let page = renderer.page(asked, routes::HOME, form).await;
    let (mut head, _) = answer.into_parts();
    let (shown, body) = page.into_parts();
    head.headers.remove(header::CONTENT_LENGTH);
    if let Some(kind) = shown.headers.get(header::CONTENT_TYPE) {
        head.headers.insert(header::CONTENT_TYPE, kind.clone());
    }
    Response::from_parts(head, body)
}

/// Whether it is a browser on its way to another page that asks.
fn asks_for_page(headers: &HeaderMap) -> bool {
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
        // What somebody may not do is told by the pages themselves: this is the other sites' forms.
        StatusCode::FORBIDDEN => Some(Failure::FromElsewhere),
        StatusCode::REQUEST_TIMEOUT => Some(Failure::Trouble),
        status if status.is_client_error() => Some(Failure::Unread),
        status if status.is_server_error() => Some(Failure::Trouble),
        _ => None,
    }
}
