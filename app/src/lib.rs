//! What a browser may hold: the islands and the calls they make. The pages around them are rendered on the server only.

#![recursion_limit = "512"]

pub mod calls;
pub mod islands;
pub mod routes;

#[cfg(feature = "ssr")]
pub mod busy;
#[cfg(feature = "ssr")]
mod components;
#[cfg(feature = "ssr")]
pub mod forms;
#[cfg(feature = "ssr")]
mod frame;
#[cfg(feature = "ssr")]
pub mod once;
#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "ssr")]
pub mod searches;
#[cfg(feature = "ssr")]
pub mod visitor;
#[cfg(feature = "ssr")]
pub mod words;

#[cfg(feature = "ssr")]
pub use components::{breakable, table};
#[cfg(feature = "ssr")]
pub use frame::{App, InPlaceOfPage, shell};
