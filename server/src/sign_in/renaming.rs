//! Another email address, confirmed by whoever holds the link that was sent to it.

use app::{forms::FormState, once::OnceRenamed, routes};
use axum::{
    extract::{Path, Request, State},
    response::Response,
};
use gate::{Gate, GateError};

use crate::{
    http::{asker::failed, render::Renderer},
    sign_in,
};

/// `POST /rename/{token}`: from then on the address is its person's. They need not be signed in, and are not by it.
pub(crate) async fn confirm(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Path(token): Path<String>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let page = routes::rename(&token);
    let renamed = match gate.confirm_rename(&sign_in::service(), &token).await {
        Ok(renamed) => Some(renamed),
        Err(GateError::Stale) => None,
        // The page says why nothing comes of it.
        Err(GateError::NotFound) => return renderer.page(parts, &page, FormState::default()).await,
        Err(error) => return failed(&renderer, parts, &error).await,
    };
    renderer.page_with(parts, &page, OnceRenamed(renamed)).await
}
