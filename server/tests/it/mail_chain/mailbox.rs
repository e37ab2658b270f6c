//! What lies in somebody's mailbox.

use std::{fs, path::Path};

use mail_parser::{Message, MessageParser, MimeHeaders};

/// A mail, as its reader finds it.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Where it goes back to.
    pub return_path: String,
    /// The address that it is from.
    pub from: String,
    /// Its subject.
    pub subject: String,
    /// What it answers, with brackets.
    pub in_reply_to: String,
    /// The thread that it is in, with brackets.
    pub references: String,
    /// Whether it says that a program has sent it, and how.
    pub auto_submitted: String,
    /// What it says.
    pub text: String,
    /// Its files: their names and what is in them.
    pub files: Vec<(String, String)>,
}

/// All that has come into a mailbox, read or not, the oldest first.
pub fn letters(maildir: &Path) -> Vec<Letter> {
    let mut files: Vec<_> = ["new", "cur"]
        .iter()
        .flat_map(|folder| fs::read_dir(maildir.join(folder)).expect("a mailbox"))
        .map(|entry| entry.expect("an entry").path())
        .collect();
    // Their names begin with the second and the microsecond.
    files.sort_by_cached_key(|file| file.file_name().map(ToOwned::to_owned));
    files
        .iter()
        .map(|file| letter(&fs::read(file).expect("a mail")))
        .collect()
}

fn letter(bytes: &[u8]) -> Letter {
    let message = MessageParser::default().parse(bytes).expect("a mail");
    let field = |name: &'static str| field(&message, name);
    Letter {
        return_path: field("Return-Path"),
        from: message
            .from()
            .and_then(|from| from.first()?.address.as_deref())
            .unwrap_or_default()
            .to_owned(),
        subject: message.subject().unwrap_or_default().to_owned(),
        in_reply_to: field("In-Reply-To"),
        references: field("References"),
        auto_submitted: field("Auto-Submitted"),
        text: message.body_text(0).unwrap_or_default().into_owned(),
        files: message
            .attachments()
            .map(|part| {
                (
                    part.attachment_name().unwrap_or_default().to_owned(),
                    String::from_utf8_lossy(part.contents()).into_owned(),
                )
            })
            .collect(),
    }
}

/// A field as it stands in the mail.
fn field(message: &Message<'_>, name: &'static str) -> String {
    message.header_raw(name).unwrap_or_default().trim().to_owned()
}
