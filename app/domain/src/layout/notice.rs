//! What a person should know of how their file was read.

use serde::{Deserialize, Serialize};

use crate::ids::RowNumber;

/// Something that was guessed, filled in or passed over while a file was read. The review page says it before anything is
/// applied; [`Notice::sentence`] is the only place for its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Notice {
    /// The headings were found below other rows.
    HeadingsInRow {
        /// Where they are.
        row: RowNumber,
    },
}

impl Notice {
    /// The notice in plain words.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::HeadingsInRow { row } => {
                format!("The headings were found in row {row}. The rows above it were not read.")
            }
        }
    }
}
