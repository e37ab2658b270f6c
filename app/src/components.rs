//! The pieces of pages, one concept a file. Each is a function of its data.

pub mod actions;
pub mod acts;
pub mod back;
pub mod changes;
pub mod consequences;
pub mod date_field;
pub mod doing;
pub mod error_summary;
pub mod file_field;
pub mod footer;
pub mod header;
pub mod pagination;
pub mod passkey_form;
pub mod password_field;
pub mod people_table;
pub mod person_form;
pub mod place_fields;
pub mod problems;
pub mod roles_held;
pub mod rows;
pub mod tags;
pub mod timeline;
pub mod token_table;
pub mod totals;
pub mod trail;
pub mod values;
