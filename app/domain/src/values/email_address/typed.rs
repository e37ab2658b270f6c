//! Addresses as people type, copy and export them: what is around one, and what keeps a text from being one.

use serde::{Deserialize, Serialize};

use super::{EmailAddress, is_in_host, is_in_local_part};
use crate::values::text::{is_unseen, plain_letters, plain_sign, seen, trimmed};

/// Why a text is not one plain address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AddressFault {
    /// It is several addresses.
    Several,
    /// The `@` is missing.
    NoAt,
    /// It has more than one `@`.
    ManyAts,
    /// Nothing stands before the `@`.
    NothingBefore,
    /// Nothing stands behind the `@`.
    NothingBehind,
    /// It has a space.
    Space,
    /// It has a comma.
    Comma,
    /// It has a letter that addresses are not written with.
    Letter {
        /// The first.
        letter: char,
    },
    /// It has a sign that addresses are not written with.
    Sign {
        /// The first.
        sign: char,
    },
    /// Two dots stand side by side.
    TwoDots,
    /// A dot stands at one of its ends, or beside the `@`.
    DotAtEnd,
    /// A hyphen begins or ends a part behind the `@`.
    HyphenAtEnd,
    /// The part behind the `@` has no dot.
    NoDot,
    /// The part before the `@` is too long.
    TooLong {
        /// Its characters.
        length: usize,
    },
    /// Anything else.
    Other,
}

/// A text that is not one plain address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongAddress {
    /// Why.
    pub fault: AddressFault,
    /// The address that may be meant.
    pub meant: Option<String>,
}

/// What stands before an address that was copied from a link or from a mail system's export.
const SCHEMES: [&str; 5] = ["mailto:", "smtp:", "sips:", "sip:", "email:"];

/// What is put around an address, or behind it.
const AROUND: [char; 10] = ['"', '\'', '“', '”', '„', ',', ';', '<', '>', ' '];

impl EmailAddress {
    /// Reads an address as somebody typed or copied it: without what is around it (`mailto:`, `Jane Smith <…>`, quotation
    /// marks) and what cannot be seen, and with the plain signs that curly apostrophes and the like stand for.
    ///
    /// # Errors
    /// What keeps it from being one plain address, and which may be meant.
    pub fn read(raw: &str) -> Result<Self, WrongAddress> {
        let text = bare(raw);
        Self::parse(&text).map_err(|_| WrongAddress {
            fault: fault(&text),
            meant: meant(&text),
        })
    }
}

/// An address as somebody typed or pasted it at a door, as it is looked up: in small letters, without spaces, signs that
/// cannot be seen and what is around it. Letters beyond ASCII stay as they are: made small, some become ASCII, and so
/// somebody else's address.
#[must_use]
pub fn as_typed(raw: &str) -> String {
    let bare = bare(raw);
    let written = bare
        .trim_end_matches('.')
        .chars()
        .filter(|c| !c.is_whitespace() && !is_unseen(*c));
    written.map(|c| c.to_ascii_lowercase()).collect()
}

/// A text without what is around an address.
fn bare(raw: &str) -> String {
    let plain: String = seen(raw).chars().map(plain_sign).collect();
    let mut text = trimmed(&plain);
    if let Some(inside) = in_brackets(text) {
        text = inside;
    }
    text = text.trim_matches(AROUND);
    while let Some(rest) = SCHEMES.iter().find_map(|scheme| without(text, scheme)) {
        // What a link says besides the address.
        text = rest.split('?').next().unwrap_or_default().trim_matches(AROUND);
    }
    trimmed(text).to_owned()
}

/// The one address in angle brackets behind a name.
fn in_brackets(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once('<')?;
    let (inside, behind) = rest.split_once('>')?;
    let is_one = inside.contains('@') && behind.chars().all(|c| AROUND.contains(&c));
    is_one.then_some(inside)
}

fn without<'a>(text: &'a str, scheme: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(scheme.len())?;
    start.eq_ignore_ascii_case(scheme).then_some(rest.trim_start())
}

fn fault(text: &str) -> AddressFault {
    let ats = text.matches('@').count();
    let parts = text.split([',', ';', '/', '|', ' ', '\n']);
    if ats > 1 && parts.filter(|part| part.contains('@')).count() > 1 {
        return AddressFault::Several;
    }
    let Some((local, host)) = text.split_once('@') else {
        return AddressFault::NoAt;
    };
    let wrong = local.chars().find(|c| !is_in_local_part(*c));
    let wrong = wrong.or_else(|| host.chars().find(|c| !is_in_host(*c) && *c != '.'));
    let has_dot_at_end = [local, host]
        .iter()
        .any(|part| part.starts_with('.') || part.ends_with('.'));
    match wrong {
        _ if ats > 1 => AddressFault::ManyAts,
        _ if trimmed(local).is_empty() => AddressFault::NothingBefore,
        _ if trimmed(host).is_empty() => AddressFault::NothingBehind,
        Some(c) if c.is_whitespace() => AddressFault::Space,
        Some(',') => AddressFault::Comma,
        Some(letter) if letter.is_alphabetic() => AddressFault::Letter { letter },
        Some(sign) => AddressFault::Sign { sign },
        None if text.contains("..") => AddressFault::TwoDots,
        None if has_dot_at_end => AddressFault::DotAtEnd,
        None if host.split('.').any(|part| part.starts_with('-') || part.ends_with('-')) => AddressFault::HyphenAtEnd,
        None if !host.contains('.') => AddressFault::NoDot,
        None if local.len() > EmailAddress::LOCAL_PART_LIMIT => AddressFault::TooLong { length: local.len() },
        None => AddressFault::Other,
    }
}

/// The address that may be meant: with plain letters, dots for commas, and without what stands there once too often.
fn meant(text: &str) -> Option<String> {
    let mut written = plain_letters(text)?.replace(',', ".");
    let too_much = [
        (" @", "@"),
        ("@ ", "@"),
        (" .", "."),
        (". ", "."),
        ("@@", "@"),
        ("..", "."),
    ];
    for (found, once) in too_much {
        while written.contains(found) {
            written = written.replace(found, once);
        }
    }
    let (local, host) = written.split_once('@')?;
    let address = EmailAddress::parse(&format!("{}@{}", local.trim_matches('.'), host.trim_matches('.'))).ok()?;
    (fault(text) != AddressFault::Several).then(|| address.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_addresses_lose_what_cannot_be_seen_and_what_is_around_them() {
        for typed in [
            "Ben.Cartwright@Health.Example",
            " ben.cartwright@health.example\t\r\n",
            "\u{200B}ben.cartwright@health.example\u{FEFF}",
            "\u{A0}ben.cart\u{AD}wright\u{200D}@\u{2060}health.example\u{A0}",
            "\u{202A}ben.cartwright@health.example\u{202C}\u{200E}",
            "ben.cartwright@ health.example\u{0}",
            "mailto:Ben.Cartwright@health.example?subject=Hello",
            "Ben Cartwright <ben.cartwright@health.example>",
            "<ben.cartwright@health.example>;",
            "“ben.cartwright@health.example”",
            "ben.cartwright@health.example.",
            "ｂｅｎ．cartwright＠health．example",
            "ben.cartwright@health。example",
        ] {
            assert_eq!(as_typed(typed), "ben.cartwright@health.example", "{typed:?}");
        }
        // The sign for Kelvin is not a k.
        assert_eq!(as_typed("\u{212A}ate@health.example"), "\u{212A}ate@health.example");
        assert_eq!(as_typed(" \u{200B} "), "");
    }

    #[test]
    fn addresses_are_read_as_they_are_copied() {
        for raw in [
            "ronan.o'mahony@health.example",
            "Ronan.O’Mahony@health.example",
            "ronan.o‘mahony@health.example",
            "\u{200B}ronan.o\u{2BC}mahony@health\u{FEFF}.example\u{A0}",
            "Ronan O’Mahony <ronan.o’mahony@health.example>",
            "\"O’Mahony, Ronan\" <ronan.o’mahony@health.example>;",
            "MAILTO:ronan.o'mahony@health.example",
            "SMTP:ronan.o'mahony@health.example",
        ] {
            assert_eq!(
                EmailAddress::read(raw).unwrap().as_str(),
                "ronan.o'mahony@health.example",
                "{raw:?}"
            );
        }
        let hyphen = EmailAddress::read("anne\u{2011}marie@health.example").unwrap();
        assert_eq!(hyphen.as_str(), "anne-marie@health.example");
    }

    #[test]
    fn what_is_no_address_is_told_with_its_cause_and_what_may_be_meant() {
        for (raw, fault, meant) in [
            ("jane", AddressFault::NoAt, ""),
            ("@health.example", AddressFault::NothingBefore, ""),
            ("jane@", AddressFault::NothingBehind, ""),
            ("jane@@health.example", AddressFault::ManyAts, "jane@health.example"),
            ("jane@home@health.example", AddressFault::ManyAts, ""),
            ("jane@a.example, joe@b.example", AddressFault::Several, ""),
            ("jane@a.example;joe@b.example", AddressFault::Several, ""),
            ("jane smith@health.example", AddressFault::Space, ""),
            (
                "jane.smith @health.example",
                AddressFault::Space,
                "jane.smith@health.example",
            ),
            (
                "jane,smith@health.example",
                AddressFault::Comma,
                "jane.smith@health.example",
            ),
            (
                "jane.smith@health,example",
                AddressFault::Comma,
                "jane.smith@health.example",
            ),
            (
                "renée@health.example",
                AddressFault::Letter { letter: 'é' },
                "renee@health.example",
            ),
            ("jаne@health.example", AddressFault::Letter { letter: 'а' }, ""),
            ("jane(work)@health.example", AddressFault::Sign { sign: '(' }, ""),
            ("jane@health_east.example", AddressFault::Sign { sign: '_' }, ""),
            (
                "jane..smith@health.example",
                AddressFault::TwoDots,
                "jane.smith@health.example",
            ),
            ("jane@health.example.", AddressFault::DotAtEnd, "jane@health.example"),
            (".jane@health.example", AddressFault::DotAtEnd, "jane@health.example"),
            ("jane@-health.example", AddressFault::HyphenAtEnd, ""),
            ("jane@health", AddressFault::NoDot, ""),
        ] {
            let meant = Some(meant.to_owned()).filter(|meant| !meant.is_empty());
            assert_eq!(EmailAddress::read(raw), Err(WrongAddress { fault, meant }), "{raw}");
        }
        let long = format!("{}@health.example", "j".repeat(65));
        assert_eq!(
            EmailAddress::read(&long).unwrap_err().fault,
            AddressFault::TooLong { length: 65 }
        );
    }
}
