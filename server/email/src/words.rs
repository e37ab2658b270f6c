//! Encoded words (RFC 2047): texts beyond ASCII in fields, each with its charset.

use mail_parser::decoders::{base64::base64_decode, charsets::map::charset_decoder};

use crate::fields;

/// The longest encoded word that is looked for, in bytes. There should be none with more than 75.
const LONGEST: usize = 2000;

/// Bytes as a text, in a charset; one that is not known is taken as UTF-8 or Windows-1252.
pub(crate) fn in_charset(bytes: Vec<u8>, charset: &str) -> String {
    match charset_decoder(charset.trim().as_bytes()) {
        Some(decode) if !charset.eq_ignore_ascii_case("us-ascii") => decode(&bytes),
        _ => fields::text(bytes),
    }
}

/// A text with its encoded words read. White space between two of them is none; a character that was cut in two by
/// them is whole again.
pub(crate) fn read(text: &str) -> String {
    let mut said = String::with_capacity(text.len());
    // Bytes of words that stand beside each other, in one charset.
    let mut open: Option<(String, Vec<u8>)> = None;
    let mut rest = text;
    while let Some(start) = rest.find("=?") {
        let (before, word) = rest.split_at(start);
        let is_between = open.is_some() && before.chars().all(char::is_whitespace);
        let Some((charset, bytes, after)) = word_at(word) else {
            close(&mut said, &mut open);
            said.push_str(before);
            said.push_str("=?");
            rest = &word[2..];
            continue;
        };
        if !is_between {
            close(&mut said, &mut open);
            said.push_str(before);
        }
        match &mut open {
            Some((known, together)) if known.eq_ignore_ascii_case(charset) => together.extend(bytes),
            _ => {
                close(&mut said, &mut open);
                open = Some((charset.to_owned(), bytes));
            }
        }
        rest = after;
    }
    close(&mut said, &mut open);
    said.push_str(rest);
    said
}

fn close(said: &mut String, open: &mut Option<(String, Vec<u8>)>) {
    if let Some((charset, bytes)) = open.take() {
        said.push_str(&in_charset(bytes, &charset));
    }
}

/// The charset and the bytes of the encoded word that a text begins with, and what follows it.
fn word_at(text: &str) -> Option<(&str, Vec<u8>, &str)> {
    let (charset, rest) = text.strip_prefix("=?")?.split_once('?')?;
    let (encoding, rest) = rest.split_once('?')?;
    let end = rest.as_bytes().iter().take(LONGEST).zip(rest.as_bytes().iter().skip(1));
    let end = end.into_iter().position(|pair| pair == (&b'?', &b'='))?;
    let (coded, rest) = (&rest[..end], &rest[end + 2..]);
    // A language may follow the charset (RFC 2231).
    let charset = charset.split('*').next()?;
    if charset.is_empty() || !charset.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    let bytes = match encoding {
        "B" | "b" => {
            let kept: Vec<u8> = coded.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
            base64_decode(&kept)?
        }
        "Q" | "q" => quoted(coded),
        _ => return None,
    };
    Some((charset, bytes, rest))
}

fn quoted(coded: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(coded.len());
    let mut rest = coded.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match (first, hex(after)) {
            (b'=', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            (b'_', _) => bytes.push(b' '),
            _ => bytes.push(*first),
        }
    }
    bytes
}

/// The byte that two hexadecimal digits at the beginning stand for.
pub(crate) fn hex(digits: &[u8]) -> Option<u8> {
    let digit = |place: usize| digits.get(place).and_then(|byte| char::from(*byte).to_digit(16));
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_words_are_read_and_joined() {
        for (text, said) in [
            ("=?utf-8?B?TGlzdGUgTcOkcnouQ1NW?=", "Liste März.CSV"),
            ("=?iso-8859-1?Q?Zo=EB_B?= =?iso-8859-1?q?e?=.csv", "Zoë Be.csv"),
            // A character cut in two.
            ("=?utf-8?Q?Zo=C3?=\t =?UTF-8?Q?=AB?=", "Zoë"),
            ("a =?us-ascii*en?q?b?= c", "a b c"),
            ("=?x-unknown?q?Zo=EB?=", "Zoë"),
            ("plain, 2=?3", "plain, 2=?3"),
            ("=?utf-8?X?a?=", "=?utf-8?X?a?="),
            ("=?utf-8?B?!?=", "=?utf-8?B?!?="),
            ("=?=?=?=?", "=?=?=?=?"),
        ] {
            assert_eq!(read(text), said, "{text}");
        }
    }

    #[test]
    fn reading_unfinished_words_takes_no_longer_than_the_text() {
        for part in ["=?", " =?a?Q?x", "=?a"] {
            let text = part.repeat(20_000);
            assert_eq!(read(&text), text);
        }
    }
}
