//! Roles.

pub mod administrators;
