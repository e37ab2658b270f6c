//! How large the body of a request may be, and how long it may take to come: little and short, but for files.

use std::time::Duration;

use axum::{
    body::{Body, HttpBody},
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body_util::Limited;
use tower_http::timeout::DeadlineBody;

use app::{
    calls::uploads::{ImportOrganisations, Upload},
    routes,
};
use leptos::server_fn::ServerFn;

use crate::operate::config::Config;

/// The largest body taken: a file and its form.
pub(crate) const fn largest(config: &Config) -> usize {
    (config.file_mib as usize + 1) * 1024 * 1024
}

/// The largest form: each field at its limit, or as many ticked people as one page has, and a good deal more.
const LARGEST_FORM: usize = 256 * 1024;

/// The largest request of a connector, and a little more: what is too large by little is refused in the connector's form.
const LARGEST_SYNC: usize = scim::bulk::LARGEST + 64 * 1024;

/// What takes files.
const TAKES_FILES: [&str; 3] = [Upload::PATH, ImportOrganisations::PATH, routes::API_SUBMISSIONS];

/// How long bodies may take to come whole, however steadily they do, and how large a file may be.
#[derive(Clone, Copy)]
pub(crate) struct Bounds {
    form: Duration,
    file: Duration,
    largest: usize,
}

impl Bounds {
    /// As configured.
    pub(crate) fn of(config: &Config) -> Self {
        Self {
            form: Duration::from_secs(config.form_seconds.into()),
            file: Duration::from_secs(config.upload_seconds.into()),
            largest: largest(config),
        }
    }
}

/// Holds a request to what its path allows. Who announces more than a form may have is refused at once; a file that is
/// too large is refused by its own page, and what a connector sends by its own handler.
pub(crate) async fn limit(State(bounds): State<Bounds>, request: Request, next: Next) -> Response {
    let (most, time, is_refused_here) = match request.uri().path() {
        path if TAKES_FILES.contains(&path) => (bounds.largest, bounds.file, false),
        path if routes::is_for_sync(path) => (LARGEST_SYNC, bounds.form, false),
        _ => (LARGEST_FORM, bounds.form, true),
    };
    // At least so many bytes are to come, by `Content-Length`.
    let announced = request.body().size_hint().lower();
    if is_refused_here && usize::try_from(announced).map_or(true, |announced| announced > most) {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    let held = request.map(|body| Body::new(Limited::new(DeadlineBody::new(time, body), most)));
    next.run(held).await
}
