//! What every answer carries: a reference for the log, headers that leave a browser nothing to run but our own, and, where
//! it says that something did not work, a page that says what to do.

use std::fmt;

use app::routes;
use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use leptos::nonce::Nonce;
use tracing::Instrument;

use crate::operate::config::Config;

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
    let is_of = |link: &str| path.strip_prefix(link).is_some_and(|token| token.starts_with('/'));
    match path {
        _ if is_of(routes::START) => "/start/…",
        _ if is_of(routes::RENAME) => "/rename/…",
        path => path,
    }
}

/// What browsers are told to use TLS for from now on; nothing where the portal is reached without it.
#[derive(Clone, Debug)]
pub(crate) struct TlsOnly(Option<HeaderValue>);

impl TlsOnly {
    /// As configured. It holds for the portal's own name: what else there is below that is not the portal's to say.
    pub(crate) fn of(config: &Config) -> Self {
        let is_meant = config.url.starts_with("https://") && config.hsts_days > 0;
        let seconds = u64::from(config.hsts_days) * 24 * 60 * 60;
        Self(
            is_meant
                .then(|| HeaderValue::from_str(&format!("max-age={seconds}")).ok())
                .flatten(),
        )
    }
}

/// Sets the headers. The nonce is made here, before the page is rendered, so that header and page agree.
pub(crate) async fn set_headers(State(tls): State<TlsOnly>, mut request: Request, next: Next) -> Response {
    let nonce = Nonce::new();
    request.extensions_mut().insert(nonce.clone());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    // A page without its own policy runs nothing at all.
    let policy = HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"));
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("x-permitted-cross-domain-policies", "none"),
        (
            "permissions-policy",
            "camera=(), microphone=(), geolocation=(), display-capture=(), payment=(), usb=()",
        ),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if let Some(tls) = tls.0 {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, tls);
    }
    // Personal pages stay out of every cache but for the files of the site, which say otherwise themselves.
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}
