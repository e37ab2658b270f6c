//! The header of a mail, field by field, as raw bytes. Nothing is copied, and what nobody asks for is passed over.
//!
//! A field ends at a line feed that no white space follows. A lone carriage return ends nothing: whoever could smuggle one
//! past a mail server would otherwise write fields of their own.

use mail_parser::decoders::charsets::map::charset_decoder;

/// Fields that are kept at most; a header with more is refused.
const MOST_FIELDS: usize = 2000;

/// The fields that mean something here, besides those of mailing lists.
const NAMES: [&str; 26] = [
    "arc-authentication-results",
    "arc-message-signature",
    "arc-seal",
    "authentication-results",
    "auto-submitted",
    "cc",
    "content-disposition",
    "content-transfer-encoding",
    "content-type",
    "date",
    "delivered-to",
    "from",
    "in-reply-to",
    "message-id",
    "mime-version",
    "precedence",
    "received",
    "references",
    "reply-to",
    "return-path",
    "sender",
    "subject",
    "to",
    "x-auto-response-suppress",
    "x-original-to",
    "x-portal-message",
];

/// A field of a header.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field<'m> {
    name: &'m [u8],
    /// Whether white space stands before the colon, as nothing has written it for decades.
    pub(crate) is_spaced: bool,
    value: &'m [u8],
}

impl Field<'_> {
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }

    fn begins(&self, start: &str) -> bool {
        let beginning = self.name.get(..start.len());
        beginning.is_some_and(|beginning| beginning.eq_ignore_ascii_case(start.as_bytes()))
    }

    pub(crate) fn is_of_a_list(&self) -> bool {
        self.begins("list-")
    }

    /// The value on one line, without white space at its ends.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut line = Vec::with_capacity(self.value.len());
        for (place, byte) in self.value.iter().enumerate() {
            let ends_line = *byte == b'\n' || (*byte == b'\r' && self.value.get(place + 1) == Some(&b'\n'));
            if !ends_line {
                line.push(*byte);
            }
        }
        line.trim_ascii().to_vec()
    }

    /// The value as a text: in UTF-8, or as older programs write it.
    pub(crate) fn text(&self) -> String {
        text(self.bytes())
    }
}

/// Bytes as a text: in UTF-8, or else in Windows-1252.
pub(crate) fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| {
        let bytes = error.into_bytes();
        match charset_decoder(b"windows-1252") {
            Some(decode) => decode(&bytes),
            None => String::from_utf8_lossy(&bytes).into_owned(),
        }
    })
}

/// The header of a mail or of a part, and where its body begins.
#[derive(Debug)]
pub(crate) struct Head<'m> {
    pub(crate) fields: Vec<Field<'m>>,
    /// Whether it is longer than is read, or has more fields than are kept.
    pub(crate) is_too_long: bool,
    /// Whether it has more fields than are kept, so that any could be missing.
    pub(crate) is_cut: bool,
    pub(crate) body: &'m [u8],
}

impl<'m> Head<'m> {
    /// Reads the fields up to the first empty line. A header that is too long is read to its end all the same, so that
    /// no second sender hides there.
    pub(crate) fn read(bytes: &'m [u8], most_bytes: usize) -> Self {
        // Some programs put the line that parts mails in a mailbox above the header.
        let start = if bytes.starts_with(b"From ") {
            line_end(bytes, 0)
        } else {
            0
        };
        let (mut fields, mut is_cut) = (Vec::new(), false);
        let mut keep = |name: &'m [u8], value: &'m [u8]| {
            let trimmed = name.trim_ascii();
            let field = Field {
                name: trimmed,
                is_spaced: trimmed.len() != name.len(),
                value,
            };
            let is_known = field.is_of_a_list() || NAMES.iter().any(|known| field.is(known));
            is_cut |= is_known && fields.len() == MOST_FIELDS;
            if is_known && fields.len() < MOST_FIELDS {
                fields.push(field);
            }
        };
        // Where the name and the value of the field begin that is being read.
        let mut open: Option<(usize, usize)> = None;
        let mut at = start;
        let body = loop {
            if at >= bytes.len() {
                break bytes.len();
            }
            let end = line_end(bytes, at);
            let line = &bytes[at..end];
            let is_empty = matches!(line, b"\n" | b"\r\n");
            let goes_on = matches!(line.first(), Some(b' ' | b'\t'));
            if !goes_on {
                if let Some((name, value)) = open.take() {
                    keep(&bytes[name..value - 1], &bytes[value..at]);
                }
                let colon = line.iter().position(|byte| *byte == b':');
                open = colon.map(|colon| (at, at + colon + 1));
            }
            at = end;
            if is_empty {
                break end;
            }
        };
        if let Some((name, value)) = open {
            keep(&bytes[name..value - 1], &bytes[value..body]);
        }
        Self {
            fields,
            is_too_long: body - start > most_bytes || is_cut,
            is_cut,
            body: &bytes[body..],
        }
    }

    pub(crate) fn all<'h>(&'h self, name: &'h str) -> impl Iterator<Item = &'h Field<'m>> {
        self.fields.iter().filter(move |field| field.is(name))
    }

    pub(crate) fn first<'h>(&'h self, name: &'h str) -> Option<&'h Field<'m>> {
        self.all(name).next()
    }
}

/// Where the line ends that begins at a place, with its line feed.
pub(crate) fn line_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.iter()
        .position(|byte| *byte == b'\n')
        .map_or(bytes.len(), |feed| at + feed + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Head<'_> {
        Head::read(bytes, 1000)
    }

    #[test]
    fn fields_are_unfolded_and_unknown_ones_passed_over() {
        let head = read(b"X-Other: 1\r\nSUBJECT: a\r\n\tb\r\n c \r\nFrom : x\n\nbody");
        assert_eq!(head.fields.len(), 2);
        assert_eq!(head.first("subject").unwrap().text(), "a\tb c");
        assert!(head.first("from").unwrap().is_spaced);
        assert_eq!(head.body, b"body");
    }

    #[test]
    fn lone_carriage_return_begins_no_field() {
        let head = read(b"Subject: a\rFrom: forged@health.example\r\n\r\nbody");
        assert_eq!(head.fields.len(), 1);
        assert_eq!(head.first("subject").unwrap().text(), "a\rFrom: forged@health.example");
        // All of it is one line.
        assert!(read(b"Subject: a\rFrom: b\r\rbody").first("from").is_none());
    }

    #[test]
    fn line_without_a_colon_is_passed_over_and_hides_nothing() {
        let head = read(b"From: a@b.example\nnonsense\n and more\nFrom: c@d.example\n\n");
        assert_eq!(head.all("from").count(), 2);
    }

    #[test]
    fn long_header_is_read_to_its_end_and_said_to_be_long() {
        let mut mail = b"From: a@b.example\n".to_vec();
        mail.extend(b"X-Filler: 0123456789\n".repeat(100));
        mail.extend(b"From: c@d.example\n\nbody");
        let head = read(&mail);
        assert!(head.is_too_long && !head.is_cut);
        assert_eq!(head.all("from").count(), 2);
        let head = Head::read(b"To:\n", 1000);
        assert_eq!((head.fields.len(), head.body), (1, &b""[..]));
        assert!(Head::read(&b"To:\n".repeat(3000), usize::MAX).is_cut);
    }

    #[test]
    fn eight_bit_values_are_read_as_older_programs_write_them() {
        let head = read(b"Subject: Zo\xEB\nTo: Zo\xC3\xAB\n\n");
        assert_eq!(head.first("subject").unwrap().text(), "Zoë");
        assert_eq!(head.first("to").unwrap().text(), "Zoë");
    }

    #[test]
    fn nothing_at_all_is_a_header_without_fields() {
        for mail in [&b""[..], b"\n", b"\r\n", b":", b": \n", b" \n", b"From ", b"From"] {
            let head = read(mail);
            assert!(head.fields.is_empty(), "{mail:?}");
        }
    }
}
