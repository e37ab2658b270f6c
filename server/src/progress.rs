//! `GET /submissions/{id}/progress`: a submission's progress as server-sent events, until it moves no more.

use std::{convert::Infallible, time::Duration};

use axum::{
    Extension,
    extract::{Path, State},
    http::StatusCode,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use domain::{ids::SubmissionId, policy::Actor, submission::State as Stage};
use futures::stream;
use gate::{Gate, Submission};

/// Between two looks.
const BEAT: Duration = Duration::from_millis(400);

/// Streams `rows done/rows in all` while it moves, and `done` at the end.
pub(crate) async fn progress(
    State(gate): State<Gate>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
) -> Response {
    let Some(id) = SubmissionId::parse(&id) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if gate.on_behalf_of(&actor).submission(&id).await.is_err() {
        return StatusCode::NOT_FOUND.into_response();
    }
    // Rights are read at each look: who loses them sees no more.
    let looks = stream::unfold(Some((gate, actor, id)), |watching| async move {
        let (gate, actor, id) = watching?;
        let look = gate.on_behalf_of(&actor).submission(&id).await;
        match look {
            Ok(submission) if moves(&submission) => {
                tokio::time::sleep(BEAT).await;
                let told = format!("{}/{}", submission.progress, submission.expected_rows);
                Some((
                    Ok::<_, Infallible>(Event::default().data(told)),
                    Some((gate, actor, id)),
                ))
            }
            _ => Some((Ok(Event::default().data("done")), None)),
        }
    });
    Sse::new(looks).keep_alive(KeepAlive::default()).into_response()
}

fn moves(submission: &Submission) -> bool {
    matches!(submission.state, Stage::Received | Stage::Applying) && !submission.paused
}
