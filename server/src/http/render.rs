//! Rendering a page: what the request carries is put where the page finds it.

use std::{ops::Deref, sync::Arc};

use app::{
    busy::Busy,
    forms::FormState,
    shell,
    visitor::{NewSecret, Operator, ProvedLately, ProviderName, Sees, ThisSession, Visitor},
};
use axum::{
    body::Body,
    extract::{FromRef, Request, State},
    http::{StatusCode, request::Parts},
    response::Response,
};
use domain::policy::Actor;
use gate::{Gate, Rights};
use leptos::{config::LeptosOptions, nonce::Nonce, prelude::*};

use crate::{
    http::{markup, security::RequestId},
    operate::sending_mail::folder::MailFolder,
    sign_in::openid::provider::Provider,
};

/// Answers with the page at the path of a request, or with one that says that there is none.
pub(crate) async fn page(State(renderer): State<Renderer>, request: Request) -> Response {
    renderer.document(request, || {}).await
}

/// What rendering needs. Cheap to clone: each layer around a request has one.
#[derive(Clone)]
pub(crate) struct Renderer(Arc<Rendering>);

/// The parts of it.
pub(crate) struct Rendering {
    pub(crate) options: LeptosOptions,
    pub(crate) gate: Gate,
    pub(crate) development: bool,
    /// Where mail lands, on a developer's machine.
    pub(crate) mail_folder: Option<MailFolder>,
    /// By whom people may sign in, too.
    pub(crate) provider: Option<Provider>,
    /// How much is done at the same time.
    pub(crate) busy: Busy,
    /// What the operator has set that pages say.
    pub(crate) operator: Operator,
    /// Whom to tell about a weakness of the portal.
    pub(crate) security_contact: Vec<String>,
}

/// The state that handlers take their parts from.
#[derive(Clone)]
pub(crate) struct AppState(pub(crate) Renderer);

impl From<Rendering> for Renderer {
    fn from(parts: Rendering) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for Renderer {
    type Target = Rendering;

    fn deref(&self) -> &Rendering {
        &self.0
    }
}

impl FromRef<AppState> for Renderer {
    fn from_ref(state: &AppState) -> Self {
        state.0.clone()
    }
}

impl FromRef<AppState> for Busy {
    fn from_ref(state: &AppState) -> Self {
        state.0.busy.clone()
    }
}

impl FromRef<AppState> for Gate {
    fn from_ref(state: &AppState) -> Self {
        state.0.gate.clone()
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.0.options.clone()
    }
}

impl Renderer {
    /// Provides a page with its visitor and the nonce of its header; the request's parts are in the context already.
    pub(crate) fn provide(&self) {
        let Some(parts) = use_context::<Parts>() else { return };
        if let Some(nonce) = parts.extensions.get::<Nonce>().cloned() {
            provide_context(nonce);
        }
        provide_context(self.operator.clone());
        if let Some(provider) = &self.provider {
            provide_context(ProviderName(provider.name().to_owned()));
        }
        // What its sender sent too late; a form that comes again is provided by whoever shows it.
        if let Some(late) = parts.extensions.get::<FormState>().cloned() {
            provide_context(late);
        }
        if let Some(this) = parts.extensions.get::<ThisSession>().cloned() {
            provide_context(this);
        }
        if let Some(secret) = parts.extensions.get::<NewSecret>().cloned() {
            provide_context(secret);
        }
        let reference = parts
            .extensions
            .get::<RequestId>()
            .map(ToString::to_string)
            .unwrap_or_default();
        let actor = parts.extensions.get::<Actor>().cloned();
        let sees = parts.extensions.get::<Sees>().copied().unwrap_or_default();
        let rights = parts.extensions.get::<Rights>().cloned().unwrap_or_default();
        let is_proved = parts.extensions.get::<ProvedLately>().is_some_and(|proved| proved.0);
        provide_context(Visitor {
            sees,
            is_proved,
            busy: self.busy.clone(),
            rights,
            gate: self.gate.clone(),
            actor,
            reference,
            development: self.development,
        });
    }

    /// The page at a path, for one who asked for something else there: an error page, say.
    pub(crate) async fn page(&self, parts: Parts, path: &str, form: FormState) -> Response {
        self.page_with(parts, path, form).await
    }

    /// The page at a path, with something in its context that no other page is given.
    pub(crate) async fn page_with<C>(&self, parts: Parts, path: &str, context: C) -> Response
    where
        C: Clone + Send + Sync + 'static,
    {
        self.page_around(parts, path, move || provide_context(context.clone()))
            .await
    }

    /// The same, with all that `provide` puts there.
    pub(crate) async fn page_around(
        &self,
        mut parts: Parts,
        path: &str,
        provide: impl Fn() + Clone + Send + Sync + 'static,
    ) -> Response {
        if let Ok(uri) = path.parse() {
            parts.uri = uri;
        }
        // The page's router must see a GET of the page's own path.
        let mut get = Request::new(Body::empty());
        *get.uri_mut() = parts.uri;
        *get.headers_mut() = parts.headers;
        *get.extensions_mut() = parts.extensions;
        // Something was done since they were read.
        get.extensions_mut().remove::<Rights>();
        get.extensions_mut().remove::<FormState>();
        self.document(get, provide).await
    }

    /// The document that a request asks for.
    async fn document(&self, request: Request, provide: impl Fn() + Clone + Send + Sync + 'static) -> Response {
        let (renderer, options) = (self.clone(), self.options.clone());
        leptos_axum::handle_response_inner(
            move || {
                provide();
                renderer.provide();
            },
            move || shell(options),
            request,
            markup::whole,
        )
        .await
    }

    /// The page of a form again, with what is wrong and all that was typed.
    pub(crate) async fn form_page(&self, parts: Parts, path: &str, form: FormState) -> Response {
        let mut response = self.page(parts, path, form).await;
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        response
    }
}
