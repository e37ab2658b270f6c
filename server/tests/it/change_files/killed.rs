//! Processes that die while they take change files, wherever they are at it.
//!
//! `KILLS` says how often (4).

use std::time::Duration;

use rand::{Rng, SeedableRng, rngs::StdRng};
use testkit::{Kind, Portal};

use super::{CUSTOMER, Folder, adds, customer, is_there, letters};
use crate::under_fire::{number, process::Running};

/// How many files come before each death.
const FILES: usize = 4;

async fn killed_while_it_takes_change_files(kind: Kind) {
    let portal = Portal::open_live(kind).await;
    customer(&portal).await;
    let folder = Folder::make();
    let root = folder.root();
    let settings = [
        ("PORTAL_CHANGE_FILES_FOLDER", root.as_str()),
        ("PORTAL_CHANGE_FILES_POLL_SECONDS", "1"),
        ("PORTAL_CHANGE_FILES_SETTLE_SECONDS", "0"),
        // What a dead process had begun is gone on with soon.
        ("PORTAL_CLAIM_SECONDS", "2"),
    ];
    let mut random = StdRng::seed_from_u64(number("FIRE_SEED", 20_261_130));
    let kills = usize::try_from(number("KILLS", 4)).expect("a number");
    for turn in 0..kills {
        for place in 0..FILES {
            let number = turn * FILES + place;
            folder.put(&format!("{CUSTOMER}_PRV_{number}.csv"), adds("Zoe", &letters(number)));
        }
        let before = folder.reports().len();
        let mut running = Running::work(&portal.url, &settings);
        // Half of them die once they have begun, the others wherever they are.
        if turn % 2 == 0 {
            until(&running, || folder.reports().len() > before).await;
        } else {
            tokio::time::sleep(Duration::from_millis(random.random_range(1_000..2_500))).await;
        }
        running.kill();
    }
    let running = Running::work(&portal.url, &settings);
    until(&running, || {
        folder.names("in").is_empty() && folder.reports().len() >= kills * FILES
    })
    .await;
    drop(running);
    assert_eq!(folder.reports().len(), kills * FILES, "{:?}", folder.reports());
    assert_eq!(folder.done(), kills * FILES);
    for number in 0..kills * FILES {
        let name = letters(number).to_lowercase();
        assert!(is_there(&portal, &format!("zoe.{name}")).await, "{name}");
        let report = folder.report(&format!("{CUSTOMER}_PRV_{number}.report.csv"));
        assert!(report.contains("1 row: 1 done"), "{report}");
    }
    portal.adds_up().await;
}

/// Waits until something holds.
async fn until(running: &Running, holds: impl Fn() -> bool) {
    for _ in 0..1_800 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it takes longer than a minute and a half: {}", running.log());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_killed_while_it_takes_change_files_loses_none_on_sqlite() {
    killed_while_it_takes_change_files(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_killed_while_it_takes_change_files_loses_none_on_postgres() {
    killed_while_it_takes_change_files(Kind::Postgres).await;
}
