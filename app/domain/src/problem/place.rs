//! Where a problem is: in a file, a row, or a cell.

use serde::{Deserialize, Serialize};

use crate::{dictionary::Attribute, layout::Layout, values::ids::RowNumber};

/// Where a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// The file as a whole.
    File,
    /// A row as a whole.
    Row {
        /// Its number in the spreadsheet.
        row: RowNumber,
    },
    /// One cell.
    Cell {
        /// Its row's number in the spreadsheet.
        row: RowNumber,
        /// What stands in its column.
        attribute: Attribute,
    },
}

impl Place {
    /// The attribute of the cell it is in.
    #[must_use]
    pub const fn attribute(&self) -> Option<Attribute> {
        match self {
            Self::Cell { attribute, .. } => Some(*attribute),
            Self::File | Self::Row { .. } => None,
        }
    }

    /// The place as the spreadsheet names it: `J7`, or `Row 7` where the file has no such column.
    #[must_use]
    pub fn name(&self, layout: &Layout) -> String {
        match self {
            Self::File => "The file".to_owned(),
            Self::Row { row } => format!("Row {row}"),
            Self::Cell { row, attribute } => layout
                .cell_name(*row, *attribute)
                .unwrap_or_else(|| format!("Row {row}")),
        }
    }
}
