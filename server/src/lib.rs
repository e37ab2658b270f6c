//! The portal's server: what a browser must never hold. `main.rs` reads the command line; the route table is `router.rs`.

pub mod commands;
pub mod config;
pub mod observe;
pub mod post;
pub mod router;
pub mod sign_in;

mod acting;
mod api;
mod downloads;
mod exports;
mod lives;
mod own;
mod people_forms;
mod progress;
mod render;
mod security;
mod sessions;
mod submissions;
