//! How long a mail server may take, and what it says where something goes wrong.

use std::time::Duration;

use anyhow::anyhow;
use async_imap::error::Error;
use tokio::time::timeout;

use crate::operate::sending_mail::nameless;

/// How long the mail server may take to let somebody in, and for an answer.
pub(super) const ANSWER: Duration = Duration::from_secs(60);

/// How long it may take to hand over a mail.
pub(super) const HANDING_OVER: Duration = Duration::from_secs(600);

/// The longest answer of a mail server that is logged, in characters.
const LOGGED: usize = 200;

/// What a step comes to, if the mail server does not take longer than a limit.
pub(super) async fn within<T>(limit: Duration, step: impl Future<Output = Result<T, Error>>) -> anyhow::Result<T> {
    match timeout(limit, step).await {
        Ok(done) => done.map_err(told),
        Err(_) => Err(anyhow!("the mail server does not answer in time")),
    }
}

/// What went wrong, as it may be logged. An answer that cannot be read may be a mail, so it is not repeated.
pub(super) fn told(error: Error) -> anyhow::Error {
    match error {
        Error::No(said) | Error::Bad(said) => anyhow!("the mail server refuses: {}", shortened(&said)),
        Error::ConnectionLost => anyhow!("the mail server has hung up"),
        Error::Io(error) => anyhow!("the line to the mail server fails: {}", error.kind()),
        _ => anyhow!("the mail server's answer cannot be read"),
    }
}

fn shortened(said: &str) -> String {
    nameless(said, "").chars().take(LOGGED).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_mail_server_says_is_logged_without_addresses() {
        let said = told(Error::No(
            "code: None, info: Some(\"jo@health.example is unknown\")".to_owned(),
        ));
        assert_eq!(
            said.to_string(),
            "the mail server refuses: code: None, info: … is unknown\")"
        );
        let of_a_mail = std::io::Error::other("during parsing of From: jo@health.example");
        assert_eq!(
            told(Error::Io(of_a_mail)).to_string(),
            "the line to the mail server fails: other error"
        );
    }
}
