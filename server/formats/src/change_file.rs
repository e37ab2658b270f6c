//! Change files (S2): CSV in UTF-8 with a header of S2's fields in any order, read with a tokenizer of their own; and what is
//! written back of them: the report, the log and the trace.
//!
//! What is in a cell is not judged here; that is the plan's. Passwords are taken out: they stand neither in the rows nor in
//! the text that is kept.

mod blanking;
mod header;
mod lines;
mod log;
mod report;
mod trace;

use std::fmt;

use domain::{
    change_file::{Action, ChangeFault, ChangeRow, Field, FileFault},
    customer::CustomerNumber,
    values::email_address::EmailAddress,
};

pub use self::{
    blanking::{BLANK, blanked},
    log::{LogHead, log_txt},
    report::{REPORT_HEADER, report_csv},
    trace::{TracedRow, trace_jsonl},
};
use self::{
    blanking::{Blanking, Columns},
    lines::{Cell, Line, Lines, line_ends},
};

/// What a change file may hold at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Mebibytes of the file.
    pub mib: u32,
    /// Rows below the header.
    pub rows: u32,
}

/// A change file as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadFile {
    /// Its fields, in the order of its columns.
    pub header: Vec<Field>,
    /// Its rows, in their order. Empty ones are passed over.
    pub rows: Vec<ReadRow>,
    /// Its text with [`BLANK`] for every password, and otherwise as it was sent. Of a row whose values may have slipped only
    /// the email address and the action are kept, if the file has passwords.
    pub blanked: String,
}

/// A row as it was read.
#[derive(Clone, PartialEq, Eq)]
pub struct ReadRow {
    /// The number of its first physical line; the header is line 1.
    pub line: u32,
    /// What it says, without its password.
    pub row: ChangeRow,
    /// Its password, to be hashed and forgotten.
    pub password: Option<String>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            mib: 100,
            rows: 200_000,
        }
    }
}

impl fmt::Debug for ReadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let password = self.password.as_ref().map(|_| BLANK);
        f.debug_struct("ReadRow")
            .field("line", &self.line)
            .field("row", &self.row)
            .field("password", &password)
            .finish()
    }
}

/// Reads a customer's change file.
///
/// # Errors
/// What is wrong with it as a whole: too large, not UTF-8, a header that is not understood, no rows, too many rows. What is
/// wrong with a row is said in the row.
pub fn read(bytes: &[u8], customer: CustomerNumber, limits: &Limits) -> Result<ReadFile, FileFault> {
    if bytes.len() > (limits.mib as usize).saturating_mul(1024 * 1024) {
        return Err(FileFault::TooLarge { limit_mib: limits.mib });
    }
    let text = str::from_utf8(bytes).map_err(|error| FileFault::Encoding {
        line: line_ends(&bytes[..error.valid_up_to()]).saturating_add(1),
    })?;
    let mut lines = Lines::of(text);
    let mut cells = Vec::new();
    let header = header::read(&mut lines, &mut cells)?;
    let columns = Columns::of(&header);
    if let Some(shape) = columns.shape() {
        lines.expect(shape);
    }
    let mut blanking = Blanking::of(text);
    let mut rows = Vec::new();
    while let Some(line) = lines.next_into(&mut cells) {
        if is_empty(&line, &cells) {
            continue;
        }
        if rows.len() >= limits.rows as usize {
            return Err(FileFault::TooManyRows { most: limits.rows });
        }
        columns.blank(&line, &cells, &mut blanking);
        rows.push(match is_sound(&line, &cells, &header) {
            true => sound(&line, &mut cells, &header, customer),
            false => slipped(&line, &cells, &header, customer),
        });
    }
    if rows.is_empty() {
        return Err(FileFault::Empty);
    }
    Ok(ReadFile {
        header,
        rows,
        blanked: blanking.finish(),
    })
}

/// Whether nothing stands in a line, or nothing but what parts cells: spreadsheets leave such lines behind.
fn is_empty(line: &Line, cells: &[Cell<'_>]) -> bool {
    line.broken.is_none() && cells.iter().all(|cell| cell.text.is_none())
}

/// Whether each value stands below its heading.
fn is_sound(line: &Line, cells: &[Cell<'_>], header: &[Field]) -> bool {
    line.broken.is_none() && cells.len() == header.len()
}

/// A row of which each value stands below its heading.
fn sound(line: &Line, cells: &mut [Cell<'_>], header: &[Field], customer: CustomerNumber) -> ReadRow {
    let mut row = bare(customer);
    let mut password = None;
    for (field, cell) in header.iter().zip(cells) {
        let Some(text) = cell.text.take() else {
            continue;
        };
        match field {
            Field::Action => row.action = text.into_owned(),
            Field::Password => password = Some(text.into_owned()).filter(|text| !text.is_empty()),
            // S2: addresses are the same in any case. Only plain letters: others would become different ones.
            Field::EmailAddress | Field::AltEmailAddress | Field::AssignTo => {
                row.fields.insert(*field, text.to_ascii_lowercase());
            }
            _ => {
                row.fields.insert(*field, text.into_owned());
            }
        }
    }
    ReadRow {
        line: line.number,
        row,
        password,
    }
}

/// A row with more or fewer values than headings, or with quotation marks that do not match: who knows which value is which,
/// so that only an email address and an action that are surely such are taken from it.
fn slipped(line: &Line, cells: &[Cell<'_>], header: &[Field], customer: CustomerNumber) -> ReadRow {
    let mut row = bare(customer);
    for (field, cell) in header.iter().zip(cells) {
        match (field, cell.text.as_deref()) {
            (Field::Action, Some(text)) if Action::read(text).is_some() => text.clone_into(&mut row.action),
            (Field::EmailAddress, Some(text)) if EmailAddress::parse(text).is_ok() => {
                row.fields.insert(*field, text.to_ascii_lowercase());
            }
            _ => {}
        }
    }
    match line.broken {
        Some(_) => row.notices.push(ChangeFault::Quotes),
        None => row.surplus = Some((cells.len(), header.len())),
    }
    ReadRow {
        line: line.number,
        row,
        password: None,
    }
}

fn bare(customer: CustomerNumber) -> ChangeRow {
    ChangeRow::of(customer, "", [])
}

#[cfg(test)]
mod tests;
