//! Who is signed in: the only maker of actors. Every path asks for a signed-in person unless it is listed here.

pub(crate) mod again;
pub(crate) mod answers;
mod elsewhere;
pub(crate) mod entering;
pub(crate) mod fresh;
mod new_secret;
pub(crate) mod openid;
pub(crate) mod own_password;
pub(crate) mod own_sessions;
pub(crate) mod passkeys;
pub(crate) mod posted;
pub(crate) mod recovery;
pub(crate) mod renaming;
mod returning;
pub(crate) mod second;
pub(crate) mod sessions;
pub(crate) mod stay;

use app::{
    forms::FormState,
    routes,
    visitor::{NewSecret, ProvedLately, Sees, ThisSession},
};
use axum::{
    extract::{Request, State},
    http::{Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    account::{Account, AccountStatus},
    email::Distrust,
    policy::Actor,
    values::ids::{AccountId, Timestamp},
};
use email::Mail;
use gate::{ConnectorSettings, Gate, GateError, Need, Rights};
use tower_sessions::Session;

use self::{
    answers::{too_many, unkept, wait_in_words},
    new_secret::new_secret,
    returning::wanted,
};
use crate::{
    channels::{api, scim},
    http::{asker::failed, render::Renderer, request_origin::Whence},
    sign_in::sessions::{ACCOUNT, BEGAN, STEP, USED, WAS},
};

/// The session's entry for who proved who they are, and must choose another password before anything else.
const MUST_CHOOSE: &str = "must-choose";

/// The session's entry for where whoever must choose another password wanted to go.
const NEXT: &str = "next";

/// The session's entry for who gave the right password, and must prove themselves by their second factor, too.
const HALF_WAY: &str = "half-way";

/// The session's entry for who signed in by a provider that asks for the second factor itself.
const FACTOR_ELSEWHERE: &str = "factor-elsewhere";

/// Paths that ask for nobody: signing in, what the sign-in page itself needs, and what everybody may read.
const OPEN: [&str; 18] = [
    routes::HELP,
    routes::HELP_SYNC,
    routes::HELP_EMAIL,
    routes::HELP_CHANGE_FILES,
    routes::CONTACT,
    routes::PRIVACY,
    routes::ACCESSIBILITY,
    routes::SIGN_IN,
    routes::PASSWORD_RESET,
    routes::ACTIVATE,
    routes::OPENID,
    routes::OPENID_RETURN,
    routes::CHANGE_PASSWORD,
    routes::SECURITY_TXT,
    "/healthz",
    "/readyz",
    "/favicon.svg",
    "/robots.txt",
];

/// The service itself, for the operator's commands.
#[expect(
    clippy::disallowed_methods,
    reason = "whoever runs a command at the machine speaks for the service"
)]
pub(crate) const fn service() -> Actor {
    Actor::service()
}

/// Somebody who has proved who they are.
#[expect(clippy::disallowed_methods, reason = "called only with what a sign-in has proved")]
const fn proved(account: AccountId, name: String) -> Actor {
    Actor::person(account, name)
}

/// A person whose mailbox address the operator names.
pub(crate) async fn actor_by_address(gate: &Gate, address: &str) -> Result<Option<Actor>, GateError> {
    let found = gate.account_by_address(address).await?;
    Ok(found.map(|account| proved(account.id, account.full_name())))
}

/// The person who is proved to have sent a mail, and what proves it, in words; otherwise why it is not believed.
pub(crate) async fn by_email(gate: &Gate, mail: &Mail) -> Result<Result<(Actor, String), Distrust>, GateError> {
    let sender = gate.mail_sender(mail).await?;
    Ok(sender.map(|(account, proof)| (proved(account.id, account.full_name()), proof)))
}

/// The account that sends a customer's change files, while it is in force: whoever may write into the customer's folder speaks
/// for it. What it may do is read when its files are taken, and again when they are applied.
pub(crate) fn by_change_file(connector: &Account) -> Option<Actor> {
    let is_in_force = connector.status.is_in_force();
    is_in_force.then(|| proved(connector.id, connector.full_name()))
}

/// The person whom a one-time link names, for whoever holds it.
pub(crate) fn holder_of_link(account: &Account) -> Actor {
    proved(account.id, account.full_name())
}

/// Whether a path is that of a one-time link: it is for whoever holds the link, whoever is signed in.
fn is_link(path: &str) -> bool {
    let is_of = |link: &str| path.strip_prefix(link).is_some_and(|token| token.starts_with('/'));
    is_of(routes::START) || is_of(routes::RENAME)
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
            request.extensions_mut().insert(sees);
            request.extensions_mut().insert(rights);
            request.extensions_mut().insert(actor);
            match prepare(&gate, &session, &mut request).await {
                Ok(None) => next.run(request).await,
                Ok(Some(asked)) => asked,
                Err(error) => unkept(&error),
            }
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
        Standing::HalfWay(_) if is_looked_at(&request) => {
            Redirect::to(&routes::then(routes::SIGN_IN_SECOND, &wanted(request.uri()))).into_response()
        }
        Standing::HalfWay(_) => Redirect::to(routes::SIGN_IN_SECOND).into_response(),
        // Until there is anybody, the first page says how to begin.
        Standing::Nobody(_) if path == routes::HOME && is_empty(&gate).await => next.run(request).await,
        Standing::Nobody(_) if is_looked_at(&request) => {
            Redirect::to(&routes::sign_in_then(&wanted(request.uri()))).into_response()
        }
        Standing::Nobody(_) if path == routes::SIGN_OUT => Redirect::to(routes::SIGN_IN).into_response(),
        Standing::Nobody(was) => returning::late(&gate, &session, was, request).await,
    }
}

/// Whether somebody only wants to see what is there.
fn is_looked_at(request: &Request) -> bool {
    [Method::GET, Method::HEAD].contains(request.method())
}

/// Puts into a request what pages are told of its session, or says what is asked for first. The session lives on by it,
/// but not by asking how long it will.
async fn prepare(
    gate: &Gate,
    session: &Session,
    request: &mut Request,
) -> Result<Option<Response>, tower_sessions::session::Error> {
    let path = request.uri().path().to_owned();
    let is_page = request.method() == Method::GET;
    if path != routes::TIME_LEFT {
        let step = gate.now().0 / STEP;
        if session.get::<i64>(USED).await? != Some(step) {
            session.insert(USED, step).await?;
        }
    }
    if path == routes::NEW_APP {
        if let Some(asked) = fresh::ask_again(gate, session, &path).await {
            return Ok(Some(asked));
        }
        let secret = new_secret(session).await?;
        request.extensions_mut().insert(NewSecret(secret));
    }
    if let Some(id) = sessions::hash_of(session) {
        request.extensions_mut().insert(ThisSession(id));
    }
    let proved = fresh::is_proved(gate, session).await?;
    request.extensions_mut().insert(ProvedLately(proved));
    if is_page && let Some(form) = returning::take(gate, session, &path).await? {
        request.extensions_mut().insert(form);
    }
    Ok(None)
}

/// Whether there is nobody here yet; not as long as the database does not say.
async fn is_empty(gate: &Gate) -> bool {
    gate.is_empty().await.unwrap_or_else(|error| {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "whether the portal is empty cannot be told"
        );
        false
    })
}

/// Whether a path is open to somebody who must set up a second factor before anything else.
fn is_for_setting_up(path: &str) -> bool {
    path.starts_with(routes::SECOND_FACTOR)
        || [routes::SIGN_OUT, routes::SIGN_IN_AGAIN, routes::STAY, routes::TIME_LEFT].contains(&path)
        || OPEN.contains(&path)
}

/// A one-time link, for whoever holds it. Whoever tries many that are none must wait like those who guess passwords.
async fn by_link(gate: &Gate, renderer: &Renderer, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let whence = Whence::of(&parts);
    let Some(client) = whence.network() else {
        return next.run(Request::from_parts(parts, body)).await;
    };
    match gate.client_waits(client).await {
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
        && let Err(error) = gate.note_client_failure(client).await
    {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "a link that is none was not counted"
        );
    }
    answer
}

/// Puts the person whose API token a request carries into it, or answers 401. Sessions prove nothing here.
pub(crate) async fn require_token(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    match by_token(&gate, request).await {
        Ok(request) => next.run(request).await,
        Err(None) => api::unproved(),
        Err(Some(error)) => api::troubled(&error),
    }
}

/// The same for what connectors synchronise, who are answered in the form of SCIM.
pub(crate) async fn require_connector(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    match by_token(&gate, request).await {
        Ok(request) => next.run(request).await,
        Err(None) => scim::answers::unproved(),
        Err(Some(error)) => scim::answers::troubled(error),
    }
}

/// The request with the person whose API token it carries; an error where who that is cannot be told.
async fn by_token(gate: &Gate, request: Request) -> Result<Request, Option<GateError>> {
    let (parts, body) = request.into_parts();
    let whence = Whence::of(&parts);
    let mut request = Request::from_parts(parts, body);
    let sent = request.headers().get(header::AUTHORIZATION);
    let sent = sent
        .and_then(|sent| sent.to_str().ok())
        .and_then(|sent| sent.split_once(' '));
    let token = sent.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let Some(token) = token.map(|(_, token)| token.trim()) else {
        return Err(None);
    };
    let admitted = match bearer(gate, token).await {
        Ok(Some(admitted)) => admitted,
        Ok(None) => {
            if let Err(error) = gate.note_token_refused(token, whence.network()).await {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "a token that was refused was not recorded"
                );
            }
            return Err(None);
        }
        Err(error) => return Err(Some(error)),
    };
    request.extensions_mut().insert(admitted.actor);
    request.extensions_mut().insert(admitted.rights);
    request.extensions_mut().insert(admitted.settings);
    Ok(request)
}

/// Who comes in by a token, and what was read to let them in.
struct Admitted {
    actor: Actor,
    rights: Rights,
    settings: ConnectorSettings,
}

/// The person whose token this is, while it opens anything. A role that has ended takes its tokens along, whatever is written
/// of them.
async fn bearer(gate: &Gate, token: &str) -> Result<Option<Admitted>, GateError> {
    let Some(holder) = gate.bearer(token).await? else {
        return Ok(None);
    };
    let actor = proved(holder.account, holder.name);
    // Sending something is use like any other.
    if holder.status == AccountStatus::Inactive {
        gate.on_behalf_of(&actor).wake().await?;
    }
    let rights = Rights::default();
    let sends = !gate.reading(&actor, rights.clone()).sending().await?.is_empty();
    Ok(sends.then_some(Admitted {
        actor,
        rights,
        settings: holder.settings,
    }))
}

/// What a session proves.
enum Standing {
    /// Nobody; whose session it was that has ended, where that is known.
    Nobody(Option<AccountId>),
    /// Who gave the right password, and must prove themselves by their second factor, too.
    HalfWay(Actor),
    /// Who they are, and that they must choose another password.
    MustChoose(Actor),
    SignedIn(Actor, Sees, Rights),
}

/// What the session proves at this moment. It is over when the account's status or its password has changed since it
/// began: disabled, marked as a leaver, reset by the helpdesk, changed elsewhere. Whoever is signed in goes on when strangers
/// lock the account; whoever is not yet does not.
async fn standing(gate: &Gate, session: &Session) -> Result<Standing, Box<dyn std::error::Error + Send + Sync>> {
    let signed_in = session.get::<AccountId>(ACCOUNT).await?;
    let half_way = session.get::<AccountId>(HALF_WAY).await?;
    let must_choose = session.get::<AccountId>(MUST_CHOOSE).await?;
    let Some(account) = signed_in.or(half_way).or(must_choose) else {
        return Ok(Standing::Nobody(session.get(WAS).await?));
    };
    let longest = i64::from(gate.rules().sign_in.session_hours) * 3600;
    let began = session.get::<i64>(BEGAN).await?.map(Timestamp);
    let began = began.filter(|began| began.plus_seconds(longest) > gate.now());
    let found = match began {
        Some(began) => gate.standing(account, began).await?,
        None => None,
    };
    let is_let_in = |status| match status {
        AccountStatus::Active | AccountStatus::Leaver => true,
        AccountStatus::Locked => signed_in.is_some(),
        AccountStatus::Pending | AccountStatus::Inactive => signed_in.is_none(),
        AccountStatus::Disabled | AccountStatus::Deleted => false,
    };
    let Some(gate::Standing { name, .. }) = found.filter(|found| !found.is_over && is_let_in(found.status)) else {
        match signed_in {
            Some(was) => sessions::end(session, was).await?,
            None => session.flush().await?,
        }
        return Ok(Standing::Nobody(signed_in));
    };
    if signed_in.is_none() && half_way.is_some() {
        return Ok(Standing::HalfWay(proved(account, name)));
    }
    if signed_in.is_none() {
        return Ok(Standing::MustChoose(proved(account, name)));
    }
    // Roles are looked at for each request: whoever is given one sets a second factor up before they use it.
    let actor = proved(account, name);
    let rights = Rights::default();
    let visit = gate.reading(&actor, rights.clone());
    let abilities = visit.abilities().await?;
    let asked_elsewhere = session.get::<bool>(FACTOR_ELSEWHERE).await?.is_some();
    if abilities.has_roles && !asked_elsewhere && gate.needs_factor(account).await? == Need::SetUp {
        let sees = Sees {
            must_choose: true,
            ..Sees::default()
        };
        return Ok(Standing::SignedIn(actor, sees, rights));
    }
    let offers = match abilities.moves {
        true => Some(visit.offers_waiting().await?),
        false => None,
    };
    let sees = Sees {
        must_choose: false,
        uploads: abilities.sees_uploads,
        people: abilities.sees_people,
        audit: abilities.audits,
        administrators: abilities.sees_administrators,
        organisations: abilities.manages_organisations,
        offers,
    };
    Ok(Standing::SignedIn(actor, sees, rights))
}
