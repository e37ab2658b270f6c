//! Merged cells: each has the value that all of them together show.

use std::collections::VecDeque;

use domain::layout::{Notice, column_letters};

use crate::workbook::marks::Shown;

/// Merged cells that are named; of more only the number is told.
const NAMED: usize = 10;

/// Cells that are shown as one, from the first to the last; rows and columns from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::workbook) struct Merge {
    pub(in crate::workbook) first: (u32, usize),
    pub(in crate::workbook) last: (u32, usize),
}

impl Merge {
    /// How many of them are kept: more than there are rows that are read, and a file can say that it has very many.
    pub(in crate::workbook) const MOST: usize = 500_000;

    /// Whether they are in more than one row.
    pub(in crate::workbook) const fn is_tall(&self) -> bool {
        self.last.0 > self.first.0
    }

    fn name(&self) -> String {
        let name = |(row, column): (u32, usize)| format!("{}{}", column_letters(column), row + 1);
        format!("{}:{}", name(self.first), name(self.last))
    }
}

/// What merged cells show in a row below their first one, each with its first column.
pub(super) fn with_merged(tall: &[Merge], firsts: &[(u32, Vec<String>)], row: u32) -> Vec<(usize, String)> {
    let reaching = tall.iter().filter(|merge| merge.first.0 < row && row <= merge.last.0);
    let shown = reaching.filter_map(|merge| {
        let (_, cells) = firsts.iter().find(|(first, _)| *first == merge.first.0)?;
        let text = cells.get(merge.first.1).filter(|text| !text.is_empty())?;
        Some((merge.first.1, text.clone()))
    });
    shown.collect()
}

/// The merged cells of a sheet.
#[derive(Debug, Default)]
pub(super) struct Merges {
    /// Those whose first row has not come, in the order of these.
    waiting: VecDeque<Merge>,
    /// Those that have begun.
    open: Vec<Open>,
    /// The names of the first that were filled, and how many were.
    named: Vec<String>,
    filled: usize,
}

#[derive(Debug)]
struct Open {
    merge: Merge,
    value: Shown,
    was_filled: bool,
}

impl Merges {
    pub(super) fn add(&mut self, merge: Merge) {
        if self.waiting.len() < Merge::MOST {
            self.waiting.push_back(merge);
        }
    }

    /// Fills the cells of a row that has any of its own.
    pub(super) fn fill(&mut self, row: u32, cells: &mut Vec<Shown>, most_columns: usize) {
        while let Some(merge) = self.waiting.pop_front_if(|merge| merge.first.0 <= row) {
            let value = cells.get(merge.first.1).filter(|cell| !cell.text.is_empty());
            // A sound file has no more of them side by side than it has columns.
            if let Some(value) = value.filter(|_| merge.first.0 == row && self.open.len() < most_columns) {
                self.open.push(Open {
                    merge,
                    value: value.clone(),
                    was_filled: false,
                });
            }
        }
        for Open {
            merge,
            value,
            was_filled,
        } in &mut self.open
        {
            for column in merge.first.1..=merge.last.1.min(most_columns.saturating_sub(1)) {
                if (row, column) == merge.first {
                    continue;
                }
                if cells.len() <= column {
                    cells.resize(column + 1, Shown::default());
                }
                cells[column].clone_from(value);
                if !*was_filled {
                    *was_filled = true;
                    self.filled += 1;
                    if self.named.len() < NAMED {
                        self.named.push(merge.name());
                    }
                }
            }
        }
        self.open.retain(|open| open.merge.last.0 > row);
    }

    /// Says which were filled.
    pub(super) fn notice(self) -> Option<Notice> {
        (self.filled > 0).then_some(Notice::MergedCells {
            cells: self.named,
            count: self.filled,
        })
    }
}
