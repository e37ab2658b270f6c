//! The proof that is asked for where the trail is written.

/// Proof that a transaction is about to end: nothing else writes the trail.
#[derive(Debug)]
pub(crate) struct LastAct(pub(super) ());
