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
}

impl Encoding {
    /// By what Content-Transfer-Encoding says.
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "base64" => Self::Base64,
            "quoted-printable" => Self::QuotedPrintable,
            _ => Self::Plain,
        }
    }

    /// The bytes that were packed. There are never more of them.
    pub(crate) fn decode(self, packed: &[u8]) -> Cow<'_, [u8]> {
        match self {
            Self::Plain => Cow::Borrowed(packed),
            Self::Base64 => Cow::Owned(base64(packed)),
            Self::QuotedPrintable => Cow::Owned(quoted_printable(packed)),
        }
    }
}

/// What is not base64 is passed over, as the standard says: some servers write a footer below it.
fn base64(packed: &[u8]) -> Vec<u8> {
    let belongs = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let kept: Vec<u8> = packed.iter().copied().filter(belongs).collect();
    base64_decode(&kept).unwrap_or_default()
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
        let packed = b"Zo=C3=AB,a=b\r\nlong =\r\nline \t\r\nx=\n=y=3d=ZZ=4";
        let bytes = Encoding::QuotedPrintable.decode(packed);
        assert_eq!(String::from_utf8_lossy(&bytes), "Zoë,a=b\r\nlong line\r\nx=y==ZZ=4");
    }

    #[test]
    fn base64_is_read_with_line_ends_footers_and_padding_within() {
        for (packed, bytes) in [
            (&b"TG9j\r\nYWxJRA==\r\n"[..], &b"LocalID"[..]),
            (b"TG9j YWxJRA", b"LocalID"),
            (b"TG8=Y2Fs", b"Local"),
            (b"TG9j!!\0\xFFYWxJRA==", b"LocalID"),
            (b"", b""),
            (b"=", b""),
            (b"A", b""),
        ] {
            assert_eq!(*Encoding::Base64.decode(packed), *bytes);
        }
    }
}
