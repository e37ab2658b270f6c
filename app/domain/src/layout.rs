//! Which column of a file holds which attribute: what turns "mobile, row 7" into "J7".

mod notice;
mod told;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use self::notice::{CellRead, Notice, OldEncoding};
use crate::{dictionary::Attribute, values::ids::RowNumber};

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
    /// What every row has, as the sender said of the whole file: one organisation, one site or one unit.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub for_all: BTreeMap<Attribute, String>,
    /// What texts in the file's cells mean, as the sender said: their “Riverside Hospitals Trust” is `RIV`. Each text is
    /// written as [`plain_text`] makes it; an empty meaning leaves the cell empty.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<Attribute, BTreeMap<String, String>>,
    /// Texts that name nothing here and were left as they are by somebody who was asked what they mean; each as
    /// [`plain_text`] makes it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub left: BTreeMap<Attribute, BTreeSet<String>>,
    /// How many texts of this file name nothing here, without those that somebody has looked at.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub unknown: BTreeMap<Attribute, u32>,
}

/// What the same value can be said of for all rows.
pub const PLACES: [Attribute; 3] = [Attribute::Organisation, Attribute::Site, Attribute::Unit];

/// What texts of a file can be given a meaning for: places, and what is chosen from a list.
pub const EXPLAINED: [Attribute; 6] = [
    Attribute::Organisation,
    Attribute::Site,
    Attribute::Unit,
    Attribute::Role,
    Attribute::WorkArea,
    Attribute::ClinicalSpecialty,
];

/// A cell's text as it is compared: small letters and single spaces.
#[must_use]
pub fn plain_text(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
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

impl ReadAs {
    /// The name of the sheet that was read; `None` if the file is no workbook.
    #[must_use]
    pub fn sheet(&self) -> Option<&str> {
        match self {
            Self::Unicode | Self::Windows1252 => None,
            Self::Excel { sheet, .. } | Self::OpenDocument { sheet, .. } => Some(sheet),
        }
    }
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

    /// What a cell's text means, as the sender said; `None` if nothing was said of it.
    #[must_use]
    pub fn meaning(&self, attribute: Attribute, text: &str) -> Option<&str> {
        let said = self.values.get(&attribute)?;
        said.get(&plain_text(text)).map(String::as_str)
    }

    /// Whether somebody was asked what a text means: it is given a meaning, or left as it is.
    #[must_use]
    pub fn is_answered(&self, attribute: Attribute, text: &str) -> bool {
        let is_left = |left: &BTreeSet<String>| left.contains(&plain_text(text));
        self.meaning(attribute, text).is_some() || self.left.get(&attribute).is_some_and(is_left)
    }

    /// Whether a file is read the same way by both, whatever else differs.
    #[must_use]
    pub fn reads_like(&self, other: &Self) -> bool {
        self.columns == other.columns && self.for_all == other.for_all && self.values == other.values
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
    fn a_text_means_what_was_said_in_any_case_and_spacing() {
        let said = [(plain_text("Riverside  Hospitals Trust"), "RIV".to_owned())];
        let layout = Layout {
            values: [(Attribute::Organisation, said.into())].into(),
            ..Layout::default()
        };
        let meaning = |attribute, text| layout.meaning(attribute, text);
        assert_eq!(
            meaning(Attribute::Organisation, " riverside hospitals TRUST"),
            Some("RIV")
        );
        assert_eq!(meaning(Attribute::Organisation, "Riverside"), None);
        assert_eq!(meaning(Attribute::Unit, "Riverside Hospitals Trust"), None);
        assert!(layout.is_answered(Attribute::Organisation, "Riverside Hospitals trust"));
        assert!(!layout.is_answered(Attribute::Organisation, "Riverside"));
        let layout = Layout {
            left: [(Attribute::Unit, [plain_text("Staff Bank")].into())].into(),
            ..layout
        };
        assert!(layout.is_answered(Attribute::Unit, "staff  bank"));
        let stored = serde_json::to_string(&layout).unwrap();
        assert_eq!(serde_json::from_str::<Layout>(&stored).unwrap(), layout);
        assert_eq!(
            serde_json::from_str::<Layout>(r#"{"columns":[]}"#).unwrap(),
            Layout::default()
        );
    }

    #[test]
    fn all_that_is_chosen_from_a_list_can_be_explained() {
        let domain = crate::values::email_address::MailDomain::parse("health.example").unwrap();
        let rules = crate::rules::Rules::standard(domain);
        let has_list = |attribute: &Attribute| attribute.choices(&rules).is_some();
        let lists: Vec<_> = Attribute::ALL.into_iter().filter(has_list).collect();
        assert!(lists.iter().all(|list| EXPLAINED.contains(list)), "{lists:?}");
        assert_eq!(lists.len() + PLACES.len(), EXPLAINED.len());
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
