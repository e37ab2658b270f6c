//! What happened: the audit log, and histories.

pub mod audit;
pub mod history;
