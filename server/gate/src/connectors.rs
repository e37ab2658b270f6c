//! Connectors: whose machines send what organisations know of their people.

pub(crate) mod tokens;
