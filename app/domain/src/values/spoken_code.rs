//! A code that can be said on the telephone, in place of a one-time link: nine digits in groups of three. It is good for a
//! day and for few tries, because nine digits can be guessed.

use std::fmt;

/// Seconds for which a code is good: a day (ours).
pub const GOOD_FOR: i64 = 86_400;

/// Wrong tries after which a code is void (ours).
pub const MOST_TRIES: u32 = 5;

/// As many codes as there are.
const ALL: u64 = 1_000_000_000;

/// Its digits.
const DIGITS: usize = 9;

/// A spoken code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpokenCode(String);

impl SpokenCode {
    /// Makes a code of random bits.
    #[must_use]
    pub fn from_random_bits(bits: u64) -> Self {
        Self(format!("{:0DIGITS$}", bits % ALL))
    }

    /// Reads a code as people type it, with or without spaces, hyphens and full stops. `None` if it has other signs, or
    /// not nine digits.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        if typed.chars().any(|sign| sign.is_alphabetic()) {
            return None;
        }
        let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
        (digits.len() == DIGITS).then_some(Self(digits))
    }

    /// The nine digits.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SpokenCode {
    /// In groups of three, as it is said.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, rest) = self.0.split_at(3);
        let (second, third) = rest.split_at(3);
        write!(f, "{first} {second} {third}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_nine_digits_in_groups_of_three() {
        assert_eq!(SpokenCode::from_random_bits(41_052_007).to_string(), "041 052 007");
        assert_eq!(SpokenCode::from_random_bits(5_000_000_001).to_string(), "000 000 001");
    }

    #[test]
    fn a_code_is_read_however_it_is_grouped() {
        let code = SpokenCode::from_random_bits(41_052_007);
        for typed in ["041 052 007", "041052007", " 041-052-007. ", "041\u{A0}052\u{200B}007"] {
            assert_eq!(SpokenCode::parse(typed).as_ref(), Some(&code), "{typed:?}");
        }
        for typed in ["", "41 052 007", "0410520071", "O41 052 007", "123 456 78l"] {
            assert_eq!(SpokenCode::parse(typed), None, "{typed:?}");
        }
    }
}
