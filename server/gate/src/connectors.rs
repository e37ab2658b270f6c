//! Connectors: whose machines send what organisations know of their people.

pub(crate) mod brake;
pub(crate) mod change_files;
pub(crate) mod counting;
pub(crate) mod email;
pub(crate) mod proposals;
pub(crate) mod settings;
pub(crate) mod sync;
pub(crate) mod tokens;
pub(crate) mod trials;
pub(crate) mod watching;
