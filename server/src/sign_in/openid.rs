//! Signing in by an OpenID Connect provider, where one is set: there and back. The provider says whose address somebody
//! has; which account that is, and whether it may be signed in to, the gate says. No account and no right comes of it.
//!
//! Whoever is signed in already and has no authenticator app proves anew by it who they are, in place of their password.

pub(crate) mod provider;

use app::{
    forms::{BY_PROVIDER, FormState},
    routes,
};
use axum::{
    extract::{Query, Request, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    policy::Actor,
    values::ids::{AccountId, Timestamp},
};
use gate::{Gate, GateError};
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

use self::provider::{Proof, Provider, Question, Unproved, Vouched};
use super::{
    answers::{own_path, too_many, unkept, wait_in_words},
    entering::{begin, begin_proved},
};
use crate::{
    http::{asker::failed, render::Renderer, request_origin::Whence},
    operate::config::openid::AsksForFactor,
    sign_in::{
        fresh::{self, Proved},
        sessions,
    },
};

/// The session's entry for a sign-in that has begun.
const BEGUN: &str = "openid";

/// Minutes within which somebody must come back from the provider.
const MINUTES: i64 = 10;

/// Seconds by which the provider's clock may be behind.
const BEHIND: i64 = 60;

/// What is said where nobody here asked for the answer that is brought.
const STALE: &str = "This sign-in took too long, was already used, or did not start here. Sign in again.";

/// What is said to whoever has no account, or one that cannot be signed in to; the two are not told apart.
const NO_WAY_IN: &str =
    "There is no account that you can sign in to in this way. Ask your local administrator or helpdesk.";

/// What is said where somebody should prove that they are still the same person, and another one came.
const ANOTHER: &str = "This is not the account that you are signed in with. Try again, or enter your password.";

/// A sign-in that has begun.
#[derive(Serialize, Deserialize)]
struct Begun {
    question: Question,
    at: Timestamp,
    next: String,
    /// Who proves themselves anew; none where somebody signs in.
    again: Option<AccountId>,
}

/// What leads to the provider.
#[derive(Deserialize)]
struct Started {
    #[serde(default)]
    next: String,
}

/// What the provider leads back with.
#[derive(Deserialize)]
struct Brought {
    #[serde(default)]
    state: String,
    code: Option<String>,
    error: Option<String>,
}

/// Somebody on the way, and the page on which they are told what went wrong.
struct Way {
    renderer: Renderer,
    provider: Provider,
    whence: Whence,
    actor: Option<Actor>,
    parts: Parts,
    form: FormState,
}

/// `GET /sign-in/openid`: leads to the provider. It changes nothing but the session of whoever follows it.
pub(crate) async fn start(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    session: Session,
    request: Request,
) -> Response {
    let mut way = match Way::of(&gate, renderer, request).await {
        Ok(way) => way,
        Err(answer) => return answer,
    };
    let next = Query::<Started>::try_from_uri(&way.parts.uri).map_or_else(|_| String::new(), |Query(said)| said.next);
    let next = own_path(&next).to_owned();
    way.form.keep("next", &next);
    if let Some(actor) = &way.actor {
        match gate.on_behalf_of(actor).has_factor().await {
            Ok(false) => {}
            Ok(true) => return Redirect::to(&routes::then(routes::SIGN_IN_AGAIN, &next)).into_response(),
            Err(error) => return failed(&way.renderer, way.parts, &error).await,
        }
    }
    let proof = way.actor.as_ref().map_or(Proof::Any, |_| Proof::Anew);
    let (url, question) = match way.provider.ask(gate.now(), proof).await {
        Ok(asked) => asked,
        Err(unproved) => return way.unproved(&gate, unproved).await,
    };
    let begun = Begun {
        question,
        at: gate.now(),
        next,
        again: way.actor.as_ref().and_then(Actor::account),
    };
    if way.actor.is_none() {
        // A stranger's session is not kept longer than it can be of use.
        session.set_expiry(Some(sessions::idle(MINUTES)));
    }
    match session.insert(BEGUN, begun).await {
        Ok(()) => Redirect::to(url.as_str()).into_response(),
        Err(error) => unkept(&error),
    }
}

/// `GET /sign-in/openid/return`: what the provider leads back with. Each answer is looked at once.
pub(crate) async fn come_back(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    session: Session,
    request: Request,
) -> Response {
    let mut way = match Way::of(&gate, renderer, request).await {
        Ok(way) => way,
        Err(answer) => return answer,
    };
    let begun = match taken_out(&session).await {
        Ok(begun) => begun,
        Err(error) => return unkept(&error),
    };
    let brought = Query::<Brought>::try_from_uri(&way.parts.uri).ok();
    // Where nothing has begun nothing is tried, and so nothing is counted: another site's page could bring that here.
    let (Some(begun), Some(Query(brought))) = (begun, brought) else {
        return way.told(STALE).await;
    };
    way.form.keep("next", &begun.next);
    let is_late = begun.at.plus_seconds(MINUTES * 60) <= gate.now();
    if is_late || brought.state != begun.question.state || begun.again != way.actor.as_ref().and_then(Actor::account) {
        return way.turned_away(&gate, STALE).await;
    }
    let Some(code) = brought.code else {
        let reason: String = brought.error.unwrap_or_default().chars().take(60).collect();
        tracing::info!(reason, "the provider signed nobody in");
        let name = way.provider.name().to_owned();
        return way
            .told(&format!(
                "You were not signed in with {name}. Try again, or sign in with your password."
            ))
            .await;
    };
    let vouched = match way.provider.answer(gate.now(), begun.question, code).await {
        Ok(vouched) => vouched,
        Err(unproved) => return way.unproved(&gate, unproved).await,
    };
    let let_in = match vouched.address() {
        Some(address) => gate.sign_in_vouched(&address, way.whence.network()).await,
        None => return way.unconfirmed(&gate, &vouched).await,
    };
    let account = match let_in {
        Ok(gate::SignIn::Welcome(account)) => account,
        Ok(gate::SignIn::Refused | gate::SignIn::Expired | gate::SignIn::MustChoose(_)) => {
            return way.told(NO_WAY_IN).await;
        }
        Ok(gate::SignIn::Wait(seconds)) => return way.must_wait(seconds).await,
        Err(error) => return failed(&way.renderer, way.parts, &error).await,
    };
    let at = vouched.proved_at.map_or(Proved::Unknown, Proved::At);
    if let Some(again) = begun.again {
        let is_new = |at: Timestamp| begun.at <= at.plus_seconds(BEHIND);
        if account != again || !vouched.proved_at.is_some_and(is_new) {
            return way.turned_away(&gate, ANOTHER).await;
        }
        return match fresh::note(&gate, &session, at).await {
            Ok(()) => Redirect::to(own_path(&begun.next)).into_response(),
            Err(error) => unkept(&error),
        };
    }
    match way.provider.asks_for_factor() {
        AsksForFactor::Portal => begin(&gate, &session, &way.whence, account, at, &begun.next).await,
        AsksForFactor::Provider => begin_proved(&gate, &session, &way.whence, account, at, &begun.next).await,
    }
}

/// The sign-in that has begun, which is in the session no longer when its answer is looked at.
async fn taken_out(session: &Session) -> Result<Option<Begun>, tower_sessions::session::Error> {
    let begun = session.remove(BEGUN).await?;
    if begun.is_some() {
        session.save().await?;
    }
    Ok(begun)
}

impl Way {
    /// Who is on the way; an answer where there is no provider, or too much that came from the same place has failed.
    async fn of(gate: &Gate, renderer: Renderer, request: Request) -> Result<Self, Response> {
        let (parts, _) = request.into_parts();
        let Some(provider) = renderer.provider.clone() else {
            return Err(failed(&renderer, parts, &GateError::NotFound).await);
        };
        let way = Self {
            renderer,
            provider,
            whence: Whence::of(&parts),
            actor: parts.extensions.get::<Actor>().cloned(),
            parts,
            form: FormState::default(),
        };
        let waits = match way.whence.network() {
            Some(client) => gate.client_waits(client).await,
            None => Ok(None),
        };
        match waits {
            Ok(None) => Ok(way),
            Ok(Some(seconds)) => Err(way.must_wait(seconds).await),
            Err(error) => Err(failed(&way.renderer, way.parts, &error).await),
        }
    }

    /// The page that they come from, with what is wrong.
    async fn told(mut self, problem: &str) -> Response {
        self.form.problem(BY_PROVIDER, problem);
        let page = match self.actor {
            Some(_) => routes::SIGN_IN_AGAIN,
            None => routes::SIGN_IN,
        };
        self.renderer.form_page(self.parts, page, self.form).await
    }

    /// As [`Self::told`], counted against the network address that it came from.
    async fn turned_away(self, gate: &Gate, problem: &str) -> Response {
        if let Some(client) = self.whence.network()
            && let Err(error) = gate.note_client_failure(client).await
        {
            return failed(&self.renderer, self.parts, &error).await;
        }
        self.told(problem).await
    }

    async fn must_wait(self, seconds: i64) -> Response {
        too_many(self.told(&wait_in_words(seconds)).await, seconds)
    }

    async fn unconfirmed(self, gate: &Gate, vouched: &Vouched) -> Response {
        let address = vouched.email.as_deref().unwrap_or_default();
        if let Err(error) = gate.turn_away(address, self.whence.network()).await {
            return failed(&self.renderer, self.parts, &error).await;
        }
        let name = self.provider.name();
        let problem = format!(
            "You were not signed in, because {name} does not say that your email address is confirmed. Confirm it \
             there, or sign in with your password."
        );
        self.told(&problem).await
    }

    async fn unproved(self, gate: &Gate, unproved: Unproved) -> Response {
        let name = self.provider.name().to_owned();
        match unproved {
            Unproved::NoAnswer(error) => {
                tracing::error!(
                    error = format!("{error:#}"),
                    "the OpenID Connect provider does not answer"
                );
                let problem = format!(
                    "You cannot sign in with {name} at the moment. Try again in a few minutes, or sign in with your \
                     password."
                );
                let mut page = self.told(&problem).await;
                *page.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
                page
            }
            Unproved::Untrue(error) => {
                tracing::warn!(
                    error = format!("{error:#}"),
                    "an OpenID Connect answer was not believed"
                );
                let problem = format!(
                    "The answer of {name} could not be checked, so you were not signed in. Try again, or sign in with \
                     your password."
                );
                self.turned_away(gate, &problem).await
            }
        }
    }
}
