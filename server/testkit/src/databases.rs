//! Where tests' databases are: SQLite's in a folder of its own each, PostgreSQL's in the tests' private cluster.

use store::{ConnectionTrait, Store};
use tempfile::TempDir;

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Embedded, in a folder of its own.
    Sqlite,
    /// A database of its own in the tests' private cluster.
    Postgres,
}

/// A database that is made and open, to be copied.
pub struct Made {
    /// Where it is.
    pub url: String,
    /// SQLite's folder.
    pub folder: Option<TempDir>,
    /// What it is open by.
    pub store: Store,
}

/// Where a database of one kind is that nobody has opened yet; its folder goes when it is dropped.
pub async fn fresh_database(kind: Kind) -> (String, Option<TempDir>) {
    match kind {
        Kind::Sqlite => {
            let (url, folder) = fresh_sqlite();
            (url, Some(folder))
        }
        Kind::Postgres => (new_postgres(None).await.expect("an empty one needs no other"), None),
    }
}

/// The name of SQLite's file in a test's folder.
pub const SQLITE_FILE: &str = "portal.db";

/// SQLite's, and the folder that it is in.
pub fn fresh_sqlite() -> (String, TempDir) {
    let folder = tempfile::tempdir().expect("a folder for the database");
    let file = folder.path().join(SQLITE_FILE);
    (format!("sqlite://{}?mode=rwc", file.display()), folder)
}

/// A new database in the tests' private cluster, with what another one holds or empty; none if there is no such other.
///
/// It is named for the process that made it: `server/testkit/postgres.sh` drops it once that has ended.
pub async fn new_postgres(like: Option<&str>) -> Option<String> {
    let name = format!("test_{}_{:016x}", std::process::id(), rand::random::<u64>());
    let template = like.map(|like| format!(" TEMPLATE {like}")).unwrap_or_default();
    let create = format!("CREATE DATABASE {name}{template}");
    match administration().await.reader().execute_unprepared(&create).await {
        Ok(_) => {}
        Err(error) if like.is_some() && error.to_string().contains("does not exist") => return None,
        Err(error) => panic!("no database is made: {error}"),
    }
    let cluster = cluster();
    let (server, _) = cluster.rsplit_once('/').expect("a URL with a database");
    Some(format!("{server}/{name}"))
}

/// The database from which others are made.
pub async fn administration() -> Store {
    Store::open(&cluster()).await.expect("the cluster answers")
}

fn cluster() -> String {
    std::env::var("TEST_POSTGRES_URL").expect(
        "TEST_POSTGRES_URL is not set: run the tests with `make test`, or with `server/testkit/postgres.sh run cargo nextest run …`",
    )
}
