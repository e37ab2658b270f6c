//! Which column of a file holds which attribute: what turns "mobile, row 7" into "J7".

mod notice;

use serde::{Deserialize, Serialize};

pub use self::notice::{CellRead, Notice, OldEncoding};
use crate::{dictionary::Attribute, ids::RowNumber};

/// The columns of one file from left to right.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// Each column's heading as it stands in the file, and the attribute it holds where it holds one.
    pub columns: Vec<(String, Option<Attribute>)>,
    /// Whether somebody said which column holds what: its headings are those of no format.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_chosen: bool,
    /// How the file was read.
    #[serde(default)]
    pub read_as: ReadAs,
    /// Columns, from 0, in which a workbook holds numbers that may have lost zeros at their front.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plain_numbers: Vec<usize>,
    /// What was guessed, filled in or passed over while the file was read, to be told before anything is applied.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Notice>,
    /// Which part of the file is read.
    #[serde(default, skip_serializing_if = "Part::is_whole")]
    pub part: Part,
}

/// Which part of a file its sender wants read; what is not said is guessed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The name of a workbook's sheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The row that holds the headings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headings: Option<RowNumber>,
}

impl Part {
    /// Whether nobody said anything.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.sheet.is_none() && self.headings.is_none()
    }
}

/// How a file's bytes were read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReadAs {
    /// As text in Unicode; where some of it is not, a notice says so.
    #[default]
    Unicode,
    /// As text in Windows-1252, because it was not Unicode: of files that were read before each line was looked at.
    Windows1252,
    /// As a sheet of an Excel workbook.
    Excel {
        /// Its name.
        sheet: String,
        /// Whether no other sheet is shown.
        is_only: bool,
    },
    /// As a sheet of an OpenDocument spreadsheet.
    OpenDocument {
        /// Its name.
        sheet: String,
        /// Whether no other sheet is shown.
        is_only: bool,
    },
}

impl Layout {
    /// The position of an attribute's column, from 0.
    #[must_use]
    pub fn position(&self, attribute: Attribute) -> Option<usize> {
        self.columns.iter().position(|(_, held)| *held == Some(attribute))
    }

    /// The heading an attribute stands under in this file.
    #[must_use]
    pub fn heading(&self, attribute: Attribute) -> Option<&str> {
        self.position(attribute)
            .map(|position| self.columns[position].0.as_str())
    }

    /// A cell's name as the spreadsheet shows it, such as `J7`; none where the file has no such column.
    #[must_use]
    pub fn cell_name(&self, row: RowNumber, attribute: Attribute) -> Option<String> {
        self.position(attribute)
            .map(|position| format!("{}{row}", column_letters(position)))
    }
}

/// A column's letters from its position: 0 is `A`, 25 is `Z`, 26 is `AA`.
#[must_use]
pub fn column_letters(position: usize) -> String {
    let last = char::from(b'A' + (position % 26) as u8);
    match position / 26 {
        0 => last.to_string(),
        rest => column_letters(rest - 1) + &last.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_lettered_as_spreadsheets_letter_them() {
        let named = [
            (0, "A"),
            (9, "J"),
            (25, "Z"),
            (26, "AA"),
            (51, "AZ"),
            (52, "BA"),
            (701, "ZZ"),
            (702, "AAA"),
        ];
        for (position, letters) in named {
            assert_eq!(column_letters(position), letters);
        }
    }

    #[test]
    fn a_cell_is_named_by_its_column_and_row() {
        let columns = vec![
            ("Surname".into(), Some(Attribute::LastName)),
            ("Cell".into(), Some(Attribute::Mobile)),
        ];
        let layout = Layout {
            columns,
            ..Layout::default()
        };
        assert_eq!(layout.cell_name(RowNumber(7), Attribute::Mobile).as_deref(), Some("B7"));
        assert_eq!(layout.cell_name(RowNumber(7), Attribute::Fax), None);
    }
}
