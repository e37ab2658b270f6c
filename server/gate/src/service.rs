//! What the service does by itself: its timers, its work, its letters.

pub mod letters;
pub(crate) mod secrets;
pub(crate) mod seed;
pub(crate) mod sweep;
pub(crate) mod work;
