//! The order of mails: a run must not begin between a mail's number and the moment at which it can be seen.

use sea_orm::{ConnectionTrait, DbBackend};

use crate::{StoreError, Transaction};

/// The number of the advisory lock by which mails and runs keep their order on PostgreSQL: any that nothing else uses.
const ORDER: i64 = 0x6d61_696c_7275_6e73;

/// What asks for the order of mails to be kept until its transaction ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keeps {
    /// A mail that comes in, beside others.
    ItsNumber,
    /// A run that begins: all mails that have a number below its last are there to be seen.
    TheCut,
}

/// Keeps the order of mails. A mail has its number before it can be seen: without this, a run could begin in between, and
/// pass over a mail that came before its last. SQLite has one writer.
#[expect(clippy::disallowed_methods, reason = "a lock is no statement about a table")]
pub(super) async fn keep_order(tx: &Transaction, keeps: Keeps) -> Result<(), StoreError> {
    if tx.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let lock = match keeps {
        Keeps::ItsNumber => "pg_advisory_xact_lock_shared",
        Keeps::TheCut => "pg_advisory_xact_lock",
    };
    tx.execute_unprepared(&format!("SELECT {lock}({ORDER})")).await?;
    Ok(())
}
