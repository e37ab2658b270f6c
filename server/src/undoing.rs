//! What is posted to undo an upload, or what was done to many people at once. It answers with the page of the undo, which waits to be confirmed like any plan.

use app::routes;
use axum::{
    extract::Path,
    response::{IntoResponse, Redirect, Response},
};
use domain::ids::SubmissionId;
use gate::GateError;

use crate::{
    asker::Asker,
    submissions::{moved_on, wait_for_check},
};

/// `POST /submissions/{id}/undo`: find out what of an upload, a change of many, or an undo can be reversed.
pub(crate) async fn undo(asker: Asker, Path(id): Path<String>) -> Response {
    let made = async {
        let id = SubmissionId::parse(&id).ok_or(GateError::NotFound)?;
        let visit = asker.visit();
        match visit.undo(&id).await {
            Ok(undo) => {
                wait_for_check(&visit, &undo).await;
                Ok(Redirect::to(&routes::submission(&undo)).into_response())
            }
            Err(error) => moved_on(&id, error),
        }
    };
    asker.answer(made).await
}
