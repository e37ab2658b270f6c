//! What people post about their password: activating an account by its one-time link, choosing and changing a password.

use app::{forms::FormState, routes};
use axum::{
    Extension,
    extract::{Path, Request, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    policy::Actor,
    problem::{Kind, Problem},
    values::ids::RowNumber,
};
use gate::{Gate, GateError, WrongPassword};
use serde::Deserialize;
use tower_sessions::Session;

use crate::{
    http::{asker::failed, render::Renderer, request_origin::Whence},
    sign_in::{self, elsewhere::elsewhere, fresh::Proved, posted::read},
};

/// What a form for a new password sends.
#[derive(Deserialize)]
pub(crate) struct NewPassword {
    /// The one there is, where it is asked for.
    #[serde(default)]
    present: String,
    #[serde(default)]
    password: String,
    /// Whether the use policy is accepted.
    #[serde(default)]
    accept: String,
    /// Whether the password stays as it is, and the account is only to be unlocked.
    #[serde(default)]
    keep: String,
}

/// `POST /start/{token}`: a password, chosen by whoever holds the link; they are signed in with it. Whoever is locked out may
/// keep the one they have instead, and then signs in with it.
pub(crate) async fn start(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    session: Session,
    Path(token): Path<String>,
    request: Request,
) -> Response {
    let Some((parts, said)) = read::<NewPassword>(request).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let page = routes::start(&token);
    let invitation = match gate.invitation(&token).await {
        Ok(invitation) => invitation,
        // The page says why nothing comes of it.
        Err(GateError::NotFound) => return renderer.page(parts, &page, FormState::default()).await,
        Err(error) => return failed(&renderer, parts, &error).await,
    };
    let account = invitation.account;
    let actor = sign_in::holder_of_link(&account);
    let visit = gate.on_behalf_of(&actor);
    let service = sign_in::service();
    if invitation.may_keep_password && said.keep == "yes" {
        return match visit.unlock_by_link(&service, &token).await {
            Ok(()) => Redirect::to(&routes::with_query(routes::SIGN_IN, &[("unlocked", "yes")])).into_response(),
            Err(GateError::NotFound) => renderer.page(parts, &page, FormState::default()).await,
            Err(error) => failed(&renderer, parts, &error).await,
        };
    }
    let mut form = FormState::default();
    form.keep("accept", &said.accept);
    match elsewhere(&gate, &renderer, account.id).await {
        Ok(None) => {}
        Ok(Some(why)) => {
            form.problem("password", &why);
            return renderer.form_page(parts, &page, form).await;
        }
        Err(error) => return failed(&renderer, parts, &error).await,
    }
    let accepts = !invitation.asks_terms || said.accept == "yes";
    let tried = match accepts {
        true => visit.choose_by_link(&service, &token, &said.password).await,
        false => visit.check_password(&said.password).await,
    };
    match tried {
        Ok(Ok(())) if accepts => {
            let whence = Whence::of(&parts);
            return sign_in::entering::begin(&gate, &session, &whence, account.id, Proved::Now, routes::HOME).await;
        }
        Ok(Ok(())) => {}
        Ok(Err(wrong)) => say(&mut form, &wrong, &said.password),
        // Another request was quicker with the same link.
        Err(GateError::NotFound) => return renderer.page(parts, &page, FormState::default()).await,
        Err(error) => return failed(&renderer, parts, &error).await,
    }
    if !accepts {
        form.problem("accept", "Accept the use policy to continue.");
    }
    renderer.form_page(parts, &page, form).await
}

/// `POST /password/new`: the password that somebody must choose before anything else.
pub(crate) async fn choose_password(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    session: Session,
    request: Request,
) -> Response {
    let Some((parts, said)) = read::<NewPassword>(request).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let Some(account) = actor.account() else {
        return failed(&renderer, parts, &GateError::NotFound).await;
    };
    let mut form = FormState::default();
    match elsewhere(&gate, &renderer, account).await {
        Ok(None) => {}
        Ok(Some(why)) => {
            form.problem("password", &why);
            return renderer.form_page(parts, routes::NEW_PASSWORD, form).await;
        }
        Err(error) => return failed(&renderer, parts, &error).await,
    }
    match gate.on_behalf_of(&actor).choose_password(&said.password).await {
        Ok(Ok(())) => {
            let whence = Whence::of(&parts);
            return sign_in::entering::begin_with_chosen(&gate, &session, &whence, account).await;
        }
        Ok(Err(wrong)) => say(&mut form, &wrong, &said.password),
        Err(error) => return failed(&renderer, parts, &error).await,
    }
    renderer.form_page(parts, routes::NEW_PASSWORD, form).await
}

/// `POST /me/password`: another password in place of the present one. This session lives on, all others are over.
pub(crate) async fn change_password(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    session: Session,
    request: Request,
) -> Response {
    let Some((parts, said)) = read::<NewPassword>(request).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let mut form = FormState::default();
    if said.present.is_empty() {
        form.problem("present", "Enter your current password.");
    }
    if said.password.is_empty() {
        form.problem("password", NO_PASSWORD);
    }
    if let Some(account) = actor.account() {
        match elsewhere(&gate, &renderer, account).await {
            Ok(None) => {}
            Ok(Some(why)) => form.problem("password", &why),
            Err(error) => return failed(&renderer, parts, &error).await,
        }
    }
    if form.is_sound() {
        let visit = gate.on_behalf_of(&actor);
        let whence = Whence::of(&parts);
        let service = sign_in::service();
        let changed = visit.change_password(&service, &said.present, &said.password, whence.network());
        match changed.await {
            Ok(Ok(())) => return sign_in::entering::renew(&gate, &session, &saved("password")).await,
            Ok(Err(WrongPassword::Wait(seconds))) => {
                form.problem("present", &sign_in::answers::wait_in_words(seconds));
                let page = renderer.form_page(parts, routes::OWN_PASSWORD, form).await;
                return sign_in::answers::too_many(page, seconds);
            }
            Ok(Err(wrong)) => say(&mut form, &wrong, &said.password),
            Err(error) => return failed(&renderer, parts, &error).await,
        }
    }
    renderer.form_page(parts, routes::OWN_PASSWORD, form).await
}

const NO_PASSWORD: &str = "Enter a new password.";

/// Says at its field why a password was not taken.
fn say(form: &mut FormState, wrong: &WrongPassword, password: &str) {
    match wrong {
        WrongPassword::Present => form.problem("present", "The current password is not right. Enter it again."),
        WrongPassword::Wait(seconds) => form.problem("present", &sign_in::answers::wait_in_words(*seconds)),
        WrongPassword::UsedBefore => form.problem(
            "password",
            "You have used this password before. Choose one that is not among your last 4.",
        ),
        WrongPassword::Weak(_) if password.is_empty() => form.problem("password", NO_PASSWORD),
        WrongPassword::Weak(Kind::PasswordContainsName) => {
            form.problem("password", "The password contains your name. Use one without it.");
        }
        WrongPassword::Weak(kind) => {
            let problem = Problem::in_row(RowNumber(1), kind.clone());
            form.problem("password", &problem.to_string());
        }
    }
}

fn saved(what: &str) -> String {
    routes::with_query(routes::OWN, &[("saved", what)])
}
