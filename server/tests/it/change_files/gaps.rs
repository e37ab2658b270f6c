//! A process that dies between two steps of taking a change file, at each of them in turn: before a file is moved, linked,
//! removed or synced, and so also before and after what the database keeps.
//!
//! `gaps.c` is loaded into the command, counts these steps, and kills it.

use std::time::Instant;

use testkit::{Kind, Portal};

use super::{CUSTOMER, Folder, PATIENCE, adds, customer, is_there, letters, look};
use crate::under_fire::process::{library, run};

/// More steps than one file takes.
const MANY: usize = 200;

/// The fewest steps that there can be: taken, kept, reported, put away.
const FEW: usize = 10;

async fn killed_in_each_gap(kind: Kind) {
    let portal = Portal::open_live(kind).await;
    customer(&portal).await;
    let folder = Folder::make();
    let beside = tempfile::tempdir().expect("a folder");
    let (root, library) = (folder.root(), library(beside.path(), "change_files/gaps.c"));
    let mut killed = 0;
    for step in 1..MANY {
        folder.put(&format!("{CUSTOMER}_PRV_{step}.csv"), adds("Zoe", &letters(step)));
        let at = step.to_string();
        let settings = [
            ("LD_PRELOAD", library.as_str()),
            ("KILL_AT", at.as_str()),
            ("PORTAL_CHANGE_FILES_FOLDER", root.as_str()),
            ("PORTAL_CHANGE_FILES_POLL_SECONDS", "1"),
            ("PORTAL_CHANGE_FILES_SETTLE_SECONDS", "0"),
            // What a dead process had begun is gone on with soon.
            ("PORTAL_CLAIM_SECONDS", "1"),
        ];
        let ended = run(&["change-files", "run"], &portal.url, &settings).status;
        let report = format!("{CUSTOMER}_PRV_{step}.report.csv");
        if ended.code().is_none() {
            killed += 1;
            gone_on_with(&portal, &folder, &report).await;
        }
        let name = letters(step).to_lowercase();
        assert!(is_there(&portal, &format!("zoe.{name}")).await, "step {step}: {name}");
        let report = folder.report(&report);
        assert!(report.contains("1 row: 1 done"), "step {step}: {report}");
        assert_eq!(folder.names("in"), Vec::<String>::new(), "step {step}");
        assert_eq!(folder.reports().len(), step, "step {step}: {:?}", folder.reports());
        if ended.success() {
            break;
        }
    }
    println!("killed before each of {killed} steps");
    assert!((FEW..MANY - 1).contains(&killed), "{killed}");
    assert_eq!(folder.done(), killed + 1);
    portal.adds_up().await;
}

/// Looks until a file is reported, and nothing is left to do.
async fn gone_on_with(portal: &Portal, folder: &Folder, report: &str) {
    let mut watching = folder.watch();
    let begun = Instant::now();
    loop {
        let look = look(&mut watching, portal).await;
        let is_over = folder.reports().iter().any(|name| name == report) && folder.names("in").is_empty();
        if is_over && look.working == 0 && !look.has_moved {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "{report}: {look:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_killed_between_any_two_steps_loses_and_doubles_nothing_on_sqlite() {
    killed_in_each_gap(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_killed_between_any_two_steps_loses_and_doubles_nothing_on_postgres() {
    killed_in_each_gap(Kind::Postgres).await;
}
