//! Where a sheet's headings are, guessed by its first rows: which sheet of several is read, and which rows are rows of people.

use domain::{
    layout::Part,
    values::{ids::RowNumber, text::trimmed},
};

use crate::structure::{Names, likely_row};

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
    /// Whether merged cells that begin above that row reach it.
    pub(super) is_by_merges: bool,
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
    /// The row that holds the headings as those of a text do ([`likely_row`]), and what the sheet looks like.
    pub(super) fn of(names: &Names, firsts: &[(u32, Vec<String>)]) -> Self {
        let filled = |cells: &[String]| cells.iter().filter(|cell| !trimmed(cell).is_empty()).count();
        let known: Vec<_> = firsts.iter().map(|(_, cells)| known_of(names, cells)).collect();
        let counts: Vec<_> = firsts.iter().map(|(_, cells)| filled(cells)).collect();
        let looks = if known.iter().any(|known| *known >= LEAST) {
            Looks::Known
        } else if counts.iter().filter(|count| **count >= LEAST).count() > 1 {
            Looks::Table
        } else {
            Looks::Plain
        };
        Self {
            row: firsts.get(likely_row(&known, &counts)).map_or(0, |(row, _)| *row),
            looks,
            is_by_merges: false,
        }
    }

    /// The same sheet where some of its cells are merged: `firsts` are its rows with what those cells show, and `tall` those
    /// that begin in one row and end in another. Headings in two rows are read from the lower one, in which each column that
    /// has but one heading has it, too.
    pub(super) fn merged(names: &Names, firsts: &[(u32, Vec<String>)], tall: &[(u32, u32)]) -> Self {
        let mut heads = Self::of(names, firsts);
        let known = |cells: &Vec<String>| known_of(names, cells);
        let upper = firsts.iter().find(|(row, _)| *row == heads.row);
        let upper = upper.map_or(0, |(_, cells)| known(cells));
        let is_below = |row: u32| {
            tall.iter()
                .any(|(first, last)| *first == heads.row && row > *first && row <= *last)
        };
        let lower = firsts
            .iter()
            .find(|(row, cells)| is_below(*row) && known(cells) > upper);
        if let Some((row, _)) = lower {
            heads.row = *row;
        }
        let row = heads.row;
        heads.is_by_merges = tall.iter().any(|(first, last)| *first < row && row <= *last);
        heads
    }

    /// The row of the headings where merged cells tell it and nobody said another.
    pub(super) fn told_by_merges(self, part: &Part) -> Option<RowNumber> {
        (self.is_by_merges && part.headings.is_none()).then_some(RowNumber(self.row + 1))
    }

    /// The row of the headings, from 0, as it was said, else as it is guessed.
    pub(super) fn row_or(self, part: &Part) -> u32 {
        part.headings.map_or(self.row, |row| row.0.saturating_sub(1))
    }
}

/// How many known headings there are among these cells.
fn known_of(names: &Names, cells: &[String]) -> usize {
    cells.iter().filter(|cell| names.is_heading(cell)).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Formats;

    fn rows(rows: &[(u32, &[&str])]) -> Vec<(u32, Vec<String>)> {
        let owned = |cells: &[&str]| cells.iter().map(ToString::to_string).collect();
        rows.iter().map(|(row, cells)| (*row, owned(cells))).collect()
    }

    fn looks(row: u32, looks: Looks) -> Heads {
        Heads {
            row,
            looks,
            is_by_merges: false,
        }
    }

    #[test]
    fn headings_are_found_below_titles_and_told_from_cover_sheets() {
        let names = Names::of(&Formats::shipped());
        let below = rows(&[
            (0, &["Staff list March"]),
            (2, &["LocalID", "ODSCode", "First name"]),
            (3, &["1", "RIV", "Ann"]),
        ]);
        let found = looks(2, Looks::Known);
        assert_eq!(Heads::of(&names, &below), found);
        let cover = rows(&[(1, &["Prepared by", "Sam"]), (2, &["See the next sheet"])]);
        assert_eq!(Heads::of(&names, &cover), looks(1, Looks::Plain));
        let other = rows(&[(0, &["Wages"]), (1, &["No", "Who"]), (2, &["1", "Ann"])]);
        assert_eq!(Heads::of(&names, &other), looks(1, Looks::Table));
        assert_eq!(Heads::of(&names, &[]), Heads::default());
        let said = Part {
            headings: Some(RowNumber(5)),
            ..Part::default()
        };
        assert_eq!((found.row_or(&said), found.row_or(&Part::default())), (4, 2));
    }

    #[test]
    fn of_two_rows_of_headings_the_lower_counts_where_cells_reach_it() {
        let names = Names::of(&Formats::shipped());
        let filled = rows(&[
            (0, &["Surname", "Forename", "Job title", "Contact"]),
            (1, &["Surname", "Forename", "Job title", "Telephone", "Mobile"]),
            (2, &["Lee", "Ann", "Nurse", "01632 960123", ""]),
        ]);
        let part = Part::default();
        let found = Heads::merged(&names, &filled, &[(0, 1)]);
        assert_eq!((found.row, found.told_by_merges(&part)), (1, Some(RowNumber(2))));
        let found = Heads::merged(&names, &filled, &[]);
        assert_eq!((found.row, found.told_by_merges(&part)), (0, None));
    }
}
