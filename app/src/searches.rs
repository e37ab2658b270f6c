//! Searches as the address bar holds them.

pub mod people;
pub mod trail;
