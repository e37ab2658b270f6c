//! The second factor: asked for after the password, and what people post about their own.

use app::{
    forms::{FormState, WHOLE},
    once::OnceCodes,
    routes,
};
use axum::{
    Extension,
    extract::{Path, Request, State},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use domain::policy::Actor;
use gate::{Checked, Gate, GateError, WrongFactor};
use serde::Deserialize;
use tower_sessions::Session;
use uuid::Uuid;

use super::{
    answers::{NO_CODE, WRONG_CODE, own_path, too_many, unkept, wait_in_words},
    entering::enter,
    new_secret::{NEW_SECRET, new_secret},
    posted::read,
    service,
};
use crate::{
    http::{asker::failed, render::Renderer},
    sign_in::{
        fresh::{self, Proved},
        sessions,
    },
};

/// What the form for the code sends.
#[derive(Deserialize)]
pub(crate) struct Code {
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

/// `POST /sign-in/second`: the code, after a password that was right.
pub(crate) async fn prove(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    session: Session,
    request: Request,
) -> Response {
    let Some((parts, said)) = read::<Code>(request).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let mut form = FormState::default();
    form.keep("next", &said.next);
    if said.code.trim().is_empty() {
        form.problem("code", NO_CODE);
        return renderer.form_page(parts, routes::SIGN_IN_SECOND, form).await;
    }
    match gate.on_behalf_of(&actor).prove_by_code(&service(), &said.code).await {
        Ok(Checked::Right) => enter(&gate, &session, &actor, Proved::Now, own_path(&said.next)).await,
        Ok(Checked::Wrong) => {
            form.problem("code", WRONG_CODE);
            renderer.form_page(parts, routes::SIGN_IN_SECOND, form).await
        }
        Ok(Checked::Wait(seconds)) => {
            form.problem("code", &wait_in_words(seconds));
            let page = renderer.form_page(parts, routes::SIGN_IN_SECOND, form).await;
            too_many(page, seconds)
        }
        Err(error) => failed(&renderer, parts, &error).await,
    }
}

/// What the form for a new authenticator app sends.
#[derive(Deserialize)]
pub(crate) struct NewApp {
    #[serde(default)]
    code: String,
    #[serde(default)]
    name: String,
}

/// `POST /me/second-factor/app`: an authenticator app, set up by its first code.
pub(crate) async fn add_app(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    session: Session,
    request: Request,
) -> Response {
    let Some((parts, said)) = read::<NewApp>(request).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    if let Some(asked) = fresh::ask_again(&gate, &session, routes::NEW_APP).await {
        return asked;
    }
    let secret = match new_secret(&session).await {
        Ok(secret) => secret,
        Err(error) => return unkept(&error),
    };
    let this = sessions::hash_of(&session);
    let visit = gate.on_behalf_of(&actor);
    let wrong = match visit.add_totp(this.as_deref(), &secret, &said.name, &said.code).await {
        Ok(Ok(codes)) => {
            if let Err(error) = session.remove::<String>(NEW_SECRET).await {
                return unkept(&error);
            }
            return shown_once(&renderer, parts, codes).await;
        }
        Ok(Err(wrong)) => wrong,
        Err(error) => return failed(&renderer, parts, &error).await,
    };
    let mut form = FormState::default();
    form.keep("name", &said.name);
    match wrong {
        WrongFactor::Code if said.code.trim().is_empty() => form.problem("code", "Enter the code that the app shows."),
        WrongFactor::Code => form.problem(
            "code",
            "This is not the code that the app should show now. Wait for the next one, and check that the clock of your \
             phone is right.",
        ),
        wrong => form.problem("name", in_words(wrong)),
    }
    if wrong == WrongFactor::Code && !Gate::is_factor_name(&said.name) {
        form.problem("name", in_words(WrongFactor::Name));
    }
    renderer.form_page(parts, routes::NEW_APP, form).await
}

/// `POST /me/second-factor/codes`: new recovery codes in place of those before.
pub(crate) async fn renew_codes(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    session: Session,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    if let Some(asked) = fresh::ask_again(&gate, &session, routes::SECOND_FACTOR).await {
        return asked;
    }
    match gate.on_behalf_of(&actor).renew_recovery_codes().await {
        Ok(codes) => shown_once(&renderer, parts, codes).await,
        Err(error) => failed(&renderer, parts, &error).await,
    }
}

/// What the form of one factor sends.
#[derive(Deserialize)]
pub(crate) struct Change {
    #[serde(default)]
    act: String,
    #[serde(default)]
    name: String,
}

/// `POST /me/second-factor/{id}`: another name for it, or its end.
pub(crate) async fn change(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    session: Session,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let Some((parts, said)) = read::<Change>(request).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let Ok(id) = id.parse::<Uuid>() else {
        return failed(&renderer, parts, &GateError::NotFound).await;
    };
    if let Some(asked) = fresh::ask_again(&gate, &session, routes::SECOND_FACTOR).await {
        return asked;
    }
    let visit = gate.on_behalf_of(&actor);
    let changed = match said.act.as_str() {
        "remove" => visit.remove_factor(id).await,
        _ => visit.rename_factor(id, &said.name).await,
    };
    match changed {
        Ok(Ok(())) => Redirect::to(routes::SECOND_FACTOR).into_response(),
        Ok(Err(wrong)) => {
            let mut form = FormState::default();
            form.problem(WHOLE, in_words(wrong));
            renderer.form_page(parts, routes::SECOND_FACTOR, form).await
        }
        Err(error) => failed(&renderer, parts, &error).await,
    }
}

pub(super) const fn in_words(wrong: WrongFactor) -> &'static str {
    match wrong {
        WrongFactor::Code => WRONG_CODE,
        WrongFactor::Passkey => "This passkey could not be checked. Try again, or set up an authenticator app.",
        WrongFactor::Name => "Enter a name of 1 to 60 characters.",
        WrongFactor::TooMany => "You have 10 of them, which is the most. Remove one first.",
        WrongFactor::Last => {
            "You hold a role, so you must have a second factor. Set up another before you remove this one."
        }
    }
}

/// Recovery codes are nowhere to be read again: this very answer shows them, and nothing keeps it.
pub(super) async fn shown_once(renderer: &Renderer, parts: Parts, codes: Vec<String>) -> Response {
    if codes.is_empty() {
        return Redirect::to(routes::SECOND_FACTOR).into_response();
    }
    let shown = renderer.page_with(parts, routes::SECOND_FACTOR, OnceCodes(codes)).await;
    ([(header::CACHE_CONTROL, "no-store")], shown).into_response()
}
