//! What a step is about, as it was when the step was planned, and what of it changes.

use serde::{Deserialize, Serialize};

use crate::{
    account::Account,
    contact::Contact,
    dictionary::Attribute,
    grant::Terms,
    organisation::{OrganisationCode, UnitPath},
    policy::Role,
    values::ids::{AccountId, ContactId, GrantId, OfferId, Timestamp},
};

/// An account that a step is about, as it was when the step was planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRef {
    /// Which.
    pub account: AccountId,
    /// The version of it that was seen.
    pub version: i64,
    /// Where it belongs.
    pub organisation: OrganisationCode,
    /// The unit it belongs to.
    pub unit: Option<UnitPath>,
}

impl AccountRef {
    pub(super) fn to(account: &Account) -> Self {
        Self {
            account: account.id,
            version: account.version,
            organisation: account.organisation.clone(),
            unit: account.unit(),
        }
    }
}

/// A day of somebody's stay that becomes another: the first day of somebody who has not started, or the last of anybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayChange {
    /// [`Attribute::StartDate`] or [`Attribute::EndDate`].
    pub attribute: Attribute,
    /// The day that was planned.
    pub before: Option<Timestamp>,
    /// The day that will be.
    pub after: Option<Timestamp>,
}

impl DayChange {
    /// Whether it sets a day on which somebody leaves.
    #[must_use]
    pub fn is_leaving(&self) -> bool {
        self.attribute == Attribute::EndDate && self.after.is_some()
    }
}

/// Somebody who is here and whom a row points at that cannot be applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matched {
    /// Whose account.
    pub account: AccountId,
    /// Their name here; the row may have another.
    pub name: String,
}

/// A contact that a step is about, as it was when the step was planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactRef {
    /// Which.
    pub contact: ContactId,
    /// The version of it that was seen.
    pub version: i64,
    /// Where it belongs.
    pub organisation: OrganisationCode,
    /// The unit it belongs to.
    pub unit: Option<UnitPath>,
}

impl ContactRef {
    pub(super) fn to(contact: &Contact) -> Self {
        Self {
            contact: contact.id,
            version: contact.version,
            organisation: contact.organisation.clone(),
            unit: contact.unit(),
        }
    }
}

/// An open offer of a contact, and to whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenOffer {
    /// The offer.
    pub id: OfferId,
    /// To which organisation.
    pub to: OrganisationCode,
}

/// A role that somebody holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldRole {
    /// The grant.
    pub grant: GrantId,
    /// The role.
    pub role: Role,
    /// Over which organisation and those below it.
    pub organisation: OrganisationCode,
    /// Only over this unit and those below it.
    pub unit: Option<UnitPath>,
    /// From when, until when, how and why.
    #[serde(default, skip_serializing_if = "Terms::are_plain")]
    pub terms: Terms,
}
