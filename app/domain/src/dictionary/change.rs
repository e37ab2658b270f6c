//! What one attribute was, and what it will be.

use serde::{Deserialize, Serialize};

use super::{Attribute, Value};

/// One attribute's change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Which attribute.
    pub attribute: Attribute,
    /// What it was; none where it had no value.
    pub before: Option<Value>,
    /// What it will be; none where it is emptied.
    pub after: Option<Value>,
}
