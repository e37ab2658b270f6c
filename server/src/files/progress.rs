//! `GET /submissions/{id}/progress`: a submission's progress as server-sent events, until it moves no more.
//!
//! A stream holds a connection and asks the database all the time, so one person has only so many. Whoever has more windows
//! open is told once where it stands, and their browser asks again by itself a little later.

use std::{convert::Infallible, time::Duration};

use app::busy::Busy;
use axum::{
    Extension,
    extract::{Path, State},
    http::StatusCode,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use domain::{policy::Actor, submission::State as Stage, values::ids::SubmissionId};
use futures::stream;
use gate::{Gate, GateError, Submission};

/// Between two looks.
const BEAT: Duration = Duration::from_millis(400);

/// After which a browser asks again that has no stream.
const ASKS_AGAIN: Duration = Duration::from_secs(5);

/// Streams `rows done/rows in all` while it moves, and `done` at the end.
pub(crate) async fn progress(
    State(gate): State<Gate>,
    State(busy): State<Busy>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
) -> Response {
    let Some(id) = SubmissionId::parse(&id) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let submission = match gate.on_behalf_of(&actor).submission(&id).await {
        Ok(submission) => submission,
        Err(error) => {
            tell(&error);
            return match error {
                GateError::Trouble(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
                _ => StatusCode::NOT_FOUND.into_response(),
            };
        }
    };
    let Some(place) = busy.stream(&actor) else {
        let once = told(&submission).unwrap_or_else(done).retry(ASKS_AGAIN);
        return Sse::new(stream::iter([Ok::<_, Infallible>(once)])).into_response();
    };
    // Rights are read at each look: who loses them sees no more.
    let looks = stream::unfold(Some((gate, actor, id, place)), |watching| async move {
        let (gate, actor, id, place) = watching?;
        let look = gate.on_behalf_of(&actor).submission(&id).await;
        match look.inspect_err(tell).ok().as_ref().and_then(told) {
            Some(event) => {
                tokio::time::sleep(BEAT).await;
                Some((Ok::<_, Infallible>(event), Some((gate, actor, id, place))))
            }
            None => Some((Ok(done()), None)),
        }
    });
    Sse::new(looks).keep_alive(KeepAlive::default()).into_response()
}

/// Tells the log why a submission cannot be looked at. That somebody may not see it is no trouble.
fn tell(error: &GateError) {
    if let GateError::Trouble(_) = error {
        tracing::error!(
            error = error as &dyn std::error::Error,
            "how far a submission is cannot be told"
        );
    }
}

/// How far it is; `None` if it moves no more.
fn told(submission: &Submission) -> Option<Event> {
    let moves = matches!(submission.state, Stage::Received | Stage::Applying) && !submission.paused;
    moves.then(|| Event::default().data(format!("{}/{}", submission.progress, submission.expected_rows)))
}

fn done() -> Event {
    Event::default().data("done")
}
