//! What is answered to those who sign in or prove again who they are: that they must wait, and where they are led.

use app::routes;
use axum::{
    http::{HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};

/// What is said where no code was entered.
pub(crate) const NO_CODE: &str = "Enter the code that your authenticator app shows.";

/// What is said to a code that is none, is too old, or was used before.
pub(crate) const WRONG_CODE: &str =
    "This code is not right, or was used before. Wait for the next one, and enter that.";

/// What is said to whoever failed too often.
pub(crate) fn wait_in_words(seconds: i64) -> String {
    let minutes = (seconds + 59) / 60;
    let unit = if minutes == 1 { "minute" } else { "minutes" };
    format!("Too many attempts have failed. Try again in {minutes} {unit}.")
}

/// A page for whoever failed too often, with how long to wait.
pub(crate) fn too_many(mut page: Response, seconds: i64) -> Response {
    *page.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    page.headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    page
}

/// A page for whoever comes while too many sign in.
pub(crate) fn busy(mut page: Response) -> Response {
    *page.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(30));
    page
}

/// The answer where a session cannot be read or written.
pub(crate) fn unkept(error: &tower_sessions::session::Error) -> Response {
    tracing::error!(%error, "a session was not kept");
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}

/// Only a path of the portal is gone on to, never another place.
pub(crate) fn own_path(next: &str) -> &str {
    let is_path = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n']);
    if is_path && next.parse::<Uri>().is_ok() {
        next
    } else {
        routes::HOME
    }
}
