//! Mending cells of an uploaded file in the page: the row is checked and planned again at once, and the file itself stays as
//! it was sent.

use domain::{
    channel::Channel,
    dictionary::Attribute,
    ids::{RowNumber, SubmissionId},
    password::OneTimePassword,
    plan::{FileKeys, PlannedRow, plan},
    problem::{Kind, Problem},
    request::{CLEAR, Cells, ChangeRequest, Wish},
    submission::{Outcome, State},
    text,
};
use store::{
    rows::{self, Row},
    snapshot::{self, Hold},
    submissions::{self, Submission},
};

use crate::{
    Gate, GateError, Visit,
    check::{commit, repeated_keys, suspiciously_many},
    one_time, scope_for,
};

/// Other rows that are mended by one press.
pub const MOST_MENDED: u32 = 2000;

/// Rows of a file that are all looked at for keys and names that another gives, too.
const SMALL: u32 = 2000;

/// What somebody writes into one row of their file.
#[derive(Clone, Debug)]
pub struct Mend {
    /// Which row.
    pub row: RowNumber,
    /// What its cells are to hold; an empty text empties one.
    pub cells: Vec<(Attribute, String)>,
    /// What cells held when they were shown, where that is known: nobody else's text is overwritten unseen.
    pub shown: Vec<(Attribute, String)>,
    /// Which of them go into the other rows as well that have the same text there, with the same problem.
    pub everywhere: Vec<Attribute>,
    /// Which cells are to overwrite what was changed by hand, and which no longer.
    pub overruling: Vec<(Attribute, bool)>,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mended {
    /// Whether anything in the row differs from before.
    pub changed: bool,
    /// How many other rows were mended with it.
    pub others: u32,
    /// Cells that hold something else than was shown, with what that is. Where there are any, nothing was written.
    pub overtaken: Vec<(Attribute, String)>,
}

/// Whether the cells of a row can be mended: it came with a file, and waits to be decided on.
#[must_use]
pub fn can_be_mended(submission: &Submission, row: &Row) -> bool {
    submission.channel.waits_for_confirmation()
        && submission.channel != Channel::Portal
        && submission.state == State::Planned
        && matches!(row.outcome, Outcome::Waiting | Outcome::Stale)
        && matches!(row.request.wish, Wish::Account(_))
}

/// The cells that a row asks with.
#[must_use]
pub const fn cells_of(request: &ChangeRequest) -> Option<&Cells> {
    match &request.wish {
        Wish::Account(cells) => Some(cells),
        _ => None,
    }
}

impl Visit<'_> {
    /// One row of one's own file, to be mended, and in how many other rows each of its problems is.
    ///
    /// # Errors
    /// `NotFound` where there is no such row, it is somebody else's, or it is decided on.
    pub async fn row_to_mend(&self, id: &SubmissionId, row: RowNumber) -> Result<(Submission, Row), GateError> {
        let submission = self.submission(id).await?;
        if !self.is_mine(&submission).await? {
            return Err(GateError::NotFound);
        }
        let row = rows::get(self.gate.store.reader(), id, row)
            .await?
            .ok_or(GateError::NotFound)?;
        match can_be_mended(&submission, &row) {
            true => Ok((submission, row)),
            false => Err(GateError::NotFound),
        }
    }

    /// Writes other texts into the cells of one's own file, and plans again what that touches.
    ///
    /// # Errors
    /// `Denied` when it is somebody else's; `NotFound` where there is no such row; `Stale` where it is decided on.
    pub async fn mend(&self, id: &SubmissionId, mend: Mend) -> Result<Mended, GateError> {
        let password = self.password_written(id, &mend).await?;
        let (tx, mut submission) = self.hold_own(id).await?;
        let row = rows::get(&tx, id, mend.row).await?.ok_or(GateError::NotFound)?;
        if !can_be_mended(&submission, &row) {
            return Err(GateError::Stale);
        }
        let overtaken = overtaken(&row, &mend);
        if !overtaken.is_empty() {
            return Ok(Mended {
                overtaken,
                ..Mended::default()
            });
        }
        let mut all = Vec::new();
        let cells: Vec<_> = mend
            .cells
            .iter()
            .filter(|(attribute, _)| has_cell(&submission, &row, *attribute))
            .cloned()
            .collect();
        for (attribute, text) in cells
            .iter()
            .filter(|(attribute, _)| mend.everywhere.contains(attribute))
        {
            // What is too long is a problem in one row, and none to spread.
            if *attribute == Attribute::Password || text.chars().count() > attribute.entry().limit {
                continue;
            }
            let Some(problem) = problem_of(&row.planned, *attribute) else {
                continue;
            };
            let had = text_of(&row, *attribute).to_owned();
            for other in rows::alike(&tx, id, problem, u64::from(MOST_MENDED) + 1).await? {
                let is_same = other.planned.row != mend.row && text_of(&other, *attribute) == had;
                if is_same && all.len() < MOST_MENDED as usize {
                    add(&mut all, &other, &cells, &[*attribute]);
                }
            }
        }
        let others = all.len();
        let every: Vec<_> = cells.iter().map(|(attribute, _)| *attribute).collect();
        add(&mut all, &row, &cells, &every);
        let has_password = has_cell(&submission, &row, Attribute::Password);
        if let Some((_, Row { request, .. })) = all.last_mut()
            && let Wish::Account(cells) = &mut request.wish
        {
            if let Some(password) = password.filter(|_| has_password) {
                cells.mend_password(password);
            }
            for (attribute, overrules) in &mend.overruling {
                match overrules {
                    true => cells.overruling.insert(*attribute),
                    false => cells.overruling.remove(attribute),
                };
            }
        }
        all.retain(|(before, after)| before.request != after.request);
        let changed = all.iter().any(|(before, _)| before.planned.row == mend.row);
        if all.is_empty() {
            return Ok(Mended {
                changed,
                ..Mended::default()
            });
        }
        let mended = all.into_iter().map(|(_, after)| after).collect();
        plan_again(self.gate, &tx, &submission, mended).await?;
        submission.totals = rows::totals(&tx, id).await?;
        if submission.confirmed_at.is_none() {
            submission.touches = suspiciously_many(self.gate, &tx, &submission).await?;
        }
        submission.mends += 1;
        submissions::save(&tx, &submission).await?;
        commit(tx).await?;
        Ok(Mended {
            changed,
            others: u32::try_from(others).unwrap_or(u32::MAX),
            overtaken: vec![],
        })
    }

    /// What comes of the password that somebody writes into a row, looked at and hashed before any transaction: none where
    /// they leave it alone, and none within where they empty the cell.
    async fn password_written(
        &self,
        id: &SubmissionId,
        mend: &Mend,
    ) -> Result<Option<Option<OneTimePassword>>, GateError> {
        let written = mend
            .cells
            .iter()
            .find(|(attribute, _)| *attribute == Attribute::Password);
        let Some((_, password)) = written.filter(|(_, text)| !text.trim().is_empty()) else {
            return Ok(None);
        };
        if password.trim().eq_ignore_ascii_case(CLEAR) {
            return Ok(Some(None));
        }
        // Why the row cannot be mended is said where it is held.
        let Ok((_, row)) = self.row_to_mend(id, mend.row).await else {
            return Ok(None);
        };
        let Some(mut cells) = cells_of(&row.request).cloned() else {
            return Ok(None);
        };
        let names = [Attribute::FirstName, Attribute::LastName];
        for (attribute, text) in mend.cells.iter().filter(|(attribute, _)| names.contains(attribute)) {
            cells.mend(*attribute, text);
        }
        one_time::written(self.gate, id, mend.row, &cells, password)
            .await
            .map(|password| Some(Some(password)))
    }
}

/// Cells that somebody wrote into since they were shown, and not the same; a password is never shown.
fn overtaken(row: &Row, mend: &Mend) -> Vec<(Attribute, String)> {
    let is_other = |(attribute, text): &&(Attribute, String)| {
        let now = text_of(row, *attribute);
        let shown = mend.shown.iter().find(|(shown, _)| shown == attribute);
        *attribute != Attribute::Password && now != text && shown.is_some_and(|(_, shown)| shown != now)
    };
    let cells = mend.cells.iter().filter(is_other);
    cells
        .map(|(attribute, _)| (*attribute, text_of(row, *attribute).to_owned()))
        .collect()
}

/// Whether a row has a cell for an attribute: in its file, by a problem, or because it was mended before.
fn has_cell(submission: &Submission, row: &Row, attribute: Attribute) -> bool {
    cells_to_mend(submission, row).contains(&attribute)
}

/// The cells of a row that can be mended: its file's, and those that are missing there.
#[must_use]
pub fn cells_to_mend(submission: &Submission, row: &Row) -> Vec<Attribute> {
    let mut cells: Vec<_> = submission.layout.columns.iter().filter_map(|(_, held)| *held).collect();
    let wrong = row
        .planned
        .step
        .problems()
        .iter()
        .filter_map(|problem| problem.place.attribute());
    let mended = cells_of(&row.request)
        .into_iter()
        .flat_map(|cells| cells.mended.keys().copied());
    for attribute in wrong.chain(mended) {
        if !cells.contains(&attribute) {
            cells.push(attribute);
        }
    }
    cells
}

/// Mends some of a row's cells, on top of what is mended of it already.
fn add(all: &mut Vec<(Row, Row)>, row: &Row, texts: &[(Attribute, String)], which: &[Attribute]) {
    let place = all.iter().position(|(before, _)| before.planned.row == row.planned.row);
    let place = place.unwrap_or_else(|| {
        all.push((row.clone(), row.clone()));
        all.len() - 1
    });
    if let Wish::Account(cells) = &mut all[place].1.request.wish {
        let plain = |attribute: &Attribute| which.contains(attribute) && *attribute != Attribute::Password;
        for (attribute, text) in texts.iter().filter(|(attribute, _)| plain(attribute)) {
            cells.mend(*attribute, text);
        }
    }
}

/// Plans rows with their mended cells, and those that gave the same key as one of them, within the sender's scope of this
/// moment.
async fn plan_again(
    gate: &Gate,
    tx: &store::Transaction,
    submission: &Submission,
    mut mended: Vec<Row>,
) -> Result<(), GateError> {
    let id = &submission.id;
    let is_mended = |row: &Row, mended: &[Row]| mended.iter().any(|other| other.planned.row == row.planned.row);
    let (mut clashing, mut others) = (Vec::new(), Vec::new());
    let relatives = relatives(tx, submission, &mended).await?;
    let is_unsought = relatives.is_none();
    for row in relatives.into_iter().flatten() {
        if is_mended(&row, &mended) {
            continue;
        }
        // Two others that clash stay as they are: not all that they clash with need be at hand.
        let clashed = twice(&row).any(|(_, other)| mended.iter().any(|row| row.planned.row == other));
        clashing.push((clashed && can_be_mended(submission, &row), row));
    }
    for (clashed, row) in clashing {
        match clashed {
            true => mended.push(row),
            false => others.push(row),
        }
    }
    mended.sort_by_key(|row| row.planned.row);
    let requests: Vec<_> = mended.iter().map(|row| row.request.clone()).collect();
    let authority = gate.authority(tx, &submission.actor).await?;
    let scope = scope_for(&authority, submission.channel, &requests);
    let all = requests.iter().chain(others.iter().map(|row| &row.request));
    let mut in_order: Vec<_> = all.collect();
    in_order.sort_by_key(|request| request.row);
    let mut repeated = repeated_keys(in_order);
    // What was found of the whole file stays true of a key that nobody has mended.
    for row in mended.iter().filter(|_| is_unsought) {
        let is_mended = |key: &Attribute| cells_of(&row.request).is_some_and(|cells| cells.mended.contains_key(key));
        for found in twice(row).filter(|(key, _)| !is_mended(key)) {
            repeated.entry(row.planned.row).or_insert(found);
        }
    }
    let file = FileKeys::with_repeated(repeated);
    let known = gate.known(submission.channel, file, &authority);
    let mut snapshot = snapshot::load(tx, &scope, known, &requests, Hold::Free).await?;
    for other in others.iter().filter(|other| other.outcome != Outcome::Done) {
        snapshot.file.remember(&other.planned, &snapshot.organisations);
    }
    let planned = plan(&snapshot, &requests).rows;
    for (row, now) in mended.iter_mut().zip(&planned) {
        row.request.promised = now.step.new_address();
    }
    Ok(rows::replan(tx, id, &mended, &planned).await?)
}

/// Rows that may give the same key or name as mended ones. Among very many, they are sought for one mended row only: what
/// clashes beyond that is found when it is applied, and comes back for review; none where they are not sought.
async fn relatives(
    tx: &store::Transaction,
    submission: &Submission,
    mended: &[Row],
) -> Result<Option<Vec<Row>>, GateError> {
    let sought = match mended {
        _ if submission.totals.rows() <= SMALL => vec![],
        [one] if !sought(one).is_empty() => sought(one),
        _ => return Ok(None),
    };
    let found = rows::relatives(tx, &submission.id, &sought, u64::from(SMALL)).await?;
    // There may be more.
    let are_all = submission.totals.rows() <= SMALL || found.len() < SMALL as usize;
    Ok(are_all.then_some(found))
}

/// The name and the keys of a row, as they were and as they are.
fn sought(row: &Row) -> Vec<String> {
    let Some(cells) = cells_of(&row.request) else {
        return vec![];
    };
    let names = [Attribute::FirstName, Attribute::LastName].map(|name| text::trimmed(cells.text(name)));
    let keys = [Attribute::AccountId, Attribute::LocalId, Attribute::EmailAddress];
    let now = keys.map(|key| cells.text(key).to_owned());
    let before = keys.map(|key| cells.mended.get(&key).cloned().unwrap_or_default());
    let all = [names.join(" "), row.planned.name.clone()]
        .into_iter()
        .chain(now)
        .chain(before);
    all.filter(|text| !text::is_blank(text)).collect()
}

/// The keys of a row that another gives, too, each with that other.
fn twice(row: &Row) -> impl Iterator<Item = (Attribute, RowNumber)> {
    row.planned
        .step
        .problems()
        .iter()
        .filter_map(|problem| match problem.kind {
            Kind::TwiceInFile { attribute, other } => Some((attribute, other)),
            _ => None,
        })
}

fn problem_of(planned: &PlannedRow, attribute: Attribute) -> Option<&Problem> {
    let mut problems = planned.step.problems().iter();
    problems.find(|problem| problem.place.attribute() == Some(attribute))
}

fn text_of(row: &Row, attribute: Attribute) -> &str {
    cells_of(&row.request).map_or("", |cells| cells.text(attribute).trim())
}
