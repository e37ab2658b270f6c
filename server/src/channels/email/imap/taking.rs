//! One mail of a mailbox: fetched, received, and marked as seen.

use anyhow::anyhow;
use async_imap::{Session, error::Error, types::Fetch};
use domain::values::ids::Timestamp;
use futures::TryStreamExt;
use gate::Gate;

use super::{
    line::Line,
    patience::{ANSWER, HANDING_OVER, within},
};
use crate::channels::email::{Incoming, Intake, NotReceived, end_of_headers, give_up, pass_over, receive};

/// Why a mail was not taken.
pub(super) enum Failure {
    /// The line, or the mail server.
    Server(anyhow::Error),
    /// The mail.
    Mail(anyhow::Error),
}

/// Takes one mail, which is recognised by a key: has it received, and marks it as seen then. One that came in no later than
/// what is stale is only noted. Says when it had come in.
pub(super) async fn take(
    key: &str,
    gate: &Gate,
    intake: &Intake,
    session: &mut Session<Line>,
    (uid, stale): (u32, Option<Timestamp>),
) -> Result<Option<Timestamp>, Failure> {
    let (size, at) = described(session, uid).await?;
    let is_known = gate.knows_mail(key).await;
    if !is_known.map_err(|error| Failure::Server(error.into()))? {
        let received = if is_old(at, stale) {
            let headers = headers(session, uid, intake).await?;
            pass_over(gate, intake, key, headers).await
        } else {
            let is_too_large = size > intake.largest();
            let most = if is_too_large {
                intake.beginning() as u64
            } else {
                intake.largest() + 1
            };
            let bytes = beginning(session, uid, most).await?;
            let mail = if is_too_large {
                Incoming::beginning(bytes, size)
            } else {
                bytes.into()
            };
            receive(gate, intake, key, None, mail).await
        };
        if let Err(error) = received {
            return Err(not_received(gate, error).await);
        }
    }
    mark_seen(session, uid).await?;
    Ok(at)
}

/// Sets a mail aside that cannot be received, with its headers where the mail server hands them over.
pub(super) async fn set_aside(
    key: &str,
    gate: &Gate,
    intake: &Intake,
    session: &mut Session<Line>,
    uid: u32,
) -> Result<(), Failure> {
    let headers = match headers(session, uid, intake).await {
        Ok(headers) => headers,
        // The mail server does not hand it over.
        Err(Failure::Mail(_)) => Incoming::beginning(Vec::new(), 0),
        Err(failure @ Failure::Server(_)) => return Err(failure),
    };
    if let Err(error) = give_up(gate, intake, key, headers).await {
        return Err(not_received(gate, error).await);
    }
    mark_seen(session, uid).await
}

/// A mail's size, and when it had come in.
async fn described(session: &mut Session<Line>, uid: u32) -> Result<(u64, Option<Timestamp>), Failure> {
    let said = |fetched: &Fetch| {
        let at = fetched.internal_date().map(|at| Timestamp(at.timestamp_millis()));
        fetched.size.map(|size| (u64::from(size), at))
    };
    fetch(session, uid, "(UID RFC822.SIZE INTERNALDATE)", said).await
}

/// A mail's headers, as far as they are read.
async fn headers(session: &mut Session<Line>, uid: u32, intake: &Intake) -> Result<Incoming, Failure> {
    let (size, _) = described(session, uid).await?;
    let mut bytes = beginning(session, uid, intake.beginning() as u64).await?;
    bytes.truncate(end_of_headers(&bytes));
    Ok(Incoming::beginning(bytes, size))
}

/// At most so many bytes of a mail.
async fn beginning(session: &mut Session<Line>, uid: u32, most: u64) -> Result<Vec<u8>, Failure> {
    let body = |fetched: &Fetch| fetched.body().map(<[u8]>::to_vec);
    fetch(session, uid, &format!("(UID BODY.PEEK[]<0.{most}>)"), body).await
}

/// Whether a mail had come in no later than what is stale. When that is not known, it is taken for old.
fn is_old(at: Option<Timestamp>, stale: Option<Timestamp>) -> bool {
    stale.is_some_and(|stale| at.is_none_or(|at| at <= stale))
}

/// Why a mail was not received, as the loop is told it.
async fn not_received(gate: &Gate, error: NotReceived) -> Failure {
    if error.is_the_mails_own(gate).await {
        Failure::Mail(error.into())
    } else {
        Failure::Server(error.into())
    }
}

/// Fetches something of a mail. The server may tell of changes of flags in between.
async fn fetch<T>(
    session: &mut Session<Line>,
    uid: u32,
    what: &str,
    pick: impl Fn(&Fetch) -> Option<T>,
) -> Result<T, Failure> {
    let fetching = async {
        let mut found = None;
        let mut fetched = session.uid_fetch(uid.to_string(), what).await?;
        while let Some(fetched) = fetched.try_next().await? {
            if fetched.uid == Some(uid) {
                found = pick(&fetched).or(found);
            }
        }
        Ok::<_, Error>(found)
    };
    let found = within(HANDING_OVER, fetching).await.map_err(Failure::Server)?;
    found.ok_or_else(|| Failure::Mail(anyhow!("the mail server does not hand the mail over")))
}

/// Marks a mail as seen. Where that is not allowed, it is not needed either.
async fn mark_seen(session: &mut Session<Line>, uid: u32) -> Result<(), Failure> {
    let command = format!("UID STORE {uid} +FLAGS.SILENT (\\Seen)");
    let marking = async {
        match session.run_command_and_check_ok(command).await {
            Err(Error::No(_) | Error::Bad(_)) => Ok(false),
            Err(error) => Err(error),
            Ok(()) => Ok(true),
        }
    };
    match within(ANSWER, marking).await {
        Ok(is_marked) => {
            if !is_marked {
                tracing::debug!(uid, "a mail cannot be marked as seen");
            }
            Ok(())
        }
        Err(error) => Err(Failure::Server(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_old_if_it_is_no_newer_than_the_last_one_or_says_nothing() {
        let at = |second: i64| Some(Timestamp(second * 1_000));
        assert!(is_old(at(4), at(5)) && is_old(at(5), at(5)) && is_old(None, at(5)));
        assert!(!is_old(at(6), at(5)));
        assert!(!is_old(at(1), None) && !is_old(None, None));
    }
}
