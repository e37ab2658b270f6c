//! What stands in a file's columns, as it stands there: to guess by, and to ask what it means.

use std::{
    cmp::Reverse,
    collections::{HashMap, hash_map::Entry},
};

use domain::{dictionary::Attribute, layout::plain_text, request::CLEAR};

use crate::{meanings::separator_of, sheet::Sheet};

/// A text of a column, with the number of rows that have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The text as the first of these rows has it.
    pub text: String,
    /// How many rows.
    pub rows: u32,
}

/// The texts of one column as they are counted.
struct Counting {
    attribute: Attribute,
    place: usize,
    /// By the texts as they stand there.
    seen: HashMap<String, usize>,
    /// By the texts as they are compared.
    known: HashMap<String, usize>,
    counted: Vec<Counted>,
}

impl Counting {
    fn add(&mut self, text: &str, most: usize) {
        let text = text.trim();
        if text.is_empty() || text.eq_ignore_ascii_case(CLEAR) {
            return;
        }
        // Most rows have a text that was there before, in the same spelling.
        if let Some(place) = self.seen.get(text) {
            self.counted[*place].rows += 1;
            return;
        }
        let is_room = self.counted.len() < most;
        let place = match self.known.entry(plain_text(text)) {
            Entry::Occupied(known) => {
                let place = *known.get();
                self.counted[place].rows += 1;
                place
            }
            Entry::Vacant(new) if is_room => {
                let place = *new.insert(self.counted.len());
                let text = text.to_owned();
                self.counted.push(Counted { text, rows: 1 });
                place
            }
            Entry::Vacant(_) => return,
        };
        if self.seen.len() < most {
            self.seen.insert(text.to_owned(), place);
        }
    }
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

    /// The texts in the columns of some attributes, whatever their case and spacing, those of most rows first; of each column
    /// at most so many different ones are told apart. Empty cells are none, nor is the word that clears a cell. The rows are
    /// gone through once. What the file has no column for is left out.
    #[must_use]
    pub fn texts(&self, attributes: &[Attribute], most: usize) -> Vec<(Attribute, Vec<Counted>)> {
        let column = |attribute: &Attribute| {
            Some(Counting {
                attribute: *attribute,
                place: self.layout.position(*attribute)?,
                seen: HashMap::new(),
                known: HashMap::new(),
                counted: vec![],
            })
        };
        let mut columns: Vec<_> = attributes.iter().filter_map(column).collect();
        if columns.is_empty() {
            return vec![];
        }
        for record in self.rows() {
            for column in &mut columns {
                let Some(cell) = record.cells.get(column.place) else {
                    continue;
                };
                let (text, mark) = self.understood(record.row, column.place, column.attribute, cell);
                // An error of a spreadsheet is no name of anything.
                if mark.is_some() {
                    continue;
                }
                match separator_of(column.attribute, self.separator) {
                    None => column.add(&text, most),
                    Some(separator) => text.split(separator).for_each(|part| column.add(part, most)),
                }
            }
        }
        let counted = columns.into_iter().map(|mut column| {
            let order = |known: &Counted| (Reverse(known.rows), plain_text(&known.text));
            column.counted.sort_by_cached_key(order);
            (column.attribute, column.counted)
        });
        counted.collect()
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
            let texts = sheet.texts(&[attribute], 10).into_iter().flat_map(|(_, texts)| texts);
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
    fn a_cell_with_many_values_is_counted_and_read_value_by_value() {
        let formats = Formats::shipped();
        let file = "LocalID,ODSCode,FirstName,LastName,Role\n1,RIV,Ann,Lee,Staff Nurse; porter\n2,RIV,Li,Wu,staff nurse\n\
                    3,RIV,Ada,Bright,(clear)\n4,RIV,Bea,Bright,Bank\n";
        let mut sheet = Sheet::open(&formats, file.as_bytes()).unwrap();
        let counted = sheet.texts(&[Attribute::Unit, Attribute::Role], 10);
        let [(Attribute::Role, roles)] = counted.as_slice() else {
            panic!("{counted:?}")
        };
        let told: Vec<_> = roles.iter().map(|known| (known.text.as_str(), known.rows)).collect();
        assert_eq!(told, [("Staff Nurse", 2), ("Bank", 1), ("porter", 1)]);
        let means = |text: &str, meaning: &str| (plain_text(text), meaning.to_owned());
        let said = [means("Staff nurse", "Nurse"), means("bank", "")];
        sheet.layout.values = [(Attribute::Role, said.into())].into();
        let read = sheet.requests().map(|request| match request.wish {
            Wish::AccountInFile(cells) => (
                cells.text(Attribute::Role).to_owned(),
                cells.as_written(Attribute::Role).to_owned(),
            ),
            other => panic!("{other:?}"),
        });
        let both = |read: &str, written: &str| (read.to_owned(), written.to_owned());
        let expected = [
            both("Nurse;porter", "Staff Nurse; porter"),
            both("Nurse", "staff nurse"),
            both("(clear)", "(clear)"),
            both("", "Bank"),
        ];
        assert_eq!(read.collect::<Vec<_>>(), expected);
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
                Wish::AccountInFile(cells) => cells,
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
