//! Files with headings of no format: what their columns may hold is guessed, said by their sender, and remembered for the
//! place that the sender uploads for: a whole organisation, or a unit of it.
//!
//! What is said for a unit counts in that unit only. A machine has nobody who looks at its plan: it goes by what somebody
//! has said who is responsible for the whole organisation, and still is.

use std::sync::Arc;

use domain::{
    channel::Channel,
    dictionary::Attribute,
    ids::SubmissionId,
    layout::Layout,
    organisation::{Organisation, OrganisationCode},
    policy::{Actor, Authority, Deed, Scope, ScopePart},
    problem::{Kind, in_sentence},
    submission::State,
    trail::{Happening, Record},
};
use formats::{Format, Formats, Guess, Sheet};
use store::{
    Transaction,
    columns::{self, Said},
    jobs::{self, Task},
    organisations, people, rights,
    submissions::{self, Submission},
};

use crate::{Gate, GateError, Visit, check::commit, scope_for};

/// What somebody is asked about a file's columns.
#[derive(Clone, Debug)]
pub struct ColumnsAsked {
    /// The file.
    pub submission: Submission,
    /// The format that it comes nearest to: what its columns may hold, and which must be there.
    pub format: Format,
    /// Its columns as they are guessed, or as they were said.
    pub layout: Layout,
    /// The cells of its first rows.
    pub samples: Vec<Vec<String>>,
}

/// Why columns cannot be what somebody says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrongColumns {
    /// No column holds what each row must have.
    Missing(Vec<Attribute>),
    /// Two columns hold the same.
    Twice(Attribute),
}

impl Visit<'_> {
    /// The columns of one's own file, to say what they hold.
    ///
    /// # Errors
    /// `NotFound` where that is not asked about it, or it is somebody else's.
    pub async fn columns(&self, id: &SubmissionId) -> Result<ColumnsAsked, GateError> {
        let submission = self.submission(id).await?;
        if !self.is_mine(&submission).await? || !asks_for_columns(&submission) {
            return Err(GateError::NotFound);
        }
        let _room = self.gate.desk.room(submission.file_size).await?;
        let bytes = submissions::bytes(self.gate.store.files(), id).await?;
        let bytes = bytes.ok_or(GateError::NotFound)?;
        let guessed = guessed(self.gate, Arc::new(bytes)).await;
        let Guess {
            format,
            layout,
            samples,
            ..
        } = guessed.ok_or(GateError::NotFound)?;
        let layout = match submission.layout.is_chosen {
            true => submission.layout.clone(),
            false => layout,
        };
        Ok(ColumnsAsked {
            format: named(&self.gate.formats, submission.format.as_deref().unwrap_or(&format))?,
            submission,
            layout,
            samples,
        })
    }

    /// Says what each column of one's own file holds, from left to right; it is read anew, and files with the same headings
    /// are read so from now on, where the actor uploads for. That stands in the trail.
    ///
    /// # Errors
    /// As [`Self::columns`]; `Stale` where it has been decided on meanwhile.
    pub async fn choose_columns(
        &self,
        id: &SubmissionId,
        held: &[Option<Attribute>],
    ) -> Result<Result<(), WrongColumns>, GateError> {
        let asked = self.columns(id).await?;
        let mut layout = asked.layout;
        for (place, (_, holds)) in layout.columns.iter_mut().enumerate() {
            *holds = held
                .get(place)
                .copied()
                .flatten()
                .filter(|held| asked.format.holds(*held));
        }
        if let Some(wrong) = wrong(&layout, &asked.format) {
            return Ok(Err(wrong));
        }
        layout.is_chosen = true;
        let (tx, mut submission) = self.hold_own(id).await?;
        if !asks_for_columns(&submission) || !submission.state.may_become(State::Received) {
            return Err(GateError::Stale);
        }
        self.remember(&tx, &asked.format.name, &layout).await?;
        submission.state = State::Received;
        submission.format = Some(asked.format.name);
        submission.layout = layout;
        submission.problems = vec![];
        submission.finished_at = None;
        submission.hashing = false;
        // Another plan: a page that shows the one before confirms nothing.
        submission.mends += 1;
        submissions::save(&tx, &submission).await?;
        jobs::enqueue(&tx, Task::Check, id, self.gate.now()).await?;
        commit(tx).await?;
        self.gate.bell.notify_one();
        Ok(Ok(()))
    }
}

/// Whether its sender may say what its columns hold: no format has its headings, and nothing of it is decided on.
#[must_use]
pub fn asks_for_columns(submission: &Submission) -> bool {
    // A file of organisations has the headings of its format.
    if submission.channel == Channel::Organisations {
        return false;
    }
    let is_unknown = |kind: &Kind| matches!(kind, Kind::UnknownFormat { .. });
    if submission.file_gone {
        return false;
    }
    match submission.state {
        State::Unreadable => submission.problems.iter().any(|problem| is_unknown(&problem.kind)),
        State::Planned => submission.layout.is_chosen && submission.confirmed_at.is_none(),
        _ => false,
    }
}

impl Visit<'_> {
    /// Remembers what the actor says of a file's columns, for each place that they upload for, and records it there.
    async fn remember(&self, tx: &Transaction, format: &str, layout: &Layout) -> Result<(), GateError> {
        let gate = self.gate;
        let authority = gate.authority(tx, self.actor).await?;
        let by = self.actor.account();
        for place in places_of(tx, &authority, Channel::PortalCsv).await? {
            let before = columns::remember(tx, &place, format, layout, by, gate.now()).await?;
            let is_same = |before: &Said| before.format == format && before.layout.columns == layout.columns;
            if before.as_ref().is_some_and(|before| is_same(before) && before.by == by) {
                continue;
            }
            let held = layout.columns.iter().filter_map(|(heading, held)| {
                let held = held.as_ref()?;
                Some((heading.clone(), in_sentence(*held)))
            });
            tx.record(Record {
                at: gate.now(),
                actor: by,
                actor_name: self.actor.name().to_owned(),
                organisation: OrganisationCode::parse(place.path.code()).ok(),
                person: None,
                rights: authority.rights_to(Deed::UploadCsv),
                happening: Happening::ColumnsSaid {
                    unit: place.unit.map(|unit| unit.to_string()),
                    columns: held.collect(),
                    anew: before.is_some(),
                },
            });
        }
        Ok(())
    }
}

/// What was said of files with the same headings where somebody sends for. Where they send for several places, all of
/// these must have been told the same.
pub(crate) async fn remembered(
    gate: &Gate,
    actor: &Actor,
    channel: Channel,
    bytes: Arc<Vec<u8>>,
) -> Result<Option<(String, Layout)>, GateError> {
    let Some(guess) = guessed(gate, bytes).await else {
        return Ok(None);
    };
    let headings: Vec<_> = guess.layout.columns.into_iter().map(|(heading, _)| heading).collect();
    let db = gate.store.reader();
    let authority = gate.authority(db, actor).await?;
    let mut agreed: Option<Said> = None;
    for place in places_of(db, &authority, channel).await? {
        let Some(said) = said_for(gate, channel, &place, &headings).await? else {
            return Ok(None);
        };
        let read_as = |said: &Said| {
            let read = gate.formats.as_said(&said.format, &said.layout, &headings);
            read.map(|(format, layout)| (format.name.clone(), layout.columns))
        };
        if agreed.as_ref().is_some_and(|other| read_as(other) != read_as(&said)) {
            return Ok(None);
        }
        agreed = Some(said);
    }
    Ok(agreed.map(|said| (said.format, said.layout)))
}

/// The nearest word that counts for a place and a channel, of files with these headings.
async fn said_for(
    gate: &Gate,
    channel: Channel,
    place: &ScopePart,
    headings: &[String],
) -> Result<Option<Said>, GateError> {
    let db = gate.store.reader();
    for said in columns::said_for(db, place).await? {
        if gate.formats.as_said(&said.format, &said.layout, headings).is_none() {
            continue;
        }
        if !channel.is_machine() || is_answered_for(gate, &said).await? {
            return Ok(Some(said));
        }
    }
    Ok(None)
}

/// Whether it was said for a whole organisation, by somebody who may still upload for all of it.
async fn is_answered_for(gate: &Gate, said: &Said) -> Result<bool, GateError> {
    let (Some(path), Some(by)) = (&said.whole, said.by) else {
        return Ok(false);
    };
    let db = gate.store.reader();
    Ok(rights::covers_whole(db, by, Deed::UploadCsv, path, gate.now()).await?)
}

/// The places that somebody sends for, none within another. Who may do so everywhere speaks for their own organisation:
/// nobody names the columns of the whole federation by the way.
async fn places_of(
    db: &impl store::ConnectionTrait,
    authority: &Authority,
    channel: Channel,
) -> Result<Vec<ScopePart>, GateError> {
    let scope = scope_for(authority, channel, &[]);
    if scope.everything {
        let own = match authority.actor().account() {
            Some(account) => people::by_ids(db, &[account.0]).await?,
            None => vec![],
        };
        let own: Vec<_> = own.into_iter().map(|own| own.organisation).collect();
        let own = organisations::by_codes(db, &own).await?.into_iter();
        let whole = |organisation: Organisation| ScopePart {
            path: organisation.path,
            unit: None,
        };
        return Ok(own.map(whole).collect());
    }
    let mut places: Vec<ScopePart> = Vec::new();
    for part in &scope.parts {
        let covered = |other: &ScopePart| {
            let other = Scope {
                everything: false,
                parts: vec![other.clone()],
            };
            other.covers(&part.path, part.unit.as_ref())
        };
        let is_within_another = scope.parts.iter().any(|other| other != part && covered(other));
        if !is_within_another && !places.contains(part) {
            places.push(part.clone());
        }
    }
    Ok(places)
}

/// What a file may hold; read on a thread that serves nobody, because it may be large.
async fn guessed(gate: &Gate, bytes: Arc<Vec<u8>>) -> Option<Guess> {
    let formats = gate.formats.clone();
    let guessing = tokio::task::spawn_blocking(move || Sheet::guess(&formats, &bytes));
    guessing.await.ok().flatten()
}

fn named(formats: &Formats, name: &str) -> Result<Format, GateError> {
    formats.get(name).cloned().ok_or(GateError::NotFound)
}

fn wrong(layout: &Layout, format: &Format) -> Option<WrongColumns> {
    let held: Vec<_> = layout.columns.iter().filter_map(|(_, held)| *held).collect();
    let twice = held
        .iter()
        .enumerate()
        .find(|(place, attribute)| held[..*place].contains(attribute));
    if let Some((_, attribute)) = twice {
        return Some(WrongColumns::Twice(*attribute));
    }
    let required = format.columns.iter().filter(|column| column.required);
    let missing: Vec<_> = required
        .map(|column| column.attribute)
        .filter(|needed| !held.contains(needed))
        .collect();
    (!missing.is_empty()).then_some(WrongColumns::Missing(missing))
}
