//! What files may look like, and how much of one is read.

use anyhow::{Context, bail};
use formats::{Formats, Limits};

use super::Config;

impl Config {
    /// The formats as configured, with the limits on files.
    ///
    /// # Errors
    /// When a definition cannot be used; names the file. When a limit lets nothing through; names the setting.
    pub fn formats(&self) -> anyhow::Result<Formats> {
        let formats = match &self.formats_folder {
            Some(folder) => Formats::with_folder(folder).context("the formats cannot be read")?,
            None => Formats::shipped(),
        };
        for (name, most) in [
            ("FILE_MIB", self.file_mib),
            ("FILE_ROWS", self.file_rows),
            ("FILE_COLUMNS", self.file_columns),
            ("FILE_CELL_CHARACTERS", self.file_cell_characters),
            ("UPLOADS_AT_ONCE", self.uploads_at_once),
        ] {
            if most == 0 {
                bail!("PORTAL_{name}=0 lets no file through; set at least 1");
            }
        }
        Ok(formats.within(Limits {
            mib: self.file_mib,
            rows: self.file_rows,
            columns: self.file_columns as usize,
            cell: self.file_cell_characters as usize,
        }))
    }
}
