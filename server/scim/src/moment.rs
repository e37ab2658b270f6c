//! Moments as SCIM writes them (RFC 3339).

use domain::values::ids::Timestamp;

/// A moment as answers hold it, such as `2026-11-30T09:15:00.250Z`. `None` if it lies beyond the calendar.
pub(crate) fn written(at: Timestamp) -> Option<String> {
    let at = jiff::Timestamp::from_millisecond(at.0).ok()?;
    Some(format!("{at:.3}"))
}

/// Reads a moment that a client wrote, in any offset. `None` if it is none.
pub(crate) fn read(text: &str) -> Option<Timestamp> {
    let at: jiff::Timestamp = text.trim().parse().ok()?;
    Some(Timestamp(at.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_in_any_offset_and_written_in_utc() {
        let at = Timestamp(1_764_494_100_250);
        assert_eq!(written(at).as_deref(), Some("2025-11-30T09:15:00.250Z"));
        assert_eq!(read("2025-11-30T10:15:00.25+01:00"), Some(at));
        assert_eq!(read("2025-11-30T09:15:00Z"), Some(Timestamp(1_764_494_100_000)));
        for text in ["", "yesterday", "2025-11-30", "2025-13-30T09:15:00Z"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(written(Timestamp(i64::MAX)), None);
    }
}
