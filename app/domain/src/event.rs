//! Events: everything that ever changed in the directory. The tables are what the events add up to.

use serde::{Deserialize, Serialize};

use crate::{
    account::AccountStatus,
    channel::Channel,
    dictionary::Attributes,
    ids::{AccountId, ContactId, GrantId, RowNumber, SubmissionId, Timestamp},
    organisation::{Organisation, OrganisationCode, UnitPath},
    plan::Change,
    policy::Role,
};

/// One change, with who made it, how, when and in which row of which submission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// Within which submission.
    pub submission: SubmissionId,
    /// For which of its rows.
    pub row: RowNumber,
    /// Who: the account; none for the service itself.
    pub actor: Option<AccountId>,
    /// Who, by the name they had.
    pub actor_name: String,
    /// How it came in.
    pub channel: Channel,
    /// What changed.
    pub fact: Fact,
}

/// What changed. Each fact is enough to redo its change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum Fact {
    /// An organisation was founded.
    OrganisationFounded {
        /// All of it.
        organisation: Organisation,
    },
    /// An account was created.
    AccountCreated {
        /// Which.
        account: AccountId,
        /// Where.
        organisation: OrganisationCode,
        /// In which status.
        status: AccountStatus,
        /// With what.
        attributes: Attributes,
    },
    /// An account was changed.
    AccountChanged {
        /// Which.
        account: AccountId,
        /// Where it belongs.
        organisation: OrganisationCode,
        /// What changed.
        changes: Vec<Change>,
    },
    /// An account's status was changed.
    StatusChanged {
        /// Which account's.
        account: AccountId,
        /// Where it belongs.
        organisation: OrganisationCode,
        /// What it was.
        before: AccountStatus,
        /// What it became.
        after: AccountStatus,
    },
    /// A contact was created.
    ContactCreated {
        /// Which.
        contact: ContactId,
        /// Where.
        organisation: OrganisationCode,
        /// With what.
        attributes: Attributes,
    },
    /// A role was granted.
    RoleGranted {
        /// Which grant.
        grant: GrantId,
        /// To whom.
        account: AccountId,
        /// The role.
        role: Role,
        /// Over which organisation and those below it.
        organisation: OrganisationCode,
        /// Only over this unit and those below it.
        unit: Option<UnitPath>,
    },
}

impl Fact {
    /// The organisation in whose trail it stands.
    #[must_use]
    pub const fn organisation(&self) -> &OrganisationCode {
        match self {
            Self::OrganisationFounded { organisation } => &organisation.code,
            Self::AccountCreated { organisation, .. }
            | Self::AccountChanged { organisation, .. }
            | Self::StatusChanged { organisation, .. }
            | Self::ContactCreated { organisation, .. }
            | Self::RoleGranted { organisation, .. } => organisation,
        }
    }

    /// The person or organisation in whose history it stands.
    #[must_use]
    pub fn subject(&self) -> String {
        match self {
            Self::OrganisationFounded { organisation } => organisation.code.to_string(),
            Self::AccountCreated { account, .. } | Self::AccountChanged { account, .. } => account.to_string(),
            Self::StatusChanged { account, .. } | Self::RoleGranted { account, .. } => account.to_string(),
            Self::ContactCreated { contact, .. } => contact.to_string(),
        }
    }

    /// What happened, as the beginning of a sentence: "Account created".
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::OrganisationFounded { .. } => "Organisation added".into(),
            Self::AccountCreated { .. } => "Account created".into(),
            Self::AccountChanged { changes, .. } if changes.len() == 1 => {
                format!("{} changed", changes[0].attribute.name())
            }
            Self::AccountChanged { changes, .. } => format!("{} details changed", changes.len()),
            Self::StatusChanged { before, after, .. } => {
                format!("Status changed from {} to {}", before.name(), after.name())
            }
            Self::ContactCreated { .. } => "Contact created".into(),
            Self::RoleGranted {
                role,
                organisation,
                unit: None,
                ..
            } => format!("Made {} of {organisation}", role.name()),
            Self::RoleGranted {
                role,
                organisation,
                unit: Some(unit),
                ..
            } => {
                format!("Made {} of {unit} in {organisation}", role.name())
            }
        }
    }
}
