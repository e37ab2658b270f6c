//! The mail server's end of the line. A line is kept open while letters follow one another.
//!
//! lettre speaks the protocol; its commands are given one by one here, because only so can it be told whether a line
//! broke before the letter was handed over, when it may be sent again, or behind it, when it may not.

use std::{fmt, time::Duration};

use anyhow::{Context, bail};
use lettre::{
    Message,
    transport::smtp::{
        Error,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::ClientId,
        response::Code,
    },
};
use percent_encoding::percent_decode_str;
use tokio::time::timeout;
use url::{Host, Url};

use super::handover::Handover;
use crate::operate::config::is_loopback;

/// How long opening a line may take, signing in included.
const OPENING: Duration = Duration::from_secs(60);
/// How long the server may take to answer a command.
const ANSWER: Duration = Duration::from_secs(60);
/// How long it may take to answer for a whole letter: it may look through it first. RFC 5321 (4.5.3.2.6) asks for ten
/// minutes; with less, letters would be given up that were taken.
const ANSWER_TO_LETTER: Duration = Duration::from_secs(600);
/// How long to be polite for when hanging up.
const GOODBYE: Duration = Duration::from_secs(5);

/// A mail server, and the line to it while there is one.
pub(super) struct Smtp {
    server: Server,
    line: Option<AsyncSmtpConnection>,
}

/// How a mail server is reached.
struct Server {
    host: String,
    port: u16,
    hello: ClientId,
    encryption: Encryption,
    credentials: Option<Credentials>,
}

enum Encryption {
    /// The whole line is encrypted: `smtps://`.
    Whole(TlsParameters),
    /// It is encrypted from the first moment on that the protocol allows: `smtp://…?tls=required`.
    Upgrade(TlsParameters),
    /// Never; for a server on this machine.
    None,
}

/// Why a step was not done.
enum Failure {
    /// The server, or the way to it, failed, or the server said no.
    Said(Error),
    /// No answer came in time.
    Late,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Said(error) => error.fmt(f),
            Self::Late => f.write_str("the mail server did not answer in time"),
        }
    }
}

impl Failure {
    /// Whether it is the server's own word on the letter.
    fn is_answer(&self) -> bool {
        matches!(self, Self::Said(error) if error.is_permanent() || error.is_transient())
    }

    /// What it means for a letter that was not handed over.
    fn before_the_letter(&self) -> Handover {
        match self {
            Self::Said(error) if error.is_permanent() && is_too_large(error.status(), &error.to_string()) => {
                Handover::TooLarge(self.to_string())
            }
            Self::Said(error) if error.is_permanent() => Handover::Refused(self.to_string()),
            Self::Said(_) | Self::Late => Handover::NotNow(self.to_string()),
        }
    }
}

impl Server {
    /// Reads `smtps://user:password@host:port/own-name`, or `smtp://…?tls=required`. User and password, port and the
    /// name that the portal gives itself may be left out; signs that have a meaning in a URL are written as `%40`.
    ///
    /// # Errors
    /// When it is no such address.
    fn parse(url: &str) -> anyhow::Result<Self> {
        // The error must not repeat the address, which holds a password.
        let url = Url::parse(url).context("it is not an address")?;
        let host = match url.host() {
            Some(Host::Ipv6(ip)) => ip.to_string(),
            Some(host) => host.to_string(),
            None => bail!("it names no mail server"),
        };
        let tls = url.query_pairs().find(|(name, _)| name == "tls");
        let encrypted = || TlsParameters::new(host.clone()).context("encryption cannot be set up");
        // The ports are the registered ones: submissions 465, submission 587, smtp 25.
        let (encryption, port) = match (url.scheme(), tls.as_ref().map(|(_, value)| &**value)) {
            ("smtps", None) => (Encryption::Whole(encrypted()?), 465),
            ("smtp", Some("required")) => (Encryption::Upgrade(encrypted()?), 587),
            ("smtp", None) => (Encryption::None, 25),
            _ => bail!("it begins with smtps://, or with smtp:// and ends in ?tls=required"),
        };
        if matches!(encryption, Encryption::None) && !is_loopback(&host) {
            tracing::warn!(
                host,
                "mail is sent unencrypted; smtps:// or ?tls=required would encrypt it"
            );
        }
        let decoded = |part: &str| percent_decode_str(part).decode_utf8_lossy().into_owned();
        let credentials = url
            .password()
            .map(|password| Credentials::new(decoded(url.username()), decoded(password)));
        let hello = match url.path().trim_matches('/') {
            "" => ClientId::default(),
            name => ClientId::Domain(name.to_owned()),
        };
        Ok(Self {
            port: url.port().unwrap_or(port),
            host,
            hello,
            encryption,
            credentials,
        })
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let whole = match &self.encryption {
            Encryption::Whole(tls) => Some(tls.clone()),
            Encryption::Upgrade(_) | Encryption::None => None,
        };
        let server = (self.host.as_str(), self.port);
        let mut line = AsyncSmtpConnection::connect_tokio1(server, Some(OPENING), &self.hello, whole, None).await?;
        if let Encryption::Upgrade(tls) = &self.encryption {
            line.starttls(tls.clone(), &self.hello).await?;
        }
        if let Some(credentials) = &self.credentials {
            line.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(line)
    }
}

impl Smtp {
    /// The mail server at an address; the line to it is opened with the first letter.
    ///
    /// # Errors
    /// When it is no address of a mail server.
    pub(super) fn parse(url: &str) -> anyhow::Result<Self> {
        let server = Server::parse(url)?;
        Ok(Self { server, line: None })
    }

    /// Hands a mail over.
    pub(super) async fn hand_over(&mut self, message: &Message) -> Handover {
        // Whatever keeps a line from being opened, a wrong password too, is not the letter's fault.
        let mut line = match self.open().await {
            Ok(line) => line,
            Err(failure) => return Handover::NotNow(failure.to_string()),
        };
        let handover = say(&mut line, message).await;
        match handover {
            Handover::Taken => self.line = Some(line),
            Handover::Refused(_)
            | Handover::TooLarge(_)
            | Handover::NotNow(_)
            | Handover::Unknown(_)
            | Handover::NotNeeded => close(line).await,
        }
        handover
    }

    /// Closes the line, where one is open.
    pub(super) async fn hang_up(&mut self) {
        if let Some(line) = self.line.take() {
            close(line).await;
        }
    }

    /// The line that is open, if the server has not hung up meanwhile; else another.
    async fn open(&mut self) -> Result<AsyncSmtpConnection, Failure> {
        if let Some(mut line) = self.line.take() {
            if timeout(ANSWER, line.test_connected()).await.unwrap_or(false) {
                return Ok(line);
            }
            close(line).await;
        }
        within(OPENING, self.server.connect()).await
    }
}

/// Says one mail on an open line.
async fn say(line: &mut AsyncSmtpConnection, message: &Message) -> Handover {
    let envelope = message.envelope();
    // What is wrong with the sender is wrong with every letter: the operator mends it, and this one goes out then.
    if let Err(failure) = within(ANSWER, line.command(Mail::new(envelope.from().cloned(), vec![]))).await {
        return Handover::NotNow(failure.to_string());
    }
    for to in envelope.to() {
        if let Err(failure) = within(ANSWER, line.command(Rcpt::new(to.clone(), vec![]))).await {
            return failure.before_the_letter();
        }
    }
    if let Err(failure) = within(ANSWER, line.command(Data)).await {
        return failure.before_the_letter();
    }
    // From here on the letter is on its way, and only the server's own word says that it was not taken.
    match within(ANSWER_TO_LETTER, line.message(&message.formatted())).await {
        Ok(_) => Handover::Taken,
        Err(failure) if failure.is_answer() => failure.before_the_letter(),
        Err(failure) => Handover::Unknown(failure.to_string()),
    }
}

/// Whether a mail server's last word is that a letter is too large: 552 (RFC 5321), or a code of RFC 3463 with another
/// number in front.
fn is_too_large(status: Option<Code>, said: &str) -> bool {
    let codes = ["5.2.3", "5.3.4"];
    status.is_some_and(|status| u16::from(status) == 552) || said.split_whitespace().any(|word| codes.contains(&word))
}

async fn close(mut line: AsyncSmtpConnection) {
    let _ = timeout(GOODBYE, line.abort()).await;
}

async fn within<T>(limit: Duration, step: impl Future<Output = Result<T, Error>>) -> Result<T, Failure> {
    match timeout(limit, step).await {
        Ok(done) => done.map_err(Failure::Said),
        Err(_) => Err(Failure::Late),
    }
}

#[cfg(test)]
mod tests {
    use lettre::transport::smtp::response::{Category, Detail, Severity};

    use super::*;

    #[test]
    fn a_letter_that_is_too_large_is_told_from_one_that_is_unwanted() {
        let status = |detail| {
            let severity = Severity::PermanentNegativeCompletion;
            Some(Code::new(severity, Category::MailSystem, detail))
        };
        assert!(is_too_large(status(Detail::Two), "permanent error (552): too much"));
        for said in [
            "permanent error (554): 5.3.4 Message too big for system",
            "permanent error (550): 5.2.3 Message length exceeds limit",
        ] {
            assert!(is_too_large(status(Detail::Four), said), "{said}");
        }
        let unwanted = "permanent error (550): 5.1.1 <5.3.4@health.example>: unknown";
        assert!(!is_too_large(status(Detail::Zero), unwanted));
        assert!(!is_too_large(None, "the line broke"));
    }

    #[test]
    fn an_address_says_how_to_reach_the_server() {
        let server = Server::parse("smtps://portal%40health.example:a%2Fb@mail.example:1465/portal.example").unwrap();
        assert_eq!((server.host.as_str(), server.port), ("mail.example", 1465));
        assert!(matches!(server.encryption, Encryption::Whole(_)));
        assert_eq!(server.hello, ClientId::Domain("portal.example".into()));
        let credentials = Credentials::new("portal@health.example".into(), "a/b".into());
        assert_eq!(server.credentials, Some(credentials));

        let server = Server::parse("smtp://mail.example?tls=required").unwrap();
        assert!(matches!(server.encryption, Encryption::Upgrade(_)));
        assert_eq!((server.port, server.credentials.is_none()), (587, true));

        let server = Server::parse("smtp://[::1]:2525").unwrap();
        assert!(matches!(server.encryption, Encryption::None));
        assert_eq!((server.host.as_str(), server.port), ("::1", 2525));
    }

    #[test]
    fn what_is_no_address_is_refused_without_repeating_it() {
        for url in [
            "mail.example",
            "http://hunter2@mail.example",
            "smtp://user:hunter2@mail.example?tls=opportunistic",
            "smtps:user:hunter2",
            "smtp://user:hunter2@mail.example:99999",
        ] {
            let why = format!("{:#}", Server::parse(url).err().expect(url));
            assert!(!why.contains("hunter2"), "{why}");
        }
    }
}
