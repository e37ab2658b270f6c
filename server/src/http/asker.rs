//! Who asks for something, and how they are answered: with what comes of it, or with the error page.

use std::str::FromStr;

use app::{busy::Busy, forms::FormState, routes, visitor::Failure};
use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
    response::Response,
};
use domain::policy::Actor;
use gate::{Gate, GateError, Visit};

use crate::{
    http::{
        render::{AppState, Renderer},
        security::RequestId,
    },
    sign_in::answers,
};

/// Somebody who is signed in and asks for something.
pub(crate) struct Asker {
    pub(crate) renderer: Renderer,
    pub(crate) parts: Parts,
    actor: Actor,
}

impl FromRequestParts<AppState> for Asker {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, StatusCode> {
        // Nobody comes this far without having signed in.
        Self::of(state.0.clone(), parts.clone()).ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl Asker {
    /// Who made a request; `None` if nobody is signed in.
    pub(crate) fn of(renderer: Renderer, parts: Parts) -> Option<Self> {
        let actor = parts.extensions.get::<Actor>().cloned()?;
        Some(Self { renderer, parts, actor })
    }

    pub(crate) fn gate(&self) -> &Gate {
        &self.renderer.gate
    }

    pub(crate) fn busy(&self) -> &Busy {
        &self.renderer.busy
    }

    pub(crate) fn visit(&self) -> Visit<'_> {
        self.gate().on_behalf_of(&self.actor)
    }

    /// What comes of it; the error page where the gate does not do it.
    pub(crate) async fn answer(&self, made: impl Future<Output = Result<Response, GateError>>) -> Response {
        match made.await {
            Ok(response) => response,
            Err(error) => failed(&self.renderer, self.parts.clone(), &error).await,
        }
    }

    /// The page of a form again, with what is wrong and all that was typed.
    pub(crate) async fn form_again(&self, page: &str, form: FormState) -> Response {
        self.renderer.form_page(self.parts.clone(), page, form).await
    }
}

/// The ID that an address names; what is none is nobody's.
pub(crate) fn named<T: FromStr>(id: &str) -> Result<T, GateError> {
    id.parse().map_err(|_| GateError::NotFound)
}

/// The error page for what the gate did not do; the one log line of a trouble is written here.
pub(crate) async fn failed(renderer: &Renderer, parts: Parts, error: &GateError) -> Response {
    if let GateError::Trouble(_) = error {
        let reference = parts
            .extensions
            .get::<RequestId>()
            .map(ToString::to_string)
            .unwrap_or_default();
        tracing::error!(
            error = error as &dyn std::error::Error,
            reference,
            "the gate could not do it"
        );
    }
    let mut form = FormState::default();
    form.failure = Some(Failure::from(error));
    let page = renderer.page(parts, routes::HOME, form).await;
    match error {
        GateError::Busy => answers::busy(page),
        _ => page,
    }
}
