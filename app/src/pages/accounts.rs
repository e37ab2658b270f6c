//! Accounts: one person with a mailbox, the forms about them, and what can be done.

pub mod absence;
mod account;
pub mod form;
pub mod joiner;
pub mod leaver;
pub mod newcomers;
pub mod transfer;

pub use self::account::AccountPage;
