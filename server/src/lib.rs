//! The portal's server: what a browser must never hold. `main.rs` reads the command line; the route table is `router.rs`,
//! and what is around it `layers.rs`.

pub mod appoint;
pub mod audit;
pub mod client;
pub mod commands;
pub mod config;
pub mod forward;
pub mod importing;
pub mod last_use;
pub mod observe;
pub mod post;
pub mod router;
pub mod serving;
pub mod sign_in;

mod answering;
mod api;
mod asker;
mod bodies;
mod downloads;
mod exports;
mod fresh;
mod layers;
mod limits;
mod markup;
mod own;
mod own_sessions;
mod progress;
mod recording;
mod recovery;
mod refusals;
mod render;
mod security;
mod sessions;
mod stay;
mod well_known;
mod whence;
