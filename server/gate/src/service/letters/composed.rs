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
}

impl Letter {
    /// The letter's subject and both of its forms. `url` is that of the letter's own one-time link, for a letter that has
    /// one; any other letter takes no notice of it.
    #[must_use]
    pub fn compose(&self, url: &str) -> Composed {
        let (subject, parts) = wording::say(self, url);
        let subject = layout::one_line(&subject);
        Composed {
            text: layout::text(&parts),
            html: layout::html(&subject, &parts),
            subject,
        }
    }
}
