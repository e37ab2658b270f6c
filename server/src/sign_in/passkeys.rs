//! Passkeys, as the script of their pages uses them: a question for the browser as JSON, and its answer in a form.

use app::{
    forms::{FormState, WHOLE},
    routes,
};
use axum::{
    Extension,
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use domain::policy::Actor;
use gate::{Challenge, Checked, Gate, GateError};
use serde::Deserialize;
use tower_sessions::Session;

use super::{
    answers::{own_path, too_many, unkept, wait_in_words},
    entering::enter,
    posted::read,
    second::{in_words, shown_once},
    service,
};
use crate::{
    http::{asker::failed, render::Renderer},
    sign_in::{
        fresh::{self, Proved},
        sessions,
    },
};

/// The session's entry for what is kept until the browser answers.
const STATE: &str = "passkey";

/// What the form with the browser's answer sends.
#[derive(Deserialize)]
pub(crate) struct Answer {
    #[serde(default)]
    credential: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    next: String,
}

/// `POST /me/second-factor/passkey/options`: what the browser is asked for a new passkey.
pub(crate) async fn ask_for_new(
    State(gate): State<Gate>,
    Extension(actor): Extension<Actor>,
    session: Session,
) -> Response {
    asked(&session, gate.on_behalf_of(&actor).ask_for_new_passkey().await).await
}

/// `POST /sign-in/second/passkey/options`, and the same under `/sign-in/again`: what the browser is asked for one that
/// there is.
pub(crate) async fn ask(State(gate): State<Gate>, Extension(actor): Extension<Actor>, session: Session) -> Response {
    asked(&session, gate.on_behalf_of(&actor).ask_for_passkey().await).await
}

async fn asked(session: &Session, challenge: Result<Challenge, GateError>) -> Response {
    let Challenge { options, state } = match challenge {
        Ok(challenge) => challenge,
        Err(GateError::NotFound) => return StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "a passkey cannot be asked for"
            );
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    match session.insert(STATE, state).await {
        Ok(()) => ([(header::CONTENT_TYPE, "application/json")], options).into_response(),
        Err(error) => unkept(&error),
    }
}

/// `POST /me/second-factor/passkey`: the passkey that the browser made.
pub(crate) async fn add(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    session: Session,
    request: Request,
) -> Response {
    let Some((parts, said)) = read::<Answer>(request).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    if let Some(asked) = fresh::ask_again(&gate, &session, routes::SECOND_FACTOR).await {
        return asked;
    }
    // Each question is answered once.
    let state = match session.remove::<String>(STATE).await {
        Ok(state) => state.unwrap_or_default(),
        Err(error) => return unkept(&error),
    };
    let this = sessions::hash_of(&session);
    let mut form = FormState::default();
    let visit = gate.on_behalf_of(&actor);
    // The page that answered was loaded again, and with it the answer was sent again.
    if state.is_empty() && !said.credential.trim().is_empty() {
        match visit.has_passkey().await {
            Ok(true) => {
                return Redirect::to(&routes::with_query(routes::SECOND_FACTOR, &[("there", "yes")])).into_response();
            }
            Ok(false) => {}
            Err(error) => return failed(&renderer, parts, &error).await,
        }
    }
    if state.is_empty() || said.credential.trim().is_empty() {
        form.problem(
            WHOLE,
            "Your browser did not make a passkey. Try again, or set up an authenticator app.",
        );
        return renderer.form_page(parts, routes::SECOND_FACTOR, form).await;
    }
    match visit
        .add_passkey(this.as_deref(), &state, &said.name, &said.credential)
        .await
    {
        Ok(Ok(codes)) => shown_once(&renderer, parts, codes).await,
        Ok(Err(wrong)) => {
            form.problem(WHOLE, in_words(wrong));
            renderer.form_page(parts, routes::SECOND_FACTOR, form).await
        }
        Err(error) => failed(&renderer, parts, &error).await,
    }
}

/// `POST /sign-in/second/passkey`: the answer of a passkey, after a password that was right.
pub(crate) async fn prove(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    session: Session,
    request: Request,
) -> Response {
    match proved(&gate, &renderer, &actor, &session, request, routes::SIGN_IN_SECOND).await {
        Ok(next) => enter(&gate, &session, &actor, Proved::Now, own_path(&next)).await,
        Err(answer) => answer,
    }
}

/// `POST /sign-in/again/passkey`: the same from somebody who is signed in, and shows again that it is them.
pub(crate) async fn prove_again(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    session: Session,
    request: Request,
) -> Response {
    match proved(&gate, &renderer, &actor, &session, request, routes::SIGN_IN_AGAIN).await {
        Ok(next) => match fresh::note(&gate, &session, Proved::Now).await {
            Ok(()) => Redirect::to(own_path(&next)).into_response(),
            Err(error) => unkept(&error),
        },
        Err(answer) => answer,
    }
}

/// Where somebody wants to go on to whose passkey has answered rightly; else the page that they come from, with what is
/// wrong.
async fn proved(
    gate: &Gate,
    renderer: &Renderer,
    actor: &Actor,
    session: &Session,
    request: Request,
    page: &str,
) -> Result<String, Response> {
    let Some((parts, said)) = read::<Answer>(request).await else {
        return Err(StatusCode::BAD_REQUEST.into_response());
    };
    let state = session.remove::<String>(STATE).await.map_err(|error| unkept(&error))?;
    let state = state.unwrap_or_default();
    let mut form = FormState::default();
    form.keep("next", &said.next);
    if state.is_empty() || said.credential.trim().is_empty() {
        form.problem(
            "code",
            "Your browser did not use a passkey. Try again, or enter a code.",
        );
        return Err(renderer.form_page(parts, page, form).await);
    }
    let visit = gate.on_behalf_of(actor);
    match visit.prove_by_passkey(&service(), &state, &said.credential).await {
        Ok(Checked::Right) => Ok(said.next),
        Ok(Checked::Wrong) => {
            form.problem(
                "code",
                "This passkey is not one of yours here. Try another, or enter a code.",
            );
            Err(renderer.form_page(parts, page, form).await)
        }
        Ok(Checked::Wait(seconds)) => {
            form.problem("code", &wait_in_words(seconds));
            Err(too_many(renderer.form_page(parts, page, form).await, seconds))
        }
        Err(error) => Err(failed(renderer, parts, &error).await),
    }
}
