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

use self::{gathered::Gathered, last_act::LastAct, together::Turn};
pub(crate) use self::{
    gathered::joined,
    together::{Grouping, Queue},
};
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

    /// Has inserts sent with the statement behind them: for many small transactions in a row. That one of them has failed is
    /// told by that statement, or by [`Self::commit`]; so it is for writers who begin again whatever it was.
    #[must_use]
    pub fn gathering(mut self) -> Self {
        self.gathered = Some(Gathered::default());
        self
    }

    /// What has to come before the next statement: the savepoint, if it is the first, and the inserts that wait.
    fn waiting(&self) -> Option<Statement> {
        let opening = self.turn.as_ref().and_then(Turn::opening);
        let gathered = self.gathered.as_ref().and_then(Gathered::take);
        opening.into_iter().chain(gathered).reduce(joined)
    }

    async fn send_waiting(&self) -> Result<(), DbErr> {
        if let Some(waiting) = self.waiting() {
            self.inner.execute_raw(waiting).await?;
        }
        Ok(())
    }

    /// A question behind what waits: only SQLite answers it in the same go.
    async fn asked(&self, question: Statement) -> Result<Statement, DbErr> {
        if self.inner.get_database_backend() != DbBackend::Sqlite {
            self.send_waiting().await?;
        }
        Ok(match self.waiting() {
            Some(waiting) => joined(waiting, question),
            None => question,
        })
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
        let known = self.turn.as_ref().and_then(Turn::head);
        let (last, head) = match trail::append(LastAct(()), &self, pending, known).await? {
            Some((last, head)) => (Some(last), Some(head)),
            None => (None, None),
        };
        let last = match &self.gathered {
            Some(gathered) => gathered.take_with(last),
            None => last,
        };
        let Self { inner, turn, .. } = self;
        if let Some(turn) = turn {
            drop(inner);
            return turn.written(last, head).await;
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
        let kept = match &self.gathered {
            Some(gathered) => gathered.keep(statement),
            None => Some(statement),
        };
        let Some(statement) = kept else {
            return Ok(SqliteQueryResult::default().into());
        };
        self.send_waiting().await?;
        self.inner.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.send_waiting().await?;
        self.inner.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.inner.query_one_raw(self.asked(statement).await?).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.inner.query_all_raw(self.asked(statement).await?).await
    }

    fn support_returning(&self) -> bool {
        self.inner.support_returning()
    }
}
