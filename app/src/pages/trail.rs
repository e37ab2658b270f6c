//! What happened: the audit trail, and histories.

pub mod audit;
pub mod history;
