//! Organisations, for those who manage all of them.

pub(crate) mod listing;
