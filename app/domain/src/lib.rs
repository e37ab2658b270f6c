//! The rules of the portal, and nothing else: no IO, no clock, no async, no database.
//!
//! Everything here compiles to wasm too, so that a page checks a form with the code the gate checks it with.
//! What a rule needs to know of the world (the time, the accounts that exist, who is asking) is handed in.

pub mod absence;
pub mod account;
pub mod change_file;
pub mod channel;
pub mod connector;
pub mod contact;
pub mod customer;
pub mod dictionary;
pub mod email;
pub mod event;
pub mod grant;
pub mod hand_edit;
pub mod layout;
pub mod life;
pub mod look_alike;
pub mod lookup;
pub mod offer;
pub mod organisation;
pub mod password;
pub mod plan;
pub mod policy;
pub mod problem;
pub mod request;
pub mod rules;
pub mod searching;
pub mod settings;
pub mod sign_in;
mod stored;
pub mod submission;
pub mod subscription;
pub mod trail;
pub mod values;
