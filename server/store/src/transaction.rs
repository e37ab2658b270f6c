//! A transaction that writes, and keeps what it will have to record. It is recorded at the very end: the trail's head is
//! held last and only while the entries are written, so transactions wait for each other as little as can be.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "this is what stands in the place of the database's own transaction"
)]

mod gathered;
pub(crate) mod last_act;
mod together;

use std::sync::{Arc, Mutex};

use domain::{event::Event, policy::Right, trail::Record};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement,
    sqlx::sqlite::SqliteQueryResult,
};

pub(crate) use self::together::{Grouping, Queue};
use self::{gathered::Gathered, last_act::LastAct, together::Turn};
use crate::{
    StoreError,
    trail::{self, Pending},
};

/// A transaction that writes. Dropped, it is rolled back, and what it would have recorded is forgotten with it.
#[derive(Debug)]
pub struct Transaction {
    inner: Arc<DatabaseTransaction>,
    pending: Mutex<Vec<Pending>>,
    /// Where inserts wait for the next statement.
    gathered: Option<Gathered>,
    /// Only on SQLite, where others may write into the same transaction. It is dropped after `inner`.
    turn: Option<Turn>,
}

impl Transaction {
    /// Waits for a turn on SQLite, whose transactions become durable together with others.
    pub(crate) async fn in_turn(
        queue: &Queue,
        grouping: Grouping,
        connection: &DatabaseConnection,
    ) -> Result<Self, StoreError> {
        let (inner, turn) = queue.turn(grouping, connection).await?;
        Ok(Self {
            inner,
            pending: Mutex::new(Vec::new()),
            gathered: None,
            turn: Some(turn),
        })
    }

    /// A transaction that shares nothing.
    pub(crate) fn over(inner: DatabaseTransaction) -> Self {
        Self {
            inner: Arc::new(inner),
            pending: Mutex::new(Vec::new()),
            gathered: None,
            turn: None,
        }
    }

    /// Has inserts sent with the statement behind them, on SQLite: for many small transactions in a row. That one of them has
    /// failed is told by that statement, or by [`Self::commit`]; so it is for writers who begin again whatever it was.
    #[must_use]
    pub fn gathering(mut self) -> Self {
        if self.inner.get_database_backend() == DbBackend::Sqlite {
            self.gathered = Some(Gathered::default());
        }
        self
    }

    async fn send_gathered(&self) -> Result<(), DbErr> {
        if let Some(waiting) = self.gathered.as_ref().and_then(Gathered::take) {
            self.inner.execute_raw(waiting).await?;
        }
        Ok(())
    }

    /// A statement that asks, behind the inserts that wait.
    fn behind_gathered(&self, statement: Statement) -> Statement {
        match &self.gathered {
            Some(gathered) => gathered.before(statement),
            None => statement,
        }
    }

    /// The database's own transaction, for what is told to take nothing else.
    pub(crate) fn inner(&self) -> &DatabaseTransaction {
        &self.inner
    }

    /// Has something recorded when the transaction ends, if it ends well.
    pub fn record(&self, new: Record) {
        self.with_pending(|pending| pending.push(Pending::Other(new)));
    }

    /// The same of changes of the directory.
    pub(crate) fn record_changes(&self, new: impl Iterator<Item = (Event, Vec<Right>)>) {
        self.with_pending(|pending| {
            pending.extend(new.map(|(event, rights)| Pending::Change(Box::new(event), rights)))
        });
    }

    /// Looks at what is still to be recorded.
    pub(crate) fn with_pending<T>(&self, look: impl FnOnce(&mut Vec<Pending>) -> T) -> T {
        let mut pending = self.pending.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        look(&mut pending)
    }

    /// Records what is to be recorded, and ends the transaction. Afterwards it is as durable as the database makes it.
    ///
    /// # Errors
    /// `Conflict` where another came first; else when the database fails. Nothing is kept then.
    pub async fn commit(self) -> Result<(), StoreError> {
        let pending = self.with_pending(std::mem::take);
        let last = match trail::append(LastAct(()), &self, pending).await? {
            Some(last) => Some(self.behind_gathered(last)),
            None => self.gathered.as_ref().and_then(Gathered::take),
        };
        let Self { inner, turn, .. } = self;
        if let Some(turn) = turn {
            drop(inner);
            return turn.written(last).await;
        }
        if let Some(last) = last {
            inner.execute_raw(last).await?;
        }
        match Arc::into_inner(inner) {
            Some(own) => Ok(own.commit().await?),
            None => Err(DbErr::Custom("a transaction is still used while it ends".to_owned()).into()),
        }
    }

    /// Ends the transaction as if it had never been.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rollback(self) -> Result<(), StoreError> {
        let Self { inner, turn, .. } = self;
        // A turn is taken back when it is dropped, before the next one.
        match Arc::into_inner(inner) {
            Some(own) if turn.is_none() => Ok(own.rollback().await?),
            _ => Ok(()),
        }
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let Some(gathered) = &self.gathered else {
            return self.inner.execute_raw(statement).await;
        };
        let Some(statement) = gathered.keep(statement) else {
            return Ok(SqliteQueryResult::default().into());
        };
        self.send_gathered().await?;
        self.inner.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.send_gathered().await?;
        self.inner.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.inner.query_one_raw(self.behind_gathered(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.inner.query_all_raw(self.behind_gathered(statement)).await
    }

    fn support_returning(&self) -> bool {
        self.inner.support_returning()
    }
}
