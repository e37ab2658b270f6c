//! Mending cells of an uploaded file in the page: the row is checked and planned again at once, and the file itself stays as
//! it was sent.

mod deciding;
pub(crate) mod mendable;
mod replanning;

use domain::{
    dictionary::Attribute,
    password::OneTimePassword,
    plan::PlannedRow,
    problem::{Kind, Problem},
    request::{CLEAR, Wish},
    values::ids::{RowNumber, SubmissionId},
};
use store::submissions::{
    Submission,
    rows::{self, Row},
};

use self::replanning::keep;
pub use self::{
    deciding::RowDecision,
    mendable::{can_be_mended, cells_of},
};
use crate::{GateError, Visit, submissions::one_time};

/// Other rows that are mended by one press.
pub const MOST_MENDED: u32 = 2000;

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
    /// What becomes of the cells that stand beyond the headings.
    pub surplus: Surplus,
}

/// What becomes of the cells of a row that stand beyond its file's headings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Surplus {
    /// They remain a problem.
    #[default]
    Stays,
    /// The row is applied without them.
    PassedOver,
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

impl Visit<'_> {
    /// One row of one's own file, to be mended, and in how many other rows each of its problems is.
    ///
    /// # Errors
    /// `NotFound` where there is no such row, it came with no file, or it is somebody else's; `Stale` where it is decided on.
    pub async fn row_to_mend(&self, id: &SubmissionId, row: RowNumber) -> Result<(Submission, Row), GateError> {
        let submission = self.submission(id).await?;
        if !self.is_mine(&submission).await? {
            return Err(GateError::NotFound);
        }
        let row = rows::get(self.gate.store.reader(), id, row)
            .await?
            .ok_or(GateError::NotFound)?;
        if cells_of(&row.request).is_none() {
            return Err(GateError::NotFound);
        }
        match can_be_mended(&submission, &row) {
            true => Ok((submission, row)),
            false => Err(GateError::Stale),
        }
    }

    /// Writes other texts into the cells of one's own file, and plans again what that touches.
    ///
    /// # Errors
    /// `Denied` when it is somebody else's; `NotFound` where there is no such row; `Stale` where it is decided on.
    pub async fn mend(&self, id: &SubmissionId, mend: Mend) -> Result<Mended, GateError> {
        let password = self.password_written(id, &mend).await?;
        let (tx, submission) = self.hold_own(id).await?;
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
            for other in rows::alike(&tx, id, &row, problem, u64::from(MOST_MENDED) + 1).await? {
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
            && let Wish::AccountInFile(cells) = &mut request.wish
        {
            if let Some(password) = password.filter(|_| has_password) {
                cells.mend_password(password);
            }
            if mend.surplus == Surplus::PassedOver {
                cells.surplus = None;
                cells.surplus_texts.clear();
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
        keep(self.gate, tx, submission, mended).await?;
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
        let names = [Attribute::WholeName, Attribute::FirstName, Attribute::LastName];
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

/// The cells of a row that can be mended: its file's, those that are missing there, and what a hint asks for.
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
    let asked_for = row.planned.warnings.iter().filter_map(key_asked_for);
    for attribute in wrong.chain(mended).chain(asked_for) {
        if !cells.contains(&attribute) {
            cells.push(attribute);
        }
    }
    cells
}

/// The cell by which a row is about the person whom it may be about: where there is none in the file, it is written in the
/// page.
#[must_use]
pub const fn key_asked_for(warning: &Problem) -> Option<Attribute> {
    match &warning.kind {
        Kind::LooksLike {
            organisation: None,
            local_id,
            ..
        } if local_id.is_empty() => Some(Attribute::EmailAddress),
        Kind::LooksLike { organisation: None, .. } => Some(Attribute::LocalId),
        _ => None,
    }
}

/// Mends some of a row's cells, on top of what is mended of it already.
fn add(all: &mut Vec<(Row, Row)>, row: &Row, texts: &[(Attribute, String)], which: &[Attribute]) {
    let place = all.iter().position(|(before, _)| before.planned.row == row.planned.row);
    let place = place.unwrap_or_else(|| {
        all.push((row.clone(), row.clone()));
        all.len() - 1
    });
    if let Wish::AccountInFile(cells) = &mut all[place].1.request.wish {
        let plain = |attribute: &Attribute| which.contains(attribute) && *attribute != Attribute::Password;
        for (attribute, text) in texts.iter().filter(|(attribute, _)| plain(attribute)) {
            cells.mend(*attribute, text);
        }
    }
}

fn problem_of(planned: &PlannedRow, attribute: Attribute) -> Option<&Problem> {
    let mut problems = planned.step.problems().iter();
    problems.find(|problem| problem.place.attribute() == Some(attribute))
}

fn text_of(row: &Row, attribute: Attribute) -> &str {
    cells_of(&row.request).map_or("", |cells| cells.text(attribute).trim())
}
