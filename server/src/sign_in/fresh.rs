//! Asking again who somebody is, before what cannot be undone: grants, tokens, the deletion of many. Whether they proved it
//! lately is put into each request; a verb for which they did not answers `ProveFirst`, and a handler calls [`ask_again`].

use app::routes;
use axum::response::{IntoResponse, Redirect, Response};
use domain::values::ids::Timestamp;
use gate::Gate;
use tower_sessions::Session;

use crate::sign_in::answers::unkept;

/// The session's entry for when its person last proved who they are.
const PROVED: &str = "proved";

/// When somebody really proved who they are, by something that they know or hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proved {
    /// At this moment, to the portal: by a password, a code, a passkey.
    Now,
    /// To a provider, when it says.
    At(Timestamp),
    /// It is not known when: whoever is signed in at a provider may have been led straight back.
    Unknown,
}

/// Notes when the session's person proved who they are. What is not known counts as long ago.
pub(crate) async fn note(gate: &Gate, session: &Session, proved: Proved) -> Result<(), tower_sessions::session::Error> {
    let at = match proved {
        Proved::Now => gate.now(),
        // The provider's clock may be ahead.
        Proved::At(at) => at.min(gate.now()),
        Proved::Unknown => return session.remove::<i64>(PROVED).await.map(drop),
    };
    session.insert(PROVED, at.0).await
}

/// Whether the session's person proved lately who they are.
pub(crate) async fn is_proved(gate: &Gate, session: &Session) -> Result<bool, tower_sessions::session::Error> {
    let fresh = i64::from(gate.rules().sign_in.fresh_minutes) * 60_000;
    let at = session.get::<i64>(PROVED).await?;
    Ok(at.is_some_and(|at| at + fresh > gate.now().0))
}

/// Leads somebody to prove again who they are, and then to the page `back`; nothing where they did so lately. What they
/// posted is not done: `back` is the page where they post it once more.
pub(crate) async fn ask_again(gate: &Gate, session: &Session, back: &str) -> Option<Response> {
    match is_proved(gate, session).await {
        Ok(true) => None,
        Ok(false) => Some(first(back)),
        Err(error) => Some(unkept(&error)),
    }
}

/// Leads somebody to prove again who they are, and then to the page `back`.
pub(crate) fn first(back: &str) -> Response {
    Redirect::to(&routes::then(routes::SIGN_IN_AGAIN, back)).into_response()
}
