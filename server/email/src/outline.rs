//! What is kept of a mail of which nothing is taken, for operators to see who sent it and what went wrong: the fields of its
//! header, and a list of its parts. Files and texts are not kept: they are full of other people's details and passwords. Nor
//! are other recipients, nor anything that may be a connector's key.

use std::fmt::Write;

use crate::{
    addresses,
    fields::{Head, line_end, text},
    limits::Limits,
    masking::without_keys,
    names,
    parts::{Part, Parts},
    words,
};

/// Fields with nothing but IDs, which look like keys and are none.
const IDS: [&str; 3] = ["message-id", "in-reply-to", "references"];

/// Fields that say to whom else a mail went: as many as they are, and no more.
const RECIPIENTS: [&str; 3] = ["to", "cc", "bcc"];

/// Fields that tell mail programs how to read what is not there any more.
const OF_BODY: [&str; 3] = ["content-type", "content-transfer-encoding", "mime-version"];

/// What is kept of a mail of which nothing is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline(String);

impl Outline {
    /// Reads a mail.
    #[must_use]
    pub fn of(bytes: &[u8], limits: &Limits) -> Self {
        let head = Head::read(bytes, limits.header_bytes);
        let header = &bytes[..bytes.len() - head.body.len()];
        let mut said = fields(header, limits.header_bytes);
        said.push_str("Content-Type: text/plain; charset=utf-8\r\n\r\n");
        said.push_str("The staff portal does not keep what is in an email that it has not taken. It had:\r\n");
        parts(&mut said, &head, limits);
        Self(said)
    }

    /// It as the text of a mail, in UTF-8.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// The fields of a header, a line each.
fn fields(header: &[u8], most: usize) -> String {
    let mut said = String::new();
    let is_mailbox = header.starts_with(b"From ");
    let mut at = if is_mailbox { line_end(header, 0) } else { 0 };
    while at < header.len() {
        let mut end = line_end(header, at);
        while matches!(header.get(end), Some(b' ' | b'\t')) {
            end = line_end(header, end);
        }
        let field = header[at..end].trim_ascii_end();
        at = end;
        // Half a field could be half a key.
        if said.len() + field.len() > most {
            said.push_str("Cut: the rest of the header is not kept\r\n");
            break;
        }
        if let Some(line) = line(&text(field.to_vec())) {
            said.push_str(&line);
            said.push_str("\r\n");
        }
    }
    said
}

/// A field on one line; `None` if it is none: what stands where fields do may be a file.
fn line(field: &str) -> Option<String> {
    let (name, value) = field.split_once(':')?;
    let known = name.trim_end().to_ascii_lowercase();
    if known.is_empty() || !known.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    let is_any = |of: [&str; 3]| of.contains(&known.as_str());
    let value = names::on_one_line(&value.replace("\r\n", "").replace('\n', ""));
    if is_any(RECIPIENTS) {
        let recipients = addresses::read(&value).list.len();
        return Some(format!("{name}: ({recipients} addresses, not kept)"));
    }
    let value = names::on_one_line(&words::read(&value));
    let value = match is_any(IDS) {
        true => value,
        false => without_keys(&value),
    };
    // That white space stands before a colon is worth seeing.
    Some(match is_any(OF_BODY) {
        true => format!("Original-{name}: {value}"),
        false => format!("{name}: {value}"),
    })
}

fn parts(said: &mut String, head: &Head<'_>, limits: &Limits) {
    let mut lines = Vec::new();
    match Parts::of(head, limits) {
        Ok(parts) => {
            lines.extend(parts.list.iter().map(told));
            let encrypted = "- something encrypted, or packed into a signature".to_owned();
            lines.extend(parts.has_encrypted.then_some(encrypted));
            lines.extend(parts.has_mail.then(|| "- another email".to_owned()));
        }
        Err(_) => lines.push("- more parts, deeper ones or longer headers than are looked at".to_owned()),
    }
    for line in lines {
        said.push_str(&line);
        said.push_str("\r\n");
    }
}

/// A part by its type, its name and its size.
fn told(part: &Part<'_>) -> String {
    let mut said = format!("- {}", without_keys(&names::on_one_line(&part.content.media)));
    // Writing into a text does not fail.
    if let Some(name) = &part.content.name {
        _ = write!(said, ", “{}”", without_keys(name));
    }
    _ = write!(said, ", {} bytes as sent", part.size());
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(mail: &str) -> String {
        Outline::of(mail.as_bytes(), &Limits::STANDARD).0
    }

    #[test]
    fn an_outline_has_headers_and_parts_and_nothing_that_is_in_them() {
        let key = "k3y0abcdefgh7mnp";
        let encoded = "=?utf-8?b?a2V5OkszWTBBQkNERUZHSDdNTlA=?=";
        let kept = outline(&format!(
            "Received: by mx.health.example\r\n for <connector.data+{key}@health.example>\r\n\
             From : Dana <dana@health.example>\r\nTo: connector.data+{key}@health.example,\r\n Ada Bright <ada@x.example>\r\n\
             Cc: Zoe <zoe@x.example>\r\nX-Topic: list {key}\r\nSubject: {encoded}\r\nMessage-ID: <{key}@x.example>\r\n\
             MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\nintro\r\n--b\r\n\r\nThe list of Otto\r\n\
             --b\r\nContent-Type: text/csv; name=\"staff {key}.csv\"\r\n\r\nAda,Bright,violet anchor 7\r\n\
             --b\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\n--b--\r\n"
        ));
        let lines: Vec<_> = kept.lines().collect();
        assert_eq!(
            lines,
            [
                "Received: by mx.health.example for <connector.data+…@health.example>",
                "From : Dana <dana@health.example>",
                "To: (2 addresses, not kept)",
                "Cc: (1 addresses, not kept)",
                "X-Topic: list …",
                "Subject: key:…",
                &format!("Message-ID: <{key}@x.example>"),
                "Original-MIME-Version: 1.0",
                "Original-Content-Type: multipart/mixed; boundary=b",
                "Content-Type: text/plain; charset=utf-8",
                "",
                "The staff portal does not keep what is in an email that it has not taken. It had:",
                "- text/plain, 16 bytes as sent",
                "- text/csv, “staff ….csv”, 26 bytes as sent",
                "- another email",
            ]
        );
    }

    #[test]
    fn long_headers_are_cut_between_fields_and_many_parts_not_listed() {
        let long = outline(&format!("From: a@b.example\r\n{}\r\nbody", "X: y\r\n".repeat(100_000)));
        assert!(long.starts_with("From: a@b.example\r\nX: y\r\n"));
        assert!(long.contains("\r\nCut: ") && !long.contains("body") && long.len() < 300_000);
        let many = outline(&format!(
            "Content-Type: multipart/mixed; boundary=x\n\n{}",
            "--x\n\n".repeat(1000)
        ));
        assert!(
            many.ends_with("- more parts, deeper ones or longer headers than are looked at\r\n"),
            "{many}"
        );
        for mail in ["", "\r\n", "Ada,Bright,violet anchor 7", "From ", ":", " \r\n \r\n"] {
            let kept = outline(mail);
            assert!(kept.starts_with("Content-Type: text/plain"), "{mail:?}: {kept}");
            assert!(!kept.contains("violet"), "{kept}");
        }
    }
}
