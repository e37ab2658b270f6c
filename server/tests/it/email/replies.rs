//! What answers a mail, over a real line to a mail server: whom it is from, where it goes back to, what it brings.

use gate::{
    Gate,
    service::letters::{self, Letter},
};
use mail_parser::{Message, MessageParser, MimeHeaders};
use server::operate::{
    config::Config,
    sending_mail::{Post, Postman},
};
use store::outbox;
use testkit::{NOON, Portal, on_both};

use super::{NIAMH, config, connector, intake, kept, mail};
use crate::{
    browser::Site,
    mail_server::{MailServer, Taken},
};

/// Hands over all that is due.
async fn send_all(gate: &Gate, config: &Config) {
    let mut postman = Postman::new(gate.clone(), Post::of(config).unwrap().unwrap());
    while postman.send_once().await.unwrap() {}
}

/// The settings of a portal that sends by a mail server.
fn sending_to(server: &MailServer) -> Config {
    Config {
        smtp_url: Some(server.url().into()),
        ..config()
    }
}

/// Has a mail received, its file checked, and what answers it sent.
async fn answered(portal: &Portal, config: &Config) {
    connector(portal).await;
    server::channels::email::receive(&portal.gate, &intake(), "maildir:1.a.mx", None, mail("1"))
        .await
        .unwrap();
    portal.work().await;
    send_all(&portal.gate, config).await;
}

fn header<'a>(message: &'a Message<'_>, name: &'static str) -> Option<&'a str> {
    message.header_raw(name).map(str::trim)
}

/// Those that answer a mail.
fn replies(taken: &[Taken]) -> Vec<&Taken> {
    let is_reply = |taken: &&Taken| {
        let message = MessageParser::default().parse(&taken.message).unwrap();
        header(&message, "In-Reply-To").is_some()
    };
    taken.iter().filter(is_reply).collect()
}

on_both! {
    async fn a_receipt_answers_the_mail_and_brings_the_marked_file(portal: Portal) {
        let server = MailServer::start(&[]);
        let config = sending_to(&server);
        answered(&portal, &config).await;
        let taken = server.taken();
        let replies = replies(&taken);
        assert_eq!(replies.len(), 1);
        let receipt = replies[0];
        let seq = kept(&portal).await[0].seq;
        assert_eq!(receipt.from, format!("connector.data+bounce-{seq}@health.example"));
        assert_eq!(receipt.to, [NIAMH]);
        assert!(receipt.message.is_ascii());

        let message = MessageParser::default().parse(&receipt.message).unwrap();
        let from = message.from().and_then(|from| from.first()).unwrap();
        assert_eq!(
            (from.name.as_deref(), from.address.as_deref()),
            (Some("Staffbook"), Some("connector.data@health.example"))
        );
        for (name, value) in [
            ("In-Reply-To", "<1@desk.health.example>"),
            ("References", "<1@desk.health.example>"),
            ("Auto-Submitted", "auto-replied"),
        ] {
            assert_eq!(header(&message, name), Some(value), "{name}");
        }
        assert!(header(&message, "X-Portal-Message").is_some_and(|id| !id.is_empty()));
        assert_eq!(header(&message, "Reply-To"), None);
        let files: Vec<_> = message.attachments().collect();
        assert_eq!(files.len(), 1);
        assert!(files[0].attachment_name().is_some_and(|name| name.starts_with("staff")));
        let marked = String::from_utf8_lossy(files[0].contents());
        for said in ["Ada", "Bright", "9002"] {
            assert!(marked.contains(said), "{said}: {marked}");
        }
    }

    async fn a_receipt_that_is_too_large_with_its_file_is_sent_without(portal: Portal) {
        let server = MailServer::start_without_files();
        let config = sending_to(&server);
        answered(&portal, &config).await;
        let taken = server.taken();
        let replies = replies(&taken);
        assert_eq!(replies.len(), 1);
        assert_eq!(server.asked(), taken.len() + 1, "it was offered with the file first");
        let message = MessageParser::default().parse(&replies[0].message).unwrap();
        assert_eq!(message.attachments().count(), 0);
        let text = message.body_text(0).unwrap();
        assert!(text.contains("You can download your file"), "{text}");
        assert_eq!(outbox::failed_count(portal.gate.store().reader()).await.unwrap(), 0);
    }

    async fn letters_that_answer_nothing_come_from_the_portals_own_address(portal: Portal) {
        let server = MailServer::start(&[]);
        let config = Config {
            smtp_url: Some(server.url().into()),
            mail_from: Some("Staff <staff@health.example>".to_owned()),
            email_address: Some("files@health.example".to_owned()),
            ..config()
        };
        let tx = portal.gate.store().begin().await.unwrap();
        let other = Letter::PasswordChanged { first_name: "Priya".to_owned() };
        letters::post(&tx, "priya.ramanathan@health.example", &other, NOON).await.unwrap();
        tx.commit().await.unwrap();
        answered(&portal, &config).await;
        let taken = server.taken();
        let receipt = replies(&taken)[0];
        assert!(receipt.from.starts_with("files+bounce-"), "{}", receipt.from);
        let others: Vec<_> = taken.iter().filter(|mail| mail.message != receipt.message).collect();
        assert!(!others.is_empty(), "there is another letter");
        for other in others {
            let message = MessageParser::default().parse(&other.message).unwrap();
            assert_eq!(other.from, "staff@health.example");
            assert_eq!(header(&message, "Auto-Submitted"), Some("auto-generated"));
            assert!(header(&message, "X-Portal-Message").is_some());
        }
    }

    async fn an_answer_of_ours_that_comes_back_is_not_answered(portal: Portal) {
        let server = MailServer::start(&[]);
        let config = sending_to(&server);
        answered(&portal, &config).await;
        let taken = server.taken();
        let before = taken.len();
        let receipt = replies(&taken)[0].message.clone();
        server::channels::email::receive(&portal.gate, &intake(), "maildir:2.a.mx", None, receipt)
            .await
            .unwrap();
        portal.work().await;
        portal.pass_seconds(60);
        send_all(&portal.gate, &config).await;
        assert_eq!(server.taken().len(), before);
        assert_eq!(kept(&portal).await[0].mail.intake, domain::email::Intake::Automatic);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_developers_machine_the_names_of_attached_files_are_shown() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config {
        mail_folder: Some(folder.path().to_owned()),
        ..config()
    };
    let site = Site::configured(
        Portal::open(testkit::Kind::Sqlite).await,
        Config {
            mail_folder: Some(folder.path().to_owned()),
            ..Site::config()
        },
    );
    answered(&site.portal, &config).await;
    let nobody = site.nobody();
    let list = nobody.get("/mail").await.body;
    let mut shown = Vec::new();
    for link in list.split("href=\"/mail/").skip(1) {
        let name = link.split('"').next().unwrap();
        shown.push(nobody.get(&format!("/mail/{name}")).await.body);
    }
    let with_files = shown.iter().filter(|page| page.contains("Attached: ")).count();
    assert_eq!(with_files, 1, "{shown:?}");
}
