//! What came by email, for operators, for connectors and those who see them, and on the page of a file.

use domain::{
    channel::Channel,
    connector::is_silent,
    email::{Intake, Why},
    organisation::{OrganisationCode, UnitPath},
    submission::State,
    trail::{Happening, Record},
    values::ids::{AccountId, SubmissionId, Timestamp},
};
use store::{
    access::{
        counts,
        email::{
            messages::{self, Message, MessageQuery},
            runs::{self, Run},
        },
    },
    directory::organisations,
    submissions::Submission,
};

use super::{
    counting::{Among, chosen},
    running::{WouldRun, as_left, not_applied, over_everything},
};
use crate::{GateError, Visit, calendar::day_number, connectors::watching::LOOKED_BACK, submissions::claims::commit};

/// Mails that were set aside and stand on one page.
pub const EMAILS_A_PAGE: u64 = 50;

/// Mails of a connector that its page shows.
const OF_CONNECTOR: u64 = 20;

/// Seconds that an overview looks back: thirty days.
const OVERVIEW: i64 = 30 * 86_400;

/// How files by email get on, for who runs the portal.
#[derive(Clone, Debug)]
pub struct EmailOverview {
    /// Mails of the last 30 days, by what became of them.
    pub counts: Vec<(Intake, u64)>,
    /// Files that wait, for the run or for an administrator.
    pub waiting: u64,
    /// How many of them a run would apply at this moment, if only some of their rows.
    pub to_apply: u64,
    /// How many of them later ones replace altogether.
    pub to_replace: u64,
    /// How many of them wait for an administrator.
    pub held: u64,
    /// When the oldest of them came in.
    pub oldest_waiting: Option<Timestamp>,
    /// The run that was begun last, under way or not.
    pub last_run: Option<EmailRun>,
    /// When the next daily run begins.
    pub next_run: Timestamp,
    /// Why mails of the last 30 days were refused or set aside, the most frequent reason first.
    pub reasons: Vec<(Why, u64)>,
    /// Who has written Authentication-Results into the latest mails, each with how many mails.
    pub authserv_ids: Vec<(String, u64)>,
}

/// A run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailRun {
    /// When it was begun.
    pub started: Timestamp,
    /// When it had decided on everything; `None` if it is under way.
    pub finished: Option<Timestamp>,
    /// Who began it; empty if that was the clock.
    pub by_name: String,
    /// Files that it applied, if only some of their rows.
    pub applied: u32,
    /// Files that later ones had replaced.
    pub superseded: u32,
    /// Files that wait for an administrator.
    pub held: u32,
    /// Files of which nothing was applied: their senders could not send for them any more, or they were discarded meanwhile.
    pub not_applied: u32,
}

/// A mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailMessage {
    /// Its number.
    pub seq: i64,
    /// When it came in.
    pub received: Timestamp,
    /// The address that it says it is from; empty if it does not say.
    pub from: String,
    /// Its subject.
    pub subject: String,
    /// Its size in bytes.
    pub size: u64,
    /// What became of it.
    pub intake: Intake,
    /// Why, where it is no submission.
    pub why: Option<Why>,
    /// The name of its file.
    pub file_name: Option<String>,
    /// Whether its source may still be kept.
    pub has_source: bool,
}

/// What a connector sent by email.
#[derive(Clone, Debug)]
pub struct ConnectorEmails {
    /// The latest that the asker may see, newest first; each with its file, where there is one. At most 20.
    pub mails: Vec<(EmailMessage, Option<Submission>)>,
    /// How many others there are among the latest, which are about organisations that the asker does not see.
    pub elsewhere: u32,
    /// Of their files that wait, those that later ones replace altogether.
    pub replaced: Vec<SubmissionId>,
    /// The newest file that waits.
    pub waiting: Option<Submission>,
    /// When the oldest file that waits came in.
    pub oldest_waiting: Option<Timestamp>,
    /// When the next daily run begins.
    pub next_run: Timestamp,
    /// When the connector was last in contact, by email or otherwise.
    pub last_contact: Option<Timestamp>,
    /// Since when there was no contact, if that is longer than usual.
    pub silent_since: Option<Timestamp>,
}

/// What is known of the mail that a submission came in.
#[derive(Clone, Debug)]
pub struct EmailOfSubmission {
    /// The mail's number.
    pub seq: i64,
    /// When it came in.
    pub received: Timestamp,
    /// Who sent it, by name.
    pub sender: String,
    /// Older files of which it replaces something, newest first; those that the asker sees.
    pub replaces: Vec<Submission>,
    /// The newest file that replaces something of it, if the asker sees that.
    pub replaced_by: Option<Submission>,
    /// Whether it waits and later files replace all of it.
    pub is_replaced: bool,
    /// Whether it waits, and its sender may not send for any of what is left of it any more.
    pub is_barred: bool,
    /// It as it would be applied at this moment, where later files take some of its rows while it waits.
    pub left: Option<Submission>,
    /// When the next daily run begins.
    pub next_run: Timestamp,
    /// Whether the asker may withdraw it.
    pub may_withdraw: bool,
    /// Whether the asker may have it applied before the run, or discard it: newer files leave something of it.
    pub may_apply: bool,
}

impl Visit<'_> {
    /// How files by email get on.
    ///
    /// # Errors
    /// `Denied` for anybody who is not over the whole federation.
    pub async fn email_overview(&self) -> Result<EmailOverview, GateError> {
        over_everything(&self.authority().await?)?;
        let (gate, db) = (self.gate, self.gate.store.reader());
        let since = gate.now().plus_seconds(-OVERVIEW);
        let would = gate.would_run_email().await?;
        let count = |is_one: fn(&WouldRun) -> bool| would.iter().filter(|one| is_one(one)).count() as u64;
        let last_run = match runs::last(db).await? {
            Some(last) => {
                // One that is under way has counted nothing yet.
                let not_applied = match last.finished_at {
                    Some(_) => not_applied(db, last.id, last.counts).await?,
                    None => 0,
                };
                Some(run(last, not_applied))
            }
            None => None,
        };
        Ok(EmailOverview {
            counts: messages::counts(db, since).await?,
            waiting: would.len() as u64,
            to_apply: count(WouldRun::is_applied),
            to_replace: count(WouldRun::is_replaced),
            held: count(|one| one.held),
            oldest_waiting: would.last().map(|oldest| oldest.received),
            last_run,
            next_run: gate.next_email_run(),
            reasons: messages::reasons(db, since).await?,
            authserv_ids: messages::authserv_ids(db, since).await?,
        })
    }

    /// The mails that were refused or set aside, newest first; and before which number the next page goes on, if there is
    /// one.
    ///
    /// # Errors
    /// As [`Self::email_overview`].
    pub async fn email_set_aside(&self, before: Option<i64>) -> Result<(Vec<EmailMessage>, Option<i64>), GateError> {
        over_everything(&self.authority().await?)?;
        let query = MessageQuery {
            sender: None,
            set_aside: true,
            before,
            limit: EMAILS_A_PAGE + 1,
        };
        let mut found = messages::list(self.gate.store.reader(), &query).await?;
        let more = found.len() as u64 > EMAILS_A_PAGE;
        found.truncate(usize::try_from(EMAILS_A_PAGE).unwrap_or(usize::MAX));
        let next = found.last().map(|last| last.seq).filter(|_| more);
        Ok((found.into_iter().map(mail).collect(), next))
    }

    /// The source of a mail that was refused or set aside, as far as it is kept. It is recorded that it was taken away.
    ///
    /// # Errors
    /// As [`Self::email_overview`]; `NotFound` where it is not kept.
    pub async fn email_source(&self, seq: i64) -> Result<Vec<u8>, GateError> {
        let gate = self.gate;
        let tx = gate.store.begin().await?;
        let rights = over_everything(&gate.authority(&tx, self.actor).await?)?;
        let source = messages::source(&tx, seq).await?.ok_or(GateError::NotFound)?;
        tx.record(Record {
            at: gate.now(),
            actor: self.actor.account(),
            actor_name: self.actor.name().to_owned(),
            organisation: None,
            person: None,
            rights,
            happening: Happening::EmailSourceRead { mail: seq },
        });
        commit(tx).await?;
        Ok(source)
    }

    /// What a connector sent by email: the actor, or one of the actor's scope. Of the files, only those that the actor sees.
    ///
    /// # Errors
    /// `NotFound` where the account is Connector of nothing there; `Denied` where the actor sees no connectors.
    pub async fn connector_emails(&self, connector: AccountId) -> Result<ConnectorEmails, GateError> {
        self.see_connector(connector).await?;
        let (gate, db, now) = (self.gate, self.gate.store.reader(), self.gate.now());
        let query = MessageQuery {
            sender: Some(connector),
            set_aside: false,
            before: None,
            limit: OF_CONNECTOR,
        };
        // What was refused says of no organisation whether it is about that: it could be any that the connector sends for.
        let sees_all = self.sees_all_of(connector).await?;
        let (mut mails, mut elsewhere) = (Vec::new(), 0);
        for message in messages::list(db, &query).await? {
            let file = self.seen_file(&message).await?;
            match file.is_some() || (sees_all && message.mail.submission.is_none()) {
                true => mails.push((mail(message), file)),
                false => elsewhere += 1,
            }
        }
        let (mut newest, mut oldest_waiting) = (None, None);
        for (message, _) in messages::waiting(db, None, None).await? {
            if message
                .mail
                .sender
                .as_ref()
                .is_none_or(|(sender, _)| *sender != connector)
            {
                continue;
            }
            if let Some(file) = self.seen_file(&message).await? {
                oldest_waiting = Some(message.mail.received_at);
                newest = newest.or(Some(file));
            }
        }
        let files: Vec<_> = mails.iter().filter_map(|(_, file)| file.clone()).collect();
        let replaced = self.replaced_among(&files).await?;
        let days = counts::days(db, connector, day_number(now) - LOOKED_BACK).await?;
        let last_contact = match days.first() {
            Some(latest) => Some(latest.last_at),
            None => counts::last_contact(db, connector).await?,
        };
        let numbers: Vec<_> = days.iter().map(|day| day.day).collect();
        Ok(ConnectorEmails {
            mails,
            elsewhere,
            replaced,
            waiting: newest,
            oldest_waiting,
            next_run: gate.next_email_run(),
            last_contact,
            silent_since: last_contact.filter(|last| is_silent(&numbers, *last, now)),
        })
    }

    /// Those of some submissions that wait for the run, while later ones replace them altogether.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn replaced_among(&self, files: &[Submission]) -> Result<Vec<SubmissionId>, GateError> {
        let waiting = files.iter().filter(|file| file.waits_for_the_run());
        let waiting: Vec<_> = waiting.map(|file| file.id.clone()).collect();
        let mut replaced = Vec::new();
        if !waiting.is_empty() {
            for (message, becomes) in chosen(self.gate, self.gate.store.reader(), Among::All).await? {
                let file = message.mail.submission.filter(|file| waiting.contains(file));
                replaced.extend(file.filter(|_| becomes.is_replaced()));
            }
        }
        Ok(replaced)
    }

    /// The mail that a submission came in; `None` if it came otherwise.
    ///
    /// # Errors
    /// `NotFound` where the actor does not see the submission.
    pub async fn email_of(&self, id: &SubmissionId) -> Result<Option<EmailOfSubmission>, GateError> {
        let submission = self.submission(id).await?;
        if submission.channel != Channel::EmailCsv {
            return Ok(None);
        }
        let (gate, db) = (self.gate, self.gate.store.reader());
        let Some(message) = messages::of_submission(db, id).await? else {
            return Ok(None);
        };
        let waits = submission.state == State::Planned;
        let names = messages::organisations(db, message.seq).await?;
        // Beside which others it waits, or has been decided on.
        let beside = Among::Naming {
            names: &names,
            up_to: (!waits).then_some(0),
            run: message.run.filter(|_| !waits),
            without: None,
        };
        let (mut replaces, mut replaced_by, mut left) = (Vec::new(), None, None);
        let (mut is_replaced, mut is_barred) = (false, false);
        for (other, becomes) in &chosen(gate, db, beside).await? {
            if becomes.loses.iter().any(|(_, by)| *by == message.seq) {
                replaces.extend(self.seen_file(other).await?);
            }
            if becomes.seq == message.seq {
                is_replaced |= submission.waits_for_the_run() && becomes.is_replaced();
                is_barred |= submission.waits_for_the_run() && becomes.is_barred();
                if waits && !becomes.loses.is_empty() {
                    left = Some(as_left(db, &submission, &becomes.lost()).await?);
                }
            }
            if becomes.seq == message.seq
                && let Some(by) = becomes.replaced_by().last().copied()
                && let Some(by) = messages::get(db, by).await?
            {
                replaced_by = self.seen_file(&by).await?;
            }
        }
        Ok(Some(EmailOfSubmission {
            seq: message.seq,
            received: message.mail.received_at,
            sender: submission.actor.name().to_owned(),
            replaces,
            replaced_by,
            is_replaced,
            is_barred,
            left,
            next_run: gate.next_email_run(),
            may_withdraw: self.may_withdraw(&submission),
            may_apply: waits && !is_replaced && !is_barred && self.may_decide(&submission).await?,
        }))
    }

    /// Whether the actor is a connector, or sees what is sent for all organisations that the connector sends for.
    async fn sees_all_of(&self, connector: AccountId) -> Result<bool, GateError> {
        if self.actor.account() == Some(connector) {
            return Ok(true);
        }
        let db = self.gate.store.reader();
        let places = self.places_sent_for(db, connector).await?;
        let codes: Vec<_> = places.iter().map(|(code, _)| code.clone()).collect();
        let found = organisations::by_codes(db, &codes).await?;
        let seen = self.submissions_scope().await?;
        let is_seen = |(code, unit): &(OrganisationCode, Option<UnitPath>)| {
            let place = found.iter().find(|place| place.code == *code);
            place.is_some_and(|place| seen.covers(&place.path, unit.as_ref()))
        };
        Ok(!places.is_empty() && places.iter().all(is_seen))
    }

    /// The file of a mail, if there is one that the actor sees.
    async fn seen_file(&self, message: &Message) -> Result<Option<Submission>, GateError> {
        let Some(id) = &message.mail.submission else {
            return Ok(None);
        };
        match self.submission(id).await {
            Ok(file) => Ok(Some(file)),
            Err(GateError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn run(run: Run, not_applied: u32) -> EmailRun {
    EmailRun {
        started: run.started_at,
        finished: run.finished_at,
        by_name: run.by_name,
        applied: run.counts.applied,
        superseded: run.counts.superseded,
        held: run.counts.held,
        not_applied,
    }
}

fn mail(message: Message) -> EmailMessage {
    EmailMessage {
        has_source: matches!(
            message.mail.intake,
            Intake::Refused | Intake::NotProved | Intake::Automatic
        ),
        seq: message.seq,
        received: message.mail.received_at,
        from: message.mail.from,
        subject: message.mail.subject,
        size: message.mail.size,
        intake: message.mail.intake,
        why: message.mail.why,
        file_name: message.mail.file_name,
    }
}
