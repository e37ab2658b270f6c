//! Days as machines read them.

use domain::values::ids::Timestamp;
use gate::calendar;

/// A day for machines, `2027-03-31`: the one that was chosen.
pub(super) fn date(at: Timestamp) -> String {
    calendar::day_at(at).map(|day| day.to_string()).unwrap_or_default()
}
