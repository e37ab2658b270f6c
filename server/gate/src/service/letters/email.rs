//! What letters about files by email tell, and which mail they answer.

use domain::{
    email::Attach,
    values::{
        email_address::EmailAddress,
        ids::{SubmissionId, Timestamp},
    },
};
use serde::{Deserialize, Serialize};

use crate::{Gate, submissions::report::Report};

/// Whether people's details may leave in a letter to an address: files, and what cells hold.
pub(crate) fn may_be_attached(gate: &Gate, address: &str) -> bool {
    let is_inside = |address: EmailAddress| gate.rules.mail_domain.holds(&address);
    match gate.rules.email.attach {
        Attach::Always => true,
        Attach::Never => false,
        Attach::Internal => EmailAddress::parse(address).is_ok_and(is_inside),
    }
}

/// The mail that a letter answers, and the files that it brings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// Its Message-ID, without brackets.
    #[serde(default)]
    pub message_id: Option<String>,
    /// What it answered itself, in order, without brackets.
    #[serde(default)]
    pub references: Vec<String>,
    /// Its number among all mails that came in.
    pub mail: i64,
    /// The files that are attached, where that may be. They are written when the letter is sent.
    #[serde(default)]
    pub files: Vec<AttachedFile>,
}

/// A file to attach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachedFile {
    /// Of which submission.
    pub submission: SubmissionId,
    /// Which of its files.
    pub report: Report,
}

/// What the run would do with the rows of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Foreseen {
    /// Accounts created.
    pub created: u32,
    /// Accounts changed.
    pub changed: u32,
    /// Rows that need no change.
    pub no_change: u32,
    /// Rows rejected for their problems.
    pub rejected: u32,
    /// Rows that somebody must decide on.
    pub undecided: u32,
}

/// A file that a later one replaces, as far as both name the same organisations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {
    /// Its reference, if the reader sees the file.
    #[serde(default)]
    pub reference: Option<SubmissionId>,
    /// Its name.
    pub file_name: String,
    /// When it came in.
    pub sent_at: Timestamp,
    /// Who sent it; `None` if it was the reader.
    pub sender: Option<String>,
    /// The names of the organisations that both are about.
    pub organisations: Vec<String>,
}

/// To the sender of a file, once it is checked: what the run will do with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailReceipt {
    /// Their first name.
    pub first_name: String,
    /// The submission's reference.
    pub reference: SubmissionId,
    /// The file's name.
    pub file_name: String,
    /// Its size in bytes.
    pub size: u64,
    /// How many rows it has.
    pub rows: u32,
    /// What its format is called.
    pub format: String,
    /// The names of the organisations that it is about.
    pub organisations: Vec<String>,
    /// When the next run is.
    pub run_at: Timestamp,
    /// What the run will do.
    pub foreseen: Foreseen,
    /// The first problems, in words, each with its place.
    pub problems: Vec<String>,
    /// The earlier files that it replaces, the latest first.
    pub replaces: Vec<Replaced>,
    /// The later files that replace it already, the latest first.
    #[serde(default)]
    pub later: Vec<Replaced>,
    /// How much it changes, a line for each organisation, if it waits for an administrator because that is much.
    pub held: Vec<String>,
    /// The submission's page.
    pub link: String,
    /// The mail that it answers.
    pub reply: Reply,
}

/// To the sender of a file that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailUnreadable {
    /// Their first name.
    pub first_name: String,
    /// The submission's reference.
    pub reference: SubmissionId,
    /// The file's name.
    pub file_name: String,
    /// Its size in bytes.
    pub size: u64,
    /// Why it cannot be read, and what to do about it.
    pub problems: Vec<String>,
    /// Whether it can be read once its sender has said on its page what its columns hold.
    #[serde(default)]
    pub asks_columns: bool,
    /// The submission's page.
    pub link: String,
    /// The mail that it answers.
    pub reply: Reply,
}

/// To the sender of a file that the run has applied, or has not because their role had ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailResult {
    /// Their first name.
    pub first_name: String,
    /// The submission's reference.
    pub reference: SubmissionId,
    /// The file's name.
    pub file_name: String,
    /// When it came in.
    pub sent_at: Timestamp,
    /// What was done.
    pub done: Foreseen,
    /// Rows that were not applied because something had changed since the file was checked.
    pub changed_since: u32,
    /// Whether the sender may send by now for less than they could when the file was checked.
    #[serde(default)]
    pub role_lost: bool,
    /// How many rows it has, if none was applied because the sender's role had ended.
    #[serde(default)]
    pub role_ended: Option<u32>,
    /// Rows that a later file replaces.
    pub replaced: u32,
    /// Rows that somebody chose to skip, or that were stopped.
    pub skipped: u32,
    /// The submission's page, if the sender can open it.
    #[serde(default)]
    pub link: Option<String>,
    /// The mail that it answers.
    pub reply: Reply,
}

/// To the sender of a mail without a file that can be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailRefused {
    /// Their first name.
    pub first_name: String,
    /// Its subject without keys; empty if it has none.
    #[serde(default)]
    pub subject: String,
    /// The name of its file without keys; `None` if there is not exactly one.
    #[serde(default)]
    pub file_name: Option<String>,
    /// When it came in.
    pub sent_at: Timestamp,
    /// What is wrong.
    pub reason: String,
    /// What they can do.
    pub cure: String,
    /// The page about files by email.
    pub help: String,
    /// The mail that it answers.
    pub reply: Reply,
}

/// To the sender of a file that later files have replaced, if only for some organisations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailSuperseded {
    /// Their first name.
    pub first_name: String,
    /// The file's name.
    pub file_name: String,
    /// When it came in.
    pub sent_at: Timestamp,
    /// The later files, the latest first.
    pub by: Vec<Replaced>,
    /// Whether they will not be applied either, so that nothing counts for their organisations.
    #[serde(default)]
    pub nothing_counts: bool,
    /// The page of the file that was replaced, if the reader can open it.
    #[serde(default)]
    pub link: Option<String>,
    /// The mail that it answers.
    pub reply: Reply,
}

/// To somebody who has been sent as many replies as one address is sent within an hour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailNoMoreReplies {
    /// Their first name.
    pub first_name: String,
    /// How many replies there are within an hour.
    pub limit: u32,
    /// The page of what they sent.
    pub link: String,
    /// The mail that it answers.
    pub reply: Reply,
}
