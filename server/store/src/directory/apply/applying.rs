//! The proof that is asked for where facts become rows.

/// Proof that a plan is applied, or a history told: facts are projected at no other time.
pub(crate) struct Applying(pub(super) ());
