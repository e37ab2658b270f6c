//! Mail as files in a folder, for a machine of one's own and for whoever carries it on from there.

use std::{fs, io, io::Write, os::unix::fs::OpenOptionsExt, path::PathBuf};

use domain::values::ids::Timestamp;
use mail_parser::{MessageParser, MimeHeaders};

/// The most letters that are listed.
const LISTED: usize = 100;

/// The folder in which mail lands. Nothing reads it but a developer's portal.
#[derive(Clone, Debug)]
pub(crate) struct MailFolder(pub(crate) PathBuf);

/// A letter that went out.
#[derive(Clone, Debug)]
pub(crate) struct SentLetter {
    /// Its file's name, without the `.eml`.
    pub(crate) name: String,
    /// The mailbox it went to.
    pub(crate) to: String,
    /// What it is about.
    pub(crate) subject: String,
    /// When it went out.
    pub(crate) at: Timestamp,
    /// What it says, as plain text.
    pub(crate) text: String,
    /// The names of the files that are attached to it.
    pub(crate) attachments: Vec<String>,
}

/// Writes a mail: whole, or not at all. Only its owner may read it, because it may hold a one-time link.
pub(super) async fn write(folder: PathBuf, name: String, bytes: Vec<u8>) -> io::Result<()> {
    let writing = move || {
        fs::create_dir_all(&folder)?;
        let unfinished = folder.join(format!("{name}.part"));
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&unfinished)?;
        file.write_all(&bytes)?;
        fs::rename(unfinished, folder.join(name))
    };
    tokio::task::spawn_blocking(writing).await.map_err(io::Error::other)?
}

impl MailFolder {
    /// The letters that are here, newest first. Files that are no letters are passed over.
    pub(crate) fn letters(&self) -> Vec<SentLetter> {
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
    pub(crate) fn letter(&self, name: &str) -> Option<SentLetter> {
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
    pub(crate) fn read(&self, name: &str) -> Option<Vec<u8>> {
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let file = is_name.then(|| self.0.join(format!("{name}.eml")))?;
        fs::read(file).ok()
    }
}
