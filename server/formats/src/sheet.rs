//! A file opened for reading: its format known, its rows to come one by one as change requests.

mod survey;

use std::{borrow::Cow, collections::BTreeMap};

use domain::{
    dictionary::Attribute,
    layout::{Layout, Notice, Part, ReadAs},
    problem::{Kind, Problem},
    request::{BrokenQuotes, CellMark, Cells, ChangeRequest, Wish},
    values::{ids::RowNumber, text::trimmed},
};

use crate::{
    decode::{Guessed, decode, meant},
    definition::{About, Format, Formats},
    headings::{is_ours, same},
    limits::Limits,
    meanings::as_said,
    records::{Place, Record, Records},
    structure::{DELIMITERS, FIRST_ROWS, Names, Structure, heading},
    workbook::{self, Marks},
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
    /// Parts the values of a cell that may hold several.
    pub(crate) separator: char,
    count: u32,
    /// The headings with their columns, without empty ones and those that are added to files that are given back.
    own_headings: Vec<(usize, String)>,
    /// Where the rows below the headings begin.
    pub(crate) below: Place,
    /// Cells that a line must have to be a row of its own, within a broken cell.
    width: usize,
    /// What cells of a workbook are besides their text.
    marks: Marks,
}

impl Sheet {
    /// Opens a file: a CSV text, or a workbook.
    ///
    /// # Errors
    /// All that keeps it from being read: not text, not a format's headings, no rows, too much of anything, quotation marks
    /// of the headings that do not match.
    pub fn open(formats: &Formats, bytes: &[u8]) -> Result<Self, Vec<Problem>> {
        Self::open_part(formats, bytes, &Part::default())
    }

    /// Opens the part of a file that its sender named. A row that cannot be found is as if none had been named.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_part(formats: &Formats, bytes: &[u8], part: &Part) -> Result<Self, Vec<Problem>> {
        let raw = Raw::of(formats, bytes, part).map_err(|problem| vec![problem])?;
        let found = raw.structure(formats, part.headings);
        Self::opened(formats, raw, found, part.clone(), |headings| {
            formats.recognise(headings)
        })
    }

    /// Opens a file whose columns hold what somebody said ([`Formats::as_said`]), and of it the part that they named. A file
    /// that has other headings is opened as [`Self::open`] does; so is one that has the same headings in another row.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_as(formats: &Formats, bytes: &[u8], format: &str, said: &Layout) -> Result<Self, Vec<Problem>> {
        let raw = Raw::of(formats, bytes, &said.part).map_err(|problem| vec![problem])?;
        let (mut found, mut part) = (raw.structure(formats, said.part.headings), said.part.clone());
        if part.headings.is_some() && formats.as_said(format, said, &found.headings).is_none() {
            (found, part.headings) = (raw.structure(formats, None), None);
        }
        Self::opened(formats, raw, found, part, |headings| {
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
        Self::guess_part(formats, bytes, &Part::default())
    }

    /// As [`Self::guess`], of the part of the file that its sender named.
    #[must_use]
    pub fn guess_part(formats: &Formats, bytes: &[u8], part: &Part) -> Option<Guess> {
        let raw = Raw::of(formats, bytes, part).ok()?;
        let found = raw.structure(formats, part.headings);
        too_many(&found.headings, formats.limits()).ok()?;
        let (format, layout) = formats.guess(&found.headings)?;
        let below = Records::from_place(&raw.text, found.delimiter, found.below, found.width);
        let samples = below.filter(|record| !record.is_blank()).take(SAMPLES);
        let first = Records::of(&raw.text, found.delimiter);
        let first = first.filter(|record| !record.is_blank()).take(FIRST_ROWS);
        let most = formats.limits().columns;
        let shown = |record: &Record| {
            let rest = record.broken.iter().map(|broken| broken.rest.as_str());
            let cells = record.cells.iter().chain(rest).take(most);
            cells.map(heading).collect::<Vec<_>>()
        };
        Some(Guess {
            format: format.name.clone(),
            layout,
            samples: samples.map(|record| shown(&record)).collect(),
            preview: first.map(|record| (record.row, shown(&record))).collect(),
            headings: found.row,
            sheet: raw.read_as.sheet().map(str::to_owned),
        })
    }

    fn opened<'f>(
        formats: &'f Formats,
        raw: Raw,
        found: Structure,
        part: Part,
        recognise: impl FnOnce(&[String]) -> Result<(&'f Format, Layout), Problem>,
    ) -> Result<Self, Vec<Problem>> {
        let limits = formats.limits();
        if found.is_broken {
            return Err(vec![Problem::in_file(Kind::BrokenHeadings { row: found.row })]);
        }
        too_many(&found.headings, limits).map_err(|problem| vec![problem])?;
        if let Some(problem) = raw.nothing() {
            return Err(vec![problem]);
        }
        let mut problems = Vec::new();
        let (format, layout) = match recognise(&found.headings) {
            Ok((format, layout)) => (Some(format), layout),
            Err(mut problem) => {
                if let Kind::UnknownFormat { row, .. } = &mut problem.kind {
                    *row = Some(found.row);
                }
                problems.push(problem);
                (None, Layout::default())
            }
        };
        let own_headings = found.headings.iter().cloned().enumerate();
        let own_headings = own_headings.filter(|(_, heading)| !heading.is_empty() && !is_ours(heading));
        let width = match raw.read_as {
            ReadAs::Unicode | ReadAs::Windows1252 => found.width,
            // The text of a workbook was written here: its quotation marks are right.
            ReadAs::Excel { .. } | ReadAs::OpenDocument { .. } => 0,
        };
        let mut sheet = Self {
            separator: format.map_or(';', |format| format.separator),
            about: format.map(|format| format.about).unwrap_or_default(),
            format: format.map(|format| format.name.clone()).unwrap_or_default(),
            layout: Layout {
                read_as: raw.read_as,
                plain_numbers: raw.plain_numbers,
                notices: raw.notices,
                part,
                ..layout
            },
            delimiter: found.delimiter,
            text: raw.text,
            count: 0,
            own_headings: own_headings.collect(),
            below: found.below,
            width,
            marks: raw.marks,
        };
        match sheet.survey(formats, &found, raw.guessed.as_ref()) {
            Ok((count, notices)) => {
                sheet.count = count;
                sheet.layout.notices.extend(notices);
            }
            Err(problem) => problems.push(problem),
        }
        if problems.is_empty() { Ok(sheet) } else { Err(problems) }
    }

    /// How many rows there are below the headings; rows whose cells are all empty are none.
    #[must_use]
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// The rows below the headings, one by one; rows whose cells are all empty are passed over, and so are the headings
    /// where they stand again.
    pub fn requests(&self) -> impl Iterator<Item = ChangeRequest> {
        let wish = match self.about {
            About::People => Wish::AccountInFile,
            About::Organisations => Wish::OrganisationInFile,
        };
        self.rows().map(move |record| ChangeRequest {
            row: record.row,
            wish: wish(self.cells(&record)),
            promised: None,
        })
    }

    /// The rows as they stand in the file.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Record> {
        self.records()
            .filter(move |record| !record.is_blank() && !self.repeats_headings(record))
    }

    /// All that stands below the headings.
    pub(crate) fn records(&self) -> Records<'_> {
        Records::from_place(&self.text, self.delimiter, self.below, self.width)
    }

    /// Whether a row is the headings again, as where two files were put together. The second list may lack some columns.
    pub(crate) fn repeats_headings(&self, record: &Record) -> bool {
        let own = &self.own_headings;
        let mut there = 0;
        for (place, heading) in own {
            match record.cells.get(*place).map(trimmed).unwrap_or_default() {
                "" => {}
                text if same(text, heading) => there += 1,
                _ => return false,
            }
        }
        let least = own.len().div_ceil(2).max(2).min(own.len());
        record.broken.is_none() && there > 0 && there >= least
    }

    /// Whether a column holds one-time passwords, which are nowhere given back.
    pub(crate) fn has_passwords(&self) -> bool {
        self.layout.position(Attribute::Password).is_some()
    }

    /// What a cell holds under an attribute, and why it is not to be believed.
    pub(crate) fn understood<'t>(
        &self,
        row: RowNumber,
        column: usize,
        attribute: Attribute,
        text: &'t str,
    ) -> (Cow<'t, str>, Option<CellMark>) {
        let (text, mark) = self.marks.understood(row, column, attribute, text);
        // A password is never given back, so it was never guarded: it is what was typed.
        if attribute == Attribute::Password {
            return (text, mark);
        }
        let bare = unguarded(&text);
        let read = meant(bare).or_else(|| (bare.len() < text.len()).then(|| bare.to_owned()));
        (read.map_or(text, Cow::Owned), mark)
    }

    fn cells(&self, record: &Record) -> Cells {
        let (mut texts, mut marks) = (BTreeMap::new(), BTreeMap::new());
        for (column, ((_, attribute), text)) in self.layout.columns.iter().zip(record.cells.iter()).enumerate() {
            let Some(attribute) = attribute else { continue };
            let (text, mark) = self.understood(record.row, column, *attribute, text);
            marks.extend(mark.map(|mark| (*attribute, mark)));
            if !trimmed(&text).is_empty() {
                texts.insert(*attribute, text.into_owned());
            }
        }
        let headings = self.layout.columns.len();
        let found = record.filled();
        // How many cells a row has nobody can say where one of them is broken.
        let surplus = (found > headings && record.broken.is_none()).then_some((found, headings));
        let surplus_texts = match self.has_passwords() {
            // One of them may be a password that has slipped.
            true => vec![],
            false => record
                .cells_behind(headings)
                .map(|text| unguarded(text).to_owned())
                .collect(),
        };
        let broken = record.broken.as_ref().map(|broken| BrokenQuotes {
            swallowed: broken.swallowed.clone(),
            apart: broken.apart,
        });
        let cells = Cells {
            separator: self.separator,
            texts,
            surplus,
            surplus_texts,
            marks,
            broken,
            ..Cells::of([])
        };
        as_said(&self.layout, cells)
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
    /// Its first rows that are not empty, to choose the one with the headings from; each cell cut likewise.
    pub preview: Vec<(RowNumber, Vec<String>)>,
    /// The row that is taken for the headings.
    pub headings: RowNumber,
    /// The sheet of a workbook that they stand in.
    pub sheet: Option<String>,
}

/// A file's text, whatever it was.
struct Raw {
    text: String,
    /// What may part its cells.
    delimiters: Vec<u8>,
    guessed: Option<Guessed>,
    read_as: ReadAs,
    plain_numbers: Vec<usize>,
    notices: Vec<Notice>,
    marks: Marks,
    /// The row of the headings where merged cells of a workbook tell it.
    headings: Option<RowNumber>,
}

impl Raw {
    fn of(formats: &Formats, bytes: &[u8], part: &Part) -> Result<Self, Problem> {
        if let Some(sheet) = workbook::read(bytes, formats, part)? {
            return Ok(Self {
                text: sheet.text,
                delimiters: vec![b','],
                guessed: None,
                read_as: sheet.read_as,
                plain_numbers: sheet.plain_numbers,
                notices: sheet.notices,
                marks: sheet.marks,
                headings: sheet.headings,
            });
        }
        let decoded = decode(bytes)?;
        let mut raw = Self {
            text: decoded.text,
            delimiters: DELIMITERS.to_vec(),
            guessed: decoded.guessed,
            read_as: ReadAs::Unicode,
            plain_numbers: vec![],
            notices: vec![],
            marks: Marks::default(),
            headings: None,
        };
        raw.take_off_first_line();
        Ok(raw)
    }

    /// Takes off a first line such as `sep=;`, with which a spreadsheet is told what parts the cells, as spreadsheets do: it
    /// has no row number.
    fn take_off_first_line(&mut self) {
        let end = self.text.find(['\r', '\n']).unwrap_or(self.text.len());
        let said = self.text[..end].trim_matches('"');
        let sign = match said.as_bytes() {
            [s, e, p, b'=', sign] if [s, e, p].map(u8::to_ascii_lowercase) == [b's', b'e', b'p'] => *sign,
            _ => return,
        };
        if !sign.is_ascii() || sign == b'"' {
            return;
        }
        let line_end = if self.text[end..].starts_with("\r\n") { 2 } else { 1 };
        let gone = (end + line_end).min(self.text.len());
        self.text.drain(..gone);
        self.delimiters = vec![sign];
        for range in self.guessed.iter_mut().flat_map(|guessed| &mut guessed.lines) {
            *range = range.start.saturating_sub(gone)..range.end.saturating_sub(gone);
        }
    }

    /// What is said of a workbook's sheet whose cells are all empty. An empty text is refused before.
    fn nothing(&self) -> Option<Problem> {
        let sheet = match &self.read_as {
            ReadAs::Excel { sheet, is_only } | ReadAs::OpenDocument { sheet, is_only } => {
                (!is_only).then(|| sheet.clone())
            }
            ReadAs::Unicode | ReadAs::Windows1252 => return None,
        };
        let is_empty = self
            .text
            .split([',', '"', '\n', '\r'])
            .all(|cell| trimmed(cell).is_empty());
        is_empty.then(|| Problem::in_file(Kind::EmptySpreadsheet { sheet }))
    }

    fn structure(&self, formats: &Formats, said: Option<RowNumber>) -> Structure {
        Structure::of(
            &Names::of(formats),
            &self.text,
            &self.delimiters,
            said.or(self.headings),
        )
    }
}

fn too_many(headings: &[String], limits: &Limits) -> Result<(), Problem> {
    // A file that is given back has a column more than the one that was sent.
    let found = headings.iter().filter(|heading| !is_ours(heading)).count();
    let most = limits.columns;
    match found > most {
        true => Err(Problem::in_file(Kind::TooManyColumns { found, most })),
        false => Ok(()),
    }
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

#[cfg(test)]
mod tests;
