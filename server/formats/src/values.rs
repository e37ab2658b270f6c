//! What stands in a file's columns, as it stands there: to guess by, and to ask what it means.

use std::collections::{BTreeMap, btree_map::Entry};

use domain::{
    dictionary::Attribute,
    layout::{Layout, plain_text},
    request::Cells,
};

use crate::sheet::Sheet;

/// A text of a column, with the number of rows that have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The text as the first of these rows has it.
    pub text: String,
    /// How many rows.
    pub rows: u32,
}

/// A row's cells as its sender said of the file: texts by what they mean, and what every row has. What the file has there is
/// kept beside.
pub(crate) fn as_said(layout: &Layout, mut cells: Cells) -> Cells {
    for attribute in layout.values.keys() {
        let Some(meaning) = layout.meaning(*attribute, cells.text(*attribute)).map(str::to_owned) else {
            continue;
        };
        let written = match meaning.as_str() {
            "" => cells.texts.remove(attribute),
            _ => cells.texts.insert(*attribute, meaning),
        };
        cells.written.extend(written.map(|written| (*attribute, written)));
    }
    for (attribute, value) in &layout.for_all {
        cells.texts.entry(*attribute).or_insert_with(|| value.clone());
    }
    cells
}

impl Sheet {
    /// The cells of the first rows, each row as it stands in the file.
    #[must_use]
    pub fn first_rows(&self, many: usize) -> Vec<Vec<String>> {
        let trimmed = |cells: Vec<String>| cells.iter().map(|cell| cell.trim().to_owned()).collect();
        self.cells_of_rows().take(many).map(trimmed).collect()
    }

    /// The cells of each row below the headings.
    fn cells_of_rows(&self) -> impl Iterator<Item = Vec<String>> {
        self.rows()
            .map(|record| record.cells.iter().map(str::to_owned).collect())
    }

    /// The texts in an attribute's column, whatever their case and spacing, those of most rows first; at most so many
    /// different ones are told apart. Empty cells are none.
    #[must_use]
    pub fn texts(&self, attribute: Attribute, most: usize) -> Vec<Counted> {
        let Some(place) = self.layout.position(attribute) else {
            return vec![];
        };
        let mut counted: BTreeMap<String, Counted> = BTreeMap::new();
        for cells in self.cells_of_rows() {
            let text = cells.get(place).map_or("", |cell| cell.trim());
            if text.is_empty() {
                continue;
            }
            let key = plain_text(text);
            let is_room = counted.len() < most;
            match counted.entry(key) {
                Entry::Occupied(mut known) => known.get_mut().rows += 1,
                Entry::Vacant(new) if is_room => {
                    let text = text.to_owned();
                    new.insert(Counted { text, rows: 1 });
                }
                Entry::Vacant(_) => {}
            }
        }
        let mut counted: Vec<_> = counted.into_values().collect();
        counted.sort_by_key(|known| std::cmp::Reverse(known.rows));
        counted
    }
}

#[cfg(test)]
mod tests {
    use domain::request::Wish;

    use super::*;
    use crate::Formats;

    const FILE: &str = "LocalID,ODSCode,FirstName,LastName,OrganisationalUnit
1,Riverside Hospitals Trust,Jane,Smith,Ward 7B
2,RIVERSIDE  hospitals trust,Ann,Lee,Ward 9
3,riv01,Li,Wu,ward 7b
4,,Ada,Bright,
";

    #[test]
    fn texts_are_counted_in_any_case_and_spacing_those_of_most_rows_first() {
        let sheet = Sheet::open(&Formats::shipped(), FILE.as_bytes()).unwrap();
        let counted = |attribute| {
            let texts = sheet.texts(attribute, 10).into_iter();
            texts.map(|known| (known.text, known.rows)).collect::<Vec<_>>()
        };
        let trust = "Riverside Hospitals Trust".to_owned();
        assert_eq!(counted(Attribute::Organisation), [(trust, 2), ("riv01".to_owned(), 1)]);
        assert_eq!(
            counted(Attribute::Unit),
            [("Ward 7B".to_owned(), 2), ("Ward 9".to_owned(), 1)]
        );
        assert_eq!(counted(Attribute::Site), []);
        assert_eq!(
            sheet.first_rows(1),
            [["1", "Riverside Hospitals Trust", "Jane", "Smith", "Ward 7B"]]
        );
    }

    #[test]
    fn rows_ask_for_what_their_texts_mean_and_keep_what_is_written() {
        let formats = Formats::shipped();
        let mut said = Sheet::open(&formats, FILE.as_bytes()).unwrap().layout;
        said.is_chosen = true;
        let means = |text: &str, meaning: &str| (plain_text(text), meaning.to_owned());
        said.values = [
            (
                Attribute::Organisation,
                [means("Riverside Hospitals Trust", "RIV")].into(),
            ),
            (
                Attribute::Unit,
                [means("Ward 7B", "Medicine / Ward 7"), means("Ward 9", "")].into(),
            ),
        ]
        .into();
        said.for_all = [(Attribute::Site, "RIVG".to_owned())].into();
        let sheet = Sheet::open_as(&formats, FILE.as_bytes(), "new", &said).unwrap();
        let rows: Vec<_> = sheet
            .requests()
            .map(|request| match request.wish {
                Wish::Account(cells) => cells,
                other => panic!("{other:?}"),
            })
            .collect();
        let read = |attribute| rows.iter().map(|cells| cells.text(attribute)).collect::<Vec<_>>();
        assert_eq!(read(Attribute::Organisation), ["RIV", "RIV", "riv01", ""]);
        assert_eq!(
            read(Attribute::Unit),
            ["Medicine / Ward 7", "", "Medicine / Ward 7", ""]
        );
        assert_eq!(read(Attribute::Site), ["RIVG"; 4]);
        assert_eq!(rows[0].as_written(Attribute::Unit), "Ward 7B");
        assert_eq!(rows[2].as_written(Attribute::Organisation), "riv01");
    }
}
