//! What an operator has: commands, configuration, metrics, and mail on its way out.

pub mod appoint;
pub mod audit;
pub mod change_files;
pub mod closed_pipe;
pub mod commands;
pub mod config;
pub mod connector;
pub(crate) mod daily_run;
pub mod forward;
pub mod importing;
pub mod last_use;
pub(crate) mod mail_preview;
pub mod observe;
pub mod receiving_mail;
pub mod sending_mail;
