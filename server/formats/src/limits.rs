//! How much of a file is read.

/// What a file may hold at most; each has a sentence of its own where it is passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Rows below the headings.
    pub rows: u32,
    /// Columns.
    pub columns: usize,
    /// Characters in a cell.
    pub cell: usize,
    /// Mebibytes that a workbook may unpack to: a small file can hold a very large one.
    pub unpacked_mib: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            rows: 200_000,
            columns: 200,
            cell: 10_000,
            unpacked_mib: 1024,
        }
    }
}
