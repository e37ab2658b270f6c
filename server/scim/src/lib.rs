//! The service SCIM 2.0 as far as it is rules: what a request asks for, and what an answer looks like (RFC 7643, RFC 7644,
//! and RFC 9865 for cursors). No IO, no clock, no database: the time, the people and the vocabulary are handed in.
//!
//! - reading: [`body`], [`filter`], [`query`], [`path`], [`patch`], [`list`], [`bulk`], [`delta`], [`etag`]
//! - what it means: [`definition`] is the table of attributes, once; [`model`] is a resource as it is read and written;
//!   [`wanted`] is what a body asks of the gate, [`contact_edit`] what it would change of a contact
//! - answering: [`resource`], [`schema`], [`projection`], [`error`], [`refusal`], [`rehearsal`]; [`cursor`] signs what clients bring back
//!
//! Sentences about values are the catalogue's of the domain; those about the protocol are made here.

pub mod body;
pub mod bulk;
pub mod contact_edit;
pub mod cursor;
pub mod definition;
pub mod delta;
pub mod dialect;
pub mod error;
pub mod etag;
pub mod filter;
mod hints;
pub mod list;
pub mod model;
mod moment;
pub mod patch;
pub mod path;
pub mod projection;
pub mod query;
pub mod refusal;
pub mod rehearsal;
pub mod resource;
pub mod schema;
pub mod wanted;

#[cfg(test)]
mod testing;
