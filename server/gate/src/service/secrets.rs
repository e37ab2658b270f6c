//! Secrets of the service's own, which sign what it gives out and reads again.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{Gate, GateError};

impl Gate {
    /// The secret of a name, the same for all processes on one database; it is made when it is first asked for.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn secret(&self, name: &str) -> Result<String, GateError> {
        let fresh = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
        Ok(store::access::secrets::of(&self.store, name, fresh).await?)
    }
}
