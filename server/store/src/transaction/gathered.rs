//! Small changes that wait to be sent together with what follows them. Each statement is the way to the database and back: on
//! SQLite to the driver's thread, on PostgreSQL to another process. That takes longer than the statement itself.
//!
//! SQLite takes several statements as one, which it does one after the other. PostgreSQL takes inserts as parts of one
//! statement, none of which sees what the others do.

use std::sync::Mutex;

use sea_orm::{DbBackend, Statement, Values};

/// The most values that wait: a statement is remembered with its text, and few are that large.
const MOST: usize = 500;

/// Changes in their order.
#[derive(Debug, Default)]
pub(super) struct Gathered(Mutex<Vec<Statement>>);

impl Gathered {
    /// Keeps a statement for later if that makes no difference: a plain insert, whose only news is that it failed. Gives it
    /// back otherwise.
    pub(super) fn keep(&self, statement: Statement) -> Option<Statement> {
        let mut kept = self.kept();
        let waiting: usize = kept.iter().map(values).sum();
        let may_wait = match statement.db_backend {
            DbBackend::Sqlite => tells_nothing(&statement.sql),
            _ => is_insert(&statement.sql) && kept.iter().all(|other| are_apart(&other.sql, &statement.sql)),
        };
        if !may_wait || waiting + values(&statement) > MOST {
            return Some(statement);
        }
        kept.push(statement);
        None
    }

    /// All that waits as one statement, and nothing waits any more.
    pub(super) fn take(&self) -> Option<Statement> {
        self.take_with(None)
    }

    /// The same with a last statement that changes something.
    pub(super) fn take_with(&self, last: Option<Statement>) -> Option<Statement> {
        let mut all = std::mem::take(&mut *self.kept());
        all.extend(last);
        one_of(all)
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Vec<Statement>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Whether a statement inserts rows, all of them or none, or gives rows the values of a list: what is asked to insert only
/// some tells how many there were, and what changes those that it finds, too.
fn tells_nothing(sql: &str) -> bool {
    is_insert(sql) || is_of_a_list(sql)
}

fn is_insert(sql: &str) -> bool {
    let inserts_all = !sql.contains(" ON CONFLICT ") || sql.contains(" DO UPDATE ");
    sql.starts_with("INSERT INTO ") && inserts_all && !sql.contains(" RETURNING ")
}

/// Whether neither of two inserts would change what the other inserts.
fn are_apart(one: &str, other: &str) -> bool {
    let table = |sql: &str| sql.split(' ').nth(2).map(str::to_owned);
    table(one) != table(other) || ![one, other].iter().any(|sql| sql.contains(" ON CONFLICT "))
}

/// Whether a statement changes rows that were read before, each to the values that are listed for it.
fn is_of_a_list(sql: &str) -> bool {
    sql.starts_with("UPDATE ") && sql.contains(" FROM (VALUES ") && !sql.contains(" RETURNING ")
}

/// Several statements as one.
fn one_of(all: Vec<Statement>) -> Option<Statement> {
    let is_many = all.len() > 1;
    let postgres = all.first().is_some_and(|first| first.db_backend == DbBackend::Postgres);
    if !(is_many && postgres) {
        return all.into_iter().reduce(joined);
    }
    let (mut sql, mut values, mut left) = (String::from("WITH "), Vec::new(), all.len());
    for (place, statement) in all.into_iter().enumerate() {
        let numbered = numbered_from(&statement.sql, values.len());
        values.extend(statement.values.into_iter().flat_map(|values| values.0));
        left -= 1;
        match left {
            0 => sql += &numbered,
            left => {
                let comma = if left > 1 { ", " } else { " " };
                sql += &format!("\"part{place}\" AS ({numbered}){comma}");
            }
        }
    }
    Some(Statement::from_sql_and_values(DbBackend::Postgres, sql, values))
}

/// A statement whose values stand behind so many others: `$1` is `$8` behind seven.
fn numbered_from(sql: &str, before: usize) -> String {
    let mut parts = sql.split('$');
    let mut numbered = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.len() - part.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
        let (number, rest) = part.split_at(digits);
        let number = number.parse::<usize>().map(|number| (number + before).to_string());
        numbered += &format!("${}{rest}", number.unwrap_or_default());
    }
    numbered
}

fn values(statement: &Statement) -> usize {
    statement.values.as_ref().map_or(0, |values| values.0.len())
}

/// Two of SQLite's statements as one. Its values stand for the question marks of both, in their order.
pub(crate) fn joined(mut first: Statement, second: Statement) -> Statement {
    first.sql.push_str("; ");
    first.sql.push_str(&second.sql);
    let mut all = first.values.take().map_or_else(Vec::new, |values| values.0);
    all.extend(second.values.into_iter().flat_map(|values| values.0));
    first.values = Some(Values(all));
    first
}

#[cfg(test)]
mod tests {
    use sea_orm::{ConnectionTrait, DbBackend};
    use tempfile::TempDir;

    use super::*;
    use crate::{Store, StoreError, Transaction};

    async fn names() -> (Store, TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/names.db?mode=rwc", folder.path().display());
        let store = Store::open(&url).await.unwrap();
        let tx = store.begin().await.unwrap();
        tx.execute_unprepared("CREATE TABLE names (name text UNIQUE, age integer)")
            .await
            .unwrap();
        tx.commit().await.unwrap();
        (store, folder)
    }

    async fn begun(store: &Store) -> Transaction {
        store.begin().await.unwrap().gathering()
    }

    fn insert(name: &str, age: i64) -> Statement {
        let values = [name.into(), age.into()];
        Statement::from_sql_and_values(DbBackend::Sqlite, "INSERT INTO names (name, age) VALUES (?, ?)", values)
    }

    /// Those above an age, in the order of writing.
    async fn above(db: &impl ConnectionTrait, age: i64) -> Vec<String> {
        let those = "SELECT name FROM names WHERE age > ? ORDER BY rowid";
        let those = Statement::from_sql_and_values(DbBackend::Sqlite, those, [age.into()]);
        let rows = db.query_all_raw(those).await.unwrap();
        rows.iter().map(|row| row.try_get("", "name").unwrap()).collect()
    }

    #[tokio::test]
    async fn what_waits_is_there_for_whoever_asks_and_in_its_order() {
        let (store, _folder) = names().await;
        let tx = begun(&store).await;
        for (name, age) in [("Ada", 40), ("Bea", 20), ("Cay", 60)] {
            tx.execute_raw(insert(name, age)).await.unwrap();
        }
        assert_eq!(above(&tx, 30).await, ["Ada", "Cay"]);
        tx.execute_raw(insert("Dot", 50)).await.unwrap();
        let count = Statement::from_string(DbBackend::Sqlite, "SELECT count(*) AS many FROM names");
        let many: i64 = tx
            .query_one_raw(count)
            .await
            .unwrap()
            .unwrap()
            .try_get("", "many")
            .unwrap();
        assert_eq!(many, 4);
        tx.execute_raw(insert("Eve", 70)).await.unwrap();
        // Of a change it is told how many rows it changed, and of these alone.
        let older = Statement::from_string(DbBackend::Sqlite, "UPDATE names SET age = age + 1 WHERE age > 45");
        assert_eq!(tx.execute_raw(older).await.unwrap().rows_affected(), 3);
        tx.execute_raw(insert("Fay", 80)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(above(store.reader(), 50).await, ["Cay", "Dot", "Eve", "Fay"]);
    }

    #[tokio::test]
    async fn an_insert_that_fails_is_told_by_what_follows_and_nothing_is_kept() {
        let (store, _folder) = names().await;
        for asks in [true, false] {
            let tx = begun(&store).await;
            tx.execute_raw(insert("Ada", 40)).await.unwrap();
            tx.execute_raw(insert("Ada", 41)).await.unwrap();
            let told = if asks {
                let those = Statement::from_string(DbBackend::Sqlite, "SELECT name FROM names");
                tx.query_all_raw(those).await.map(|_| ()).map_err(StoreError::from)
            } else {
                tx.commit().await
            };
            assert!(matches!(told, Err(StoreError::Conflict)), "{told:?}");
            assert_eq!(above(store.reader(), 0).await, Vec::<String>::new());
        }
    }

    #[test]
    fn inserts_are_parts_of_one_statement_on_postgresql() {
        let gathered = Gathered::default();
        let of = |sql: &str, values: &[i64]| {
            Statement::from_sql_and_values(DbBackend::Postgres, sql, values.iter().copied().map(Into::into))
        };
        let anew = "INSERT INTO \"c\" (\"d\") VALUES ($1) ON CONFLICT (\"d\") DO UPDATE SET \"e\" = 1";
        for (sql, values, waits) in [
            ("INSERT INTO \"a\" VALUES ($1, $2)", &[1, 2][..], true),
            ("INSERT INTO \"a\" VALUES ($1, $2)", &[3, 4], true),
            (anew, &[5], true),
            // It would meet what the one before inserts.
            (anew, &[6], false),
            // It would not find what is inserted.
            ("UPDATE \"a\" SET b = 1 FROM (VALUES ($1)) AS c", &[7], false),
        ] {
            assert_eq!(gathered.keep(of(sql, values)).is_none(), waits, "{sql}");
        }
        let last = of("UPDATE \"f\" SET \"g\" = $1 WHERE \"h\" = $2", &[8, 9]);
        let all = gathered.take_with(Some(last)).unwrap();
        assert_eq!(
            all.sql,
            "WITH \"part0\" AS (INSERT INTO \"a\" VALUES ($1, $2)), \"part1\" AS (INSERT INTO \"a\" VALUES ($3, $4)), \
             \"part2\" AS (INSERT INTO \"c\" (\"d\") VALUES ($5) ON CONFLICT (\"d\") DO UPDATE SET \"e\" = 1) \
             UPDATE \"f\" SET \"g\" = $6 WHERE \"h\" = $7"
        );
        let expected: Vec<_> = [1, 2, 3, 4, 5, 8, 9].map(|value: i64| value.into()).into();
        assert_eq!(all.values.unwrap().0, expected);
        assert!(gathered.take().is_none());
    }

    #[test]
    fn what_is_large_or_tells_something_does_not_wait() {
        let gathered = Gathered::default();
        let of = |sql: &str, values: usize| {
            Statement::from_sql_and_values(DbBackend::Sqlite, sql, vec![sea_orm::Value::from(1); values])
        };
        for (sql, many, waits) in [
            ("INSERT INTO a VALUES (?)", 200, true),
            (
                "INSERT INTO a VALUES (?) ON CONFLICT (b) DO UPDATE SET c = 1",
                200,
                true,
            ),
            ("INSERT INTO a VALUES (?)", 101, false),
            ("INSERT INTO a VALUES (?)", 100, true),
            ("INSERT INTO a VALUES (?)", 1, false),
            ("INSERT INTO a VALUES () ON CONFLICT (b) DO NOTHING", 0, false),
            ("INSERT INTO a VALUES () RETURNING b", 0, false),
            ("UPDATE a SET b = 1", 0, false),
            (
                "UPDATE a SET b = c.column2 FROM (VALUES (?, ?)) AS c WHERE a.d = c.column1 RETURNING b",
                0,
                false,
            ),
        ] {
            assert_eq!(gathered.keep(of(sql, many)).is_none(), waits, "{sql} {many}");
        }
        assert_eq!(values(&gathered.take().unwrap()), MOST);
        assert!(gathered.take().is_none());
    }
}
