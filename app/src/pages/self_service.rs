//! One's own record and sessions.

pub mod own_record;
pub mod own_sessions;
