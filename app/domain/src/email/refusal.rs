//! Why a mail of a proved sender has no file that can be used, and what its sender can do.

use serde::{Deserialize, Serialize};

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
    /// Some of the mail was lost or changed on the way.
    Damaged,
    /// The file is packed into the text as before MIME.
    Uuencoded,
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
            Self::Damaged,
            Self::Uuencoded,
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
            Self::Several { names } if names.is_empty() => "Your email has several files attached.".to_owned(),
            Self::Several { names } => format!("Your email has {} files attached: {}.", names.len(), named(names)),
            Self::Winmail => "Outlook packed your file into winmail.dat, so it cannot be read.".to_owned(),
            Self::Encrypted => "Your email is encrypted, so it cannot be read.".to_owned(),
            Self::Forwarded => {
                "Your email has another email attached. Files in an attached email are not read.".to_owned()
            }
            Self::ZipEncrypted => "The ZIP file is protected by a password, so it cannot be read.".to_owned(),
            Self::ZipEmpty => "The ZIP file has no CSV file or spreadsheet in it.".to_owned(),
            Self::ZipSeveral { names } if names.is_empty() => "The ZIP file has several files in it.".to_owned(),
            Self::ZipSeveral { names } => format!("The ZIP file has {} files in it: {}.", names.len(), named(names)),
            Self::ZipTooLarge { limit_mib } => format!("The ZIP file unpacks to more than {limit_mib} MB."),
            Self::ZipBroken => "The ZIP file is damaged.".to_owned(),
            Self::FileTooLarge { limit_mib } => format!("The attached file is larger than {limit_mib} MB."),
            Self::MailTooLarge { limit_mib } => format!("Your email is larger than {limit_mib} MB."),
            Self::TooManyParts => "Your email has too many parts.".to_owned(),
            Self::HeadersTooLong => "The headers of your email are too long.".to_owned(),
            Self::Damaged => "Your email arrived incomplete or damaged, so nothing in it was read.".to_owned(),
            Self::Uuencoded => {
                "The file is packed into the text of the email in an old way (uuencode), so it cannot be read."
                    .to_owned()
            }
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
            Self::Damaged => "Send it again. If that does not help, attach the file to a new email.",
            Self::Uuencoded => {
                "Set your mail program to send attachments as MIME, or attach the file in another mail program, and send \
                 the email again."
            }
            Self::TooManyParts | Self::HeadersTooLong => {
                "Write a new email with nothing but the file, instead of answering or forwarding one."
            }
        }
    }
}

/// Names in a list, at most ten of them, each with its place: several may have one name.
pub(super) fn named(names: &[String]) -> String {
    let shown = names.iter().zip(1..).take(10);
    let shown: Vec<_> = shown.map(|(name, place)| format!("({place}) {name}")).collect();
    match names.len().saturating_sub(10) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::email::Why;

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
            Refusal::Damaged => 17,
            Refusal::Uuencoded => 18,
        };
        let each = Refusal::each([25, 10, 50]);
        let numbers: Vec<_> = each.iter().map(number).collect();
        assert_eq!(numbers, (0..19).collect::<Vec<_>>());
        for refusal in each {
            let why = Why::Refusal(refusal);
            assert!(why.sentence().ends_with('.') && why.cure().ends_with('.'), "{why:?}");
            let told = why.to_operator();
            assert!(told.ends_with('.') && !told.to_lowercase().contains("you"), "{told}");
        }
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
