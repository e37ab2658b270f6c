//! SCIM 2.0: connectors keep their people in step with the directory. Whose token it is says who asks, as at the interface for
//! programs; what is asked is read, and answers are worded, by the crate `scim`; everything is done by the gate.
//!
//! - [`call`]: who asks, below which organisation, and what was sent; [`answers`]: what they are told
//! - [`discovery`], [`users`], [`contacts`], [`searching`], [`bulk`], [`delta`]: the addresses
//! - [`writing`] does what users and bulk share; [`people`] renders; [`places`] signs what clients bring back
//! - [`attending`] is around them all: it counts, and tells the gate what became of each request

pub(crate) mod answers;
pub(crate) mod attending;
pub(crate) mod bulk;
mod call;
pub(crate) mod contacts;
pub(crate) mod delta;
pub(crate) mod discovery;
pub(crate) mod elsewhere;
mod headers;
mod people;
pub(crate) mod places;
mod refused;
pub(crate) mod searching;
pub(crate) mod users;
mod writing;
