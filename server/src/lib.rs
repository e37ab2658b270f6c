//! The portal's server: what a browser must never hold. `main.rs` reads the command line; the route table is `router.rs`,
//! and what is around it `layers.rs`.

pub mod channels;
mod files;
pub mod http;
pub mod operate;
pub mod sign_in;
