//! What a page about one person shows besides the plan itself.

use domain::{
    account::AccountStatus,
    dictionary::Attributes,
    organisation::{Organisation, OrganisationCode, Site},
    values::ids::{AccountId, Timestamp},
};
use gate::MadeLink;

use super::wording::LinkGoes;

/// What a page about one person shows besides the plan itself.
#[derive(Clone)]
pub(super) struct Around {
    /// The organisations that the plan names.
    pub(super) places: Vec<Organisation>,
    /// The person, where they are here and the visitor's to see.
    pub(super) person: Option<Person>,
    /// The one-time links that were made a moment ago.
    pub(super) links: Vec<MadeLink>,
    /// What else follows from it.
    pub(super) follows: Vec<String>,
    /// Who is given the one-time link of a reset.
    pub(super) goes: LinkGoes,
    /// How many organisations lie below the one that a role is given over.
    pub(super) below: u64,
    /// What comes along with a leaver whom the visitor takes in, as long as they have not decided on it.
    pub(super) along: Option<Attributes>,
    /// Whether it was the visitor themself who changed the person meanwhile.
    pub(super) changed_oneself: bool,
    /// The connectors of a customer, by name.
    pub(super) connectors: Vec<(AccountId, String)>,
}

/// Whom it is about.
#[derive(Clone)]
pub(super) struct Person {
    pub(super) href: String,
    pub(super) name: String,
    /// By what they are told apart from others of their name.
    pub(super) known_as: String,
    /// The account's status at this moment; none for a contact.
    pub(super) status: Option<AccountStatus>,
    /// When they leave, if that is planned.
    pub(super) leaves_on: Option<Timestamp>,
    /// When the activation link of somebody new is sent, if that lies ahead.
    pub(super) starts_on: Option<Timestamp>,
}

impl Around {
    /// The account's status at this moment.
    pub(super) fn status(&self) -> Option<AccountStatus> {
        self.person.as_ref().and_then(|person| person.status)
    }

    /// The sites of all of them, for their names.
    pub(super) fn sites(&self) -> Vec<Site> {
        self.places.iter().flat_map(|place| place.sites.clone()).collect()
    }

    /// A connector's name; its ID where the visitor does not see the account.
    pub(super) fn connector(&self, account: AccountId) -> String {
        let found = self.connectors.iter().find(|(known, _)| *known == account);
        found.map_or_else(|| account.to_string(), |(_, name)| name.clone())
    }

    /// An organisation's name with its code.
    pub(super) fn place(&self, code: &OrganisationCode) -> String {
        let found = self.places.iter().find(|place| place.code == *code);
        found.map_or_else(|| code.to_string(), |place| format!("{} ({code})", place.name))
    }
}
