//! Signing in and out: the only maker of actors. Every path asks for a signed-in person unless it is listed here.

use app::{forms::FormState, routes, visitor::Sees};
use axum::{
    Form,
    extract::{Request, State},
    http::{Method, StatusCode, Uri},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use domain::{account::AccountStatus, email_address::EmailAddress, ids::AccountId, policy::Actor};
use gate::{Gate, GateError};
use serde::Deserialize;
use tower_sessions::Session;

use crate::{render::Renderer, security::RequestId};

/// The session's entry for who signed in.
const ACCOUNT: &str = "account";

/// The session's entry for when it was last used, in steps. Writing it makes the session live on; it waits for other
/// writers, and so is done seldom.
const USED: &str = "used";

/// The length of a step, in milliseconds: five minutes.
const STEP: i64 = 300_000;

/// Paths that ask for nobody: signing in, and what the sign-in page itself needs.
const OPEN: [&str; 5] = [routes::SIGN_IN, "/healthz", "/readyz", "/favicon.svg", "/robots.txt"];

/// The service itself, for the operator's commands.
pub(crate) const fn service() -> Actor {
    Actor::System
}

/// A person whose mailbox address the operator names.
pub(crate) async fn actor_by_address(gate: &Gate, address: &str) -> Result<Option<Actor>, GateError> {
    let found = gate.account_by_address(address).await?;
    Ok(found.map(|account| Actor::Person {
        account: account.id,
        name: account.full_name(),
    }))
}

/// Whether a path asks for nobody. On a developer's machine that is so for the mail that went out, too: somebody new
/// finds the link there by which they come in.
fn is_open(path: &str, renderer: &Renderer) -> bool {
    let is_mail = path
        .strip_prefix(routes::MAIL)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    OPEN.contains(&path) || (is_mail && renderer.mail_folder.is_some())
}

/// Puts the signed-in person into the request, or sends everybody else to sign in.
pub(crate) async fn require(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Response {
    match signed_in(&gate, &session).await {
        Ok(Some((actor, sees))) => {
            request.extensions_mut().insert(sees);
            request.extensions_mut().insert(actor);
            next.run(request).await
        }
        Ok(None) if is_open(request.uri().path(), &renderer) => next.run(request).await,
        Ok(None) if request.method() == Method::GET => {
            Redirect::to(&routes::sign_in_then(request.uri())).into_response()
        }
        Ok(None) => Redirect::to(routes::SIGN_IN).into_response(),
        Err(error) => {
            tracing::error!(error = &*error, "who is signed in cannot be told");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// The session's person, as long as their account is active.
async fn signed_in(
    gate: &Gate,
    session: &Session,
) -> Result<Option<(Actor, Sees)>, Box<dyn std::error::Error + Send + Sync>> {
    let Some(account) = session.get::<AccountId>(ACCOUNT).await? else {
        return Ok(None);
    };
    let actor = Actor::Person {
        account,
        name: String::new(),
    };
    match gate.on_behalf_of(&actor).profile().await {
        Ok(profile) if profile.account.status == AccountStatus::Active => {
            let step = gate.now().0 / STEP;
            if session.get::<i64>(USED).await? != Some(step) {
                session.insert(USED, step).await?;
            }
            let name = profile.account.full_name();
            let sees = Sees {
                uploads: profile.sees_uploads,
                people: profile.sees_people,
            };
            Ok(Some((Actor::Person { account, name }, sees)))
        }
        Ok(_) | Err(GateError::NotFound) => {
            session.flush().await?;
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// What the sign-in form sends.
#[derive(Deserialize)]
pub(crate) struct SignIn {
    #[serde(default)]
    address: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

/// `POST /sign-in`. An unknown address and a wrong password get the same words after the same time.
pub(crate) async fn sign_in(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    session: Session,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let rebuilt = Request::from_parts(parts.clone(), body);
    let Ok(Form(said)) = <Form<SignIn> as axum::extract::FromRequest<()>>::from_request(rebuilt, &()).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let mut form = FormState::default();
    form.keep("address", &said.address);
    form.keep("next", &said.next);
    if said.address.trim().is_empty() {
        form.problem("address", "Enter your e-mail address.");
    }
    if said.password.is_empty() {
        form.problem("password", "Enter your password.");
    }
    if form.is_sound() {
        match check(&gate, &said).await {
            Ok(Some(account)) => return begin(&session, account, &said.next).await,
            Ok(None) => form.problem(
                "address",
                "The e-mail address or the password is not right. Check both and try again.",
            ),
            Err(error) => {
                let reference = parts
                    .extensions
                    .get::<RequestId>()
                    .map(ToString::to_string)
                    .unwrap_or_default();
                tracing::error!(error = &error as &dyn std::error::Error, reference, "signing in failed");
                form.problem(
                    "address",
                    "Signing in does not work at the moment. Try again in a few minutes.",
                );
            }
        }
    }
    renderer.form_page(parts, routes::SIGN_IN, form).await
}

async fn check(gate: &Gate, said: &SignIn) -> Result<Option<AccountId>, GateError> {
    let address = EmailAddress::parse(&said.address);
    let address = address.as_ref().map_or("", EmailAddress::as_str);
    match gate.sign_in(address, &said.password).await? {
        gate::SignIn::Welcome(account) => Ok(Some(account)),
        gate::SignIn::MustChoose(_) | gate::SignIn::Refused => Ok(None),
    }
}

/// The session gets a new ID: one that somebody planted beforehand is worth nothing.
async fn begin(session: &Session, account: AccountId, next: &str) -> Response {
    let begun = async {
        session.cycle_id().await?;
        session.insert(ACCOUNT, account).await
    };
    match begun.await {
        Ok(()) => Redirect::to(own_path(next)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a session was not kept");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// Only a path of the portal is gone on to, never another place.
fn own_path(next: &str) -> &str {
    let is_path = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n']);
    if is_path && next.parse::<Uri>().is_ok() {
        next
    } else {
        routes::HOME
    }
}

/// `POST /sign-out`.
pub(crate) async fn sign_out(session: Session) -> Response {
    if let Err(error) = session.flush().await {
        tracing::error!(%error, "a session was not ended");
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    Redirect::to(routes::SIGN_IN).into_response()
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn signing_in_never_leads_elsewhere() {
        assert_eq!(
            own_path("/submissions/7Q4K9TZM2X?show=problem"),
            "/submissions/7Q4K9TZM2X?show=problem"
        );
        for next in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "/a\r\nb: c",
        ] {
            assert_eq!(own_path(next), "/", "{next}");
        }
    }
}
