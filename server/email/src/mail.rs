//! A mail, as far as it matters here.

use domain::email::{Automatic, Distrust, Refusal};

use crate::{
    addresses, automatic,
    choosing::{self, Attachment},
    fields::{Field, Head},
    limits::Limits,
    names,
    results::Results,
    sender::{self, Claim},
    trust::Trust,
    words,
};

/// Characters of a subject that are kept.
const SUBJECT: usize = 200;

/// Bytes of a subject that are read.
const SUBJECT_READ: usize = 4000;

/// Mails that a mail answers to and that are kept.
const REFERENCES: usize = 20;

/// The longest Message-ID that is kept.
const MESSAGE_ID: usize = 250;

/// Addresses that are kept.
const ADDRESSES: usize = 100;

/// Servers that are kept.
const SERVERS: usize = 10;

/// A mail, as far as it matters here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The addresses of its From fields, in small letters.
    pub from: Vec<String>,
    /// The Message-ID, without brackets.
    pub message_id: Option<String>,
    /// What it answers to, in order (References, or In-Reply-To), without brackets; at most 20.
    pub references: Vec<String>,
    /// The subject, on one line; at most 200 characters.
    pub subject: String,
    /// The addresses that it came to, in small letters: To, Cc, Delivered-To, X-Original-To.
    pub to: Vec<String>,
    /// The names that have written Authentication-Results into it, trusted or not; at most 10.
    pub authserv_ids: Vec<String>,
    /// Whether its sender's program asks for no receipts (X-Auto-Response-Suppress).
    pub no_receipt: bool,
    /// By what it is recognised as sent by a program.
    pub automatic: Option<Automatic>,
    /// Who sent it, as far as that is proved.
    pub sender: Result<Claim, Distrust>,
    /// The file that it brings.
    pub file: Result<Attachment, Refusal>,
}

impl Mail {
    /// Reads a mail. Never fails: what is wrong with it is in its fields. `return_path` is the envelope's sender, if it is
    /// known otherwise than by the field Return-Path; it is empty for returned mail.
    #[must_use]
    pub fn read(bytes: &[u8], return_path: Option<&str>, limits: &Limits, trust: &Trust) -> Self {
        let head = Head::read(bytes, limits.header_bytes);
        let from = addresses_in(&head, &["from"]);
        let to = addresses_in(&head, &["to", "cc", "delivered-to", "x-original-to"]);
        Self {
            automatic: automatic::recognised(&head, return_path, &from, &to, trust),
            sender: sender::sender(&head, return_path, trust),
            file: file(bytes, &head, limits),
            message_id: message_id(&head),
            references: references(&head),
            subject: subject(&head),
            authserv_ids: servers(&head),
            no_receipt: automatic::wants_no_receipt(&head),
            from,
            to,
        }
    }

    /// The tags behind a plus sign of the addresses that it came to, and the words of the subject: where a key may stand.
    #[must_use]
    pub fn possible_keys(&self) -> Vec<&str> {
        let tags = self.to.iter().filter_map(|address| {
            let (local, _) = address.split_once('@')?;
            local.split_once('+').map(|(_, tag)| tag)
        });
        let is_mark = |sign: char| !sign.is_alphanumeric();
        let words = self
            .subject
            .split(|sign: char| sign.is_whitespace() || matches!(sign, ':' | '='));
        let words = words.flat_map(|word| [word, word.trim_matches(is_mark)]);
        let mut keys: Vec<&str> = Vec::new();
        for key in tags.chain(words) {
            if !key.is_empty() && !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys
    }
}

/// The file of a mail that is worth looking through.
fn file(bytes: &[u8], head: &Head<'_>, limits: &Limits) -> Result<Attachment, Refusal> {
    if bytes.len() > limits.mail_bytes() {
        return Err(Refusal::MailTooLarge {
            limit_mib: limits.mail_mib,
        });
    }
    if head.is_too_long {
        return Err(Refusal::HeadersTooLong);
    }
    choosing::attachment(head, limits)
}

fn addresses_in(head: &Head<'_>, names: &[&str]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for field in names.iter().flat_map(|name| head.all(name)) {
        for address in addresses::read(&field.text()).list {
            if found.len() == ADDRESSES {
                return found;
            }
            if !found.contains(&address) {
                found.push(address);
            }
        }
    }
    found
}

/// The Message-ID.
fn message_id(head: &Head<'_>) -> Option<String> {
    let text = head.first("message-id").map(Field::text)?;
    let mut ids = text.match_indices('<').filter_map(|(place, _)| id_at(&text, place));
    ids.next().map(str::to_owned)
}

/// The last of the mails that a mail answers to.
fn references(head: &Head<'_>) -> Vec<String> {
    let last = |name: &str| {
        let text = head.first(name).map(Field::text).unwrap_or_default();
        let ids = text.rmatch_indices('<').filter_map(|(place, _)| id_at(&text, place));
        let mut ids: Vec<_> = ids.take(REFERENCES).map(str::to_owned).collect();
        ids.reverse();
        ids
    };
    let found = last("references");
    if found.is_empty() { last("in-reply-to") } else { found }
}

/// The ID of a mail in the brackets that open at a place, if it can be written into a field again.
fn id_at(text: &str, place: usize) -> Option<&str> {
    let inside = &text[place + 1..];
    let end = inside.bytes().take(MESSAGE_ID + 1).position(|byte| byte == b'>')?;
    let id = &inside[..end];
    let is_sign = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<');
    (!id.is_empty() && id.bytes().all(is_sign)).then_some(id)
}

fn subject(head: &Head<'_>) -> String {
    let mut text = head.first("subject").map(Field::text).unwrap_or_default();
    text.truncate(text.floor_char_boundary(SUBJECT_READ));
    let line = names::on_one_line(&words::read(&text));
    line.chars().take(SUBJECT).collect()
}

fn servers(head: &Head<'_>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for field in head.all("authentication-results") {
        let id = Results::read(&field.text()).map(|results| results.id);
        found.extend(id.filter(|id| !found.contains(id)));
        if found.len() == SERVERS {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &str) -> Mail {
        let mail = format!("{fields}\r\n\r\n");
        Mail::read(mail.as_bytes(), None, &Limits::STANDARD, &Trust::default())
    }

    #[test]
    fn what_a_mail_is_about_is_read_from_its_fields() {
        let mail = read(
            "Authentication-Results: a.example; none\r\nAuthentication-Results: A.example; none\r\n\
             Authentication-Results: b.example; none\r\nFrom: Dana <Dana@health.example>\r\n\
             To: connector.data+K3Y@health.example, x@y.example\r\nDelivered-To: connector.data+k3y@health.example\r\n\
             Subject: =?utf-8?q?St=C3=A4ff?=\r\n list\u{202E} \r\nMessage-ID: <1@x.example>\r\n\
             References: <a@x> nonsense <b@x>\r\n <c d@x> <e@x>\r\nX-Auto-Response-Suppress: DR, AutoReply",
        );
        assert_eq!(mail.from, ["dana@health.example"]);
        assert_eq!(mail.to, ["connector.data+k3y@health.example", "x@y.example"]);
        assert_eq!(mail.subject, "Stäff list");
        assert_eq!(mail.message_id.as_deref(), Some("1@x.example"));
        assert_eq!(mail.references, ["a@x", "b@x", "e@x"]);
        assert_eq!(mail.authserv_ids, ["a.example", "b.example"]);
        assert!(mail.no_receipt);
        assert_eq!(mail.possible_keys(), ["k3y", "Stäff", "list"]);
    }

    #[test]
    fn in_reply_to_stands_in_for_references_and_the_last_are_kept() {
        assert_eq!(read("In-Reply-To: <a@x>").references, ["a@x"]);
        let many: String = (0..50).map(|number| format!(" <{number}@x>")).collect();
        let mail = read(&format!("References:{many}"));
        assert_eq!((mail.references.len(), mail.references[19].as_str()), (20, "49@x"));
        for id in ["none", "<>", "<a b>", "<a\u{e4}@x>", "<a\0@x>", "<a"] {
            assert_eq!(read(&format!("Message-ID: {id}")).message_id, None, "{id}");
        }
    }

    #[test]
    fn keys_are_found_in_tags_and_words() {
        let mail = read("To: connector.data@x.example, a+b+c@x.example\r\nSubject: [K1] staff, key:K2 (K3)");
        assert_eq!(
            mail.possible_keys(),
            ["b+c", "[K1]", "K1", "staff,", "staff", "key", "K2", "(K3)", "K3"]
        );
        let long = read(&format!("Subject: {}", "ä".repeat(10_000)));
        assert_eq!(long.subject.chars().count(), 200);
    }

    #[test]
    fn mails_too_large_or_with_long_headers_are_refused_with_their_sender_known() {
        let trust = Trust {
            authserv_ids: vec!["mx.health.example".to_owned()],
            mail_domain: "health.example".to_owned(),
            ..Trust::default()
        };
        let fields = "Authentication-Results: mx.health.example; auth=pass smtp.auth=dana@health.example\r\n\
                      From: dana@health.example\r\n";
        let limits = Limits {
            mail_mib: 1,
            ..Limits::STANDARD
        };
        let mut long = format!("{fields}X-Filler: {}\r\n", "a".repeat(300 * 1024)).into_bytes();
        let mail = Mail::read(&long, None, &limits, &trust);
        assert_eq!(mail.file, Err(Refusal::HeadersTooLong));
        assert_eq!(
            mail.sender.map(|claim| claim.from),
            Ok("dana@health.example".to_owned())
        );
        long.extend(vec![b'a'; 1024 * 1024]);
        let mail = Mail::read(&long, None, &limits, &trust);
        assert_eq!(mail.file, Err(Refusal::MailTooLarge { limit_mib: 1 }));
        // A second sender far below is seen all the same.
        let hidden = format!("{fields}{}From: eve@evil.example\r\n\r\n", "X: y\r\n".repeat(100_000));
        let mail = Mail::read(hidden.as_bytes(), None, &limits, &trust);
        assert_eq!(mail.sender, Err(Distrust::SeveralFrom));
        let crowded = format!("{fields}{}From: eve@evil.example\r\n\r\n", "To: y\r\n".repeat(3000));
        let mail = Mail::read(crowded.as_bytes(), None, &limits, &trust);
        assert_eq!(mail.sender, Err(Distrust::Contradiction));
    }
}
