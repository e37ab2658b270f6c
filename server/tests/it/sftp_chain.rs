//! Change files as customers bring them: sftp → OpenSSH's internal-sftp, locked into the customer's folder → the portal →
//! reports, which the customer fetches.

mod running;

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use tempfile::TempDir;
use testkit::{Kind, Portal};

use self::running::Server;
use crate::{
    change_files::{CUSTOMER, HEADER, add, customer},
    under_fire::process::Running,
};

/// A customer with an SFTP client, and the portal behind its folder.
struct Story {
    server: Server,
    portal: Portal,
    running: Running,
    /// The customer's own files.
    own: TempDir,
}

impl Story {
    async fn begin() -> Option<Self> {
        let server = Server::start(CUSTOMER)?;
        let portal = Portal::open_live(Kind::Sqlite).await;
        customer(&portal).await;
        let folder = server.folder().display().to_string();
        let settings = [
            ("PORTAL_CHANGE_FILES_FOLDER", folder.as_str()),
            ("PORTAL_CHANGE_FILES_POLL_SECONDS", "1"),
            ("PORTAL_CHANGE_FILES_SETTLE_SECONDS", "3"),
        ];
        let running = Running::work(&portal.url, &settings);
        let own = tempfile::tempdir().expect("a folder");
        Some(Self {
            server,
            portal,
            running,
            own,
        })
    }

    fn part(&self, part: &str) -> PathBuf {
        self.server.folder().join(CUSTOMER).join(part)
    }

    fn names(&self, part: &str) -> Vec<String> {
        let entries = fs::read_dir(self.part(part)).expect("a folder");
        let mut names: Vec<_> = entries
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .filter(|name| !name.starts_with('.'))
            .collect();
        names.sort();
        names
    }

    /// Makes a file of the customer's own.
    fn make(&self, name: &str, rows: &str) -> PathBuf {
        let path = self.own.path().join(name);
        fs::write(&path, format!("{HEADER}{rows}")).expect("a file");
        path
    }

    /// Has the customer's client do something.
    fn client(&self, commands: &str) {
        let done = self.server.client(commands);
        assert_eq!(done, Ok(()), "{commands}");
    }

    /// The report of a number, fetched by the customer once it is there.
    async fn report(&self, number: u32) -> String {
        self.fetched(&format!("{CUSTOMER}_PRV_{number}.report.csv")).await
    }

    /// A report by its name, fetched by the customer once it is there.
    async fn fetched(&self, name: &str) -> String {
        for _ in 0..600 {
            if self.names("reports").iter().any(|there| there == name) {
                let fetched = self.own.path().join(name);
                self.client(&format!("get reports/{name} {}\n", fetched.display()));
                return fs::read_to_string(fetched).expect("a report");
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{name}: not within a minute.\n{}", self.running.log());
    }

    async fn is_there(&self, local_part: &str) -> bool {
        let address = format!("{local_part}@health.example");
        let found = self.portal.gate.account_by_address(&address).await;
        found.expect("the database answers").is_some()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn customers_bring_change_files_by_sftp_and_fetch_their_reports() {
    let Some(story) = Story::begin().await else {
        eprintln!("NOT TRIED: sshd must be started as root");
        return;
    };
    a_file_that_is_uploaded_is_answered(&story).await;
    a_file_is_taken_under_its_name_at_last(&story).await;
    an_upload_that_broke_off_is_not_taken(&story).await;
    a_file_to_check_is_only_looked_at(&story).await;
    a_link_shows_nothing_of_the_machine(&story).await;
    nobody_writes_reports_or_leaves_the_folder(&story);
    assert_eq!(story.names("in"), Vec::<String>::new());
    let twice = |name: &String| name.contains(".report.2.");
    assert!(
        !story.names("reports").iter().any(twice),
        "{:?}",
        story.names("reports")
    );
}

async fn a_file_that_is_uploaded_is_answered(story: &Story) {
    let file = story.make("first.csv", &(add("Zoe", "One") + &add("Zoe", "Two")));
    story.client(&format!("put {} in/{CUSTOMER}_PRV_1.csv\n", file.display()));
    let report = story.report(1).await;
    assert!(report.contains("2 rows: 2 done"), "{report}");
    assert!(story.is_there("zoe.two").await);
}

/// WinSCP uploads under another name, and renames.
async fn a_file_is_taken_under_its_name_at_last(story: &Story) {
    let (file, name) = (
        story.make("second.csv", &add("Zoe", "Three")),
        format!("{CUSTOMER}_PRV_2.csv"),
    );
    story.client(&format!("put {} in/{name}.filepart\n", file.display()));
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(story.names("in"), [format!("{name}.filepart")]);
    story.client(&format!("rename in/{name}.filepart in/{name}\n"));
    let report = story.report(2).await;
    assert!(report.contains("1 row: 1 done"), "{report}");
}

/// An SFTP server keeps what has come of an upload, and tells nobody that it was not all.
async fn an_upload_that_broke_off_is_not_taken(story: &Story) {
    let name = format!("{CUSTOMER}_PRV_3.csv");
    // Wherever it breaks off, it is within a line.
    let long = format!("zoe.four@health.example,Update,,,,,{}\r\n", "x".repeat(1_000_000));
    let file = story.make("third.csv", &(add("Zoe", "Four") + &long + &add("Zoe", "Five")));
    let mut client = story
        .server
        .begin_slowly(800, &format!("put {} in/{name}\n", file.display()));
    let size = |path: &Path| fs::metadata(path).map(|found| found.len()).unwrap_or_default();
    let path = story.part("in").join(&name);
    for _ in 0..600 {
        if size(&path) > 1_000 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    client.kill().expect("a child");
    client.wait().expect("a child");
    assert!((1_000..1_000_000).contains(&size(&path)), "{}", size(&path));
    tokio::time::sleep(Duration::from_secs(7)).await;
    assert_eq!(story.names("in"), [name.as_str()]);
    assert!(!story.is_there("zoe.four").await);
    // The whole of it comes in its place.
    story.client(&format!("put {} in/{name}\n", file.display()));
    let report = story.report(3).await;
    assert!(report.contains("3 rows: 2 done, 1 rejected"), "{report}");
    assert!(story.is_there("zoe.four").await && story.is_there("zoe.five").await);
}

async fn a_file_to_check_is_only_looked_at(story: &Story) {
    let file = story.make("fourth.csv", &add("Zoe", "Six"));
    story.client(&format!("put {} check/{CUSTOMER}_PRV_4.csv\n", file.display()));
    let report = story.fetched(&format!("{CUSTOMER}_PRV_4.check.report.csv")).await;
    assert!(report.contains("zoe.six@health.example"), "{report}");
    assert!(!story.is_there("zoe.six").await);
}

async fn a_link_shows_nothing_of_the_machine(story: &Story) {
    story.client(&format!("symlink /etc/passwd in/{CUSTOMER}_PRV_5.csv\n"));
    let report = story.report(5).await;
    assert!(
        report.contains("This is a link or a folder.") && !report.contains("root:"),
        "{report}"
    );
}

fn nobody_writes_reports_or_leaves_the_folder(story: &Story) {
    let file = story.make("own.csv", "");
    for forbidden in [
        format!("put {} reports/{CUSTOMER}_PRV_1.report.csv\n", file.display()),
        format!("rm reports/{CUSTOMER}_PRV_1.report.csv\n"),
        format!("put {} {CUSTOMER}.csv\n", file.display()),
        "get /etc/passwd /dev/null\n".to_owned(),
        "get ../../../../etc/passwd /dev/null\n".to_owned(),
    ] {
        assert!(story.server.client(&forbidden).is_err(), "{forbidden}");
    }
}
