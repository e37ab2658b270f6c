//! What every answer carries: a reference for the log, and headers that leave a browser nothing to run but our own.

use std::fmt;

use app::routes;
use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use leptos::nonce::Nonce;
use tracing::Instrument;

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
