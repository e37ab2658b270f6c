//! Files to take away, and the progress of long work.

pub(crate) mod downloads;
pub(crate) mod exports;
pub(crate) mod progress;
