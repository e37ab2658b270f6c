//! Requests and answers: the routes, and the layers around them.

pub(crate) mod answering;
pub(crate) mod asker;
pub(crate) mod bodies;
pub mod client;
pub(crate) mod layers;
pub(crate) mod limits;
pub(crate) mod markup;
pub(crate) mod recording;
pub(crate) mod refusals;
pub(crate) mod render;
pub(crate) mod request_origin;
pub mod router;
pub(crate) mod security;
pub mod serving;
pub(crate) mod well_known;
