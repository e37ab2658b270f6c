//! Identities and moments: small types that keep one kind of number from being taken for another.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                text.trim().parse().map(Self)
            }
        }
    };
}

/// A number of the customer's or of the service's: whole, and not below zero.
macro_rules! whole_number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(i64);

        impl $name {
            /// The number; none below zero.
            #[must_use]
            pub const fn new(number: i64) -> Option<Self> {
                if number >= 0 { Some(Self(number)) } else { None }
            }

            /// The number itself.
            #[must_use]
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::values::ids::NotANumber;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
                let number = is_plain.then(|| text.parse::<i64>().ok()).flatten();
                number.and_then(Self::new).ok_or($crate::values::ids::NotANumber)
            }
        }
    };
}

pub(crate) use whole_number;

/// The text is no whole number, or one that is too large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotANumber;

uuid_id!(
    /// The service's own, unchanging ID of an account (a UUIDv7; column `ID` of the new format).
    AccountId
);
uuid_id!(
    /// The ID of a contact: a person without a mailbox here.
    ContactId
);
uuid_id!(
    /// The ID of an offer of a contact to another organisation.
    OfferId
);
uuid_id!(
    /// The ID of one role held by one account over one organisation.
    GrantId
);
uuid_id!(
    /// The ID of one seat held by one account.
    SeatId
);
uuid_id!(
    /// The ID of something that a connector's machine proposes.
    ProposalId
);

/// The reference people quote for a submission: ten characters of Crockford's base 32, such as `7Q4K9TZM2X`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SubmissionId(String);

impl SubmissionId {
    const ALPHABET: &'static [u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    const LENGTH: usize = 10;

    /// Spells 50 of the given random bits.
    #[must_use]
    pub fn from_random_bits(bits: u64) -> Self {
        let digit = |place: usize| Self::ALPHABET[(bits >> (5 * place)) as usize & 31] as char;
        Self((0..Self::LENGTH).map(digit).collect())
    }

    /// Reads a reference as a person may type it: small letters are taken for capitals.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_uppercase();
        let fits = text.len() == Self::LENGTH && text.bytes().all(|byte| Self::ALPHABET.contains(&byte));
        fits.then_some(Self(text))
    }

    /// The reference's ten characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SubmissionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What an API token is recognised by: its first eight letters and digits. No secret; lists and events show it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TokenId(String);

impl TokenId {
    /// How many letters and digits it has.
    pub const LENGTH: usize = 8;

    /// Reads one as addresses and tokens hold it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fits = text.len() == Self::LENGTH && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        fits.then(|| Self(text.to_owned()))
    }

    /// Recognises the token that somebody pastes, with or without what every token begins with. `None` if there is none, or
    /// less of it than it is recognised by: then no part of it is secret.
    #[must_use]
    pub fn recognised(text: &str) -> Option<Self> {
        let begins = text.find(Self::PREFIX).map(|place| &text[place + Self::PREFIX.len()..]);
        let is_long = |word: &&str| word.len() >= Self::LONGER_THAN_WORDS;
        let word = begins.or_else(|| text.split(|c: char| !c.is_ascii_alphanumeric()).find(is_long));
        Self::parse(word?.get(..Self::LENGTH)?)
    }

    /// What every token begins with.
    const PREFIX: &str = "pat_";

    /// Letters and digits side by side that are no word of a name.
    const LONGER_THAN_WORDS: usize = 20;

    /// Its letters and digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A moment: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The moment so many seconds later.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1000)))
    }
}

/// A row's number as the spreadsheet shows it: the headings stand in row 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RowNumber(pub u32);

impl RowNumber {
    /// Rows named one by one at the beginning of a sentence: `Row 3`, `Rows 3, 4 and 7`.
    #[must_use]
    pub fn list(rows: &[Self]) -> String {
        let named: Vec<_> = rows.iter().map(ToString::to_string).collect();
        match named.as_slice() {
            [] => "No row".to_owned(),
            [only] => format!("Row {only}"),
            [others @ .., last] => format!("Rows {} and {last}", others.join(", ")),
        }
    }
}

impl fmt::Display for RowNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_recognised_wherever_it_was_copied_from() {
        let secret = "Zq8".repeat(13);
        let id = TokenId::parse("3fK9aQ2x");
        for text in [
            format!("pat_3fK9aQ2x{secret}"),
            format!("Authorization: Bearer pat_3fK9aQ2x{secret}\n"),
            format!(" 3fK9aQ2x{secret}"),
            "pat_3fK9aQ2x".to_owned(),
        ] {
            assert_eq!(TokenId::recognised(&text), id, "{text}");
        }
        for text in ["pat_3fK9", "Payroll", "seren.larkspur@health.example", "", "pat_é"] {
            assert_eq!(TokenId::recognised(text), None, "{text}");
        }
    }

    #[test]
    fn a_reference_is_read_back_in_small_letters_too() {
        let id = SubmissionId::from_random_bits(0x0003_1415_9265_3589);
        assert_eq!(id.as_str().len(), 10);
        assert_eq!(SubmissionId::parse(&id.as_str().to_lowercase()), Some(id));
    }

    #[test]
    fn what_is_no_reference_is_refused() {
        for text in ["", "7Q4K9TZM2", "7Q4K9TZM2X1", "7Q4K9TZM2U", "../../etc/"] {
            assert_eq!(SubmissionId::parse(text), None, "{text}");
        }
    }
}
