//! What connectors are told: a resource, a list, or an error, always in the form of SCIM and kept by no cache.

use app::busy::COME_BACK;
use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use gate::GateError;
use scim::{error::ScimError, refusal::Refusal};
use serde_json::Value;

/// The kind of every body.
pub(super) const KIND: &str = "application/scim+json";

/// What comes of a request.
pub(crate) type Answer = Result<Answered, Failed>;

/// A request that was done.
#[derive(Debug)]
pub(crate) struct Answered {
    status: StatusCode,
    headers: Vec<(HeaderName, String)>,
    body: Option<Value>,
    came_of: CameOf,
}

/// A request that was not done.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(super) error: ScimError,
    headers: Vec<(HeaderName, String)>,
    example: String,
}

/// What came of a request, beside its answer: for whoever counts.
#[derive(Clone, Debug)]
pub(super) enum CameOf {
    /// Something was read, or was so already.
    Read,
    /// Something changed.
    Changed,
    /// It was refused.
    Refused {
        /// For what.
        error: Box<ScimError>,
        /// The account that it was about, or the key that was sent; empty if neither is known.
        example: String,
    },
}

impl Answered {
    /// A body and nothing else.
    pub(super) const fn with(body: Value) -> Self {
        Self {
            status: StatusCode::OK,
            headers: vec![],
            body: Some(body),
            came_of: CameOf::Read,
        }
    }

    /// A status without a body.
    pub(super) const fn bare(status: StatusCode) -> Self {
        Self {
            status,
            headers: vec![],
            body: None,
            came_of: CameOf::Read,
        }
    }

    /// The same with another status.
    pub(super) fn status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// The same with another header.
    pub(super) fn header(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same, where something changed by it.
    pub(super) fn changed(self) -> Self {
        Self {
            came_of: CameOf::Changed,
            ..self
        }
    }
}

impl Failed {
    /// The same with another header.
    pub(super) fn header(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same about an account, or a key that was sent, unless it is known already about whom it is.
    pub(super) fn about(mut self, example: impl Into<String>) -> Self {
        if self.example.is_empty() {
            self.example = example.into();
        }
        self
    }

    /// What a client tries again in so many seconds.
    pub(super) fn later(seconds: u32) -> Self {
        let error = ScimError::plain(503, "The portal is busy. Send this request again.");
        Self::from(error).header(header::RETRY_AFTER, seconds.to_string())
    }

    /// What whoever counts is told of it.
    pub(super) fn came_of(&self) -> CameOf {
        CameOf::Refused {
            error: Box::new(self.error.clone()),
            example: self.example.clone(),
        }
    }
}

impl From<ScimError> for Failed {
    fn from(error: ScimError) -> Self {
        Self {
            error,
            headers: vec![],
            example: String::new(),
        }
    }
}

impl From<Refusal<'_>> for Failed {
    fn from(refusal: Refusal<'_>) -> Self {
        let mut failed = Self::from(refusal.error());
        if let Some(methods) = refusal.allow() {
            failed = failed.header(header::ALLOW, methods);
        }
        match refusal.retry_after() {
            Some(seconds) => failed.header(header::RETRY_AFTER, seconds.to_string()),
            None => failed,
        }
    }
}

impl From<GateError> for Failed {
    fn from(error: GateError) -> Self {
        match error {
            GateError::NotFound | GateError::Gone => ScimError::not_found().into(),
            GateError::Denied => ScimError::plain(403, "This connector may not do this.").into(),
            GateError::Stale | GateError::Unanswered | GateError::Uncounted => Self::later(1),
            GateError::Busy => Self::later(COME_BACK),
            GateError::Trouble(_) => {
                tracing::error!(error = &error as &dyn std::error::Error, "the gate could not do it");
                let error = ScimError::plain(503, "The portal cannot do this at the moment. Try again.");
                Self::from(error).header(header::RETRY_AFTER, COME_BACK.to_string())
            }
        }
    }
}

impl IntoResponse for Answered {
    fn into_response(self) -> Response {
        let mut response = response(self.status, self.headers, self.body.as_ref());
        response.extensions_mut().insert(self.came_of);
        response
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let came_of = self.came_of();
        let status = StatusCode::from_u16(self.error.status).unwrap_or(StatusCode::BAD_REQUEST);
        let mut response = response(status, self.headers, Some(&self.error.body()));
        response.extensions_mut().insert(came_of);
        response
    }
}

fn response(status: StatusCode, headers: Vec<(HeaderName, String)>, body: Option<&Value>) -> Response {
    let mut response = match body {
        Some(body) => ([(header::CONTENT_TYPE, KIND)], body.to_string()).into_response(),
        None => ().into_response(),
    };
    *response.status_mut() = status;
    let sent = response.headers_mut();
    sent.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            sent.insert(name, value);
        }
    }
    response
}

/// Whoever gives no token, or none that is good.
pub(crate) fn unproved() -> Response {
    let failed = Failed::from(Refusal::NoToken);
    failed
        .header(header::WWW_AUTHENTICATE, "Bearer realm=\"scim\"")
        .into_response()
}

/// When who asks cannot be told at all.
pub(crate) fn troubled(error: GateError) -> Response {
    Failed::from(error).into_response()
}

/// When a request panicked: the connector reads no page.
pub(crate) fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    tracing::error!("a request panicked");
    let error = ScimError::plain(500, "Something went wrong. Tell the portal's operator.");
    Failed::from(error).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_gate_does_not_do_is_never_a_500() {
        for (error, status, retries) in [
            (GateError::NotFound, 404, false),
            (GateError::Gone, 404, false),
            (GateError::Denied, 403, false),
            (GateError::Stale, 503, true),
            (GateError::Busy, 503, true),
        ] {
            let response = troubled(error);
            assert_eq!(response.status().as_u16(), status);
            assert_eq!(response.headers().contains_key(header::RETRY_AFTER), retries);
            assert_eq!(response.headers()[header::CONTENT_TYPE], KIND);
            assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        }
    }

    #[test]
    fn a_refusal_brings_its_headers() {
        let refused = Failed::from(Refusal::NoDelete {
            link: "https://portal.example/accounts/1",
        })
        .into_response();
        assert_eq!(refused.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(refused.headers()[header::ALLOW], "GET, PUT, PATCH");
        let braked = Failed::from(Refusal::Braked).into_response();
        assert_eq!(braked.headers()[header::RETRY_AFTER], "3600");
        assert!(
            unproved().headers()[header::WWW_AUTHENTICATE]
                .as_bytes()
                .starts_with(b"Bearer")
        );
    }
}
