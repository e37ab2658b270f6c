//! People who sign in by the provider alone.

use domain::values::ids::AccountId;
use gate::{Gate, GateError};

use crate::http::render::Renderer;

/// Why somebody has no password here: they sign in by the provider alone. `None` if they may have one.
pub(super) async fn elsewhere(
    gate: &Gate,
    renderer: &Renderer,
    account: AccountId,
) -> Result<Option<String>, GateError> {
    match &renderer.provider {
        Some(provider) if gate.signs_in_elsewhere(account).await? => {
            let name = provider.name();
            Ok(Some(format!(
                "People in your organisation sign in with {name}, not with a password here. On the sign-in page, choose \
                 “Sign in with {name}”."
            )))
        }
        _ => Ok(None),
    }
}
