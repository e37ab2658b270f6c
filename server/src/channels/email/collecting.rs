//! Where mails are collected: the Maildir folder and the IMAP mailbox that are set, each looked into again and again.

use std::time::Duration;

use anyhow::Context;
use gate::Gate;

use super::{Intake, imap::Mailbox, maildir::Maildir};
use crate::operate::{config::Config, observe};

/// The longest pause after something failed.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// What is looked into.
pub(crate) struct Collecting {
    intake: Intake,
    sources: Vec<Source>,
    every: Duration,
}

/// One place where mails wait.
enum Source {
    Maildir(Maildir),
    Imap(Box<Mailbox>),
}

impl Source {
    const fn name(&self) -> &'static str {
        match self {
            Self::Maildir(_) => "maildir",
            Self::Imap(_) => "imap",
        }
    }

    async fn look(&mut self, gate: &Gate, intake: &Intake) -> anyhow::Result<bool> {
        match self {
            Self::Maildir(maildir) => maildir.look(gate, intake).await,
            Self::Imap(mailbox) => mailbox.look(gate, intake).await,
        }
    }
}

impl Collecting {
    /// What is to be looked into, as configured; `None` if nothing is.
    ///
    /// # Errors
    /// When a folder is no Maildir that can be used, or no sender could be believed. That an IMAP server is there is not
    /// looked at: the portal starts without it.
    pub(crate) fn of(config: &Config) -> anyhow::Result<Option<Self>> {
        let mut sources = Vec::new();
        if let Some(folder) = &config.email_maildir {
            sources.push(Source::Maildir(Maildir::open(folder)?));
        }
        if let Some(imap) = config.imap()? {
            sources.push(Source::Imap(Box::new(Mailbox::new(imap)?)));
        }
        if sources.is_empty() {
            return Ok(None);
        }
        Ok(Some(Self {
            intake: Intake::of(config).context("files by email cannot be received")?,
            sources,
            every: Duration::from_secs(config.email_poll_seconds.into()),
        }))
    }

    /// Begins to look, a task for each place, as long as the process lives. A task that is cut off brings its mail again.
    pub(crate) fn start(self, gate: &Gate) {
        for source in self.sources {
            tokio::spawn(collect(source, gate.clone(), self.intake.clone(), self.every));
        }
    }
}

/// Looks into one place again and again, ever more rarely while that fails.
async fn collect(mut source: Source, gate: Gate, intake: Intake, every: Duration) {
    let from = source.name();
    tracing::info!(from, "files by email are received");
    let mut pause = every;
    loop {
        let looked = source.look(&gate, &intake).await;
        observe::tell_mails_taken(from, looked.is_ok());
        match looked {
            Ok(true) => continue,
            Ok(false) => pause = every,
            Err(error) => {
                pause = next_pause(pause, every);
                let seconds = pause.as_secs();
                tracing::error!(
                    from,
                    error = format!("{error:#}"),
                    seconds,
                    "mails cannot be taken; none is lost, and they are tried again after a pause"
                );
            }
        }
        tokio::time::sleep(pause).await;
    }
}

/// How long to wait after a failure that came after a pause.
fn next_pause(pause: Duration, every: Duration) -> Duration {
    pause.saturating_mul(2).min(LONGEST_PAUSE.max(every))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_five_minutes_or_the_interval_that_is_set() {
        let seconds = Duration::from_secs;
        let mut pause = seconds(10);
        let mut pauses = Vec::new();
        for _ in 0..7 {
            pause = next_pause(pause, seconds(10));
            pauses.push(pause.as_secs());
        }
        assert_eq!(pauses, [20, 40, 80, 160, 300, 300, 300]);
        assert_eq!(next_pause(seconds(3_600), seconds(3_600)), seconds(3_600));
    }
}
