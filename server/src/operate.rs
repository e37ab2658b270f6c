//! What an operator has: commands, configuration, metrics, and mail on its way out.

pub mod appoint;
pub mod audit;
pub mod commands;
pub mod config;
pub mod forward;
pub mod importing;
pub mod last_use;
pub mod observe;
pub mod sending_mail;
