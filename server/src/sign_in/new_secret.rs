//! The secret of an authenticator app that is being set up.

use gate::Gate;
use tower_sessions::Session;

/// The session's entry for the secret of an authenticator app that is being set up.
pub(super) const NEW_SECRET: &str = "new-secret";

/// The secret of the app that is being set up in a session; made where there is none yet.
pub(super) async fn new_secret(session: &Session) -> Result<String, tower_sessions::session::Error> {
    if let Some(secret) = session.get::<String>(NEW_SECRET).await? {
        return Ok(secret);
    }
    let secret = Gate::new_totp_secret();
    session.insert(NEW_SECRET, &secret).await?;
    Ok(secret)
}
