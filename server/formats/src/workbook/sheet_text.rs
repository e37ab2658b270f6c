//! A sheet of a workbook as text, and which sheet it is where nobody has said.

use domain::{
    layout::{Notice, Part, ReadAs},
    values::ids::RowNumber,
};

use super::{headings::Heads, lines::Written, marks::Marks};

/// Sheets that are looked at for headings.
pub(super) const MOST_TRIED: usize = 50;

/// A workbook's sheet as text, its cells parted by commas.
#[derive(Debug)]
pub(crate) struct SheetText {
    pub(crate) text: String,
    pub(crate) read_as: ReadAs,
    /// The columns, from 0, in which a number stands that may have lost zeros at its front.
    pub(crate) plain_numbers: Vec<usize>,
    /// The cells that are not merely text.
    pub(crate) marks: Marks,
    /// What its sender should know of how it was read.
    pub(crate) notices: Vec<Notice>,
    /// The row of the headings where merged cells tell it: they are not in the text.
    pub(crate) headings: Option<RowNumber>,
}

impl SheetText {
    pub(super) fn of(written: Written, read_as: ReadAs, heads: Heads, part: &Part) -> Self {
        let Written {
            text,
            plain_numbers,
            marks,
            notices,
        } = written;
        Self {
            text,
            read_as,
            plain_numbers,
            marks,
            notices,
            headings: heads.told_by_merges(part),
        }
    }
}

/// The place of the sheet that looks most like a list of people, and what its first rows say; the first of several that look
/// alike.
pub(super) fn likeliest(sheets: impl IntoIterator<Item = (usize, Heads)>) -> Option<(usize, Heads)> {
    let better = |one: (usize, Heads), other: (usize, Heads)| if other.1.looks > one.1.looks { other } else { one };
    sheets.into_iter().reduce(better)
}
