//! Letters: what the portal tells people by email. A letter is posted by the transaction that it tells of, and goes
//! out when that transaction has ended; sending is the server's.
//!
//! A letter waits as its kind and parameters. It is written out when it is sent ([`claim`]): as a short list of parts,
//! set as plain text and as HTML. It says who did what, and whom to tell if that was wrong.

mod alarms;
mod change_files;
mod composed;
mod email;
mod layout;
mod machines;
mod news;
mod part;
mod phrases;
mod posting;
mod wording;
mod writing_out;

use domain::{channel::Channel, offer::OfferEnd, values::ids::Timestamp};
use serde::{Deserialize, Serialize};
use store::access::credentials::PendingLink;

pub use self::{
    change_files::{ChangeFileLetter, FileBraked, FileCounts, FileProblems, RenameLink},
    composed::{Attached, Composed, ReplyTo},
    email::{
        AttachedFile, EmailNoMoreReplies, EmailReceipt, EmailRefused, EmailResult, EmailSuperseded, EmailUnreadable,
        Foreseen, Replaced, Reply,
    },
    news::{AbsenceNews, FactorNews, MoveNews, PersonNews, RoleEnd, RoleNews, RoleTurn, SendsByEmail},
    posting::{post, post_all},
    writing_out::{WrittenOut, claim},
};
pub(crate) use self::{email::may_be_attached, posting::gather};

/// Everything that the portal writes to people about. Names are as they are shown on pages; links to pages are whole URLs.
///
/// Days for which it is known whom a letter went to, when and about what.
pub const KNOWN_DAYS: i64 = 90;

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
    /// To a person with a new role, which ended the links and one-time passwords that others have seen.
    LinkReplaced {
        /// Their first name.
        first_name: String,
        /// The link by which a password is chosen, once.
        link: PendingLink,
    },
    /// To a connector, one of whose API tokens was revoked by somebody else.
    TokenRevoked {
        /// Their first name.
        first_name: String,
        /// What they call the token.
        name: String,
        /// Who revoked it.
        by: String,
    },
    /// To the addresses that a person had until recently: a link to choose a password was sent to the present one.
    LinkSent {
        /// Their first name.
        first_name: String,
        /// Who asked for it.
        by: String,
        /// The address that it was sent to.
        sent_to: String,
    },
    /// To a person whose email address was changed, at the new address and at those that they had until recently.
    AddressChanged {
        /// Their first name.
        first_name: String,
        /// Who changed it.
        by: String,
        /// The address before.
        before: String,
        /// The address now.
        after: String,
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
        /// The page where they ask for a link to get back in.
        #[serde(default)]
        way_back: String,
    },
    /// To a person who has asked, without being signed in, for a link to get back into their account.
    WayBackIn {
        /// Their first name.
        first_name: String,
        /// Whether the account is locked.
        locked: bool,
        /// The link by which another password is chosen, or the account is unlocked, once.
        link: PendingLink,
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
        /// When the account is deleted, unless another organisation takes it in. `None` if it is not deleted
        /// automatically.
        deleted_on: Option<Timestamp>,
        /// The roles that ended with it.
        #[serde(default)]
        roles: Vec<RoleNews>,
    },
    /// To a person who was marked as a leaver and is one no longer.
    LeaverUndone {
        /// Their first name.
        first_name: String,
        /// The organisation that they stay with.
        organisation: String,
    },
    /// To a person whose account went to another organisation.
    AccountMoved {
        /// Their first name.
        first_name: String,
        /// How it went there.
        how: MoveNews,
        /// The organisation that it left.
        from: String,
        /// The organisation that it is with now.
        to: String,
        /// Who did it.
        by: String,
        /// The roles that ended with it.
        #[serde(default)]
        roles: Vec<RoleNews>,
    },
    /// To the administrators of an organisation that people have left for another one.
    PeopleMoved {
        /// The reader's first name.
        first_name: String,
        /// How they went there.
        how: MoveNews,
        /// The organisation that they left.
        from: String,
        /// The organisation that they are with now.
        to: String,
        /// Who did it.
        by: String,
        /// Their names, as many as a letter lists.
        people: Vec<String>,
        /// How many others there are.
        others: u32,
    },
    /// To a person for whom an absence was entered, changed or cancelled, or who is back.
    OwnAbsence {
        /// Their first name.
        first_name: String,
        /// Who did it. `None` if the service did.
        by: Option<String>,
        /// What became of it.
        news: AbsenceNews,
    },
    /// To the administrators of an organisation whose people are away, or are back.
    Absences {
        /// The reader's first name.
        first_name: String,
        /// The organisation.
        organisation: String,
        /// Who did it. `None` if the service did.
        by: Option<String>,
        /// The people, as many as a letter lists.
        people: Vec<PersonNews>,
        /// How many others there are.
        others: u32,
    },
    /// To a person who was given roles, or has lost them.
    OwnRoles {
        /// Their first name.
        first_name: String,
        /// Who did it. `None` if the service did.
        by: Option<String>,
        /// The roles.
        roles: Vec<RoleNews>,
        /// How they send files, if a role lets them do so by email.
        #[serde(default)]
        by_email: Option<SendsByEmail>,
    },
    /// To the colleagues of those who were given roles, or have lost them.
    RolesChanged {
        /// The reader's first name.
        first_name: String,
        /// Who did it. `None` if the service did.
        by: Option<String>,
        /// The roles, as many as a letter lists.
        roles: Vec<RoleNews>,
        /// How many others there are.
        others: u32,
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
    /// To the other side of an offer that has ended: the person who made it, or those it was made to.
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
        /// Rows left out: rejected for their problems, or skipped.
        left_out: u32,
        /// Those of them that somebody decided to skip.
        #[serde(default)]
        skipped: u32,
        /// Rows whose account had changed meanwhile, and that wait for another look.
        back_to_review: u32,
        /// The submission's page.
        link: String,
    },
    /// To the administrators who decide on what a machine sent, because it changes many accounts.
    MachineHeld {
        /// The first name of the one who reads it.
        first_name: String,
        /// The connector that sent it.
        sender: String,
        /// How it came in.
        channel: Channel,
        /// How much it changes, a line for each organisation.
        changes: Vec<String>,
        /// When it is discarded if nobody decides; `None` if it waits for good.
        discarded_on: Option<Timestamp>,
        /// The submission's page.
        link: String,
    },
    /// To the connector whose machine sent what was discarded.
    MachineDiscarded {
        /// Their first name.
        first_name: String,
        /// How it came in.
        channel: Channel,
        /// When it was sent.
        sent_at: Timestamp,
        /// Who discarded it; `None` if nobody decided in time.
        by: Option<String>,
        /// Changes of it that were applied before.
        #[serde(default)]
        applied: u32,
        /// The submission's page.
        link: String,
    },
    /// To a Primary Local Administrator, once a day: what machines changed in their organisations.
    MachineDigest {
        /// Their first name.
        first_name: String,
        /// What each connector did, at most so many that a letter can be read.
        connectors: Vec<ConnectorDigest>,
        /// How many connectors more there are.
        more: u32,
        /// The list of what machines sent.
        link: String,
    },
    /// To a connector and those who manage it: its program has stopped sending.
    ConnectorSilent {
        /// The reader's first name.
        first_name: String,
        /// The connector's name; `None` if the reader is the connector.
        connector: Option<String>,
        /// When the program was last in contact.
        since: Timestamp,
        /// How many days usually lie between two days of contact.
        usual_days: u32,
        /// The connector's page, for those who see it.
        link: Option<String>,
    },
    /// To a connector and those who manage it: most of what its program sent on a day came to nothing.
    ConnectorFailing {
        /// The reader's first name.
        first_name: String,
        /// The connector's name; `None` if the reader is the connector.
        connector: Option<String>,
        /// When the day began.
        day: Timestamp,
        /// How many requests came.
        requests: u32,
        /// Those of them that were refused.
        refused: u32,
        /// Those of them that came too fast.
        throttled: u32,
        /// Why the last of them was refused.
        reason: Option<String>,
        /// The connector's page, for those who see it.
        link: Option<String>,
    },
    /// To a connector and those who manage it: its program disabled many people, and others wait for an administrator.
    ConnectorBraked {
        /// The reader's first name.
        first_name: String,
        /// The connector's name; `None` if the reader is the connector.
        connector: Option<String>,
        /// How many people wait.
        people: u32,
        /// Where they are decided on, for those who may.
        link: Option<String>,
    },
    /// To every Global Administrator, when the operator has made another by the command for recovery.
    GlobalRecovery {
        /// Their first name.
        first_name: String,
        /// Who is Global Administrator now.
        name: String,
        /// That one's address.
        address: String,
        /// When the role ends by itself.
        until: Timestamp,
    },
    /// To the sender of a file by email, once it is checked: what the run will do with it.
    EmailReceipt(Box<EmailReceipt>),
    /// To the sender of a file by email that cannot be read.
    EmailUnreadable(Box<EmailUnreadable>),
    /// To the sender of a file by email that has been applied.
    EmailResult(Box<EmailResult>),
    /// To the sender of a mail without a file that can be used.
    EmailRefused(Box<EmailRefused>),
    /// To the sender of a file by email that somebody else's later file has replaced.
    EmailSuperseded(Box<EmailSuperseded>),
    /// To somebody who has been sent as many replies as one address is sent within an hour.
    EmailNoMoreReplies(Box<EmailNoMoreReplies>),
    /// To somebody in whose name a mail came that was not proved to be theirs.
    EmailNotProved {
        /// Their first name.
        first_name: String,
        /// When it came in.
        sent_at: Timestamp,
        /// Its subject without keys; empty if it has none.
        #[serde(default)]
        subject: String,
        /// The name of its file without keys; `None` if there is not exactly one.
        #[serde(default)]
        file_name: Option<String>,
        /// Why it was not believed.
        reason: String,
        /// What they can do if it was theirs.
        cure: String,
    },
    /// About change files, and about what they do to people.
    ChangeFile(Box<ChangeFileLetter>),
    /// To somebody who has made a key for their files by email or removed it, or somebody has in their name.
    EmailKeySet {
        /// Their first name.
        first_name: String,
        /// Whether there is one from then on.
        made: bool,
    },
}

/// What one connector changed since the last digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectorDigest {
    /// The connector's name.
    pub name: String,
    /// The organisations in which it did.
    pub organisations: String,
    /// Accounts created.
    pub created: u32,
    /// Changes of accounts.
    pub changed: u32,
    /// Rows that were not applied.
    pub rejected: u32,
}

impl Letter {
    /// The one-time link that the letter carries, for a letter that has one.
    const fn link_mut(&mut self) -> Option<&mut PendingLink> {
        match self {
            Self::Activation { link, .. }
            | Self::PasswordReset { link, .. }
            | Self::LinkReplaced { link, .. }
            | Self::WayBackIn { link, .. } => Some(link),
            Self::LinkSent { .. }
            | Self::TokenRevoked { .. }
            | Self::AddressChanged { .. }
            | Self::PasswordChanged { .. }
            | Self::AccountLocked { .. }
            | Self::SecondFactor { .. }
            | Self::LeaverMarked { .. }
            | Self::LeaverUndone { .. }
            | Self::AccountMoved { .. }
            | Self::PeopleMoved { .. }
            | Self::OwnAbsence { .. }
            | Self::Absences { .. }
            | Self::OwnRoles { .. }
            | Self::RolesChanged { .. }
            | Self::AccountEnding { .. }
            | Self::OfferReceived { .. }
            | Self::OfferEnded { .. }
            | Self::UploadFinished { .. }
            | Self::MachineHeld { .. }
            | Self::MachineDiscarded { .. }
            | Self::MachineDigest { .. }
            | Self::ConnectorSilent { .. }
            | Self::ConnectorFailing { .. }
            | Self::ConnectorBraked { .. }
            | Self::GlobalRecovery { .. }
            | Self::EmailReceipt(_)
            | Self::EmailUnreadable(_)
            | Self::EmailResult(_)
            | Self::EmailRefused(_)
            | Self::EmailSuperseded(_)
            | Self::EmailNoMoreReplies(_)
            | Self::ChangeFile(_)
            | Self::EmailNotProved { .. }
            | Self::EmailKeySet { .. } => None,
        }
    }

    /// The link to a new address that the letter carries, for a letter that has one.
    fn rename_link_mut(&mut self) -> Option<&mut RenameLink> {
        match self {
            Self::ChangeFile(letter) => letter.rename_link_mut(),
            _ => None,
        }
    }

    /// The mail that the letter answers, for a letter that does.
    fn reply(&self) -> Option<&Reply> {
        match self {
            Self::EmailReceipt(letter) => Some(&letter.reply),
            Self::EmailUnreadable(letter) => Some(&letter.reply),
            Self::EmailResult(letter) => Some(&letter.reply),
            Self::EmailRefused(letter) => Some(&letter.reply),
            Self::EmailSuperseded(letter) => Some(&letter.reply),
            Self::EmailNoMoreReplies(letter) => Some(&letter.reply),
            _ => None,
        }
    }

    /// The files that it brings.
    fn files(&self) -> &[AttachedFile] {
        self.reply().map_or(&[], |reply| &reply.files)
    }

    /// The mail that it answers, for another letter that answers the same.
    pub(crate) fn answers(&self) -> Reply {
        Reply {
            files: vec![],
            ..self.reply().cloned().unwrap_or_default()
        }
    }

    /// The letter without files, as it is sent where none may be attached: it says where they are instead.
    fn without_files(mut self) -> Self {
        match &mut self {
            Self::EmailReceipt(letter) => letter.reply.files.clear(),
            Self::EmailUnreadable(letter) => letter.reply.files.clear(),
            Self::EmailResult(letter) => letter.reply.files.clear(),
            Self::EmailRefused(letter) => letter.reply.files.clear(),
            Self::EmailSuperseded(letter) => letter.reply.files.clear(),
            Self::EmailNoMoreReplies(letter) => letter.reply.files.clear(),
            _ => {}
        }
        self
    }

    /// A letter that goes to several people, to one of them.
    #[must_use]
    pub(crate) fn greeting(mut self, name: String) -> Self {
        if let Self::OfferReceived { first_name, .. }
        | Self::OfferEnded { first_name, .. }
        | Self::PeopleMoved { first_name, .. }
        | Self::Absences { first_name, .. }
        | Self::RolesChanged { first_name, .. } = &mut self
        {
            *first_name = name;
        }
        self
    }
}
