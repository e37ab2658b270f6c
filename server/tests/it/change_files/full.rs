//! A folder that is full, or read-only: what lies there is said, nothing is lost, and it is done once there is room again.
//!
//! `full.c` is loaded into the command and refuses what such a disk refuses.

use testkit::{Kind, Portal};

use super::{CUSTOMER, Folder, adds, command::take, customer, is_there};
use crate::under_fire::process::library;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_that_is_full_or_read_only_is_told_and_loses_nothing() {
    let portal = Portal::open_live(Kind::Sqlite).await;
    customer(&portal).await;
    let folder = Folder::make();
    let beside = tempfile::tempdir().expect("a folder");
    let (root, library) = (folder.root(), library(beside.path(), "change_files/full.c"));
    let settings = [
        ("PORTAL_CHANGE_FILES_FOLDER", root.as_str()),
        ("PORTAL_CHANGE_FILES_POLL_SECONDS", "1"),
        ("PORTAL_CHANGE_FILES_SETTLE_SECONDS", "0"),
    ];
    for (number, (by, why)) in [
        ("ENOSPC", "No space left on device"),
        ("EROFS", "Read-only file system"),
    ]
    .into_iter()
    .enumerate()
    {
        let (name, last) = (format!("{CUSTOMER}_PRV_{number}.csv"), ["First", "Second"][number]);
        folder.put(&name, adds("Zoe", last));
        let full = [
            ("LD_PRELOAD", library.as_str()),
            ("FULL_FOLDER", root.as_str()),
            ("FULL_BY", by),
        ];
        let (code, said) = take(&portal, &[&settings[..], &full[..]].concat());
        assert_eq!(code, 1, "{by}: {said}");
        let of_whom = format!("Error: customer {CUSTOMER}: ");
        for part in [of_whom.as_str(), &root, why] {
            assert!(said.contains(part), "{part}: {said}");
        }
        assert_eq!(folder.reports().len(), number, "{by}");
        let (code, said) = take(&portal, &settings);
        assert_eq!(code, 0, "{by}: {said}");
        let local_part = format!("zoe.{last}").to_lowercase();
        assert!(is_there(&portal, &local_part).await, "{by}");
        let report = folder.report(&format!("{CUSTOMER}_PRV_{number}.report.csv"));
        assert!(report.contains("1 row: 1 done"), "{by}: {report}");
        assert_eq!(folder.names("in"), Vec::<String>::new(), "{by}");
    }
    portal.adds_up().await;
}
