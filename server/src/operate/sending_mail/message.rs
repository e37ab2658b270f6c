//! From a letter in the outbox to a mail: plain text and HTML, of which the reader's program shows one, and the files that the
//! letter brings.
//!
//! A letter that answers a mail comes from the address that the mail was sent to. What cannot be delivered goes back to an
//! address of its own, which is never answered: so no two programs write to each other for ever (RFC 3834).

use std::time::{Duration, UNIX_EPOCH};

use anyhow::Context;
use domain::{email::EmailRules, values::ids::Timestamp};
use gate::service::letters::{Attached, Composed, ReplyTo};
use lettre::{
    Address, Message,
    address::Envelope,
    message::{
        Attachment, Body, Mailbox, MultiPart, SinglePart,
        header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
    },
};
use store::outbox::Outgoing;

/// The longest Message-ID of another's mail that is repeated, in bytes.
const LONGEST_ID: usize = 250;

/// The most of them.
const MOST_IDS: usize = 20;

/// Whom letters are from.
pub(super) struct Senders {
    /// Most of them.
    letters: Mailbox,
    /// Those that answer a mail.
    replies: Mailbox,
    rules: EmailRules,
}

impl Senders {
    /// Letters of one sender, and replies from the address that files are sent to.
    ///
    /// # Errors
    /// When that address is none.
    pub(super) fn new(letters: Mailbox, rules: EmailRules) -> anyhow::Result<Self> {
        let address = rules.address.parse::<Address>();
        let address = address.with_context(|| format!("no email can be sent from {}", rules.address))?;
        Ok(Self {
            replies: Mailbox::new(letters.name.clone(), address),
            letters,
            rules,
        })
    }

    /// Where a reply goes back to that cannot be delivered.
    fn bounces(&self, reply: &ReplyTo) -> Result<Address, String> {
        let address = self.rules.tagged(&format!("bounce-{}", reply.mail));
        address.parse().map_err(|_| "its return address is none".to_owned())
    }
}

/// The mail. Its Message-ID is the letter's own, so that it is the same however often sending is tried.
pub(super) fn compose(from: &Senders, mail: &Outgoing, letter: &Composed, now: Timestamp) -> Result<Message, String> {
    let to: Address = mail
        .address
        .parse()
        .map_err(|_| "this is not an email address".to_owned())?;
    let at = UNIX_EPOCH + Duration::from_millis(u64::try_from(now.0).unwrap_or_default());
    let (sender, made_by) = match &letter.reply {
        Some(_) => (&from.replies, "auto-replied"),
        // Absence notes are answers to people, not to us (RFC 3834).
        None => (&from.letters, "auto-generated"),
    };
    let mut message = Message::builder()
        .message_id(Some(format!("<{}@{}>", mail.id, sender.email.domain())))
        .date(at)
        .from(sender.clone())
        .to(to.clone().into())
        .subject(letter.subject.as_str())
        .raw_header(field("Auto-Submitted", made_by.to_owned()))
        // By this we know our own mail when somebody's program sends it on to us.
        .raw_header(field("X-Portal-Message", mail.id.to_string()));
    if let Some(reply) = &letter.reply {
        if let Some(id) = reply.in_reply_to.as_deref().filter(|id| is_id(id)) {
            message = message.in_reply_to(format!("<{id}>"));
        }
        let references = references(&reply.references);
        if !references.is_empty() {
            message = message.references(references);
        }
        let envelope = Envelope::new(Some(from.bounces(reply)?), vec![to]).map_err(|error| error.to_string())?;
        message = message.envelope(envelope);
    }
    let words = MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone());
    let content = if letter.attachments.is_empty() {
        words
    } else {
        letter
            .attachments
            .iter()
            .fold(MultiPart::mixed().multipart(words), |parts, file| {
                parts.singlepart(attached(file))
            })
    };
    message.multipart(content).map_err(|error| error.to_string())
}

fn field(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}

/// A file as a part of a mail. It is always encoded, so that it comes out byte for byte as it went in.
fn attached(file: &Attached) -> SinglePart {
    let name: String = file.name.chars().filter(|sign| !sign.is_control()).collect();
    let encoding = ContentTransferEncoding::Base64;
    // It cannot fail for this encoding, which takes any bytes.
    let body = Body::new_with_encoding(file.bytes.clone(), encoding).unwrap_or_else(Body::new);
    let kind = ContentType::parse(file.content_type).unwrap_or(ContentType::TEXT_PLAIN);
    Attachment::new(name).body(body, kind)
}

/// Whether a Message-ID that somebody else made may stand in a mail of ours.
fn is_id(id: &str) -> bool {
    let is_sign = |sign: u8| sign.is_ascii_graphic() && sign != b'<' && sign != b'>';
    !id.is_empty() && id.len() <= LONGEST_ID && id.bytes().all(is_sign)
}

/// The field References: the thread, of a long one its first mail and the last ones.
fn references(ids: &[String]) -> String {
    let ids: Vec<_> = ids.iter().filter(|id| is_id(id)).collect();
    let (first, others) = ids.split_at(ids.len().min(1));
    let others = &others[others.len().saturating_sub(MOST_IDS - 1)..];
    let ids = first.iter().chain(others).map(|id| format!("<{id}>"));
    ids.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_other_mails_are_repeated_only_if_they_are_harmless() {
        let ids = [
            "a@b.example",
            "x\r\nBcc: c@d.example",
            "e f@g.example",
            "<h@i.example",
            "",
            "k@l.example",
        ];
        let ids = ids.map(ToOwned::to_owned);
        assert_eq!(references(&ids), "<a@b.example> <k@l.example>");
        assert_eq!(references(&[]), "");
        assert_eq!(references(&["x".repeat(251)]), "");
    }

    #[test]
    fn of_a_long_thread_the_first_mail_and_the_last_ones_are_named() {
        let ids: Vec<_> = (0..30).map(|number| format!("{number}@b.example")).collect();
        let said = references(&ids);
        assert!(said.starts_with("<0@b.example> <11@b.example> "), "{said}");
        assert!(said.ends_with(" <29@b.example>"), "{said}");
        assert_eq!(said.split(' ').count(), 20);
    }

    #[test]
    fn an_attached_file_comes_out_as_it_went_in() {
        let file = Attached {
            name: "Lista\r\n März.csv".to_owned(),
            content_type: "text/csv; charset=utf-8",
            bytes: b"Name\nZo\xc3\xab\n".to_vec(),
        };
        let part = String::from_utf8(attached(&file).formatted()).unwrap();
        assert!(
            part.is_ascii() && part.contains("Content-Transfer-Encoding: base64"),
            "{part}"
        );
        assert!(part.contains("TmFtZQpab8OrCg=="), "{part}");
        assert!(
            part.contains("Content-Disposition: attachment;") && part.contains("filename*"),
            "{part}"
        );
    }
}
