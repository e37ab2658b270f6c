//! A person's own sessions: looking at them, and ending them.

use store::access::sessions::{self, Listed};

use crate::{GateError, Visit, submissions::claims::commit};

impl Visit<'_> {
    /// The actor's sessions, the one used last first.
    ///
    /// # Errors
    /// `NotFound` where the actor is no person.
    pub async fn sessions(&self) -> Result<Vec<Listed>, GateError> {
        let own = self.actor.account().ok_or(GateError::NotFound)?;
        Ok(sessions::of(self.gate.store.reader(), own).await?)
    }

    /// Ends one of the actor's sessions, by the hash of its ID; one that is not theirs is left alone.
    ///
    /// # Errors
    /// As [`Self::sessions`].
    pub async fn end_session(&self, id_hash: &str) -> Result<(), GateError> {
        let own = self.actor.account().ok_or(GateError::NotFound)?;
        let tx = self.gate.store.begin().await?;
        sessions::end(&tx, own, id_hash).await?;
        commit(tx).await
    }

    /// Ends all of the actor's sessions, this one among them.
    ///
    /// # Errors
    /// As [`Self::sessions`].
    pub async fn end_sessions(&self) -> Result<(), GateError> {
        let own = self.actor.account().ok_or(GateError::NotFound)?;
        let tx = self.gate.store.begin().await?;
        sessions::end_all(&tx, own, None).await?;
        commit(tx).await
    }
}
