//! The provisioning matrix (S1, and S2's column): which channel carries which operation. Data, held once.

use serde::{Deserialize, Serialize};

/// The way a submission came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// A sync client, by token.
    Api,
    /// A form in the portal.
    Portal,
    /// A file uploaded in the portal, CSV or a spreadsheet.
    PortalCsv,
    /// A file sent by email, CSV or a spreadsheet.
    EmailCsv,
    /// A provisioning change file.
    ChangeFile,
    /// An upload, or what was done to many, undone in the portal: what it did is reversed from its events.
    Undo,
    /// A file of organisations, imported by a Global Administrator or the operator.
    Organisations,
    /// The service itself: its seeds and its sweep along the timers.
    System,
}

impl Channel {
    /// The channels people and machines use, in the matrix's order.
    pub const PUBLISHED: [Self; 5] = [
        Self::Api,
        Self::Portal,
        Self::PortalCsv,
        Self::EmailCsv,
        Self::ChangeFile,
    ];

    /// What pages call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Api => "API",
            Self::Portal => "portal, single",
            Self::PortalCsv => "portal upload",
            Self::EmailCsv => "email",
            Self::ChangeFile => "change file",
            Self::Undo => "undo",
            Self::Organisations => "organisation import",
            Self::System => "automatic",
        }
    }

    /// Whether this version takes submissions through it. The others stand in the matrix and are not offered.
    #[must_use]
    pub const fn is_here(self) -> bool {
        match self {
            Self::Api
            | Self::Portal
            | Self::PortalCsv
            | Self::EmailCsv
            | Self::ChangeFile
            | Self::Undo
            | Self::Organisations
            | Self::System => true,
        }
    }

    /// Whether a machine, or a person by way of one, sends through it: the connector's channels.
    #[must_use]
    pub const fn is_machine(self) -> bool {
        matches!(self, Self::Api | Self::EmailCsv | Self::ChangeFile)
    }

    /// Whether a person confirms the plan before it is applied; machines' plans are applied at once, or by the daily run.
    #[must_use]
    pub const fn waits_for_confirmation(self) -> bool {
        matches!(self, Self::Portal | Self::PortalCsv | Self::Undo | Self::Organisations)
    }

    /// Whether the rows of a submission build on one another, each applied as the ones before have left things.
    #[must_use]
    pub const fn takes_rows_in_order(self) -> bool {
        matches!(self, Self::ChangeFile)
    }

    /// Whether its plans wait for the daily run, which applies the latest of each organisation (S1).
    #[must_use]
    pub const fn waits_for_run(self) -> bool {
        matches!(self, Self::EmailCsv)
    }
}

/// What can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each is its own name")]
pub enum Operation {
    CreateContact,
    CreateAccount,
    EditContact,
    EditAccount,
    TransferContact,
    MarkLeaver,
    DeleteContact,
    Joiner,
    TransferAccount,
    DisableOrEnable,
    DeleteOrRestoreAccount,
    ResetPassword,
    Unlock,
    SeatsAndStorage,
    /// Nothing but the portal's forms changes an account while it is held.
    HoldOrRelease,
    GrantRole,
    /// A connector makes an API token, or somebody revokes one.
    ApiToken,
    FoundOrganisation,
    ChangeOrganisation,
    /// Customers and their subscriptions, new or changed.
    ManageCustomers,
    /// A person takes their new account up, or uses it again; theirs to do, nobody's for them.
    Activate,
    /// A person chooses their password.
    ChoosePassword,
    /// What the service does by itself, along its timers.
    Sweep,
}

impl Operation {
    /// The matrix's rows, in its order.
    pub const PUBLISHED: [Self; 14] = [
        Self::CreateContact,
        Self::CreateAccount,
        Self::EditContact,
        Self::EditAccount,
        Self::TransferContact,
        Self::MarkLeaver,
        Self::DeleteContact,
        Self::Joiner,
        Self::TransferAccount,
        Self::DisableOrEnable,
        Self::DeleteOrRestoreAccount,
        Self::ResetPassword,
        Self::Unlock,
        Self::SeatsAndStorage,
    ];

    /// What pages and the matrix call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CreateContact => "create contact",
            Self::CreateAccount => "create account",
            Self::EditContact => "edit contact",
            Self::EditAccount => "edit account",
            Self::TransferContact => "transfer contact between organisations",
            Self::MarkLeaver => "mark account as leaver",
            Self::DeleteContact => "delete contact",
            Self::Joiner => "joiner",
            Self::TransferAccount => "transfer account",
            Self::DisableOrEnable => "disable or enable account",
            Self::DeleteOrRestoreAccount => "delete or restore account",
            Self::ResetPassword => "reset password",
            Self::Unlock => "unlock account",
            Self::SeatsAndStorage => "seats, storage, invitations",
            Self::HoldOrRelease => "hold or release account",
            Self::GrantRole => "grant or revoke role",
            Self::ApiToken => "make or revoke API token",
            Self::FoundOrganisation => "found organisation",
            Self::ChangeOrganisation => "change organisation",
            Self::ManageCustomers => "manage customers and subscriptions",
            Self::Activate => "activate account",
            Self::ChoosePassword => "choose password",
            Self::Sweep => "follow a timer",
        }
    }

    /// Whether the channel carries the operation: the matrix itself.
    #[must_use]
    pub const fn goes_through(self, channel: Channel) -> bool {
        use Channel::{Api, ChangeFile, EmailCsv, Portal, PortalCsv};
        match self {
            _ if matches!(channel, Channel::System) => true,
            // What many people were asked for at once is undone through it, too.
            Self::EditAccount
            | Self::DeleteOrRestoreAccount
            | Self::DisableOrEnable
            | Self::MarkLeaver
            | Self::TransferAccount
                if matches!(channel, Channel::Undo) =>
            {
                true
            }
            Self::CreateAccount | Self::EditAccount => {
                matches!(channel, Api | Portal | PortalCsv | EmailCsv | ChangeFile)
            }
            Self::CreateContact
            | Self::EditContact
            | Self::TransferContact
            | Self::MarkLeaver
            | Self::DeleteContact => {
                matches!(channel, Portal)
            }
            Self::Joiner | Self::TransferAccount | Self::ResetPassword | Self::Unlock => matches!(channel, Portal),
            Self::GrantRole | Self::ApiToken => matches!(channel, Portal),
            // Of the API only where the grant of a Connector says so.
            Self::DisableOrEnable => matches!(channel, Api | Portal | ChangeFile),
            Self::DeleteOrRestoreAccount => matches!(channel, Portal | ChangeFile),
            // By form for one person at a time.
            Self::SeatsAndStorage => matches!(channel, Portal | ChangeFile),
            Self::HoldOrRelease | Self::ManageCustomers => matches!(channel, Portal),
            Self::Activate | Self::ChoosePassword => matches!(channel, Portal),
            Self::FoundOrganisation | Self::ChangeOrganisation => matches!(channel, Channel::Organisations),
            Self::Sweep => false,
        }
    }

    /// The channels that carry it, to tell somebody who tried another.
    pub fn channels(self) -> impl Iterator<Item = Channel> {
        Channel::PUBLISHED
            .into_iter()
            .filter(move |channel| self.goes_through(*channel))
    }
}

/// The matrix as people read it: a row an operation, a column a channel.
#[cfg(test)]
fn matrix() -> String {
    let mut table = String::from("| operation |");
    for channel in Channel::PUBLISHED {
        table += &format!(" {} |", channel.name());
    }
    table += "\n|---|---|---|---|---|---|\n";
    for operation in Operation::PUBLISHED {
        table += &format!("| {} |", operation.name());
        for channel in Channel::PUBLISHED {
            table += if operation.goes_through(channel) {
                " yes |"
            } else {
                " |"
            };
        }
        table.push('\n');
    }
    table
}

#[cfg(test)]
mod tests {
    use super::Channel;

    #[test]
    fn only_what_machines_send_waits_for_the_run() {
        let waiting: Vec<_> = Channel::PUBLISHED
            .into_iter()
            .filter(|one| one.waits_for_run())
            .collect();
        assert_eq!(waiting, [Channel::EmailCsv]);
        assert!(
            waiting
                .iter()
                .all(|one| one.is_machine() && !one.waits_for_confirmation())
        );
    }

    #[test]
    fn rows_build_on_one_another_in_change_files_alone() {
        let in_order = Channel::PUBLISHED.into_iter().filter(|one| one.takes_rows_in_order());
        assert_eq!(in_order.collect::<Vec<_>>(), [Channel::ChangeFile]);
        assert!(Channel::PUBLISHED.into_iter().all(Channel::is_here));
    }

    #[test]
    fn the_matrix_is_the_published_one() {
        insta::assert_snapshot!(super::matrix());
    }
}
