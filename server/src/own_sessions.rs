//! What people post about their own sessions: the end of one, or of all.

use app::routes;
use axum::{
    Extension, Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::policy::Actor;
use gate::Gate;
use serde::Deserialize;

/// What the form sends: the hash of a session's ID, or `all`.
#[derive(Deserialize)]
pub(crate) struct End {
    #[serde(default)]
    end: String,
}

/// `POST /me/sessions`.
pub(crate) async fn end(
    State(gate): State<Gate>,
    Extension(actor): Extension<Actor>,
    Form(said): Form<End>,
) -> Response {
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
