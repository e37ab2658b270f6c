//! Connectors, and the tokens of their machines.

pub mod connector;
pub mod scope_tokens;
pub mod tokens;
