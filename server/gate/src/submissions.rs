//! Submissions: from a file or a form to a plan, and from a plan to what was done.

pub(crate) mod apply;
pub(crate) mod at_once;
pub(crate) mod by_form;
pub(crate) mod check;
pub(crate) mod claims;
pub(crate) mod columns;
pub(crate) mod concluding;
pub(crate) mod content;
pub(crate) mod desk;
pub(crate) mod effects;
pub(crate) mod held;
pub(crate) mod mending;
pub(crate) mod one_time;
pub(crate) mod planning;
pub(crate) mod private_addresses;
pub(crate) mod proof;
pub(crate) mod repeated_keys;
pub(crate) mod report;
pub(crate) mod review;
pub(crate) mod since_planned;
pub(crate) mod undo;
