//! Questions that do not need each other's answers, asked in one round. On SQLite each statement is the way to the driver's
//! thread and back, which takes longer than most statements themselves; a round is one way for all of them.

#![expect(clippy::disallowed_methods, reason = "what is no question is handed on as it comes")]

use std::{
    fmt::{self, Debug, Formatter},
    future::{Future, poll_fn},
    pin::Pin,
    sync::{Mutex, PoisonError},
    task::Poll,
};

use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement};
use tokio::sync::oneshot;

use crate::transaction::joined;

/// Stands between two questions, and is answered by one row whose column has this name.
const NEXT: &str = "next_question";

/// A database that is asked in rounds. Whatever work asks through it within [`Self::ask`] waits until all of the work waits,
/// and is asked then, in the order of asking. What changes something is sent at once.
pub struct Rounds<'a, C> {
    db: &'a C,
    asked: Mutex<Vec<Asked>>,
}

struct Asked {
    question: Statement,
    answer: oneshot::Sender<Result<Vec<QueryResult>, DbErr>>,
}

impl<'a, C: ConnectionTrait> Rounds<'a, C> {
    /// A database, to be asked in rounds.
    pub const fn of(db: &'a C) -> Self {
        Self {
            db,
            asked: Mutex::new(Vec::new()),
        }
    }

    /// Does work that asks through this, most often several parts of it side by side (`try_join!`). It is boxed, because parts
    /// that are done side by side are large together, and whoever waits for them would be as large again.
    pub async fn ask<T>(&self, mut work: Pin<Box<dyn Future<Output = T> + Send + '_>>) -> T {
        loop {
            let done = poll_fn(|context| match work.as_mut().poll(context) {
                Poll::Ready(done) => Poll::Ready(Some(done)),
                Poll::Pending if self.is_asked() => Poll::Ready(None),
                Poll::Pending => Poll::Pending,
            });
            match done.await {
                Some(done) => return done,
                None => self.send().await,
            }
        }
    }

    fn is_asked(&self) -> bool {
        !self.asked().is_empty()
    }

    fn asked(&self) -> std::sync::MutexGuard<'_, Vec<Asked>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks what waits to be asked. Nobody waits for an answer any more whose work was dropped.
    async fn send(&self) {
        let asked = std::mem::take(&mut *self.asked());
        let (questions, answers): (Vec<_>, Vec<_>) = asked.into_iter().map(|one| (one.question, one.answer)).unzip();
        if self.get_database_backend() != DbBackend::Sqlite || questions.len() < 2 {
            for (question, answer) in questions.into_iter().zip(answers) {
                let _ = answer.send(self.db.query_all_raw(question).await);
            }
            return;
        }
        let mut told = self.all(questions).await;
        for answer in answers {
            let _ = answer.send(match &mut told {
                Ok(told) => Ok(told.next().unwrap_or_default()),
                Err(error) => Err(error.clone()),
            });
        }
    }

    /// All answers, in the order of the questions.
    async fn all(&self, questions: Vec<Statement>) -> Result<impl Iterator<Item = Vec<QueryResult>> + use<C>, DbErr> {
        let next = || Statement::from_string(DbBackend::Sqlite, format!("SELECT 1 AS {NEXT}"));
        let all = questions
            .into_iter()
            .reduce(|before, question| joined(joined(before, next()), question));
        let rows = match all {
            Some(all) => self.db.query_all_raw(all).await?,
            None => vec![],
        };
        let mut answers = vec![vec![]];
        for row in rows {
            match answers.last_mut() {
                Some(answer) if !is_next(&row) => answer.push(row),
                _ => answers.push(vec![]),
            }
        }
        Ok(answers.into_iter())
    }
}

fn is_next(row: &QueryResult) -> bool {
    use sea_orm::sqlx::{Column, Row};
    let columns = row.try_as_sqlite_row().map(Row::columns);
    matches!(columns, Some([only]) if only.name() == NEXT)
}

impl<C> Debug for Rounds<'_, C> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Rounds").finish_non_exhaustive()
    }
}

#[async_trait::async_trait]
impl<C: ConnectionTrait> ConnectionTrait for Rounds<'_, C> {
    fn get_database_backend(&self) -> DbBackend {
        self.db.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.db.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.db.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        Ok(self.query_all_raw(statement).await?.into_iter().next())
    }

    async fn query_all_raw(&self, question: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let (answer, told) = oneshot::channel();
        self.asked().push(Asked { question, answer });
        let lost = |_| DbErr::Custom("a question was given up before it was answered".to_owned());
        told.await.map_err(lost)?
    }

    fn support_returning(&self) -> bool {
        self.db.support_returning()
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::{FromQueryResult, Value};
    use tempfile::TempDir;
    use tokio::{join, try_join};

    use super::*;
    use crate::Store;

    async fn empty() -> (Store, TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/empty.db?mode=rwc", folder.path().display());
        (Store::open(&url).await.unwrap(), folder)
    }

    #[derive(Debug, FromQueryResult, PartialEq, Eq)]
    struct Number {
        number: i64,
    }

    /// The numbers from 1 to `last`, and how often the database is asked.
    async fn numbers(db: &impl ConnectionTrait, last: i64) -> Result<Vec<i64>, DbErr> {
        let sql = "WITH RECURSIVE up(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM up) SELECT number FROM up \
                   WHERE ? > 0 LIMIT ?";
        let values = [Value::from(last), Value::from(last)];
        let rows = db
            .query_all_raw(Statement::from_sql_and_values(DbBackend::Sqlite, sql, values))
            .await?;
        rows.iter()
            .map(|row| Ok(Number::from_query_result(row, "")?.number))
            .collect()
    }

    /// Counts how often a database is asked.
    struct Counted<'a, C>(&'a C, Mutex<Vec<String>>);

    #[async_trait::async_trait]
    impl<C: ConnectionTrait> ConnectionTrait for Counted<'_, C> {
        fn get_database_backend(&self) -> DbBackend {
            self.0.get_database_backend()
        }
        async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
            self.0.execute_raw(statement).await
        }
        async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
            self.0.execute_unprepared(sql).await
        }
        async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
            self.0.query_one_raw(statement).await
        }
        async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
            self.1.lock().unwrap().push(statement.sql.clone());
            self.0.query_all_raw(statement).await
        }
    }

    #[tokio::test]
    async fn what_is_asked_side_by_side_is_asked_at_once_and_answered_apart() {
        let (store, _folder) = empty().await;
        let counted = Counted(store.reader(), Mutex::default());
        let rounds = Rounds::of(&counted);
        let twice = async {
            let few = numbers(&rounds, 2).await?;
            let more = numbers(&rounds, few.len() as i64 + 1).await?;
            Ok::<_, DbErr>((few, more))
        };
        let told = rounds.ask(Box::pin(async {
            try_join!(numbers(&rounds, 3), numbers(&rounds, 0), twice)
        }));
        let told = told.await.unwrap();
        assert_eq!(told, (vec![1, 2, 3], vec![], (vec![1, 2], vec![1, 2, 3])));
        // Three at first, and then the one that needed an answer.
        assert_eq!(counted.1.lock().unwrap().len(), 2);
        // Nothing asked is nothing sent.
        assert_eq!(rounds.ask(Box::pin(async { 7 })).await, 7);
        assert_eq!(counted.1.lock().unwrap().len(), 2);
    }

    #[tokio::test]
    async fn a_question_that_fails_is_told_to_all_who_asked_with_it() {
        let (store, _folder) = empty().await;
        let rounds = Rounds::of(store.reader());
        let wrong = || Statement::from_string(DbBackend::Sqlite, "SELECT nobody FROM nowhere");
        let told = rounds.ask(Box::pin(async {
            join!(numbers(&rounds, 1), rounds.query_one_raw(wrong()))
        }));
        let (before, wrong) = told.await;
        assert!(before.is_err() && wrong.is_err());
        assert_eq!(rounds.ask(Box::pin(numbers(&rounds, 1))).await.unwrap(), [1]);
    }

    #[tokio::test]
    async fn work_that_waits_for_something_else_is_waited_for() {
        let (store, _folder) = empty().await;
        let rounds = Rounds::of(store.reader());
        let late = async {
            tokio::task::yield_now().await;
            let thread = tokio::task::spawn_blocking(|| 4).await.unwrap();
            numbers(&rounds, thread).await
        };
        let told = rounds
            .ask(Box::pin(async { try_join!(late, numbers(&rounds, 1)) }))
            .await
            .unwrap();
        assert_eq!(told, (vec![1, 2, 3, 4], vec![1]));
    }
}
