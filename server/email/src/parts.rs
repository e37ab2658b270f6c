//! The parts of a mail (RFC 2046), as slices of it. How many there are and how deep they lie is bounded while they are
//! looked for, so that a mail of a hundred thousand parts costs no more than one of two hundred.
//!
//! `mail-parser` could read them too. It decodes texts in the charset that the mail names, which is often not the file's;
//! it has no bounds; and what it makes of mails within mails is freed by one call within another.

use std::borrow::Cow;

use domain::email::Refusal;

use crate::{
    decoding::Encoding,
    fields::{Head, line_end},
    limits::Limits,
    names,
    parameters::Valued,
};

/// The longest text that parts are told apart by. The standard allows 70 signs.
const LONGEST_BOUNDARY: usize = 200;

/// What a part's own header says of it.
#[derive(Debug)]
pub(crate) struct Content {
    /// Its type, in small letters; empty if none is given.
    pub(crate) media: String,
    /// Its file's name, cleaned.
    pub(crate) name: Option<String>,
    /// Whether it is to be shown as an attachment.
    pub(crate) is_attachment: bool,
    encoding: Encoding,
    boundary: Option<String>,
}

impl Content {
    pub(crate) fn of(head: &Head<'_>) -> Self {
        let valued = |name: &str| head.first(name).map(Valued::of).unwrap_or_default();
        let (media, disposition) = (valued("content-type"), valued("content-disposition"));
        let name = disposition
            .parameter("filename")
            .or_else(|| disposition.parameter("name"))
            .and_then(names::cleaned);
        let name = name.or_else(|| media.parameter("name").and_then(names::cleaned));
        let boundary = media.parameter("boundary").map(str::trim_end).map(str::to_owned);
        Self {
            name,
            is_attachment: disposition.value == "attachment",
            encoding: Encoding::named(&valued("content-transfer-encoding").value),
            boundary: boundary.filter(|boundary| !boundary.is_empty() && boundary.len() <= LONGEST_BOUNDARY),
            media: media.value,
        }
    }

    /// Whether it says that it is packed as before MIME.
    pub(crate) fn is_uuencoded(&self) -> bool {
        self.encoding == Encoding::Uuencoded
    }

    /// Whether it holds other parts.
    pub(crate) fn is_multipart(&self) -> bool {
        self.media.starts_with("multipart/")
    }
}

/// A part that holds no others.
#[derive(Debug)]
pub(crate) struct Part<'m> {
    pub(crate) content: Content,
    packed: &'m [u8],
    /// Whether it is all of the mail, and its last line has no end, as every mail has that arrives whole.
    is_cut: bool,
}

impl<'m> Part<'m> {
    /// Its bytes, as its sender has them; `None` if some of them were lost or changed on the way.
    pub(crate) fn bytes(&self) -> Option<Cow<'m, [u8]>> {
        match self.is_cut {
            true => None,
            false => self.content.encoding.decode(self.packed),
        }
    }

    /// How many bytes it has in the mail.
    pub(crate) const fn size(&self) -> usize {
        self.packed.len()
    }

    /// The beginning of its bytes.
    pub(crate) fn start(&self, most: usize) -> Cow<'m, [u8]> {
        // Whatever they are packed in takes at most three bytes for one.
        let packed = self.packed.get(..most * 3).unwrap_or(self.packed);
        self.content.encoding.decode_start(packed)
    }
}

/// All parts of a mail that can be looked at.
#[derive(Debug, Default)]
pub(crate) struct Parts<'m> {
    pub(crate) list: Vec<Part<'m>>,
    /// Whether some of it is encrypted, or packed into a signature.
    pub(crate) has_encrypted: bool,
    /// Whether there are other mails in it. Nobody has checked who sent those, so they are not opened.
    pub(crate) has_mail: bool,
    /// Whether the line is missing that ends the parts of some multipart: the rest was lost on the way.
    pub(crate) is_cut: bool,
}

impl<'m> Parts<'m> {
    /// Finds the parts.
    ///
    /// # Errors
    /// There are too many of them, they lie too deep, or a header among them is too long.
    pub(crate) fn of(head: &Head<'m>, limits: &Limits) -> Result<Self, Refusal> {
        let mut found = Walk {
            parts: Self::default(),
            seen: 0,
            limits,
        };
        found.walk(Content::of(head), head.body, 0, "text/plain")?;
        Ok(found.parts)
    }
}

struct Walk<'m, 'l> {
    parts: Parts<'m>,
    seen: usize,
    limits: &'l Limits,
}

impl<'m> Walk<'m, '_> {
    /// Goes through a part. It calls itself for the parts within, as deep as the limits allow.
    fn walk(&mut self, mut content: Content, body: &'m [u8], depth: usize, usual: &str) -> Result<(), Refusal> {
        if content.media.is_empty() {
            usual.clone_into(&mut content.media);
        }
        match content.media.as_str() {
            "multipart/encrypted" | "application/pkcs7-mime" | "application/x-pkcs7-mime" => {
                self.parts.has_encrypted = true;
                return Ok(());
            }
            "message/rfc822" | "message/global" | "message/news" | "message/partial" | "message/external-body" => {
                self.parts.has_mail = true;
                return Ok(());
            }
            _ if content.is_multipart() => {}
            _ => {
                let is_cut = depth == 0 && !body.is_empty() && !body.ends_with(b"\n");
                self.parts.list.push(Part {
                    content,
                    packed: body,
                    is_cut,
                });
                return Ok(());
            }
        }
        // Without anything to tell its parts apart it has none.
        let Some(boundary) = &content.boundary else {
            return Ok(());
        };
        if depth == self.limits.depth {
            return Err(Refusal::TooManyParts);
        }
        let usual = if content.media == "multipart/digest" {
            "message/rfc822"
        } else {
            "text/plain"
        };
        let mut pieces = Pieces::of(body, boundary.as_bytes());
        for piece in pieces.by_ref() {
            self.seen += 1;
            if self.seen > self.limits.parts {
                return Err(Refusal::TooManyParts);
            }
            let head = Head::read(piece, self.limits.header_bytes);
            if head.is_too_long {
                return Err(Refusal::HeadersTooLong);
            }
            self.walk(Content::of(&head), head.body, depth + 1, usual)?;
        }
        self.parts.is_cut |= !pieces.is_closed;
        Ok(())
    }
}

/// What lies between lines that part the body of a multipart.
struct Pieces<'m, 'b> {
    bytes: &'m [u8],
    boundary: &'b [u8],
    /// Where the next piece begins; `None` behind the last.
    next: Option<usize>,
    /// Whether the line was found that ends them.
    is_closed: bool,
}

/// A line that parts.
struct Edge {
    start: usize,
    end: usize,
    is_last: bool,
}

impl<'m, 'b> Pieces<'m, 'b> {
    fn of(bytes: &'m [u8], boundary: &'b [u8]) -> Self {
        let mut pieces = Self {
            bytes,
            boundary,
            next: None,
            is_closed: false,
        };
        let first = pieces.edge(0);
        pieces.is_closed = first.as_ref().is_some_and(|edge| edge.is_last);
        pieces.next = first.filter(|edge| !edge.is_last).map(|edge| edge.end);
        pieces
    }

    /// The next line that parts, from the beginning of a line on.
    fn edge(&self, from: usize) -> Option<Edge> {
        let mut start = from;
        while start < self.bytes.len() {
            let end = line_end(self.bytes, start);
            if let Some(is_last) = self.parts(&self.bytes[start..end]) {
                return Some(Edge { start, end, is_last });
            }
            start = end;
        }
        None
    }

    /// Whether a line parts, and if so, whether it is the last that does.
    fn parts(&self, line: &[u8]) -> Option<bool> {
        let rest = line.strip_prefix(b"--")?.strip_prefix(self.boundary)?;
        let end = rest.strip_prefix(b"--");
        let is_last = end.is_some();
        end.unwrap_or(rest).trim_ascii().is_empty().then_some(is_last)
    }
}

impl<'m> Iterator for Pieces<'m, '_> {
    type Item = &'m [u8];

    fn next(&mut self) -> Option<&'m [u8]> {
        let start = self.next.take()?;
        let Some(edge) = self.edge(start) else {
            // The last line is missing.
            return self.bytes.get(start..);
        };
        self.is_closed = edge.is_last;
        self.next = (!edge.is_last).then_some(edge.end);
        let piece = &self.bytes[start..edge.start];
        // The line end in front of the line that parts belongs to it.
        let piece = piece.strip_suffix(b"\n").unwrap_or(piece);
        Some(piece.strip_suffix(b"\r").unwrap_or(piece))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(mail: &[u8]) -> Result<Vec<(String, String)>, Refusal> {
        let head = Head::read(mail, 10_000);
        let parts = Parts::of(&head, &Limits::STANDARD)?;
        let told = parts.list.iter().map(|part| {
            let bytes = part.bytes().unwrap_or_default();
            (part.content.media.clone(), String::from_utf8_lossy(&bytes).into_owned())
        });
        Ok(told.collect())
    }

    fn two(media: &str, text: &str) -> (String, String) {
        (media.to_owned(), text.to_owned())
    }

    #[test]
    fn parts_are_told_apart_only_by_whole_lines() {
        let mail = "Content-Type: multipart/mixed; boundary=\"e 1\"\n\nintro\n--e 1 \r\n\na\n--e 12\nb --e 1\r\n\
                    \r\n--e 1\nContent-Type: text/csv\n\nc\n--e 1--\nend\n--e 1\n\nafter";
        assert_eq!(
            parts(mail.as_bytes()).unwrap(),
            [two("text/plain", "a\n--e 12\nb --e 1\r\n"), two("text/csv", "c")]
        );
    }

    #[test]
    fn part_whose_end_is_missing_reaches_to_the_end_and_is_told() {
        let is_cut = |mail: &[u8]| Parts::of(&Head::read(mail, 10_000), &Limits::STANDARD).unwrap().is_cut;
        let mail = b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: multipart/related; boundary=y\n\n\
                     --y\n\na\n--x\n\nb";
        assert_eq!(parts(mail).unwrap(), [two("text/plain", "a"), two("text/plain", "b")]);
        assert!(is_cut(mail));
        let head = "Content-Type: multipart/mixed; boundary=x\n\n";
        for (body, expected) in [
            ("--x\n\na\n--x--", false),
            ("--x\n\na\n--x--\r\n\r\nThe end.", false),
            ("--x--\n", false),
            ("--x\n\na\n--x\n\nb\n", true),
            ("--x\n\na\n--x-", true),
            ("--x\n\na\n--", true),
            ("intro\n", true),
            ("", true),
        ] {
            assert_eq!(is_cut(format!("{head}{body}").as_bytes()), expected, "{body:?}");
        }
    }

    #[test]
    fn nothing_that_is_encrypted_or_a_mail_is_opened() {
        let mail = b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: message/rfc822\n\n\
                     Content-Type: text/csv; name=a.csv\n\na\n--x\nContent-Type: multipart/encrypted; boundary=y\n\n\
                     --y\n\nb\n--y--\n--x\nContent-Type: multipart/digest; boundary=z\n\n--z\n\nc\n--x--";
        let head = Head::read(mail, 10_000);
        let parts = Parts::of(&head, &Limits::STANDARD).unwrap();
        assert!(parts.list.is_empty() && parts.has_encrypted && parts.has_mail);
    }

    #[test]
    fn parts_too_many_too_deep_or_with_long_headers_are_refused() {
        let many = format!(
            "Content-Type: multipart/mixed; boundary=x\n\n{}",
            "--x\n\n".repeat(100_000)
        );
        assert_eq!(parts(many.as_bytes()), Err(Refusal::TooManyParts));
        let mut deep = String::new();
        for level in 0..10_000 {
            deep += &format!("Content-Type: multipart/mixed; boundary=x{level}\n\n--x{level}\n");
        }
        assert_eq!(parts(deep.as_bytes()), Err(Refusal::TooManyParts));
        let long = format!(
            "Content-Type: multipart/mixed; boundary=x\n\n--x\nX-Filler: {}\n\n",
            "a".repeat(300 * 1024)
        );
        assert_eq!(parts(long.as_bytes()), Err(Refusal::HeadersTooLong));
    }

    #[test]
    fn multipart_without_a_boundary_has_no_parts() {
        for boundary in ["", "; boundary=", "; boundary=\"\""] {
            let mail = format!("Content-Type: multipart/mixed{boundary}\n\n--\na\n----\n");
            assert_eq!(parts(mail.as_bytes()), Ok(vec![]), "{boundary}");
        }
    }
}
