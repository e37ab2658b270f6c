//! The parts of pages that move under the hand. Each makes better what works without it.

mod live_progress;
mod live_search;

pub use self::{live_progress::LiveProgress, live_search::LiveSearch};
