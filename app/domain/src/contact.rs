//! A contact: a person without a mailbox here, shown in the directory by an address elsewhere.

use serde::{Deserialize, Serialize};

use crate::{
    account,
    dictionary::{Attribute, Attributes},
    organisation::{OrganisationCode, UnitPath},
    problem::Kind,
    values::{
        email_address::{EmailAddress, MailDomain},
        ids::{ContactId, Timestamp},
    },
};

/// A contact as the directory knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Its ID.
    pub id: ContactId,
    /// The organisation that keeps it.
    pub organisation: OrganisationCode,
    /// When it was deleted, where it is; it can be restored for a while.
    pub deleted_at: Option<Timestamp>,
    /// Counts its changes, from 1.
    pub version: i64,
    /// What is known of the person.
    pub attributes: Attributes,
}

impl Contact {
    /// The person's name in reading order.
    #[must_use]
    pub fn full_name(&self) -> String {
        account::full_name(&self.attributes)
    }

    /// The unit that keeps it.
    #[must_use]
    pub fn unit(&self) -> Option<UnitPath> {
        self.attributes
            .get(Attribute::Unit)
            .map(|unit| UnitPath::parse(unit.as_str()))
    }
}

/// The attributes of a contact, in its form's order.
pub const ATTRIBUTES: [Attribute; 14] = [
    Attribute::Title,
    Attribute::FirstName,
    Attribute::LastName,
    Attribute::DisplayName,
    Attribute::Mobile,
    Attribute::Telephone,
    Attribute::Pager,
    Attribute::Fax,
    Attribute::EmailAddress,
    Attribute::SipAddress,
    Attribute::ClinicalSpecialty,
    Attribute::Role,
    Attribute::WorkArea,
    Attribute::Notes,
];

/// A contact has an address, and it lies outside the mail domain and all its sub-domains (S1).
///
/// # Errors
/// `InsideMailDomain` otherwise.
pub fn check_address(address: &EmailAddress, domain: &MailDomain) -> Result<(), Kind> {
    if domain.encloses(address) {
        Err(Kind::InsideMailDomain {
            domain: domain.as_str().to_owned(),
        })
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_cannot_have_an_address_in_the_mail_domain() {
        let domain = MailDomain::parse("nhs.net").unwrap();
        let verdict = |raw: &str| check_address(&EmailAddress::parse(raw).unwrap(), &domain);
        assert!(verdict("a@NHS.NET").is_err() && verdict("a@xyz.nhs.net").is_err());
        assert_eq!(verdict("a@riverside.nhs.uk"), Ok(()));
    }
}
