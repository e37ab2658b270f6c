//! What people post about themselves: taking an account up by its one-time link, choosing and changing a password, and
//! the few details that are theirs.

use std::collections::HashMap;

use app::{
    forms::{FormState, MovedDetail, SEEN, WHOLE},
    routes,
};
use axum::{
    Extension, Form,
    extract::{FromRequest, Path, Request, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    dictionary::Attribute,
    ids::RowNumber,
    policy::{Actor, OWN_ATTRIBUTES},
    problem::{Kind, Problem},
};
use gate::{Asked, Gate, GateError, Moved, Visit, WrongPassword};
use serde::{Deserialize, de::DeserializeOwned};
use tower_sessions::Session;

use crate::{asker::failed, fresh::Proved, render::Renderer, sign_in, whence::Whence};

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
    let accepts = account.activated || said.accept == "yes";
    let tried = match accepts {
        true => visit.choose_by_link(&service, &token, &said.password).await,
        false => visit.check_password(&said.password).await,
    };
    let mut form = FormState::default();
    form.keep("accept", &said.accept);
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
        form.problem("accept", "Accept the use policy to go on.");
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
    match gate.on_behalf_of(&actor).choose_password(&said.password).await {
        Ok(Ok(())) => {
            let whence = Whence::of(&parts);
            return sign_in::entering::begin(&gate, &session, &whence, account, Proved::Now, routes::HOME).await;
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
        form.problem("present", "Enter your present password.");
    }
    if said.password.is_empty() {
        form.problem("password", NO_PASSWORD);
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

/// `POST /me`: the details that people keep of themselves.
pub(crate) async fn keep(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    request: Request,
) -> Response {
    let Some((parts, said)) = read::<HashMap<String, String>>(request).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let seen = said.get(SEEN).and_then(|seen| seen.parse().ok()).unwrap_or_default();
    let typed = Typed::of(&said);
    let visit = gate.on_behalf_of(&actor);
    let form = match visit.keep_own(seen, &typed.0).await {
        Ok(Asked::Planned(_)) => return Redirect::to(&saved("yes")).into_response(),
        Ok(Asked::Nothing) => {
            let page = routes::with_query(routes::OWN, &[("nothing", "yes")]);
            return Redirect::to(&page).into_response();
        }
        Ok(Asked::Wrong(problems)) => typed.with_problems(seen, &problems),
        Err(GateError::Stale) => match typed.upon_what_moved(&visit, seen).await {
            Ok(form) => form,
            Err(error) => return failed(&renderer, parts, &error).await,
        },
        Err(error) => return failed(&renderer, parts, &error).await,
    };
    renderer.form_page(parts, routes::OWN, form).await
}

/// What was typed into the fields of one's own details; a field that was not sent is not asked for.
struct Typed(Vec<(Attribute, String)>);

impl Typed {
    fn of(said: &HashMap<String, String>) -> Self {
        let sent = |attribute: Attribute| Some((attribute, said.get(attribute.slug())?.clone()));
        Self(OWN_ATTRIBUTES.into_iter().filter_map(sent).collect())
    }

    /// The form again with all that was typed, each problem at its field.
    fn with_problems(&self, seen: i64, problems: &[Problem]) -> FormState {
        let mut form = FormState::default();
        form.keep(SEEN, &seen.to_string());
        for (attribute, text) in &self.0 {
            form.keep(attribute.slug(), text);
        }
        for problem in problems {
            form.refuse(problem);
        }
        form
    }

    /// The form again upon what was changed meanwhile: what was typed anew stays, the rest is as it is now.
    async fn upon_what_moved(&self, visit: &Visit<'_>, seen: i64) -> Result<FormState, GateError> {
        let own = visit.own().await?;
        let versions = own.version - seen;
        let (moved, then) = visit.moved_since(own.id.0, &own.attributes, versions).await?;
        let mut form = FormState::default();
        form.keep(SEEN, &own.version.to_string());
        for (attribute, text) in &self.0 {
            let now = own.attributes.text(*attribute);
            let untouched = is_said_by(*attribute, text, then.text(*attribute));
            form.keep(attribute.slug(), if untouched { now } else { text });
        }
        let typed = |attribute: Attribute| {
            let text = form.value_of(attribute.slug());
            let is_own = self.0.iter().any(|(own, _)| *own == attribute);
            (is_own && !is_said_by(attribute, &text, own.attributes.text(attribute))).then_some(text)
        };
        let detail = |moved: Moved| MovedDetail {
            typed: typed(moved.change.attribute),
            moved,
        };
        let meanwhile = moved.into_iter().map(detail).collect();
        form.meanwhile = Some(meanwhile);
        form.problem(
            WHOLE,
            "Your record has changed since this page was shown. Look at it again, then save your changes.",
        );
        Ok(form)
    }
}

/// Whether a field's text says what is there; a box that is not ticked says no.
fn is_said_by(attribute: Attribute, text: &str, there: &str) -> bool {
    let is_unticked = attribute == Attribute::HideMobile && text == "no" && there.is_empty();
    is_unticked || text.replace("\r\n", "\n").trim() == there
}

const NO_PASSWORD: &str = "Enter a new password.";

/// Says at its field why a password was not taken.
fn say(form: &mut FormState, wrong: &WrongPassword, password: &str) {
    match wrong {
        WrongPassword::Present => form.problem("present", "The present password is not right. Enter it again."),
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

/// The request's parts, and what its form sends; none where it is no form.
async fn read<T: DeserializeOwned>(request: Request) -> Option<(Parts, T)> {
    let (parts, body) = request.into_parts();
    let rebuilt = Request::from_parts(parts.clone(), body);
    let Form(said) = <Form<T> as FromRequest<()>>::from_request(rebuilt, &()).await.ok()?;
    Some((parts, said))
}
