//! Staying signed in: how long a session still has, and making it last.

use app::routes;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use gate::Gate;
use tower_sessions::Session;

use crate::{
    http::{refusals::asks_for_page, render::Renderer},
    sign_in::{
        answers::unkept,
        sessions::{self, USED},
    },
};

/// `POST /stay`. Every request of somebody who is signed in makes their session last, and so does this one. Whoever has a
/// script stays on their page; all others see in a tab of its own that they are still signed in.
pub(crate) async fn stay(headers: HeaderMap) -> Response {
    match asks_for_page(&headers) {
        true => Redirect::to(routes::STAY).into_response(),
        false => StatusCode::NO_CONTENT.into_response(),
    }
}

/// `GET /stay/left`: the seconds that the session still has, whichever tab used it last. Asking does not make it last.
pub(crate) async fn time_left(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    session: Session,
) -> Response {
    match session.get::<i64>(USED).await {
        Ok(used) => {
            let minutes = i64::from(renderer.operator.session_minutes);
            let left = used.map_or(0, |used| sessions::seconds_left(used, minutes, gate.now()));
            left.to_string().into_response()
        }
        Err(error) => unkept(&error),
    }
}
