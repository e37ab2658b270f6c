//! Several processes that start at once on one database all come up; one that is older than the database does not.

use futures::future::join_all;
use migrations::{Migrator, MigratorTrait};
use store::{ConnectionTrait, Schema, Store, StoreError};
use testkit::{Kind, fresh_database};

/// As many as start together.
const STARTED: usize = 5;

/// Each opens the database by itself, as a process does, and brings its schema up to date.
async fn start_together(url: &str) -> Vec<Store> {
    let starting = (0..STARTED).map(|_| {
        let url = url.to_owned();
        tokio::spawn(async move {
            let store = Store::open(&url).await.expect("the database opens");
            let run = store.migrate().await.expect("the schema is brought up to date");
            (store, run)
        })
    });
    let started = join_all(starting).await;
    let started: Vec<_> = started.into_iter().map(|started| started.expect("no panic")).collect();
    let at_work = started.iter().filter(|(_, run)| *run > 0).count();
    assert_eq!(at_work, 1, "one runs the steps, the others wait");
    started.into_iter().map(|(store, _)| store).collect()
}

async fn all_come_up(kind: Kind) {
    let (empty, _folder) = fresh_database(kind).await;
    let (old, _other_folder) = fresh_database(kind).await;
    let before = Store::open(&old).await.unwrap();
    Migrator::up(before.reader(), Some(8)).await.unwrap();
    assert!(matches!(before.schema().await.unwrap(), Schema::Behind(_)));
    for url in [empty, old] {
        for store in start_together(&url).await {
            assert_eq!(store.schema().await.unwrap(), Schema::Current);
            assert_eq!(store.migrate().await.unwrap(), 0);
            assert_eq!(store::trail::head(store.reader()).await.unwrap().number, 0);
        }
    }
}

async fn a_newer_one_is_refused(kind: Kind) {
    let (url, _folder) = fresh_database(kind).await;
    let store = Store::open(&url).await.unwrap();
    store.migrate().await.unwrap();
    let later = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20991231_000999_later', 0)";
    store.reader().execute_unprepared(later).await.unwrap();
    let step = "m20991231_000999_later".to_owned();
    assert_eq!(store.schema().await.unwrap(), Schema::Newer(step.clone()));
    let error = store.migrate().await.unwrap_err();
    assert!(
        matches!(&error, StoreError::NewerSchema(unknown) if *unknown == step),
        "{error}"
    );
    assert!(
        error
            .to_string()
            .starts_with("the database belongs to a newer version of this program"),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_that_start_on_one_database_all_come_up_on_sqlite() {
    all_come_up(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_that_start_on_one_database_all_come_up_on_postgres() {
    all_come_up(Kind::Postgres).await;
}

#[tokio::test]
async fn a_newer_database_is_refused_with_a_sentence_on_sqlite() {
    a_newer_one_is_refused(Kind::Sqlite).await;
}

#[tokio::test]
async fn a_newer_database_is_refused_with_a_sentence_on_postgres() {
    a_newer_one_is_refused(Kind::Postgres).await;
}
