//! Where in a list, or among the events, a client goes on.

use uuid::Uuid;

/// A place that a client comes back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Position {
    /// Behind a row of a list.
    Row {
        /// What the list is sorted by, of that row.
        key: String,
        /// The row's ID.
        id: Uuid,
    },
    /// Behind an event.
    Event(i64),
    /// Within the events that one delta query tells.
    Events {
        /// Behind this event they begin.
        since: i64,
        /// With this event they end.
        until: i64,
        /// Behind this event the page begins.
        after: i64,
    },
}
