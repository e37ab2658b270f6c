//! The only crate that knows tables. It reads within a scope that it is given, and its [`apply`] is the only writer of
//! the directory: it takes the proof that a plan was allowed, and writes rows and events together.

pub mod access;
pub mod brake;
pub mod directory;
pub mod jobs;
pub mod outbox;
pub mod submissions;
pub mod trail;

mod connection;
mod entities;
mod lists;
mod rounds;
mod schema;
mod transaction;

use std::fmt::Display;

pub use sea_orm::{ConnectionTrait, DatabaseConnection};

pub use self::{
    connection::{Store, Synchronous},
    rounds::Rounds,
    schema::Schema,
    transaction::Transaction,
};

/// What can go wrong below the rules.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another transaction took an address or a local ID first, or the database asks to try again.
    #[error("another change came first")]
    Conflict,
    /// The database takes no changes: its disk is full, or it may only be read.
    #[error("the database takes no changes: {0}")]
    Unwritable(#[source] sea_orm::DbErr),
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[source] sea_orm::DbErr),
    /// A file beside the database could not be written or read.
    #[error("a temporary file failed: {0}")]
    File(#[from] std::io::Error),
    /// A newer program has brought the schema up to date; this one does not know what it means.
    #[error(
        "the database belongs to a newer version of this program (it has the schema step {0}, which this one does not \
         know). Start that version; or restore a backup from before it was first started"
    )]
    NewerSchema(String),
    /// A stored text cannot be read back.
    #[error("a stored value cannot be read: {0}")]
    Unreadable(String),
}

impl From<sea_orm::DbErr> for StoreError {
    fn from(error: sea_orm::DbErr) -> Self {
        if is_conflict(&error) {
            Self::Conflict
        } else if is_unwritable(&error) {
            Self::Unwritable(error)
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

fn is_unwritable(error: &sea_orm::DbErr) -> bool {
    use sea_orm::{DbErr, RuntimeErr};
    let (DbErr::Conn(RuntimeErr::SqlxError(error))
    | DbErr::Exec(RuntimeErr::SqlxError(error))
    | DbErr::Query(RuntimeErr::SqlxError(error))) = error
    else {
        return false;
    };
    let code = error.as_database_error().and_then(|error| error.code());
    match code.as_deref().unwrap_or_default() {
        // PostgreSQL: the disk is full; the transaction may only read.
        "53100" | "25006" => true,
        // SQLite: SQLITE_READONLY and SQLITE_FULL, in the last eight bits of what may say more.
        code if code.len() < 5 => code.parse::<u32>().is_ok_and(|code| [8, 13].contains(&(code & 0xFF))),
        _ => false,
    }
}

/// Whether SQLite is busy with another connection's transaction (SQLITE_BUSY and SQLITE_LOCKED).
fn is_busy(error: &sea_orm::DbErr) -> bool {
    use sea_orm::{DbErr, RuntimeErr};
    let (DbErr::Conn(RuntimeErr::SqlxError(error))
    | DbErr::Exec(RuntimeErr::SqlxError(error))
    | DbErr::Query(RuntimeErr::SqlxError(error))) = error
    else {
        return false;
    };
    let code = error.as_database_error().and_then(|error| error.code());
    let code = code.as_deref().filter(|code| code.len() < 5);
    code.and_then(|code| code.parse::<u32>().ok())
        .is_some_and(|code| [5, 6].contains(&(code & 0xFF)))
}

/// Reads a word that the store wrote.
fn word<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, StoreError> {
    read(text).ok_or_else(|| StoreError::Unreadable(format!("“{text}”")))
}

/// Reads a number that the store wrote; `of` says what it is the number of.
fn number<S: Copy + Display, T: TryFrom<S>>(stored: S, of: &str) -> Result<T, StoreError> {
    T::try_from(stored).map_err(|_| StoreError::Unreadable(format!("{of}: {stored}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_number_that_cannot_be_is_an_error() {
        assert_eq!(number::<i64, u32>(7, "a row").unwrap(), 7);
        let wrong = number::<i64, u32>(-1, "a row");
        assert!(matches!(wrong, Err(StoreError::Unreadable(said)) if said == "a row: -1"));
    }
}
