//! Numbers and moments as people read them.

pub use domain::values::numbers::thousands;
use domain::{
    channel::Channel,
    grant::Terms,
    organisation::{Organisation, UnitPath},
    policy::Role,
    values::ids::Timestamp,
};
use gate::COUNTED;

/// A moment in the time of the United Kingdom: `21 November 2026, 9:08pm`.
#[must_use]
pub fn moment(at: Timestamp) -> String {
    gate::calendar::moment_in_words(at)
}

/// A moment that may be of today, within a sentence: `at 3:05pm`, or `on 20 November 2026, 3:05pm`.
#[must_use]
pub fn lately(at: Timestamp, now: Timestamp) -> String {
    let told = moment(at);
    match told.split_once(", ") {
        Some((_, time)) if day(at) == day(now) => format!("at {time}"),
        _ => format!("on {told}"),
    }
}

/// A day in the time of the United Kingdom: `21 November 2026`.
#[must_use]
pub fn day(at: Timestamp) -> String {
    gate::calendar::day(at)
}

/// Returns the day on which a timer of so many days runs out, from a moment on. `None` if it never does.
#[must_use]
pub fn day_after(at: Timestamp, days: u32) -> Option<String> {
    let end = gate::calendar::days_after(at, days).filter(|_| days > 0);
    end.map(day)
}

/// A time of day, by its minutes after midnight: `7pm`, `7:30am`.
#[must_use]
pub fn clock(minutes: u32) -> String {
    let (hour, minute) = (minutes / 60 % 24, minutes % 60);
    let half = if hour < 12 { "am" } else { "pm" };
    let hour = if hour % 12 == 0 { 12 } else { hour % 12 };
    match minute {
        0 => format!("{hour}{half}"),
        minute => format!("{hour}:{minute:02}{half}"),
    }
}

/// The moment for machines.
#[must_use]
pub fn machine_moment(at: Timestamp) -> String {
    gate::calendar::iso_8601(at)
}

/// A role with the place where it is held: `Local Administrator of Medicine, Riverside Hospitals Trust`.
#[must_use]
pub fn held(role: Role, place: &Organisation, unit: Option<&UnitPath>) -> String {
    match unit {
        None => format!("{} of {}", role.name(), place.name),
        Some(unit) => format!("{} of {unit}, {}", role.name(), place.name),
    }
}

/// What a Connector sends through: `email, API`.
#[must_use]
pub fn channels(channels: &[Channel]) -> String {
    channels
        .iter()
        .map(|channel| channel.name())
        .collect::<Vec<_>>()
        .join(", ")
}

/// Words with a capital in front, as a label begins.
#[must_use]
pub fn with_capital(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next();
    first.into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// What a Connector sends through, and whether it may disable accounts so: `API; may disable accounts`.
#[must_use]
pub fn sends(terms: &Terms) -> String {
    let channels = channels(&terms.channels);
    match terms.may_disable {
        true => format!("{channels}; may disable accounts"),
        false => channels,
    }
}

/// What helps where another system was refused: the hint that it was given, or what usually helps with its status.
#[must_use]
pub fn help_with(status: u16, hint: &str) -> &str {
    match (hint, status) {
        ("", 400) => "Correct the value, or its mapping, in the other system.",
        ("", 403) => "Change the account in Staffbook.",
        ("", 404) => "Have the other system look the person up again.",
        ("", 405) => "Turn off these requests in the other system.",
        ("", 409) => "Find the person here by this name or key, and match the two in the other system.",
        ("", 412) => "Nothing. The other system reads the account again and repeats its change.",
        ("", 413) => "Have the other system send less in one request.",
        ("", 415) => "Check the address and the product’s settings for SCIM 2.0.",
        ("", 429) => "Nothing, if it goes on by itself. Otherwise let the other system send more slowly.",
        ("", 503) => "Nothing, if the other system tries again by itself.",
        ("", _) => "Ask the people who run the other system.",
        (hint, _) => hint,
    }
}

/// A number with its noun: `1 row`, `1,200 rows`.
#[must_use]
pub fn counted(number: u32, one: &str, many: &str) -> String {
    format!("{} {}", thousands(number), if number == 1 { one } else { many })
}

/// How many a search found, which is counted only so far: `1,200 accounts`, `More than 20,000 accounts`.
#[must_use]
pub fn found(number: u64, one: &str, many: &str) -> String {
    let told = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    match number < COUNTED {
        true => counted(told(number), one, many),
        false => format!("More than {} {many}", thousands(told(COUNTED - 1))),
    }
}

/// A file's size.
#[must_use]
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} KB", bytes.div_ceil(1024)),
        _ => format!("{:.1} MB", bytes as f64 / 1_048_576.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_told_in_summer_time_too() {
        assert_eq!(moment(Timestamp(1_795_262_400_000)), "21 November 2026, 12:00pm");
        assert_eq!(moment(Timestamp(1_782_820_800_000)), "30 June 2026, 1:00pm");
    }

    #[test]
    fn every_refusal_has_something_to_do() {
        assert_eq!(help_with(405, "Untick Delete."), "Untick Delete.");
        for status in [400, 401, 403, 404, 405, 409, 412, 413, 415, 429, 500, 503] {
            assert!(!help_with(status, "").is_empty(), "{status}");
        }
    }

    #[test]
    fn a_moment_of_today_is_told_by_its_time_alone() {
        let noon = Timestamp(1_795_262_400_000);
        assert_eq!(lately(noon, noon.plus_seconds(3600)), "at 12:00pm");
        assert_eq!(lately(noon, noon.plus_seconds(86_400)), "on 21 November 2026, 12:00pm");
    }

    #[test]
    fn a_time_of_day_has_minutes_only_where_there_are_some() {
        for (minutes, told) in [
            (0, "12am"),
            (9 * 60 + 5, "9:05am"),
            (12 * 60, "12pm"),
            (19 * 60, "7pm"),
            (23 * 60 + 59, "11:59pm"),
        ] {
            assert_eq!(clock(minutes), told);
        }
    }

    #[test]
    fn numbers_are_grouped_and_agree_with_their_noun() {
        assert_eq!(counted(1, "row", "rows"), "1 row");
        assert_eq!(counted(150_000, "row", "rows"), "150,000 rows");
    }
}
