//! The operator's commands: one mail by standard input, as a mail server hands it over, and the daily run.

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

use domain::email::{Intake as Fate, Refusal, Why};
use testkit::{Kind, MAIL_DOMAIN, Portal};

use super::{MAIL_SERVER, connector, each_is_taken_once, fates, kept, mail, mail_with};
use crate::under_fire::process::{Running, Setting, free_address};

/// Runs a command of the operator's with a mail at its standard input.
fn run(database: &str, words: &[&str], settings: &[Setting<'_>], mail: &[u8]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_server"))
        .args(words)
        .current_dir(folder.path())
        .env_clear()
        .envs([
            ("PORTAL_DATABASE_URL", database),
            ("PORTAL_MAIL_DOMAIN", MAIL_DOMAIN),
            ("PORTAL_EMAIL_AUTHSERV_IDS", MAIL_SERVER),
        ])
        .envs(settings.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    // A command that has seen enough reads no further.
    let _ = input.write_all(mail);
    drop(input);
    child.wait_with_output().unwrap()
}

/// The number that `receive-mail` ends with.
fn receive(database: &str, words: &[&str], settings: &[Setting<'_>], mail: &[u8]) -> i32 {
    let done = run(database, &[&["receive-mail"], words].concat(), settings, mail);
    let code = done.status.code().unwrap();
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(!said.contains("niamh"), "{said}");
    assert_eq!(code == 0, !said.contains("rror: "), "{code}: {said}");
    code
}

async fn a_mail_is_kept_before_the_command_ends_well(kind: Kind) {
    let portal = Portal::open(kind).await;
    connector(&portal).await;
    let url = portal.url.as_str();
    assert_eq!(receive(url, &["--queue-id", "4gKbT21xYzz"], &[], &mail("1")), 0);
    each_is_taken_once(&portal, 1).await;
    assert!(kept(&portal).await[0].mail.source_key.starts_with("pipe:4gKbT21xYzz/"));
    // The mail server was not told, and brings it again.
    assert_eq!(receive(url, &["--queue-id", "4gKbT21xYzz"], &[], &mail("1")), 0);
    each_is_taken_once(&portal, 1).await;
    // A short queue ID is used again for another mail.
    assert_eq!(receive(url, &["--queue-id", "4gKbT21xYzz"], &[], &mail("2")), 0);
    each_is_taken_once(&portal, 2).await;
    for _ in 0..2 {
        assert_eq!(receive(url, &[], &[], &mail("3")), 0);
    }
    each_is_taken_once(&portal, 3).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_is_kept_before_the_command_ends_well_on_sqlite() {
    a_mail_is_kept_before_the_command_ends_well(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_is_kept_before_the_command_ends_well_on_postgres() {
    a_mail_is_kept_before_the_command_ends_well(Kind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn returned_mail_is_told_by_its_envelope() {
    let portal = Portal::open(Kind::Sqlite).await;
    connector(&portal).await;
    for (number, sender) in ["", "<>", "MAILER-DAEMON"].into_iter().enumerate() {
        let mail = mail(&number.to_string());
        let said = format!("--return-path={sender}");
        assert_eq!(receive(&portal.url, &[&said], &[], &mail), 0);
    }
    assert_eq!(fates(&portal).await, [Fate::Automatic; 3]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_an_input_that_is_no_mail_is_given_back() {
    let portal = Portal::open(Kind::Sqlite).await;
    for nothing in [&b""[..], b"\r\n \n"] {
        assert_eq!(receive(&portal.url, &[], &[], nothing), 65);
    }
    assert_eq!(fates(&portal).await, Vec::<Fate>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_that_is_too_large_or_empty_is_kept_and_not_returned() {
    let portal = Portal::open(Kind::Sqlite).await;
    connector(&portal).await;
    let limit = [("PORTAL_EMAIL_MAIL_MIB", "1")];
    let large = mail_with("1", &"x".repeat(3 * 1024 * 1024));
    assert_eq!(receive(&portal.url, &[], &limit, &large), 0);
    let refused = kept(&portal).await.remove(0);
    assert_eq!(
        refused.mail.why,
        Some(Why::Refusal(Refusal::MailTooLarge { limit_mib: 1 }))
    );
    assert_eq!(refused.mail.size, large.len() as u64);
    // Nobody knows who sent these.
    assert_eq!(receive(&portal.url, &[], &limit, &vec![b'x'; 1024 * 1024 + 1]), 0);
    assert_eq!(receive(&portal.url, &[], &limit, b"Subject: nothing\r\n\r\n"), 0);
    assert_eq!(fates(&portal).await, [Fate::Refused, Fate::NotProved, Fate::NotProved]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_fails_here_makes_the_mail_server_try_again() {
    let portal = Portal::open(Kind::Sqlite).await;
    let no_database = "sqlite:///nowhere/at/all/portal.db";
    assert_eq!(receive(no_database, &[], &[], &mail("1")), 75);
    for wrong in [
        ("PORTAL_EMAIL_AUTHSERV_IDS", ""),
        ("PORTAL_EMAIL_RUN_AT", "noon"),
        ("PORTAL_NO_SUCH_SETTING", "1"),
    ] {
        assert_eq!(receive(&portal.url, &[], &[wrong], &mail("1")), 75, "{wrong:?}");
    }
    assert_eq!(receive(&portal.url, &["--queue"], &[], &mail("1")), 75);
    assert_eq!(receive(&portal.url, &["--queue-id", "a b"], &[], &mail("1")), 75);
    assert_eq!(fates(&portal).await, Vec::<Fate>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_is_taken_while_the_portal_is_served() {
    let portal = Portal::open_live(Kind::Sqlite).await;
    connector(&portal).await;
    let running = Running::serve(&portal.url, free_address(), &[]).await;
    for number in 0..5 {
        assert_eq!(receive(&portal.url, &[], &[], &mail(&number.to_string())), 0);
    }
    each_is_taken_once(&portal, 5).await;
    drop(running);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_daily_run_is_begun_by_command() {
    let portal = Portal::open_live(Kind::Sqlite).await;
    connector(&portal).await;
    assert_eq!(receive(&portal.url, &[], &[], &mail("1")), 0);
    portal.work().await;
    let said = |words: &[&str]| {
        let done = run(&portal.url, words, &[], b"");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    };
    for _ in 0..2 {
        let would = said(&["connector", "run", "--dry-run"]);
        for part in [
            "staff.csv from Niamh Adeyemi: applied for RIV",
            "1 file waits. Nothing was changed.",
        ] {
            assert!(would.contains(part), "{part}: {would}");
        }
    }
    let done = said(&["connector", "run"]);
    assert!(
        done.starts_with("Files to apply: 1\nReplaced by a later file: 0\n"),
        "{done}"
    );
    portal.work().await;
    assert!(said(&["connector", "run", "--dry-run"]).contains("0 files wait."));
    assert!(said(&["connector", "run"]).starts_with("Files to apply: 0\n"));
}

#[test]
fn a_folder_that_is_no_maildir_stops_the_start_with_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().display().to_string();
    let database = format!("sqlite://{path}/portal.db?mode=rwc");
    let done = run(&database, &["serve"], &[("PORTAL_EMAIL_MAILDIR", path.as_str())], b"");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(!done.status.success());
    assert!(said.contains("is not a Maildir folder: it has no folder tmp"), "{said}");
}
