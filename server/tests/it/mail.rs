//! Mail from the outbox to a real mail server, over a real line: each letter once, whatever happens on the way.

use std::{path::Path, sync::Arc};

use axum::http::{StatusCode, header};
use domain::{email_address::MailDomain, rules::Rules};
use formats::Formats;
use gate::{Gate, letters::Letter};
use mail_parser::{MessageParser, MimeHeaders};
use server::{
    config::Config,
    post::{Post, Postman, look_round},
};
use store::{
    ConnectionTrait, Store,
    outbox::{self, UNKNOWN},
};
use testkit::{Kind, MAIL_DOMAIN, NOON, Portal, on_both};

use crate::{
    browser::Site,
    mail_server::{MailServer, Mood},
};

const LINK: &str = "https://staffbook.example/start/one-time-token";

/// A letter with a one-time link in it.
fn letter(first_name: &str) -> Letter {
    Letter::PasswordReset {
        first_name: first_name.to_owned(),
        by: "Ben Cartwright".to_owned(),
        link: LINK.to_owned(),
        expires: NOON.plus_seconds(3600),
    }
}

/// Puts letters to these mailboxes into the outbox, in one transaction, and takes out what the demonstration put there.
async fn post(gate: &Gate, names: &[String]) {
    let letters: Vec<_> = names
        .iter()
        .map(|name| (format!("{name}@{MAIL_DOMAIN}"), letter("Zoë")))
        .collect();
    let tx = gate.store().begin().await.unwrap();
    tx.execute_unprepared("DELETE FROM outbox").await.unwrap();
    gate::letters::post_all(&tx, &letters, gate.now()).await.unwrap();
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
        assert_eq!(count(&portal, "text <> '' OR html <> ''").await, 0);
    }

    async fn a_letter_goes_back_with_the_transaction_that_it_tells_of(portal: Portal) {
        let tx = portal.gate.store().begin().await.unwrap();
        gate::letters::post(&tx, "taken.back@health.example", &letter("Jane"), NOON).await.unwrap();
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
        assert_eq!(count(&portal, "last_error LIKE '%550%' AND text = ''").await, 1);
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
        assert_eq!(count(&portal, &format!("state = 'failed' AND last_error = '{UNKNOWN}' AND html = ''")).await, 1);

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
        html.contains("Hello Zoë,") && html.contains(&format!("href=\"{LINK}\"")),
        "{html}"
    );
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
    assert!(letter.body.contains(&format!("href=\"{LINK}\"")), "{}", letter.body);
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
