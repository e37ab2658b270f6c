//! A file opened for reading: its format known, its rows to come one by one as change requests.

use std::collections::BTreeMap;

use domain::{
    dictionary::Attribute,
    ids::RowNumber,
    layout::{Layout, ReadAs, column_letters},
    problem::{Kind, Problem},
    request::{Cells, ChangeRequest, Wish},
    text,
};

use crate::{
    decode::decode,
    definition::{About, Format, Formats, is_ours},
    limits::Limits,
    records::{Record, Records},
    workbook,
};

/// A file whose headings are those of a format.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub(crate) text: String,
    pub(crate) delimiter: u8,
    /// The name of its format.
    pub format: String,
    /// Which column holds what.
    pub layout: Layout,
    about: About,
    separator: char,
    count: u32,
}

impl Sheet {
    /// Opens a file: a CSV text, or a workbook.
    ///
    /// # Errors
    /// All that keeps it from being read: not text, not a format's headings, no rows, too much of anything, a quotation
    /// mark left open.
    pub fn open(formats: &Formats, bytes: &[u8]) -> Result<Self, Vec<Problem>> {
        Self::opened(formats, bytes, |headings| formats.recognise(headings))
    }

    /// Opens a file whose columns hold what somebody said ([`Formats::as_said`]). A file that has other headings is opened
    /// as [`Self::open`] does.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_as(formats: &Formats, bytes: &[u8], format: &str, said: &Layout) -> Result<Self, Vec<Problem>> {
        Self::opened(formats, bytes, |headings| {
            match formats.as_said(format, said, headings) {
                Some(known) => Ok(known),
                None => formats.recognise(headings),
            }
        })
    }

    /// What a file that no format is like may hold: its columns as they are guessed, with the first rows' cells. None where
    /// it has no headings that could be read.
    #[must_use]
    pub fn guess(formats: &Formats, bytes: &[u8]) -> Option<Guess> {
        let raw = Raw::of(formats.limits(), bytes).ok()?;
        let headings = raw.headings(formats.limits()).ok()?;
        let (format, layout) = formats.guess(&headings)?;
        let rows = csv_reader(&raw.text, raw.delimiter).into_records().skip(1);
        let shown = rows
            .filter_map(Result::ok)
            .filter(|cells| !is_blank(cells))
            .take(SAMPLES);
        Some(Guess {
            format: format.name.clone(),
            layout,
            samples: shown.map(|cells| cells.iter().map(heading).collect()).collect(),
        })
    }

    fn opened<'f>(
        formats: &'f Formats,
        bytes: &[u8],
        recognise: impl FnOnce(&[String]) -> Result<(&'f Format, Layout), Problem>,
    ) -> Result<Self, Vec<Problem>> {
        let limits = formats.limits();
        let in_file = |problem| vec![problem];
        let raw = Raw::of(limits, bytes).map_err(in_file)?;
        let headings = raw.headings(limits).map_err(in_file)?;
        let Raw {
            text,
            delimiter,
            read_as,
            plain_numbers,
        } = raw;
        let mut problems = Vec::new();
        let (format, layout) = match recognise(&headings) {
            Ok((format, layout)) => (Some(format), layout),
            Err(problem) => {
                problems.push(problem);
                (None, Layout::default())
            }
        };
        let mut sheet = Self {
            separator: format.map_or(';', |format| format.separator),
            about: format.map(|format| format.about).unwrap_or_default(),
            format: format.map(|format| format.name.clone()).unwrap_or_default(),
            layout: Layout {
                read_as,
                plain_numbers,
                ..layout
            },
            delimiter,
            text,
            count: 0,
        };
        problems.extend(sheet.survey(limits));
        if problems.is_empty() { Ok(sheet) } else { Err(problems) }
    }

    /// Reads the whole file once: counts its rows, and says what of it is too much or left open.
    fn survey(&mut self, limits: &Limits) -> Option<Problem> {
        let open = Records::of(&self.text, self.delimiter).find(|record| record.unclosed);
        if let Some(open) = open {
            return Some(Problem::in_file(Kind::Unbalanced { row: open.row }));
        }
        let mut count = 0;
        for (row, cells) in self.rows() {
            count += 1;
            let is_long = |cell: &str| cell.len() > limits.cell && unguarded(cell).chars().nth(limits.cell).is_some();
            let longest = cells.iter().position(is_long);
            if let Some(column) = longest.filter(|column| !self.is_ours(*column)) {
                return Some(Problem::in_file(Kind::CellTooLong {
                    cell: format!("{}{row}", column_letters(column)),
                    most: limits.cell,
                }));
            }
            if count > limits.rows {
                return Some(Problem::in_file(Kind::TooManyRows { most: limits.rows }));
            }
        }
        self.count = count;
        (count == 0).then(|| Problem::in_file(Kind::NoRows))
    }

    fn is_ours(&self, column: usize) -> bool {
        self.layout
            .columns
            .get(column)
            .is_some_and(|(heading, _)| is_ours(heading))
    }

    /// How many rows there are below the headings; rows whose cells are all empty are none.
    #[must_use]
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// The rows below the headings, one by one; rows whose cells are all empty are passed over.
    pub fn requests(&self) -> impl Iterator<Item = ChangeRequest> {
        let wish = match self.about {
            About::People => Wish::Account,
            About::Organisations => Wish::OrganisationInFile,
        };
        self.rows().map(move |(row, cells)| ChangeRequest {
            row,
            wish: wish(self.cells(&cells)),
            promised: None,
        })
    }

    /// The rows' numbers and cells as they stand in the file.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (RowNumber, csv::StringRecord)> {
        let numbered =
            Records::of(&self.text, self.delimiter).zip(csv_reader(&self.text, self.delimiter).into_records());
        numbered
            .skip(1)
            .filter_map(|(Record { row, .. }, cells)| Some((row, cells.ok()?)))
            .filter(|(_, cells)| !is_blank(cells))
    }

    fn cells(&self, cells: &csv::StringRecord) -> Cells {
        let mut texts = BTreeMap::new();
        for ((_, attribute), text) in self.layout.columns.iter().zip(cells) {
            let Some(attribute) = attribute else { continue };
            // A password is never given back, so it was never guarded: it is what was typed.
            let text = match attribute {
                Attribute::Password => text,
                _ => unguarded(text),
            };
            if !text::is_blank(text) {
                texts.insert(*attribute, text.to_owned());
            }
        }
        let headings = self.layout.columns.len();
        let found = (0..cells.len())
            .rfind(|place| !text::is_blank(&cells[*place]))
            .map_or(0, |last| last + 1);
        let surplus = (found > headings).then_some((found, headings));
        Cells {
            separator: self.separator,
            texts,
            surplus,
            ..Cells::of([])
        }
    }
}

/// Rows that show what a column holds.
const SAMPLES: usize = 3;

/// What a file may hold whose headings are those of no format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// The format that it comes nearest to.
    pub format: String,
    /// Its columns, with what each may hold.
    pub layout: Layout,
    /// The cells of its first rows, each cut where it is very long.
    pub samples: Vec<Vec<String>>,
}

/// A file's text, whatever it was.
struct Raw {
    text: String,
    delimiter: u8,
    read_as: ReadAs,
    plain_numbers: Vec<usize>,
}

impl Raw {
    fn of(limits: &Limits, bytes: &[u8]) -> Result<Self, Problem> {
        if let Some(sheet) = workbook::read(bytes, limits)? {
            return Ok(Self {
                text: sheet.text,
                delimiter: b',',
                read_as: sheet.read_as,
                plain_numbers: sheet.plain_numbers,
            });
        }
        let (text, read_as) = decode(bytes)?;
        let (text, delimiter) = parted(text);
        Ok(Self {
            text,
            delimiter,
            read_as,
            plain_numbers: vec![],
        })
    }

    /// The headings, without empty ones at the end.
    fn headings(&self, limits: &Limits) -> Result<Vec<String>, Problem> {
        let first = csv_reader(&self.text, self.delimiter).into_records().next();
        let first = first.and_then(Result::ok).unwrap_or_default();
        let mut headings: Vec<String> = first.iter().map(heading).collect();
        while headings.last().is_some_and(String::is_empty) {
            headings.pop();
        }
        // A file that is given back has a column more than the one that was sent.
        let found = headings.iter().filter(|heading| !is_ours(heading)).count();
        let most = limits.columns;
        if found > most {
            return Err(Problem::in_file(Kind::TooManyColumns { found, most }));
        }
        Ok(headings)
    }
}

/// A heading without the spaces around it, cut where no heading is so long.
fn heading(text: &str) -> String {
    text::trimmed(text).chars().take(100).collect()
}

/// A guard in front of what a spreadsheet would take for a formula; put there by [`crate::mark()`], taken off here.
pub(crate) const GUARD: char = '\'';

/// Whether a spreadsheet would run a cell: it begins like a formula and is not merely a number or telephone number.
pub(crate) fn is_formula(text: &str) -> bool {
    let is_number = || text[1..].chars().all(|c| c.is_ascii_digit() || " ()-.".contains(c));
    match text.chars().next() {
        Some('=' | '@' | '\t' | '\r') => true,
        Some('+' | '-') => !is_number(),
        _ => false,
    }
}

fn unguarded(text: &str) -> &str {
    text.strip_prefix(GUARD).filter(|rest| is_formula(rest)).unwrap_or(text)
}

fn is_blank(cells: &csv::StringRecord) -> bool {
    cells.iter().all(text::is_blank)
}

pub(crate) fn csv_reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes())
}

/// A text and what parts its cells. A first line such as `sep=;`, with which a spreadsheet is told so, is taken off, as
/// spreadsheets do: it has no row number.
fn parted(mut text: String) -> (String, u8) {
    let end = text.find(['\r', '\n']).unwrap_or(text.len());
    let said = text[..end].trim_matches('"');
    let sign = match said.as_bytes() {
        [s, e, p, b'=', sign] if [s, e, p].map(u8::to_ascii_lowercase) == [b's', b'e', b'p'] => Some(*sign),
        _ => None,
    };
    let Some(sign) = sign.filter(u8::is_ascii) else {
        let delimiter = delimiter(&text);
        return (text, delimiter);
    };
    let line_end = if text[end..].starts_with("\r\n") { 2 } else { 1 };
    text.drain(..(end + line_end).min(text.len()));
    (text, sign)
}

/// What parts the cells: whichever of the usual signs stands most often among the headings.
fn delimiter(text: &str) -> u8 {
    let headings = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |sign: &u8| headings.bytes().filter(|byte| byte == sign).count();
    // The first of several that stand equally often: a comma, then.
    *b"|\t;,".iter().max_by_key(|sign| count(sign)).unwrap_or(&b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(text: &str) -> Result<Sheet, Vec<Problem>> {
        Sheet::open(&Formats::shipped(), text.as_bytes())
    }

    fn cells(text: &str) -> Vec<(u32, Cells)> {
        let requests = open(text).unwrap().requests().collect::<Vec<_>>();
        let cells = |wish| match wish {
            Wish::Account(cells) => cells,
            other => panic!("{other:?}"),
        };
        requests
            .into_iter()
            .map(|request| (request.row.0, cells(request.wish)))
            .collect()
    }

    const HEADINGS: &str = "LocalID,ODSCode,FirstName,LastName";

    #[test]
    fn delimiters_line_ends_and_blank_rows_do_not_matter() {
        for text in [
            format!("{HEADINGS}\n1,RIV,Jane,Smith\n"),
            format!("{HEADINGS},,\r\n1,RIV,Jane,Smith,,\r\n,,,,,\r\n\r\n"),
            format!("{HEADINGS}\r1,RIV,Jane,Smith\r").replace(',', ";"),
            format!("{HEADINGS}\n\"1\",\"RIV\",\"Jane\",\"Smith\"").replace(',', "\t"),
        ] {
            let rows = cells(&text);
            assert_eq!(rows.len(), 1, "{text:?}");
            assert_eq!((rows[0].0, rows[0].1.text(Attribute::LastName)), (2, "Smith"));
        }
    }

    #[test]
    fn blank_rows_count_in_the_numbers() {
        let rows = cells(&format!("{HEADINGS}\n\n,,,\n1,RIV,Jane,Smith\n"));
        assert_eq!(rows[0].0, 4);
    }

    #[test]
    fn a_row_with_too_many_cells_says_so_and_keeps_what_it_has() {
        let rows = cells(&format!("{HEADINGS}\n1,RIV,Jane,Smith,Ward 7\n1,RIV\n"));
        assert_eq!(rows[0].1.surplus, Some((5, 4)));
        assert_eq!((rows[1].1.surplus, rows[1].1.texts.len()), (None, 2));
    }

    #[test]
    fn a_file_without_rows_or_with_an_open_mark_is_not_read() {
        let kinds = |text: &str| {
            open(text)
                .unwrap_err()
                .into_iter()
                .map(|problem| problem.kind)
                .collect::<Vec<_>>()
        };
        assert_eq!(kinds(HEADINGS), [Kind::NoRows]);
        assert_eq!(
            kinds(&format!("{HEADINGS}\n1,RIV,\"Jane,Smith\n2,RIV,A,B\n")),
            [Kind::Unbalanced { row: RowNumber(2) }]
        );
        assert_eq!(kinds(""), [Kind::Empty]);
    }

    #[test]
    fn a_file_with_far_too_many_columns_is_refused_at_once() {
        let began = std::time::Instant::now();
        let problems = open(&"a,".repeat(1_000_000)).unwrap_err();
        assert_eq!(
            problems[0].kind,
            Kind::TooManyColumns {
                found: 1_000_000,
                most: 200
            }
        );
        assert!(began.elapsed().as_secs() < 20);
    }

    #[test]
    fn a_file_whose_columns_somebody_named_is_read_so() {
        let formats = Formats::shipped();
        let file = "Payroll no,Trust,Forename,Surname,Shoe size\n1,RIV,Jane,Smith,38\n\n2,RIV,Ann,Lee,\n";
        assert!(open(file).is_err());
        let Guess {
            format,
            mut layout,
            samples,
        } = Sheet::guess(&formats, file.as_bytes()).unwrap();
        assert_eq!((samples.len(), samples[0][4].as_str()), (2, "38"));
        // A guess is nobody's word.
        assert!(Sheet::open_as(&formats, file.as_bytes(), &format, &layout).is_err());
        layout.is_chosen = true;
        let sheet = Sheet::open_as(&formats, file.as_bytes(), &format, &layout).unwrap();
        let first = sheet.requests().next().unwrap();
        let Wish::Account(cells) = first.wish else { panic!() };
        assert_eq!(
            (cells.text(Attribute::LocalId), cells.text(Attribute::LastName)),
            ("1", "Smith")
        );
        assert_eq!((sheet.count(), cells.texts.len()), (2, 4));
        let other = file.replace("Shoe size", "Hat size");
        assert!(Sheet::open_as(&formats, other.as_bytes(), &format, &layout).is_err());
        assert_eq!(Sheet::guess(&formats, b""), None);
    }

    #[test]
    fn a_line_that_says_what_parts_the_cells_is_believed_and_has_no_number() {
        for start in ["sep=;\r\n", "\"SEP=;\"\n"] {
            let rows = cells(&format!("{start}{HEADINGS}\r\n1,RIV,\"a,b\",Smith\r\n").replace(',', ";"));
            assert_eq!((rows[0].0, rows[0].1.text(Attribute::FirstName)), (2, "a;b"));
        }
    }

    #[test]
    fn too_many_rows_and_far_too_long_cells_are_said_with_the_limit() {
        let limits = Limits {
            rows: 2,
            cell: 30,
            ..Limits::default()
        };
        let formats = Formats::shipped().within(limits);
        let kinds = |text: String| Sheet::open(&formats, text.as_bytes()).map_err(|problems| problems[0].kind.clone());
        let row = "1,RIV,Jane,Smith\n";
        assert_eq!(kinds(format!("{HEADINGS}\n{row}\n{row}")).unwrap().count(), 2);
        let rows = kinds(format!("{HEADINGS}\n{row}{row}{row}")).unwrap_err();
        assert_eq!(rows, Kind::TooManyRows { most: 2 });
        let long = kinds(format!("{HEADINGS}\n{row}2,RIV,{},Smith\n", "é".repeat(31))).unwrap_err();
        assert_eq!(
            long,
            Kind::CellTooLong {
                cell: "C3".into(),
                most: 30
            }
        );
        assert!(kinds(format!("{HEADINGS}\n2,RIV,{},Smith\n", "é".repeat(30))).is_ok());
    }

    #[test]
    fn the_guard_against_formulas_is_taken_off_and_other_marks_stay() {
        assert_eq!(unguarded("'=1+1"), "=1+1");
        assert_eq!(unguarded("'s-Gravenhage"), "'s-Gravenhage");
        assert!(!is_formula("+44 7700 900123") && is_formula("+cmd|' /C calc'!A0") && !is_formula("-5"));
    }
}
