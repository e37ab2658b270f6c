//! What people do for themselves.

pub(crate) mod own_account;
pub(crate) mod profile;
pub(crate) mod sessions;
pub(crate) mod waiting;
