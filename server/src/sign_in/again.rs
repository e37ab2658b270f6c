//! Proving again who one is, by the second factor or the password.

use app::{forms::FormState, routes};
use axum::{
    Extension,
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::policy::Actor;
use gate::{Checked, Gate};
use serde::Deserialize;
use tower_sessions::Session;

use super::{
    answers::{NO_CODE, WRONG_CODE, own_path, too_many, unkept, wait_in_words},
    posted::read,
    service,
};
use crate::{
    http::{asker::failed, render::Renderer, request_origin::Whence},
    sign_in::fresh::{Proved, note},
};

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
    let Some((parts, said)) = read::<Again>(request).await else {
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
        form.problem(field, if by_code { NO_CODE } else { "Enter your password." });
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
                    WRONG_CODE
                } else {
                    "The password is not right. Enter it again."
                },
            );
            renderer.form_page(parts, routes::SIGN_IN_AGAIN, form).await
        }
        Ok(Checked::Wait(seconds)) => {
            form.problem(field, &wait_in_words(seconds));
            let page = renderer.form_page(parts, routes::SIGN_IN_AGAIN, form).await;
            too_many(page, seconds)
        }
        Err(error) => failed(&renderer, parts, &error).await,
    }
}
