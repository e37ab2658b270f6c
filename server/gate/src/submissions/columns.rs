//! Files with headings of no format: what their columns may hold is guessed, said by their sender, and remembered for the
//! place that the sender uploads for: a whole organisation, or a unit of it. So is what every row has, and what texts of the
//! file mean.
//!
//! What is said for a unit counts in that unit only. A machine has nobody who looks at its plan: it goes by what somebody
//! has said who is responsible for the whole organisation, and still is.

mod asked;
mod likely;
mod looking_at;
mod places;
mod remembered;

use std::collections::HashSet;

use domain::{
    channel::Channel,
    dictionary::Attribute,
    layout::{Layout, PLACES, plain_text},
    problem::{Kind, Problem},
    submission::State,
    values::ids::SubmissionId,
};
use store::{
    jobs::{self, Task},
    submissions::{self, Submission},
};

pub use self::{
    asked::ColumnsAsked,
    looking_at::LookingAt,
    places::{Choice, TextAsked, Texts},
};
pub(crate) use self::{
    asked::{explained, unknown},
    remembered::{meanings, remembered},
};
use crate::{GateError, Visit, submissions::claims::commit};

/// Why columns cannot be what somebody says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrongColumns {
    /// No column holds what each row must have.
    Missing(Attribute),
    /// A column, from 0, holds the same as one before it.
    Twice {
        /// Which column.
        column: usize,
        /// What both hold.
        attribute: Attribute,
    },
    /// What every row is to have is not here.
    NotHere(Attribute),
    /// The site or the unit that every row is to have is none of the organisation that every row is to have.
    NotOf {
        /// The site or the unit.
        attribute: Attribute,
        /// The organisation's code.
        organisation: String,
    },
    /// Every row is to have the same, and a column holds it, too.
    Both {
        /// What both say.
        attribute: Attribute,
        /// The column's heading.
        heading: String,
    },
    /// What a text is to mean is not here.
    NoMeaning {
        /// What the column holds.
        attribute: Attribute,
        /// The text.
        text: String,
    },
    /// What the texts of a column mean was not asked yet.
    NotAsked(Attribute),
}

impl Visit<'_> {
    /// The columns of one's own file, to say what they hold.
    ///
    /// # Errors
    /// `NotFound` where that is never asked about it, or it is somebody else's; `Stale` where it is asked no longer.
    pub async fn columns(&self, id: &SubmissionId, looking_at: &LookingAt) -> Result<ColumnsAsked, GateError> {
        let submission = self.submission(id).await?;
        if !self.is_mine(&submission).await? || !has_columns(&submission) {
            return Err(GateError::NotFound);
        }
        match asks_for_columns(&submission) {
            true => self.asked(submission, looking_at).await,
            false => Err(GateError::Stale),
        }
    }

    /// Says what of one's own file is read, and what each of its columns holds, from left to right; it is read again, and files
    /// with the same headings are read so from now on, where the actor uploads for. That stands in the trail. A file with
    /// the headings of a format is read so this once: only what its texts mean is remembered. A file by email keeps its place
    /// among the others: what came later replaces it.
    ///
    /// # Errors
    /// As [`Self::columns`].
    pub async fn choose_columns(
        &self,
        id: &SubmissionId,
        said: &Layout,
    ) -> Result<Result<(), Vec<WrongColumns>>, GateError> {
        let asked = self.columns(id, &LookingAt::Said(Box::new(said.clone()))).await?;
        let wrong = wrong(&asked, said);
        if !wrong.is_empty() {
            return Ok(Err(wrong));
        }
        let mut layout = asked.layout;
        layout.is_chosen = true;
        layout.notices = vec![];
        layout.unknown.clear();
        keep_earlier(&mut layout, &asked.submission.layout, &asked.texts);
        let (tx, mut submission) = self.hold_own(id).await?;
        if !asks_for_columns(&submission) || !submission.state.may_become(State::Received) {
            return Err(GateError::Stale);
        }
        if let Some(lasting) = lasting(&asked.submission.layout, &layout, asked.recognised) {
            self.remember(&tx, &asked.format.name, &lasting).await?;
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
        jobs::enqueue(&tx, Task::Check, id, self.gate.now()).await?;
        commit(tx).await?;
        self.gate.bell.notify_one();
        Ok(Ok(()))
    }
}

/// Whether it is a file of people that could be read: what its columns hold can be asked, or could once.
fn has_columns(submission: &Submission) -> bool {
    let is_of_people = match submission.channel {
        Channel::PortalCsv | Channel::EmailCsv | Channel::Api => true,
        // What the columns of a change file hold is not for anybody to say.
        Channel::ChangeFile => false,
        Channel::Portal | Channel::Undo | Channel::Organisations | Channel::System => false,
    };
    is_of_people && (submission.state != State::Unreadable || asks_for_columns(submission))
}

/// Whether a file can be read as soon as its sender says what its columns hold: it has headings, and those of no format.
#[must_use]
pub fn needs_columns(submission: &Submission) -> bool {
    let is_other = |problem: &Problem| matches!(problem.kind, Kind::UnknownFormat { .. });
    let has_other_headings = submission.problems.iter().any(is_other);
    submission.state == State::Unreadable && has_other_headings && asks_for_columns(submission)
}

/// Whether its sender may say which part of it is read and what its columns hold: it is kept, and nothing of it is decided on.
#[must_use]
pub fn asks_for_columns(submission: &Submission) -> bool {
    // A file of organisations has the headings of its format, and a change file those of S2.
    if submission.file_gone || matches!(submission.channel, Channel::Organisations | Channel::ChangeFile) {
        return false;
    }
    match submission.state {
        // One that nobody can explain is not kept.
        State::Unreadable => submission
            .problems
            .iter()
            .any(|problem| may_be_elsewhere(&problem.kind)),
        State::Planned => {
            let is_theirs = submission.layout.is_chosen || submission.channel == Channel::PortalCsv;
            is_theirs && submission.confirmed_at.is_none()
        }
        _ => false,
    }
}

/// Whether what was looked for in a file may be in another part of it, or under other headings.
pub(crate) const fn may_be_elsewhere(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::UnknownFormat { .. } | Kind::NoRows | Kind::Empty | Kind::EmptySpreadsheet { .. }
    )
}

/// What is remembered of what somebody says. In a file with the headings of a format they leave the columns alone for all
/// other files: nobody changes by one file how a standard feed is read. What its texts mean can be remembered, because
/// they name nothing otherwise.
fn lasting(earlier: &Layout, said: &Layout, recognised: Option<Layout>) -> Option<Layout> {
    let Some(recognised) = recognised else {
        return Some(said.clone());
    };
    let has_meanings = !said.values.is_empty() || !earlier.values.is_empty();
    has_meanings.then(|| Layout {
        is_chosen: true,
        values: said.values.clone(),
        left: said.left.clone(),
        ..recognised
    })
}

/// Keeps what was said before of texts that this file does not have: the next one may have them again.
fn keep_earlier(layout: &mut Layout, earlier: &Layout, asked: &[Texts]) {
    let answered: HashSet<(Attribute, String)> = asked
        .iter()
        .flat_map(|texts| texts.asked.iter().map(|text| (texts.attribute, plain_text(&text.text))))
        .collect();
    for (attribute, meanings) in &earlier.values {
        let said = layout.values.entry(*attribute).or_default();
        for (text, meaning) in meanings {
            if !answered.contains(&(*attribute, text.clone())) {
                said.entry(text.clone()).or_insert_with(|| meaning.clone());
            }
        }
    }
    for (attribute, texts) in &earlier.left {
        let left = layout.left.entry(*attribute).or_default();
        let kept = texts
            .iter()
            .filter(|text| !answered.contains(&(*attribute, (*text).clone())));
        left.extend(kept.cloned());
    }
    layout.values.retain(|_, said| !said.is_empty());
    layout.left.retain(|_, left| !left.is_empty());
}

/// What each row of a file must have, no matter whom it is about: the organisation, by a column or for all rows, and the name,
/// by a column for each of its parts or by one for the whole.
pub const NEEDED: [Attribute; 3] = [Attribute::FirstName, Attribute::LastName, Attribute::Organisation];

fn wrong(asked: &ColumnsAsked, said: &Layout) -> Vec<WrongColumns> {
    let layout = &asked.layout;
    let held = |attribute: Attribute| {
        let is_name = matches!(attribute, Attribute::FirstName | Attribute::LastName);
        let is_in_whole = is_name && layout.position(Attribute::WholeName).is_some();
        layout.position(attribute).is_some() || layout.for_all.contains_key(&attribute) || is_in_whole
    };
    let needed = NEEDED.into_iter().filter(|needed| asked.format.holds(*needed));
    let mut wrong: Vec<_> = needed
        .filter(|needed| !held(*needed))
        .map(WrongColumns::Missing)
        .collect();
    for (column, (_, holds)) in layout.columns.iter().enumerate() {
        if let Some(attribute) = holds.filter(|holds| layout.position(*holds) != Some(column)) {
            wrong.push(WrongColumns::Twice { column, attribute });
        }
    }
    for attribute in PLACES {
        if said.for_all.contains_key(&attribute) && !layout.for_all.contains_key(&attribute) {
            wrong.push(match layout.for_all.get(&Attribute::Organisation) {
                Some(organisation) => WrongColumns::NotOf {
                    attribute,
                    organisation: organisation.clone(),
                },
                None => WrongColumns::NotHere(attribute),
            });
        }
        if let Some(heading) = layout
            .heading(attribute)
            .filter(|_| layout.for_all.contains_key(&attribute))
        {
            let heading = heading.to_owned();
            wrong.push(WrongColumns::Both { attribute, heading });
        }
    }
    for texts in &asked.texts {
        let attribute = texts.attribute;
        if !said.values.contains_key(&attribute) {
            wrong.push(WrongColumns::NotAsked(attribute));
        }
        for text in &texts.asked {
            let meant = said
                .meaning(attribute, &text.text)
                .is_some_and(|meaning| !meaning.is_empty());
            if meant && layout.meaning(attribute, &text.text).is_none() {
                let text = text.text.clone();
                wrong.push(WrongColumns::NoMeaning { attribute, text });
            }
        }
    }
    wrong
}
