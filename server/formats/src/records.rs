//! The rows of a CSV text, cell by cell, in the spreadsheet's own numbers: blank lines count, line ends within quotation
//! marks do not.
//!
//! A quoted cell that is never closed, or goes on behind its closing mark, is never guessed at. Its row is read as far as
//! the cell; the lines behind it are looked at again, so that nobody disappears into it: each is a row of its own where it
//! has the cells of one, or else is named.

mod texts;

use std::ops::Range;

use domain::values::{ids::RowNumber, text::trimmed};

pub(crate) use self::texts::Texts;

/// Lines that are taken for the rest of a broken cell, at most.
const MOST_SWALLOWED: usize = 100;

/// Bytes of the rest of a row that are kept with a broken cell, at most, where that is more than a line.
const MOST_REST: usize = 8_000;

/// Fewer cells than this are no sign that a line within a quoted cell is a row.
const LEAST_TELLING: usize = 4;

/// What some programs write at the start of a file to say that it is Unicode, and leave in the middle of two that are put
/// together.
const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// A row with anything in it, if only what parts cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    /// Its number in the spreadsheet.
    pub(crate) row: RowNumber,
    /// Its cells, as far as the first broken one.
    pub(crate) cells: Texts,
    /// What is wrong with its quotation marks.
    pub(crate) broken: Option<Broken>,
    /// Where it stands in the text.
    pub(crate) span: Range<usize>,
}

/// A cell that is never closed, or goes on behind its closing mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    /// The text from the cell on, as it stands: the rest of the row, and the lines that may be part of the cell.
    pub(crate) rest: String,
    /// The numbers of these lines.
    pub(crate) swallowed: Vec<RowNumber>,
    /// The first line within the marks that is read as a row of its own.
    pub(crate) apart: Option<RowNumber>,
}

/// Where in a text the reading begins: behind this many bytes and rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) at: usize,
    pub(crate) number: u32,
}

/// The rows of a text.
pub(crate) struct Records<'t> {
    text: &'t str,
    delimiter: u8,
    /// Cells that a line must have to be a row of its own, within a broken cell.
    width: usize,
    place: Place,
    /// Bytes that may yet be read twice, to find where broken cells could have ended.
    patience: usize,
    /// Before this place no cell goes on in the next line: looking for ends has cost too much.
    by_line_until: usize,
}

/// Where a cell may end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    InItsLine,
    Anywhere,
}

/// What was found from the start of a row.
struct Scan {
    cells: Texts,
    end: usize,
    fault: Option<Fault>,
}

/// What is wrong with a quoted cell that begins at a place of the text.
enum Fault {
    /// It has no end, or goes on behind it; its closing mark was looked for this far.
    NoEnd { cell: usize, reached: usize },
    /// Lines within it look like rows.
    HoldsRows { cell: usize },
}

impl Record {
    /// Whether nothing stands in it that anybody could see.
    pub(crate) fn is_blank(&self) -> bool {
        self.broken.is_none() && self.cells.iter().all(|text| trimmed(text).is_empty())
    }

    /// How many cells it has, without empty ones at the end.
    pub(crate) fn filled(&self) -> usize {
        let is_filled = |place: &usize| self.cells.get(*place).is_some_and(|text| !trimmed(text).is_empty());
        (0..self.cells.len()).rfind(is_filled).map_or(0, |last| last + 1)
    }

    /// Its cells from this one on, without empty ones at the end; and the rest of a broken row as it stands.
    pub(crate) fn cells_behind(&self, place: usize) -> impl Iterator<Item = &str> {
        let cells = (place..self.filled()).filter_map(move |place| self.cells.get(place));
        cells.chain(self.broken.as_ref().map(|broken| broken.rest.as_str()))
    }
}

impl<'t> Records<'t> {
    /// All rows of a text, the first being number 1. Each line behind a broken cell is a row.
    pub(crate) fn of(text: &'t str, delimiter: u8) -> Self {
        Self::from_place(text, delimiter, Place::default(), 0)
    }

    /// The rows from a place on. A line within a broken cell is a row where it has so many cells.
    pub(crate) fn from_place(text: &'t str, delimiter: u8, place: Place, width: usize) -> Self {
        Self {
            text,
            delimiter,
            width,
            place,
            patience: text.len(),
            by_line_until: 0,
        }
    }

    /// Where the next row begins.
    pub(crate) const fn place(&self) -> Place {
        self.place
    }

    fn record(&mut self) -> Record {
        let (start, row) = (self.place.at, RowNumber(self.place.number));
        let ends = match start < self.by_line_until {
            true => Ends::InItsLine,
            false => Ends::Anywhere,
        };
        let Scan { cells, mut end, fault } = self.look_from(start, ends);
        let broken = match fault {
            None => None,
            Some(Fault::NoEnd { cell, reached }) => {
                let broken;
                (broken, end) = self.broken(cell, reached);
                Some(broken)
            }
            Some(Fault::HoldsRows { cell }) => {
                let rest = &self.text[cell..end];
                let first = self.place.number + 1;
                self.place.number += line_ends(rest);
                Some(Broken {
                    rest: rest.to_owned(),
                    swallowed: (first..=self.place.number).map(RowNumber).collect(),
                    apart: None,
                })
            }
        };
        self.place.at = self.behind_line_end(end);
        Record {
            row,
            cells,
            broken,
            span: start..end,
        }
    }

    /// What is said about a cell that has no end, and where its row ends: with the line in which the cell begins, and the lines
    /// behind it that are no rows.
    fn broken(&mut self, cell: usize, reached: usize) -> (Broken, usize) {
        let mut end = self.line_end(cell);
        match self.patience.checked_sub(reached.saturating_sub(end)) {
            Some(left) => self.patience = left,
            None => self.by_line_until = reached,
        }
        let (mut swallowed, mut apart) = (Vec::new(), None);
        let mut at = self.behind_line_end(end);
        while at < reached {
            let line_end = self.line_end(at);
            let is_blank = self.text[at..line_end].trim().is_empty();
            let is_too_much = swallowed.len() == MOST_SWALLOWED || line_end - cell > MOST_REST;
            if is_too_much || (!is_blank && self.cells_in_line(at) >= self.width) {
                apart = Some(RowNumber(self.place.number + 1));
                break;
            }
            self.place.number += 1;
            if !is_blank {
                swallowed.push(RowNumber(self.place.number));
            }
            end = line_end;
            at = self.behind_line_end(end);
        }
        let broken = Broken {
            rest: self.text[cell..end].to_owned(),
            swallowed,
            apart,
        };
        (broken, end)
    }

    /// How many cells a line has by itself.
    fn cells_in_line(&self, start: usize) -> usize {
        let scan = self.look_from(start, Ends::InItsLine);
        match scan.fault {
            None => scan.cells.len(),
            Some(Fault::NoEnd { cell, .. } | Fault::HoldsRows { cell }) => {
                let rest = &self.text.as_bytes()[cell..self.line_end(cell)];
                scan.cells.len() + 1 + rest.iter().filter(|byte| **byte == self.delimiter).count()
            }
        }
    }

    /// Reads the row that begins here, to its end or to the first cell that has none.
    fn look_from(&self, start: usize, ends: Ends) -> Scan {
        let bytes = self.text.as_bytes();
        let mut cells = Texts::default();
        // Cells behind one that holds rows are read to find the row's end, and not kept.
        let mut holds_rows = None;
        let mut at = start;
        loop {
            let cell = at;
            match self.quoted(cell, ends, &mut cells) {
                Some(Ok(end)) => {
                    if holds_rows.is_none() && self.holds_rows(&self.text[cell..end]) {
                        holds_rows = Some((cell, cells.len()));
                    }
                    at = end;
                }
                Some(Err(reached)) => {
                    let (cell, kept) = holds_rows.unwrap_or((cell, cells.len()));
                    cells.keep(kept);
                    let fault = Some(Fault::NoEnd { cell, reached });
                    return Scan {
                        cells,
                        end: reached,
                        fault,
                    };
                }
                None => {
                    at = self.plain_end(cell);
                    cells.push(&self.text[cell..at]);
                }
            }
            cells.end_cell();
            if bytes.get(at) != Some(&self.delimiter) {
                break;
            }
            at += 1;
        }
        let Some((cell, kept)) = holds_rows else {
            return Scan {
                cells,
                end: at,
                fault: None,
            };
        };
        cells.keep(kept);
        let rest = &self.text[cell..at];
        let is_short = rest.len() <= MOST_REST && line_ends(rest) as usize <= MOST_SWALLOWED;
        let fault = if is_short {
            Fault::HoldsRows { cell }
        } else {
            Fault::NoEnd { cell, reached: at }
        };
        Scan {
            cells,
            end: at,
            fault: Some(fault),
        }
    }

    /// Reads a quoted cell and says where it ends, or how far its end was looked for. None where the cell is not quoted.
    fn quoted(&self, cell: usize, ends: Ends, into: &mut Texts) -> Option<Result<usize, usize>> {
        let bytes = self.text.as_bytes();
        let opening = cell + self.blanks(cell);
        if bytes.get(opening) != Some(&b'"') {
            return None;
        }
        let mut from = opening + 1;
        while into.len() == 0 && self.text[from..].starts_with(BYTE_ORDER_MARK) {
            from += BYTE_ORDER_MARK.len_utf8();
        }
        if opening == cell {
            return Some(self.closed(from, ends, into));
        }
        // Blanks in front of a mark are passed over where it is surely one that opens a cell.
        let closed = self.closed(from, Ends::InItsLine, into);
        if closed.is_err() {
            into.drop_cell();
        }
        closed.ok().map(Ok)
    }

    fn closed(&self, from: usize, ends: Ends, into: &mut Texts) -> Result<usize, usize> {
        let bytes = self.text.as_bytes();
        let stops = |byte: &u8| *byte == b'"' || (ends == Ends::InItsLine && is_line_end(*byte));
        let mut at = from;
        loop {
            let mark = bytes[at..].iter().position(stops).ok_or(bytes.len())? + at;
            into.push(&self.text[at..mark]);
            if bytes[mark] != b'"' {
                return Err(mark);
            }
            at = mark + 1;
            if bytes.get(at) == Some(&b'"') {
                into.push("\"");
                at += 1;
                continue;
            }
            let end = at + self.blanks(at);
            return match bytes.get(end) {
                Some(byte) if *byte != self.delimiter && !is_line_end(*byte) => Err(at),
                _ => Ok(end),
            };
        }
    }

    /// Whether a line within a quoted cell has the cells of a row. In running text a comma has a space behind it.
    fn holds_rows(&self, cell: &str) -> bool {
        if self.width < LEAST_TELLING {
            return false;
        }
        let is_row = |line: &str| {
            let mut parts = line.split(char::from(self.delimiter)).skip(1);
            let tight = parts.try_fold(1, |count, part| (!part.starts_with(' ')).then_some(count + 1));
            tight.is_some_and(|count| count >= self.width)
        };
        cell.split(['\r', '\n']).skip(1).any(is_row)
    }

    fn blanks(&self, at: usize) -> usize {
        let is_blank = |byte: &&u8| matches!(**byte, b' ' | b'\t') && **byte != self.delimiter;
        self.text.as_bytes()[at..].iter().take_while(is_blank).count()
    }

    fn plain_end(&self, at: usize) -> usize {
        let ends = |byte: &u8| *byte == self.delimiter || is_line_end(*byte);
        let rest = &self.text.as_bytes()[at..];
        at + rest.iter().position(ends).unwrap_or(rest.len())
    }

    fn line_end(&self, at: usize) -> usize {
        let rest = &self.text.as_bytes()[at..];
        at + rest.iter().position(|byte| is_line_end(*byte)).unwrap_or(rest.len())
    }

    /// The place behind a line end: LF, CR, or both.
    fn behind_line_end(&self, at: usize) -> usize {
        match self.text.as_bytes()[at..] {
            [] => at,
            [b'\r', b'\n', ..] => at + 2,
            _ => at + 1,
        }
    }
}

impl Iterator for Records<'_> {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        loop {
            while self.text[self.place.at..].starts_with(BYTE_ORDER_MARK) {
                self.place.at += BYTE_ORDER_MARK.len_utf8();
            }
            if self.place.at == self.text.len() {
                return None;
            }
            self.place.number += 1;
            if !is_line_end(self.text.as_bytes()[self.place.at]) {
                return Some(self.record());
            }
            self.place.at = self.behind_line_end(self.place.at);
        }
    }
}

const fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

fn line_ends(text: &str) -> u32 {
    let pairs = text.matches("\r\n").count();
    let signs = text.bytes().filter(|byte| is_line_end(*byte)).count();
    u32::try_from(signs - pairs).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
