//! Mail that brings a file: bytes in; who sent it, as far as that is proved, and the one file out. No IO, no clock.
//!
//! What arrives was written by anybody. Whatever is in doubt about the sender is no proof; whatever is in doubt about the
//! file is a refusal with a sentence. Limits are checked before the work that they bound, and nothing panics.

mod addresses;
mod archive;
mod automatic;
mod choosing;
mod decoding;
mod fields;
mod kinds;
mod known;
mod limits;
mod mail;
mod masking;
mod names;
mod outline;
mod parameters;
mod parts;
mod results;
mod seals;
mod sender;
mod spelling;
mod trust;
mod trusted;
mod winmail;
mod words;

pub use self::{
    choosing::Attachment,
    limits::Limits,
    mail::Mail,
    masking::{KEY_LENGTH, KEY_SIGNS, without_keys},
    outline::Outline,
    sender::{Claim, Proof},
    trust::Trust,
};
