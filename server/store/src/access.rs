//! How people and machines prove who they are: kept apart from the directory, and out of its events.

pub mod codes;
pub mod credentials;
pub mod factors;
pub mod failures;
pub mod rights;
pub mod salts;
pub mod sessions;
pub mod tokens;
pub mod uses;
