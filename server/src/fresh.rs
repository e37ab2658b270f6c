//! Asking again who somebody is, before what cannot be undone: grants, tokens, the deletion of many. A handler calls
//! [`ask_again`] before it does anything, and gives back the answer where there is one.

use app::{forms::FormState, routes};
use axum::{
    Extension, Form,
    extract::{FromRequest, Request, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::{ids::Timestamp, policy::Actor};
use gate::{Checked, Gate};
use serde::Deserialize;
use tower_sessions::Session;

use crate::{
    asker::failed,
    render::Renderer,
    sign_in::{
        self,
        entering::{own_path, unkept},
        service,
    },
    whence::Whence,
};

/// The session's entry for when its person last proved who they are.
const PROVED: &str = "proved";

/// When somebody really proved who they are, by something that they know or hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proved {
    /// At this moment, to the portal: by a password, a code, a passkey.
    Now,
    /// To a provider, when it says.
    At(Timestamp),
    /// It is not known when: whoever is signed in at a provider may have been led straight back.
    Unknown,
}

/// Notes when the session's person proved who they are. What is not known counts as long ago.
pub(crate) async fn note(gate: &Gate, session: &Session, proved: Proved) -> Result<(), tower_sessions::session::Error> {
    let at = match proved {
        Proved::Now => gate.now(),
        // The provider's clock may be ahead.
        Proved::At(at) => at.min(gate.now()),
        Proved::Unknown => return session.remove::<i64>(PROVED).await.map(drop),
    };
    session.insert(PROVED, at.0).await
}

/// Leads somebody to prove again who they are, and then to the page `back`; nothing where they did so lately. What they
/// posted is not done: `back` is the page where they post it once more.
pub(crate) async fn ask_again(gate: &Gate, session: &Session, back: &str) -> Option<Response> {
    let fresh = i64::from(gate.rules().sign_in.fresh_minutes) * 60_000;
    match session.get::<i64>(PROVED).await {
        Ok(Some(at)) if at + fresh > gate.now().0 => None,
        Ok(_) => Some(Redirect::to(&routes::then(routes::SIGN_IN_AGAIN, back)).into_response()),
        Err(error) => Some(unkept(&error)),
    }
}

/// What the form sends: one of the two.
#[derive(Deserialize)]
pub(crate) struct Again {
    code: Option<String>,
    password: Option<String>,
    #[serde(default)]
    next: String,
}

/// `POST /sign-in/again`.
pub(crate) async fn prove(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    session: Session,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let rebuilt = Request::from_parts(parts.clone(), body);
    let Ok(Form(said)) = <Form<Again> as FromRequest<()>>::from_request(rebuilt, &()).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let visit = gate.on_behalf_of(&actor);
    let by_code = match visit.has_factor().await {
        Ok(by_code) => by_code,
        Err(error) => return failed(&renderer, parts, &error).await,
    };
    let mut form = FormState::default();
    form.keep("next", &said.next);
    // Whoever has a second factor proves themselves by it: a password alone may have been watched.
    let (field, text) = match by_code {
        true => ("code", said.code.unwrap_or_default()),
        false => ("password", said.password.unwrap_or_default()),
    };
    if text.is_empty() || (by_code && text.trim().is_empty()) {
        form.problem(
            field,
            if by_code {
                sign_in::NO_CODE
            } else {
                "Enter your password."
            },
        );
        return renderer.form_page(parts, routes::SIGN_IN_AGAIN, form).await;
    }
    let whence = Whence::of(&parts);
    let checked = match by_code {
        true => visit.prove_by_code(&service(), &text).await,
        false => visit.prove_by_password(&service(), &text, whence.network()).await,
    };
    match checked {
        Ok(Checked::Right) => match note(&gate, &session, Proved::Now).await {
            Ok(()) => Redirect::to(own_path(&said.next)).into_response(),
            Err(error) => unkept(&error),
        },
        Ok(Checked::Wrong) => {
            form.problem(
                field,
                if by_code {
                    sign_in::WRONG_CODE
                } else {
                    "The password is not right. Enter it again."
                },
            );
            renderer.form_page(parts, routes::SIGN_IN_AGAIN, form).await
        }
        Ok(Checked::Wait(seconds)) => {
            form.problem(field, &sign_in::entering::wait_in_words(seconds));
            let page = renderer.form_page(parts, routes::SIGN_IN_AGAIN, form).await;
            sign_in::entering::too_many(page, seconds)
        }
        Err(error) => failed(&renderer, parts, &error).await,
    }
}
