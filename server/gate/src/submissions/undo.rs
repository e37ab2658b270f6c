//! Undoing an upload, or what was done to many people at once: a submission made of its events, planned and applied as any
//! other. An undo can be undone in the same way.

use std::collections::{HashMap, HashSet};

use domain::{
    channel::Channel,
    event::Event,
    life::Turn,
    plan::{FileKeys, undoing},
    policy::{Authority, Deed},
    request::ChangeRequest,
    submission::{Outcome, State},
    trail::{Happening, Record, WasUndone},
    values::ids::{SubmissionId, Timestamp},
};
use store::{
    ConnectionTrait,
    directory::people,
    jobs::{self, Job, Task},
    submissions::{self, Submission, rows},
    trail::events,
};

use crate::{
    Act, ActKind, Gate, GateError, Visit, calendar,
    people::listing::everywhere,
    places,
    submissions::{
        claims::{CHUNK, begin, commit},
        planning::Planning,
    },
};

/// Whether a submission can be undone, and what came of it so far.
#[derive(Clone, Debug)]
pub struct Undoing {
    /// What it undoes in the end.
    pub undoes: Undone,
    /// Until when.
    pub until: Timestamp,
    /// Whether the actor may ask for it, and there is still time.
    pub is_open: bool,
    /// The last undo of it that was not discarded, as far as the actor sees it.
    pub last: Option<Submission>,
    /// What undid that one in turn.
    pub undone: Option<Submission>,
}

/// What is undone in the end: an undo undoes what its own upload or act did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undone {
    /// A file that somebody uploaded.
    Upload,
    /// What a machine sent.
    Sent,
    /// One thing that was done to many people.
    Act(ActKind),
    /// A leaving date that was set for many people.
    LeavingDate,
}

impl Undone {
    /// The deed that undoing it is; `None` if it cannot be undone.
    const fn deed(self) -> Option<Deed> {
        match self {
            Self::Upload | Self::Sent => Some(Deed::UploadCsv),
            Self::Act(kind) => kind.deed_of_undoing(),
            Self::LeavingDate => ActKind::Turn(Turn::MarkLeaver).deed_of_undoing(),
        }
    }
}

/// Which way an undo goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum UndoWay {
    /// What was done is reversed.
    #[default]
    Reverses,
    /// What was reversed is put back: it undoes an undo.
    PutsBack,
}

impl UndoWay {
    /// The way of a submission that undoes another.
    #[must_use]
    pub fn of(undo: &Submission) -> Self {
        match named(&undo.file_name) {
            (_, true) => Self::PutsBack,
            (_, false) => Self::Reverses,
        }
    }
}

/// What an undo did, as histories tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undid {
    /// What it undid in the end.
    pub what: UndidWhat,
    /// Which way it went.
    pub way: UndoWay,
}

/// What sort of submission an undo undid in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UndidWhat {
    /// A file that somebody uploaded.
    Upload,
    /// What a machine sent.
    Sent,
    /// One thing that was done to many people.
    Act,
}

impl Undid {
    /// How it came to an event that it made, in words: `undoing an upload`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match (self.way, self.what) {
            (UndoWay::Reverses, UndidWhat::Upload) => "undoing an upload",
            (UndoWay::Reverses, UndidWhat::Sent) => "undoing what a connector sent",
            (UndoWay::Reverses, UndidWhat::Act) => "undoing a change for several accounts",
            (UndoWay::PutsBack, UndidWhat::Upload) => "putting back an upload",
            (UndoWay::PutsBack, UndidWhat::Sent) => "putting back what a connector sent",
            (UndoWay::PutsBack, UndidWhat::Act) => "putting back a change for several accounts",
        }
    }
}

/// What undos did, by their references.
pub type Undos = HashMap<SubmissionId, Undid>;

/// The submission that an undo undoes in the end, or that is none itself; `None` if it is here no more.
async fn first_of(db: &impl ConnectionTrait, submission: &Submission) -> Result<Option<Submission>, GateError> {
    let mut first = submission.clone();
    while let Some(before) = first.undoes.clone() {
        let Some(undone) = submissions::find(db, &everywhere(), &before).await? else {
            return Ok(None);
        };
        first = undone;
    }
    Ok(Some(first))
}

/// What a submission did, or what it undoes in the end. `None` if it is nothing that could be undone.
pub(crate) async fn undone_by(db: &impl ConnectionTrait, submission: &Submission) -> Result<Option<Undone>, GateError> {
    let Some(first) = first_of(db, submission).await? else {
        return Ok(None);
    };
    match first.channel {
        Channel::PortalCsv => Ok(Some(Undone::Upload)),
        channel if channel.is_machine() => Ok(Some(Undone::Sent)),
        // One person’s page has what takes it back.
        Channel::Portal if first.totals.rows() > 1 => {
            let rows = rows::page(db, &first.id, rows::Filter::default(), FIRST_ROWS).await?;
            let act = rows.iter().find_map(|row| Act::of(&row.request.wish));
            let undone = act.map(|act| match act {
                Act::Leave(_) => Undone::LeavingDate,
                act => Undone::Act(act.kind()),
            });
            Ok(undone.filter(|undone| undone.deed().is_some()))
        }
        _ => Ok(None),
    }
}

/// Rows that are looked at to know what was asked for: those of people who are forgotten do not say it any more.
const FIRST_ROWS: u64 = 100;

/// The deed that a submission of the channel is, which undoes another.
pub(crate) async fn deed_of(db: &impl ConnectionTrait, undo: &Submission) -> Result<Deed, GateError> {
    let undone = undone_by(db, undo).await?;
    Ok(undone.and_then(Undone::deed).unwrap_or(Deed::UploadCsv))
}

impl Gate {
    /// Until when a submission can be undone, and what that undoes; none where there is nothing that could be.
    async fn undone_until(
        &self,
        db: &impl ConnectionTrait,
        done: &Submission,
    ) -> Result<Option<(Timestamp, Undone)>, GateError> {
        let days = self.rules.timers.undo_days;
        let is_done = done.state == State::Applied && days > 0 && changes(done) > 0;
        let until = done.finished_at.filter(|_| is_done);
        let Some(until) = until.and_then(|at| calendar::days_after(at, days)) else {
            return Ok(None);
        };
        let undone = undone_by(db, done).await?;
        Ok(undone.map(|undone| (until, undone)))
    }
}

impl Visit<'_> {
    /// Whether an upload, what a machine sent, what was done to many, or the undo of one of these can be undone; none where
    /// there is nothing to say about it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn undoing(&self, done: &Submission) -> Result<Option<Undoing>, GateError> {
        let db = self.gate.store.reader();
        let Some((until, undoes)) = self.gate.undone_until(db, done).await? else {
            return Ok(None);
        };
        let authority = self.authority().await?;
        let mut scope = self.submissions_scope().await?;
        let own = authority.scope(undoes.deed().unwrap_or(Deed::UploadCsv));
        scope.everything |= own.everything;
        scope.parts.extend(own.parts);
        let mut undos = submissions::undos_of(db, &scope, &done.id).await?;
        undos.retain(|undo| !matches!(undo.state, State::Declined | State::Unreadable));
        let last = undos.into_iter().next();
        let undone = match &last {
            Some(last) => submissions::undos_of(db, &scope, &last.id).await?,
            None => vec![],
        };
        let is_applied = |undo: &Submission| undo.state == State::Applied;
        let may = self.may_undo(db, &authority, done, undoes).await?;
        Ok(Some(Undoing {
            undoes,
            until,
            is_open: may && self.gate.now() < until,
            last,
            undone: undone.into_iter().find(is_applied),
        }))
    }

    /// What a submission did, or what it undoes in the end; `None` if that is nothing that could be undone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn undoes(&self, submission: &Submission) -> Result<Option<Undone>, GateError> {
        undone_by(self.gate.store.reader(), submission).await
    }

    /// What the undos in a history did. Who may read that history may know of what sort they were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn undos_in(&self, history: &[Event]) -> Result<Undos, GateError> {
        let db = self.gate.store.reader();
        let undos = history.iter().filter(|event| event.channel == Channel::Undo);
        let undos: HashSet<_> = undos.map(|event| &event.submission).collect();
        let mut told = Undos::new();
        for id in undos {
            let Some(undo) = submissions::find(db, &everywhere(), id).await? else {
                continue;
            };
            let Some(first) = first_of(db, &undo).await? else {
                continue;
            };
            let what = match first.channel {
                Channel::Portal => UndidWhat::Act,
                channel if channel.is_machine() => UndidWhat::Sent,
                _ => UndidWhat::Upload,
            };
            let way = UndoWay::of(&undo);
            told.insert(id.clone(), Undid { what, way });
        }
        Ok(told)
    }

    /// Whether the actor may ask for something to be undone. What a machine did is undone by those who may upload for all
    /// of its places.
    async fn may_undo(
        &self,
        db: &impl ConnectionTrait,
        authority: &Authority,
        done: &Submission,
        undoes: Undone,
    ) -> Result<bool, GateError> {
        let Some(deed) = undoes.deed() else { return Ok(false) };
        let scope = authority.scope(deed);
        match done.channel.is_machine() {
            true => Ok(submissions::find(db, &scope, &done.id).await?.is_some()),
            false => Ok(!scope.is_empty()),
        }
    }

    /// Asks for an upload, what a machine sent, what was done to many, or the undo of one of these, to be undone. What can
    /// be reversed is found in the background, where the actor may do that, and waits for their confirmation. Asked for
    /// twice, it is the same undo.
    ///
    /// # Errors
    /// `NotFound` where the actor does not see it; `Denied` where they may do that nowhere, or not for all the places of a
    /// machine; `Stale` where it cannot be undone: it is not applied, changed nothing, is of a sort that is not undone, or
    /// too much time has passed.
    pub async fn undo(&self, id: &SubmissionId) -> Result<SubmissionId, GateError> {
        let gate = self.gate;
        self.submission(id).await?;
        let tx = gate.store.begin().await?;
        let authority = gate.authority(&tx, self.actor).await?;
        let done = submissions::hold(&tx, id).await?.ok_or(GateError::NotFound)?;
        let undoes = undone_by(&tx, &done).await?.unwrap_or(Undone::Upload);
        if !self.may_undo(&tx, &authority, &done, undoes).await? {
            return Err(GateError::Denied);
        }
        let until = gate.undone_until(&tx, &done).await?;
        if until.is_none_or(|(until, _)| until <= gate.now()) {
            return Err(GateError::Stale);
        }
        let scope = authority.scope(undoes.deed().unwrap_or(Deed::UploadCsv));
        let asked = submissions::undos_of(&tx, &scope, id).await?;
        let is_open = |undo: &&Submission| {
            matches!(undo.state, State::Received | State::Planned | State::Applying)
                && undo.actor.account() == self.actor.account()
        };
        if let Some(open) = asked.iter().find(is_open) {
            return Ok(open.id.clone());
        }
        let mut undo = self.by_form(&title(&done));
        undo.channel = Channel::Undo;
        undo.state = State::Received;
        undo.expected_rows = changes(&done);
        undo.undoes = Some(done.id.clone());
        submissions::create(&tx, &undo, vec![], &places(&scope)).await?;
        jobs::enqueue(&tx, Task::Check, &undo.id, gate.now()).await?;
        commit(tx).await?;
        gate.bell.notify_one();
        Ok(undo.id)
    }
}

/// Plans the reverse of what a submission did, a page of its events at a time.
pub(crate) async fn check(gate: &Gate, job: &Job, undo: &Submission) -> Result<(), GateError> {
    let done = undo.undoes.as_ref().ok_or(GateError::NotFound)?;
    begin(gate, job, undo.expected_rows as usize, |_| {}).await?;
    let mut planning = Planning::new(gate, job, undo, FileKeys::default());
    let mut after = 0;
    let mut known: Vec<(i64, Event)> = Vec::new();
    loop {
        let page = events::of_submission(gate.store.reader(), done, after, CHUNK as u64).await?;
        let Some((last, _)) = page.last() else { break };
        after = *last;
        known.extend(page);
        // The last row may have more events than these.
        let last_row = known.last().map(|(_, event)| event.row);
        let whole = known.iter().position(|(_, event)| Some(event.row) == last_row);
        let rows: Vec<_> = known.drain(..whole.unwrap_or_default()).collect();
        add(&mut planning, &rows).await?;
    }
    add(&mut planning, &known).await?;
    // How many it is stands on the button.
    planning.conclude().await
}

/// Plans what undoes these rows; the events of a row come one after the other.
async fn add(planning: &mut Planning<'_>, events: &[(i64, Event)]) -> Result<(), GateError> {
    let rows = events.chunk_by(|(_, one), (_, next)| one.row == next.row);
    let requests = rows.filter_map(|own| {
        let (_, first) = own.first()?;
        Some(ChangeRequest {
            // The number of the row that is reversed: its sender can look it up in their file.
            row: first.row,
            wish: undoing(own)?,
            promised: None,
        })
    });
    let requests: Vec<_> = requests.collect();
    match requests.is_empty() {
        true => Ok(()),
        false => planning.add(requests).await,
    }
}

/// Records that somebody undid something, in the trail of their own organisation; once, however often rows go back to
/// review.
pub(crate) async fn record(gate: &Gate, tx: &store::Transaction, undo: &Submission) -> Result<(), GateError> {
    let (Some(upload), Some(account)) = (&undo.undoes, undo.actor.account()) else {
        return Ok(());
    };
    let undone = undone_by(tx, undo).await?;
    let deed = undone.and_then(Undone::deed).unwrap_or(Deed::UploadCsv);
    let rights = gate.authority(tx, &undo.actor).await?.rights_to(deed);
    let own = people::by_ids(tx, &[account.0]).await?.pop();
    let (file, again) = named(&undo.file_name);
    tx.record(Record {
        at: gate.now(),
        actor: Some(account),
        actor_name: undo.actor.name().to_owned(),
        organisation: own.map(|own| own.organisation),
        person: None,
        rights,
        happening: Happening::UploadUndone {
            upload: upload.to_string(),
            file: file.to_owned(),
            again,
            what: match undone {
                Some(Undone::Act(_) | Undone::LeavingDate) => WasUndone::Act,
                Some(Undone::Upload | Undone::Sent) | None => WasUndone::Upload,
            },
        },
    });
    Ok(())
}

/// How many rows of a submission its undo has no row for: what they changed, such as seats, is not reversed.
#[must_use]
pub fn left_by_undo(done: &Submission, undo: &Submission) -> u32 {
    changes(done).saturating_sub(undo.totals.rows())
}

/// Rows that changed something.
fn changes(done: &Submission) -> u32 {
    done.totals
        .count(|tally| tally.outcome == Outcome::Done && tally.kind.changes_something())
}

const UNDO: &str = "Undo of ";
const REDO: &str = "Redo of ";

/// What an undo is called in lists: `Undo of staff.csv`, and its own undo `Redo of staff.csv`.
fn title(done: &Submission) -> String {
    let name = done.file_name.as_str();
    match (done.channel, named(name)) {
        (Channel::Undo, (file, false)) => format!("{REDO}{file}"),
        (Channel::Undo, (file, true)) => format!("{UNDO}{file}"),
        _ => format!("{UNDO}{name}"),
    }
}

/// The file that an undo is about, and whether it does the upload again.
fn named(title: &str) -> (&str, bool) {
    match title.strip_prefix(REDO) {
        Some(file) => (file, true),
        None => (title.strip_prefix(UNDO).unwrap_or(title), false),
    }
}
