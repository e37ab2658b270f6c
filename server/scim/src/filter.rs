//! Filters (RFC 7644, 3.4.2.2): the whole grammar, in any case, with bounds on length, depth and number of comparisons.
//!
//! Beyond the standard, a comparison may be with a part of a value that is picked, as clients write it:
//! `emails[type eq "work"].value eq "jo@health.example"`. What a filter may ask is for [`crate::query`] to say.

mod reader;
mod tree;

use self::reader::Reader;
pub(crate) use self::reader::path_alone;
pub use self::tree::{DEEPEST, Fault, Filter, FilterError, LONGEST, MOST, Operator, Path};

impl Filter {
    /// Reads a filter.
    ///
    /// # Errors
    /// Where it cannot be read, and why.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        Reader::of(text)?.whole()
    }
}

#[cfg(test)]
mod tests;
