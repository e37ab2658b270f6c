//! Rows and columns that a sheet does not show: they are read, and that is told.

use domain::{
    layout::{Notice, column_letters},
    values::ids::RowNumber,
};

/// Stretches of rows that are named; of more only the number of rows is told.
const NAMED: usize = 10;

/// What a sheet does not show.
#[derive(Debug, Default)]
pub(super) struct Hidden {
    /// The first stretches of hidden rows with anything in them.
    named: Vec<(u32, u32)>,
    /// How many such rows there are.
    count: u32,
    /// Stretches of hidden columns.
    columns: Vec<(usize, usize)>,
    /// Which columns have anything in them.
    filled: Vec<bool>,
}

impl Hidden {
    /// Adds columns, from the first to the last.
    pub(super) fn add_columns(&mut self, first: usize, last: usize) {
        // A sound file says it once of each column; one that does not can say it without end.
        if first <= last && self.columns.len() <= last {
            self.columns.push((first, last));
        }
    }

    /// Adds a row that has anything in it.
    pub(super) fn add_row(&mut self, row: u32) {
        self.count += 1;
        let is_room = self.named.len() <= NAMED;
        match self.named.last_mut() {
            Some((_, last)) if *last + 1 == row => *last = row,
            _ if is_room => self.named.push((row, row)),
            _ => {}
        }
    }

    /// Takes note of a cell that has anything in it.
    pub(super) fn end_cell(&mut self, column: usize) {
        if self.filled.len() <= column {
            self.filled.resize(column + 1, false);
        }
        self.filled[column] = true;
    }

    /// Says what is hidden.
    pub(super) fn notices(&self) -> Vec<Notice> {
        let number = |row: u32| RowNumber(row + 1);
        let rows = (self.count > 0).then(|| Notice::HiddenRows {
            rows: self
                .named
                .iter()
                .take(NAMED)
                .map(|(first, last)| (number(*first), number(*last)))
                .collect(),
            count: self.count,
        });
        let is_hidden = |column: &usize| {
            self.columns
                .iter()
                .any(|(first, last)| (*first..=*last).contains(column))
        };
        let filled = self.filled.iter().enumerate().filter(|(_, is_filled)| **is_filled);
        let columns: Vec<_> = filled
            .map(|(column, _)| column)
            .filter(is_hidden)
            .map(column_letters)
            .collect();
        let columns = (!columns.is_empty()).then_some(Notice::HiddenColumns { columns });
        rows.into_iter().chain(columns).collect()
    }
}
