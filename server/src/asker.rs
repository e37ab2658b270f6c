//! Who asks for something, what their form says, and how they are answered: with what comes of it, or with the error page.

use std::str::FromStr;

use app::{forms::FormState, routes, visitor::Failure};
use axum::{
    Form,
    extract::{FromRequest, FromRequestParts, Request},
    http::{StatusCode, request::Parts},
    response::Response,
};
use domain::policy::Actor;
use gate::{Gate, GateError, Visit};
use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    busy::Busy,
    render::{AppState, Renderer},
    security::RequestId,
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
        let actor = parts.extensions.get::<Actor>().cloned();
        Ok(Self {
            renderer: state.0.clone(),
            parts: parts.clone(),
            actor: actor.ok_or(StatusCode::INTERNAL_SERVER_ERROR)?,
        })
    }
}

impl Asker {
    pub(crate) fn gate(&self) -> &Gate {
        &self.renderer.gate
    }

    pub(crate) const fn actor(&self) -> &Actor {
        &self.actor
    }

    pub(crate) const fn busy(&self) -> &Busy {
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

/// What a form sends; whoever sends no form is answered with 400.
pub(crate) struct Posted<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Posted<T> {
    type Rejection = StatusCode;

    async fn from_request(request: Request, state: &S) -> Result<Self, StatusCode> {
        let sent = <Form<T> as FromRequest<S>>::from_request(request, state).await;
        sent.map(|Form(sent)| Self(sent)).map_err(|_| StatusCode::BAD_REQUEST)
    }
}

/// A form's fields with what they say.
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct Said(Vec<(String, String)>);

impl Said {
    /// A field's text; empty where it was not sent.
    pub(crate) fn text(&self, field: &str) -> &str {
        self.given(field).unwrap_or_default()
    }

    /// A field's text; none where it was not sent.
    pub(crate) fn given(&self, field: &str) -> Option<&str> {
        let found = self.0.iter().find(|(name, _)| name == field);
        found.map(|(_, text)| text.trim())
    }

    /// A field's text with the spaces at its ends, which are part of a password.
    pub(crate) fn as_typed(&self, field: &str) -> Option<&str> {
        let found = self.0.iter().find(|(name, _)| name == field);
        found.map(|(_, text)| text.as_str())
    }

    /// All that was sent under one name, parted by spaces.
    pub(crate) fn all(&self, field: &str) -> String {
        let texts = self.0.iter().filter(|(name, _)| name == field);
        texts.map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[cfg(test)]
    pub(crate) fn of(fields: &[(&str, &str)]) -> Self {
        let owned = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
        Self(fields.iter().map(owned).collect())
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
