//! Files by email: what comes in, what its senders are told, and the daily run.

pub(crate) mod choosing;
pub(crate) mod counting;
pub(crate) mod keys;
pub(crate) mod left_rows;
pub(crate) mod listing;
pub(crate) mod receiving;
pub(crate) mod returning;
pub(crate) mod running;
pub(crate) mod telling;
