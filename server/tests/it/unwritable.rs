//! A database that takes no changes, because its disk is full or because it may only be read: what can be looked at still
//! can, everything else is a clear page, and nothing is half written.

use axum::http::StatusCode;
use demo::PRACTICE_FILE;
use domain::submission::{Outcome, State};
use gate::{SentBy, Worker};
use store::{ConnectionTrait, Store};
use testkit::{Kind, PASSWORD, Portal};

use crate::browser::{Answer, Site, Visitor};

/// What is wrong with the database.
#[derive(Clone, Copy, Debug)]
enum Plight {
    Full,
    ReadOnly,
}

/// Lets PostgreSQL say what it says when no file of it can grow, at whatever is added to any table.
const FULL: &str = "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
    DO $$ DECLARE one text; BEGIN FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('CREATE TRIGGER full_disk BEFORE INSERT ON %I EXECUTE FUNCTION full_disk()', one);
    END LOOP; END $$";

impl Plight {
    /// Befalls a database; where only some ways to it are stricken, gives such a one.
    async fn befall(self, kind: Kind, portal: &Portal) -> Option<Portal> {
        match (kind, self) {
            // No page more than there are; what is free in those may be used.
            (Kind::Sqlite, Self::Full) => told(portal, "PRAGMA max_page_count = 1").await,
            (Kind::Sqlite, Self::ReadOnly) => return Some(portal.again_by(&portal.url.replace("rwc", "ro")).await),
            (Kind::Postgres, Self::Full) => told(portal, FULL).await,
            (Kind::Postgres, Self::ReadOnly) => administer(portal, "SET default_transaction_read_only = on").await,
        }
        None
    }

    async fn pass(self, kind: Kind, portal: &Portal) {
        match (kind, self) {
            (Kind::Sqlite, Self::Full) => told(portal, "PRAGMA max_page_count = 1000000").await,
            (Kind::Sqlite, Self::ReadOnly) => {}
            (Kind::Postgres, Self::Full) => told(portal, "DROP FUNCTION full_disk() CASCADE").await,
            (Kind::Postgres, Self::ReadOnly) => administer(portal, "RESET default_transaction_read_only").await,
        }
    }
}

/// Tells the connection that writes; SQLite has but one.
async fn told(portal: &Portal, sql: &str) {
    let tx = portal.gate.store().begin().await.unwrap();
    tx.execute_unprepared(sql).await.unwrap();
    tx.commit().await.unwrap();
}

/// Alters a database of PostgreSQL from beside it, and ends its connections, so that new ones see it.
async fn administer(portal: &Portal, setting: &str) {
    let (_, name) = portal.url.rsplit_once('/').expect("a URL with a database");
    let cluster = std::env::var("TEST_POSTGRES_URL").expect("a cluster");
    let administration = Store::open(&cluster).await.unwrap();
    let ends = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    for sql in [format!("ALTER DATABASE {name} {setting}"), ends] {
        administration.reader().execute_unprepared(&sql).await.unwrap();
    }
}

fn assert_clear(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.body);
    let said = "Your last change was not saved, and nothing is half done. Tell your helpdesk, and try again";
    assert!(
        answer.body.contains("Nothing can be saved at the moment") && answer.body.contains(said),
        "{}",
        answer.body
    );
}

fn newcomers(many: usize) -> String {
    let letter = |part: usize| char::from(b'a' + u8::try_from(part % 26).unwrap());
    let name = |number| {
        [letter(number / 26), letter(number)]
            .iter()
            .collect::<String>()
            .repeat(2)
    };
    let row = |number| format!("d{number},RIV,Ada,D{},07700 900123,{}\n", name(number), "n".repeat(800));
    "LocalID,ODSCode,FirstName,LastName,Mobile,Notes\n".to_owned() + &(0..many).map(row).collect::<String>()
}

async fn uploads(site: &Site, ben: &Visitor<'_>) -> usize {
    let listed = site
        .portal
        .gate
        .on_behalf_of(&site.actor("Ben").await)
        .submissions(SentBy::Anybody, None, 100)
        .await;
    assert_eq!(ben.get("/uploads").await.status, StatusCode::OK);
    listed.unwrap().len()
}

async fn takes_no_changes(kind: Kind, plight: Plight) {
    let site = Site::open(kind).await;
    let (portal, ben, actor) = (&site.portal, site.sign_in("Ben").await, site.actor("Ben").await);
    let id = portal.upload(&actor, &newcomers(300)).await;
    let page = format!("/submissions/{id}");
    let (people, uploaded) = (portal.everybody().await.len(), uploads(&site, &ben).await);
    let stricken = plight.befall(kind, portal).await.map(Site::over);
    let stricken = stricken.as_ref().unwrap_or(&site);
    let ben_now = ben.at(stricken);
    // A little may still fit in. And a connection that has met a full disk is given up: the next must meet one, too.
    let little_fits = matches!((kind, plight), (Kind::Sqlite, Plight::Full));
    let still = || async {
        if little_fits {
            plight.befall(kind, portal).await;
        }
    };

    // It is later, so that the session would be written, too.
    portal.pass_seconds(600);
    for path in ["/", "/people", "/uploads", "/me", page.as_str()] {
        assert_eq!(ben_now.get(path).await.status, StatusCode::OK, "{path}");
    }
    let large = format!("{PRACTICE_FILE}{}", "\n".repeat(4_000_000));
    assert_clear(&ben_now.upload("large.csv", large).await);
    assert_eq!(uploads(&site, &ben).await, uploaded);
    still().await;
    let form = format!("address=priya.ramanathan@health.example&password={PASSWORD}");
    let signed_in = stricken.nobody().post("/sign-in", &form).await;
    if !(little_fits && signed_in.status == StatusCode::SEE_OTHER) {
        assert_eq!(signed_in.status, StatusCode::SERVICE_UNAVAILABLE);
        let said = "Signing in does not work at the moment. Try again in a few minutes.";
        assert!(signed_in.body.contains(said), "{}", signed_in.body);
    }
    still().await;
    let confirmed = ben_now
        .post(&format!("{page}/confirmation"), "seen=0&look_alikes=create")
        .await;
    if !(little_fits && confirmed.status == StatusCode::SEE_OTHER) {
        assert_clear(&confirmed);
    }
    let worker = Worker::new(stricken.portal.gate.clone());
    let visit = portal.gate.on_behalf_of(&actor);
    for _ in 0..3 {
        still().await;
        let worked = worker.work_once().await;
        // Whatever of it is written is written whole; none of it has room.
        let now = visit.submission(&id).await.unwrap();
        assert_eq!(
            (worked.is_err(), now.totals.with(Outcome::Done)),
            (now.state == State::Applying, 0),
            "{worked:?}"
        );
        assert_eq!(portal.everybody().await.len(), people);
        portal.pass_seconds(60);
    }

    plight.pass(kind, portal).await;
    if visit.submission(&id).await.unwrap().state == State::Planned {
        let confirmed = ben
            .post(&format!("{page}/confirmation"), "seen=0&look_alikes=create")
            .await;
        assert_eq!(confirmed.status, StatusCode::SEE_OTHER, "{}", confirmed.body);
    }
    portal.work().await;
    let now = visit.submission(&id).await.unwrap();
    let done = (now.state, now.totals.with(Outcome::Done));
    assert_eq!(done, (State::Applied, 300), "{:?}", now.trouble);
    assert_eq!(portal.everybody().await.len(), people + 300);
    portal.adds_up().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_a_clear_page_and_nothing_is_half_written_on_sqlite() {
    takes_no_changes(Kind::Sqlite, Plight::Full).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_a_clear_page_and_nothing_is_half_written_on_postgres() {
    takes_no_changes(Kind::Postgres, Plight::Full).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_may_only_be_read_is_a_clear_page_and_nothing_is_half_written_on_sqlite() {
    takes_no_changes(Kind::Sqlite, Plight::ReadOnly).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_may_only_be_read_is_a_clear_page_and_nothing_is_half_written_on_postgres() {
    takes_no_changes(Kind::Postgres, Plight::ReadOnly).await;
}
