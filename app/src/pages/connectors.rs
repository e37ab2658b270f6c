//! Connectors: their pages, what they propose, and the tokens of their machines.

mod by_email;
pub mod change_files;
mod connection;
pub mod connector;
mod differences;
mod doing;
pub mod email;
pub mod proposals;
pub mod scope_tokens;
mod settings;
pub mod tokens;
pub mod trial;
