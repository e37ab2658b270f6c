//! Files by email: why a mail is not believed, not processed or refused, in words, and when the daily run is.

mod refusal;
mod rules;

use serde::{Deserialize, Serialize};

use self::refusal::named;
pub use self::{
    refusal::Refusal,
    rules::{Attach, EmailRules},
};

/// What became of a mail when it came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Intake {
    /// Its file is a submission.
    Taken,
    /// It is the same mail once more.
    Duplicate,
    /// Its sender is proved, and it has no file that can be used.
    Refused,
    /// Who sent it is not proved.
    NotProved,
    /// A program sent it by itself: an absence note, a list, a returned mail.
    Automatic,
    /// It lay in its mailbox before the last one that was taken from there.
    Old,
}

impl Intake {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Taken,
        Self::Duplicate,
        Self::Refused,
        Self::NotProved,
        Self::Automatic,
        Self::Old,
    ];

    /// The name it is stored by.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Duplicate => "duplicate",
            Self::Refused => "refused",
            Self::NotProved => "not-proved",
            Self::Automatic => "automatic",
            Self::Old => "old",
        }
    }

    /// Reads [`Self::slug`] back.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|intake| intake.slug() == slug)
    }

    /// What pages call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Taken => "Received",
            Self::Duplicate => "Delivered twice",
            Self::Refused => "Refused",
            Self::NotProved => "Not authenticated",
            Self::Automatic => "Automatic",
            Self::Old => "From before",
        }
    }
}

/// Why it is not believed that a mail is from the one whom it names.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum Distrust {
    /// There is no From field, or no address in it.
    NoFrom,
    /// There are several From fields, or several addresses in one.
    SeveralFrom,
    /// No mail server that is trusted says anything about it.
    NoResults,
    /// Two results that are trusted contradict each other.
    Contradiction,
    /// It names somebody of the mail domain, and its sender did not sign in to the mail server.
    NotSignedIn,
    /// It names somebody of the mail domain, and its sender signed in as somebody else.
    AnotherLogin,
    /// It names somebody elsewhere, and neither DMARC nor a signature (DKIM) of that domain has passed.
    NotAligned,
    /// Nobody here has the address.
    Unknown,
    /// The account that has the address is not active.
    NotActive,
    /// Nothing of the mail can be read.
    Unreadable,
}

impl Distrust {
    /// What happened, as a sentence.
    #[must_use]
    pub const fn sentence(&self) -> &'static str {
        match self {
            Self::NoFrom => "The email does not say who sent it.",
            Self::SeveralFrom => "The email names several senders.",
            Self::NoResults => "No trusted mail server has checked who sent the email.",
            Self::Contradiction => "The mail server’s results about the sender contradict each other.",
            Self::NotSignedIn => "The sender did not sign in to the mail server.",
            Self::AnotherLogin => "The sender signed in to the mail server with another account.",
            Self::NotAligned => "Neither DMARC nor a DKIM signature proves that the sender’s domain sent the email.",
            Self::Unknown => "No account has the sender’s email address.",
            Self::NotActive => "The sender’s account is not active.",
            Self::Unreadable => "The email cannot be read.",
        }
    }

    /// What an operator or the named sender can do.
    #[must_use]
    pub const fn cure(&self) -> &'static str {
        match self {
            Self::NoFrom | Self::SeveralFrom => "Send it again from your own mailbox.",
            Self::NoResults => {
                "Check that your mail server writes Authentication-Results, and that \
                 PORTAL_EMAIL_AUTHSERV_IDS and PORTAL_EMAIL_OWN_HOPS match it."
            }
            Self::Contradiction => "Check what your mail server writes into Authentication-Results.",
            Self::NotSignedIn | Self::AnotherLogin => {
                "Send it from your own mailbox, by a mail program that signs in with your account."
            }
            Self::NotAligned => "Ask the people who run your mail server to sign its mail with DKIM.",
            Self::Unknown => "Send it from the email address of your account.",
            Self::NotActive => "Ask your local administrator about your account.",
            Self::Unreadable => "Send the file again in a new email.",
        }
    }
}

/// By what a mail is recognised as one that a program sent by itself, and that is neither processed nor answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Automatic {
    /// It has no return address, as returned mail has none.
    NoReturnPath,
    /// It says so (Auto-Submitted, RFC 3834).
    AutoSubmitted,
    /// It came by a mailing list.
    List,
    /// It is bulk mail.
    Bulk,
    /// It is from a mail server.
    MailServer,
    /// It reports what became of another mail.
    Report,
    /// It is one of our own.
    Own,
    /// It was sent to the address for returned mail.
    Returned,
}

impl Automatic {
    /// What happened, as a sentence.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::NoReturnPath => "The email has no return address, as returned mail has none.",
            Self::AutoSubmitted => "The email says that a program sent it automatically.",
            Self::List => "The email came through a mailing list.",
            Self::Bulk => "The email is marked as bulk mail.",
            Self::MailServer => "The email is from a mail server.",
            Self::Report => "The email reports what became of another email.",
            Self::Own => "The email was sent by Staffbook itself.",
            Self::Returned => "The email came to the address for returned mail.",
        }
    }
}

/// Why a mail was set aside, as it is kept with it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// Its sender is not proved.
    Distrust(Distrust),
    /// A program sent it.
    Automatic(Automatic),
    /// Its file cannot be used.
    Refusal(Refusal),
    /// It lay in its mailbox before the last one that was taken from there.
    Old,
}

impl Why {
    /// What can be done about it.
    #[must_use]
    pub const fn cure(&self) -> &'static str {
        match self {
            Self::Distrust(why) => why.cure(),
            Self::Automatic(_) => "Nothing. Automatic mail is neither processed nor answered.",
            Self::Refusal(why) => why.cure(),
            Self::Old => "If it has a file that is still right, its sender can send the file again.",
        }
    }

    /// What happened, as a sentence to an operator, who is not the sender.
    #[must_use]
    pub fn to_operator(&self) -> String {
        match self {
            Self::Refusal(Refusal::NoGrant) => "The sender does not have permission to send files by email.".to_owned(),
            Self::Refusal(Refusal::NoKey) => "The email does not have the sender’s key.".to_owned(),
            Self::Refusal(Refusal::NoFile) => "No file is attached to the email.".to_owned(),
            Self::Refusal(Refusal::Pasted) => "The email has a list in its text, and no file attached.".to_owned(),
            Self::Refusal(Refusal::Several { names }) if names.is_empty() => {
                "The email has several files attached.".to_owned()
            }
            Self::Refusal(Refusal::Several { names }) => {
                format!("The email has {} files attached: {}.", names.len(), named(names))
            }
            Self::Refusal(Refusal::Winmail) => {
                "Outlook packed the file into winmail.dat, so it cannot be read.".to_owned()
            }
            Self::Refusal(Refusal::Encrypted) => "The email is encrypted, so it cannot be read.".to_owned(),
            Self::Refusal(Refusal::Forwarded) => {
                "The email has another email attached. Files in an attached email are not read.".to_owned()
            }
            Self::Refusal(Refusal::MailTooLarge { limit_mib }) => format!("The email is larger than {limit_mib} MB."),
            Self::Refusal(Refusal::TooManyParts) => "The email has too many parts.".to_owned(),
            Self::Refusal(Refusal::HeadersTooLong) => "The headers of the email are too long.".to_owned(),
            Self::Refusal(Refusal::Damaged) => {
                "The email arrived incomplete or damaged, so nothing in it was read.".to_owned()
            }
            other => other.sentence(),
        }
    }

    /// What an operator can do about it, or what the sender can, as something to tell them.
    #[must_use]
    pub fn cure_by_operator(&self) -> String {
        match self {
            Self::Distrust(Distrust::NoResults | Distrust::Contradiction) | Self::Automatic(_) | Self::Old => {
                self.cure().to_owned()
            }
            // What the From field says may be forged, so it is not answered.
            Self::Distrust(_) => format!(
                "No answer was sent. If you know who sent it, tell them: {}",
                self.cure()
            ),
            Self::Refusal(_) => format!("The sender is advised: {}", self.cure()),
        }
    }

    /// What happened, as a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Distrust(why) => why.sentence().to_owned(),
            Self::Automatic(why) => why.sentence().to_owned(),
            Self::Refusal(why) => why.sentence(),
            Self::Old => {
                "The mailbox is numbered anew, and the email is no newer than the last one taken before.".to_owned()
            }
        }
    }

    /// The same as one reason for several emails: their files, which differ, are neither named nor counted.
    #[must_use]
    pub fn unnamed(self) -> Self {
        match self {
            Self::Refusal(Refusal::Several { .. }) => Self::Refusal(Refusal::Several { names: vec![] }),
            Self::Refusal(Refusal::ZipSeveral { .. }) => Self::Refusal(Refusal::ZipSeveral { names: vec![] }),
            other => other,
        }
    }

    /// The same, once its sender is forgotten: files are not named any more.
    #[must_use]
    pub fn forgotten(self) -> Self {
        let unnamed = |names: Vec<String>| vec!["…".to_owned(); names.len()];
        match self {
            Self::Refusal(Refusal::Several { names }) => Self::Refusal(Refusal::Several { names: unnamed(names) }),
            Self::Refusal(Refusal::ZipSeveral { names }) => {
                Self::Refusal(Refusal::ZipSeveral { names: unnamed(names) })
            }
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_became_of_a_mail_is_read_as_it_is_stored() {
        for intake in Intake::ALL {
            assert_eq!(Intake::from_slug(intake.slug()), Some(intake));
        }
        let why = Why::Refusal(Refusal::Several {
            names: vec!["a.csv".into(), "b.csv".into()],
        });
        let stored = r#"{"refusal":{"why":"several","names":["a.csv","b.csv"]}}"#;
        assert_eq!(serde_json::to_string(&why).unwrap(), stored);
        assert_eq!(serde_json::from_str::<Why>(stored).unwrap(), why);
        assert_eq!(serde_json::from_str::<Why>("\"old\"").unwrap(), Why::Old);
        let stored = serde_json::to_string(&Why::Distrust(Distrust::NotSignedIn)).unwrap();
        assert_eq!(stored, r#"{"distrust":{"why":"not-signed-in"}}"#);
    }

    #[test]
    fn only_a_sender_who_got_an_answer_is_said_to_be_advised() {
        let aside = Why::Distrust(Distrust::Unknown).cure_by_operator();
        assert!(aside.starts_with("No answer was sent. "), "{aside}");
        let refused = Why::Refusal(Refusal::NoFile).cure_by_operator();
        assert!(refused.starts_with("The sender is advised: "), "{refused}");
    }

    #[test]
    fn a_reason_of_several_emails_names_no_files() {
        let several = |name: &str| {
            let names = vec![name.to_owned(), "b.csv".to_owned()];
            Why::Refusal(Refusal::Several { names }).unnamed()
        };
        assert_eq!(several("a.csv"), several("c.csv"));
        assert_eq!(several("a.csv").to_operator(), "The email has several files attached.");
        let zipped = Why::Refusal(Refusal::ZipSeveral {
            names: vec!["a.csv".to_owned()],
        });
        assert_eq!(zipped.unnamed().sentence(), "The ZIP file has several files in it.");
    }

    #[test]
    fn files_are_not_named_once_their_sender_is_forgotten() {
        let names = vec!["ines marlow.csv".to_owned(), "b.csv".to_owned()];
        let less = Why::Refusal(Refusal::Several { names }).forgotten();
        assert_eq!(less.sentence(), "Your email has 2 files attached: (1) …, (2) ….");
        let same = Why::Distrust(Distrust::Unknown);
        assert_eq!(same.clone().forgotten(), same);
    }
}
