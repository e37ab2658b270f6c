//! Cells that come one by one, row after row, written as CSV text in which each row keeps its number.

use domain::{
    layout::column_letters,
    problem::{Kind, Problem},
};

use crate::limits::Limits;

/// Rows that a sheet can have, in any program; those between cells are written as blank lines.
const MOST_LINES: u32 = 1_048_576;

/// The text so far.
pub(super) struct Lines {
    limits: Limits,
    text: String,
    /// The row that is being written, from 0.
    row: u32,
    cells: Vec<String>,
    filled: u32,
}

impl Lines {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            limits: *limits,
            text: String::new(),
            row: 0,
            cells: Vec::new(),
            filled: 0,
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
    pub(super) fn put(&mut self, row: u32, column: usize, text: &str) -> Result<(), Problem> {
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
            self.cells.resize(column + 1, String::new());
        }
        text.clone_into(&mut self.cells[column]);
        Ok(())
    }

    /// Whether the row that is being written is the first with anything in it.
    pub(super) fn is_first(&self) -> bool {
        self.filled == 0
    }

    /// The whole text.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub(super) fn finish(mut self) -> Result<String, Problem> {
        self.go_to(self.row + 1)?;
        Ok(self.text)
    }

    fn go_to(&mut self, row: u32) -> Result<(), Problem> {
        if row > self.row && !self.cells.is_empty() {
            self.filled += 1;
            // The headings are one of them.
            if self.filled > self.limits.rows + 1 {
                return Err(Problem::in_file(Kind::TooManyRows { most: self.limits.rows }));
            }
        }
        while self.row < row {
            self.end_line();
            self.row += 1;
        }
        Ok(())
    }

    fn end_line(&mut self) {
        for (place, cell) in self.cells.drain(..).enumerate() {
            if place > 0 {
                self.text.push(',');
            }
            if cell.contains(['"', ',', '\n', '\r']) {
                self.text.push('"');
                self.text.push_str(&cell.replace('"', "\"\""));
                self.text.push('"');
            } else {
                self.text.push_str(&cell);
            }
        }
        self.text.push('\n');
    }
}
