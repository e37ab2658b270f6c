//! Files by email: why a mail is not believed, not processed or refused, in words, and when the daily run is.

use serde::{Deserialize, Serialize};

/// What an operator decides about files by email.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailRules {
    /// The address that files are sent to.
    pub address: String,
    /// When the daily run begins, in minutes after midnight in the United Kingdom.
    pub run_at: u32,
    /// Replies that one address gets within an hour at most; then one letter says that there are no more.
    pub replies_an_hour: u32,
    /// Whether result files are attached to letters.
    pub attach: Attach,
    /// The most that is attached to one letter, in MB; with more, it says where the files are.
    #[serde(default = "EmailRules::attach_mib")]
    pub attach_mib: u32,
    /// Days for which what is known of a mail that was set aside is kept.
    pub set_aside_days: u32,
}

impl EmailRules {
    /// The part of the address before the @, as shipped (S1).
    pub const LOCAL_PART: &'static str = "connector.data";

    /// The most that is attached to one letter as shipped, in MB.
    pub const ATTACH_MIB: u32 = 10;

    /// As shipped, for a mail domain.
    #[must_use]
    pub fn standard(mail_domain: &str) -> Self {
        Self {
            address: format!("{}@{mail_domain}", Self::LOCAL_PART),
            run_at: 19 * 60,
            replies_an_hour: 20,
            attach: Attach::Internal,
            attach_mib: Self::ATTACH_MIB,
            set_aside_days: 30,
        }
    }

    const fn attach_mib() -> u32 {
        Self::ATTACH_MIB
    }

    /// The address with a tag behind the local part: `connector.data+tag@health.example`.
    #[must_use]
    pub fn tagged(&self, tag: &str) -> String {
        match self.address.split_once('@') {
            Some((local, domain)) => format!("{local}+{tag}@{domain}"),
            None => self.address.clone(),
        }
    }
}

/// To whom files with people's data are attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Attach {
    /// To addresses of the mail domain; others get a link.
    Internal,
    /// To everybody.
    Always,
    /// To nobody: everybody gets a link.
    Never,
}

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
            Self::NotAligned => "Ask whoever runs your mail server to sign its mail with DKIM.",
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

/// Why a mail of a proved sender has no file that can be used.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum Refusal {
    /// No organisation's files may be sent by its sender by email.
    NoGrant,
    /// The key that its sender has set is missing.
    NoKey,
    /// No file is attached.
    NoFile,
    /// The list was pasted into the text.
    Pasted,
    /// Several files are attached.
    Several {
        /// Their names, in their order.
        names: Vec<String>,
    },
    /// Outlook packed what was attached into winmail.dat.
    Winmail,
    /// The mail is encrypted.
    Encrypted,
    /// Another mail is attached, which may have the file.
    Forwarded,
    /// The ZIP file is encrypted.
    ZipEncrypted,
    /// The ZIP file has no file that can be used.
    ZipEmpty,
    /// The ZIP file has several files.
    ZipSeveral {
        /// Their names, in their order.
        names: Vec<String>,
    },
    /// The ZIP file unpacks to too much.
    ZipTooLarge {
        /// The largest size, in MB.
        limit_mib: u32,
    },
    /// The ZIP file is damaged.
    ZipBroken,
    /// The attached file is too large.
    FileTooLarge {
        /// The largest size, in MB.
        limit_mib: u32,
    },
    /// The mail is too large.
    MailTooLarge {
        /// The largest size, in MB.
        limit_mib: u32,
    },
    /// The mail has too many parts, or parts within parts within parts.
    TooManyParts,
    /// The mail's headers are too long.
    HeadersTooLong,
}

impl Refusal {
    /// One of each, for the page that lists them; `limits` are the largest mail, the largest file and the most that a ZIP
    /// file may unpack to, in MB.
    #[must_use]
    pub fn each([mail, file, unpacked]: [u32; 3]) -> Vec<Self> {
        let names = || vec!["staff.csv".to_owned(), "wards.csv".to_owned()];
        vec![
            Self::NoGrant,
            Self::NoKey,
            Self::NoFile,
            Self::Pasted,
            Self::Several { names: names() },
            Self::Winmail,
            Self::Encrypted,
            Self::Forwarded,
            Self::ZipEncrypted,
            Self::ZipEmpty,
            Self::ZipSeveral { names: names() },
            Self::ZipTooLarge { limit_mib: unpacked },
            Self::ZipBroken,
            Self::FileTooLarge { limit_mib: file },
            Self::MailTooLarge { limit_mib: mail },
            Self::TooManyParts,
            Self::HeadersTooLong,
        ]
    }

    /// What happened, as a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::NoGrant => "You do not have permission to send files by email.".to_owned(),
            Self::NoKey => "Your email does not have your key.".to_owned(),
            Self::NoFile => "No file is attached to your email.".to_owned(),
            Self::Pasted => "Your email has a list in its text, and no file attached.".to_owned(),
            Self::Several { names } => format!("Your email has {} files attached: {}.", names.len(), named(names)),
            Self::Winmail => "Outlook packed your file into winmail.dat, so it cannot be read.".to_owned(),
            Self::Encrypted => "Your email is encrypted, so it cannot be read.".to_owned(),
            Self::Forwarded => {
                "Your email has another email attached. Files in an attached email are not read.".to_owned()
            }
            Self::ZipEncrypted => "The ZIP file is protected by a password, so it cannot be read.".to_owned(),
            Self::ZipEmpty => "The ZIP file has no CSV file or spreadsheet in it.".to_owned(),
            Self::ZipSeveral { names } => format!("The ZIP file has {} files in it: {}.", names.len(), named(names)),
            Self::ZipTooLarge { limit_mib } => format!("The ZIP file unpacks to more than {limit_mib} MB."),
            Self::ZipBroken => "The ZIP file is damaged.".to_owned(),
            Self::FileTooLarge { limit_mib } => format!("The attached file is larger than {limit_mib} MB."),
            Self::MailTooLarge { limit_mib } => format!("Your email is larger than {limit_mib} MB."),
            Self::TooManyParts => "Your email has too many parts.".to_owned(),
            Self::HeadersTooLong => "The headers of your email are too long.".to_owned(),
        }
    }

    /// What its sender can do.
    #[must_use]
    pub const fn cure(&self) -> &'static str {
        match self {
            Self::NoGrant => {
                "Ask your Primary Local Administrator to give you the role Connector with the channel email."
            }
            Self::NoKey => {
                "Send it to the address that has the key, or put the key into the subject. If you do not know \
                 the key, make a new one in the portal."
            }
            Self::NoFile => "Attach the CSV file or spreadsheet, and send the email again.",
            Self::Pasted => "Save the list as a CSV file or spreadsheet, attach it, and send the email again.",
            Self::Several { .. } => {
                "Send one file per email. If the files are for one organisation, put their rows into one file."
            }
            Self::Winmail => {
                "In Outlook, open a new email, choose Format Text, then HTML or Plain Text, attach the file again \
                 and send it."
            }
            Self::Encrypted => "Send the email again without encryption.",
            Self::Forwarded => "Save the file from that email, attach the file itself, and send the email again.",
            Self::ZipEncrypted => "Attach the file itself, or a ZIP file without a password.",
            Self::ZipEmpty | Self::ZipBroken => "Attach the CSV file or spreadsheet itself, without a ZIP file.",
            Self::ZipSeveral { .. } => "Send one file per email, without a ZIP file.",
            Self::ZipTooLarge { .. } | Self::FileTooLarge { .. } | Self::MailTooLarge { .. } => {
                "Send one file for each organisation, or ask a local administrator to upload the file in the portal. \
                 Do not split the list of one organisation: only its latest file is applied."
            }
            Self::TooManyParts | Self::HeadersTooLong => {
                "Write a new email with nothing but the file, instead of answering or forwarding one."
            }
        }
    }
}

/// Names in a list, at most ten of them, each with its place: several may have one name.
fn named(names: &[String]) -> String {
    let shown = names.iter().zip(1..).take(10);
    let shown: Vec<_> = shown.map(|(name, place)| format!("({place}) {name}")).collect();
    match names.len().saturating_sub(10) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
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
            Self::Distrust(_) | Self::Refusal(_) => format!("The sender is advised: {}", self.cure()),
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
    fn every_refusal_is_listed_once_with_its_sentence_and_its_cure() {
        // A refusal that is new does not compile here, until it is listed.
        let number = |refusal: &Refusal| match refusal {
            Refusal::NoGrant => 0,
            Refusal::NoKey => 1,
            Refusal::NoFile => 2,
            Refusal::Pasted => 3,
            Refusal::Several { .. } => 4,
            Refusal::Winmail => 5,
            Refusal::Encrypted => 6,
            Refusal::Forwarded => 7,
            Refusal::ZipEncrypted => 8,
            Refusal::ZipEmpty => 9,
            Refusal::ZipSeveral { .. } => 10,
            Refusal::ZipTooLarge { .. } => 11,
            Refusal::ZipBroken => 12,
            Refusal::FileTooLarge { .. } => 13,
            Refusal::MailTooLarge { .. } => 14,
            Refusal::TooManyParts => 15,
            Refusal::HeadersTooLong => 16,
        };
        let each = Refusal::each([25, 10, 50]);
        let numbers: Vec<_> = each.iter().map(number).collect();
        assert_eq!(numbers, (0..17).collect::<Vec<_>>());
        for refusal in each {
            let why = Why::Refusal(refusal);
            assert!(why.sentence().ends_with('.') && why.cure().ends_with('.'), "{why:?}");
            let told = why.to_operator();
            assert!(told.ends_with('.') && !told.to_lowercase().contains("you"), "{told}");
        }
    }

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
    fn files_are_not_named_once_their_sender_is_forgotten() {
        let names = vec!["ines marlow.csv".to_owned(), "b.csv".to_owned()];
        let less = Why::Refusal(Refusal::Several { names }).forgotten();
        assert_eq!(less.sentence(), "Your email has 2 files attached: (1) …, (2) ….");
        let same = Why::Distrust(Distrust::Unknown);
        assert_eq!(same.clone().forgotten(), same);
    }

    #[test]
    fn ten_files_are_named_and_the_others_are_counted() {
        let names = (1..=12).map(|number| format!("{number}.csv")).collect();
        let said = Refusal::Several { names }.sentence();
        assert!(
            said.starts_with("Your email has 12 files attached: (1) 1.csv, (2) "),
            "{said}"
        );
        assert!(said.ends_with("(10) 10.csv and 2 more."), "{said}");
    }
}
