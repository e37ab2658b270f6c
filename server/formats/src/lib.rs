//! Files: bytes in, change requests out, and the same file back with what became of each row.
//!
//! A format is data: a definition file names its headings and the attribute each holds. What is in a cell is not judged
//! here; that is the plan's.

mod blank;
pub mod change_file;
mod decode;
mod definition;
mod guess;
mod headings;
mod kind_of_file;
mod limits;
mod mark;
mod meanings;
mod records;
mod sheet;
mod structure;
mod usual_headings;
mod values;
mod workbook;

pub use self::{
    blank::without,
    definition::{About, DefinitionError, Format, FormatColumn, Formats},
    guess::{FirstRows, Known},
    headings::left_out,
    limits::Limits,
    mark::{Mark, Table, mark, sample},
    sheet::{Guess, Sheet},
    values::Counted,
    workbook::sheet_names,
};
