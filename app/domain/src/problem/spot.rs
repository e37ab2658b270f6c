//! Where in a text a character stands that cannot be kept.

use serde::{Deserialize, Serialize};

use crate::values::text;

/// Where in a text something stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    /// How many characters stand before it.
    pub after: usize,
    /// The last few of them.
    pub behind: String,
}

impl Spot {
    /// Characters that are shown of what stands before.
    const SHOWN: usize = 12;

    /// The place behind so many characters of a text.
    #[must_use]
    pub fn after(raw: &str, after: usize) -> Self {
        let text = text::composed(text::trimmed(raw)).replace("\r\n", "\n");
        let start = text
            .chars()
            .take(after)
            .map(|c| if c.is_whitespace() { ' ' } else { c });
        let behind = start.skip(after.saturating_sub(Self::SHOWN)).collect::<String>();
        Self {
            after,
            behind: behind.trim_start().to_owned(),
        }
    }

    /// `after the 3rd character (“Jan”)`.
    pub(super) fn said(&self) -> String {
        match self.after {
            0 => "at the start".to_owned(),
            after => format!("after the {} character (“{}”)", ordinal(after), self.behind),
        }
    }
}

fn ordinal(number: usize) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spot_is_told_by_what_stands_before_it() {
        assert_eq!(
            Spot::after(" Jan\u{200B}e", 3).said(),
            "after the 3rd character (“Jan”)"
        );
        let long = Spot::after("On call on Mondays and Tues\u{AD}days", 27);
        assert_eq!(long.said(), "after the 27th character (“ays and Tues”)");
        assert_eq!(Spot::after("\u{FFFD}ane", 0).said(), "at the start");
        let ordinals: Vec<_> = [1, 2, 3, 4, 11, 12, 21, 112].into_iter().map(ordinal).collect();
        assert_eq!(ordinals, ["1st", "2nd", "3rd", "4th", "11th", "12th", "21st", "112th"]);
    }
}
