//! What a person should know of how their file was read.

use serde::{Deserialize, Serialize};

use crate::values::{ids::RowNumber, numbers::thousands};

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
    // Of a workbook
    /// Rows that the sheet does not show were read.
    HiddenRows {
        /// The first stretches of them, each from its first row to its last.
        rows: Vec<(RowNumber, RowNumber)>,
        /// How many rows there are.
        count: u32,
    },
    /// Columns that the sheet does not show were read.
    HiddenColumns {
        /// Their letters.
        columns: Vec<String>,
    },
    /// Merged cells were each given the value that they show together.
    MergedCells {
        /// The first of them, such as `B2:B4`.
        cells: Vec<String>,
        /// How many of them there are.
        count: usize,
    },
    /// Numbers were read without the format by which a spreadsheet shows them, because it could not be followed.
    NumberFormats {
        /// The first of their cells.
        cells: Vec<String>,
        /// How many of them there are.
        count: usize,
    },
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
                    listed(read.collect(), *more)
                )
            }
            Self::EncodedTwice { cells, more } => {
                let read = cells
                    .iter()
                    .map(|cell| format!("{} “{}” as “{}”", cell.cell, cell.stands, cell.read));
                format!(
                    "Some text was saved in the wrong encoding before it came into this file. It was corrected. \
                     Check these cells: {}.",
                    listed(read.collect(), *more)
                )
            }
            Self::HiddenRows { rows, count: 1 } => {
                let row: String = rows.first().map(|(row, _)| format!("Row {row}")).unwrap_or_default();
                format!(
                    "{row} is hidden or filtered out in your spreadsheet. It was read anyway. If you do not want it, \
                     copy the rows that you can see into a new sheet and upload that."
                )
            }
            Self::HiddenRows { rows, count } => {
                let stretch = |(first, last): &(RowNumber, RowNumber)| match first == last {
                    true => first.to_string(),
                    false => format!("{first} to {last}"),
                };
                let named: u32 = rows.iter().map(|(first, last)| last.0 - first.0 + 1).sum();
                let rows = listed(rows.iter().map(stretch).collect(), count.saturating_sub(named));
                format!(
                    "{} rows are hidden or filtered out in your spreadsheet: {rows}. They were read anyway. If you do \
                     not want them, copy the rows that you can see into a new sheet and upload that.",
                    thousands(*count)
                )
            }
            Self::HiddenColumns { columns } => match columns.as_slice() {
                [only] => format!("Column {only} is hidden in your spreadsheet. It was read anyway."),
                _ => format!(
                    "Columns {} are hidden in your spreadsheet. They were read anyway.",
                    listed(columns.clone(), 0)
                ),
            },
            Self::MergedCells { cells, count } => {
                let more = u32::try_from(count.saturating_sub(cells.len())).unwrap_or(u32::MAX);
                format!(
                    "Merged cells were filled: each of {} has the value that you see in the merged cell.",
                    listed(cells.clone(), more)
                )
            }
            Self::NumberFormats { cells, count } => {
                format!(
                    "Some numbers have a format that could not be followed, so they were read without it. Check that no zeros \
                     are missing: {}.",
                    listed(
                        cells.clone(),
                        u32::try_from(count.saturating_sub(cells.len())).unwrap_or(u32::MAX)
                    )
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

/// Names in a sentence, and how many there are besides.
fn listed(mut names: Vec<String>, more: u32) -> String {
    match (more, names.pop()) {
        (_, None) => String::new(),
        (0, Some(only)) if names.is_empty() => only,
        (0, Some(last)) => format!("{} and {last}", names.join(", ")),
        (more, Some(last)) => {
            names.push(last);
            format!("{} and {} more", names.join(", "), thousands(more))
        }
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
        let all = Notice::OldEncoding {
            encoding: OldEncoding::Windows1252,
            cells: vec![cell("C2", "", "Renée"), cell("C3", "", "François")],
            more: 0,
        };
        assert!(
            all.sentence()
                .ends_with("Check these cells: C2 “Renée” and C3 “François”.")
        );
    }

    #[test]
    fn what_a_workbook_hides_or_merges_is_named() {
        let rows = |rows: &[(u32, u32)], count| {
            let rows = rows
                .iter()
                .map(|(first, last)| (RowNumber(*first), RowNumber(*last)))
                .collect();
            Notice::HiddenRows { rows, count }.sentence()
        };
        assert!(rows(&[(4, 4)], 1).starts_with("Row 4 is hidden or filtered out in your spreadsheet. It was read"));
        assert!(
            rows(&[(4, 9), (12, 12)], 7)
                .starts_with("7 rows are hidden or filtered out in your spreadsheet: 4 to 9 and 12.")
        );
        assert!(
            rows(&[(4, 9), (12, 12)], 1207).contains("1,207 rows") && rows(&[(4, 9)], 8).contains("4 to 9 and 2 more.")
        );
        let columns = |columns: &[&str]| {
            let columns = columns.iter().map(ToString::to_string).collect();
            Notice::HiddenColumns { columns }.sentence()
        };
        assert_eq!(
            columns(&["C"]),
            "Column C is hidden in your spreadsheet. It was read anyway."
        );
        assert!(columns(&["C", "F", "H"]).starts_with("Columns C, F and H are hidden"));
        let merged = Notice::MergedCells {
            cells: vec!["B2:B4".into()],
            count: 1,
        };
        assert_eq!(
            merged.sentence(),
            "Merged cells were filled: each of B2:B4 has the value that you see in the merged cell."
        );
        let formats = Notice::NumberFormats {
            cells: vec!["A2".into(), "A3".into()],
            count: 5,
        };
        assert!(
            formats
                .sentence()
                .ends_with("Check that no zeros are missing: A2, A3 and 3 more.")
        );
        let many = Notice::MergedCells {
            cells: vec!["B2:B4".into()],
            count: 1201,
        };
        assert!(many.sentence().contains("each of B2:B4 and 1,200 more has the value"));
    }
}
