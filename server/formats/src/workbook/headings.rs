//! Where a sheet's headings are, guessed by its first rows: which sheet of several is read, and which rows are rows of people.

use std::{collections::HashSet, sync::LazyLock};

use domain::{dictionary::Attribute, layout::Part};

use crate::{About, Formats};

/// Rows with anything in them that are looked at.
pub(super) const FIRSTS: usize = 20;

/// Headings that a row must have for it to be taken for one of headings.
const LEAST: usize = 2;

/// What the first rows of a sheet say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Heads {
    /// The row of the headings, from 0.
    pub(super) row: u32,
    pub(super) looks: Looks,
}

/// What a sheet looks like, by its first rows. The more it looks like a list of people, the greater.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Looks {
    /// A cover sheet, or an empty one.
    #[default]
    Plain,
    /// Rows of several cells.
    Table,
    /// Headings that a format has, or that people use for the same.
    Known,
}

impl Heads {
    /// The first row that has known headings; else the first that has two cells, because titles have one; else the first.
    pub(super) fn of(firsts: &[(u32, Vec<String>)]) -> Self {
        let is_wide = |cells: &[String]| cells.iter().filter(|cell| !cell.trim().is_empty()).count() >= LEAST;
        let known = firsts.iter().find(|(_, cells)| known_of(cells) >= LEAST);
        let mut wide = firsts.iter().filter(|(_, cells)| is_wide(cells));
        let first_wide = wide.next();
        let looks = match (known, wide.next()) {
            (Some(_), _) => Looks::Known,
            (None, Some(_)) => Looks::Table,
            (None, None) => Looks::Plain,
        };
        let row = known.or(first_wide).or(firsts.first());
        Self {
            row: row.map_or(0, |(row, _)| *row),
            looks,
        }
    }

    /// The row of the headings, from 0, as it was said, else as it is guessed.
    pub(super) fn row_or(self, part: &Part) -> u32 {
        part.headings.map_or(self.row, |row| row.0.saturating_sub(1))
    }
}

/// How many different known headings there are among these cells.
fn known_of(cells: &[String]) -> usize {
    static KNOWN: LazyLock<HashSet<String>> = LazyLock::new(known);
    let found: HashSet<_> = cells.iter().map(|cell| folded(cell)).collect();
    found.iter().filter(|heading| KNOWN.contains(*heading)).count()
}

/// Every heading of the shipped formats, what else people call it, and every attribute's name.
fn known() -> HashSet<String> {
    let formats = Formats::shipped();
    let mut known = HashSet::new();
    for about in [About::People, About::Organisations] {
        for column in formats.about(about).iter().flat_map(|format| &format.columns) {
            known.insert(folded(&column.heading));
            known.extend(column.also.iter().map(|also| folded(also)));
        }
    }
    known.extend(Attribute::ALL.iter().map(|attribute| folded(attribute.name())));
    known
}

fn folded(heading: &str) -> String {
    let letters = heading.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use domain::ids::RowNumber;

    use super::*;

    fn rows(rows: &[(u32, &[&str])]) -> Vec<(u32, Vec<String>)> {
        let owned = |cells: &[&str]| cells.iter().map(ToString::to_string).collect();
        rows.iter().map(|(row, cells)| (*row, owned(cells))).collect()
    }

    #[test]
    fn headings_are_found_below_titles_and_told_from_cover_sheets() {
        let below = rows(&[
            (0, &["Staff list March"]),
            (2, &["LocalID", "ODSCode", "First name"]),
            (3, &["1", "RIV", "Ann"]),
        ]);
        let found = Heads {
            row: 2,
            looks: Looks::Known,
        };
        assert_eq!(Heads::of(&below), found);
        let cover = rows(&[(1, &["Prepared by", "Sam"]), (2, &["Notes"])]);
        let looks = |row, looks| Heads { row, looks };
        assert_eq!(Heads::of(&cover), looks(1, Looks::Plain));
        let other = rows(&[(0, &["Wages"]), (1, &["No", "Who"]), (2, &["1", "Ann"])]);
        assert_eq!(Heads::of(&other), looks(1, Looks::Table));
        assert_eq!(Heads::of(&[]), Heads::default());
        let said = Part {
            headings: Some(RowNumber(5)),
            ..Part::default()
        };
        assert_eq!((found.row_or(&said), found.row_or(&Part::default())), (4, 2));
    }
}
