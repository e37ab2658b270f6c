//! A file gone through once, before anything of it is planned: how many rows it has, what of it is too much, and what its
//! sender should know of how it was read.

use domain::{
    dictionary::Attribute,
    layout::{CellRead, Notice, column_letters},
    problem::{Kind, Problem},
    values::{ids::RowNumber, text::trimmed},
};

use super::{Sheet, unguarded};
use crate::{
    decode::{Guessed, meant},
    definition::Formats,
    headings::is_ours,
    limits::Limits,
    records::Record,
    structure::{Names, Structure},
};

/// Rows and cells that a notice names, at most; the others are counted.
const MOST_NAMED: usize = 30;

/// Characters of a cell that a notice says.
const MOST_SAID: usize = 40;

/// Headings by which a row is told to be headings of another list, at least.
const LEAST_HEADINGS: usize = 3;

/// What a notice names.
struct Named<T> {
    first: Vec<T>,
    more: u32,
}

impl<T> Named<T> {
    const fn none() -> Self {
        Self { first: vec![], more: 0 }
    }

    fn add(&mut self, named: impl FnOnce() -> T) {
        if self.first.len() < MOST_NAMED {
            self.first.push(named());
        } else {
            self.more += 1;
        }
    }

    /// The notice, where anything is named.
    fn noticed(self, notice: impl FnOnce(Vec<T>, u32) -> Notice) -> Option<Notice> {
        (!self.first.is_empty()).then(|| notice(self.first, self.more))
    }
}

impl Sheet {
    /// How many rows there are, and what there is to say about how they were read.
    ///
    /// # Errors
    /// What of the file is too much, or keeps it from being read.
    pub(super) fn survey(
        &self,
        formats: &Formats,
        found: &Structure,
        guessed: Option<&Guessed>,
    ) -> Result<(u32, Vec<Notice>), Problem> {
        let (names, limits) = (Names::of(formats), formats.limits());
        let mut again = Named::none();
        let mut cells = CellsRead::of(guessed);
        let is_plain = self.text.is_ascii();
        let mut count = 0;
        for record in self.records().filter(|record| !record.is_blank()) {
            if self.repeats_headings(&record) {
                again.add(|| record.row);
                continue;
            }
            if self.holds_other_headings(&names, &record) {
                return Err(Problem::in_file(Kind::OtherHeadings { row: record.row }));
            }
            if let Some(column) = self.too_long(&record, limits) {
                return Err(Problem::in_file(Kind::CellTooLong {
                    cell: cell_name(column, record.row),
                    most: limits.cell,
                }));
            }
            count += 1;
            if count > limits.rows {
                return Err(Problem::in_file(Kind::TooManyRows { most: limits.rows }));
            }
            if !is_plain {
                cells.look_at(self, &record);
            }
        }
        if count == 0 {
            return Err(Problem::in_file(Kind::NoRows));
        }
        let below = found
            .is_below_others
            .then_some(Notice::HeadingsInRow { row: found.row });
        let again = again.noticed(|rows, more| Notice::HeadingsAgain { rows, more });
        let notices = below.into_iter().chain(again).chain(cells.notices());
        Ok((count, notices.collect()))
    }

    /// Whether a row is headings, and not the file's own in their order: what stands below would be read in wrong columns.
    fn holds_other_headings(&self, names: &Names, record: &Record) -> bool {
        let texts = self
            .own_headings
            .iter()
            .filter_map(|(place, _)| record.cells.get(*place));
        let mut filled = texts.map(trimmed).filter(|text| !text.is_empty());
        let is_heading = |text: &str| {
            let mut own = self.own_headings.iter();
            own.any(|(_, own)| own.eq_ignore_ascii_case(text)) || names.knows(text)
        };
        // Nearly every row is told by its first cell.
        if record.broken.is_some() || !filled.next().is_some_and(is_heading) {
            return false;
        }
        let others: Vec<_> = filled.collect();
        let least = LEAST_HEADINGS.max(self.own_headings.len().div_ceil(2));
        others.len() + 1 >= least && others.into_iter().all(is_heading)
    }

    /// The column of the first cell that is far too long.
    fn too_long(&self, record: &Record, limits: &Limits) -> Option<usize> {
        let is_long = |text: &str| text.len() > limits.cell && unguarded(text).chars().nth(limits.cell).is_some();
        let is_ours = |column: usize| {
            let column = self.layout.columns.get(column);
            column.is_some_and(|(heading, _)| is_ours(heading))
        };
        let mut cells = record.cells.iter().enumerate();
        let cell = cells.find(|(column, text)| is_long(text) && !is_ours(*column));
        let rest = || record.broken.as_ref().filter(|broken| is_long(&broken.rest));
        cell.map(|(column, _)| column)
            .or_else(|| rest().map(|_| record.cells.len()))
    }
}

/// Cells in which other text was read than stands there, or text that was guessed.
struct CellsRead<'g> {
    guessed: Option<&'g Guessed>,
    /// Lines that were guessed and are already behind.
    behind: usize,
    old: Named<CellRead>,
    twice: Named<CellRead>,
}

impl<'g> CellsRead<'g> {
    const fn of(guessed: Option<&'g Guessed>) -> Self {
        Self {
            guessed,
            behind: 0,
            old: Named::none(),
            twice: Named::none(),
        }
    }

    fn look_at(&mut self, sheet: &Sheet, record: &Record) {
        let is_guessed = self.is_guessed(record);
        for ((_, held), (column, text)) in sheet.layout.columns.iter().zip(record.cells.iter().enumerate()) {
            // What is not read needs no check, and a password is not said.
            if text.is_ascii() || held.is_none_or(|held| held == Attribute::Password) {
                continue;
            }
            let (cell, text) = (|| cell_name(column, record.row), trimmed(unguarded(text)));
            if let Some(read) = meant(text) {
                self.twice.add(|| CellRead {
                    cell: cell(),
                    stands: said(text),
                    read: said(&read),
                });
            } else if is_guessed {
                self.old.add(|| CellRead {
                    cell: cell(),
                    stands: String::new(),
                    read: said(text),
                });
            }
        }
    }

    /// Whether a row stands in lines that were guessed; rows are asked about in their order.
    fn is_guessed(&mut self, record: &Record) -> bool {
        let lines = self.guessed.map_or(&[][..], |guessed| guessed.lines.as_slice());
        while lines.get(self.behind).is_some_and(|line| line.end <= record.span.start) {
            self.behind += 1;
        }
        lines.get(self.behind).is_some_and(|line| line.start < record.span.end)
    }

    fn notices(self) -> impl Iterator<Item = Notice> {
        let encoding = self.guessed.map(|guessed| guessed.encoding);
        let old = encoding.and_then(|encoding| {
            self.old
                .noticed(|cells, more| Notice::OldEncoding { encoding, cells, more })
        });
        let twice = self.twice.noticed(|cells, more| Notice::EncodedTwice { cells, more });
        old.into_iter().chain(twice)
    }
}

fn cell_name(column: usize, row: RowNumber) -> String {
    format!("{}{row}", column_letters(column))
}

fn said(text: &str) -> String {
    let mut said: String = text.chars().take(MOST_SAID).collect();
    if said.len() < text.len() {
        said.push('…');
    }
    said
}
