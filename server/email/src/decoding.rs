//! How the bytes of a part are packed for the way (RFC 2045). A charset is never applied: the bytes of a file are the
//! sender's.

use std::borrow::Cow;

use mail_parser::decoders::base64::base64_decode;

use crate::{fields::line_end, words::hex};

/// How the bytes of a part are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// As they are.
    Plain,
    /// Base64.
    Base64,
    /// Quoted-printable.
    QuotedPrintable,
    /// As programs packed files before MIME. It is not unpacked.
    Uuencoded,
}

impl Encoding {
    /// By what Content-Transfer-Encoding says.
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "base64" => Self::Base64,
            "quoted-printable" => Self::QuotedPrintable,
            "x-uuencode" | "uuencode" | "x-uue" | "uue" => Self::Uuencoded,
            _ => Self::Plain,
        }
    }

    /// The bytes that were packed; `None` if some of them were lost or changed on the way. There are never more of them.
    pub(crate) fn decode(self, packed: &[u8]) -> Option<Cow<'_, [u8]>> {
        match self {
            Self::Plain | Self::Uuencoded => Some(Cow::Borrowed(packed)),
            Self::Base64 => base64(packed).map(Cow::Owned),
            Self::QuotedPrintable => (!is_cut(packed)).then(|| Cow::Owned(quoted_printable(packed))),
        }
    }

    /// As much as can be unpacked of the beginning of a part, which may end anywhere.
    pub(crate) fn decode_start(self, packed: &[u8]) -> Cow<'_, [u8]> {
        match self {
            Self::Plain | Self::Uuencoded => Cow::Borrowed(packed),
            Self::Base64 => Cow::Owned(base64_start(packed)),
            Self::QuotedPrintable => Cow::Owned(quoted_printable(packed)),
        }
    }
}

/// Lines may be of any length, and padding may stand between groups: some programs pack a file piece by piece. Whatever else
/// is no whole group of four signs was cut off or changed: the standard would pass it over, and people would be lost.
fn base64(packed: &[u8]) -> Option<Vec<u8>> {
    let kept: Vec<u8> = packed
        .iter()
        .copied()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    let (groups, rest) = kept.as_chunks::<4>();
    let is_whole = |[one, two, three, four]: &[u8; 4]| {
        let padded = match (*three, *four) {
            (b'=', b'=') => true,
            (three, four) => is_base64(three) && (four == b'=' || is_base64(four)),
        };
        is_base64(*one) && is_base64(*two) && padded
    };
    match rest.is_empty() && groups.iter().all(is_whole) {
        true => base64_decode(&kept),
        false => None,
    }
}

const fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

/// The whole groups of a beginning.
fn base64_start(packed: &[u8]) -> Vec<u8> {
    let belongs = |byte: &u8| is_base64(*byte) || *byte == b'=';
    let kept: Vec<u8> = packed.iter().copied().filter(belongs).collect();
    base64_decode(kept.as_chunks::<4>().0.as_flattened()).unwrap_or_default()
}

/// Whether quoted-printable ends within a sign.
fn is_cut(packed: &[u8]) -> bool {
    matches!(packed, [.., b'=', digit] if digit.is_ascii_hexdigit())
}

/// A `=` that two digits do not follow stands for itself.
fn quoted_printable(packed: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(packed.len());
    let mut at = 0;
    while at < packed.len() {
        let end = line_end(packed, at);
        let line = &packed[at..end];
        at = end;
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let ending = &line[text.len()..];
        // White space at the end was added on the way.
        let text = text.trim_ascii_end();
        let (mut rest, goes_on) = match text.strip_suffix(b"=") {
            Some(text) => (text, true),
            None => (text, false),
        };
        while let Some((first, after)) = rest.split_first() {
            rest = after;
            match hex(after) {
                Some(byte) if *first == b'=' => {
                    bytes.push(byte);
                    rest = &after[2..];
                }
                _ => bytes.push(*first),
            }
        }
        if !goes_on {
            bytes.extend(ending);
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_equals_sign_in_quoted_printable_stays() {
        let packed = b"Zo=C3=AB,a=b\r\nlong =\r\nline \t\r\nx=\n=y=3d=ZZ=";
        let bytes = Encoding::QuotedPrintable.decode(packed).unwrap();
        assert_eq!(String::from_utf8_lossy(&bytes), "Zoë,a=b\r\nlong line\r\nx=y==ZZ");
    }

    #[test]
    fn what_was_cut_off_or_changed_on_the_way_is_not_decoded() {
        for packed in [
            &b"TG9jYWxJRA"[..],
            b"TG9jYWxJR",
            b"TG9j!!\0\xFFYWxJRA==",
            b"TG9jYWxJRA=\r\n",
            b"TG9jYWxJRA==\r\n--\r\nScanned for viruses.",
            b"=",
            b"====",
            b"A",
        ] {
            let text = String::from_utf8_lossy(packed);
            assert_eq!(Encoding::Base64.decode(packed), None, "{text}");
        }
        assert_eq!(Encoding::QuotedPrintable.decode(b"Zo=C"), None);
        // The beginning of a part may end anywhere.
        assert_eq!(*Encoding::Base64.decode_start(b"TG9jYWxJR"), *b"LocalI");
        assert_eq!(*Encoding::QuotedPrintable.decode_start(b"Zo=C"), *b"Zo=C");
    }

    #[test]
    fn base64_is_read_with_line_ends_and_padding_within() {
        for (packed, bytes) in [
            (&b"TG9j\r\nYWxJRA==\r\n"[..], &b"LocalID"[..]),
            (b"T\nG9j \tYWxJRA==\n\n", b"LocalID"),
            (b"TG8=Y2Fs", b"Local"),
            (b"", b""),
        ] {
            assert_eq!(*Encoding::Base64.decode(packed).unwrap(), *bytes);
        }
    }
}
