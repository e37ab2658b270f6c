//! Accounts: one person with a mailbox, the forms about them, and what can be done.

pub mod absence;
mod account;
pub mod form;
pub mod hold;
pub mod joiner;
pub mod leaver;
mod new_address;
pub mod newcomers;
pub mod seats;
pub mod transfer;

pub use self::account::AccountPage;
