//! An account: one person with a mailbox here, and where the account stands in its life.

pub(crate) mod status;

use serde::{Deserialize, Serialize};

pub use self::status::AccountStatus;
use crate::{
    absence::Absence,
    channel::Channel,
    dictionary::{Attribute, Attributes, Value},
    hand_edit::HandEdits,
    organisation::{Organisation, OrganisationCode, UnitPath},
    rules::Rules,
    values::{
        email_address::EmailAddress,
        ids::{AccountId, Timestamp},
        text,
    },
};

/// An account as the directory knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its own ID.
    pub id: AccountId,
    /// The organisation it belongs to.
    pub organisation: OrganisationCode,
    /// Where it stands in its life.
    pub status: AccountStatus,
    /// When that status began.
    pub since: Timestamp,
    /// When its person will leave, where that is known ahead.
    pub leaving_at: Option<Timestamp>,
    /// Its absence: one that is planned, or the one for which it is disabled; `None` if nobody said when or why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absence: Option<Absence>,
    /// The first day of somebody new, until their activation link is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<Timestamp>,
    /// Whether its person ever took it up.
    pub activated: bool,
    /// Counts its changes, from 1; a plan made for one version is not applied to another.
    pub version: i64,
    /// What is known of the person.
    pub attributes: Attributes,
    /// Addresses it had before; mail to them still arrives.
    pub aliases: Vec<EmailAddress>,
    /// Which of it was changed by hand since a file last set it.
    #[serde(default, skip_serializing_if = "HandEdits::is_empty")]
    pub by_hand: HandEdits,
    /// Since when and why nothing but the portal's forms changes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Held>,
    /// Through which channel it was disabled, while it is: a machine enables whom a machine disabled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled_by: Option<Channel>,
}

/// A mark beside an account's status: files and machines change nothing of the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Why.
    pub reason: String,
    /// Who said so, by the name they had.
    pub by: String,
    /// Since when.
    pub since: Timestamp,
}

impl Account {
    /// The person's name in reading order.
    #[must_use]
    pub fn full_name(&self) -> String {
        full_name(&self.attributes)
    }

    /// The unit it belongs to.
    #[must_use]
    pub fn unit(&self) -> Option<UnitPath> {
        self.attributes
            .get(Attribute::Unit)
            .map(|unit| UnitPath::parse(unit.as_str()))
    }

    /// Whether mail to this address reaches it: its address or an alias.
    #[must_use]
    pub fn answers_to(&self, address: &str) -> bool {
        self.attributes.text(Attribute::EmailAddress) == address
            || self.aliases.iter().any(|alias| alias.as_str() == address)
    }
}

/// A name to sign in with as names are compared: whatever its capital letters. Empty if the text can be no such name.
#[must_use]
pub fn sign_in_name(text: &str) -> String {
    let limit = Attribute::UserName.entry().limit;
    text::line(text, limit).unwrap_or_default().to_lowercase()
}

/// A person's name in reading order: `Jane Smith`.
#[must_use]
pub fn full_name(attributes: &Attributes) -> String {
    joined_name(
        attributes.text(Attribute::FirstName),
        attributes.text(Attribute::LastName),
    )
}

/// A first and a last name in reading order; either may be empty.
#[must_use]
pub fn joined_name(first: &str, last: &str) -> String {
    format!("{first} {last}").trim().to_owned()
}

/// The display name that the template makes. One that is too long loses its organisation first, and then its end.
#[must_use]
pub fn display_name(attributes: &Attributes, organisation: &Organisation, rules: &Rules) -> Value {
    let limit = Attribute::DisplayName.entry().limit;
    let last = attributes.text(Attribute::LastName);
    let filled = |template: &str| {
        template
            .replace("{LAST}", &last.to_uppercase())
            .replace("{Last}", last)
            .replace("{First}", attributes.text(Attribute::FirstName))
            .replace("{Title}", attributes.text(Attribute::Title))
            .replace("{Organisation}", &organisation.short_name)
    };
    let mut name = filled(&rules.display_name);
    if name.chars().count() > limit {
        let without = rules
            .display_name
            .replace("({Organisation})", "")
            .replace("{Organisation}", "");
        name = filled(&without);
    }
    let cut: String = name.chars().take(limit).collect();
    Value::stored(cut.trim().to_owned())
}
