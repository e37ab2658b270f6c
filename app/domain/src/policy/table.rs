//! The role table: which role may do which deed. Data, held once; an approved text prints it.

use serde::{Deserialize, Serialize};

use crate::channel::{Channel, Operation};

/// The roles (H).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each is its own name")]
pub enum Role {
    PrimaryLocalAdministrator,
    LocalAdministrator,
    LocalHelpdesk,
    Connector,
    Audit,
    GlobalAdministrator,
    GlobalHelpdesk,
}

impl Role {
    /// Every role, in the table's order.
    pub const ALL: [Self; 7] = [
        Self::PrimaryLocalAdministrator,
        Self::LocalAdministrator,
        Self::LocalHelpdesk,
        Self::Connector,
        Self::Audit,
        Self::GlobalAdministrator,
        Self::GlobalHelpdesk,
    ];

    /// What pages call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PrimaryLocalAdministrator => "Primary Local Administrator",
            Self::LocalAdministrator => "Local Administrator",
            Self::LocalHelpdesk => "Local Helpdesk",
            Self::Connector => "Connector",
            Self::Audit => "Audit",
            Self::GlobalAdministrator => "Global Administrator",
            Self::GlobalHelpdesk => "Global Helpdesk",
        }
    }

    /// The name it is stored by.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::PrimaryLocalAdministrator => "pla",
            Self::LocalAdministrator => "la",
            Self::LocalHelpdesk => "helpdesk",
            Self::Connector => "connector",
            Self::Audit => "audit",
            Self::GlobalAdministrator => "global-admin",
            Self::GlobalHelpdesk => "global-helpdesk",
        }
    }

    /// Reads [`Self::slug`] back.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.slug() == slug)
    }

    /// Whether it reaches the whole federation, wherever it was granted.
    #[must_use]
    pub const fn is_global(self) -> bool {
        matches!(self, Self::GlobalAdministrator | Self::GlobalHelpdesk)
    }
}

/// The table's rows, split where one row names several rights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is its own name")]
pub enum Deed {
    See,
    CreatePeople,
    EditPeople,
    MoveAndEnd,
    DisableAndEnable,
    ResetAndUnlock,
    ManageSeats,
    Hold,
    UploadCsv,
    SendByMachine,
    CreateByMachine,
    EditByMachine,
    DisableByMachine,
    GrantLocalRoles,
    GrantConnector,
    GrantPrimary,
    GrantGlobal,
    ManageOrganisations,
    ManageCustomers,
    ReadAuditTrail,
}

impl Deed {
    /// Every deed, in the table's order.
    pub const ALL: [Self; 20] = [
        Self::See,
        Self::CreatePeople,
        Self::EditPeople,
        Self::MoveAndEnd,
        Self::DisableAndEnable,
        Self::ResetAndUnlock,
        Self::ManageSeats,
        Self::Hold,
        Self::UploadCsv,
        Self::SendByMachine,
        Self::CreateByMachine,
        Self::EditByMachine,
        Self::DisableByMachine,
        Self::GrantLocalRoles,
        Self::GrantConnector,
        Self::GrantPrimary,
        Self::GrantGlobal,
        Self::ManageOrganisations,
        Self::ManageCustomers,
        Self::ReadAuditTrail,
    ];

    /// What the table calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::See => "see accounts, contacts of the scope",
            Self::CreatePeople => "create account / contact",
            Self::EditPeople => "edit account / contact",
            Self::MoveAndEnd => "mark leaver, joiner, transfer, delete, restore",
            Self::DisableAndEnable => "disable, enable",
            Self::ResetAndUnlock => "reset password, unlock",
            Self::ManageSeats => "assign, change, revoke seats and their storage",
            Self::Hold => "hold, release accounts",
            Self::UploadCsv => "upload CSV in the portal, undo an upload",
            Self::SendByMachine => "send CSV by email, use API tokens, send change files",
            Self::CreateByMachine => "… and create accounts so",
            Self::EditByMachine => "… and edit accounts so",
            Self::DisableByMachine => "… and disable accounts so",
            Self::GrantLocalRoles => "grant and revoke LA, Local Helpdesk, Audit",
            Self::GrantConnector => "grant and revoke Connector",
            Self::GrantPrimary => "grant and revoke PLA",
            Self::GrantGlobal => "grant and revoke Global Administrator, Global Helpdesk",
            Self::ManageOrganisations => "import, create, close, merge, move organisations",
            Self::ManageCustomers => "create, change customers and subscriptions",
            Self::ReadAuditTrail => "read the audit trail of the scope",
        }
    }

    /// The deed that granting a role is.
    #[must_use]
    pub const fn of_grant(role: Role) -> Self {
        match role {
            Role::PrimaryLocalAdministrator => Self::GrantPrimary,
            Role::LocalAdministrator | Role::LocalHelpdesk | Role::Audit => Self::GrantLocalRoles,
            Role::Connector => Self::GrantConnector,
            Role::GlobalAdministrator | Role::GlobalHelpdesk => Self::GrantGlobal,
        }
    }

    /// The deed that an operation through a channel is; none where no role may do it.
    #[must_use]
    pub const fn of(operation: Operation, channel: Channel) -> Option<Self> {
        let by_file = matches!(channel, Channel::PortalCsv | Channel::Undo);
        Some(match operation {
            Operation::CreateAccount | Operation::CreateContact if channel.is_machine() => Self::CreateByMachine,
            Operation::EditAccount | Operation::EditContact if channel.is_machine() => Self::EditByMachine,
            Operation::CreateAccount | Operation::EditAccount if by_file => Self::UploadCsv,
            // What an upload created, or its undoing took away, those who may upload take away and bring back by undoing it.
            Operation::DeleteOrRestoreAccount if matches!(channel, Channel::Undo) => Self::UploadCsv,
            Operation::CreateAccount | Operation::CreateContact => Self::CreatePeople,
            Operation::EditAccount | Operation::EditContact => Self::EditPeople,
            Operation::DisableOrEnable if matches!(channel, Channel::Api) => Self::DisableByMachine,
            Operation::DisableOrEnable if channel.is_machine() => Self::SendByMachine,
            Operation::DeleteOrRestoreAccount | Operation::SeatsAndStorage if channel.is_machine() => {
                Self::SendByMachine
            }
            Operation::DisableOrEnable => Self::DisableAndEnable,
            Operation::TransferContact | Operation::MarkLeaver | Operation::DeleteContact => Self::MoveAndEnd,
            Operation::Joiner | Operation::TransferAccount | Operation::DeleteOrRestoreAccount => Self::MoveAndEnd,
            Operation::ResetPassword | Operation::Unlock => Self::ResetAndUnlock,
            Operation::FoundOrganisation | Operation::ChangeOrganisation => Self::ManageOrganisations,
            Operation::SeatsAndStorage => Self::ManageSeats,
            Operation::HoldOrRelease => Self::Hold,
            Operation::ManageCustomers => Self::ManageCustomers,
            Operation::GrantRole | Operation::ApiToken => return None,
            Operation::Activate | Operation::ChoosePassword | Operation::Sweep => return None,
        })
    }
}

/// How far a role reaches in a deed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Not at all.
    No,
    /// In the grant's scope; for a global role everywhere.
    Yes,
    /// In the grant's scope, where the person holds Connector over it too.
    WithConnector,
    /// In the grant's scope, where the operator has said so; not by default.
    WhereConfigured,
    /// In the grant's scope, where the terms of the grant say so; not by default.
    WhereGranted,
}

/// The table itself (domain, section 3).
#[must_use]
pub const fn table(role: Role, deed: Deed) -> Reach {
    use Reach::{No, WhereConfigured, WhereGranted, WithConnector, Yes};
    use Role::{Audit, Connector, GlobalAdministrator, LocalAdministrator, LocalHelpdesk, PrimaryLocalAdministrator};
    match deed {
        Deed::See => Yes,
        Deed::CreatePeople | Deed::MoveAndEnd | Deed::UploadCsv => match role {
            PrimaryLocalAdministrator | LocalAdministrator | GlobalAdministrator => Yes,
            _ => No,
        },
        Deed::EditPeople | Deed::DisableAndEnable | Deed::ResetAndUnlock => match role {
            Connector | Audit => No,
            _ => Yes,
        },
        Deed::SendByMachine | Deed::CreateByMachine | Deed::EditByMachine => match role {
            Connector => Yes,
            PrimaryLocalAdministrator | LocalAdministrator | GlobalAdministrator => WithConnector,
            LocalHelpdesk | Audit | Role::GlobalHelpdesk => No,
        },
        Deed::DisableByMachine => match role {
            Connector => WhereGranted,
            _ => No,
        },
        Deed::ManageSeats | Deed::Hold | Deed::GrantLocalRoles | Deed::GrantPrimary => match role {
            PrimaryLocalAdministrator | GlobalAdministrator => Yes,
            _ => No,
        },
        Deed::GrantConnector => match role {
            PrimaryLocalAdministrator | GlobalAdministrator => Yes,
            LocalAdministrator => WhereConfigured,
            _ => No,
        },
        Deed::GrantGlobal | Deed::ManageOrganisations | Deed::ManageCustomers => match role {
            GlobalAdministrator => Yes,
            _ => No,
        },
        Deed::ReadAuditTrail => match role {
            PrimaryLocalAdministrator | LocalAdministrator | Audit | GlobalAdministrator => Yes,
            _ => No,
        },
    }
}

/// The table as people read it.
#[cfg(test)]
pub fn printed() -> String {
    let mut text = String::from("| |");
    for role in Role::ALL {
        text += &format!(" {} |", role.name());
    }
    text += "\n|---|---|---|---|---|---|---|---|\n";
    for deed in Deed::ALL {
        text += &format!("| {} |", deed.name());
        for role in Role::ALL {
            text += match (table(role, deed), role.is_global()) {
                (Reach::No, _) => " |",
                (Reach::Yes, false) => " yes |",
                (Reach::Yes, true) => " all |",
                (Reach::WithConnector, _) => " only with Connector too |",
                (Reach::WhereConfigured, _) => " only where configuration allows it |",
                (Reach::WhereGranted, _) => " only where the grant says so |",
            };
        }
        text.push('\n');
    }
    text
}
