//! Signing in and out: the only maker of actors. Every path asks for a signed-in person unless it is listed here.

pub(crate) mod openid;
pub(crate) mod passkeys;
pub(crate) mod second;

use app::{
    forms::FormState,
    routes,
    visitor::{NewSecret, Sees, ThisSession},
};
use axum::{
    Form,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header, uri::PathAndQuery},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    account::{Account, AccountStatus},
    ids::{AccountId, Timestamp},
    policy::Actor,
};
use gate::{Attempt, Gate, GateError, Need, Rights};
use serde::Deserialize;
use tower_sessions::Session;

use crate::{
    api,
    asker::failed,
    fresh,
    render::Renderer,
    security::RequestId,
    sessions::{self, ACCOUNT, AGENT, BEGAN, CLIENT, STEP, USED},
    whence::Whence,
};

/// The session's entry for who proved who they are, and must choose another password before anything else.
const MUST_CHOOSE: &str = "must-choose";

/// The session's entry for who gave the right password, and must prove themselves by their second factor, too.
const HALF_WAY: &str = "half-way";

/// The session's entry for who signed in by a provider that asks for the second factor itself.
const FACTOR_ELSEWHERE: &str = "factor-elsewhere";

/// What is said where no code was entered.
pub(crate) const NO_CODE: &str = "Enter the code that your authenticator app shows.";

/// What is said to a code that is none, is too old, or was used before.
pub(crate) const WRONG_CODE: &str =
    "This code is not right, or was used before. Wait for the next one, and enter that.";

/// Paths that ask for nobody: signing in, and what the sign-in page itself needs.
const OPEN: [&str; 7] = [
    routes::SIGN_IN,
    routes::OPENID,
    routes::OPENID_RETURN,
    "/healthz",
    "/readyz",
    "/favicon.svg",
    "/robots.txt",
];

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
        return by_link(&gate, &renderer, request, next).await;
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
        Standing::SignedIn(..) if path.starts_with(routes::SIGN_IN_SECOND) => {
            Redirect::to(routes::HOME).into_response()
        }
        Standing::SignedIn(_, sees, _) if sees.must_choose && !is_for_setting_up(path) => {
            Redirect::to(routes::SECOND_FACTOR).into_response()
        }
        Standing::SignedIn(actor, sees, rights) => {
            if path == routes::NEW_APP {
                if let Some(asked) = fresh::ask_again(&gate, &session, path).await {
                    return asked;
                }
                match second::new_secret(&session).await {
                    Ok(secret) => request.extensions_mut().insert(NewSecret(secret)),
                    Err(error) => return unkept(&error),
                };
            }
            if let Some(id) = sessions::hash_of(&session) {
                request.extensions_mut().insert(ThisSession(id));
            }
            request.extensions_mut().insert(sees);
            request.extensions_mut().insert(rights);
            request.extensions_mut().insert(actor);
            next.run(request).await
        }
        Standing::HalfWay(actor) if path.starts_with(routes::SIGN_IN_SECOND) => {
            request.extensions_mut().insert(Sees {
                must_choose: true,
                ..Sees::default()
            });
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
        Standing::MustChoose(_) | Standing::HalfWay(_) if path == routes::SIGN_OUT => next.run(request).await,
        _ if is_open(path, &renderer) => next.run(request).await,
        Standing::MustChoose(_) => Redirect::to(routes::NEW_PASSWORD).into_response(),
        Standing::HalfWay(_) => Redirect::to(routes::SIGN_IN_SECOND).into_response(),
        Standing::Nobody if request.method() == Method::GET => {
            Redirect::to(&routes::sign_in_then(request.uri())).into_response()
        }
        Standing::Nobody if path == routes::SIGN_OUT => Redirect::to(routes::SIGN_IN).into_response(),
        Standing::Nobody => Redirect::to(&routes::sign_in_again(&form_of(request.headers()))).into_response(),
    }
}

/// The page whose form was sent; the first page where the browser does not say. It is one of the portal's: others' forms do
/// not come this far.
fn form_of(headers: &HeaderMap) -> String {
    let from = headers.get(header::REFERER).and_then(|from| from.to_str().ok());
    let from = from.and_then(|from| from.parse::<Uri>().ok());
    let page = from.as_ref().and_then(Uri::path_and_query).map(PathAndQuery::as_str);
    own_path(page.unwrap_or(routes::HOME)).to_owned()
}

/// Whether a path is open to somebody who must set up a second factor before anything else.
fn is_for_setting_up(path: &str) -> bool {
    path.starts_with(routes::SECOND_FACTOR)
        || [routes::SIGN_OUT, routes::SIGN_IN_AGAIN].contains(&path)
        || OPEN.contains(&path)
}

/// A one-time link, for whoever holds it. Whoever tries many that are none must wait like those who guess passwords.
async fn by_link(gate: &Gate, renderer: &Renderer, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let Some(client) = Whence::of(&parts).client else {
        return next.run(Request::from_parts(parts, body)).await;
    };
    match gate.client_waits(&client).await {
        Ok(None) => {}
        Ok(Some(seconds)) => {
            let mut form = FormState::default();
            form.problem("address", &wait_in_words(seconds));
            return too_many(renderer.form_page(parts, routes::SIGN_IN, form).await, seconds);
        }
        Err(error) => return failed(renderer, parts, &error).await,
    }
    let answer = next.run(Request::from_parts(parts, body)).await;
    if answer.status() == StatusCode::NOT_FOUND
        && let Err(error) = gate.note_client_failure(&client).await
    {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "a link that is none was not counted"
        );
    }
    answer
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
    /// Who gave the right password, and must prove themselves by their second factor, too.
    HalfWay(Actor),
    /// Who they are, and that they must choose another password.
    MustChoose(Actor),
    SignedIn(Actor, Sees, Rights),
}

/// What the session proves at this moment. It is over when the account's status or its password has changed since it
/// began: disabled, marked as a leaver, reset by the helpdesk, changed elsewhere.
async fn standing(gate: &Gate, session: &Session) -> Result<Standing, Box<dyn std::error::Error + Send + Sync>> {
    let signed_in = session.get::<AccountId>(ACCOUNT).await?;
    let half_way = session.get::<AccountId>(HALF_WAY).await?;
    let must_choose = session.get::<AccountId>(MUST_CHOOSE).await?;
    let Some(account) = signed_in.or(half_way).or(must_choose) else {
        return Ok(Standing::Nobody);
    };
    let actor = Actor::Person {
        account,
        name: String::new(),
    };
    let rights = Rights::default();
    let visit = gate.reading(&actor, rights.clone());
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
    let longest = i64::from(gate.rules().sign_in.session_hours) * 3600;
    let is_over = |began: Timestamp| began < since || began.plus_seconds(longest) <= gate.now();
    if !is_let_in || began.is_none_or(is_over) {
        session.flush().await?;
        return Ok(Standing::Nobody);
    }
    let name = profile.account.full_name();
    if signed_in.is_none() && half_way.is_some() {
        return Ok(Standing::HalfWay(Actor::Person { account, name }));
    }
    if signed_in.is_none() {
        return Ok(Standing::MustChoose(Actor::Person { account, name }));
    }
    // Roles are looked at for each request: whoever is given one sets a second factor up before they use it.
    let asked_elsewhere = session.get::<bool>(FACTOR_ELSEWHERE).await?.is_some();
    if !profile.roles.is_empty() && !asked_elsewhere && gate.needs_factor(account).await? == Need::SetUp {
        let sees = Sees {
            must_choose: true,
            ..Sees::default()
        };
        return Ok(Standing::SignedIn(Actor::Person { account, name }, sees, rights));
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
        audit: profile.audits,
        administrators: profile.sees_administrators,
        offers,
    };
    Ok(Standing::SignedIn(Actor::Person { account, name }, sees, rights))
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
    if !form.is_sound() {
        return renderer.form_page(parts, routes::SIGN_IN, form).await;
    }
    let whence = Whence::of(&parts);
    let attempt = Attempt {
        address: &said.address,
        password: &said.password,
        client: whence.client.as_deref(),
    };
    match gate.sign_in(&service(), &attempt).await {
        Ok(gate::SignIn::Welcome(account)) => begin(&gate, &session, &whence, account, &said.next).await,
        Ok(gate::SignIn::MustChoose(account)) => begin_choosing(&gate, &session, &whence, account).await,
        Ok(gate::SignIn::Refused) => {
            form.problem(
                "address",
                "The e-mail address or the password is not right. Check both and try again.",
            );
            renderer.form_page(parts, routes::SIGN_IN, form).await
        }
        Ok(gate::SignIn::Wait(seconds)) => {
            form.problem("address", &wait_in_words(seconds));
            too_many(renderer.form_page(parts, routes::SIGN_IN, form).await, seconds)
        }
        Err(GateError::Busy) => {
            form.problem(
                "address",
                "Many people are signing in at this moment. Wait half a minute, then try again.",
            );
            busy(renderer.form_page(parts, routes::SIGN_IN, form).await)
        }
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
            renderer.form_page(parts, routes::SIGN_IN, form).await
        }
    }
}

/// What is said to whoever failed too often.
pub(crate) fn wait_in_words(seconds: i64) -> String {
    let minutes = (seconds + 59) / 60;
    let unit = if minutes == 1 { "minute" } else { "minutes" };
    format!("Too many tries have failed. Try again in {minutes} {unit}.")
}

/// A page for whoever failed too often, with how long to wait.
pub(crate) fn too_many(mut page: Response, seconds: i64) -> Response {
    *page.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    page.headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    page
}

/// A page for whoever comes while too many sign in.
pub(crate) fn busy(mut page: Response) -> Response {
    *page.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(30));
    page
}

/// Leads somebody on whose password is right: to their second factor, where they have one, else in. The session gets a new
/// ID: one that somebody planted beforehand is worth nothing.
pub(crate) async fn begin(gate: &Gate, session: &Session, whence: &Whence, account: AccountId, next: &str) -> Response {
    let need = match gate.needs_factor(account).await {
        Ok(need) => need,
        Err(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "a second factor cannot be looked up"
            );
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    if let Err(error) = anew(gate, session, whence).await {
        return unkept(&error);
    }
    if need == Need::Prove {
        let kept = session.insert(HALF_WAY, account).await;
        return led_on(kept, &routes::then(routes::SIGN_IN_SECOND, own_path(next)));
    }
    let actor = Actor::Person {
        account,
        name: String::new(),
    };
    enter(gate, session, &actor, own_path(next)).await
}

/// As [`begin`], for somebody whom a provider has asked for their second factor, too.
async fn begin_proved(gate: &Gate, session: &Session, whence: &Whence, account: AccountId, next: &str) -> Response {
    let begun = async {
        anew(gate, session, whence).await?;
        session.insert(FACTOR_ELSEWHERE, true).await
    };
    if let Err(error) = begun.await {
        return unkept(&error);
    }
    let actor = Actor::Person {
        account,
        name: String::new(),
    };
    enter(gate, session, &actor, own_path(next)).await
}

/// As [`begin`], for somebody who must choose another password first: nothing else is open to them.
async fn begin_choosing(gate: &Gate, session: &Session, whence: &Whence, account: AccountId) -> Response {
    if let Err(error) = anew(gate, session, whence).await {
        return unkept(&error);
    }
    led_on(session.insert(MUST_CHOOSE, account).await, routes::NEW_PASSWORD)
}

/// Empties the session, gives it a new ID, and notes where it begins.
async fn anew(gate: &Gate, session: &Session, whence: &Whence) -> Result<(), tower_sessions::session::Error> {
    session.cycle_id().await?;
    session.clear().await;
    session.insert(BEGAN, gate.now().0).await?;
    session.insert(CLIENT, &whence.client).await?;
    session.insert(AGENT, &whence.agent).await
}

/// Signs somebody in who has proved all that is asked for.
async fn enter(gate: &Gate, session: &Session, actor: &Actor, next: &str) -> Response {
    if let Err(error) = gate.on_behalf_of(actor).note_use().await {
        tracing::error!(error = &error as &dyn std::error::Error, "signing in was not noted");
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let begun = async {
        session.cycle_id().await?;
        session.remove_value(HALF_WAY).await?;
        session.insert(BEGAN, gate.now().0).await?;
        fresh::note(gate, session).await?;
        session.insert(ACCOUNT, actor.account()).await
    };
    led_on(begun.await, next)
}

/// Lets this one session live on when its person has changed their password; all others of theirs are over.
pub(crate) async fn renew(gate: &Gate, session: &Session, next: &str) -> Response {
    let renewed = async {
        session.cycle_id().await?;
        fresh::note(gate, session).await?;
        session.insert(BEGAN, gate.now().0).await
    };
    led_on(renewed.await, next)
}

fn led_on(kept: Result<(), tower_sessions::session::Error>, next: &str) -> Response {
    match kept {
        Ok(()) => Redirect::to(next).into_response(),
        Err(error) => unkept(&error),
    }
}

/// The answer where a session cannot be read or written.
pub(crate) fn unkept(error: &tower_sessions::session::Error) -> Response {
    tracing::error!(%error, "a session was not kept");
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}

/// Only a path of the portal is gone on to, never another place.
pub(crate) fn own_path(next: &str) -> &str {
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
