//! What people post who cannot sign in: asking for a link by email, and a code that they were told.

use app::{forms::FormState, routes};
use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::values::{email_address::as_typed, spoken_code::SpokenCode};
use gate::{ByCode, Gate};
use serde::Deserialize;

use crate::{
    http::{asker::failed, render::Renderer, request_origin::Whence},
    sign_in::{
        answers::{too_many, wait_in_words},
        posted::read,
    },
};

/// What the form sends.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    address: String,
}

/// `POST /password-reset`. The answer says nothing about whether there is such an account, and comes before it is looked for.
pub(crate) async fn ask(State(gate): State<Gate>, State(renderer): State<Renderer>, request: Request) -> Response {
    let Some((parts, said)) = read::<Asked>(request).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let mut form = FormState::default();
    form.keep("address", &said.address);
    if as_typed(&said.address).is_empty() {
        form.problem("address", "Enter your email address.");
        return renderer.form_page(parts, routes::PASSWORD_RESET, form).await;
    }
    match gate.ask_for_link(&said.address, Whence::of(&parts).network()).await {
        Ok(Ok(())) => Redirect::to(&routes::with_query(routes::PASSWORD_RESET, &[("sent", "yes")])).into_response(),
        Ok(Err(seconds)) => {
            form.problem("address", &wait_in_words(seconds));
            too_many(renderer.form_page(parts, routes::PASSWORD_RESET, form).await, seconds)
        }
        Err(error) => failed(&renderer, parts, &error).await,
    }
}

/// What the form for a code sends.
#[derive(Deserialize)]
pub(crate) struct Code {
    #[serde(default)]
    address: String,
    #[serde(default)]
    code: String,
}

/// What is said to a code that opens nothing, whyever it does not.
const WRONG_CODE: &str = "This email address and code do not match, or the code no longer works. Check both, or ask for a new \
                          code.";

/// `POST /activate`: a right code leads on to the page to choose a password.
pub(crate) async fn activate(State(gate): State<Gate>, State(renderer): State<Renderer>, request: Request) -> Response {
    let Some((parts, said)) = read::<Code>(request).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let mut form = FormState::default();
    form.keep("address", &said.address);
    if as_typed(&said.address).is_empty() {
        form.problem("address", "Enter your email address.");
    }
    if SpokenCode::parse(&said.code).is_none() {
        form.problem("code", "Enter the 9 digits of your code.");
    }
    if !form.is_sound() {
        return renderer.form_page(parts, routes::ACTIVATE, form).await;
    }
    let whence = Whence::of(&parts);
    match gate.open_by_code(&said.address, &said.code, whence.network()).await {
        Ok(ByCode::Opened(token)) => Redirect::to(&routes::start(&token)).into_response(),
        Ok(ByCode::Wrong) => {
            form.problem("code", WRONG_CODE);
            renderer.form_page(parts, routes::ACTIVATE, form).await
        }
        Ok(ByCode::Wait(seconds)) => {
            form.problem("code", &wait_in_words(seconds));
            too_many(renderer.form_page(parts, routes::ACTIVATE, form).await, seconds)
        }
        Err(error) => failed(&renderer, parts, &error).await,
    }
}
