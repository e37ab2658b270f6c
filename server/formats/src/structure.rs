//! How a CSV text is laid out: what parts its cells, and which row holds the headings. Both are told by reading its first
//! rows in every way that there is, and taking the one in which they make most sense.

use std::collections::HashSet;

use domain::values::{ids::RowNumber, text::trimmed};

use crate::{
    definition::Formats,
    headings::{is_ours, plain},
    records::{Place, Record, Records},
};

/// What parts cells, the usual one last: of several that fit equally well, the last is taken.
pub(crate) const DELIMITERS: &[u8] = b"|\t;,";

/// Rows among which the headings are looked for.
pub(crate) const FIRST_ROWS: usize = 20;

/// Rows that are read to find the first that are not blank, at most.
const MOST_READ: usize = 1_000;

/// Cells of a row by which it is told whether they are headings.
const TELLING_CELLS: usize = 1_000;

/// Characters of a heading; none is so long.
const LONGEST_HEADING: usize = 100;

/// The layout of a text.
#[derive(Clone, Debug)]
pub(crate) struct Structure {
    pub(crate) delimiter: u8,
    /// The row of the headings.
    pub(crate) row: RowNumber,
    /// The headings, without empty ones at the end.
    pub(crate) headings: Vec<String>,
    /// Whether their quotation marks do not match.
    pub(crate) is_broken: bool,
    /// Whether there are rows above them.
    pub(crate) is_below_others: bool,
    /// Where the rows below them begin.
    pub(crate) below: Place,
    /// Cells that a line must have to be a row of its own, within a broken cell.
    pub(crate) width: usize,
}

/// The headings that any format knows, as they are compared.
pub(crate) struct Names(HashSet<String>);

impl Names {
    pub(crate) fn of(formats: &Formats) -> Self {
        Self(formats.known_headings().map(plain).collect())
    }

    pub(crate) fn knows(&self, text: &str) -> bool {
        let text = trimmed(text);
        text.len() <= LONGEST_HEADING && self.0.contains(&plain(text))
    }

    /// Whether a text is a heading: of a format, or of the columns that are added to files that are given back.
    pub(crate) fn is_heading(&self, text: &str) -> bool {
        self.knows(text) || is_ours(text)
    }

    /// How many cells of a row are headings; quotation marks that do not match make them no others.
    fn known(&self, row: &Record, delimiter: u8) -> usize {
        let rest = row.broken.iter().map(|broken| broken.rest.as_str());
        let rest = rest.flat_map(|rest| rest.split(char::from(delimiter)));
        let cells = row.cells.iter().chain(rest).take(TELLING_CELLS);
        cells.filter(|text| self.is_heading(text)).count()
    }
}

impl Structure {
    /// The likeliest layout of a text whose cells are parted by one of these signs. The row of the headings may be said.
    pub(crate) fn of(names: &Names, text: &str, delimiters: &[u8], said: Option<RowNumber>) -> Self {
        let ways = delimiters
            .iter()
            .map(|delimiter| Way::of(names, text, *delimiter, said));
        let best = ways.max_by_key(|way| way.sense);
        best.map_or_else(|| Self::empty(text), |way| way.structure)
    }

    fn empty(text: &str) -> Self {
        Self {
            delimiter: b',',
            row: RowNumber(1),
            headings: vec![],
            is_broken: false,
            is_below_others: false,
            below: Place {
                at: text.len(),
                number: 1,
            },
            width: 0,
        }
    }
}

/// One way to read a text, and how much sense it makes: known headings first, then rows that have as many cells as there
/// are headings, then the number of headings.
struct Way {
    structure: Structure,
    sense: (usize, usize, usize),
}

impl Way {
    fn of(names: &Names, text: &str, delimiter: u8, said: Option<RowNumber>) -> Self {
        let first = first_rows(text, delimiter);
        let found = match said.and_then(|row| said_row(text, delimiter, row)) {
            Some(said) => Some(said),
            None => first.get(likely_headings(names, &first, delimiter)).cloned(),
        };
        let Some((record, below)) = found else {
            return Self {
                structure: Structure {
                    delimiter,
                    ..Structure::empty(text)
                },
                sense: (0, 0, 0),
            };
        };
        let headings: Vec<String> = (0..record.filled())
            .filter_map(|place| record.cells.get(place).map(heading))
            .collect();
        let rows = first.iter().map(|(row, _)| row);
        let rows: Vec<_> = rows.filter(|row| row.row > record.row).collect();
        let is_steady = |row: &&&Record| headings.len() > 1 && row.cells.len() == record.cells.len();
        let steady = rows.iter().filter(is_steady);
        let sense = (names.known(&record, delimiter), steady.count(), headings.len());
        let first_below = rows.iter().find(|row| row.broken.is_none());
        let width = first_below.map_or(headings.len(), |row| row.cells.len());
        let structure = Structure {
            delimiter,
            row: record.row,
            is_broken: record.broken.is_some(),
            is_below_others: first.first().is_some_and(|(row, _)| row.row < record.row),
            below,
            width: width.clamp(headings.len().min(2), headings.len()),
            headings,
        };
        Self { structure, sense }
    }
}

/// A heading without what cannot be seen around it, cut where no heading is so long.
pub(crate) fn heading(text: &str) -> String {
    trimmed(text).chars().take(LONGEST_HEADING).collect()
}

/// The first rows that are not blank, each with the place behind it.
fn first_rows(text: &str, delimiter: u8) -> Vec<(Record, Place)> {
    let mut records = Records::of(text, delimiter);
    let with_places = std::iter::from_fn(|| records.next().map(|record| (record, records.place())));
    let read = with_places.take(MOST_READ).filter(|(record, _)| !record.is_blank());
    read.take(FIRST_ROWS).collect()
}

fn said_row(text: &str, delimiter: u8, row: RowNumber) -> Option<(Record, Place)> {
    let mut records = Records::of(text, delimiter);
    let said = records.find(|record| record.row >= row)?;
    (said.row == row).then(|| (said, records.place()))
}

/// Which of the first rows holds the headings.
fn likely_headings(names: &Names, first: &[(Record, Place)], delimiter: u8) -> usize {
    let known: Vec<_> = first.iter().map(|(row, _)| names.known(row, delimiter)).collect();
    let filled = |(row, _): &(Record, Place)| row.cells.iter().filter(|text| !trimmed(text).is_empty()).count();
    likely_row(&known, &first.iter().map(filled).collect::<Vec<_>>())
}

/// Which of some rows holds the headings, by how many known ones and how many filled cells each has: the first of those that
/// hold most of the known ones. Where none is known, the first that has about as many cells as the rows below it; a title has
/// fewer.
pub(crate) fn likely_row(known: &[usize], counts: &[usize]) -> usize {
    let most = known.iter().copied().max().unwrap_or_default();
    if most > 1 {
        // Another list below, with more columns, makes nobody above it a title.
        let is_like = |known: &usize| *known > 1 && known * 5 >= most * 3;
        return known.iter().position(is_like).unwrap_or_default();
    }
    let is_like_those_below = |place: &usize| {
        let mut below = counts[place + 1..].to_vec();
        below.sort_unstable();
        let usual = below
            .get(below.len().saturating_sub(1) / 2)
            .copied()
            .unwrap_or_default();
        counts[*place] * 3 > usual * 2
    };
    (0..counts.len()).find(is_like_those_below).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Structure {
        let names = Names::of(&Formats::shipped());
        Structure::of(&names, text, DELIMITERS, None)
    }

    fn told(text: &str) -> (char, u32, usize) {
        let found = found(text);
        (char::from(found.delimiter), found.row.0, found.headings.len())
    }

    #[test]
    fn what_parts_cells_is_told_by_the_headings_it_makes() {
        let quoted =
            "LocalID;ODSCode;FirstName;LastName;\"Notes, as told by ward, team, payroll, HR, manager\"\n1;RIV;A;B;x\n";
        assert_eq!(told(quoted), (';', 1, 5));
        assert_eq!(told(&quoted.replace(';', "|")), ('|', 1, 5));
        assert_eq!(
            told("Forename\tSurname\tJob, grade, band\nA\tB\tC, D, E\n"),
            ('\t', 1, 3)
        );
        // A semicolon in every cell parts nothing.
        assert_eq!(told("FirstName,LastName,Unit\nA,B,x;y;z\nC,D,u;v;w\n"), (',', 1, 3));
        assert_eq!(told("vorname;haus, flur;raum\nA;x;1\nB;y;2\n"), (';', 1, 3));
        assert_eq!(told("\"vor\nname\",\"a;b;c;d\"\r1,2\r"), (',', 1, 2));
        assert_eq!(told("a,b\n"), (',', 1, 2));
        assert_eq!(told("name\nAnn\n"), (',', 1, 1));
    }

    #[test]
    fn headings_are_found_below_titles_and_blank_rows() {
        let below = |title: &str| told(&format!("{title}LocalID,ODSCode,FirstName,LastName\n1,RIV,A,B\n"));
        assert_eq!(below("Riverside staff list March 2027,,,\n,,,\n"), (',', 3, 4));
        assert_eq!(below("\"Riverside; Medicine\nMarch; 2027; old; new\"\n\n"), (',', 3, 4));
        assert_eq!(below("Organisation,RIV\nSite,RIV01\n"), (',', 3, 4));
        assert_eq!(told("Liste,,\nVorname,Nachname,Haus\nA,B,C\nD,E,F\n"), (',', 2, 3));
        assert!(found("Liste,,\nVorname,Nachname,Haus\nA,B,C\n").is_below_others);
        assert!(!found("\n,,\nVorname,Nachname,Haus\nA,B,C\n").is_below_others);
    }

    #[test]
    fn the_first_of_two_lists_has_the_headings() {
        let glued = "LocalID,ODSCode,FirstName,LastName\n1,RIV,A,B\nLocalID,ODSCode,FirstName,LastName,Mobile,Notes\n";
        assert_eq!(told(glued), (',', 1, 4));
        // A cell without a heading, or rows with a cell too many, move nothing.
        assert_eq!(told("vorname,,haus,raum\nA,x,y,z\nB,x,y,z,u,v\n"), (',', 1, 4));
    }

    #[test]
    fn a_row_that_is_said_to_hold_the_headings_does() {
        let names = Names::of(&Formats::shipped());
        let text = "LocalID,ODSCode\nkey;word\n1;2\n";
        let said = |row| Structure::of(&names, text, DELIMITERS, Some(RowNumber(row)));
        assert_eq!(
            (said(2).delimiter, said(2).headings),
            (b';', vec!["key".to_owned(), "word".to_owned()])
        );
        assert_eq!((said(9).row, said(2).below.number), (RowNumber(1), 2));
    }
}
