//! What clients bring back: cursors and delta tokens, signed with a secret that all processes share, and bound to the
//! connector, to what it may see, and to what was asked.

use std::sync::Arc;

use domain::values::ids::Timestamp;
use gate::{Connection, Gate, GateError};
use scim::{
    cursor::{Seal, SigningKey},
    schema::{CURSOR_SECONDS, DELTA_SECONDS},
};
use tokio::sync::OnceCell;

/// What the secret is called.
const SECRET: &str = "scim-cursors";

/// What signs, read when it is first needed.
#[derive(Clone, Debug, Default)]
pub(crate) struct SigningKeys(Arc<OnceCell<SigningKey>>);

/// The places of one connector at one moment.
pub(super) struct Places {
    key: SigningKey,
    holder: String,
    scope: String,
    /// The moment it is.
    pub(super) now: Timestamp,
}

impl SigningKeys {
    async fn key(&self, gate: &Gate) -> Result<SigningKey, GateError> {
        let read = || async { Ok::<_, GateError>(SigningKey::of(gate.secret(SECRET).await?.as_bytes())) };
        self.0.get_or_try_init(read).await.cloned()
    }
}

impl Places {
    /// Those of a connector.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn of(gate: &Gate, keys: &SigningKeys, to: &Connection) -> Result<Self, GateError> {
        Ok(Self {
            key: keys.key(gate).await?,
            holder: to.connector.to_string(),
            scope: to.scope_text(),
            now: gate.now(),
        })
    }

    /// The seal of what was asked.
    pub(super) fn seal<'a>(&'a self, asked: &'a str) -> Seal<'a> {
        Seal {
            key: &self.key,
            holder: &self.holder,
            scope: &self.scope,
            asked,
        }
    }

    /// When a cursor ends that is made now.
    pub(super) fn cursor_ends(&self) -> Timestamp {
        self.now.plus_seconds(CURSOR_SECONDS)
    }

    /// When a delta token ends that is made now.
    pub(super) fn token_ends(&self) -> Timestamp {
        self.now.plus_seconds(DELTA_SECONDS)
    }
}
