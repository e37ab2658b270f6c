//! What people post about their own sessions: the end of one, or of all.

use app::routes;
use axum::{
    Extension,
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::policy::Actor;
use gate::Gate;
use serde::Deserialize;

use crate::sign_in::posted::read;

/// What the form sends: the hash of a session's ID, or `all`.
#[derive(Deserialize)]
pub(crate) struct End {
    #[serde(default)]
    end: String,
}

/// `POST /me/sessions`.
pub(crate) async fn end(State(gate): State<Gate>, Extension(actor): Extension<Actor>, request: Request) -> Response {
    let Some((_, said)) = read::<End>(request).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let visit = gate.on_behalf_of(&actor);
    let (ended, next) = match said.end.as_str() {
        "all" => (visit.end_sessions().await, routes::SIGN_IN),
        id_hash => (visit.end_session(id_hash).await, routes::OWN_SESSIONS),
    };
    match ended {
        Ok(()) => Redirect::to(next).into_response(),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "sessions were not ended");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
