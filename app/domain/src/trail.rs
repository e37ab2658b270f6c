//! The audit log: one chain of entries for everything that happens. Changes of the directory are entries by their facts;
//! what changes nothing in it, such as signing in or taking a file away, is a [`Happening`].
//!
//! A new thing to record is a variant of [`Happening`] with its sentence here, and a line of the table in `trail/action.rs`.

mod action;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use self::action::{Action, Topic};
use crate::{
    connector::ProposalKind,
    event::Event,
    organisation::OrganisationCode,
    policy::Right,
    values::{
        ids::{AccountId, Timestamp},
        numbers::thousands,
    },
};

/// Something that is recorded and changes nothing in the directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "happening", rename_all = "kebab-case")]
pub enum Happening {
    /// Somebody signed in.
    SignedIn,
    /// Somebody tried to sign in and was not let in.
    SignInFailed {
        /// Of an address that no account has: a digest under the salt of that day, so that a day's tries can be told apart.
        /// The salt is forgotten later, and then nobody can try addresses on it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unknown_address: Option<String>,
    },
    /// Somebody who did not sign in asked for a link to get back into an account, and it was sent to its address.
    ResetLinkSent,
    /// Something was asked for with an API token that is not good, once or often from the same network.
    TokenRefused {
        /// What the token is recognised by, where there is or was such a token.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        token: Option<String>,
        /// The network that it came from, where that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        network: Option<String>,
    },
    /// Somebody changed what they prove themselves with besides their password, or used one of its reserves.
    FactorChanged {
        /// How.
        change: FactorChange,
    },
    /// Somebody asked for something that is not theirs.
    Refused {
        /// `GET` or `POST`.
        method: String,
        /// The address, without its query.
        path: String,
        /// 403 where they may see it and may not do that; 404 where it is not there for them.
        status: u16,
    },
    /// An upload, or what was done to many people at once, was undone: what its rows had done was reversed, as far as that
    /// could be.
    UploadUndone {
        /// Its reference, or that of its undo.
        upload: String,
        /// The upload's file, or what the act is called.
        file: String,
        /// Whether its undo was undone, so that it is done again.
        #[serde(default)]
        again: bool,
        /// Which of the two it was.
        #[serde(default, skip_serializing_if = "WasUndone::is_upload")]
        what: WasUndone,
    },
    /// An administrator applied a submission of a machine that was held because it changes many accounts.
    HeldApplied {
        /// Its reference.
        submission: String,
        /// The connector that sent it, by name.
        sender: String,
    },
    /// A submission of a machine was discarded: by an administrator, or by the service because nobody decided in time.
    HeldDiscarded {
        /// Its reference.
        submission: String,
        /// The connector that sent it, by name.
        sender: String,
    },
    /// Somebody set how a connector is answered.
    ConnectorSet {
        /// What is set from then on.
        settings: String,
    },
    /// A connector made a key for its files by email, or removed it.
    EmailKeySet {
        /// Whether there is one from then on; one that was there before works no longer.
        made: bool,
    },
    /// Somebody asked for what a connector's machine proposed.
    ProposalAccepted {
        /// What it proposed.
        kind: ProposalKind,
        /// The reference of what they asked for.
        submission: String,
    },
    /// Somebody said no to what a connector's machine proposed.
    ProposalDeclined {
        /// What it proposed.
        kind: ProposalKind,
    },
    /// Somebody had the files that came by email applied before the time of the daily run.
    EmailRunBegun {
        /// The number of the run.
        run: i64,
    },
    /// Somebody withdrew a file that they had sent by email.
    EmailWithdrawn {
        /// Its reference.
        submission: String,
    },
    /// Somebody took away the source of a mail that was set aside.
    EmailSourceRead {
        /// The number of the mail.
        mail: i64,
    },
    /// Somebody cancelled a change of email address that waited for its person.
    RenameCancelled,
    /// Activation links of people whom a submission made were given out: shown to somebody, or sent by email.
    LinksGivenOut {
        /// Its reference.
        submission: String,
        /// Its file.
        file: String,
        /// Of how many people.
        people: u32,
        /// How.
        how: GivenOut,
        /// Whether links of this submission were given out before; those stopped working.
        #[serde(default)]
        again: bool,
    },
    /// Somebody said what the columns of files with certain headings hold; such files are read so from then on.
    ColumnsSaid {
        /// The unit for which it was said; `None` if it was said for the whole organisation.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unit: Option<String>,
        /// The headings that are read, each with what its column holds.
        columns: Vec<(String, String)>,
        /// What every row has, and what texts of the file mean: each text with what it is read as.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        values: Vec<(String, String)>,
        /// Whether it takes the place of what was said before.
        anew: bool,
    },
    /// A file about people was taken away.
    Exported {
        /// What it holds.
        what: String,
        /// The address, with what was asked for but for the words that somebody typed.
        asked: String,
    },
    /// Somebody was looked up outside the reader's own scope: in the national directory.
    LookedUp {
        /// The address, as with an export.
        asked: String,
    },
    /// The audit log was read.
    TrailRead {
        /// By which filters.
        asked: String,
    },
    /// Somebody verified the audit log: whether every entry is there, and is what was recorded.
    TrailVerified {
        /// How many entries there are, of those that they may read.
        entries: u64,
        /// Where the trail ended, as `NUMBER:HASH`; for those only who read all of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        head: Option<String>,
        /// What is wrong first; `None` if the trail is whole.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fault: Option<String>,
    },
    /// Personal values were taken out of earlier entries, because somebody is forgotten.
    Forgotten {
        /// The entries by number, each with the SHA-256 of what is left of it, in hexadecimal.
        left: Vec<(i64, String)>,
    },
    /// What the sweep held back, because it would end or erase suspiciously much, may be done.
    SweepConfirmed {
        /// How much.
        number: u64,
        /// Who said so at the command line; nobody where it was confirmed in the portal.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        operator: Option<String>,
    },
    /// Old entries were dropped from the front.
    Dropped {
        /// The last of them.
        through: i64,
        /// Its hash, from which the rest goes on, in hexadecimal.
        hash: String,
        /// Who signed it off.
        signed_off_by: String,
    },
}

/// How activation links are given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GivenOut {
    /// Shown as a sheet to print.
    Printed,
    /// Taken away as a file.
    Downloaded,
    /// Sent by email again.
    Emailed,
    /// Sent to private addresses that the file gives.
    EmailedPrivately,
    /// Not sent yet: on their first day they go to private addresses that the file gives.
    PrivatelyLater,
}

impl GivenOut {
    /// Every way.
    pub const ALL: [Self; 5] = [
        Self::Printed,
        Self::Downloaded,
        Self::Emailed,
        Self::EmailedPrivately,
        Self::PrivatelyLater,
    ];

    /// The ways that somebody chooses from.
    pub const CHOSEN: [Self; 3] = [Self::Printed, Self::Downloaded, Self::Emailed];

    /// The name it is sent and stored by.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Printed => "printed",
            Self::Downloaded => "downloaded",
            Self::Emailed => "emailed",
            Self::EmailedPrivately => "emailed-privately",
            Self::PrivatelyLater => "privately-later",
        }
    }

    /// Reads [`Self::slug`] back.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|how| how.slug() == slug)
    }
}

/// What was undone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WasUndone {
    /// An upload.
    #[default]
    Upload,
    /// One thing that was done to many people at once.
    Act,
}

impl WasUndone {
    /// Whether it was an upload, which older entries do not say.
    #[must_use]
    pub const fn is_upload(&self) -> bool {
        matches!(self, Self::Upload)
    }
}

/// What somebody did about their own second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactorChange {
    /// An app or a passkey was set up.
    Added,
    /// One was taken away.
    Removed,
    /// A recovery code stood in for it.
    CodeUsed,
    /// New recovery codes took the place of those before.
    CodesRenewed,
}

impl Happening {
    /// The action that it is.
    #[must_use]
    pub const fn action(&self) -> Action {
        match self {
            Self::SignedIn => Action::SignedIn,
            Self::SignInFailed { .. } => Action::SignInFailed,
            Self::ResetLinkSent => Action::ResetLinkSent,
            Self::TokenRefused { .. } => Action::TokenRefused,
            Self::FactorChanged { .. } => Action::FactorChanged,
            Self::Refused { .. } => Action::Refused,
            Self::UploadUndone { .. } => Action::UploadUndone,
            Self::HeldApplied { .. } => Action::HeldApplied,
            Self::HeldDiscarded { .. } => Action::HeldDiscarded,
            Self::ConnectorSet { .. } => Action::ConnectorSet,
            Self::EmailKeySet { .. } => Action::EmailKeySet,
            Self::ProposalAccepted { .. } => Action::ProposalAccepted,
            Self::ProposalDeclined { .. } => Action::ProposalDeclined,
            Self::EmailRunBegun { .. } => Action::EmailRunBegun,
            Self::EmailWithdrawn { .. } => Action::EmailWithdrawn,
            Self::EmailSourceRead { .. } => Action::EmailSourceRead,
            Self::RenameCancelled => Action::RenameCancelled,
            Self::LinksGivenOut { .. } => Action::LinksGivenOut,
            Self::ColumnsSaid { .. } => Action::ColumnsSaid,
            Self::Exported { .. } => Action::Exported,
            Self::LookedUp { .. } => Action::LookedUp,
            Self::TrailRead { .. } => Action::TrailRead,
            Self::TrailVerified { .. } => Action::TrailVerified,
            Self::Forgotten { .. } => Action::Forgotten,
            Self::SweepConfirmed { .. } => Action::SweepConfirmed,
            Self::Dropped { .. } => Action::Dropped,
        }
    }

    /// What happened, as a sentence without its full stop.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::SignedIn => "Signed in".into(),
            Self::SignInFailed { unknown_address: None } => "A sign-in failed".into(),
            Self::SignInFailed {
                unknown_address: Some(digest),
            } => format!("A sign-in failed, with an email address that no account has ({digest})"),
            Self::ResetLinkSent => "A link to get back into the account was requested, and sent by email".into(),
            Self::TokenRefused { token, network } => {
                let token = token.as_deref().map_or(String::new(), |token| format!(" ({token})"));
                let network = network
                    .as_deref()
                    .map_or(String::new(), |from| format!(", from {from}"));
                format!("An API token that does not work was refused{token}{network}")
            }
            Self::FactorChanged { change } => match change {
                FactorChange::Added => "Set up a second factor".into(),
                FactorChange::Removed => "Removed a second factor".into(),
                FactorChange::CodeUsed => "Used a recovery code in place of the second factor".into(),
                FactorChange::CodesRenewed => "Made new recovery codes".into(),
            },
            Self::Refused { method, path, status } => match (method.as_str(), status) {
                ("GET", 403) => format!("Was refused access to {path}"),
                ("GET", _) => format!("Asked for {path}, which they cannot see"),
                (_, 403) => format!("Was refused an action at {path}"),
                _ => format!("Tried an action at {path}, which they cannot see"),
            },
            Self::UploadUndone {
                upload,
                file,
                again,
                what,
            } => match (what, again) {
                (WasUndone::Upload, false) => format!("Undid the upload {file} ({upload})"),
                (WasUndone::Upload, true) => format!("Applied the upload {file} again by undoing its undo ({upload})"),
                (WasUndone::Act, false) => format!("Undid “{file}” ({upload})"),
                (WasUndone::Act, true) => format!("Applied “{file}” again by undoing its undo ({upload})"),
            },
            Self::HeldApplied { submission, sender } => format!("Applied submission {submission}, sent by {sender}"),
            Self::HeldDiscarded { submission, sender } => {
                format!("Discarded submission {submission}, sent by {sender}")
            }
            Self::EmailKeySet { made: true } => "Made a key for files sent by email".into(),
            Self::EmailKeySet { made: false } => "Removed the key for files sent by email".into(),
            Self::ConnectorSet { settings } => format!("Changed how the connector is answered: {settings}"),
            Self::ProposalAccepted { kind, submission } => {
                format!(
                    "Accepted what a connector proposed: {} ({submission})",
                    kind.name().to_lowercase()
                )
            }
            Self::ProposalDeclined { kind } => {
                format!("Declined what a connector proposed: {}", kind.name().to_lowercase())
            }
            Self::EmailRunBegun { run } => format!("Started the run of files sent by email (run {run})"),
            Self::EmailWithdrawn { submission } => format!("Withdrew submission {submission}, sent by email"),
            Self::EmailSourceRead { mail } => format!("Downloaded the source of email {mail}"),
            Self::RenameCancelled => "Cancelled a change of email address that waited for confirmation".into(),
            Self::LinksGivenOut {
                submission,
                file,
                people,
                how,
                again,
            } => {
                let links = match people {
                    1 => "1 activation link".to_owned(),
                    people => format!("{people} activation links"),
                };
                let did = match how {
                    GivenOut::Printed => format!("Showed {links} to print"),
                    GivenOut::Downloaded => format!("Downloaded {links}"),
                    GivenOut::Emailed => format!("Sent {links} by email"),
                    GivenOut::EmailedPrivately => format!("Sent {links} to private email addresses"),
                    GivenOut::PrivatelyLater => format!("Set private email addresses for {links} that are sent later"),
                };
                let again = if *again { "; earlier links stopped working" } else { "" };
                format!("{did}, for people created by {file} ({submission}){again}")
            }
            Self::ColumnsSaid {
                unit,
                columns,
                values,
                anew,
            } => {
                let verb = if *anew { "Changed" } else { "Set" };
                let place = unit.as_ref().map(|unit| format!(" for {unit}")).unwrap_or_default();
                let columns = columns
                    .iter()
                    .map(|(heading, held)| format!("“{heading}” is the {held}"));
                let values = values
                    .iter()
                    .map(|(text, meaning)| format!("“{text}” is read as “{meaning}”"));
                let columns = columns.chain(values).collect::<Vec<_>>().join(", ");
                format!("{verb} what the columns of uploaded files hold{place}: {columns}")
            }
            Self::Exported { what, asked } => format!("Downloaded {what} ({asked})"),
            Self::LookedUp { asked } => format!("Searched the national directory ({asked})"),
            Self::TrailRead { asked } if asked.is_empty() => "Read the audit log".into(),
            Self::TrailRead { asked } => format!("Read the audit log ({asked})"),
            Self::TrailVerified { fault: Some(fault), .. } => {
                format!("Verified the audit log: it is not whole, {fault}")
            }
            Self::TrailVerified {
                entries,
                head,
                fault: None,
            } => {
                let number = thousands(u32::try_from(*entries).unwrap_or(u32::MAX));
                let noun = if *entries == 1 { "entry" } else { "entries" };
                let head = head.as_ref().map_or_else(
                    || " of the organisations they manage".to_owned(),
                    |head| format!(", head {head}"),
                );
                format!("Verified the audit log: whole, {number} {noun}{head}")
            }
            Self::Forgotten { left } => {
                let entries = if left.len() == 1 { "entry" } else { "entries" };
                format!("Personal details were removed from {} earlier {entries}", left.len())
            }
            Self::SweepConfirmed { number, operator } => {
                let by = operator
                    .as_ref()
                    .map(|operator| format!(" (at the command line, by {operator})"));
                let by = by.unwrap_or_default();
                format!("Confirmed {number} automatic changes that were held back{by}")
            }
            Self::Dropped {
                through, signed_off_by, ..
            } => format!("Entries up to number {through} were deleted, signed off by {signed_off_by}"),
        }
    }
}

/// What is to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// When.
    pub at: Timestamp,
    /// Who, where that is known; none for the service, too.
    pub actor: Option<AccountId>,
    /// Who, by the name they have; empty where it is nobody known.
    pub actor_name: String,
    /// In whose trail it stands; where there is none, only those with the whole federation see it.
    pub organisation: Option<OrganisationCode>,
    /// The account or contact that it is about.
    pub person: Option<Uuid>,
    /// By what rights.
    pub rights: Vec<Right>,
    /// What happened.
    pub happening: Happening,
}

/// An entry of the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number; the first is 1 and none is left out.
    pub number: i64,
    /// When.
    pub at: Timestamp,
    /// What sort of thing happened; none where a newer server wrote a sort that this one does not know.
    pub action: Option<Action>,
    /// Who, where that is known; none for the service, too.
    pub actor: Option<AccountId>,
    /// Who, by the name they had; empty where it is nobody known, or forgotten.
    pub actor_name: String,
    /// In whose trail it stands.
    pub organisation: Option<OrganisationCode>,
    /// The account or contact that it is about.
    pub person: Option<Uuid>,
    /// By what rights.
    pub rights: Vec<Right>,
    /// What happened.
    pub told: Told,
    /// Its hash, in hexadecimal.
    pub hash: String,
}

/// What an entry tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// A change of the directory.
    Change(Box<Event>),
    /// Anything else.
    Happening(Happening),
    /// Nothing any more, because its person is forgotten.
    Nothing,
}

impl Entry {
    /// What happened, as a sentence without its full stop; `day` writes a day as people read it.
    #[must_use]
    pub fn sentence(&self, day: fn(Timestamp) -> String) -> String {
        match &self.told {
            Told::Change(event) => event.fact.sentence(day),
            Told::Happening(happening) => happening.sentence(),
            Told::Nothing => {
                let action = self.action.map_or("Unknown action", Action::name);
                format!("{action}, by or about a person whose data has been erased")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_and_proposals_of_connectors_are_told_in_words() {
        let settings = crate::connector::ConnectorSettings::default().in_words();
        let told = "Changed how the connector is answered: tolerant of differences between products, requests to delete \
                    are refused, what it sends is applied";
        assert_eq!(Happening::ConnectorSet { settings }.sentence(), told);
        let (kind, submission) = (ProposalKind::Disable, "7Q4K9TZM2X".to_owned());
        let accepted = Happening::ProposalAccepted { kind, submission };
        assert_eq!(
            accepted.sentence(),
            "Accepted what a connector proposed: disable account (7Q4K9TZM2X)"
        );
        let declined = Happening::ProposalDeclined {
            kind: ProposalKind::Move,
        };
        assert_eq!(
            declined.sentence(),
            "Declined what a connector proposed: transfer to another organisation"
        );
    }

    #[test]
    fn what_people_do_with_files_by_email_is_told_in_words() {
        let submission = "7Q4K9TZM2X".to_owned();
        for (happening, told) in [
            (
                Happening::EmailRunBegun { run: 12 },
                "Started the run of files sent by email (run 12)",
            ),
            (
                Happening::EmailWithdrawn { submission },
                "Withdrew submission 7Q4K9TZM2X, sent by email",
            ),
            (
                Happening::EmailSourceRead { mail: 41 },
                "Downloaded the source of email 41",
            ),
        ] {
            assert_eq!(happening.sentence(), told);
        }
    }

    #[test]
    fn a_verification_says_what_was_verified_and_what_is_wrong() {
        let verified = |head: Option<&str>, fault: Option<&str>| {
            let verified = Happening::TrailVerified {
                entries: 3_408,
                head: head.map(ToOwned::to_owned),
                fault: fault.map(ToOwned::to_owned),
            };
            verified.sentence()
        };
        let whole = "Verified the audit log: whole, 3,408 entries";
        assert_eq!(verified(Some("3408:ab"), None), format!("{whole}, head 3408:ab"));
        assert_eq!(
            verified(None, None),
            format!("{whole} of the organisations they manage")
        );
        let broken = "Verified the audit log: it is not whole, entry 7 is missing";
        assert_eq!(verified(Some("3408:ab"), Some("entry 7 is missing")), broken);
    }
}
