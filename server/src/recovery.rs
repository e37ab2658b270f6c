//! What people post who cannot sign in: asking for a link by email.

use app::{forms::FormState, routes};
use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::email_address::as_typed;
use gate::Gate;
use serde::Deserialize;

use crate::{
    asker::failed,
    render::Renderer,
    sign_in::{
        entering::{too_many, wait_in_words},
        second::read,
    },
    whence::Whence,
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
