//! A portal beside mail servers, and those who write to it.

use std::time::Duration;

use domain::{
    channel::Channel,
    dictionary::Attribute,
    grant::Terms,
    organisation::OrganisationCode,
    policy::Role,
    request::{RoleWish, Wish},
    submission::State,
};
use store::access::email::messages::{self, Message, MessageQuery};
use testkit::{Kind, Portal, SERVICE};

use super::{
    mailbox::{self, Letter},
    running::Servers,
};
use crate::under_fire::process::{self, Running, free_address};

/// Where files are sent to, and that is read as a Maildir.
pub const CONNECTOR: &str = "connector.data@health.example";
/// The same of another configuration, whose mailbox is read by IMAP.
pub const LISTS: &str = "staff.lists@health.example";
/// Sends for the trust and all below it.
pub const JEM: &str = "jem.larkspur@health.example";
/// Sends for the children’s hospital.
pub const SEREN: &str = "seren.wolstenholme@health.example";
/// Sends for a practice elsewhere.
pub const OLWEN: &str = "olwen.adeyemi@health.example";
/// Sends for a hospice.
pub const TEGAN: &str = "tegan.pettigrew@health.example";
/// Sends for the trust, and has no mailbox any more.
pub const GONE: &str = "perrin.holloway@health.example";
/// Of an organisation with a mail server of its own; nobody here.
pub const RITA: &str = "rita@riverside.example";
/// Writes in the names of others.
pub const STRANGER: &str = "stranger@elsewhere.example";

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A setting of the portal.
pub type Setting = (&'static str, String);

/// What the test is about, from its beginning to its end.
pub struct Story {
    /// The mail servers.
    pub servers: Servers,
    portal: Portal,
    running: Option<Running>,
}

impl Story {
    /// Starts the mail servers, and lets some send files by email; `None` if this machine cannot start them.
    pub async fn begin() -> Option<Self> {
        let servers = Servers::start(&[CONNECTOR, LISTS, JEM, SEREN, OLWEN, TEGAN, RITA, STRANGER])?;
        let portal = Portal::open_live(Kind::Sqlite).await;
        let mut grants = Vec::new();
        for (address, organisation) in [
            (JEM, "RIV"),
            (SEREN, "RIV01"),
            (OLWEN, "G7H8J"),
            (TEGAN, "HLD01"),
            (GONE, "RIV"),
        ] {
            grants.push(Wish::Role(
                portal.account(address).await,
                RoleWish::Grant {
                    role: Role::Connector,
                    organisation: OrganisationCode::parse(organisation).expect("a code"),
                    unit: None,
                    terms: Terms {
                        channels: vec![Channel::EmailCsv],
                        ..Terms::default()
                    },
                },
            ));
        }
        let established = portal.gate.on_behalf_of(&SERVICE).establish(grants).await;
        established.expect("they can be granted");
        Some(Self {
            servers,
            portal,
            running: None,
        })
    }

    /// The settings by which the portal reads the Maildir.
    pub fn by_maildir(&self) -> Vec<Setting> {
        let maildir = self.servers.maildir(CONNECTOR).display().to_string();
        self.settings([("PORTAL_EMAIL_MAILDIR", maildir)])
    }

    /// The settings by which the portal reads the other mailbox by IMAP.
    pub fn by_imap(&self) -> Vec<Setting> {
        self.settings([
            ("PORTAL_EMAIL_ADDRESS", LISTS.to_owned()),
            ("PORTAL_EMAIL_IMAP_URL", self.servers.imap_url(LISTS)),
            ("PORTAL_EMAIL_IMAP_PASSWORD", self.servers.password().to_owned()),
            // Its certificate is self-made.
            ("SSL_CERT_FILE", self.servers.authority().to_owned()),
        ])
    }

    fn settings<const N: usize>(&self, more: [Setting; N]) -> Vec<Setting> {
        let mut settings = vec![
            ("PORTAL_SMTP_URL", self.servers.smtp_url()),
            ("PORTAL_EMAIL_AUTHSERV_IDS", "mx.health.example".to_owned()),
            // Dovecot's and Postfix's own.
            ("PORTAL_EMAIL_OWN_HOPS", "2".to_owned()),
            ("PORTAL_EMAIL_RESULTS_BELOW", "true".to_owned()),
            ("PORTAL_EMAIL_POLL_SECONDS", "1".to_owned()),
            // Only the command runs it.
            ("PORTAL_EMAIL_RUN_AT", "23:59".to_owned()),
        ];
        settings.extend(more);
        settings
    }

    /// Starts the portal with some settings; the one that runs is killed before.
    pub async fn serve(&mut self, settings: &[Setting]) {
        self.running = None;
        let running = Running::serve(&self.portal.url, free_address(), &borrowed(settings)).await;
        self.running = Some(running);
    }

    /// Ends the portal that runs.
    pub fn stop(&mut self) {
        self.running = None;
    }

    /// What one of the operator's commands prints.
    pub fn command(&self, words: &[&str]) -> String {
        let done = process::run(words, &self.portal.url, &borrowed(&self.by_maildir()));
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{words:?}: {said}");
        String::from_utf8_lossy(&done.stdout).into_owned()
    }

    /// All mails that the portal has seen, the latest first.
    pub async fn messages(&self) -> Vec<Message> {
        let query = MessageQuery {
            sender: None,
            set_aside: false,
            before: None,
            limit: 1000,
        };
        let found = messages::list(self.portal.gate.store().reader(), &query).await;
        found.expect("the database answers")
    }

    /// The mail with a Message-ID, once the portal has seen it.
    pub async fn message(&self, id: &str) -> Message {
        self.message_that(id, |message| message.mail.message_id.as_deref() == Some(id))
            .await
    }

    /// The mail of which something is so, once the portal has seen it.
    pub async fn message_that(&self, what: &str, is_so: impl Fn(&Message) -> bool) -> Message {
        let look = async || self.messages().await.into_iter().find(&is_so);
        self.once(what, look).await
    }

    /// What has become of the file in a mail.
    pub async fn state(&self, message_id: &str) -> State {
        let id = self
            .message(message_id)
            .await
            .mail
            .submission
            .expect("its file was taken");
        let grace = self.portal.persona("Grace").await;
        let submission = self.portal.gate.on_behalf_of(&grace).submission(&id).await;
        submission.expect("a submission").state
    }

    /// The job title of the person with a local ID; `None` if there is nobody.
    pub async fn job_title(&self, local_id: &str) -> Option<String> {
        let everybody = self.portal.everybody().await;
        let found = everybody
            .iter()
            .find(|account| account.attributes.text(Attribute::LocalId) == local_id)?;
        Some(found.attributes.text(Attribute::JobTitle).to_owned())
    }

    /// All that has come into a mailbox.
    pub fn letters(&self, mailbox: &str) -> Vec<Letter> {
        mailbox::letters(&self.servers.maildir(mailbox))
    }

    /// The letter to somebody whose subject begins so, once it is there.
    pub async fn letter_to(&self, mailbox: &str, subject: &str) -> Letter {
        let is_it = |letter: &Letter| letter.subject.starts_with(subject);
        self.once(subject, async || self.letters(mailbox).into_iter().find(is_it))
            .await
    }

    /// The letter to somebody that answers a mail and whose subject begins so, once it is there.
    pub async fn answer_to(&self, mailbox: &str, message_id: &str, subject: &str) -> Letter {
        let answered = format!("<{message_id}>");
        let is_it = |letter: &Letter| letter.in_reply_to == answered && letter.subject.starts_with(subject);
        self.once(&answered, async || self.letters(mailbox).into_iter().find(is_it))
            .await
    }

    async fn once<T>(&self, what: &str, look: impl AsyncFn() -> Option<T>) -> T {
        let looking = async {
            loop {
                if let Some(found) = look().await {
                    return found;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        if let Ok(found) = tokio::time::timeout(PATIENCE, looking).await {
            return found;
        }
        let seen = self.messages().await;
        let log = self.running.as_ref().map(Running::log).unwrap_or_default();
        panic!(
            "{what}: not within a minute. {seen:#?}\n{:#?}\n{log}",
            self.letters(JEM)
        );
    }
}

fn borrowed(settings: &[Setting]) -> Vec<(&str, &str)> {
    settings.iter().map(|(name, value)| (*name, value.as_str())).collect()
}
