//! Cells that come one by one, row after row, written as CSV text in which each row keeps its number.

mod hidden;
mod merges;

use std::collections::BTreeSet;

use domain::{
    layout::{Notice, column_letters},
    problem::{Kind, Problem},
};

pub(super) use self::merges::Merge;
use self::{
    hidden::Hidden,
    merges::{Merges, with_merged},
};
use super::{
    headings::{FIRSTS, Heads},
    marks::{Is, Marks, Shown},
};
use crate::{limits::Limits, structure::Names};

/// Rows that a sheet can have, in any program; those between cells are written as blank lines.
const MOST_LINES: u32 = 1_048_576;

/// The longest text by which a heading is known.
const LONGEST_HEADING: usize = 100;

/// Merged cells over several rows by which headings are told; a sheet has no more columns that are read.
const MOST_TALL: usize = 1_000;

/// Cells that a notice names; of more only the number is told.
const NAMED: usize = 10;

/// The text so far.
pub(super) struct Lines {
    limits: Limits,
    /// The row of the headings, from 0: what is merged or hidden there or above is not told.
    headings: u32,
    text: String,
    /// The row that is being written, from 0.
    row: u32,
    cells: Vec<Shown>,
    filled: u32,
    firsts: Vec<(u32, Vec<String>)>,
    plain_numbers: BTreeSet<usize>,
    marks: Marks,
    merges: Merges,
    /// Merged cells over several rows, by which headings are told.
    tall: Vec<Merge>,
    /// The first cells whose number formats could not be followed, and how many there are.
    not_followed: (Vec<String>, usize),
    hidden: Hidden,
    /// Whether the row that is being written is hidden, and the last later one that is.
    row_is_hidden: bool,
    next_hidden: Option<u32>,
}

/// What became of a sheet's cells.
pub(super) struct Written {
    pub(super) text: String,
    pub(super) plain_numbers: Vec<usize>,
    pub(super) marks: Marks,
    pub(super) notices: Vec<Notice>,
}

impl Lines {
    /// None yet, of a sheet that has its headings in this row, from 0.
    pub(super) fn new(limits: &Limits, headings: u32) -> Self {
        Self {
            limits: *limits,
            headings,
            text: String::new(),
            row: 0,
            cells: Vec::new(),
            filled: 0,
            firsts: Vec::new(),
            plain_numbers: BTreeSet::new(),
            marks: Marks::default(),
            merges: Merges::default(),
            tall: Vec::new(),
            not_followed: (Vec::new(), 0),
            hidden: Hidden::default(),
            row_is_hidden: false,
            next_hidden: None,
        }
    }

    /// Whether there may be a cell in this column, from 0.
    ///
    /// # Errors
    /// Where it lies beyond those that are read.
    pub(super) fn admits(&self, column: usize) -> Result<(), Problem> {
        let most = self.limits.columns;
        if column < most {
            return Ok(());
        }
        Err(Problem::in_file(Kind::TooManyColumns {
            found: column + 1,
            most,
        }))
    }

    /// Puts text into a cell, at a row and a column from 0. Rows come in their order; empty text is no cell.
    ///
    /// # Errors
    /// Where there are more rows or columns than are read, or longer text.
    pub(super) fn put(&mut self, row: u32, column: usize, text: &str, is: Is) -> Result<(), Problem> {
        if text.is_empty() {
            return Ok(());
        }
        if row < self.row || row >= MOST_LINES {
            return Err(Problem::in_file(Kind::BrokenWorkbook));
        }
        self.admits(column)?;
        if text.len() > self.limits.cell && text.chars().nth(self.limits.cell).is_some() {
            return Err(Problem::in_file(Kind::CellTooLong {
                cell: format!("{}{}", column_letters(column), row + 1),
                most: self.limits.cell,
            }));
        }
        self.go_to(row)?;
        if self.cells.len() <= column {
            self.cells.resize(column + 1, Shown::default());
        }
        let cell = &mut self.cells[column];
        text.clone_into(&mut cell.text);
        cell.is = is;
        Ok(())
    }

    /// Says that cells are merged, before those of their first row are ended. Below the headings each of them has their value;
    /// headings have that of cells which begin above and reach them.
    pub(super) fn merge(&mut self, merge: Merge) {
        if merge.first.1 >= self.limits.columns {
            return;
        }
        if merge.first.0 > self.headings {
            self.merges.add(merge);
        }
        if merge.is_tall() && self.tall.len() < MOST_TALL {
            self.tall.push(merge);
        }
    }

    /// Says that a row is not shown, before its cells come.
    pub(super) fn hide_row(&mut self, row: u32) {
        if row == self.row {
            self.row_is_hidden = true;
        } else {
            self.next_hidden = Some(row);
        }
    }

    /// Says that columns are not shown, from the first to the last, both from 0.
    pub(super) fn hide_columns(&mut self, first: usize, last: usize) {
        self.hidden.add_columns(first, last.min(self.limits.columns));
    }

    /// Whether the rows that tell where the headings are have all ended.
    pub(super) fn has_firsts(&self) -> bool {
        self.firsts.len() >= FIRSTS
    }

    /// What the first rows say.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub(super) fn heads(mut self, names: &Names) -> Result<Heads, Problem> {
        self.go_to(self.row + 1)?;
        if self.tall.is_empty() {
            return Ok(Heads::of(names, &self.firsts));
        }
        let shown = |(row, cells): &(u32, Vec<String>)| {
            let mut cells = cells.clone();
            for (column, text) in with_merged(&self.tall, &self.firsts, *row) {
                if cells.len() <= column {
                    cells.resize(column + 1, String::new());
                }
                if cells[column].is_empty() {
                    cells[column] = text;
                }
            }
            (*row, cells)
        };
        let firsts: Vec<_> = self.firsts.iter().map(shown).collect();
        let tall: Vec<_> = self.tall.iter().map(|merge| (merge.first.0, merge.last.0)).collect();
        Ok(Heads::merged(names, &firsts, &tall))
    }

    /// The whole text.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub(super) fn finish(mut self) -> Result<Written, Problem> {
        self.go_to(self.row + 1)?;
        let mut notices = self.hidden.notices();
        notices.extend(self.merges.notice());
        let (cells, count) = self.not_followed;
        notices.extend((count > 0).then_some(Notice::NumberFormats { cells, count }));
        Ok(Written {
            text: self.text,
            plain_numbers: self.plain_numbers.into_iter().collect(),
            marks: self.marks,
            notices,
        })
    }

    fn go_to(&mut self, row: u32) -> Result<(), Problem> {
        if row <= self.row {
            return Ok(());
        }
        if !self.cells.is_empty() {
            self.end_row()?;
        }
        while self.row < row {
            self.end_line();
            self.row += 1;
        }
        self.row_is_hidden = self.next_hidden == Some(self.row);
        Ok(())
    }

    /// Takes note of a row that has anything in it.
    fn end_row(&mut self) -> Result<(), Problem> {
        self.filled += 1;
        // The headings are one of them.
        if self.filled > self.limits.rows + 1 {
            return Err(Problem::in_file(Kind::TooManyRows { most: self.limits.rows }));
        }
        if !self.has_firsts() {
            let heading = |cell: &Shown| cell.text.chars().take(LONGEST_HEADING).collect::<String>();
            self.firsts.push((self.row, self.cells.iter().map(heading).collect()));
        }
        if self.row == self.headings {
            self.fill_headings();
        }
        self.merges.fill(self.row, &mut self.cells, self.limits.columns);
        if self.row_is_hidden && self.row > self.headings {
            self.hidden.add_row(self.row);
        }
        let is_first = self.filled == 1;
        for (column, cell) in self.cells.iter().enumerate() {
            if cell.text.is_empty() {
                continue;
            }
            self.hidden.end_cell(column);
            if matches!(cell.is, Is::PlainNumber | Is::DressedNumber | Is::NotFollowed) && !is_first {
                self.plain_numbers.insert(column);
            }
            if cell.is == Is::NotFollowed {
                let (named, count) = &mut self.not_followed;
                *count += 1;
                if named.len() < NAMED {
                    named.push(format!("{}{}", column_letters(column), self.row + 1));
                }
            }
            self.marks.push(self.row, column, cell.is);
        }
        Ok(())
    }

    /// Fills headings over which a cell is merged that begins above them.
    fn fill_headings(&mut self) {
        for (column, text) in with_merged(&self.tall, &self.firsts, self.row) {
            if self.cells.len() <= column {
                self.cells.resize(column + 1, Shown::default());
            }
            let cell = &mut self.cells[column];
            if cell.text.is_empty() {
                cell.text = text;
            }
        }
    }

    fn end_line(&mut self) {
        for (place, Shown { text, .. }) in self.cells.drain(..).enumerate() {
            if place > 0 {
                self.text.push(',');
            }
            if text.contains(['"', ',', '\n', '\r']) {
                self.text.push('"');
                self.text.push_str(&text.replace('"', "\"\""));
                self.text.push('"');
            } else {
                self.text.push_str(&text);
            }
        }
        self.text.push('\n');
    }
}
