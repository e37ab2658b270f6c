//! People: looking at them, taking them in, and doing one thing for many.

pub(crate) mod bulk_actions;
pub(crate) mod directory;
pub(crate) mod joining;
pub(crate) mod listing;
pub(crate) mod newcomers;
pub(crate) mod offers;
pub(crate) mod seats;
pub(crate) mod uses;
