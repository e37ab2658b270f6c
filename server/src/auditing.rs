//! What is posted about the audit trail: that it is to be verified.

use app::routes;
use axum::response::{IntoResponse, Redirect, Response};
use gate::Verifying;

use crate::asker::Asker;

/// `POST /audit/verification`: the whole trail is looked through, and its page says what came of it.
pub(crate) async fn verify(asker: Asker) -> Response {
    let made = async {
        let found = match asker.visit().verify_trail().await? {
            Verifying::Done(number) => number.to_string(),
            Verifying::Running => "later".to_owned(),
        };
        let page = routes::with_query(routes::AUDIT, &[("verified", &found)]);
        Ok(Redirect::to(&page).into_response())
    };
    asker.answer(made).await
}
