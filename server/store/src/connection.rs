//! Opening the database, SQLite or PostgreSQL, and beginning transactions on it.

#![expect(clippy::disallowed_methods, reason = "what a connection is told besides statements")]

use std::time::Duration;

use log::LevelFilter;
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, IsolationLevel,
    TransactionTrait, sqlx::Connection,
};
use serde::{Deserialize, Serialize};

use crate::{
    StoreError, Transaction, is_busy,
    transaction::{Grouping, Queue},
};

/// A statement that takes longer is told in the log.
const SLOW: Duration = Duration::from_millis(500);

/// When SQLite says that a change is kept (its `synchronous`). PostgreSQL has its own setting, `synchronous_commit`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Synchronous {
    /// Once it is on the disk: nothing that was confirmed is lost by a power cut.
    #[default]
    Full,
    /// Once the operating system has it: a power cut can take the last changes away, although they were confirmed.
    Normal,
}

impl Synchronous {
    const fn pragma(self) -> &'static str {
        match self {
            Self::Full => "FULL",
            Self::Normal => "NORMAL",
        }
    }
}
/// How often a busy SQLite is connected to, and the pause between.
const CONNECTS: usize = 100;
const BETWEEN_CONNECTS: Duration = Duration::from_millis(50);

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    read: DatabaseConnection,
    write: DatabaseConnection,
    /// Only on SQLite, where one writes at a time.
    queue: Option<Queue>,
    files: DatabaseConnection,
}

impl Store {
    /// Opens the database that a URL names: `sqlite://path?mode=rwc` or `postgres://…`.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Self::open_with(url, Synchronous::default()).await
    }

    /// As [`Store::open`], with another `synchronous` of SQLite.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_with(url: &str, synchronous: Synchronous) -> Result<Self, StoreError> {
        if url.starts_with("sqlite:") {
            // One writer at a time is SQLite's nature: a pool of one queues writers here instead of failing them there.
            let write = connect_patiently(writing(options(url, 1, synchronous))).await?;
            let read = connect_patiently(options(url, 4, synchronous)).await?;
            let files = connect_patiently(unmapped(options(url, 2, synchronous))).await?;
            Ok(Self {
                read,
                write,
                files,
                queue: Some(Queue::default()),
            })
        } else {
            let pool = Database::connect(options(url, 16, synchronous)).await?;
            Ok(Self {
                read: pool.clone(),
                files: pool.clone(),
                write: pool,
                queue: None,
            })
        }
    }

    /// Whether all others wait while one transaction writes.
    #[must_use]
    pub fn has_one_writer(&self) -> bool {
        self.write.get_database_backend() == DbBackend::Sqlite
    }

    /// For reading outside a transaction.
    #[must_use]
    pub const fn reader(&self) -> &DatabaseConnection {
        &self.read
    }

    /// For reading the bytes of files, which leaves nothing of them in memory.
    #[must_use]
    pub const fn files(&self) -> &DatabaseConnection {
        &self.files
    }

    /// Begins a transaction that will write a little. On SQLite it may become durable together with others.
    ///
    /// # Errors
    /// When the database is out of reach, or SQLite's only writer stays busy.
    pub async fn begin(&self) -> Result<Transaction, StoreError> {
        self.begin_in(Grouping::Joins).await
    }

    /// Begins a transaction that will write much: small ones that wait for the disk do not wait for it.
    ///
    /// # Errors
    /// As [`Store::begin`].
    pub async fn begin_long(&self) -> Result<Transaction, StoreError> {
        self.begin_in(Grouping::Begins).await
    }

    async fn begin_in(&self, grouping: Grouping) -> Result<Transaction, StoreError> {
        match &self.queue {
            Some(queue) => Transaction::in_turn(queue, grouping, &self.write).await,
            None => Ok(Transaction::over(self.write.begin().await?)),
        }
    }

    /// Begins a transaction for many rows that are read and written.
    ///
    /// # Errors
    /// As [`Store::begin`].
    pub async fn begin_chunk(&self) -> Result<Transaction, StoreError> {
        let tx = self.begin_long().await?;
        plan_for_values(&tx).await?;
        Ok(tx)
    }

    /// The database as it is at one moment, for reading, until it is dropped: what others commit meanwhile is not seen by
    /// half.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn moment(&self) -> Result<impl ConnectionTrait + use<>, StoreError> {
        // SQLite's readers see one moment anyway, as long as their transaction lasts.
        let isolation = match self.read.get_database_backend() {
            DbBackend::Sqlite => (None, None),
            _ => (Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly)),
        };
        let tx = self.read.begin_with_config(isolation.0, isolation.1).await?;
        plan_for_values(&tx).await?;
        Ok(tx)
    }

    /// Has the database count what its tables and indexes hold, so that it chooses among them by what there is. For after
    /// very much was written at once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn gather_statistics(&self) -> Result<(), StoreError> {
        if self.write.get_database_backend() == DbBackend::Sqlite {
            // A part of each index tells enough.
            self.write.execute_unprepared("PRAGMA analysis_limit = 1000").await?;
        }
        self.write.execute_unprepared("ANALYZE").await?;
        Ok(())
    }

    /// Writes SQLite's journal into the file and empties it: what was overwritten stands in it until then. PostgreSQL clears
    /// away by itself what nobody sees any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn empty_journal(&self) -> Result<(), StoreError> {
        if self.has_one_writer() {
            self.write.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        }
        Ok(())
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        Ok(self.read.ping().await?)
    }
}

/// Connects to SQLite. Processes that open a new database at the same moment may meet while one of them sets it up.
async fn connect_patiently(options: ConnectOptions) -> Result<DatabaseConnection, StoreError> {
    let mut tries = 1;
    loop {
        match Database::connect(options.clone()).await {
            Err(error) if is_busy(&error) && tries < CONNECTS => tries += 1,
            connected => return Ok(connected?),
        }
        tokio::time::sleep(BETWEEN_CONNECTS).await;
    }
}

/// Has PostgreSQL plan the statements of a transaction for their values. A plan for any values takes a trust of 20,000 people
/// for an organisation of average size; making one each time takes longer than most pages' statements themselves.
async fn plan_for_values(tx: &impl ConnectionTrait) -> Result<(), StoreError> {
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared("SET LOCAL plan_cache_mode = force_custom_plan")
            .await?;
    }
    Ok(())
}

/// Where the disk is full, or fails, SQLite ends a transaction by itself. The driver believes it open all the same, and the
/// connection would never commit again: such a one is closed, and the next writer gets another.
fn writing(mut options: ConnectOptions) -> ConnectOptions {
    options.map_sqlx_sqlite_pool_opts(|pool| {
        pool.after_release(|connection, _| {
            Box::pin(async move {
                // A transaction that was dropped is rolled back by now.
                connection.ping().await?;
                Ok(!connection.is_in_transaction())
            })
        })
    });
    options
}

/// What is read of a mapped database counts as the process's memory, and a file of 60 MiB is read once: such reading maps
/// nothing, and keeps next to nothing.
fn unmapped(mut options: ConnectOptions) -> ConnectOptions {
    options.map_sqlx_sqlite_opts(|sqlite| {
        sqlite
            .pragma("busy_timeout", "5000")
            .pragma("mmap_size", "0")
            .pragma("cache_size", "-1024")
    });
    options
}

fn options(url: &str, connections: u32, synchronous: Synchronous) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(30))
        // Only what takes long is told, as the statement without its values.
        .sqlx_logging(true)
        .sqlx_logging_level(LevelFilter::Trace)
        .sqlx_slow_statements_logging_settings(LevelFilter::Warn, SLOW)
        // A connection to a file is never lost; asking whether it is there would double the way of every query.
        .test_before_acquire(!url.starts_with("sqlite:"))
        .map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                // Rows are handed over by the thousand: a hand-over one by one costs more than reading them.
                .row_buffer_size(1_000)
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", synchronous.pragma())
                // Pages that are written again and again are copied into the file once in 16 MiB, not in 4.
                .pragma("wal_autocheckpoint", "4000")
                .pragma("busy_timeout", "5000")
                .pragma("foreign_keys", "ON")
                // What is deleted is overwritten: passwords, links and people who are forgotten are not left in free pages.
                .pragma("secure_delete", "ON")
                .pragma("cache_size", "-16384")
                // As much as SQLite is built for: what is mapped need not be read page by page.
                .pragma("mmap_size", "2147418112")
                .pragma("temp_store", "memory")
        });
    options
}
