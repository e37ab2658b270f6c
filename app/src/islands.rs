//! The parts of pages that move under the hand. Each makes better what works without it.
//!
//! The server boxes components at their borders and the browser does not (`.cargo/config.toml`). Both agree on the markup as
//! long as a `view!` has one root, or all that stands in an element: behind several roots the server leaves a mark, which
//! the browser would take for what comes next.

mod breaking;
mod checked_field;
mod copy_link;
mod live_progress;
mod live_search;
mod name_maker;
mod password_meter;

#[cfg(feature = "ssr")]
pub(crate) use self::{
    breaking::breakable,
    checked_field::{escaped, sentence},
};
pub use self::{
    checked_field::{CheckedField, Field, Limits, Side},
    copy_link::CopyLink,
    live_progress::LiveProgress,
    live_search::LiveSearch,
    name_maker::{ADDRESS_CHOICE, ANOTHER, AddressChoice, KEPT, MADE, NameMaker},
    password_meter::PasswordMeter,
};
