//! The folder in which mail lands on a developer's machine, read as a mail program would.

use std::{fs, path::PathBuf};

use domain::values::ids::Timestamp;
use mail_parser::{MessageParser, MimeHeaders};

/// The most letters that are listed.
const LISTED: usize = 100;

/// The folder, for pages to find in their context. Nothing puts it there but in development.
#[derive(Clone, Debug)]
pub struct MailFolder(pub PathBuf);

/// A letter that went out.
#[derive(Clone, Debug)]
pub struct SentLetter {
    /// Its file's name, without the `.eml`.
    pub name: String,
    /// The mailbox it went to.
    pub to: String,
    /// What it is about.
    pub subject: String,
    /// When it went out.
    pub at: Timestamp,
    /// What it says, as plain text.
    pub text: String,
    /// The names of the files that are attached to it.
    pub attachments: Vec<String>,
}

impl MailFolder {
    /// The letters that are here, newest first. Files that are no letters are passed over.
    #[must_use]
    pub fn letters(&self) -> Vec<SentLetter> {
        let Ok(entries) = fs::read_dir(&self.0) else {
            return vec![];
        };
        let mut names: Vec<String> = entries
            .filter_map(Result::ok)
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter_map(|file| file.strip_suffix(".eml").map(ToOwned::to_owned))
            .collect();
        // A name begins with the moment, in milliseconds.
        names.sort_unstable_by(|a, b| b.cmp(a));
        names.iter().filter_map(|name| self.letter(name)).take(LISTED).collect()
    }

    /// One letter, if it is here.
    #[must_use]
    pub fn letter(&self, name: &str) -> Option<SentLetter> {
        let bytes = self.read(name)?;
        let message = MessageParser::default().parse(&bytes)?;
        let to = message
            .to()
            .and_then(|to| to.first())
            .and_then(|to| to.address.as_deref());
        let seconds = message.date().map_or(0, |date| date.to_timestamp());
        Some(SentLetter {
            name: name.to_owned(),
            to: to.unwrap_or_default().to_owned(),
            subject: message.subject().unwrap_or_default().to_owned(),
            at: Timestamp(seconds * 1000),
            text: message.body_text(0).unwrap_or_default().into_owned(),
            attachments: message
                .attachments()
                .filter_map(|part| part.attachment_name())
                .map(ToOwned::to_owned)
                .collect(),
        })
    }

    /// A letter's file as it is. A name is letters, digits and hyphens, so that none leads out of the folder.
    #[must_use]
    pub fn read(&self, name: &str) -> Option<Vec<u8>> {
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let file = is_name.then(|| self.0.join(format!("{name}.eml")))?;
        fs::read(file).ok()
    }
}
