//! A letter's subject and both of its forms, made from what it says.

use super::{Letter, layout, wording};

/// A letter as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composed {
    /// What it is about: one line.
    pub subject: String,
    /// The letter as plain text.
    pub text: String,
    /// The same as an HTML document of its own, without pictures.
    pub html: String,
    /// The mail that it answers, from whose address it is sent; `None` for a letter that answers none.
    pub reply: Option<ReplyTo>,
    /// The files that are attached.
    pub attachments: Vec<Attached>,
    /// The same letter without its files, for a mail server to which it is too large with them; `None` if it has none.
    pub without_files: Option<Box<Self>>,
}

/// The mail that a letter answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyTo {
    /// Its Message-ID, without brackets.
    pub in_reply_to: Option<String>,
    /// The thread in order, that mail last; without brackets.
    pub references: Vec<String>,
    /// Its number among all mails that came in.
    pub mail: i64,
}

/// A file that is attached to a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attached {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub content_type: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Letter {
    /// The letter's subject and both of its forms, without the files that it brings. `url` is that of the letter's own
    /// one-time link, for a letter that has one; any other letter takes no notice of it.
    #[must_use]
    pub fn compose(&self, url: &str) -> Composed {
        let (subject, parts) = wording::say(self, url);
        let subject = layout::one_line(&subject);
        let reply = self.reply().map(|reply| ReplyTo {
            in_reply_to: reply.message_id.clone(),
            references: reply.references.iter().chain(&reply.message_id).cloned().collect(),
            mail: reply.mail,
        });
        let foot = match reply {
            Some(_) => layout::FOOT_OF_REPLIES,
            None => layout::FOOT,
        };
        Composed {
            text: layout::text(&parts, foot),
            html: layout::html(&subject, &parts, foot),
            subject,
            reply,
            attachments: vec![],
            without_files: None,
        }
    }
}
