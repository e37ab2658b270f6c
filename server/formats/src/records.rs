//! Where each row of a CSV text begins and ends, in the spreadsheet's own numbers: blank lines count, line ends within
//! quotation marks do not.

use domain::ids::RowNumber;

/// A row that is not blank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its number in the spreadsheet.
    pub row: RowNumber,
    /// A quotation mark opened in it is never closed.
    pub unclosed: bool,
}

/// The rows of a text, as the `csv` crate will read them.
pub struct Records<'t> {
    bytes: &'t [u8],
    delimiter: u8,
    at: usize,
    number: u32,
}

impl<'t> Records<'t> {
    /// The rows of this text, the first being number 1.
    pub fn of(text: &'t str, delimiter: u8) -> Self {
        Self {
            bytes: text.as_bytes(),
            delimiter,
            at: 0,
            number: 0,
        }
    }

    /// Goes behind a line end: LF, CR, or both.
    fn skip_line_end(&mut self) {
        self.at += match self.bytes[self.at..] {
            [b'\r', b'\n', ..] => 2,
            _ => 1,
        };
    }
}

impl Iterator for Records<'_> {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        while self.at < self.bytes.len() {
            self.number += 1;
            let start = self.at;
            let mut cell = Cell::Start;
            while let Some(&byte) = self.bytes.get(self.at) {
                let ends_line = matches!(byte, b'\r' | b'\n');
                if ends_line && cell != Cell::Quoted {
                    break;
                }
                cell = cell.after(byte, self.delimiter);
                self.at += 1;
            }
            let is_blank = self.at == start;
            if self.at < self.bytes.len() {
                self.skip_line_end();
            }
            if !is_blank {
                return Some(Record {
                    row: RowNumber(self.number),
                    unclosed: cell == Cell::Quoted,
                });
            }
        }
        None
    }
}

/// Where in a cell the reader is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cell {
    Start,
    Plain,
    Quoted,
    /// Behind a quotation mark within a quoted cell: the end of it, or one half of a doubled one.
    Mark,
}

impl Cell {
    const fn after(self, byte: u8, delimiter: u8) -> Self {
        match (self, byte) {
            (Self::Start | Self::Mark, b'"') => Self::Quoted,
            (Self::Quoted, b'"') => Self::Mark,
            (Self::Quoted, _) => Self::Quoted,
            (_, byte) if byte == delimiter => Self::Start,
            (Self::Start | Self::Plain | Self::Mark, _) => Self::Plain,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows(text: &str) -> Vec<u32> {
        Records::of(text, b',').map(|record| record.row.0).collect()
    }

    #[test]
    fn rows_are_numbered_as_the_spreadsheet_numbers_them() {
        assert_eq!(rows("a,b\r\n1,2\r\n\r\n3,\"x\r\ny\"\r\n5,6"), [1, 2, 4, 5]);
        assert_eq!(rows("a\r1\r\r2"), [1, 2, 4]);
        assert_eq!(rows("a\n\"say \"\"hi\"\"\n\"\nb"), [1, 2, 3]);
    }

    #[test]
    fn a_mark_that_is_never_closed_is_noticed() {
        let last = |text: &str| Records::of(text, b',').last().unwrap();
        assert_eq!(
            last("a\nb,\"c\nd\n"),
            Record {
                row: RowNumber(2),
                unclosed: true
            }
        );
        assert!(!last("a\nb,5\" pipe\n").unclosed);
    }

    proptest! {
        /// The two readers walk in step, whatever the text.
        #[test]
        fn there_are_as_many_rows_as_the_csv_crate_reads(text in "[ab,\"\r\n]{0,40}") {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let read = reader.records().filter(|record| record.is_ok()).count();
            prop_assert_eq!(Records::of(&text, b',').count(), read);
        }
    }
}
