//! Mail from the outbox to a real mail server, over a real line: each letter once, whatever happens on the way.

use std::{path::Path, sync::Arc};

use axum::http::{StatusCode, header};
use domain::{
    dictionary::Attribute,
    life::Turn,
    request::{AccountWish, Cells, Wish},
    rules::Rules,
    values::{email_address::MailDomain, ids::AccountId},
};
use formats::Formats;
use gate::{Gate, service::letters::Letter};
use mail_parser::{MessageParser, MimeHeaders};
use server::operate::{
    config::Config,
    sending_mail::{Post, Postman, look_round},
};
use store::{
    ConnectionTrait, Store,
    access::credentials::{self, PendingLink},
    outbox::{self, UNKNOWN},
};
use testkit::{Kind, MAIL_DOMAIN, NOON, Portal, SERVICE, on_both};

use crate::{
    browser::Site,
    mail_server::{MailServer, Mood},
    signing_in::done,
};

/// How every one-time link begins.
const LINK: &str = "http://127.0.0.1:3000/start/";
const DAY: i64 = 24 * 3600;

/// A letter with a one-time link in it, which nobody's account is asked for.
async fn letter(db: &impl ConnectionTrait, first_name: &str) -> Letter {
    let link = PendingLink::until(NOON.plus_seconds(14 * DAY));
    let nobody: AccountId = "01932d5e-0000-7000-8000-000000000000".parse().unwrap();
    credentials::keep_links(db, &[link.of(nobody)]).await.unwrap();
    Letter::PasswordReset {
        first_name: first_name.to_owned(),
        by: "Ben Cartwright".to_owned(),
        link,
    }
}

/// Puts letters to these mailboxes into the outbox, in one transaction, and takes out what the demonstration put there.
async fn post(gate: &Gate, names: &[String]) {
    let tx = gate.store().begin().await.unwrap();
    let mut letters = Vec::new();
    for name in names {
        letters.push((format!("{name}@{MAIL_DOMAIN}"), letter(&tx, "Zoë").await));
    }
    tx.execute_unprepared("DELETE FROM outbox").await.unwrap();
    gate::service::letters::post_all(&tx, &letters, gate.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn post_one(portal: &Portal) {
    post(&portal.gate, &["jane.example".to_owned()]).await;
}

fn postman(gate: &Gate, server: &MailServer) -> Postman {
    let config = Config {
        smtp_url: Some(server.url().into()),
        mail_domain: MAIL_DOMAIN.to_owned(),
        ..Config::default()
    };
    Postman::new(gate.clone(), Post::of(&config).unwrap().expect("a way"))
}

fn postman_with_folder(gate: &Gate, folder: &Path) -> Postman {
    let config = Config {
        mail_folder: Some(folder.to_owned()),
        mail_domain: MAIL_DOMAIN.to_owned(),
        ..Config::default()
    };
    Postman::new(gate.clone(), Post::of(&config).unwrap().expect("a way"))
}

/// Sends all that is due; says how many letters that were.
async fn send_all(postman: &mut Postman) -> usize {
    let mut sent = 0;
    while postman.send_once().await.unwrap() {
        sent += 1;
    }
    sent
}

/// How many letters are in a state: seen from the table, because nobody else asks.
async fn count(portal: &Portal, condition: &str) -> u64 {
    let touch = format!("UPDATE outbox SET subject = subject WHERE {condition}");
    let touched = portal.gate.store().reader().execute_unprepared(&touch).await.unwrap();
    touched.rows_affected()
}

on_both! {
    async fn a_letter_is_delivered_once_and_what_it_said_is_forgotten(portal: Portal) {
        let server = MailServer::start(&[]);
        let mut postman = postman(&portal.gate, &server);
        post_one(&portal).await;
        assert_eq!(send_all(&mut postman).await, 1);
        assert_eq!(send_all(&mut postman).await, 0);

        let taken = server.taken();
        assert_eq!(taken.len(), 1);
        assert_eq!(taken[0].to, ["jane.example@health.example"]);
        check_message(&taken[0].message);
        assert_eq!(count(&portal, "state = 'sent' AND sent_at IS NOT NULL").await, 1);
        assert_eq!(count(&portal, "text <> '' OR html <> '' OR letter IS NOT NULL").await, 0);
    }

    async fn a_letter_that_was_written_before_it_waited_is_sent_as_it_is(portal: Portal) {
        let server = MailServer::start(&[]);
        post_one(&portal).await;
        let written = "UPDATE outbox SET state = 'waiting', letter = NULL, text = 'Written before', html = '<p>Before</p>'";
        portal.gate.store().reader().execute_unprepared(written).await.unwrap();
        assert_eq!(outbox::waiting_count(portal.gate.store().reader()).await.unwrap(), 1);
        assert_eq!(send_all(&mut postman(&portal.gate, &server)).await, 1);
        assert_eq!(said(&server.taken()[0].message).trim(), "Written before");
        assert_eq!(count(&portal, "text <> '' OR html <> ''").await, 0);
    }

    async fn a_letter_that_this_version_cannot_read_waits_for_another(portal: Portal) {
        let server = MailServer::start(&[]);
        let mut postman = postman(&portal.gate, &server);
        post_one(&portal).await;
        let newer = "UPDATE outbox SET letter = '{\"letter\":\"something-new\"}'";
        portal.gate.store().reader().execute_unprepared(newer).await.unwrap();
        assert_eq!(send_all(&mut postman).await, 1);
        assert_eq!(server.asked(), 0);
        assert_eq!(count(&portal, "state = 'unwritten' AND attempts = 1 AND letter IS NOT NULL").await, 1);
    }

    async fn the_link_on_the_page_and_the_one_in_the_letter_both_work(portal: Portal) {
        let site = Site::over(portal);
        let server = MailServer::start(&[]);
        let shown = newcomer(&site).await;
        send_all(&mut postman(&site.portal.gate, &server)).await;
        let mailed = token(&said(&server.taken()[0].message));
        assert_ne!(shown, mailed);
        let gate = &site.portal.gate;
        for token in [&shown, &mailed] {
            assert_eq!(gate.invited(token).await.unwrap().attributes.text(Attribute::FirstName), "Ada");
        }
        // Whichever is used first ends the other.
        let ada = site.portal.person(ADA).await;
        gate.on_behalf_of(&ada).choose_by_link(&SERVICE, &mailed, "teapot-lantern-9").await.unwrap().unwrap();
        assert!(gate.invited(&shown).await.is_err());
    }

    async fn a_letter_whose_link_has_ended_before_it_is_sent_is_dropped(portal: Portal) {
        let site = Site::over(portal);
        let gate = &site.portal.gate;
        let server = MailServer::start(&[]);
        let mut postman = postman(gate, &server);
        let shown = newcomer(&site).await;
        let account = site.portal.account(ADA).await;

        // Another link is asked for: only that one is sent.
        done(&site, "Ben", Wish::Account(account, AccountWish::ResetPassword)).await;
        assert!(gate.invited(&shown).await.is_err());
        assert_eq!(send_all(&mut postman).await, 2);
        assert_eq!(server.taken().len(), 1);
        assert_eq!(outbox::not_needed_count(gate.store().reader()).await.unwrap(), 1);

        // The account is deleted before the letter goes out.
        done(&site, "Ben", Wish::Account(account, AccountWish::ResetPassword)).await;
        done(&site, "Ben", Wish::Account(account, AccountWish::Turn(Turn::Delete))).await;
        send_all(&mut postman).await;
        assert_eq!(server.taken().len(), 1);
        assert_eq!(outbox::not_needed_count(gate.store().reader()).await.unwrap(), 2);

        // It is activated by the link on the page.
        let shown = done(&site, "Ben", Wish::Account(account, AccountWish::Turn(Turn::Restore))).await;
        let shown = token(&shown[0].url);
        let ada = site.portal.person(ADA).await;
        gate.on_behalf_of(&ada).choose_by_link(&SERVICE, &shown, "teapot-lantern-9").await.unwrap().unwrap();
        send_all(&mut postman).await;
        assert_eq!(server.taken().len(), 1);
        assert_eq!(outbox::not_needed_count(gate.store().reader()).await.unwrap(), 3);

        // The account is disabled before the letter about its password goes out.
        done(&site, "Ben", Wish::Account(account, AccountWish::ResetPassword)).await;
        done(&site, "Ben", Wish::Account(account, AccountWish::Turn(Turn::Disable))).await;
        send_all(&mut postman).await;
        assert!(server.taken().iter().all(|mail| !said(&mail.message).contains("has reset")));
        assert_eq!(outbox::not_needed_count(gate.store().reader()).await.unwrap(), 4);
        assert_eq!(count(&site.portal, "letter IS NOT NULL").await, 0);
    }

    async fn a_letter_that_waits_until_its_link_expires_is_dropped(portal: Portal) {
        let server = MailServer::start(&[]);
        let mut postman = postman(&portal.gate, &server);
        post_one(&portal).await;
        portal.pass_seconds(15 * DAY);
        assert_eq!(send_all(&mut postman).await, 1);
        assert_eq!(server.asked(), 0);
        assert_eq!(outbox::not_needed_count(portal.gate.store().reader()).await.unwrap(), 1);
    }

    async fn a_letter_goes_back_with_the_transaction_that_it_tells_of(portal: Portal) {
        let tx = portal.gate.store().begin().await.unwrap();
        let letter = letter(&tx, "Jane").await;
        gate::service::letters::post(&tx, "taken.back@health.example", &letter, NOON).await.unwrap();
        tx.rollback().await.unwrap();
        assert_eq!(count(&portal, "address = 'taken.back@health.example'").await, 0);
    }

    async fn a_busy_mail_server_is_asked_again_after_a_pause(portal: Portal) {
        let server = MailServer::start(&[Mood::Busy]);
        let mut postman = postman(&portal.gate, &server);
        post_one(&portal).await;
        assert_eq!(send_all(&mut postman).await, 1);
        assert_eq!((server.asked(), server.taken().len()), (1, 0));
        assert_eq!(outbox::waiting_count(portal.gate.store().reader()).await.unwrap(), 1);

        portal.pass_seconds(59);
        assert_eq!(send_all(&mut postman).await, 0);
        portal.pass_seconds(1);
        assert_eq!(send_all(&mut postman).await, 1);
        assert_eq!((server.asked(), server.taken().len()), (2, 1));
        assert_eq!(count(&portal, "state = 'sent' AND attempts = 2 AND last_error IS NULL").await, 1);
    }

    async fn a_letter_that_is_refused_for_good_is_given_up_at_once(portal: Portal) {
        let server = MailServer::start(&[Mood::Strict]);
        let mut postman = postman(&portal.gate, &server);
        post_one(&portal).await;
        assert_eq!(send_all(&mut postman).await, 1);
        portal.pass_seconds(7 * 24 * 3600);
        assert_eq!(send_all(&mut postman).await, 0);
        assert_eq!((server.asked(), server.taken().len()), (1, 0));
        assert_eq!(outbox::failed_count(portal.gate.store().reader()).await.unwrap(), 1);
        assert_eq!(count(&portal, "last_error LIKE '%550%' AND letter IS NULL").await, 1);
    }

    async fn a_mail_server_that_is_away_is_tried_for_days_and_then_no_longer(portal: Portal) {
        let config = Config {
            // Nobody listens there.
            smtp_url: Some("smtp://127.0.0.1:1".to_owned().into()),
            mail_domain: MAIL_DOMAIN.to_owned(),
            ..Config::default()
        };
        let mut postman = Postman::new(portal.gate.clone(), Post::of(&config).unwrap().expect("a way"));
        post_one(&portal).await;
        let mut tries = 0;
        for _ in 0..20 {
            tries += send_all(&mut postman).await;
            portal.pass_seconds(6 * 3600);
        }
        assert_eq!(tries, 12);
        assert_eq!(outbox::failed_count(portal.gate.store().reader()).await.unwrap(), 1);
    }

    async fn a_line_that_breaks_behind_the_letter_never_leads_to_a_second_one(portal: Portal) {
        let server = MailServer::start(&[Mood::Abrupt]);
        let mut postman = postman(&portal.gate, &server);
        post_one(&portal).await;
        assert_eq!(send_all(&mut postman).await, 1);
        portal.pass_seconds(7 * 24 * 3600);
        look_round(&portal.gate).await.unwrap();
        assert_eq!(send_all(&mut postman).await, 0);
        assert_eq!(server.taken().len(), 1);
        assert_eq!(count(&portal, &format!("state = 'failed' AND last_error LIKE '{UNKNOWN}%'")).await, 1);
    }

    async fn a_letter_of_a_process_that_died_is_given_up_and_not_sent(portal: Portal) {
        let server = MailServer::start(&[]);
        let mut postman = postman(&portal.gate, &server);
        post_one(&portal).await;
        let tx = portal.gate.store().begin().await.unwrap();
        let mail = outbox::claim(&tx, "a process that dies", portal.gate.now()).await.unwrap().expect("a letter");
        tx.commit().await.unwrap();

        portal.pass_seconds(19 * 60);
        look_round(&portal.gate).await.unwrap();
        assert_eq!(count(&portal, "state = 'sending'").await, 1, "it may be slow");
        portal.pass_seconds(2 * 60);
        look_round(&portal.gate).await.unwrap();
        assert_eq!(send_all(&mut postman).await, 0);
        assert_eq!(server.taken().len(), 0);
        assert_eq!(count(&portal, &format!("state = 'failed' AND last_error = '{UNKNOWN}' AND letter IS NULL")).await, 1);

        // It was only slow after all: it cannot put back what is empty now, but it has the last word on having sent it.
        let db = portal.gate.store().reader();
        outbox::put_back(db, &mail, "busy", portal.gate.now()).await.unwrap();
        assert_eq!(outbox::waiting_count(db).await.unwrap(), 0);
        outbox::mark_sent(db, &mail, portal.gate.now()).await.unwrap();
        assert_eq!(outbox::failed_count(db).await.unwrap(), 0);
    }

    async fn two_processes_on_one_database_deliver_each_letter_exactly_once(portal: Portal) {
        let server = MailServer::start(&[]);
        let names: Vec<_> = (0..60).map(|number| format!("person{number:02}")).collect();
        post(&portal.gate, &names).await;
        let other = another_process(&portal).await;
        let mut running = Vec::new();
        for gate in [portal.gate.clone(), other] {
            let mut postman = postman(&gate, &server);
            running.push(tokio::spawn(async move { send_all(&mut postman).await }));
        }
        let mut sent = 0;
        for one in running {
            sent += one.await.unwrap();
        }
        assert_eq!(sent, names.len());

        let taken = server.taken();
        let mut to: Vec<_> = taken.iter().flat_map(|mail| mail.to.clone()).collect();
        to.sort();
        let expected: Vec<_> = names.iter().map(|name| format!("{name}@{MAIL_DOMAIN}")).collect();
        assert_eq!(to, expected);
        let mut ids: Vec<_> = taken.iter().map(|mail| message_id(&mail.message)).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), names.len());
    }
}

/// A gate of a second process: a pool of its own to the same database.
async fn another_process(portal: &Portal) -> Gate {
    let store = Store::open(&portal.url).await.unwrap();
    let rules = Rules::standard(MailDomain::parse(MAIL_DOMAIN).unwrap());
    Gate::new(store, rules, Formats::shipped(), Arc::new(|| NOON))
}

const ADA: &str = "ada.bright@health.example";

/// Somebody whom Ben creates, with nothing else in the outbox; the token of the link that he is shown.
async fn newcomer(site: &Site) -> String {
    let db = site.portal.gate.store().reader();
    db.execute_unprepared("DELETE FROM outbox").await.unwrap();
    let cells = Cells::of([
        (Attribute::FirstName, "Ada"),
        (Attribute::LastName, "Bright"),
        (Attribute::LocalId, "n1"),
        (Attribute::Organisation, "RIV"),
    ]);
    token(&done(site, "Ben", Wish::NewAccount(cells)).await[0].url)
}

/// The token of the one-time link in a text.
fn token(text: &str) -> String {
    let link = text.split_whitespace().find(|word| word.starts_with(LINK));
    link.expect("a one-time link").trim_start_matches(LINK).to_owned()
}

/// What a mail says, as plain text.
fn said(message: &[u8]) -> String {
    let message = MessageParser::default().parse(message).expect("a mail");
    message.body_text(0).expect("plain text").into_owned()
}

fn message_id(message: &[u8]) -> String {
    let message = MessageParser::default().parse(message).expect("a mail");
    message.message_id().expect("a Message-ID").to_owned()
}

/// What every mail is: from the portal, made by a machine, the same in both forms.
fn check_message(bytes: &[u8]) {
    let message = MessageParser::default().parse(bytes).expect("a mail");
    let from = message.from().and_then(|from| from.first()).expect("a sender");
    assert_eq!(
        (from.name.as_deref(), from.address.as_deref()),
        (Some("Staffbook"), Some("no-reply@health.example"))
    );
    assert_eq!(message.subject(), Some("Choose a new password"));
    assert!(message.message_id().is_some_and(|id| id.ends_with("@health.example")));
    assert_eq!(
        message.header_raw("Auto-Submitted").map(str::trim),
        Some("auto-generated")
    );
    assert!(bytes.is_ascii(), "any mail server takes it");
    let kind = message.content_type().expect("a content type");
    assert_eq!((kind.ctype(), kind.subtype()), ("multipart", Some("alternative")));
    assert_eq!((message.text_body_count(), message.html_body_count()), (1, 1));
    let text = message.body_text(0).expect("plain text");
    let html = message.body_html(0).expect("HTML");
    assert!(text.contains("Hello Zoë,") && text.contains(LINK), "{text}");
    assert!(
        html.contains("Hello Zoë,") && html.contains(&format!("href=\"{LINK}")),
        "{html}"
    );
}

/// All that the database of a portal holds, and held a moment ago: its file, and the log of what was written.
fn stored(portal: &Portal) -> String {
    let path = portal.url.trim_start_matches("sqlite://").trim_end_matches("?mode=rwc");
    let mut bytes = std::fs::read(path).expect("the database");
    bytes.extend(std::fs::read(format!("{path}-wal")).unwrap_or_default());
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_database_never_holds_a_link_and_waiting_letters_are_short() {
    let site = Site::over(Portal::open(Kind::Sqlite).await);
    let portal = &site.portal;
    let shown = newcomer(&site).await;
    let long = "length(address) + length(subject) + length(text) + length(html) + length(letter) >= 600";
    assert_eq!(
        (count(portal, "letter IS NOT NULL").await, count(portal, long).await),
        (1, 0)
    );

    // The first try fails, so the letter waits again after its link has been made.
    let server = MailServer::start(&[Mood::Busy]);
    let mut postman = postman(&portal.gate, &server);
    send_all(&mut postman).await;
    portal.pass_seconds(60);
    send_all(&mut postman).await;
    let mailed = token(&said(&server.taken()[0].message));
    assert!(portal.gate.invited(&mailed).await.is_ok());

    let stored = stored(portal);
    assert!(stored.contains(ADA), "the database was read");
    for secret in ["/start/", &shown, &mailed] {
        assert!(!stored.contains(secret), "{secret}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_gets_whole_readable_mails_that_only_their_owner_reads() {
    let portal = Portal::empty(Kind::Sqlite).await;
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("made by the portal");
    post_one(&portal).await;
    assert_eq!(send_all(&mut postman_with_folder(&portal.gate, &inner)).await, 1);

    let files: Vec<_> = std::fs::read_dir(&inner)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(files.len(), 1);
    let name = files[0].file_name().unwrap().to_str().unwrap();
    assert!(
        name.starts_with(&format!("{}-", NOON.0)) && name.ends_with(".eml"),
        "{name}"
    );
    check_message(&std::fs::read(&files[0]).unwrap());
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&files[0]).unwrap().permissions());
    assert_eq!(mode & 0o077, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_developers_machine_the_mail_can_be_read_by_somebody_who_cannot_sign_in_yet() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::configured(
        Portal::open(Kind::Sqlite).await,
        Config {
            mail_folder: Some(folder.path().to_owned()),
            ..Site::config()
        },
    );
    let nobody = site.nobody();
    let empty = nobody.get("/mail").await;
    assert_eq!(empty.status, StatusCode::OK);
    assert!(empty.body.contains("Nothing has been sent yet."));

    post_one(&site.portal).await;
    assert_eq!(
        send_all(&mut postman_with_folder(&site.portal.gate, folder.path())).await,
        1
    );
    let list = nobody.get("/mail").await.body;
    assert!(
        list.contains("Choose a new password") && list.contains("jane.example@health.example"),
        "{list}"
    );
    let page = list.split("href=\"").find_map(|rest| {
        let path = rest.split('"').next().unwrap_or_default();
        path.starts_with("/mail/").then(|| path.to_owned())
    });
    let page = page.expect("a link to the letter");
    let letter = nobody.get(&page).await;
    assert_eq!(letter.status, StatusCode::OK);
    assert!(letter.body.contains(&format!("href=\"{LINK}")), "{}", letter.body);
    let file = nobody.get(&format!("{page}/letter.eml")).await;
    assert_eq!(
        (file.status, file.headers[header::CONTENT_TYPE].to_str().unwrap()),
        (StatusCode::OK, "message/rfc822")
    );
    assert!(
        file.headers[header::CONTENT_DISPOSITION]
            .to_str()
            .unwrap()
            .starts_with("attachment")
    );

    std::fs::write(folder.path().join("..secret.eml"), "To: a@b.example\r\n\r\nsecret").unwrap();
    for path in [
        "/mail/..secret",
        "/mail/..%2Fportal",
        "/mail/%2e%2e%2fportal/letter.eml",
        "/mail/..secret/letter.eml",
        "/mail/1795262400000-none",
    ] {
        let answer = nobody.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn elsewhere_there_is_no_such_page() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config {
        development: false,
        mail_folder: Some(folder.path().to_owned()),
        ..Site::config()
    };
    let site = Site::configured(Portal::open(Kind::Sqlite).await, config);
    assert_eq!(site.nobody().get("/mail").await.location(), "/sign-in?next=/mail");

    let site = Site::open(Kind::Sqlite).await;
    assert!(site.nobody().get("/mail").await.location().starts_with("/sign-in"));
    assert_eq!(
        site.sign_in("Ben").await.get("/mail").await.status,
        StatusCode::NOT_FOUND
    );
}
