//! From a letter in the outbox to a mail: plain text and HTML, of which the reader's program shows one.

use std::time::{Duration, UNIX_EPOCH};

use domain::values::ids::Timestamp;
use gate::service::letters::Composed;
use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
};
use store::outbox::Outgoing;

/// The mail. Its Message-ID is the letter's own, so that it is the same however often sending is tried.
pub(super) fn compose(from: &Mailbox, mail: &Outgoing, letter: &Composed, now: Timestamp) -> Result<Message, String> {
    let to: Address = mail
        .address
        .parse()
        .map_err(|_| "this is not an email address".to_owned())?;
    let at = UNIX_EPOCH + Duration::from_millis(u64::try_from(now.0).unwrap_or_default());
    // Absence notes are answers to people, not to us (RFC 3834).
    let by_itself = HeaderValue::new(
        HeaderName::new_from_ascii_str("Auto-Submitted"),
        "auto-generated".to_owned(),
    );
    Message::builder()
        .message_id(Some(format!("<{}@{}>", mail.id, from.email.domain())))
        .date(at)
        .from(from.clone())
        .to(to.into())
        .subject(letter.subject.as_str())
        .raw_header(by_itself)
        .multipart(MultiPart::alternative_plain_html(
            letter.text.clone(),
            letter.html.clone(),
        ))
        .map_err(|error| error.to_string())
}
