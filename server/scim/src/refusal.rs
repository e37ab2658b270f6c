//! What requests are refused for by the service's own rules: the status and the sentence of each, in one place. What is wrong
//! with values is the dictionary's and the plan's to say.

use domain::{account::AccountStatus, values::ids::AccountId};

use crate::{
    definition::Schema,
    error::{ScimError, ScimType},
};

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal<'a> {
    /// No token, or none that is good.
    NoToken,
    /// An account in the scope has the key: no merger, and no update by a POST.
    Known {
        /// Which key, as the client names it.
        key: &'a str,
        /// Whose it is.
        id: AccountId,
    },
    /// Another account in the scope has the key that this one was to get.
    KnownOfAnother {
        /// Which key, as the client names it.
        key: &'a str,
        /// Whose it is.
        id: AccountId,
    },
    /// The same client asked for the same account before.
    CreatedBefore {
        /// The account.
        id: AccountId,
        /// The time of that request, as people read it.
        at: &'a str,
    },
    /// Somebody has the name or the address; where, is not said.
    Taken,
    /// The key is that of an account that no feed brings back.
    Dormant {
        /// Where that account stands.
        status: AccountStatus,
    },
    /// `active` false, without the right.
    MayNotDisable {
        /// The account's page.
        link: &'a str,
    },
    /// A new account with `active` false, without the right.
    MayNotCreateDisabled,
    /// `active` true for an account that a person disabled.
    DisabledByPerson {
        /// The account's page.
        link: &'a str,
    },
    /// A role holder's user name, or their end.
    RoleHolder {
        /// The account's page.
        link: &'a str,
    },
    /// A role holder whom administrators are asked to disable.
    RoleHolderStays {
        /// The account's page.
        link: &'a str,
    },
    /// The connector's own account, which its client cannot end.
    OwnAccount,
    /// DELETE, where the connector's setting refuses it.
    NoDelete {
        /// The account's page.
        link: &'a str,
    },
    /// What an administrator has declined: to delete the account, to disable it, or to enable it.
    Declined {
        /// The account's page.
        link: &'a str,
    },
    /// An account that is held.
    Held {
        /// Why, if that is said.
        reason: &'a str,
    },
    /// A leaver's account.
    Leaver,
    /// A write to a contact of which nobody is asked.
    Contact,
    /// A write to a contact that administrators are asked to make.
    ContactAsked,
    /// A write to a contact that an administrator has declined.
    ContactDeclined,
    /// A new account without an organisation, where the token is good for several.
    WhichOrganisation,
    /// The resource is another than the client read.
    Changed,
    /// More requests than a connector may send.
    TooManyRequests,
    /// So much access would end that a person must look at it first.
    Braked,
    /// `/Me`: a token stands for no person.
    Me,
    /// Another method than the address takes.
    Method {
        /// The methods that it takes.
        takes: &'a str,
    },
}

impl Refusal<'_> {
    /// Seconds after which a client tries again, for the header Retry-After.
    #[must_use]
    pub const fn retry_after(self) -> Option<u32> {
        match self {
            Self::TooManyRequests => Some(1),
            // A person has to decide.
            Self::Braked => Some(3_600),
            _ => None,
        }
    }

    /// The methods for the header Allow.
    #[must_use]
    pub const fn allow(&self) -> Option<&str> {
        match self {
            Self::NoDelete { .. } => Some("GET, PUT, PATCH"),
            Self::Contact | Self::ContactAsked | Self::ContactDeclined => Some("GET"),
            Self::Method { takes } => Some(takes),
            _ => None,
        }
    }

    /// The answer.
    #[must_use]
    pub fn error(self) -> ScimError {
        let (status, scim_type) = self.kind();
        ScimError {
            scim_type,
            remedy: self.remedy(),
            ..ScimError::plain(status, self.sentence())
        }
    }

    /// What the connector's administrators can do about it; empty where that depends on what was sent.
    const fn remedy(self) -> &'static str {
        match self {
            Self::MayNotDisable { .. } => {
                "Decide on it under Proposals, or give the role again with the right to disable accounts."
            }
            Self::MayNotCreateDisabled => {
                "Have the other system leave out people who are not active, or give the role again with the right to disable accounts."
            }
            Self::DisabledByPerson { .. } | Self::ContactAsked => "Decide on it under Proposals.",
            Self::RoleHolder { .. } => "Change the account in Staffbook.",
            Self::RoleHolderStays { .. } => "Decide on it under Proposals.",
            Self::OwnAccount => {
                "Have the other system leave this account out. To end the connector, change its account in Staffbook."
            }
            Self::NoDelete { .. } => {
                "Decide on it under Proposals. To stop these requests, turn off deletions in the other system."
            }
            Self::Declined { .. } | Self::ContactDeclined => {
                "Nothing: you are not asked about it again. If you have changed your mind, change it in Staffbook."
            }
            Self::Leaver => "Change the account in Staffbook. Nobody is asked about people who are leaving.",
            Self::Contact => "Change the contact in Staffbook. Nobody was asked about this request.",
            Self::Braked => {
                "Decide on these people under Proposals. Until then, or until a day has passed, the other system’s requests to disable people are refused."
            }
            Self::NoToken => "Make a new token under Your API tokens, and enter it in the other system.",
            Self::Method { .. } => "Check the address that is entered in the other system.",
            Self::KnownOfAnother { .. } => {
                "Correct the key in the other system, or the account that has it. Two accounts cannot have the same."
            }
            Self::Known { .. }
            | Self::CreatedBefore { .. }
            | Self::Taken
            | Self::Dormant { .. }
            | Self::Held { .. }
            | Self::WhichOrganisation
            | Self::Changed
            | Self::TooManyRequests
            | Self::Me => "",
        }
    }

    const fn kind(self) -> (u16, Option<ScimType>) {
        match self {
            Self::NoToken => (401, None),
            Self::Known { .. }
            | Self::KnownOfAnother { .. }
            | Self::CreatedBefore { .. }
            | Self::Taken
            | Self::Dormant { .. } => (409, Some(ScimType::Uniqueness)),
            Self::MayNotDisable { .. }
            | Self::MayNotCreateDisabled
            | Self::DisabledByPerson { .. }
            | Self::RoleHolder { .. }
            | Self::RoleHolderStays { .. }
            | Self::OwnAccount
            | Self::Declined { .. }
            | Self::Held { .. }
            | Self::Leaver => (403, None),
            Self::NoDelete { .. }
            | Self::Contact
            | Self::ContactAsked
            | Self::ContactDeclined
            | Self::Method { .. } => (405, None),
            Self::WhichOrganisation => (400, Some(ScimType::InvalidValue)),
            Self::Changed => (412, None),
            Self::TooManyRequests => (429, None),
            Self::Braked => (503, None),
            Self::Me => (501, None),
        }
    }

    fn sentence(self) -> String {
        match self {
            Self::NoToken => "Send an API token that is in force: Authorization: Bearer pat_…. If yours has expired or was \
                              revoked, make a new one in Staffbook under Your API tokens."
                .to_owned(),
            Self::Known { key, id } => format!("An account with this {key} exists: {id}. Change it with PATCH."),
            Self::KnownOfAnother { key, id } => {
                format!("Another account has this {key}: {id}. Nothing was changed. Send one that is free.")
            }
            Self::CreatedBefore { id, at } => format!("This account was created by your request of {at}: {id}."),
            Self::Taken => "This user name or address is not available.".to_owned(),
            Self::Dormant { status } => format!(
                "An account with this local ID exists and is {}. An administrator can bring it back in the portal.",
                status.after_is()
            ),
            Self::MayNotDisable { link } => {
                format!(
                    "This connection may create and edit accounts. Administrators have been asked to disable this one: {link}."
                )
            }
            Self::MayNotCreateDisabled => "This connection may not create accounts that are not active. Send this one with \
                                           active true, or leave it out."
                .to_owned(),
            Self::DisabledByPerson { link } => {
                format!("An administrator disabled this account. Administrators have been asked to enable it: {link}.")
            }
            Self::RoleHolder { link } => {
                format!("This person has a role, so a connection cannot do this. An administrator opens {link}.")
            }
            Self::RoleHolderStays { link } => format!(
                "This person has a role, so a connection cannot disable their account. Administrators have been asked to do it: \
                 {link}."
            ),
            Self::OwnAccount => {
                "This is the connector’s own account, which it cannot disable, delete or move. Nobody was asked.".to_owned()
            }
            Self::NoDelete { link } => {
                format!(
                    "Accounts are not deleted through this connection. Administrators have been asked to delete this one: {link}."
                )
            }
            Self::Declined { link } => {
                format!("An administrator has declined this request, so the account stays as it is: {link}.")
            }
            Self::Held { reason: "" } => "This account is held, so it cannot be changed now.".to_owned(),
            Self::Held { reason } => format!("This account is held, so it cannot be changed now: {reason}."),
            Self::Leaver => "This person is leaving. Their account is changed in the portal only.".to_owned(),
            Self::Contact => "Contacts are read only here. They are changed in the portal.".to_owned(),
            Self::ContactAsked => {
                "Contacts are read only here. Administrators have been asked to make this change.".to_owned()
            }
            Self::ContactDeclined => {
                "Contacts are read only here. An administrator has declined to make this change.".to_owned()
            }
            Self::WhichOrganisation => {
                let urn = Schema::Account.urn();
                format!("{urn}:organisation is missing. Your token is good for several organisations: send a code.")
            }
            Self::Changed => "The resource has changed since you read it. Read it again.".to_owned(),
            Self::TooManyRequests => "Too many requests. Send fewer a second, and this one again.".to_owned(),
            Self::Braked => {
                "So many people would lose access that an administrator must look at it first. They wait in Staffbook under \
                 Proposals. Try again later."
                    .to_owned()
            }
            Self::Me => "A token stands for a connector, so there is no /Me.".to_owned(),
            Self::Method { takes } => format!("Method not allowed. This address takes {takes}."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::ID;

    #[test]
    fn each_refusal_has_its_status_and_says_what_to_do() {
        let link = "https://portal.example/accounts/1";
        let id = ID.parse().expect("an ID");
        for (refusal, status, said) in [
            (Refusal::NoToken, 401, "Send an API token that is in force: "),
            (
                Refusal::MayNotCreateDisabled,
                403,
                "This connection may not create accounts that are not active.",
            ),
            (
                Refusal::Declined { link },
                403,
                "An administrator has declined this request",
            ),
            (
                Refusal::ContactAsked,
                405,
                "Contacts are read only here. Administrators have been asked",
            ),
            (
                Refusal::ContactDeclined,
                405,
                "Contacts are read only here. An administrator has declined",
            ),
            (
                Refusal::Known { key: "userName", id },
                409,
                "An account with this userName exists: 01938f0e-",
            ),
            (
                Refusal::KnownOfAnother { key: "userName", id },
                409,
                "Another account has this userName: 01938f0e-",
            ),
            (
                Refusal::CreatedBefore { id, at: "10:42am" },
                409,
                "This account was created by your request of 10:42am: ",
            ),
            (Refusal::Taken, 409, "This user name or address is not available."),
            (
                Refusal::Dormant {
                    status: AccountStatus::Leaver,
                },
                409,
                "An account with this local ID exists and is a leaver. An administrator can bring it back in the portal.",
            ),
            (
                Refusal::MayNotDisable { link },
                403,
                "This connection may create and edit accounts. Administrators have been asked to disable this one: ",
            ),
            (
                Refusal::DisabledByPerson { link },
                403,
                "An administrator disabled this account.",
            ),
            (
                Refusal::RoleHolder { link },
                403,
                "This person has a role, so a connection cannot do this.",
            ),
            (
                Refusal::RoleHolderStays { link },
                403,
                "This person has a role, so a connection cannot disable their account. Administrators have been asked to do it: ",
            ),
            (Refusal::OwnAccount, 403, "This is the connector’s own account, "),
            (
                Refusal::NoDelete { link },
                405,
                "Accounts are not deleted through this connection.",
            ),
            (
                Refusal::Held { reason: "" },
                403,
                "This account is held, so it cannot be changed now.",
            ),
            (
                Refusal::Held { reason: "merger" },
                403,
                "This account is held, so it cannot be changed now: merger.",
            ),
            (Refusal::Leaver, 403, "This person is leaving."),
            (Refusal::Contact, 405, "Contacts are read only here."),
            (
                Refusal::WhichOrganisation,
                400,
                "urn:staffbook:scim:schemas:2.0:Account:organisation is missing.",
            ),
            (Refusal::Changed, 412, "The resource has changed since you read it."),
            (Refusal::TooManyRequests, 429, "Too many requests."),
            (
                Refusal::Braked,
                503,
                "So many people would lose access that an administrator must look at it first. They wait in Staffbook under ",
            ),
            (Refusal::Me, 501, "A token stands for a connector"),
            (
                Refusal::Method { takes: "GET" },
                405,
                "Method not allowed. This address takes GET.",
            ),
        ] {
            let error = refusal.error();
            assert_eq!(error.status, status, "{refusal:?}");
            assert!(error.said.starts_with(said), "{}", error.said);
            assert_eq!(error.scim_type == Some(ScimType::Uniqueness), status == 409);
        }
        assert_eq!(Refusal::NoDelete { link }.allow(), Some("GET, PUT, PATCH"));
        assert_eq!(
            (Refusal::Braked.retry_after(), Refusal::Taken.retry_after()),
            (Some(3_600), None)
        );
    }
}
