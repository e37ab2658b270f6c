//! Values: small types, each with its way to be read, its limit and its error. They know nothing of what they are used for.

pub mod address_candidates;
pub mod day;
pub mod email_address;
pub mod ids;
pub mod links;
pub mod lists;
pub mod locale;
pub mod names;
pub mod numbers;
pub mod reason;
pub mod spoken_code;
pub mod telephone;
pub mod text;
