//! A transaction that writes, and keeps what it will have to record. It is recorded at the very end: the trail's head is
//! held last and only while the entries are written, so transactions wait for each other as little as can be.

use std::sync::Mutex;

use domain::{event::Event, policy::Right, trail::Record};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement};

use crate::{StoreError, trail};

/// What is to be recorded when the transaction ends.
#[derive(Clone, Debug)]
pub(crate) enum Pending {
    /// A change of the directory, with the rights by which it was made.
    Change(Event, Vec<Right>),
    /// Anything else.
    Other(Record),
}

/// A transaction that writes. Dropped, it is rolled back, and what it would have recorded is forgotten with it.
#[derive(Debug)]
pub struct Transaction {
    inner: DatabaseTransaction,
    pending: Mutex<Vec<Pending>>,
}

impl Transaction {
    pub(crate) const fn over(inner: DatabaseTransaction) -> Self {
        Self {
            inner,
            pending: Mutex::new(Vec::new()),
        }
    }

    /// Has something recorded when the transaction ends, if it ends well.
    pub fn record(&self, new: Record) {
        self.with_pending(|pending| pending.push(Pending::Other(new)));
    }

    /// The same of changes of the directory.
    pub(crate) fn record_changes(&self, new: impl Iterator<Item = (Event, Vec<Right>)>) {
        self.with_pending(|pending| pending.extend(new.map(|(event, rights)| Pending::Change(event, rights))));
    }

    /// Looks at what is still to be recorded.
    pub(crate) fn with_pending<T>(&self, look: impl FnOnce(&mut Vec<Pending>) -> T) -> T {
        let mut pending = self.pending.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        look(&mut pending)
    }

    /// Records what is to be recorded, and ends the transaction.
    ///
    /// # Errors
    /// `Conflict` where another came first; else when the database fails. Nothing is kept then.
    pub async fn commit(self) -> Result<(), StoreError> {
        let pending = self.with_pending(std::mem::take);
        trail::append(&self.inner, pending).await?;
        Ok(self.inner.commit().await?)
    }

    /// Ends the transaction as if it had never been.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rollback(self) -> Result<(), StoreError> {
        Ok(self.inner.rollback().await?)
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.inner.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.inner.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.inner.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.inner.query_all_raw(statement).await
    }

    fn support_returning(&self) -> bool {
        self.inner.support_returning()
    }
}
