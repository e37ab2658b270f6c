//! Values with parameters, as in Content-Type and Content-Disposition: in pieces and with a charset (RFC 2231), in encoded
//! words, in plain bytes beyond ASCII, with spaces but without quotation marks. Mail programs write all of these.

use std::collections::BTreeMap;

use crate::{
    fields::{Field, text},
    words::{self, hex},
};

/// Parameters that are read at most, each piece for itself.
const MOST: usize = 100;

/// A value with its parameters.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Valued {
    /// What stands before the first semicolon, in small letters.
    pub(crate) value: String,
    parameters: BTreeMap<String, String>,
}

impl Valued {
    pub(crate) fn of(field: &Field<'_>) -> Self {
        Self::read(&field.bytes())
    }

    fn read(bytes: &[u8]) -> Self {
        let mut pieces = pieces(bytes);
        let value = pieces.next().map(text).unwrap_or_default();
        // A comment may follow it.
        let value = value.split('(').next().unwrap_or_default().trim().to_ascii_lowercase();
        let mut found: BTreeMap<String, BTreeMap<u32, Piece>> = BTreeMap::new();
        let mut plain: BTreeMap<String, String> = BTreeMap::new();
        for piece in pieces.take(MOST) {
            let Some(equals) = piece.iter().position(|byte| *byte == b'=') else {
                continue;
            };
            let name = String::from_utf8_lossy(&piece[..equals]).trim().to_ascii_lowercase();
            let bytes = unquoted(piece[equals + 1..].trim_ascii());
            let (whole, is_coded) = name
                .strip_suffix('*')
                .map_or((name.as_str(), false), |name| (name, true));
            let (base, number) = match whole.split_once('*') {
                Some((base, number)) => (base, number.parse().ok()),
                None => (whole, is_coded.then_some(0)),
            };
            match number {
                Some(number) => {
                    let pieces = found.entry(base.to_owned()).or_default();
                    pieces.entry(number).or_insert(Piece { bytes, is_coded });
                }
                None => _ = plain.entry(name).or_insert_with(|| words::read(&text(bytes))),
            }
        }
        for (name, pieces) in found {
            plain.insert(name, joined(pieces));
        }
        Self {
            value,
            parameters: plain,
        }
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str)
    }
}

struct Piece {
    bytes: Vec<u8>,
    is_coded: bool,
}

/// The pieces of a value in one text. The first says the charset and the language: `utf-8'en'…`.
fn joined(pieces: BTreeMap<u32, Piece>) -> String {
    let mut charset = "utf-8".to_owned();
    let mut together = Vec::new();
    for (place, Piece { bytes, is_coded }) in pieces.into_values().enumerate() {
        let mut rest = bytes.as_slice();
        if place == 0 && is_coded {
            let mut parts = rest.splitn(3, |byte| *byte == b'\'');
            if let (Some(said), Some(_), Some(value)) = (parts.next(), parts.next(), parts.next()) {
                charset = String::from_utf8_lossy(said).into_owned();
                rest = value;
            }
        }
        while let Some((first, after)) = rest.split_first() {
            rest = after;
            match hex(after) {
                Some(byte) if is_coded && *first == b'%' => {
                    together.push(byte);
                    rest = &after[2..];
                }
                _ => together.push(*first),
            }
        }
    }
    // Some programs put encoded words where none belong.
    words::read(&words::in_charset(together, &charset))
}

/// What stands between semicolons that no quotation marks are around.
fn pieces(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let parts = bytes.split(move |byte| {
        let was_escaped = std::mem::take(&mut is_escaped);
        match byte {
            b'"' if !was_escaped => is_quoted = !is_quoted,
            b'\\' if is_quoted && !was_escaped => is_escaped = true,
            b';' => return !is_quoted,
            _ => {}
        }
        false
    });
    parts.map(<[u8]>::to_vec)
}

/// A value without its quotation marks. A backslash is one, unless it stands before a mark or another: some programs write
/// paths so.
fn unquoted(bytes: &[u8]) -> Vec<u8> {
    let Some(inside) = bytes.strip_prefix(b"\"") else {
        return bytes.to_vec();
    };
    let mut plain = Vec::with_capacity(inside.len());
    let mut rest = inside;
    while let Some((first, after)) = rest.split_first() {
        match (first, after.first()) {
            (b'"', _) => break,
            (b'\\', Some(next @ (b'"' | b'\\'))) => {
                plain.push(*next);
                rest = &after[1..];
            }
            _ => {
                plain.push(*first);
                rest = after;
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(value: &[u8]) -> String {
        Valued::read(value).parameter("filename").unwrap_or_default().to_owned()
    }

    #[test]
    fn names_are_read_in_all_the_ways_that_programs_write_them() {
        for (value, said) in [
            (&b"attachment; filename=staff.csv"[..], "staff.csv"),
            (b"attachment; filename=\"staff; list.csv\"; size=3", "staff; list.csv"),
            (b"attachment; filename=staff list (1).csv", "staff list (1).csv"),
            (b"attachment; FileName = \"a \\\"b\\\".csv\"", "a \"b\".csv"),
            (b"attachment; filename=\"C:\\lists\\staff.csv\"", "C:\\lists\\staff.csv"),
            (
                b"attachment; filename=\"=?utf-8?B?TGlzdGUgTcOkcnouQ1NW?=\"",
                "Liste März.CSV",
            ),
            (b"attachment; filename*=iso-8859-1'de'M%E4rz.csv", "März.csv"),
            (
                b"attachment; filename=x.csv; filename*=UTF-8''M%C3%A4rz.csv",
                "März.csv",
            ),
            (b"attachment; filename=\"M\xE4rz.csv\"", "März.csv"),
            (b"attachment; filename=\"M\xC3\xA4rz.csv\"", "März.csv"),
            (
                b"attachment; filename*2=SV; filename*0*=utf-8''Riverside%20%E2%80%93%20; filename*1=\"starters.C\"",
                "Riverside – starters.CSV",
            ),
            (b"attachment; filename*0=\"staff\"; filename*1=\".csv\"", "staff.csv"),
            (b"attachment; filename*=50%.csv", "50%.csv"),
            (b"attachment; filename=\"open.csv", "open.csv"),
            (b"attachment; filename=", ""),
            (b"attachment; =x; ;; filename", ""),
        ] {
            assert_eq!(name(value), said, "{:?}", String::from_utf8_lossy(value));
        }
    }

    #[test]
    fn value_stands_before_the_parameters_in_small_letters() {
        let read = Valued::read(b"Text/CSV (a list) ; Charset=UTF-8");
        assert_eq!(
            (read.value.as_str(), read.parameter("charset")),
            ("text/csv", Some("UTF-8"))
        );
        assert_eq!(Valued::read(b"").value, "");
    }

    #[test]
    fn of_parameters_written_twice_the_first_counts() {
        assert_eq!(name(b"a; filename=a.csv; filename=b.csv"), "a.csv");
        assert_eq!(name(b"a; filename*0=a; filename*0=b; filename*1=c"), "ac");
    }
}
