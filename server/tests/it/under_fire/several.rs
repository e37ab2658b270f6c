//! Two `serve` and two `work` processes on one PostgreSQL.

use std::time::{Duration, Instant};

use domain::{submission::State, values::ids::SubmissionId};
use futures::future::join_all;
use migrations::{Migrator, MigratorTrait};
use rand::{SeedableRng, rngs::StdRng};
use sea_orm::{ConnectionTrait, Statement};
use store::{Schema, Store};
use testkit::{Kind, Portal, fresh_database};

use super::{
    applied_as_it_says,
    client::Client,
    confirmed, look,
    process::{Running, Setting, free_address},
    staff::Staff,
};

const SERVES_ONLY: [Setting<'_>; 1] = [("PORTAL_WORK_IN_SERVE", "false")];

/// How soon another worker must have taken over.
const TAKEN_OVER_WITHIN: Duration = Duration::from_secs(30);

/// As many as start together.
const STARTED: usize = 5;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_serve_started_together_on_an_empty_and_an_old_database_all_come_up() {
    let (empty, _) = fresh_database(Kind::Postgres).await;
    let (old, _) = fresh_database(Kind::Postgres).await;
    let before = Store::open(&old).await.expect("the database opens");
    Migrator::up(before.reader(), Some(8)).await.expect("an old schema");
    for url in [empty, old] {
        let starting = (0..STARTED).map(|_| Running::serve(&url, free_address(), &SERVES_ONLY));
        // Each has ended if it could not bring the schema up to date, and none is ready before it is.
        assert_eq!(join_all(starting).await.len(), STARTED);
        let store = Store::open(&url).await.expect("the database opens");
        assert_eq!(store.schema().await.expect("the schema is read"), Schema::Current);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_serve_and_two_work_share_the_work_and_one_takes_over_from_one_that_is_killed() {
    let portal = Portal::open_live(Kind::Postgres).await;
    let ben = portal.persona("Ben").await;
    let addresses = [free_address(), free_address()];
    let mut serving = [
        Running::serve(&portal.url, addresses[0], &SERVES_ONLY).await,
        Running::serve(&portal.url, addresses[1], &SERVES_ONLY).await,
    ];
    let mut working = [(); 2].map(|()| Running::work(&portal.url, &[]));
    // Who signs in at one is signed in at the other.
    let first = Client::sign_in(addresses[0], "Ben").await;
    let second = first.at(addresses[1]);
    let mut random = StdRng::seed_from_u64(4);

    // Both of those that work have something to do.
    let jobs = |running: &Running| running.log().matches(" is done").count();
    let mut files = Vec::new();
    for prefix in 'a'..='d' {
        let file = Staff::nobody(prefix).file(5, &mut random);
        let client = if files.len() % 2 == 0 { &first } else { &second };
        let id = client.upload(&file.text).await.expect("both take files");
        files.push((id, file));
    }
    for (id, file) in &files {
        first
            .until(|| async { look(&portal, &ben, id).await.state == State::Planned })
            .await;
        second
            .confirm(&look(&portal, &ben, id).await)
            .await
            .expect("both confirm");
        first
            .until(|| async { look(&portal, &ben, id).await.state == State::Applied })
            .await;
        applied_as_it_says(&portal, &ben, &second, id, file).await;
    }
    first
        .until(|| async { working.iter().map(jobs).sum::<usize>() == 2 * files.len() })
        .await;
    assert!(
        working.iter().all(|running| jobs(running) > 0),
        "one of them did everything"
    );
    assert!(
        serving.iter().all(|running| jobs(running) == 0),
        "who only serves does no jobs"
    );

    // Of one serve and the one work that is at a file, nothing is left; the others go on.
    let file = Staff::nobody('z').file(1200, &mut random);
    let id = confirmed(&portal, &ben, &first, &file)
        .await
        .expect("the file is taken");
    first
        .until(|| async { look(&portal, &ben, &id).await.progress > 0 })
        .await;
    serving[0].kill();
    // A worker's name begins with the number of its process.
    let worker = at_it(&portal, &id).await;
    let at_it = working
        .iter()
        .position(|running| worker.starts_with(&format!("{}-", running.id())))
        .expect("one of the two is at it");
    working[at_it].kill();
    let (killed, left) = (Instant::now(), look(&portal, &ben, &id).await);
    assert_eq!(left.state, State::Applying, "it was done too soon to be killed at it");
    let goes_on = || async {
        let now = look(&portal, &ben, &id).await;
        now.state != State::Applying || now.progress > left.progress
    };
    second.until(goes_on).await;
    let took = killed.elapsed();
    println!("taken over after {took:?}");
    assert!(took < TAKEN_OVER_WITHIN, "{took:?}");
    applied_as_it_says(&portal, &ben, &second, &id, &file).await;
    portal.adds_up().await;
}

/// Who is at a submission.
async fn at_it(portal: &Portal, id: &SubmissionId) -> String {
    let db = portal.gate.store().reader();
    let job = Statement::from_sql_and_values(
        db.get_database_backend(),
        "SELECT worker FROM job WHERE submission = $1",
        [id.to_string().into()],
    );
    let found = db.query_one_raw(job).await.expect("the job is read");
    let worker = found.expect("it is not done yet").try_get("", "worker");
    worker.expect("somebody is at it")
}
