//! Signing in and out: the only maker of actors. Every path asks for a signed-in person unless it is listed here.

use app::{forms::FormState, routes, visitor::Sees};
use axum::{
    Form,
    extract::{Request, State},
    http::{Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    account::{Account, AccountStatus},
    email_address::EmailAddress,
    ids::{AccountId, Timestamp},
    policy::Actor,
};
use gate::{Gate, GateError};
use serde::Deserialize;
use tower_sessions::Session;

use crate::{api, render::Renderer, security::RequestId};

/// The session's entry for who signed in.
const ACCOUNT: &str = "account";

/// The session's entry for who proved who they are, and must choose another password before anything else.
const MUST_CHOOSE: &str = "must-choose";

/// The session's entry for when somebody signed in.
const BEGAN: &str = "began";

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

/// The person whom a one-time link names, for whoever holds it.
pub(crate) fn holder_of_link(account: &Account) -> Actor {
    Actor::Person {
        account: account.id,
        name: account.full_name(),
    }
}

/// Whether a path is that of a one-time link: it is for whoever holds the link, whoever is signed in.
fn is_link(path: &str) -> bool {
    path.strip_prefix(routes::START)
        .is_some_and(|token| token.starts_with('/'))
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
    let path = request.uri().path();
    if is_link(path) {
        return next.run(request).await;
    }
    let standing = match standing(&gate, &session).await {
        Ok(standing) => standing,
        Err(error) => {
            tracing::error!(error = &*error, "who is signed in cannot be told");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    match standing {
        Standing::SignedIn(..) if path == routes::NEW_PASSWORD => Redirect::to(routes::OWN_PASSWORD).into_response(),
        Standing::SignedIn(actor, sees) => {
            request.extensions_mut().insert(sees);
            request.extensions_mut().insert(actor);
            next.run(request).await
        }
        Standing::MustChoose(actor) if path == routes::NEW_PASSWORD => {
            request.extensions_mut().insert(Sees {
                must_choose: true,
                ..Sees::default()
            });
            request.extensions_mut().insert(actor);
            next.run(request).await
        }
        Standing::MustChoose(_) if path == routes::SIGN_OUT => next.run(request).await,
        _ if is_open(path, &renderer) => next.run(request).await,
        Standing::MustChoose(_) => Redirect::to(routes::NEW_PASSWORD).into_response(),
        Standing::Nobody if request.method() == Method::GET => {
            Redirect::to(&routes::sign_in_then(request.uri())).into_response()
        }
        Standing::Nobody => Redirect::to(routes::SIGN_IN).into_response(),
    }
}

/// Puts the person whose API token a request carries into it, or answers 401. Sessions prove nothing here.
pub(crate) async fn require_token(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    let sent = request.headers().get(header::AUTHORIZATION);
    let sent = sent
        .and_then(|sent| sent.to_str().ok())
        .and_then(|sent| sent.split_once(' '));
    let token = sent.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let holder = match token {
        Some((_, token)) => gate.bearer(token.trim()).await,
        None => Ok(None),
    };
    let holder = match holder {
        Ok(Some(holder)) => holder,
        Ok(None) => return api::unproved(),
        Err(error) => return api::troubled(&error),
    };
    let actor = Actor::Person {
        account: holder.id,
        name: holder.full_name(),
    };
    // A role that has ended takes its tokens along, whatever is written of them.
    match gate.on_behalf_of(&actor).sending().await {
        Ok(scope) if scope.is_empty() => return api::unproved(),
        Ok(_) => {}
        Err(error) => return api::troubled(&error),
    }
    request.extensions_mut().insert(actor);
    next.run(request).await
}

/// What a session proves.
enum Standing {
    Nobody,
    /// Who they are, and that they must choose another password.
    MustChoose(Actor),
    SignedIn(Actor, Sees),
}

/// What the session proves at this moment. It is over when the account's status or its password has changed since it
/// began: disabled, marked as a leaver, reset by the helpdesk, changed elsewhere.
async fn standing(gate: &Gate, session: &Session) -> Result<Standing, Box<dyn std::error::Error + Send + Sync>> {
    let signed_in = session.get::<AccountId>(ACCOUNT).await?;
    let account = match signed_in {
        Some(account) => Some(account),
        None => session.get::<AccountId>(MUST_CHOOSE).await?,
    };
    let Some(account) = account else {
        return Ok(Standing::Nobody);
    };
    let actor = Actor::Person {
        account,
        name: String::new(),
    };
    let visit = gate.on_behalf_of(&actor);
    let profile = match visit.profile().await {
        Ok(profile) => profile,
        Err(GateError::NotFound) => {
            session.flush().await?;
            return Ok(Standing::Nobody);
        }
        Err(error) => return Err(error.into()),
    };
    let is_let_in = match profile.account.status {
        AccountStatus::Active | AccountStatus::Leaver => true,
        AccountStatus::Pending | AccountStatus::Inactive => signed_in.is_none(),
        AccountStatus::Locked | AccountStatus::Disabled | AccountStatus::Deleted => false,
    };
    let since = visit.session_since(&profile.account).await?;
    let began = session.get::<i64>(BEGAN).await?.map(Timestamp);
    if !is_let_in || began.is_none_or(|began| began < since) {
        session.flush().await?;
        return Ok(Standing::Nobody);
    }
    let name = profile.account.full_name();
    if signed_in.is_none() {
        return Ok(Standing::MustChoose(Actor::Person { account, name }));
    }
    let step = gate.now().0 / STEP;
    if session.get::<i64>(USED).await? != Some(step) {
        session.insert(USED, step).await?;
    }
    let offers = match profile.moves {
        true => Some(visit.offers_waiting().await?),
        false => None,
    };
    let sees = Sees {
        must_choose: false,
        uploads: profile.sees_uploads,
        people: profile.sees_people,
        administrators: profile.sees_administrators,
        offers,
    };
    Ok(Standing::SignedIn(Actor::Person { account, name }, sees))
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
            Ok(gate::SignIn::Welcome(account)) => return begin(&gate, &session, account, &said.next).await,
            Ok(gate::SignIn::MustChoose(account)) => return begin_choosing(&gate, &session, account).await,
            Ok(gate::SignIn::Refused) => form.problem(
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

async fn check(gate: &Gate, said: &SignIn) -> Result<gate::SignIn, GateError> {
    let address = EmailAddress::parse(&said.address);
    let address = address.as_ref().map_or("", EmailAddress::as_str);
    let tried = gate.sign_in(address, &said.password).await?;
    if let (gate::SignIn::Welcome(_), Some(actor)) = (&tried, actor_by_address(gate, address).await?) {
        gate.on_behalf_of(&actor).note_use().await?;
    }
    Ok(tried)
}

/// Signs somebody in and leads them on. The session gets a new ID: one that somebody planted beforehand is worth nothing.
pub(crate) async fn begin(gate: &Gate, session: &Session, account: AccountId, next: &str) -> Response {
    let begun = async {
        session.cycle_id().await?;
        session.remove_value(MUST_CHOOSE).await?;
        session.insert(BEGAN, gate.now().0).await?;
        session.insert(ACCOUNT, account).await
    };
    led_on(begun.await, own_path(next))
}

/// As [`begin`], for somebody who must choose another password first: nothing else is open to them.
async fn begin_choosing(gate: &Gate, session: &Session, account: AccountId) -> Response {
    let begun = async {
        session.cycle_id().await?;
        session.remove_value(ACCOUNT).await?;
        session.insert(BEGAN, gate.now().0).await?;
        session.insert(MUST_CHOOSE, account).await
    };
    led_on(begun.await, routes::NEW_PASSWORD)
}

/// Lets this one session live on when its person has changed their password; all others of theirs are over.
pub(crate) async fn renew(gate: &Gate, session: &Session, next: &str) -> Response {
    let renewed = async {
        session.cycle_id().await?;
        session.insert(BEGAN, gate.now().0).await
    };
    led_on(renewed.await, next)
}

fn led_on(kept: Result<(), tower_sessions::session::Error>, next: &str) -> Response {
    match kept {
        Ok(()) => Redirect::to(next).into_response(),
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
