//! Mail goes out: the letters in the outbox are handed to the mail server, or written into a folder, one after another.
//! Any number of processes may do so beside one another; each letter is claimed by one of them.
//!
//! No letter is sent twice (`store::outbox` says why). So what became of handing one over has more answers than two:
//! a line that breaks behind the letter is not the same as one that breaks before it.

pub(crate) mod folder;
mod handover;
mod message;
mod smtp;

use std::{
    path::PathBuf,
    pin::pin,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use domain::values::ids::Timestamp;
use gate::{
    Gate,
    service::letters::{self, Composed, WrittenOut},
};
use lettre::message::Mailbox;
use store::{
    StoreError,
    outbox::{self, Outgoing, UNKNOWN},
};

use self::{handover::Handover, message::Senders, smtp::Smtp};
use crate::operate::config::Config;

/// How long to wait before looking for letters again.
const PAUSE: Duration = Duration::from_secs(1);
/// How long to wait before looking for letters that nobody sends any more.
const ROUND: Duration = Duration::from_secs(60);
/// After so many seconds a letter's process is taken for dead; the time limits of handing one over end well before.
const DEAD_AFTER: i64 = 20 * 60;
/// For so many seconds it is known whom a letter went to.
const KNOWN_FOR: i64 = gate::service::letters::KNOWN_DAYS * 24 * 3600;
/// How often to try and write down what became of a letter.
const TRIES: u32 = 10;

/// The way that mail takes, and whom it is from.
pub struct Post {
    from: Senders,
    way: Way,
}

enum Way {
    /// To a mail server.
    Smtp(Box<Smtp>),
    /// Into a folder, a file each.
    Folder(PathBuf),
}

impl Post {
    /// The way as configured; none where no way is set.
    ///
    /// # Errors
    /// When both ways are set, or what is set cannot be used.
    pub fn of(config: &Config) -> anyhow::Result<Option<Self>> {
        let way = match (&config.smtp_url, &config.mail_folder) {
            (Some(_), Some(_)) => {
                bail!("PORTAL_SMTP_URL and PORTAL_MAIL_FOLDER are both set; unset one of them")
            }
            (Some(url), None) => Way::Smtp(Box::new(
                Smtp::parse(url.reveal()).context("PORTAL_SMTP_URL cannot be used")?,
            )),
            (None, Some(folder)) => Way::Folder(folder.clone()),
            (None, None) => return Ok(None),
        };
        let from = Senders::new(sender(config)?, config.email_rules()?)?;
        Ok(Some(Self { from, way }))
    }

    /// Hands a letter over; once more without its files, if the mail server says that it is too large with them.
    async fn hand_over(&mut self, mail: &Outgoing, letter: &Composed, now: Timestamp) -> Handover {
        let handover = self.hand_over_once(mail, letter, now).await;
        let (Handover::TooLarge(why), Some(letter)) = (&handover, &letter.without_files) else {
            return handover;
        };
        let (_, domain) = mail.address.rsplit_once('@').unwrap_or_default();
        let why = nameless(why, "");
        tracing::warn!(mail = %mail.id, domain, why, "a letter is sent without its files, which are too large");
        self.hand_over_once(mail, letter, now).await
    }

    async fn hand_over_once(&mut self, mail: &Outgoing, letter: &Composed, now: Timestamp) -> Handover {
        let message = match message::compose(&self.from, mail, letter, now) {
            Ok(message) => message,
            Err(why) => return Handover::Refused(why),
        };
        match &mut self.way {
            Way::Smtp(smtp) => smtp.hand_over(&message).await,
            Way::Folder(folder) => {
                let name = format!("{}-{}.eml", now.0, mail.id);
                match folder::write(folder.clone(), name, message.formatted()).await {
                    Ok(()) => Handover::Taken,
                    Err(error) => Handover::NotNow(format!("{} cannot be written to: {error}", folder.display())),
                }
            }
        }
    }

    /// Hangs up while there is nothing to send.
    async fn rest(&mut self) {
        match &mut self.way {
            Way::Smtp(smtp) => smtp.hang_up().await,
            Way::Folder(_) => {}
        }
    }
}

/// Whom letters are from, as configured.
///
/// # Errors
/// When it is no sender.
pub(crate) fn sender(config: &Config) -> anyhow::Result<Mailbox> {
    let from = match &config.mail_from {
        Some(from) => from.clone(),
        None => format!("Staffbook <no-reply@{}>", config.mail_domain),
    };
    let mailbox = from.parse::<Mailbox>().ok();
    mailbox
        .filter(|mailbox| mailbox.email.to_string().is_ascii())
        .with_context(|| format!("PORTAL_MAIL_FROM={from} is not a sender; write it as: Name <address>"))
}

/// Takes letters out of the outbox and hands them over. Its name tells its claims from others'.
pub struct Postman {
    gate: Gate,
    post: Post,
    name: String,
}

impl Postman {
    /// A postman for one way.
    #[must_use]
    pub fn new(gate: Gate, post: Post) -> Self {
        Self {
            gate,
            post,
            name: format!("{}-{:08x}", std::process::id(), rand::random::<u32>()),
        }
    }

    /// Hands over one letter, if any is due; says whether there was one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn send_once(&mut self) -> Result<bool, StoreError> {
        let store = self.gate.store();
        if !outbox::any_due(store.reader(), self.gate.now()).await? {
            return Ok(false);
        }
        let Some((mail, written)) = letters::claim(&self.gate, &self.name).await? else {
            return Ok(false);
        };
        let handover = match written {
            WrittenOut::Whole(letter) => self.post.hand_over(&mail, &letter, self.gate.now()).await,
            WrittenOut::NotNeeded => Handover::NotNeeded,
            WrittenOut::Unreadable(why) => Handover::NotNow(why),
        };
        write_down(&self.gate, &mail, &handover).await?;
        Ok(true)
    }
}

/// Sends what is due until the process is told to end; a letter that is on its way then is seen through.
pub async fn run(gate: Gate, post: Option<Post>, told_to_end: impl Future<Output = ()>) {
    // They are only for the log: mail is sent all the same.
    let counts = count(&gate).await.unwrap_or_else(|error| {
        tracing::error!(%error, "letters cannot be counted");
        Counts::default()
    });
    let Some(post) = post else {
        tracing::warn!(
            waiting = counts.waiting,
            "no email is sent: set PORTAL_SMTP_URL or PORTAL_MAIL_FOLDER; until then, letters wait in the database"
        );
        return;
    };
    tracing::info!(
        waiting = counts.waiting,
        failed = counts.failed,
        not_needed = counts.not_needed,
        "mail is sent"
    );
    let mut postman = Postman::new(gate.clone(), post);
    let mut told_to_end = pin!(told_to_end);
    let mut looked_round: Option<Instant> = None;
    loop {
        if looked_round.is_none_or(|at| at.elapsed() >= ROUND) {
            looked_round = Some(Instant::now());
            if let Err(error) = look_round(&gate).await {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the outbox could not be looked through"
                );
            }
        }
        let pause = match postman.send_once().await {
            Ok(true) => Duration::ZERO,
            Ok(false) => {
                postman.post.rest().await;
                PAUSE
            }
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "mail could not be sent");
                PAUSE
            }
        };
        tokio::select! {
            biased;
            () = &mut told_to_end => break,
            () = tokio::time::sleep(pause) => {}
        }
    }
    postman.post.rest().await;
}

/// Gives up what a dead process had claimed, and forgets what went out long ago.
///
/// # Errors
/// When the database fails.
pub async fn look_round(gate: &Gate) -> Result<(), StoreError> {
    let now = gate.now();
    let tx = gate.store().begin().await?;
    let given_up = outbox::stuck(&tx, now.plus_seconds(-DEAD_AFTER)).await?;
    outbox::sweep(&tx, now.plus_seconds(-KNOWN_FOR)).await?;
    tx.commit().await?;
    if given_up > 0 {
        tracing::error!(
            letters = given_up,
            "a process ended while it sent mail; whether these letters were sent is not known"
        );
    }
    Ok(())
}

/// What became of a letter is worth some patience: unwritten, the letter would count as one that may not have been sent.
async fn write_down(gate: &Gate, mail: &Outgoing, handover: &Handover) -> Result<(), StoreError> {
    for _ in 1..TRIES {
        match record(gate, mail, handover).await {
            Ok(()) => return Ok(()),
            Err(error) => tracing::warn!(
                error = &error as &dyn std::error::Error,
                mail = %mail.id,
                "what became of a letter could not be written down; trying again"
            ),
        }
        tokio::time::sleep(PAUSE).await;
    }
    record(gate, mail, handover).await
}

async fn record(gate: &Gate, mail: &Outgoing, handover: &Handover) -> Result<(), StoreError> {
    let now = gate.now();
    let tx = gate.store().begin().await?;
    let mut again = None;
    match handover {
        Handover::Taken => outbox::mark_sent(&tx, mail, now).await?,
        Handover::Refused(why) | Handover::TooLarge(why) => outbox::fail(&tx, mail, why).await?,
        Handover::NotNow(why) => again = outbox::put_back(&tx, mail, why, now).await?,
        Handover::Unknown(why) => outbox::fail(&tx, mail, &format!("{UNKNOWN}: {why}")).await?,
        Handover::NotNeeded => outbox::drop_unneeded(&tx, mail).await?,
    }
    tx.commit().await?;
    log(mail, handover, again);
    Ok(())
}

/// How many letters there are of each sort.
#[derive(Default)]
struct Counts {
    waiting: u64,
    failed: u64,
    not_needed: u64,
}

/// # Errors
/// When the database fails.
async fn count(gate: &Gate) -> Result<Counts, StoreError> {
    let db = gate.store().reader();
    Ok(Counts {
        waiting: outbox::waiting_count(db).await?,
        failed: outbox::failed_count(db).await?,
        not_needed: outbox::not_needed_count(db).await?,
    })
}

/// One line for each letter that was not taken: neither what it says nor whom it is for, beyond the domain.
fn log(mail: &Outgoing, handover: &Handover, again: Option<Timestamp>) {
    let (id, attempts) = (mail.id, mail.attempts);
    let (name, domain) = mail.address.rsplit_once('@').unwrap_or_default();
    match handover {
        Handover::Taken => tracing::debug!(mail = %id, domain, attempts, "a letter was sent"),
        Handover::NotNeeded => {
            tracing::info!(mail = %id, domain, attempts, "a letter was dropped: its link had ended before it was sent");
        }
        Handover::NotNow(why) if again.is_some() => {
            tracing::warn!(mail = %id, domain, attempts, why = nameless(why, name), "a letter will be tried again");
        }
        Handover::NotNow(why) | Handover::Refused(why) | Handover::TooLarge(why) => {
            tracing::error!(mail = %id, domain, attempts, why = nameless(why, name), "a letter was given up");
        }
        Handover::Unknown(why) => {
            tracing::error!(
                mail = %id, domain, attempts, why = nameless(why, name),
                "a letter was given up, because whether it was sent is not known"
            );
        }
    }
}

/// A mail server's words without the mailboxes that they repeat.
pub(crate) fn nameless(said: &str, name: &str) -> String {
    let names = |word: &str| word.contains('@') || (!name.is_empty() && word.to_lowercase().contains(name));
    let words = said.split_whitespace().map(|word| if names(word) { "…" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_mail_server_says_is_logged_without_the_mailbox() {
        assert_eq!(
            nameless(
                "permanent error (550): 5.1.1 <Jane.Example@health.example>: jane.example is\r\nunknown",
                "jane.example"
            ),
            "permanent error (550): 5.1.1 … … is unknown"
        );
    }

    #[test]
    fn mail_takes_one_way() {
        let both = Config {
            smtp_url: Some("smtp://127.0.0.1".to_owned().into()),
            mail_folder: Some("mail".into()),
            ..Config::default()
        };
        let why = Post::of(&both).err().expect("it is refused").to_string();
        assert!(why.contains("both set"), "{why}");
        assert!(Post::of(&Config::default()).expect("no way is a way").is_none());
    }

    #[test]
    fn a_sender_that_is_none_is_refused() {
        for from in [
            "Staffbook",
            "a@b@c",
            "Staffbook <jané@health.example>",
            "x\r\nBcc: a@b.example",
        ] {
            let config = Config {
                mail_folder: Some("mail".into()),
                mail_from: Some(from.to_owned()),
                ..Config::default()
            };
            assert!(Post::of(&config).is_err(), "{from}");
        }
    }
}
