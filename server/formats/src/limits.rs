//! How much of a file is read.

/// What a file may hold at most; each has a sentence of its own where it is passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Mebibytes of the file itself.
    pub mib: u32,
    /// Rows below the headings.
    pub rows: u32,
    /// Columns.
    pub columns: usize,
    /// Characters in a cell.
    pub cell: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            mib: 64,
            rows: 200_000,
            columns: 200,
            cell: 10_000,
        }
    }
}

impl Limits {
    /// Mebibytes that a workbook may unpack to: a small file can hold a very large one.
    #[must_use]
    pub const fn unpacked_mib(&self) -> u32 {
        self.mib * 16
    }
}
