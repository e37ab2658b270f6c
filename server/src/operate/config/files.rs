//! What files may look like, and how much of one is read.

use anyhow::Context;
use formats::{Formats, Limits};

use super::Config;

impl Config {
    /// The formats as configured, with the limits on files.
    ///
    /// # Errors
    /// When a definition cannot be used; names the file.
    pub fn formats(&self) -> anyhow::Result<Formats> {
        let formats = match &self.formats_folder {
            Some(folder) => Formats::with_folder(folder).context("the formats cannot be read")?,
            None => Formats::shipped(),
        };
        Ok(formats.within(Limits {
            mib: self.file_mib,
            rows: self.file_rows,
            columns: self.file_columns as usize,
            cell: self.file_cell_characters as usize,
        }))
    }
}
