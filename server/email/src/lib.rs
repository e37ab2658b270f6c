//! Mail that brings a file: bytes in; who sent it, as far as that is proved, and the one file out. No IO, no clock.

use domain::email::{Automatic, Distrust, Refusal};

/// How much of a mail is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest mail, in MiB.
    pub mail_mib: u32,
    /// The largest attached file, in MiB.
    pub file_mib: u32,
    /// The largest size that a ZIP file may unpack to, in MiB.
    pub unpacked_mib: u32,
    /// The most that a ZIP file may unpack to for each of its bytes.
    pub unpacked_ratio: u32,
    /// The most parts of a mail.
    pub parts: usize,
    /// How deep parts may lie within parts.
    pub depth: usize,
    /// The longest headers, in bytes.
    pub header_bytes: usize,
}

impl Limits {
    /// As shipped.
    pub const STANDARD: Self = Self {
        mail_mib: 25,
        file_mib: 10,
        unpacked_mib: 50,
        unpacked_ratio: 100,
        parts: 200,
        depth: 10,
        header_bytes: 256 * 1024,
    };
}

/// Whose word counts about who sent a mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trust {
    /// The names by which the operator's mail servers sign Authentication-Results; nobody is believed without one.
    pub authserv_ids: Vec<String>,
    /// The names of the operator's mail servers in Received fields.
    pub received_by: Vec<String>,
    /// How many Received fields the operator's own servers add at most.
    pub own_hops: usize,
    /// The mail domain.
    pub mail_domain: String,
    /// Whether the mail server lets everybody who has signed in send in their own name only, so that DMARC proves the
    /// person and not only the domain.
    pub submission_enforces_sender: bool,
    /// The domains of forwarders whose seals (ARC) are believed.
    pub arc_sealers: Vec<String>,
    /// The portal's own addresses, in small letters: what comes from them is no file.
    pub own_addresses: Vec<String>,
    /// The local part, with its plus sign, that letters' return addresses begin with: `connector.data+bounce-`.
    pub bounce_prefix: String,
}

/// A mail, as far as it matters here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The addresses of its From fields, in small letters.
    pub from: Vec<String>,
    /// The Message-ID, without brackets.
    pub message_id: Option<String>,
    /// What it answers to, in order (References, or In-Reply-To), without brackets; at most 20.
    pub references: Vec<String>,
    /// The subject, on one line; at most 200 characters.
    pub subject: String,
    /// The addresses that it came to, in small letters: To, Cc, Delivered-To, X-Original-To.
    pub to: Vec<String>,
    /// The names that have written Authentication-Results into it, trusted or not; at most 10.
    pub authserv_ids: Vec<String>,
    /// Whether its sender's program asks for no receipts (X-Auto-Response-Suppress).
    pub no_receipt: bool,
    /// By what it is recognised as sent by a program.
    pub automatic: Option<Automatic>,
    /// Who sent it, as far as that is proved.
    pub sender: Result<Claim, Distrust>,
    /// The file that it brings.
    pub file: Result<Attachment, Refusal>,
}

/// Who sent a mail, by the word of a mail server that is trusted. Whether there is such an account is for the directory
/// to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The address in From, in small letters.
    pub from: String,
    /// What proves it.
    pub proof: Proof,
}

/// What proves a sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The sender signed in to the mail server by this address, in small letters, which must be one of the same account.
    Login(String),
    /// The domain is proved, and with it the address: `dmarc`, `dkim` or `arc`.
    Domain(&'static str),
}

/// The file that a mail brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, as the mail has it; without a path and without what cannot be seen.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Mail {
    /// Reads a mail. Never fails: what is wrong with it is in its fields. `return_path` is the envelope's sender, if it is
    /// known otherwise than by the field Return-Path; it is empty for returned mail.
    #[must_use]
    pub fn read(_bytes: &[u8], _return_path: Option<&str>, _limits: &Limits, _trust: &Trust) -> Self {
        unimplemented!("the reader's")
    }

    /// The tags behind a plus sign of the addresses that it came to, and the words of the subject: where a key may stand.
    #[must_use]
    pub fn possible_keys(&self) -> Vec<&str> {
        unimplemented!("the reader's")
    }
}
