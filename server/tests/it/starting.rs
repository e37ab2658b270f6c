//! An empty portal: what it shows, the operator's commands, and that they do not get into each other's way.

use std::process::{Command, Output, Stdio};

use axum::http::StatusCode;
use gate::{Import, Imported};
use testkit::{Kind, MAIL_DOMAIN, Portal, SERVICE};

use crate::browser::Site;

#[tokio::test]
async fn an_empty_portal_says_how_to_begin_until_there_is_anybody() {
    let site = Site::over(Portal::empty(Kind::Sqlite).await);
    let nobody = site.nobody();
    for path in ["/", "/sign-in"] {
        let answer = nobody.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        for said in [
            "This portal is empty",
            "server migrate",
            "server appoint you@health.example",
            "server organisations import",
        ] {
            assert!(answer.body.contains(said), "{path}: {said}");
        }
        assert!(!answer.body.contains("name=\"password\""));
    }
    assert_eq!(nobody.get("/people").await.location(), "/sign-in?next=/people");

    let file = b"Code,Name\nHBR,Harbour Trust\n".to_vec();
    let service = site.portal.gate.on_behalf_of(&SERVICE);
    let imported = service
        .import_organisations("organisations.csv", file, Import::Apply(None))
        .await
        .unwrap();
    assert!(matches!(imported, Imported::Read { created: 1, .. }));
    assert_eq!(nobody.get("/").await.location(), "/sign-in");
    assert!(nobody.get("/sign-in").await.body.contains("name=\"password\""));
}

#[tokio::test]
async fn organisations_are_shown_to_global_administrators_and_to_nobody_else() {
    let site = Site::open(Kind::Sqlite).await;
    let grace = site.sign_in("Grace").await;
    let list = grace.get("/organisations?words=riverside&status=open").await;
    assert!(list.body.contains("Riverside Hospitals Trust") && !list.body.contains("Riverside Day Centre"));
    let one = grace.get("/organisations/RIV").await;
    for said in ["Riverside General Hospital", "Medicine / Ward 7", "Priya Ramanathan"] {
        assert!(one.body.contains(said), "{said}");
    }
    assert_eq!(grace.get("/organisations/NONE1").await.status, StatusCode::NOT_FOUND);
    assert!(grace.get("/").await.body.contains("href=\"/organisations\""));
    let priya = site.sign_in("Priya").await;
    assert!(!priya.get("/").await.body.contains("href=\"/organisations\""));
}

/// Runs one of the operator's commands upon a database.
fn run(portal: &Portal, words: &[&str]) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    Command::new(env!("CARGO_BIN_EXE_server"))
        .args(words)
        .current_dir(folder.path())
        .env_clear()
        .envs([
            ("PORTAL_DATABASE_URL", portal.url.as_str()),
            ("PORTAL_MAIL_DOMAIN", MAIL_DOMAIN),
        ])
        .output()
        .expect("the command runs")
}

#[test]
fn a_command_whose_reader_is_gone_ends_without_a_word() {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let done = Command::new(env!("CARGO_BIN_EXE_server"))
        .arg("settings")
        .env_clear()
        .stdout(writer)
        .stderr(Stdio::piped())
        .spawn()
        .and_then(std::process::Child::wait_with_output)
        .expect("the command runs");
    assert_eq!((done.status.code(), text(&done.stderr)), (Some(141), String::new()));
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_activation_link_is_printed_once_and_is_in_no_log() {
    let portal = Portal::empty(Kind::Sqlite).await;
    let done = run(
        &portal,
        &[
            "appoint",
            "ada.bright@health.example",
            "--global",
            "--name",
            "Ada Bright",
        ],
    );
    let printed = text(&done.stdout);
    assert!(done.status.success(), "{}", text(&done.stderr));
    assert!(printed.contains("Ada Bright is now Global Administrator."), "{printed}");
    assert_eq!(printed.matches("/start/").count(), 1, "{printed}");
    assert!(!text(&done.stderr).contains("/start/"));

    let refused = run(&portal, &["seed"]);
    assert!(!refused.status.success());
    let said = text(&refused.stderr);
    assert!(
        said.contains("the database already has people or organisations"),
        "{said}"
    );
    let kept = run(&portal, &["seed", "--if-empty"]);
    assert!(kept.status.success() && text(&kept.stdout).contains("nothing was added"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_that_is_measured_is_made_in_one_directory() {
    let portal = Portal::empty(Kind::Sqlite).await;
    let words = [
        ["--people", "3000"],
        ["--organisations", "30"],
        ["--connectors", "3"],
        ["--senders", "4"],
        ["--customers", "2"],
    ];
    let done = run(&portal, &[&["seed"][..], words.as_flattened()].concat());
    let printed = text(&done.stdout);
    assert!(done.status.success(), "{}", text(&done.stderr));
    // A Global Administrator is the connector of all organisations that have one.
    for (what, many) in [("connector ", 4), ("sender ", 4), ("customer ", 2)] {
        let lines = printed.lines().filter(|line| line.starts_with(what)).count();
        assert_eq!(lines, many, "{what}: {printed}");
    }
    portal.adds_up().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_by_command_prints_each_problem_with_its_cell() {
    let portal = Portal::empty(Kind::Sqlite).await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("organisations.csv");
    std::fs::write(
        &file,
        "Code;Name;Parent\nHBR01;Clinic;HBR\nHBR;Trust;\nHBR02;Lost;NONE1\n",
    )
    .expect("a file");
    let file = file.to_str().expect("a path");
    let dry = run(&portal, &["organisations", "import", file, "--dry-run"]);
    let printed = text(&dry.stdout);
    assert_eq!(dry.status.code(), Some(1), "{}", text(&dry.stderr));
    assert!(
        printed.starts_with("C4: There is no organisation “NONE1”, here or in the file."),
        "{printed}"
    );
    assert!(
        printed.contains("To create: 2\nTo change: 0\nNo changes needed: 0\nRows with problems: 1\n"),
        "{printed}"
    );
    let done = run(&portal, &["organisations", "import", file]);
    let printed = text(&done.stdout);
    assert!(
        printed.contains("Created: 2\nChanged: 0\nNo changes needed: 0\nRows rejected: 1\n"),
        "{printed}"
    );
    let missing = run(&portal, &["organisations", "import", "no-such-file.csv"]);
    assert!(text(&missing.stderr).contains("no-such-file.csv cannot be read"));
}
