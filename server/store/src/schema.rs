//! Bringing the schema up to date: by one process at a time, all steps or none, and never by a program that is older than
//! the database.

#![expect(clippy::disallowed_methods, reason = "the schema is locked while it changes")]

use migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait};
use sea_orm_migration::{IntoSchemaManagerConnection, SchemaManager, seaql_migrations};

use crate::{Store, StoreError, Transaction, is_busy, trail};

/// The number of the advisory lock that a migrating process holds on PostgreSQL: any that nothing else uses.
const LOCK: i64 = 0x5354_4146_4642_4f4f;

/// How often the begin of a migration is tried where another process is busy with one on SQLite, each time for as long as
/// the busy timeout of connections: about ten minutes.
const TRIES: usize = 120;

/// The table in which the steps that were run are noted.
const NOTED_IN: &str = "seaql_migrations";

/// How a database's schema compares with what this program knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Schema {
    /// It is the one that this program knows.
    Current,
    /// So many steps are still to be run.
    Behind(usize),
    /// It has a step that this program does not know.
    Newer(String),
}

impl Store {
    /// Brings the schema up to date, and returns how many steps were run. Several processes may do so at once: one runs the
    /// steps, the others wait for it and find nothing left to do.
    ///
    /// # Errors
    /// `NewerSchema` if the database belongs to a newer program; otherwise when a step fails, and then none was run.
    pub async fn migrate(&self) -> Result<usize, StoreError> {
        // The usual start needs no lock.
        if self.schema().await? == Schema::Current {
            return Ok(0);
        }
        let tx = self.begin_alone().await?;
        let applied = applied(tx.inner()).await?;
        let pending = match compare(&applied) {
            Schema::Behind(pending) => pending,
            Schema::Current => {
                tx.rollback().await?;
                return Ok(0);
            }
            Schema::Newer(step) => {
                tx.rollback().await?;
                return Err(StoreError::NewerSchema(step));
            }
        };
        Migrator::up(tx.inner(), None).await?;
        if !applied.iter().any(|step| step == trail::BEGUN_BY) {
            trail::adopt(&tx).await?;
        }
        tx.commit().await?;
        Ok(pending)
    }

    /// Compares the schema with what this program knows; changes nothing.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn schema(&self) -> Result<Schema, StoreError> {
        Ok(compare(&applied(self.reader()).await?))
    }

    /// Begins a transaction that no other migrating process is in.
    async fn begin_alone(&self) -> Result<Transaction, StoreError> {
        let mut tries = 1;
        let tx = loop {
            match self.begin_long().await {
                Err(StoreError::Database(error)) if is_busy(&error) && tries < TRIES => tries += 1,
                begun => break begun?,
            }
        };
        // SQLite's transaction is immediate, and keeps every other writer out.
        if tx.get_database_backend() == DbBackend::Postgres {
            let lock = format!("SELECT pg_advisory_xact_lock({LOCK})");
            tx.execute_unprepared(&lock).await?;
        }
        Ok(tx)
    }
}

/// The steps that were run, by name.
async fn applied<'c, C>(db: &'c C) -> Result<Vec<String>, StoreError>
where
    C: ConnectionTrait,
    &'c C: IntoSchemaManagerConnection<'c>,
{
    if !SchemaManager::new(db).has_table(NOTED_IN).await? {
        return Ok(vec![]);
    }
    let noted = seaql_migrations::Entity::find().all(db).await?;
    Ok(noted.into_iter().map(|step| step.version).collect())
}

fn compare(applied: &[String]) -> Schema {
    let steps = Migrator::migrations();
    let unknown = applied
        .iter()
        .find(|step| steps.iter().all(|known| known.name() != **step));
    if let Some(unknown) = unknown {
        return Schema::Newer(unknown.clone());
    }
    match steps.len().saturating_sub(applied.len()) {
        0 => Schema::Current,
        pending => Schema::Behind(pending),
    }
}
