//! The ways in for machines: envelopes only. Each makes an arriving submission and hands it to the gate.

pub(crate) mod api;
pub mod change_files;
pub mod email;
pub(crate) mod scim;
