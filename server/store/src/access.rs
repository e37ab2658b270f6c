//! How people and machines prove who they are: kept apart from the directory, and out of its events.

pub mod alarms;
pub mod change_files;
pub mod codes;
pub mod connectors;
pub mod counts;
pub mod credentials;
pub mod email;
pub mod factors;
pub mod failures;
pub mod links;
pub mod proposals;
pub mod rights;
pub mod salts;
pub mod secrets;
pub mod sessions;
pub mod shadow;
pub mod tokens;
pub mod uses;
