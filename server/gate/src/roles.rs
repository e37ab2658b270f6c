//! Roles: who holds which, and how the first holders are appointed.

pub(crate) mod appointing;
pub(crate) mod grants;
