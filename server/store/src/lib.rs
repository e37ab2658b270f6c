//! The only crate that knows tables. It reads within a scope that it is given, and its [`apply`] is the only writer of
//! the directory: it takes the proof that a plan was allowed, and writes rows and events together.

pub mod apply;
pub mod credentials;
pub mod events;
pub mod factors;
pub mod failures;
pub mod grants;
pub mod jobs;
pub mod lives;
pub mod offers;
pub mod organisations;
pub mod outbox;
pub mod people;
pub mod rights;
pub mod rows;
pub mod sessions;
pub mod snapshot;
pub mod submissions;
pub mod tokens;
pub mod trail;

pub mod columns;
mod connection;
mod entities;
mod person_columns;
mod project;
mod scope;
mod transaction;

pub use sea_orm::{ConnectionTrait, DatabaseConnection};

pub use self::{connection::Store, transaction::Transaction};

/// What can go wrong below the rules.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another transaction took an address or a local ID first, or the database asks to try again.
    #[error("another change came first")]
    Conflict,
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[source] sea_orm::DbErr),
    /// A stored text cannot be read back.
    #[error("a stored value cannot be read: {0}")]
    Unreadable(String),
}

impl From<sea_orm::DbErr> for StoreError {
    fn from(error: sea_orm::DbErr) -> Self {
        if is_conflict(&error) {
            Self::Conflict
        } else {
            Self::Database(error)
        }
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}

fn is_conflict(error: &sea_orm::DbErr) -> bool {
    // 40001 and 40P01: PostgreSQL asks for the transaction to be run again.
    let text = error.to_string();
    matches!(error.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_)))
        || text.contains("40001")
        || text.contains("deadlock detected")
        || text.contains("could not serialize")
}

/// Reads a word that the store wrote.
fn word<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, StoreError> {
    read(text).ok_or_else(|| StoreError::Unreadable(format!("“{text}”")))
}
