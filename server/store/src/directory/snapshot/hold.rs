//! Whether what is read for a plan is held.

/// Whether the accounts read are held against other writers until the transaction ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// For a preview.
    Free,
    /// For applying.
    Locked,
}
