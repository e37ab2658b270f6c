//! The directory: read within a scope, and written by one writer.

pub(crate) mod aliases;
pub mod apply;
pub mod customers;
pub mod due_changes;
pub mod grants;
pub mod newcomers;
pub mod offers;
pub mod organisations;
pub mod people;
pub(crate) mod person_columns;
pub(crate) mod project;
pub(crate) mod scope;
pub mod snapshot;
pub mod synced;
