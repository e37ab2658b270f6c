//! Letters: what the portal tells people by email. A letter is posted by the transaction that it tells of, and goes
//! out when that transaction has ended; sending is the server's.
//!
//! A letter waits as its kind and parameters. It is written out when it is sent ([`claim`]): as a short list of parts,
//! set as plain text and as HTML. It says who did what, and whom to tell if that was wrong.

mod layout;
mod wording;
mod writing_out;

use domain::{ids::Timestamp, offer::OfferEnd};
use serde::{Deserialize, Serialize};
use store::{
    ConnectionTrait, StoreError,
    credentials::PendingLink,
    outbox::{self, NewMail},
};

pub use self::writing_out::{WrittenOut, claim};

/// Everything that the portal writes to people about. Names are as they are shown on pages; links to pages are whole URLs.
///
/// Letters wait in the database in this form, and one that was posted by an older version is read by a newer one: a new
/// field needs a default, and no name is changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "letter", rename_all = "kebab-case")]
pub enum Letter {
    /// To a new person: how they activate their account.
    Activation {
        /// Their first name.
        first_name: String,
        /// The organisation's name.
        organisation: String,
        /// The address of the mailbox that is theirs.
        address: String,
        /// The link by which the password is chosen, once.
        link: PendingLink,
    },
    /// To a person whose password an administrator has reset.
    PasswordReset {
        /// Their first name.
        first_name: String,
        /// Who has reset it.
        by: String,
        /// The link by which another is chosen, once.
        link: PendingLink,
    },
    /// To a person who has chosen another password, or somebody has in their name.
    PasswordChanged {
        /// Their first name.
        first_name: String,
    },
    /// To a person whose account was locked, because too many tries to sign in have failed.
    AccountLocked {
        /// Their first name.
        first_name: String,
    },
    /// To a person about what proves who they are besides their password.
    SecondFactor {
        /// Their first name.
        first_name: String,
        /// What became of it.
        news: FactorNews,
    },
    /// To a person who is marked as a leaver.
    LeaverMarked {
        /// Their first name.
        first_name: String,
        /// The organisation that they leave.
        organisation: String,
        /// Who has marked them.
        by: String,
        /// When the account goes, unless another organisation takes it in; none where it does not go by itself.
        deleted_on: Option<Timestamp>,
    },
    /// To a person who was marked as a leaver and is one no longer.
    LeaverUndone {
        /// Their first name.
        first_name: String,
        /// The organisation that they stay with.
        organisation: String,
    },
    /// To a person who has not used their account for so long that it will be deleted.
    AccountEnding {
        /// Their first name.
        first_name: String,
        /// When it goes.
        deleted_on: Timestamp,
    },
    /// To the administrators of an organisation to which a contact is offered.
    OfferReceived {
        /// The first name of the one who reads it; empty where nobody has been greeted yet.
        first_name: String,
        /// The contact's name.
        contact: String,
        /// The organisation that offers.
        from: String,
        /// The organisation that may take the contact in.
        to: String,
        /// Who offers.
        by: String,
        /// When the offer ends by itself.
        lapses_on: Timestamp,
        /// The page where it is answered.
        link: String,
    },
    /// To the other side of an offer that has ended: whoever made it, or those whom it was made to.
    OfferEnded {
        /// The first name of the one who reads it; empty where nobody has been greeted yet.
        first_name: String,
        /// The contact's name.
        contact: String,
        /// The organisation that it was offered to.
        to: String,
        /// How it ended.
        how: OfferEnd,
        /// Who ended it; nobody where it lapsed.
        by: Option<String>,
        /// The page of offers.
        link: String,
    },
    /// To the sender of a file that has been applied as far as it goes.
    UploadFinished {
        /// Their first name.
        first_name: String,
        /// The file's name.
        file_name: String,
        /// Accounts created.
        created: u32,
        /// Accounts changed.
        updated: u32,
        /// Rows that changed nothing.
        no_change: u32,
        /// Rows left out.
        left_out: u32,
        /// Rows whose account had changed meanwhile, and that wait for another look.
        back_to_review: u32,
        /// The submission's page.
        link: String,
    },
}

/// What became of somebody's second factors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactorNews {
    /// One was set up.
    Added {
        /// What its person calls it.
        name: String,
    },
    /// One was taken away.
    Removed {
        /// What its person called it.
        name: String,
    },
    /// A recovery code was used in its place.
    CodeUsed {
        /// How many are left.
        left: u64,
    },
    /// All were taken away by somebody who looks after the account.
    Reset {
        /// Who.
        by: String,
    },
}

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

/// A piece of a letter.
enum Part {
    /// A paragraph.
    Paragraph(String),
    /// What to do next: a link on a line of its own.
    Button { label: &'static str, url: String },
    /// Names with their values, a line each.
    Facts(Vec<(&'static str, String)>),
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

    /// The one-time link that the letter carries, for a letter that has one.
    const fn link_mut(&mut self) -> Option<&mut PendingLink> {
        match self {
            Self::Activation { link, .. } | Self::PasswordReset { link, .. } => Some(link),
            Self::PasswordChanged { .. }
            | Self::AccountLocked { .. }
            | Self::SecondFactor { .. }
            | Self::LeaverMarked { .. }
            | Self::LeaverUndone { .. }
            | Self::AccountEnding { .. }
            | Self::OfferReceived { .. }
            | Self::OfferEnded { .. }
            | Self::UploadFinished { .. } => None,
        }
    }

    /// A letter that goes to several people, to one of them.
    #[must_use]
    pub(crate) fn greeting(mut self, name: String) -> Self {
        if let Self::OfferReceived { first_name, .. } | Self::OfferEnded { first_name, .. } = &mut self {
            *first_name = name;
        }
        self
    }

    fn addressed(&self, to: &str) -> Result<NewMail, StoreError> {
        // No subject tells of a link.
        let (subject, _) = wording::say(self, "");
        Ok(NewMail {
            address: to.to_owned(),
            subject: layout::one_line(&subject),
            letter: serde_json::to_string(self)?,
        })
    }
}

/// Posts a letter to an address, as part of the change that it tells of.
///
/// # Errors
/// When the database fails.
pub async fn post(tx: &impl ConnectionTrait, to: &str, letter: &Letter, now: Timestamp) -> Result<(), StoreError> {
    outbox::put(tx, &[letter.addressed(to)?], now).await
}

/// Posts many letters, each to its address, as part of the change that they tell of.
///
/// # Errors
/// When the database fails.
pub async fn post_all(
    tx: &impl ConnectionTrait,
    letters: &[(String, Letter)],
    now: Timestamp,
) -> Result<(), StoreError> {
    let mails: Result<Vec<_>, _> = letters.iter().map(|(to, letter)| letter.addressed(to)).collect();
    outbox::put(tx, &mails?, now).await
}
