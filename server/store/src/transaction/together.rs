//! SQLite has one writer at a time, and each commit waits for the disk. So writers who wait at the same moment write into one
//! transaction, each behind a savepoint, and one commit makes all of it durable. Nobody is told that their change is kept
//! before that commit has succeeded. If it fails, everybody in it is told so, and nothing of it is kept.
//!
//! Turns are given in the order of asking. After the first has written, a task asks for a turn behind everybody who waits by
//! then, and commits in it. So a change waits for those who asked earlier, and never for those who came later.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sea_orm::{
    ConnAcquireErr, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, SqliteTransactionMode,
    Statement, TransactionOptions, TransactionTrait,
};
use tokio::sync::{Mutex, OwnedMutexGuard, watch};

use super::gathered::joined;
use crate::{StoreError, trail::Head};

/// How long anybody waits for their turn.
const PATIENCE: Duration = Duration::from_secs(30);

/// The savepoint behind which somebody writes who joins others.
const SAVEPOINT: &str = "joined";

/// The writers of one database, in the order of asking. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Queue(Arc<Mutex<Option<Group>>>);

/// Whether a writer joins the transaction of those before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grouping {
    /// It does: it writes little.
    Joins,
    /// It does not: it takes so long that those before would wait for their commit.
    Begins,
}

/// Changes that become durable together.
#[derive(Debug)]
struct Group {
    tx: Arc<DatabaseTransaction>,
    /// How many have written; 0 while the first writes.
    members: usize,
    /// Whether a savepoint is open: somebody writes behind it, or gave up.
    is_joined: AtomicBool,
    /// Where the audit log ends with what they have written; `None` as long as nobody has written there.
    head: Option<Head>,
    /// How the commit ended; `None` until it has.
    ended: watch::Sender<Option<Result<(), DbErr>>>,
}

/// One writer's turn. If it is dropped instead of [`Turn::written`], nothing of what was written in it is kept.
#[derive(Debug)]
pub(super) struct Turn {
    queue: Queue,
    group: OwnedMutexGuard<Option<Group>>,
    /// Whether others have written before.
    joins: bool,
    is_over: bool,
}

impl Queue {
    /// Waits for a turn. Returns it with the transaction to write into.
    ///
    /// # Errors
    /// When the turn has not come after [`PATIENCE`], or the database fails.
    pub(super) async fn turn(
        &self,
        grouping: Grouping,
        connection: &DatabaseConnection,
    ) -> Result<(Arc<DatabaseTransaction>, Turn), StoreError> {
        let waiting = tokio::time::timeout(PATIENCE, self.0.clone().lock_owned());
        let mut group = waiting
            .await
            .map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))?;
        // A savepoint that is still open was left by somebody who gave up; the commit takes back what is behind it.
        let is_complete = |group: &mut Group| grouping == Grouping::Begins || *group.is_joined.get_mut();
        if let Some(complete) = group.take_if(is_complete) {
            // In a task of its own: its members wait for it, even if this writer gives up.
            if let Err(error) = tokio::spawn(complete.commit()).await {
                log::error!("a commit broke off, and its writers are told so: {error}");
            }
        }
        let (tx, joins) = match &*group {
            Some(open) => (open.tx.clone(), true),
            None => (Arc::new(begin(connection).await?), false),
        };
        group.get_or_insert_with(|| Group {
            tx: tx.clone(),
            members: 0,
            is_joined: AtomicBool::new(false),
            head: None,
            ended: watch::Sender::new(None),
        });
        let turn = Turn {
            queue: self.clone(),
            group,
            joins,
            is_over: false,
        };
        Ok((tx, turn))
    }

    /// Commits once everybody who waits already has had their turn.
    async fn close(self) {
        if let Some(group) = self.0.lock_owned().await.take() {
            group.commit().await;
        }
    }
}

impl Turn {
    /// What has to be sent before the turn's first statement, once.
    pub(super) fn opening(&self) -> Option<Statement> {
        let group = self.group.as_ref().filter(|_| self.joins)?;
        let is_new = !group.is_joined.swap(true, Ordering::Relaxed);
        is_new.then(|| Statement::from_string(DbBackend::Sqlite, format!("SAVEPOINT {SAVEPOINT}")))
    }

    /// Where the audit log ends, if somebody of this transaction has written there before: nobody else can have since.
    pub(super) fn head(&self) -> Option<Head> {
        self.group.as_ref().and_then(|group| group.head.clone())
    }

    /// Sends the last statement of the turn, ends it, and waits until what was written in it is durable. `head` says where the
    /// audit log ends with it.
    ///
    /// # Errors
    /// When it is not kept.
    pub(super) async fn written(self, last: Option<Statement>, head: Option<Head>) -> Result<(), StoreError> {
        // In a task of its own: half of it must not be done when nobody waits for the answer any more.
        let mut ended = tokio::spawn(self.hand_on(last, head)).await.map_err(|_| lost())??;
        let ended = ended.wait_for(Option::is_some).await.map_err(|_| lost())?;
        Ok(ended.clone().unwrap_or_else(|| Err(lost()))?)
    }

    async fn hand_on(
        mut self,
        last: Option<Statement>,
        head: Option<Head>,
    ) -> Result<watch::Receiver<Option<Result<(), DbErr>>>, DbErr> {
        let opening = last.as_ref().and_then(|_| self.opening());
        let Some(group) = &mut *self.group else {
            return Err(lost());
        };
        let release = || Statement::from_string(DbBackend::Sqlite, format!("RELEASE {SAVEPOINT}"));
        let release = group.is_joined.get_mut().then(release);
        if let Some(last) = opening.into_iter().chain(last).chain(release).reduce(joined) {
            group.tx.execute_raw(last).await?;
        }
        *group.is_joined.get_mut() = false;
        group.head = head.or(group.head.take());
        group.members += 1;
        let (is_first, ended) = (group.members == 1, group.ended.subscribe());
        self.is_over = true;
        let queue = self.queue.clone();
        drop(self);
        if is_first {
            tokio::spawn(queue.close());
        }
        Ok(ended)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        // Without members the transaction is rolled back. With members, what is behind the savepoint is.
        if !self.is_over {
            drop(self.group.take_if(|group| group.members == 0));
        }
    }
}

impl Group {
    /// Makes durable what its members wrote, and tells them how that ended.
    async fn commit(self) {
        let ended = commit(self.tx, self.is_joined.into_inner()).await;
        self.ended.send_replace(Some(ended));
    }
}

async fn commit(tx: Arc<DatabaseTransaction>, is_joined: bool) -> Result<(), DbErr> {
    if is_joined {
        // This fails if SQLite has ended the whole transaction, as it does when the disk is full.
        tx.execute_unprepared(&format!("ROLLBACK TO {SAVEPOINT}")).await?;
    }
    Arc::into_inner(tx).ok_or_else(lost)?.commit().await
}

async fn begin(connection: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    // A deferred transaction that turns into a writer late fails as busy; an immediate one waits its turn.
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    connection.begin_with_options(options).await
}

fn lost() -> DbErr {
    DbErr::Custom("a change was given up before it was kept".to_owned())
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;
    use tokio::task::{JoinHandle, yield_now};

    use crate::{Store, Transaction};

    use super::*;

    /// A database with one table, and what stands in it by name.
    struct Names {
        store: Store,
        _folder: TempDir,
    }

    impl Names {
        async fn open() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let url = format!("sqlite://{}/names.db?mode=rwc", folder.path().display());
            let store = Store::open(&url).await.unwrap();
            let tx = store.begin().await.unwrap();
            tx.execute_unprepared("CREATE TABLE names (name text)").await.unwrap();
            tx.commit().await.unwrap();
            Self { store, _folder: folder }
        }

        /// What others see.
        async fn seen(&self) -> Vec<String> {
            let db = self.store.reader();
            let all = Statement::from_string(db.get_database_backend(), "SELECT name FROM names ORDER BY name");
            let rows = db.query_all_raw(all).await.unwrap();
            rows.iter().map(|row| row.try_get("", "name").unwrap()).collect()
        }

        async fn written(&self, name: &str) -> Transaction {
            let tx = self.store.begin().await.unwrap();
            write(&tx, name).await;
            tx
        }

        /// Queues somebody who writes a name, and then does something with the transaction.
        async fn queue<F: Future<Output = ()> + Send + 'static>(
            &self,
            name: &'static str,
            then: impl FnOnce(Transaction) -> F + Send + 'static,
        ) -> JoinHandle<()> {
            let store = self.store.clone();
            let queued = tokio::spawn(async move {
                let tx = store.begin().await.unwrap();
                write(&tx, name).await;
                then(tx).await;
            });
            // With one thread it runs until it waits for its turn.
            yield_now().await;
            queued
        }
    }

    async fn write(tx: &Transaction, name: &str) {
        let insert = format!("INSERT INTO names VALUES ('{name}')");
        tx.execute_unprepared(&insert).await.unwrap();
    }

    async fn kept(tx: Transaction) {
        tx.commit().await.unwrap();
    }

    #[tokio::test]
    async fn writers_who_wait_at_the_same_moment_share_one_commit() {
        let names = Names::open().await;
        let first = names.written("Ada").await;
        let others = [names.queue("Bea", kept).await, names.queue("Cay", kept).await];
        assert_eq!(names.seen().await, Vec::<String>::new());
        first.commit().await.unwrap();
        // With commits of their own, the others would come after the first has been told.
        assert_eq!(names.seen().await, ["Ada", "Bea", "Cay"]);
        for other in others {
            other.await.unwrap();
        }
        kept(names.written("Dot").await).await;
        assert_eq!(names.seen().await, ["Ada", "Bea", "Cay", "Dot"]);
    }

    #[tokio::test]
    async fn a_writer_who_gives_up_takes_nobody_along() {
        let names = Names::open().await;
        let first = names.written("Ada").await;
        let dropped = names.queue("Bea", |tx| async { drop(tx) }).await;
        let third = names.queue("Cay", kept).await;
        first.commit().await.unwrap();
        dropped.await.unwrap();
        third.await.unwrap();
        assert_eq!(names.seen().await, ["Ada", "Cay"]);
        // The first of all may give up as well.
        names.written("Dot").await.rollback().await.unwrap();
        kept(names.written("Eve").await).await;
        assert_eq!(names.seen().await, ["Ada", "Cay", "Eve"]);
    }

    #[tokio::test]
    async fn a_writer_who_is_cut_off_takes_nobody_along() {
        let names = Names::open().await;
        let first = names.written("Ada").await;
        let (is_there, there) = tokio::sync::oneshot::channel();
        let cut_off = names
            .queue("Bea", |tx| async move {
                let _ = is_there.send(());
                std::future::pending::<()>().await;
                drop(tx);
            })
            .await;
        let third = names.queue("Cay", kept).await;
        let first = tokio::spawn(first.commit());
        there.await.unwrap();
        cut_off.abort();
        first.await.unwrap().unwrap();
        third.await.unwrap();
        assert_eq!(names.seen().await, ["Ada", "Cay"]);
    }

    #[tokio::test]
    async fn a_commit_that_fails_is_told_to_everybody_in_it() {
        let names = Names::open().await;
        let first = names.written("Ada").await;
        // As SQLite does when the disk is full.
        let fatal = names
            .queue("Bea", |tx| async move {
                tx.execute_unprepared("ROLLBACK").await.unwrap();
            })
            .await;
        first.commit().await.unwrap_err();
        fatal.await.unwrap();
        assert_eq!(names.seen().await, Vec::<String>::new());
        kept(names.written("Cay").await).await;
        assert_eq!(names.seen().await, ["Cay"]);
    }

    #[tokio::test]
    async fn a_long_writer_keeps_nobody_waiting_for_their_commit() {
        let names = Names::open().await;
        let first = names.written("Ada").await;
        let store = names.store.clone();
        let long = tokio::spawn(async move { store.begin_long().await.unwrap() });
        yield_now().await;
        first.commit().await.unwrap();
        assert_eq!(names.seen().await, ["Ada"]);
        let long = long.await.unwrap();
        write(&long, "Bea").await;
        kept(long).await;
        assert_eq!(names.seen().await, ["Ada", "Bea"]);
    }
}
