//! The operator's command, which takes what lies there to its end; and what is logged where nothing can be written.

use std::{fs, time::Duration};

use testkit::{Kind, Portal};

use super::{CUSTOMER, Folder, adds, customer, customer_of, is_there, letters};
use crate::under_fire::process::{Running, Setting, run};

/// What the command prints, and the number that it ends with.
pub fn take(portal: &Portal, settings: &[Setting<'_>]) -> (i32, String) {
    let done = run(&["change-files", "run"], &portal.url, settings);
    let said = [done.stdout, done.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    (done.status.code().expect("it ends"), said)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_takes_all_that_lies_there_and_says_what_became_of_it() {
    let portal = Portal::open_live(Kind::Sqlite).await;
    customer(&portal).await;
    let folder = Folder::make();
    let root = folder.root();
    let settings = [
        ("PORTAL_CHANGE_FILES_FOLDER", root.as_str()),
        ("PORTAL_CHANGE_FILES_POLL_SECONDS", "1"),
        ("PORTAL_CHANGE_FILES_SETTLE_SECONDS", "1"),
    ];
    let (code, said) = take(&portal, &settings);
    assert!(
        code == 0 && said.starts_with("There are no change files.\n"),
        "{code}: {said}"
    );
    for number in 1..4 {
        folder.put(
            &format!("{CUSTOMER}_PRV_{number}.csv"),
            adds("Zoe", ["", "One", "Two", "Three"][number]),
        );
    }
    let (code, said) = take(&portal, &settings);
    assert_eq!(code, 0, "{said}");
    for part in ["Customer", "30020506_PRV_3.report.csv", "processed", "1 row: 1 done"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(is_there(&portal, "zoe.three").await);
    assert_eq!(folder.names("in"), Vec::<String>::new());
    // Something is refused.
    folder.put(&format!("{CUSTOMER}_PRV_1.csv"), adds("Zoe", "Four"));
    let (code, said) = take(&portal, &settings);
    assert!(code == 3 && said.contains("refused"), "{code}: {said}");
    // A folder cannot be used.
    fs::remove_dir_all(folder.part("reports")).unwrap();
    fs::write(folder.part("reports"), "").unwrap();
    let (code, said) = take(&portal, &settings);
    assert!(code == 1 && said.contains("reports: it is no folder"), "{code}: {said}");
    let (code, said) = take(&portal, &[]);
    assert!(
        code == 1 && said.contains("PORTAL_CHANGE_FILES_FOLDER is not set"),
        "{code}: {said}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_that_cannot_be_used_is_logged_once_until_it_can() {
    let portal = Portal::open_live(Kind::Sqlite).await;
    customer(&portal).await;
    let folder = Folder::make();
    fs::write(folder.part("reports"), "").unwrap();
    folder.put(&format!("{CUSTOMER}_PRV_1.csv"), adds("Zoe", "First"));
    let root = folder.root();
    let settings = [
        ("PORTAL_CHANGE_FILES_FOLDER", root.as_str()),
        ("PORTAL_CHANGE_FILES_POLL_SECONDS", "1"),
        ("PORTAL_CHANGE_FILES_SETTLE_SECONDS", "0"),
    ];
    let running = Running::work(&portal.url, &settings);
    let logged = |said: &str| running.log().matches(said).count();
    until(|| logged("none is lost, and it is tried again") > 0).await;
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!(logged("none is lost, and it is tried again"), 1, "{}", running.log());
    fs::remove_file(folder.part("reports")).unwrap();
    until(|| folder.reports().len() == 1).await;
    assert_eq!(
        logged("change files are taken and reported again"),
        1,
        "{}",
        running.log()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_with_very_many_passwords_holds_up_no_other_customer_and_no_rehearsal() {
    let portal = Portal::open_live(Kind::Sqlite).await;
    customer(&portal).await;
    let other = "30020507";
    customer_of(&portal, other, "HLD01", "tegan.pettigrew@health.example").await;
    let folder = Folder::make();
    let others = folder.part("..").join(other);
    fs::create_dir_all(others.join("in")).unwrap();
    // Each password is hashed, which takes its time.
    let rows: String = (0..600)
        .map(|number| {
            let name = letters(number);
            format!(
                "zoe.{}@health.example,Add,Zoe,{name},Purple-Lighthouse-92\r\n",
                name.to_lowercase()
            )
        })
        .collect();
    let long = format!("EmailAddress,Action,GivenName,FamilyName,Password\r\n{rows}");
    folder.put(&format!("{CUSTOMER}_PRV_1.csv"), long);
    fs::write(
        others.join("in").join(format!("{other}_PRV_1.csv")),
        adds("Zoe", "Quick"),
    )
    .unwrap();
    folder.put_in("check", &format!("{CUSTOMER}_PRV_2.csv"), adds("Zoe", "Tried"));
    let root = folder.root();
    let settings = [
        ("PORTAL_CHANGE_FILES_FOLDER", root.as_str()),
        ("PORTAL_CHANGE_FILES_POLL_SECONDS", "1"),
        ("PORTAL_CHANGE_FILES_SETTLE_SECONDS", "0"),
    ];
    let _running = Running::work(&portal.url, &settings);
    let quick = others.join("reports").join(format!("{other}_PRV_1.report.csv"));
    let tried = format!("{CUSTOMER}_PRV_2.check.report.csv");
    until(|| quick.exists() && folder.reports().contains(&tried)).await;
    assert_eq!(folder.reports(), [tried]);
}

/// Waits until something holds.
async fn until(holds: impl Fn() -> bool) {
    for _ in 0..600 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it takes longer than half a minute");
}
