//! The pieces of pages, one concept a file. Each is a function of its data.

pub mod changes;
pub mod doing;
pub mod error_summary;
pub mod file_field;
pub mod footer;
pub mod header;
pub mod pagination;
pub mod people_table;
pub mod problems;
pub mod rows;
pub mod tags;
pub mod timeline;
pub mod totals;
