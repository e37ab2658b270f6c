//! What a person should know of how their file was read.

use serde::{Deserialize, Serialize};

use crate::{ids::RowNumber, numbers::thousands};

/// Something that was guessed, filled in or passed over while a file was read. The review page says it before anything is
/// applied; [`Notice::sentence`] is the only place for its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Notice {
    // Of texts
    /// The headings were found below other rows.
    HeadingsInRow {
        /// Where they are.
        row: RowNumber,
    },
    /// The headings stand again among the rows, as where two files were put together.
    HeadingsAgain {
        /// Where; the first of them.
        rows: Vec<RowNumber>,
        /// How many more.
        more: u32,
    },
    /// Text that is not in Unicode was read as in an old encoding, which is a guess.
    OldEncoding {
        /// Which.
        encoding: OldEncoding,
        /// The cells with letters that were guessed; the first of them.
        cells: Vec<CellRead>,
        /// How many more.
        more: u32,
    },
    /// Text that was saved in the wrong encoding and then saved again was read as it was meant.
    EncodedTwice {
        /// The cells; the first of them.
        cells: Vec<CellRead>,
        /// How many more.
        more: u32,
    },
    // End of texts
}

/// An encoding that older programs save text in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OldEncoding {
    /// Of Windows in western Europe.
    Windows1252,
    /// Of the Macintosh before it had Unicode.
    MacRoman,
}

/// A cell, and what was read in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellRead {
    /// Its name in the spreadsheet, such as `C3`.
    pub cell: String,
    /// The text as it stands in the file, where that is another one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub stands: String,
    /// The text that was read.
    pub read: String,
}

impl Notice {
    /// The notice in plain words.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::HeadingsInRow { row } => {
                format!("The headings were found in row {row}. The rows above it were not read.")
            }
            Self::HeadingsAgain { rows, more } => {
                let rest = match rows.len() {
                    1 => "holds the headings again, so it was not read.",
                    _ => "hold the headings again, so they were not read.",
                };
                let more = match more {
                    0 => String::new(),
                    more => format!(" There are {} more such rows.", thousands(*more)),
                };
                format!("{} {rest}{more}", RowNumber::list(rows))
            }
            Self::OldEncoding { encoding, cells, more } => {
                let read = cells.iter().map(|cell| format!("{} “{}”", cell.cell, cell.read));
                format!(
                    "This file is not saved as UTF-8, so some of its text was read as {}. Check these cells: {}.",
                    encoding.name(),
                    list(read, *more)
                )
            }
            Self::EncodedTwice { cells, more } => {
                let read = cells
                    .iter()
                    .map(|cell| format!("{} “{}” as “{}”", cell.cell, cell.stands, cell.read));
                format!(
                    "Some text was saved in the wrong encoding before it came into this file. It was read as it was meant. \
                     Check these cells: {}.",
                    list(read, *more)
                )
            }
        }
    }
}

impl OldEncoding {
    /// What pages call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Windows1252 => "Windows-1252",
            Self::MacRoman => "Mac Roman",
        }
    }
}

fn list(named: impl Iterator<Item = String>, more: u32) -> String {
    let named = named.collect::<Vec<_>>().join(", ");
    match more {
        0 => named,
        more => format!("{named} and {} more", thousands(more)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(cell: &str, stands: &str, read: &str) -> CellRead {
        CellRead {
            cell: cell.into(),
            stands: stands.into(),
            read: read.into(),
        }
    }

    #[test]
    fn notices_name_the_rows_and_cells_they_are_about() {
        let again = |rows: &[u32], more| {
            let rows = rows.iter().map(|row| RowNumber(*row)).collect();
            Notice::HeadingsAgain { rows, more }.sentence()
        };
        assert_eq!(again(&[3], 0), "Row 3 holds the headings again, so it was not read.");
        assert_eq!(
            again(&[3, 9], 1200),
            "Rows 3 and 9 hold the headings again, so they were not read. There are 1,200 more such rows."
        );
        let old = Notice::OldEncoding {
            encoding: OldEncoding::MacRoman,
            cells: vec![cell("C2", "", "Renée"), cell("C3", "", "François")],
            more: 2,
        };
        assert_eq!(
            old.sentence(),
            "This file is not saved as UTF-8, so some of its text was read as Mac Roman. Check these cells: C2 “Renée”, C3 \
             “François” and 2 more."
        );
        let twice = Notice::EncodedTwice {
            cells: vec![cell("D7", "ZoÃ«", "Zoë")],
            more: 0,
        };
        assert!(twice.sentence().ends_with("Check these cells: D7 “ZoÃ«” as “Zoë”."));
    }
}
