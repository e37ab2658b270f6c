//! Signing in by password, what a proved sign-in begins, and signing out.

use app::{forms::FormState, routes};
use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    policy::Actor,
    values::{email_address::as_typed, ids::AccountId},
};
use gate::{Attempt, Gate, GateError, Need};
use serde::Deserialize;
use tower_sessions::Session;

use super::{
    FACTOR_ELSEWHERE, HALF_WAY, MUST_CHOOSE, NEXT,
    answers::{busy, own_path, too_many, unkept, wait_in_words},
    elsewhere::elsewhere,
    posted::read,
    proved,
    returning::{Carried, goal},
    service,
};
use crate::{
    http::{asker::failed, render::Renderer, request_origin::Whence, security::RequestId},
    sign_in::{
        fresh::{self, Proved},
        sessions::{ACCOUNT, AGENT, BEGAN, CLIENT},
    },
};

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
    let Some((parts, said)) = read::<SignIn>(request).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let mut form = FormState::default();
    form.keep("address", &said.address);
    form.keep("next", &said.next);
    if as_typed(&said.address).is_empty() {
        form.problem("address", "Enter your email address.");
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
        client: whence.network(),
    };
    let tried = gate.sign_in(&service(), &attempt).await;
    // Told to those alone who have the right password: nobody learns by it where somebody signs in.
    if let Ok(gate::SignIn::Welcome(account) | gate::SignIn::MustChoose(account)) = &tried {
        match elsewhere(&gate, &renderer, *account).await {
            Ok(None) => {}
            Ok(Some(why)) => {
                form.problem("address", &why);
                return renderer.form_page(parts, routes::SIGN_IN, form).await;
            }
            Err(error) => return failed(&renderer, parts, &error).await,
        }
    }
    match tried {
        Ok(gate::SignIn::Welcome(account)) => begin(&gate, &session, &whence, account, Proved::Now, &said.next).await,
        Ok(gate::SignIn::MustChoose(account)) => begin_choosing(&gate, &session, &whence, account, &said.next).await,
        Ok(gate::SignIn::Expired) => {
            form.problem(
                "address",
                "This one-time password has expired. Ask your local administrator or helpdesk to reset your password: you then \
                 get a link by email.",
            );
            renderer.form_page(parts, routes::SIGN_IN, form).await
        }
        Ok(gate::SignIn::Refused) => {
            form.problem(
                "address",
                "The email address or the password is not right. Check both and try again.",
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
            let mut page = renderer.form_page(parts, routes::SIGN_IN, form).await;
            *page.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            page
        }
    }
}

/// Leads somebody on whose password is right, or whom a provider vouches for: to their second factor, where they have one,
/// else in. The session gets a new ID: one that somebody planted beforehand is worth nothing.
pub(crate) async fn begin(
    gate: &Gate,
    session: &Session,
    whence: &Whence,
    account: AccountId,
    at: Proved,
    next: &str,
) -> Response {
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
    if let Err(error) = anew(gate, session, whence, account).await {
        return unkept(&error);
    }
    if need == Need::Prove {
        let kept = session.insert(HALF_WAY, account).await;
        return led_on(kept, &routes::then(routes::SIGN_IN_SECOND, own_path(next)));
    }
    enter(gate, session, &proved(account, String::new()), at, own_path(next)).await
}

/// As [`begin`], for somebody whom a provider has asked for their second factor, too.
pub(super) async fn begin_proved(
    gate: &Gate,
    session: &Session,
    whence: &Whence,
    account: AccountId,
    at: Proved,
    next: &str,
) -> Response {
    let begun = async {
        anew(gate, session, whence, account).await?;
        session.insert(FACTOR_ELSEWHERE, true).await
    };
    if let Err(error) = begun.await {
        return unkept(&error);
    }
    enter(gate, session, &proved(account, String::new()), at, own_path(next)).await
}

/// As [`begin`], for somebody who must choose another password first: nothing else is open to them.
async fn begin_choosing(gate: &Gate, session: &Session, whence: &Whence, account: AccountId, next: &str) -> Response {
    let begun = async {
        anew(gate, session, whence, account).await?;
        session.insert(NEXT, own_path(next)).await?;
        session.insert(MUST_CHOOSE, account).await
    };
    led_on(begun.await, routes::NEW_PASSWORD)
}

/// As [`begin`], for somebody who has chosen the password that they had to.
pub(crate) async fn begin_with_chosen(gate: &Gate, session: &Session, whence: &Whence, account: AccountId) -> Response {
    match session.get::<String>(NEXT).await {
        Ok(next) => {
            let next = next.unwrap_or_default();
            begin(gate, session, whence, account, Proved::Now, &next).await
        }
        Err(error) => unkept(&error),
    }
}

/// Empties the session but for what its own person sent too late, gives it a new ID, and notes where it begins.
async fn anew(
    gate: &Gate,
    session: &Session,
    whence: &Whence,
    account: AccountId,
) -> Result<(), tower_sessions::session::Error> {
    let carried = Carried::of(session, account).await?;
    session.cycle_id().await?;
    session.clear().await;
    carried.into_session(session, account).await?;
    session.insert(BEGAN, gate.now().0).await?;
    session.insert(CLIENT, &whence.address).await?;
    session.insert(AGENT, &whence.agent).await
}

/// Signs somebody in who has proved all that is asked for; `at` says when.
pub(super) async fn enter(gate: &Gate, session: &Session, actor: &Actor, at: Proved, next: &str) -> Response {
    if let Err(error) = gate.on_behalf_of(actor).note_use().await {
        tracing::error!(error = &error as &dyn std::error::Error, "signing in was not noted");
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let begun = async {
        session.cycle_id().await?;
        session.remove_value(HALF_WAY).await?;
        session.insert(BEGAN, gate.now().0).await?;
        fresh::note(gate, session, at).await?;
        session.insert(ACCOUNT, actor.account()).await?;
        goal(session, next).await
    };
    match begun.await {
        Ok(goal) => Redirect::to(&goal).into_response(),
        Err(error) => unkept(&error),
    }
}

/// Lets this one session live on when its person has changed their password; all others of theirs are over.
pub(crate) async fn renew(gate: &Gate, session: &Session, next: &str) -> Response {
    let renewed = async {
        session.cycle_id().await?;
        fresh::note(gate, session, Proved::Now).await?;
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
