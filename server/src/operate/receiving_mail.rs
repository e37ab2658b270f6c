//! The command by which a mail server hands over one mail, as Postfix's pipe(8) does: it reads the mail from standard input
//! and ends with a number of sysexits.h that tells the mail server what to do with it.
//!
//! A mail server returns what it is told is unusable to the envelope's sender, whom anybody can make up. So whatever is a mail
//! is kept here, as refused or set aside, and the mail server has done its part.

use std::{
    io::{self, Read},
    process::ExitCode,
};

use anyhow::{Context, bail};
use clap::Args;
use sha2::{Digest, Sha256};

use crate::{
    channels::email::{Incoming, Intake, receive},
    operate::{commands, config::Config},
};

/// There is no mail, and nothing to bring again: `EX_DATAERR`.
const NO_MAIL: u8 = 65;

/// Something failed here, and the mail is to be brought again: `EX_TEMPFAIL`.
pub const TRY_AGAIN: u8 = 75;

/// What a mail server says about the mail.
#[derive(Args)]
pub struct ReceiveMail {
    /// The mail server's number for the mail, by which it is recognised when it is brought again.
    #[arg(long, value_name = "ID")]
    queue_id: Option<String>,
    /// The sender of the envelope; empty for returned mail. Without it, the field Return-Path counts.
    #[arg(long, value_name = "ADDRESS")]
    return_path: Option<String>,
}

/// Takes the mail at standard input. Ends well once it is kept.
///
/// # Errors
/// When anything fails; the mail is to be brought again.
pub async fn run(config: Config, said: ReceiveMail) -> anyhow::Result<ExitCode> {
    // Whatever goes wrong here must not lose the mail: a task of its own cannot take the process with it.
    tokio::spawn(take(config, said))
        .await
        .context("the mail was not taken")?
}

async fn take(config: Config, said: ReceiveMail) -> anyhow::Result<ExitCode> {
    let intake = Intake::of(&config)?;
    let most = intake.largest() + 1;
    let input = tokio::task::spawn_blocking(move || read(&mut io::stdin().lock(), most)).await?;
    let (bytes, size) = input.context("standard input cannot be read")?;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        eprintln!("Error: there is no mail at standard input");
        return Ok(ExitCode::from(NO_MAIL));
    }
    let key = source_key(said.queue_id.as_deref(), &bytes)?;
    let return_path = said.return_path.as_deref().map(sender);
    let gate = commands::open_made(&config).await?;
    receive(&gate, &intake, &key, return_path, Incoming::beginning(bytes, size)).await?;
    Ok(ExitCode::SUCCESS)
}

/// At most so many bytes of an input, and how many it has. It is read to its end: the mail server would take a mail that is
/// left half-way for one to bring again.
fn read(input: &mut impl Read, most: u64) -> io::Result<(Vec<u8>, u64)> {
    let mut bytes = Vec::new();
    input.by_ref().take(most).read_to_end(&mut bytes)?;
    let rest = io::copy(input, &mut io::sink())?;
    let size = bytes.len() as u64 + rest;
    Ok((bytes, size))
}

/// By what a mail is recognised. Mail servers use short queue IDs again, so the mail counts as well.
fn source_key(queue_id: Option<&str>, bytes: &[u8]) -> anyhow::Result<String> {
    let hash = Sha256::digest(bytes);
    let hex = |count: usize| {
        hash.iter()
            .take(count)
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    match queue_id.map(str::trim).filter(|id| !id.is_empty()) {
        Some(id) if id.len() > 200 || !id.bytes().all(|sign| sign.is_ascii_graphic()) => {
            bail!("--queue-id must be at most 200 letters, digits and signs")
        }
        Some(id) => Ok(format!("pipe:{id}/{}", hex(8))),
        None => Ok(format!("pipe:sha256/{}", hex(32))),
    }
}

/// The sender of an envelope: without brackets, and empty where mail servers write of their own.
fn sender(said: &str) -> &str {
    let address = said.trim().trim_start_matches('<').trim_end_matches('>');
    if address.eq_ignore_ascii_case("MAILER-DAEMON") {
        ""
    } else {
        address
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_is_read_to_its_end_and_kept_as_far_as_it_may_be() {
        let mut input = &b"From: a"[..];
        assert_eq!(read(&mut input, 4).unwrap(), (b"From".to_vec(), 7));
        assert!(input.is_empty());
        assert_eq!(read(&mut &b"From"[..], 4).unwrap(), (b"From".to_vec(), 4));
        assert_eq!(read(&mut &b""[..], 4).unwrap(), (Vec::new(), 0));
    }

    #[test]
    fn a_mail_is_recognised_by_its_queue_id_and_what_it_is() {
        let key = |id, bytes: &[u8]| source_key(id, bytes).unwrap();
        let first = key(Some("4gKbT21xYzz"), b"one");
        assert!(first.starts_with("pipe:4gKbT21xYzz/") && first.len() == 33, "{first}");
        assert_eq!(first, key(Some(" 4gKbT21xYzz "), b"one"));
        assert_ne!(first, key(Some("4gKbT21xYzz"), b"another"));
        let without = key(None, b"one");
        assert_eq!(without, key(Some(""), b"one"));
        assert_eq!(without.len(), "pipe:sha256/".len() + 64);
        assert!(source_key(Some("a b"), b"one").is_err());
    }

    #[test]
    fn an_envelope_without_a_sender_is_told_from_one_with() {
        for empty in ["", "<>", "MAILER-DAEMON", " "] {
            assert_eq!(sender(empty), "");
        }
        assert_eq!(sender("<jo@health.example>"), "jo@health.example");
        assert_eq!(sender("jo@health.example"), "jo@health.example");
    }
}
