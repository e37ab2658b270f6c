//! Files with headings of no format: what their columns may hold is guessed, said by their sender, and remembered for the
//! sender's organisation.

use std::sync::Arc;

use domain::{
    channel::Channel, dictionary::Attribute, ids::SubmissionId, layout::Layout, organisation::OrganisationCode,
    policy::Actor, problem::Kind, submission::State,
};
use formats::{Format, Formats, Guess, Sheet};
use store::{
    columns,
    jobs::{self, Task},
    people,
    submissions::{self, Submission},
};

use crate::{Gate, GateError, Visit, check::commit};

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
    /// are read so from now on.
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
        let now = self.gate.now();
        if let Some(organisation) = own_organisation(&tx, self.actor).await? {
            columns::remember(&tx, &organisation, &asked.format.name, &layout, now).await?;
        }
        submission.state = State::Received;
        submission.format = Some(asked.format.name);
        submission.layout = layout;
        submission.problems = vec![];
        submission.finished_at = None;
        submission.hashing = false;
        // Another plan: a page that shows the one before confirms nothing.
        submission.mends += 1;
        submissions::save(&tx, &submission).await?;
        jobs::enqueue(&tx, Task::Check, id, now).await?;
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

/// What was said of a file with the same headings in the organisation of whoever sends this one.
pub(crate) async fn remembered(
    gate: &Gate,
    actor: &Actor,
    bytes: Arc<Vec<u8>>,
) -> Result<Option<(String, Layout)>, GateError> {
    let Some(guess) = guessed(gate, bytes).await else {
        return Ok(None);
    };
    let db = gate.store.reader();
    let Some(organisation) = own_organisation(db, actor).await? else {
        return Ok(None);
    };
    let headings: Vec<_> = guess.layout.columns.into_iter().map(|(heading, _)| heading).collect();
    let said = columns::remembered(db, &organisation).await?;
    let fits = |(format, said): &(String, Layout)| gate.formats.as_said(format, said, &headings).is_some();
    Ok(said.into_iter().find(fits))
}

/// What a file may hold; read on a thread that serves nobody, because it may be large.
async fn guessed(gate: &Gate, bytes: Arc<Vec<u8>>) -> Option<Guess> {
    let formats = gate.formats.clone();
    let guessing = tokio::task::spawn_blocking(move || Sheet::guess(&formats, &bytes));
    guessing.await.ok().flatten()
}

async fn own_organisation(
    db: &impl store::ConnectionTrait,
    actor: &Actor,
) -> Result<Option<OrganisationCode>, GateError> {
    let Some(account) = actor.account() else {
        return Ok(None);
    };
    let own = people::by_ids(db, &[account.0]).await?.pop();
    Ok(own.map(|own| own.organisation))
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
