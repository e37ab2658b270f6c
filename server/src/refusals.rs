//! What a request is told that is turned away at the door: a page in plain words, or for machines a problem as JSON. Each
//! is counted for the operator.

use app::{forms::FormState, routes, visitor::Failure};
use axum::{
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
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
    if let Failure::TooMany(seconds) = failure {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// Puts a page where a layer refused without words: forms of other sites, and bodies that are too large.
pub(crate) async fn explain(State(renderer): State<Renderer>, request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let kept = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    if response.extensions().get::<ProtectionError>().is_some() {
        return answer(&renderer, kept, "cross-site", Failure::Foreign).await;
    }
    if response.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return answer(&renderer, kept, "too-large", Failure::TooLarge).await;
    }
    response
}
