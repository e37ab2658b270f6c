//! The codes of organisations that cells give.

use domain::{dictionary::Attribute, request::Cells};

/// The organisation that a row is about.
pub(super) fn code(cells: &Cells) -> Option<String> {
    code_of(cells, Attribute::Organisation)
}

/// The organisation that a cell names.
pub(super) fn code_of(cells: &Cells, attribute: Attribute) -> Option<String> {
    cells.code(attribute).map(|code| code.to_string())
}
