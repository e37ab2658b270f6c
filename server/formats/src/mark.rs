//! The file as it was sent, with what became of each row in a column of its own; and samples to begin from.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use domain::{dictionary::Attribute, values::ids::RowNumber};

use crate::{
    definition::Format,
    headings::is_ours,
    records::Record,
    sheet::{GUARD, Sheet, is_formula},
    structure::DELIMITERS,
};

/// What to write behind a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The row is left out of the file.
    Drop,
    /// The row is written.
    Keep {
        /// The text in the added column.
        said: String,
        /// What stands in its cells instead of what was sent.
        mended: BTreeMap<Attribute, String>,
    },
}

/// Writes the file again with one column more. Columns that an earlier marking added are replaced.
///
/// One-time passwords are not written.
///
/// Cells that have no heading stand behind the added column, and so does the rest of a row from a broken cell on: sent
/// again, such a row has too many cells as before.
///
/// Cells that were mended in columns that the file does not have stand in `more` columns, each with its heading.
///
/// # Errors
/// When `into` cannot be written; what was written by then is no whole file.
pub fn mark<W: Write>(
    into: W,
    sheet: &Sheet,
    heading: &str,
    more: &[(Attribute, String)],
    mut of: impl FnMut(RowNumber) -> Mark,
) -> io::Result<W> {
    let columns = &sheet.layout.columns;
    let kept = |place: &usize| columns.get(*place).is_none_or(|(heading, _)| !is_ours(heading));
    let is_password = |place: usize| {
        columns
            .get(place)
            .is_some_and(|(_, held)| *held == Some(Attribute::Password))
    };
    let delimiter = if DELIMITERS.contains(&sheet.delimiter) {
        sheet.delimiter
    } else {
        b','
    };
    let mut writer = csv_writer(into, delimiter)?;
    let headings = columns
        .iter()
        .enumerate()
        .filter(|(place, _)| kept(place))
        .map(|(_, (heading, _))| heading.as_str());
    let more_headings = more.iter().map(|(_, heading)| heading.as_str());
    write(&mut writer, headings.chain(more_headings).chain([heading]))?;
    for record in sheet.rows() {
        let Mark::Keep { said, mended } = of(record.row) else {
            continue;
        };
        let mended_at = |place: usize| columns.get(place).and_then(|(_, held)| mended.get(&(*held)?));
        let shown = (0..columns.len()).filter(kept).map(|place| {
            if is_password(place) {
                return "";
            }
            let mended = mended_at(place).map(String::as_str);
            mended.or_else(|| record.cells.get(place)).unwrap_or_default()
        });
        let more = more
            .iter()
            .map(|(attribute, _)| mended.get(attribute).map_or("", String::as_str));
        let shown = shown.chain(more).chain([said.as_str()]);
        write(&mut writer, shown.chain(surplus(sheet, &record)))?;
    }
    finish(writer)
}

/// What of a row stands in no column. In a file with passwords it may be one that has slipped: that something is there is
/// all that is written.
pub(crate) fn surplus<'r>(sheet: &Sheet, record: &'r Record) -> impl Iterator<Item = &'r str> {
    let has_passwords = sheet.has_passwords();
    let surplus = record.cells_behind(sheet.layout.columns.len());
    surplus.map(move |text| if has_passwords && !text.is_empty() { "…" } else { text })
}

/// A sample file: the format's headings and these people.
///
/// # Errors
/// When it cannot be written.
pub fn sample(format: &Format, people: &[Vec<(Attribute, String)>]) -> io::Result<Vec<u8>> {
    let mut writer = csv_writer(Vec::new(), b',')?;
    write(&mut writer, format.columns.iter().map(|column| column.heading.as_str()))?;
    for person in people {
        let text = |wanted: Attribute| {
            person
                .iter()
                .find(|(attribute, _)| *attribute == wanted)
                .map_or("", |(_, text)| text)
        };
        write(&mut writer, format.columns.iter().map(|column| text(column.attribute)))?;
    }
    finish(writer)
}

/// A table to take away, a line at a time: what a spreadsheet would run is guarded, as in every file given out.
pub struct Table<W: Write>(csv::Writer<W>);

impl<W: Write> Table<W> {
    /// Begins a table with these headings.
    ///
    /// # Errors
    /// When `into` cannot be written.
    pub fn begin<'a>(into: W, headings: impl IntoIterator<Item = &'a str>) -> io::Result<Self> {
        let mut table = Self(csv_writer(into, b',')?);
        table.line(headings)?;
        Ok(table)
    }

    /// One more line.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn line<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> io::Result<()> {
        write(&mut self.0, cells.into_iter())
    }

    /// What it was written into, once all of it is.
    ///
    /// # Errors
    /// When its end cannot be written.
    pub fn finish(self) -> io::Result<W> {
        finish(self.0)
    }
}

fn csv_writer<W: Write>(mut into: W, delimiter: u8) -> io::Result<csv::Writer<W>> {
    // The mark at the front makes spreadsheets read UTF-8 as such.
    into.write_all("\u{FEFF}".as_bytes())?;
    let mut writer = csv::WriterBuilder::new();
    writer
        .delimiter(delimiter)
        .flexible(true)
        .terminator(csv::Terminator::CRLF);
    Ok(writer.from_writer(into))
}

fn write<'a, W: Write>(writer: &mut csv::Writer<W>, cells: impl Iterator<Item = &'a str>) -> io::Result<()> {
    let guarded = cells.map(|cell| {
        if is_formula(cell) {
            format!("{GUARD}{cell}")
        } else {
            cell.to_owned()
        }
    });
    Ok(writer.write_record(guarded)?)
}

fn finish<W: Write>(writer: csv::Writer<W>) -> io::Result<W> {
    writer.into_inner().map_err(csv::IntoInnerError::into_error)
}

#[cfg(test)]
mod tests {
    use domain::request::Wish;

    use super::*;
    use crate::Formats;

    fn sheet(text: &str) -> Sheet {
        Sheet::open(&Formats::shipped(), text.as_bytes()).unwrap()
    }

    fn text(bytes: Vec<u8>) -> String {
        String::from_utf8(bytes)
            .unwrap()
            .trim_start_matches('\u{FEFF}')
            .replace("\r\n", "\n")
    }

    const FILE: &str = "LocalID;ODSCode;FirstName;LastName;Password;Result\n1;RIV;=SUM(A1);Smith;once-only-9;old\n2;RIV;Ann;Lee;;old\n";

    #[test]
    fn the_result_file_is_the_file_with_a_result_and_without_passwords() {
        let marked = mark(vec![], &sheet(FILE), "Result", &[], |row| Mark::Keep {
            said: format!("row {row}"),
            mended: [(Attribute::LastName, "=Smyth".to_owned())].into(),
        });
        let marked = marked.unwrap();
        assert_eq!(
            text(marked),
            "LocalID;ODSCode;FirstName;LastName;Password;Result\n1;RIV;'=SUM(A1);'=Smyth;;row 2\n2;RIV;Ann;'=Smyth;;row 3\n"
        );
    }

    #[test]
    fn the_problem_file_can_be_sent_again_without_its_passwords() {
        let only_first = |row: RowNumber| {
            if row.0 == 2 {
                Mark::Keep {
                    said: "FirstName: wrong".into(),
                    mended: BTreeMap::new(),
                }
            } else {
                Mark::Drop
            }
        };
        let marked = mark(vec![], &sheet(FILE), "Problems", &[], only_first).unwrap();
        let again = Sheet::open(&Formats::shipped(), &marked).unwrap();
        let first = |sheet: &Sheet| match sheet.requests().next().unwrap().wish {
            Wish::AccountInFile(cells) => cells,
            other => panic!("{other:?}"),
        };
        let mut sent = first(&sheet(FILE));
        assert_eq!(sent.take_password().as_deref(), Some("once-only-9"));
        assert_eq!(first(&again), sent);
        assert_eq!(again.requests().count(), 1);
    }

    #[test]
    fn cells_without_a_heading_stand_behind_the_added_column() {
        let file = "LocalID,ODSCode,FirstName,LastName,Problems\n1,RIV,Ann,Lee,old,Ward 7,,7\n2,RIV,Bea,\"Lee\"l, x\n3,RIV,Cy,Poe\n";
        let said = |_| Mark::Keep {
            said: "Row: wrong.".into(),
            mended: BTreeMap::new(),
        };
        let marked = mark(vec![], &sheet(file), "Problems", &[], said).unwrap();
        assert_eq!(
            text(marked.clone()),
            "LocalID,ODSCode,FirstName,LastName,Problems\n1,RIV,Ann,Lee,Row: wrong.,Ward 7,,7\n\
             2,RIV,Bea,,Row: wrong.,\"\"\"Lee\"\"l, x\"\n3,RIV,Cy,Poe,Row: wrong.\n"
        );
        let again = Sheet::open(&Formats::shipped(), &marked).unwrap();
        let surplus = again.requests().map(|request| match request.wish {
            Wish::AccountInFile(cells) => cells.surplus,
            other => panic!("{other:?}"),
        });
        assert_eq!(surplus.collect::<Vec<_>>(), [Some((8, 5)), Some((6, 5)), None]);
    }

    #[test]
    fn a_table_runs_nothing_in_a_spreadsheet() {
        let mut table = Table::begin(vec![], ["Name", "Telephone"]).unwrap();
        table.line(["=cmd|' /C calc'!A0", "+441632960123"]).unwrap();
        table.line(["Smith, \"Jo\"\nJane", "@SUM(A1)"]).unwrap();
        let bytes = table.finish().unwrap();
        assert!(bytes.starts_with("\u{FEFF}Name,Telephone\r\n".as_bytes()));
        assert_eq!(
            text(bytes),
            "Name,Telephone\n'=cmd|' /C calc'!A0,+441632960123\n\"Smith, \"\"Jo\"\"\nJane\",'@SUM(A1)\n"
        );
    }

    #[test]
    fn a_sample_is_of_its_format() {
        let formats = Formats::shipped();
        for format in formats.iter() {
            let filled = sample(
                format,
                &[vec![
                    (Attribute::FirstName, "Jane".into()),
                    (Attribute::LastName, "Smith".into()),
                ]],
            );
            assert_eq!(Sheet::open(&formats, &filled.unwrap()).unwrap().format, format.name);
        }
    }

    /// A disk with room for so many bytes.
    struct Disk(usize);

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let written = bytes.len().min(self.0);
            self.0 -= written;
            match written {
                0 => Err(io::ErrorKind::StorageFull.into()),
                written => Ok(written),
            }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_file_that_could_not_be_written_whole_is_an_error() {
        let every_row = |_| Mark::Keep {
            said: String::new(),
            mended: BTreeMap::new(),
        };
        for room in [0, 20, 80] {
            let marked = mark(Disk(room), &sheet(FILE), "Result", &[], every_row);
            assert_eq!(
                marked.err().map(|error| error.kind()),
                Some(io::ErrorKind::StorageFull),
                "{room}"
            );
            let table = Table::begin(Disk(room), ["Name"]).and_then(|mut table| {
                table.line(["x".repeat(100).as_str()])?;
                table.finish()
            });
            assert!(table.is_err(), "{room}");
        }
    }
}
