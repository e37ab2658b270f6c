//! What can keep the gate from doing what it is asked: each says who must act.

use std::io;

use store::StoreError;

use crate::sign_in::passwords::Busy;

/// Why the gate did not do it.
#[derive(Debug, thiserror::Error)]
pub enum GateError {
    /// There is no such thing, or none that the asker may see; the two are not told apart.
    #[error("not found")]
    NotFound,
    /// It was there, and is no longer kept.
    #[error("no longer kept")]
    Gone,
    /// The asker may see it, and may not do this.
    #[error("not allowed")]
    Denied,
    /// It has moved on since the asker looked; they must look again.
    #[error("it has changed since it was shown")]
    Stale,
    /// The asker must answer something first.
    #[error("an answer is missing")]
    Unanswered,
    /// The asker must first type in how many accounts they change.
    #[error("the number of accounts is not typed in")]
    Uncounted,
    /// Too many ask for the same at this moment; they may ask again in a few seconds.
    #[error("too much to do at this moment")]
    Busy,
    /// The operator must act.
    #[error("{0}")]
    Trouble(#[source] StoreError),
}

impl GateError {
    /// Whether nothing can be kept at present, though the database can still be read.
    #[must_use]
    pub fn is_unwritable(&self) -> bool {
        match self {
            Self::Trouble(StoreError::Unwritable(_)) => true,
            Self::Trouble(StoreError::File(error)) => error.kind() == io::ErrorKind::StorageFull,
            _ => false,
        }
    }
}

impl From<io::Error> for GateError {
    fn from(error: io::Error) -> Self {
        Self::Trouble(StoreError::File(error))
    }
}

impl From<StoreError> for GateError {
    fn from(error: StoreError) -> Self {
        Self::Trouble(error)
    }
}

impl From<Busy> for GateError {
    fn from(_: Busy) -> Self {
        Self::Busy
    }
}
