//! What cells are besides their text, until it is known what their column holds.

use std::borrow::Cow;

use domain::{dictionary::Attribute, request::CellMark, values::ids::RowNumber};

/// What a cell is, besides its text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Is {
    /// Text, or what is as good: a date, yes or no.
    #[default]
    Text,
    /// A number that may have lost zeros at its front.
    PlainNumber,
    /// A whole number that is shown with separators or decimals: `1,012.00`.
    DressedNumber,
    /// A number whose format could not be followed, without anything that the cell shows around it.
    NotFollowed,
    /// The sheet shows an error.
    Error,
    /// A formula that was never worked out; its text is the formula.
    NotCalculated,
}

/// What a cell shows, and what it is besides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) text: String,
    pub(super) is: Is,
}

/// The cells of a sheet that are not merely text, in its order: row and column, both from 0.
#[derive(Clone, Debug, Default)]
pub(crate) struct Marks(Vec<(u32, u16, Is)>);

impl Marks {
    /// Adds a cell that stands behind all others.
    pub(super) fn push(&mut self, row: u32, column: usize, is: Is) {
        match (is, u16::try_from(column)) {
            (Is::Text | Is::PlainNumber | Is::NotFollowed, _) | (_, Err(_)) => {}
            (Is::DressedNumber | Is::Error | Is::NotCalculated, Ok(column)) => self.0.push((row, column, is)),
        }
    }

    /// A cell's text as the attribute of its column is to have it, and why it is not to be believed.
    pub(crate) fn understood<'t>(
        &self,
        row: RowNumber,
        column: usize,
        attribute: Attribute,
        text: &'t str,
    ) -> (Cow<'t, str>, Option<CellMark>) {
        match self.at(row, column) {
            Is::Text | Is::PlainNumber | Is::NotFollowed => (text.into(), None),
            Is::DressedNumber if is_of_digits(attribute) => (undressed(text).into(), None),
            Is::DressedNumber => (text.into(), None),
            Is::Error => (text.into(), Some(CellMark::Error(text.trim().to_owned()))),
            Is::NotCalculated => (text.into(), Some(CellMark::NotCalculated)),
        }
    }

    fn at(&self, row: RowNumber, column: usize) -> Is {
        if self.0.is_empty() {
            return Is::Text;
        }
        let wanted = (row.0.saturating_sub(1), column);
        let place = |(row, column, _): &(u32, u16, Is)| (*row, usize::from(*column));
        self.0
            .binary_search_by_key(&wanted, place)
            .map_or(Is::Text, |found| self.0[found].2)
    }
}

/// Whether a number under this attribute is a row of digits, whatever its cell shows it with.
const fn is_of_digits(attribute: Attribute) -> bool {
    matches!(
        attribute,
        Attribute::AccountId
            | Attribute::LocalId
            | Attribute::Organisation
            | Attribute::Site
            | Attribute::Telephone
            | Attribute::Mobile
            | Attribute::Pager
            | Attribute::Fax
            | Attribute::Quota
            | Attribute::Code
            | Attribute::Parent
    )
}

/// A whole number without what it is shown with: `1,012.00` is `1012`.
pub(super) fn undressed(text: &str) -> String {
    let digits: String = text.chars().filter(|c| *c != ',').collect();
    match digits.split_once('.') {
        Some((whole, rest)) if rest.bytes().all(|byte| byte == b'0') => whole.to_owned(),
        _ => digits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_digits_in_a_code_and_as_shown_in_a_note() {
        let mut marks = Marks::default();
        marks.push(6, 2, Is::DressedNumber);
        marks.push(7, 0, Is::Error);
        let seen = |row, column, attribute, text| marks.understood(RowNumber(row), column, attribute, text);
        assert_eq!(seen(7, 2, Attribute::LocalId, "1,012.00"), ("1012".into(), None));
        assert_eq!(seen(7, 2, Attribute::Notes, "1,012.00"), ("1,012.00".into(), None));
        assert_eq!(seen(7, 1, Attribute::LocalId, "1,012.00"), ("1,012.00".into(), None));
        let error = Some(CellMark::Error("#N/A".into()));
        assert_eq!(seen(8, 0, Attribute::LocalId, "#N/A"), ("#N/A".into(), error));
    }
}
