//! Who asks for a second factor where people sign in by a provider.

use serde::{Deserialize, Serialize};

/// Who asks whoever signs in by the provider for a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AsksForFactor {
    /// The portal, as after a password.
    Portal,
    /// The provider, by its own rules; the portal takes its word.
    Provider,
}
