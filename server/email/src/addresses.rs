//! Email addresses in fields (RFC 5322). What is not spelt as it must be is said to be unsound, and proves nothing.

use crate::spelling::{Cursor, Misspelt, has_controls};

/// Addresses of one field that are read at most.
const MOST: usize = 200;

/// The longest address there can be (RFC 5321).
const LONGEST: usize = 254;

/// The addresses of a field.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Addresses {
    /// In small letters, in their order.
    pub(crate) list: Vec<String>,
    /// Whether the field is nothing but addresses, each spelt as it must be, with names and comments.
    pub(crate) is_sound: bool,
}

/// Reads a field of addresses.
pub(crate) fn read(field: &str) -> Addresses {
    let mut cursor = Cursor::new(field);
    let mut found = Addresses {
        list: Vec::new(),
        is_sound: !has_controls(field),
    };
    while found.list.len() < MOST {
        match entry(&mut cursor) {
            Ok(Entry { address, is_sound }) => {
                found.is_sound &= is_sound && address.is_some();
                found.list.extend(address);
            }
            Err(Misspelt) => {
                found.is_sound = false;
                return found;
            }
        }
        if cursor.is_done() {
            return found;
        }
    }
    found.is_sound = false;
    found
}

/// What stands between two commas.
struct Entry {
    address: Option<String>,
    is_sound: bool,
}

fn entry(cursor: &mut Cursor<'_>) -> Result<Entry, Misspelt> {
    let mut is_sound = true;
    // What stands outside of brackets, and inside of them.
    let (mut words, mut bracketed): (Vec<String>, Option<String>) = (Vec::new(), None);
    loop {
        cursor.skip()?;
        if cursor.is_done() {
            break;
        }
        if cursor.eat(',') {
            cursor.skip()?;
            is_sound &= !cursor.is_done();
            break;
        }
        if let Some(quoted) = cursor.quoted()? {
            // A quoted name may be anything; a quoted part of an address is no address that anybody has here.
            is_sound &= bracketed.is_none() && !cursor.rest.starts_with('@');
            words.push(quoted.replace('@', " "));
        } else if cursor.eat('<') {
            let inside = cursor.run(|sign| !matches!(sign, '<' | '>' | ',' | '"' | '('));
            is_sound &= bracketed.is_none() && cursor.eat('>');
            bracketed = Some(inside.trim().to_owned());
        } else if cursor.eat(':') {
            // A group: its name is no address, and those in it are several.
            is_sound = false;
            words.clear();
        } else if cursor.eat(';') || cursor.eat('>') {
            is_sound = false;
        } else {
            let word = cursor.run(|sign| !matches!(sign, ' ' | '\t' | ',' | '<' | '>' | '(' | '"' | ':' | ';'));
            is_sound &= bracketed.is_none();
            words.push(word.to_owned());
        }
    }
    if let Some(bracketed) = bracketed {
        // Whoever writes another address in front of it wants to be taken for somebody else.
        is_sound &= !words.iter().any(|word| word.contains('@'));
        return Ok(Entry {
            address: address(&bracketed),
            is_sound,
        });
    }
    is_sound &= words.len() == 1;
    Ok(Entry {
        address: words.iter().find_map(|word| address(word)),
        is_sound,
    })
}

/// An address, in small letters; `None` if it is not one that an account could have.
pub(crate) fn address(text: &str) -> Option<String> {
    let (local, domain) = text.split_once('@')?;
    let is_sign = |sign: char| sign.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(sign);
    let is_dotted = |part: &str| !part.split('.').any(str::is_empty);
    let is_sound = text.len() <= LONGEST
        && is_dotted(local)
        && is_dotted(domain)
        && local.chars().all(is_sign)
        && domain
            .chars()
            .all(|sign| sign.is_alphanumeric() || matches!(sign, '-' | '.' | '_'));
    // Letters beyond ASCII stay as they are: some of them turn into others when they are made small.
    is_sound.then(|| text.to_ascii_lowercase())
}

/// The domain of an address.
pub(crate) fn domain(address: &str) -> &str {
    address.rsplit_once('@').map_or("", |(_, domain)| domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound(field: &str) -> Vec<String> {
        let read = read(field);
        assert!(read.is_sound, "{field:?} {:?}", read.list);
        read.list
    }

    #[test]
    fn addresses_are_read_with_names_and_comments() {
        for field in [
            "dana@health.example",
            "Dana Connors <Dana@Health.Example>",
            "\"Connors, Dana (x@y) <z>\" <dana@health.example>",
            "=?utf-8?q?Dana_C?= <dana@health.example> (Trust)",
            "(ward <7>) dana@health.example (@home)",
            "\"eve@evil.example\" <dana@health.example>",
            "<dana@health.example>",
        ] {
            assert_eq!(sound(field), ["dana@health.example"], "{field}");
        }
        assert_eq!(sound("a@b.example, C <c@d.example>"), ["a@b.example", "c@d.example"]);
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_unsound() {
        for field in [
            "",
            ",",
            "Dana Connors",
            "dana@health.example eve@evil.example",
            "dana@health.example <eve@evil.example>",
            "<dana@health.example> <eve@evil.example>",
            "<dana@health.example> eve",
            "<dana@health.example",
            "dana@health.example>",
            "<@evil.example:dana@health.example>",
            "people: dana@health.example;",
            "dana@health.example;",
            "\"dana\"@health.example",
            "dana@evil.example@health.example",
            "dana@[192.0.2.1]",
            "dana @health.example",
            "dana@health.example (",
            "dana@health..example",
            "dana@health.example\rX: y",
            "dana@health.example\0",
            "dana@health.example,",
        ] {
            let read = read(field);
            assert!(!read.is_sound, "{field:?} {:?}", read.list);
        }
    }

    #[test]
    fn letters_that_only_look_alike_stay_different() {
        // A sign for kelvin turns into a k when it is made small.
        assert_eq!(sound("dana@ris\u{212A}.example"), ["dana@ris\u{212A}.example"]);
        assert_ne!(sound("d\u{430}na@health.example"), ["dana@health.example"]);
    }

    #[test]
    fn ten_thousand_addresses_are_not_all_read() {
        let read = read(&"a@b.example,".repeat(10_000));
        assert_eq!((read.list.len(), read.is_sound), (MOST, false));
    }
}
