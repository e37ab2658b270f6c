//! Processes that die while they take mails from a folder, wherever they are at it.
//!
//! `KILLS` says how often (4).

use std::time::Duration;

use rand::{Rng, SeedableRng, rngs::StdRng};
use testkit::{Kind, Portal};

use super::{Folder, MAIL_SERVER, connector, each_is_taken_once, mail};
use crate::under_fire::{number, process::Running};

async fn killed_while_it_takes_mails(kind: Kind) {
    let portal = Portal::open_live(kind).await;
    connector(&portal).await;
    let folder = Folder::make();
    let path = folder.path().display().to_string();
    let settings = [
        ("PORTAL_EMAIL_MAILDIR", path.as_str()),
        ("PORTAL_EMAIL_AUTHSERV_IDS", MAIL_SERVER),
        ("PORTAL_EMAIL_POLL_SECONDS", "1"),
    ];
    let mut random = StdRng::seed_from_u64(number("FIRE_SEED", 20_261_130));
    let kills = usize::try_from(number("KILLS", 4)).expect("a number");
    for turn in 0..kills {
        for place in 0..10 {
            let number = format!("{turn:02}-{place}");
            folder.deliver(&format!("{number}.mx"), &mail(&number));
        }
        let before = folder.names("cur").len();
        let mut running = Running::work(&portal.url, &settings);
        // Half of them die once they have begun, the others wherever they are.
        if turn % 2 == 0 {
            until(&running, || folder.names("cur").len() > before).await;
        } else {
            tokio::time::sleep(Duration::from_millis(random.random_range(0..900))).await;
        }
        running.kill();
    }
    let running = Running::work(&portal.url, &settings);
    until(&running, || folder.names("new").is_empty()).await;
    assert_eq!(folder.names("cur").len(), kills * 10);
    each_is_taken_once(&portal, kills * 10).await;
    drop(running);
    portal.adds_up().await;
}

/// Waits until something holds.
async fn until(running: &Running, holds: impl Fn() -> bool) {
    for _ in 0..1_200 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it takes longer than a minute: {}", running.log());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_killed_while_it_takes_mails_loses_none_on_sqlite() {
    killed_while_it_takes_mails(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_killed_while_it_takes_mails_loses_none_on_postgres() {
    killed_while_it_takes_mails(Kind::Postgres).await;
}
