//! Mails from a mailbox of a mail server elsewhere, by IMAP (RFC 3501). They stay there, marked as seen.
//!
//! What was read is known by the mailbox's UIDVALIDITY and the last UID, which are kept once the mails up to it are. A
//! mailbox with another UIDVALIDITY, or another name, is read anew from its first mail. What was there before is only noted:
//! nothing is processed that came in before the newest mail taken so far, by the mail server's own clock (INTERNALDATE), or
//! the stalest files would become the latest. And the gate tells by sender, Message-ID and file that a mail came before.

mod found;
mod line;
mod patience;
mod taking;

use std::collections::{HashMap, HashSet};

use anyhow::{Context, bail};
use async_imap::{Authenticator, Client, Session, types::Mailbox as Selected};
use domain::values::ids::Timestamp;
use gate::Gate;
use tokio::time::timeout;

use self::{
    found::{Found, found, remember},
    line::{Connector, Line},
    patience::{ANSWER, told, within},
    taking::{Failure, set_aside, take},
};
use super::{Intake, PATIENCE, is_worth_a_line, token::Tokens};
use crate::operate::config::{Imap, Secret, SigningIn};

/// How often a mail is tried that cannot be received. Then it is set aside.
const TRIES: u32 = 60;

/// A mailbox that is read by IMAP.
pub struct Mailbox {
    settings: Imap,
    connector: Connector,
    proof: Proof,
    /// What its mails' keys begin with, and it is remembered by.
    name: String,
    /// Signed in, while the line holds.
    session: Option<Session<Line>>,
    /// The UIDVALIDITY of the UIDs that are remembered below.
    validity: Option<u32>,
    /// How often mails could not be received, by UID.
    failed: HashMap<u32, u32>,
    /// The UIDs of mails that are done with, behind one that is not.
    settled: HashSet<u32>,
}

/// What proves who signs in.
enum Proof {
    Password(Secret),
    Tokens(Box<Tokens>),
}

impl Mailbox {
    /// The mailbox as configured; it is not connected to yet.
    ///
    /// # Errors
    /// When nothing is there to check the mail server's certificate by.
    pub(crate) fn new(settings: Imap) -> anyhow::Result<Self> {
        let connector = Connector::new(&settings)?;
        let proof = match &settings.signing_in {
            SigningIn::Password(password) => Proof::Password(password.clone()),
            SigningIn::Token(source) => Proof::Tokens(Box::new(Tokens::new(source.clone()))),
        };
        Ok(Self {
            name: format!("imap:{}@{}/{}", settings.user, settings.host, settings.folder),
            settings,
            connector,
            proof,
            session: None,
            validity: None,
            failed: HashMap::new(),
            settled: HashSet::new(),
        })
    }

    /// Takes the mails that came since the last time, in their order; says whether there are more.
    ///
    /// # Errors
    /// When one could not be taken, or the mail server fails. What was not taken is still there.
    pub(crate) async fn look(&mut self, gate: &Gate, intake: &Intake) -> anyhow::Result<bool> {
        let (mut session, selected) = self.select().await?;
        let Some(found) = found(&self.name, gate, &mut session, &selected).await? else {
            self.session = Some(session);
            return Ok(false);
        };
        if self.validity != Some(found.validity) {
            self.validity = Some(found.validity);
            self.failed.clear();
            self.settled.clear();
        }
        let (uids, are_more) = found.chosen(&self.settled, &self.failed);
        let before = self.settled.len();
        let (newest, outcome) = self.take_all(gate, intake, &mut session, &found, &uids).await;
        let is_further = self.settled.len() > before;
        let done = found.done(&self.settled);
        remember(&self.name, gate, &found, (done, newest)).await?;
        self.settled.retain(|uid| i64::from(*uid) > done);
        match outcome {
            Ok(()) => {
                self.session = Some(session);
                Ok(are_more && is_further)
            }
            Err(Failure::Mail(error)) => {
                self.session = Some(session);
                Err(error)
            }
            Err(Failure::Server(error)) => Err(error),
        }
    }

    /// The folder, selected on the line that is open; on another if that is broken.
    async fn select(&mut self) -> anyhow::Result<(Session<Line>, Selected)> {
        if let Some(mut session) = self.session.take()
            && let Ok(selected) = within(ANSWER, session.select(&self.settings.folder)).await
        {
            return Ok((session, selected));
        }
        let mut session = self.sign_in().await?;
        let selected = within(ANSWER, session.select(&self.settings.folder)).await;
        let selected = selected.context("the folder of PORTAL_EMAIL_IMAP_URL cannot be opened")?;
        Ok((session, selected))
    }

    async fn sign_in(&mut self) -> anyhow::Result<Session<Line>> {
        let line = timeout(ANSWER, self.connector.connect()).await;
        let line = line.context("the mail server does not answer in time")??;
        let mut client = Client::new(line);
        let greeting = timeout(ANSWER, client.read_response()).await;
        let greeting = greeting.context("the mail server does not answer in time")?;
        let greeting = greeting.map_err(|error| told(error.into()))?;
        if greeting.is_none() {
            bail!("the mail server hangs up at once");
        }
        let user = self.settings.user.as_str();
        let signed_in = match &mut self.proof {
            Proof::Password(password) => {
                let signing_in = async { client.login(user, password.reveal()).await.map_err(|(error, _)| error) };
                within(ANSWER, signing_in).await
            }
            Proof::Tokens(tokens) => {
                let token = tokens.token().await?;
                let token = XOAuth2(Some(format!("user={user}\x01auth=Bearer {token}\x01\x01")));
                let signing_in = async { client.authenticate("XOAUTH2", token).await.map_err(|(error, _)| error) };
                let signed_in = within(ANSWER, signing_in).await;
                if signed_in.is_err() {
                    tokens.forget();
                }
                signed_in
            }
        };
        signed_in.context("the portal cannot sign in to the IMAP mailbox")
    }

    /// Takes mails one after another. Says when the newest one taken so far had come in, and what kept others from being taken.
    async fn take_all(
        &mut self,
        gate: &Gate,
        intake: &Intake,
        session: &mut Session<Line>,
        found: &Found,
        uids: &[u32],
    ) -> (Option<Timestamp>, Result<(), Failure>) {
        let mut newest = found.newest;
        for &uid in uids {
            let key = format!("{}/{}/{uid}", self.name, found.validity);
            let error = match take(&key, gate, intake, session, (uid, found.stale)).await {
                Ok(at) => {
                    self.failed.remove(&uid);
                    self.settled.insert(uid);
                    // A mail that claims to be from the future must not make all others old.
                    newest = newest.max(at.map(|at| at.min(gate.now())));
                    continue;
                }
                Err(Failure::Mail(error)) => error,
                Err(failure @ Failure::Server(_)) => return (newest, Err(failure)),
            };
            let failures = self.failed.entry(uid).or_default();
            *failures += 1;
            if *failures < PATIENCE {
                return (newest, Err(Failure::Mail(error)));
            }
            let error = format!("{error:#}");
            if *failures < TRIES {
                if is_worth_a_line(*failures) {
                    tracing::error!(uid, error, "a mail cannot be received; those behind it are");
                }
                continue;
            }
            tracing::error!(
                uid,
                error,
                "a mail cannot be received; it is set aside, and not tried again"
            );
            match set_aside(&key, gate, intake, session, uid).await {
                Ok(()) => {}
                Err(Failure::Mail(error)) => {
                    let error = format!("{error:#}");
                    tracing::error!(
                        uid,
                        error,
                        "a mail cannot be set aside either; it is left in the mailbox, unseen"
                    );
                }
                Err(failure @ Failure::Server(_)) => return (newest, Err(failure)),
            }
            self.failed.remove(&uid);
            self.settled.insert(uid);
        }
        (newest, Ok(()))
    }
}

/// Signs in by an access token. The server answers a wrong one with a text, which is answered by nothing.
struct XOAuth2(Option<String>);

impl Authenticator for XOAuth2 {
    type Response = String;

    fn process(&mut self, _challenge: &[u8]) -> String {
        self.0.take().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_token_is_answered_by_nothing() {
        let mut token = XOAuth2(Some("user=data\x01auth=Bearer abc\x01\x01".to_owned()));
        assert_eq!(token.process(b""), "user=data\x01auth=Bearer abc\x01\x01");
        assert_eq!(token.process(b"{\"status\":\"400\"}"), "");
    }
}
