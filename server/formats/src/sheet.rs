//! A file opened for reading: its format known, its rows to come one by one as change requests.

use std::collections::BTreeMap;

use domain::{
    ids::RowNumber,
    layout::Layout,
    problem::{Kind, Problem},
    request::{Cells, ChangeRequest, Wish},
};

use crate::{
    decode::decode,
    definition::Formats,
    records::{Record, Records},
};

/// A file whose headings are those of a format.
#[derive(Clone, Debug)]
pub struct Sheet {
    text: String,
    pub(crate) delimiter: u8,
    /// The name of its format.
    pub format: String,
    /// Which column holds what.
    pub layout: Layout,
    separator: char,
}

impl Sheet {
    /// Opens a file.
    ///
    /// # Errors
    /// All that keeps it from being read: not text, not a format's headings, no rows, a quotation mark left open.
    pub fn open(formats: &Formats, bytes: &[u8]) -> Result<Self, Vec<Problem>> {
        let text = decode(bytes).map_err(|problem| vec![problem])?;
        let delimiter = delimiter(&text);
        let headings = csv_reader(&text, delimiter)
            .into_records()
            .next()
            .and_then(Result::ok)
            .unwrap_or_default();
        let mut headings: Vec<String> = headings.iter().map(heading).collect();
        while headings.last().is_some_and(String::is_empty) {
            headings.pop();
        }
        if headings.len() > MOST_COLUMNS {
            let found = headings.len();
            return Err(vec![Problem::in_file(Kind::TooManyColumns {
                found,
                most: MOST_COLUMNS,
            })]);
        }
        let mut problems = Vec::new();
        if let Some(open) = Records::of(&text, delimiter).find(|record| record.unclosed) {
            problems.push(Problem::in_file(Kind::Unbalanced { row: open.row }));
        }
        let (format, layout) = match formats.recognise(&headings) {
            Ok(recognised) => recognised,
            Err(problem) => {
                problems.insert(0, problem);
                return Err(problems);
            }
        };
        let sheet = Self {
            separator: format.separator,
            format: format.name.clone(),
            layout,
            delimiter,
            text,
        };
        if sheet.rows().next().is_none() {
            problems.push(Problem::in_file(Kind::NoRows));
        }
        if problems.is_empty() { Ok(sheet) } else { Err(problems) }
    }

    /// The rows below the headings, one by one; rows whose cells are all empty are passed over.
    pub fn requests(&self) -> impl Iterator<Item = ChangeRequest> {
        self.rows().map(|(row, cells)| ChangeRequest {
            row,
            wish: Wish::Account(self.cells(&cells)),
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
            let text = unguarded(text);
            if !text.trim().is_empty() {
                texts.insert(*attribute, text.to_owned());
            }
        }
        let headings = self.layout.columns.len();
        let found = (0..cells.len())
            .rfind(|place| !cells[*place].trim().is_empty())
            .map_or(0, |last| last + 1);
        let surplus = (found > headings).then_some((found, headings));
        Cells {
            separator: self.separator,
            texts,
            surplus,
        }
    }
}

/// The most columns a file may have; more are somebody's mistake, and comparing them would take long.
const MOST_COLUMNS: usize = 200;

/// A heading without the spaces around it, cut where no heading is so long.
fn heading(text: &str) -> String {
    text.trim().chars().take(100).collect()
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
    cells.iter().all(|text| text.trim().is_empty())
}

fn csv_reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes())
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
    use domain::dictionary::Attribute;

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
    fn the_guard_against_formulas_is_taken_off_and_other_marks_stay() {
        assert_eq!(unguarded("'=1+1"), "=1+1");
        assert_eq!(unguarded("'s-Gravenhage"), "'s-Gravenhage");
        assert!(!is_formula("+44 7700 900123") && is_formula("+cmd|' /C calc'!A0") && !is_formula("-5"));
    }
}
