//! How a file was read, in the sentences that its sender reads: on the page, and in the answers to programs.

use super::{Layout, Notice, ReadAs, column_letters};
use crate::{dictionary::Attribute, problem::in_sentence};

impl Layout {
    /// What was said, guessed or passed over while the file was read, each in a sentence; empty if nothing was. It is given
    /// the headings of the columns that nothing is read from.
    #[must_use]
    pub fn told(&self, unread: &[&str]) -> Vec<String> {
        left_out(self, unread)
            .into_iter()
            .chain(for_all(self))
            .chain(meanings(self))
            .chain(how(self))
            .chain(zeros(self))
            .chain(self.notices.iter().map(Notice::sentence))
            .collect()
    }
}

/// What every row has, as was said of the file.
fn for_all(layout: &Layout) -> Option<String> {
    let said = layout.for_all.iter();
    let said: Vec<_> = said
        .map(|(attribute, value)| format!("{} {value}", in_sentence(*attribute)))
        .collect();
    (!said.is_empty()).then(|| format!("Every row has: {}.", said.join(", ")))
}

/// Texts that are named before the others are only counted.
const MOST_NAMED: usize = 10;

/// What texts of the file are read as.
fn meanings(layout: &Layout) -> Option<String> {
    let told = |(text, meaning): (&String, &String)| match meaning.as_str() {
        "" => format!("“{text}” as an empty cell"),
        meaning => format!("“{text}” as {meaning}"),
    };
    let all: Vec<_> = layout.values.values().flatten().map(told).collect();
    let more = match all.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let named: Vec<_> = all.iter().take(MOST_NAMED).cloned().collect();
    (!all.is_empty()).then(|| {
        format!(
            "Values are read as your organisation chose: {}{more}.",
            named.join(", ")
        )
    })
}

/// Which columns of a file are not read; and that somebody said what the others hold, where they did.
fn left_out(layout: &Layout, unread: &[&str]) -> Option<String> {
    let named: Vec<_> = unread.iter().map(|heading| format!("“{heading}”")).collect();
    let named = named.join(", ");
    match (layout.is_chosen, named.is_empty()) {
        (true, true) => Some(SAID.to_owned()),
        (true, false) => Some(format!("{SAID} Not read: {named}.")),
        (false, true) => None,
        // What is known and not read in a file with the headings of a format is what lists of people are given out with.
        (false, false) => Some(format!("Not read: {named}. An upload does not change these details.")),
    }
}

/// How the columns of a file are known that has the headings of no format.
const SAID: &str = "The columns are read as your organisation chose.";

fn how(layout: &Layout) -> Option<String> {
    let is_named = layout.part.sheet.is_some();
    match &layout.read_as {
        ReadAs::Windows1252 => Some(
            "This file is not saved as UTF-8, so it was read as Windows-1252, as older spreadsheets save it. Check that \
             names with accents look right."
                .to_owned(),
        ),
        ReadAs::Excel { sheet, is_only: false } | ReadAs::OpenDocument { sheet, is_only: false } if is_named => {
            Some(format!("Only the sheet “{sheet}” was read, not the others."))
        }
        ReadAs::Excel { sheet, is_only: false } | ReadAs::OpenDocument { sheet, is_only: false } => Some(format!(
            "Only the sheet “{sheet}” was read, not the other sheets."
        )),
        ReadAs::Unicode | ReadAs::Excel { .. } | ReadAs::OpenDocument { .. } => None,
    }
}

/// A spreadsheet drops the zeros in front of a number, and a local ID is then another one.
fn zeros(layout: &Layout) -> Option<String> {
    let column = layout.position(Attribute::LocalId)?;
    let heading = layout.heading(Attribute::LocalId)?;
    layout.plain_numbers.contains(&column).then(|| {
        format!(
            "Column {} ({heading}) holds numbers. Spreadsheets drop zeros at the front of numbers. If an ID should \
             begin with 0, format the column as text in your spreadsheet and type the ID again.",
            column_letters(column)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::ids::RowNumber;

    #[test]
    fn only_what_was_guessed_or_passed_over_is_said() {
        let sheet = |is_only| ReadAs::Excel {
            sheet: "Staff".into(),
            is_only,
        };
        let how = |read_as| {
            super::how(&Layout {
                read_as,
                ..Layout::default()
            })
        };
        assert_eq!(how(ReadAs::Unicode), None);
        assert_eq!(how(sheet(true)), None);
        assert!(how(sheet(false)).unwrap().contains("“Staff”"));
        assert!(how(ReadAs::Windows1252).unwrap().contains("accents"));
        let columns = vec![
            ("FirstName".to_owned(), Some(Attribute::FirstName)),
            ("LocalID".to_owned(), Some(Attribute::LocalId)),
        ];
        let with = |plain_numbers| Layout {
            columns: columns.clone(),
            plain_numbers,
            ..Layout::default()
        };
        assert_eq!(left_out(&with(vec![]), &[]), None);
        let mut narrow = with(vec![]);
        narrow.is_chosen = true;
        assert!(left_out(&narrow, &[]).unwrap().ends_with("chose."));
        assert!(
            left_out(&narrow, &["Shoe size"])
                .unwrap()
                .ends_with("Not read: “Shoe size”.")
        );
        assert_eq!(
            left_out(&with(vec![]), &["Status", "Absence"]).unwrap(),
            "Not read: “Status”, “Absence”. An upload does not change these details."
        );
        let mut said = with(vec![]);
        said.for_all = [(Attribute::Organisation, "RIV".to_owned())].into();
        let ward = [
            ("ward 7b".to_owned(), "Medicine / Ward 7".to_owned()),
            ("bank".to_owned(), String::new()),
        ];
        said.values = [(Attribute::Unit, ward.into())].into();
        assert_eq!(for_all(&said).unwrap(), "Every row has: organisation RIV.");
        assert_eq!(
            meanings(&said).unwrap(),
            "Values are read as your organisation chose: “bank” as an empty cell, “ward 7b” as Medicine / Ward 7."
        );
        assert_eq!((for_all(&with(vec![])), meanings(&with(vec![]))), (None, None));
        assert_eq!(zeros(&with(vec![0])), None);
        assert!(
            zeros(&with(vec![1]))
                .unwrap()
                .starts_with("Column B (LocalID) holds numbers")
        );
    }

    #[test]
    fn a_file_read_by_a_kept_answer_tells_what_was_left_out_first() {
        let layout = Layout {
            columns: vec![
                ("LocalID".to_owned(), Some(Attribute::LocalId)),
                ("Shoe size".to_owned(), None),
            ],
            is_chosen: true,
            for_all: [(Attribute::Organisation, "RIV".to_owned())].into(),
            notices: vec![Notice::HeadingsInRow { row: RowNumber(4) }],
            ..Layout::default()
        };
        let told = [
            "The columns are read as your organisation chose. Not read: “Shoe size”.",
            "Every row has: organisation RIV.",
            "The headings were found in row 4. The rows above it were not read.",
        ];
        assert_eq!(layout.told(&["Shoe size"]), told);
        assert!(Layout::default().told(&[]).is_empty());
    }
}
