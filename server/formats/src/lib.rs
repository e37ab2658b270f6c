//! Files: bytes in, change requests out, and the same file back with what became of each row.
//!
//! A format is data: a definition file names its headings and the attribute each holds. What is in a cell is not judged
//! here; that is the plan's.

mod blank;
mod decode;
mod definition;
mod guess;
mod kind_of_file;
mod limits;
mod mark;
mod records;
mod sheet;
mod structure;
mod values;
mod workbook;

pub use self::{
    blank::without,
    definition::{About, DefinitionError, Format, FormatColumn, Formats, left_out},
    guess::{FirstRows, Known},
    limits::Limits,
    mark::{Mark, Table, mark, sample},
    sheet::{Guess, Sheet},
    values::Counted,
    workbook::sheet_names,
};
