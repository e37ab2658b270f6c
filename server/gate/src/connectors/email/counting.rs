//! Which of the files that wait count, by the rights of this moment. A file counts from when its mail came in, however late it
//! was read: what a newer one has done by then stays.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use domain::{
    channel::Channel,
    organisation::{Organisation, OrganisationCode},
    plan::RowKind,
    policy::{Deed, Scope},
    submission::{Outcome, State},
    values::ids::{AccountId, Timestamp},
};
use store::{
    ConnectionTrait, Transaction,
    access::email::{
        messages::{self, Message},
        runs::Run,
    },
    directory::organisations,
    submissions::{self, Submission},
};

use super::choosing::{Chosen, Reach, Sent, choose};
use crate::{Gate, GateError};

/// Organisations whose places are read at once.
const STRETCH: usize = 500;

/// Which mails are chosen among.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Among<'a> {
    /// All that wait.
    All,
    /// Those that name any of some organisations.
    Naming {
        /// The organisations.
        names: &'a [OrganisationCode],
        /// Of those that wait, only those up to this number.
        up_to: Option<i64>,
        /// Those, too, that this run has decided on.
        run: Option<i64>,
        /// As if the mail with this number had not come.
        without: Option<i64>,
    },
    /// Those of a run, those that it has decided on already included.
    OfRun {
        /// The run.
        run: &'a Run,
        /// Before when they must have come in.
        comes_by: Option<Timestamp>,
    },
}

impl Among<'_> {
    /// Whether it is asked only how a run has decided, which nothing that came later changes.
    const fn is_over(self) -> bool {
        matches!(self, Self::Naming { up_to: Some(0), .. })
    }
}

/// The mails whose files wait, newest first, and what becomes of each by the rights of this moment.
pub(crate) async fn chosen(
    gate: &Gate,
    db: &impl ConnectionTrait,
    among: Among<'_>,
) -> Result<Vec<(Message, Chosen)>, GateError> {
    let (up_to, run) = match among {
        Among::All => (None, None),
        Among::Naming { up_to, run, .. } => (up_to, run),
        Among::OfRun { run, .. } => (Some(run.cutoff), Some(run.id)),
    };
    let is_meant = |message: &Message, named: &[OrganisationCode]| match among {
        Among::All => true,
        Among::Naming { without, .. } if without == Some(message.seq) => false,
        Among::Naming { names, .. } => named.iter().any(|name| names.contains(name)),
        Among::OfRun { comes_by, .. } => comes_by.is_none_or(|comes_by| message.mail.received_at < comes_by),
    };
    let mut mails = messages::waiting(db, up_to, run).await?;
    mails.retain(|(message, names)| is_meant(message, names));
    if run.is_some() {
        // What a run has taken up, and somebody has discarded since, is out of its way.
        let mut counting = Vec::with_capacity(mails.len());
        for (message, names) in mails {
            if message.run != run || counts(submission_of(db, &message).await?.as_ref()) {
                counting.push((message, names));
            }
        }
        mails = counting;
    }
    let asked: BTreeSet<_> = mails.iter().map(|(message, _)| message.seq).collect();
    if !among.is_over() {
        let settled = settled(db, &mails).await?;
        mails.extend(settled);
        mails.sort_by_key(|(message, _)| Reverse(message.seq));
    }
    let reaches = Reaches::read(gate, db, &mails).await?;
    let mut sent = Vec::with_capacity(mails.len());
    for (message, names) in &mails {
        let mut own = reaches.of(message, names);
        let file = submission_of(db, message).await?;
        let has_done = |file: &Submission| file.totals.with(Outcome::Done) > 0;
        if !asked.contains(&message.seq) && own.reaches_not_all() && file.as_ref().is_some_and(has_done) {
            // What its sender may do now is another matter: then they might.
            own.reach_all();
        }
        let is_rejected = |file: &Submission| file.totals.of(RowKind::Problem) == file.totals.rows();
        own.does_something = !file.as_ref().is_some_and(is_rejected);
        sent.push(own);
    }
    let mails = mails.into_iter().map(|(message, _)| message);
    let chosen = mails.zip(choose(&sent));
    Ok(chosen.filter(|(message, _)| asked.contains(&message.seq)).collect())
}

/// The mails that came after some others and have been applied before them, about the same organisations. One that took
/// long to check, whose columns were explained days later, or whose newer one an administrator did not leave to the run,
/// does not undo them.
async fn settled(
    db: &impl ConnectionTrait,
    mails: &[(Message, Vec<OrganisationCode>)],
) -> Result<Vec<(Message, Vec<OrganisationCode>)>, GateError> {
    let seqs: BTreeSet<_> = mails.iter().map(|(message, _)| message.seq).collect();
    let Some(oldest) = seqs.first() else { return Ok(vec![]) };
    let mut names: Vec<_> = mails.iter().flat_map(|(_, names)| names.iter().cloned()).collect();
    names.sort();
    names.dedup();
    let mut settled = messages::applied_after(db, *oldest, &names).await?;
    settled.retain(|(message, _)| !seqs.contains(&message.seq));
    Ok(settled)
}

/// How much of which organisations those who sent some mails may send for.
struct Reaches {
    scopes: BTreeMap<AccountId, Scope>,
    places: BTreeMap<OrganisationCode, Organisation>,
}

impl Reaches {
    async fn read(
        gate: &Gate,
        db: &impl ConnectionTrait,
        mails: &[(Message, Vec<OrganisationCode>)],
    ) -> Result<Self, GateError> {
        let mut scopes = BTreeMap::new();
        for (message, _) in mails {
            let Some((sender, _)) = &message.mail.sender else {
                continue;
            };
            if scopes.contains_key(sender) {
                continue;
            }
            let scope = match submission_of(db, message).await? {
                Some(submission) => {
                    let authority = gate.authority(db, &submission.actor).await?;
                    authority.scope_through(Deed::SendByMachine, Channel::EmailCsv)
                }
                None => Scope::default(),
            };
            scopes.insert(*sender, scope);
        }
        let mut codes: Vec<_> = mails.iter().flat_map(|(_, names)| names.iter().cloned()).collect();
        codes.sort();
        codes.dedup();
        let mut places = BTreeMap::new();
        for stretch in codes.chunks(STRETCH) {
            let found = organisations::by_codes(db, stretch).await?.into_iter();
            places.extend(found.map(|place| (place.code.clone(), place)));
        }
        Ok(Self { scopes, places })
    }

    fn of(&self, message: &Message, names: &[OrganisationCode]) -> Sent {
        let scope = message
            .mail
            .sender
            .as_ref()
            .and_then(|(sender, _)| self.scopes.get(sender));
        let reach = |code: &OrganisationCode| match (scope, self.places.get(code)) {
            (Some(scope), Some(place)) => Reach::within(scope, &place.path),
            _ => Reach::Nothing,
        };
        Sent {
            seq: message.seq,
            names: names.iter().map(|code| (code.clone(), reach(code))).collect(),
            does_something: true,
        }
    }
}

/// Mails by their numbers, their files held, the newest first; `None` if the file of one does not count any more.
pub(crate) async fn that_count(tx: &Transaction, seqs: &[i64]) -> Result<Option<Vec<Message>>, GateError> {
    let mut newest_first = Vec::with_capacity(seqs.len());
    for seq in seqs.iter().rev() {
        let message = messages::get(tx, *seq).await?;
        let Some((message, id)) = message.and_then(|message| Some((message.clone(), message.mail.submission?))) else {
            return Ok(None);
        };
        if !counts(submissions::hold(tx, &id).await?.as_ref()) {
            return Ok(None);
        }
        newest_first.push(message);
    }
    Ok(Some(newest_first))
}

/// Whether a file counts among others: it was not discarded.
fn counts(submission: Option<&Submission>) -> bool {
    submission.is_some_and(|file| !matches!(file.state, State::Declined | State::Unreadable))
}

/// The submission that a mail's file is.
pub(crate) async fn submission_of(
    db: &impl ConnectionTrait,
    message: &Message,
) -> Result<Option<Submission>, GateError> {
    match &message.mail.submission {
        Some(id) => {
            let everywhere = Scope {
                everything: true,
                ..Scope::default()
            };
            Ok(submissions::find(db, &everywhere, id).await?)
        }
        None => Ok(None),
    }
}
