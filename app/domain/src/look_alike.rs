//! Whether two names in one organisation are so alike that they may be one person.

use crate::text::fold;

/// What look-alikes share, so that a store can find them by an index: the folded last name's first two letters and the
/// first name's first, `sm j` for Jane Smith.
#[must_use]
pub fn key(first: &str, last: &str) -> String {
    let letters = |name: &str, count: usize| fold(name).chars().take(count).collect::<String>();
    format!("{} {}", letters(last, 2), letters(first, 1))
}

/// Whether two names look like one person's: the same but for an accent, a slip of the pen, or a shortened first name.
#[must_use]
pub fn are_alike(one: (&str, &str), other: (&str, &str)) -> bool {
    let (first, other_first) = (fold(one.0), fold(other.0));
    let (last, other_last) = (fold(one.1), fold(other.1));
    let nearly = |a: &str, b: &str| a == b || (a.len().min(b.len()) >= 5 && strsim::osa_distance(a, b) <= 1);
    let shortened = |a: &str, b: &str| a.len().min(b.len()) >= 3 && (a.starts_with(b) || b.starts_with(a));
    nearly(&last, &other_last) && (nearly(&first, &other_first) || shortened(&first, &other_first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_accents_and_short_forms_are_alike() {
        assert!(are_alike(("Jane", "Smith"), ("jane", "SMITH")));
        assert!(are_alike(("Zoë", "O'Neill"), ("Zoe", "ONeill")));
        assert!(are_alike(("Jon", "Harper"), ("Jonathan", "Harper")));
        assert!(are_alike(("Jane", "Harper"), ("Jane", "Haprer")));
    }

    #[test]
    fn different_people_are_not() {
        assert!(!are_alike(("Jane", "Smith"), ("John", "Smith")));
        assert!(!are_alike(("Jane", "Smith"), ("Jane", "Smyth-Jones")));
        assert!(!are_alike(("Amy", "Lee"), ("Ann", "Lee")));
    }
}
