//! Files by email: a mail comes in by a Maildir folder, an IMAP mailbox or the command `server receive-mail`, is read, and is
//! handed to the gate: once, however often it is brought.
//!
//! Each adapter gives a mail a key of its own. The gate keeps key and mail in one transaction; only then does the adapter put
//! the mail away. A process that dies between the two brings it again, and the key is known.

pub mod collecting;
pub mod imap;
pub mod maildir;
mod token;

use std::sync::Arc;

use ::email::{Limits, Mail, Outline, Trust};
use domain::email::{Distrust, Refusal, Why};
use gate::{Arrived, Gate, GateError};

use crate::{
    operate::{config::Config, observe, sending_mail},
    sign_in,
};

/// How often a mail that cannot be received is tried before those behind it are taken: the order of mails counts.
const PATIENCE: u32 = 3;

/// How mails are read, and whose word counts about who sent them.
#[derive(Clone, Debug)]
pub struct Intake {
    limits: Limits,
    trust: Arc<Trust>,
}

impl Intake {
    /// As configured.
    ///
    /// # Errors
    /// When nobody's word would count, or a setting makes no sense.
    pub fn of(config: &Config) -> anyhow::Result<Self> {
        let letters_from = sending_mail::sender(config)?.email.to_string();
        let trust = config.email_trust(&config.email_rules()?.address, &letters_from)?;
        Ok(Self {
            limits: config.email_limits(),
            trust: Arc::new(trust),
        })
    }

    /// The largest mail, in bytes.
    pub(crate) fn largest(&self) -> u64 {
        u64::from(self.limits.mail_mib) * 1024 * 1024
    }

    /// How much is read of a mail that is larger: its headers, and a little to see that they are too long.
    pub(crate) const fn beginning(&self) -> usize {
        self.limits.header_bytes + 1024
    }
}

/// A mail as an adapter brings it: whole, or the beginning of one that is too large.
pub struct Incoming {
    bytes: Vec<u8>,
    size: u64,
}

impl Incoming {
    /// The beginning of a mail that is `size` bytes large, or all of it.
    pub(crate) const fn beginning(bytes: Vec<u8>, size: u64) -> Self {
        Self { bytes, size }
    }
}

impl From<Vec<u8>> for Incoming {
    fn from(bytes: Vec<u8>) -> Self {
        Self {
            size: bytes.len() as u64,
            bytes,
        }
    }
}

/// Why a mail was not received.
#[derive(Debug, thiserror::Error)]
pub enum NotReceived {
    /// The gate did not keep it.
    #[error(transparent)]
    Gate(#[from] GateError),
    /// Reading it ended by a fault of the reader's.
    #[error("the mail cannot be read: a fault of the program")]
    Reader,
}

impl NotReceived {
    /// Whether it is the mail's own fault; otherwise no other mail would be received either.
    pub(crate) async fn is_the_mails_own(&self, gate: &Gate) -> bool {
        match self {
            Self::Gate(GateError::Busy) => false,
            Self::Gate(error) if error.is_unwritable() => false,
            Self::Gate(_) | Self::Reader => gate.knows_mail("").await.is_ok(),
        }
    }
}

/// Receives a mail: reads it, finds out who sent it, and has it kept. A mail whose key is known was received before.
/// `return_path` is the sender of its envelope, if that is known otherwise than by its field Return-Path; it is empty for
/// returned mail.
///
/// # Errors
/// When it was not kept; it is to be brought again.
pub async fn receive(
    gate: &Gate,
    intake: &Intake,
    source_key: &str,
    return_path: Option<&str>,
    mail: impl Into<Incoming>,
) -> Result<(), NotReceived> {
    if gate.knows_mail(source_key).await? {
        return Ok(());
    }
    let mail = mail.into();
    let size = mail.size;
    let (mail, outline) = read(intake, return_path, mail).await?;
    let arrived = Arrived {
        source_key: source_key.to_owned(),
        received: gate.now(),
        size,
        outline,
    };
    match keep(gate, arrived, mail).await {
        Ok(()) => Ok(()),
        // Another process was quicker.
        Err(_) if gate.knows_mail(source_key).await.unwrap_or_default() => Ok(()),
        Err(error) => {
            observe::count_mail("not kept");
            Err(error.into())
        }
    }
}

/// Notes a mail of which nothing is processed, because it lay in its mailbox before others that were taken long ago. Nobody is
/// told, and nothing is kept but what its headers say.
///
/// # Errors
/// When it was not noted; it is to be brought again.
pub(crate) async fn pass_over(
    gate: &Gate,
    intake: &Intake,
    source_key: &str,
    headers: Incoming,
) -> Result<(), NotReceived> {
    let size = headers.size;
    let (mail, outline) = read(intake, None, headers).await?;
    set_aside(gate, source_key, (size, outline), &mail, Why::Old).await?;
    observe::count_mail("older than others");
    Ok(())
}

/// Sets a mail aside that cannot be received. Nobody is believed to have sent it. What its headers say is kept for an operator
/// to look at, unless they are what cannot be read.
///
/// # Errors
/// When it was not kept.
pub(crate) async fn give_up(
    gate: &Gate,
    intake: &Intake,
    source_key: &str,
    headers: Incoming,
) -> Result<(), NotReceived> {
    let Incoming { bytes, size } = headers;
    let limits = intake.limits;
    let outline = tokio::task::spawn_blocking(move || Outline::of(&bytes, &limits)).await;
    let outline = outline.unwrap_or_else(|_| Outline::of(b"", &limits));
    let unread = Mail::read(b"", None, &limits, &intake.trust);
    let why = Why::Distrust(Distrust::Unreadable);
    set_aside(gate, source_key, (size, outline), &unread, why).await?;
    observe::count_mail("not readable");
    Ok(())
}

/// Has a mail set aside, unless it is known by now.
async fn set_aside(
    gate: &Gate,
    source_key: &str,
    (size, outline): (u64, Outline),
    mail: &Mail,
    why: Why,
) -> Result<(), NotReceived> {
    let arrived = Arrived {
        source_key: source_key.to_owned(),
        received: gate.now(),
        size,
        outline,
    };
    match gate.set_mail_aside(arrived, mail, why).await {
        // Another process was quicker.
        Err(_) if gate.knows_mail(source_key).await.unwrap_or_default() => Ok(()),
        kept => Ok(kept?),
    }
}

/// Reads a mail where it holds nothing else up; what it is, and what is kept of it where nothing is taken.
async fn read(intake: &Intake, return_path: Option<&str>, mail: Incoming) -> Result<(Mail, Outline), NotReceived> {
    let (intake, return_path) = (intake.clone(), return_path.map(ToOwned::to_owned));
    let reading = move || {
        let Incoming { mut bytes, size } = mail;
        let is_too_large = size > intake.largest();
        if is_too_large {
            bytes.truncate(end_of_headers(&bytes));
        }
        let mut mail = Mail::read(&bytes, return_path.as_deref(), &intake.limits, &intake.trust);
        if is_too_large {
            mail.file = Err(Refusal::MailTooLarge {
                limit_mib: intake.limits.mail_mib,
            });
        }
        (mail, Outline::of(&bytes, &intake.limits))
    };
    tokio::task::spawn_blocking(reading)
        .await
        .map_err(|_| NotReceived::Reader)
}

/// Has a mail kept: as its sender's where that is proved.
async fn keep(gate: &Gate, arrived: Arrived, mail: Mail) -> Result<(), GateError> {
    if let Some(automatic) = mail.automatic {
        gate.set_mail_aside(arrived, &mail, Why::Automatic(automatic)).await?;
        observe::count_mail("automatic");
        return Ok(());
    }
    match sign_in::by_email(gate, &mail).await? {
        Ok((actor, proof)) => {
            gate.on_behalf_of(&actor).receive_mail(arrived, mail, &proof).await?;
            observe::count_mail("of a known sender");
        }
        Err(distrust) => {
            gate.set_mail_aside(arrived, &mail, Why::Distrust(distrust)).await?;
            observe::count_mail("not authenticated");
        }
    }
    Ok(())
}

/// Whether a mail that fails again and again is logged once more: ever more rarely.
const fn is_worth_a_line(failures: u32) -> bool {
    failures == PATIENCE || (failures > PATIENCE && failures.is_power_of_two())
}

/// Where the empty line behind the headers ends; the end of the bytes if there is none.
fn end_of_headers(bytes: &[u8]) -> usize {
    let ends = [&b"\r\n\r\n"[..], b"\n\n"].map(|end| {
        let at = bytes.windows(end.len()).position(|window| window == end);
        at.map_or(bytes.len(), |at| at + end.len())
    });
    ends[0].min(ends[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_end_behind_the_first_empty_line() {
        assert_eq!(end_of_headers(b"From: a\r\nTo: b\r\n\r\nbody\r\n\r\n"), 18);
        assert_eq!(end_of_headers(b"From: a\n\nbody\r\n\r\n"), 9);
        assert_eq!(end_of_headers(b"From: a\r\nTo: b"), 14);
    }
}
