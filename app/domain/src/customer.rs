//! A customer of the service: an organisation that manages its people by change files, with what the service knows of it.

mod fault;

use serde::{Deserialize, Serialize};

pub use self::fault::CustomerFault;
use crate::{
    organisation::OrganisationCode,
    values::{
        email_address::EmailAddress,
        ids::{AccountId, whole_number},
    },
};

whole_number!(
    /// The number of a customer; the names of its change files begin with it. 0 to 9223372036854775807.
    CustomerNumber
);

/// How the people of an organisation sign in: by a password here, or at their own organisation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Federation {
    /// All of them here.
    #[default]
    NonFederated,
    /// All of them at their organisation.
    Federated,
    /// All of them at their organisation, once they have registered here.
    Modified,
    /// Each as it is set for them.
    Partial,
}

impl Federation {
    /// Every type.
    pub const ALL: [Self; 4] = [Self::NonFederated, Self::Federated, Self::Modified, Self::Partial];

    /// The name it is sent and stored by.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::NonFederated => "non-federated",
            Self::Federated => "federated",
            Self::Modified => "modified",
            Self::Partial => "partial",
        }
    }

    /// Reads [`Self::slug`] back.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.slug() == slug)
    }

    /// What pages call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NonFederated => "Not federated",
            Self::Federated => "Federated",
            Self::Modified => "Modified",
            Self::Partial => "Partial",
        }
    }

    /// What a person is for whom nothing is said.
    #[must_use]
    pub const fn default_for_people(self) -> FederationType {
        match self {
            Self::NonFederated | Self::Partial => FederationType::NonFederated,
            Self::Federated => FederationType::Federated,
            Self::Modified => FederationType::ModifiedFederated,
        }
    }

    /// What a person is of whom this is kept: what they are not allowed to be does not count.
    #[must_use]
    pub fn of_person(self, kept: Option<FederationType>) -> FederationType {
        let allowed = kept.filter(|kept| self.allows(*kept));
        allowed.unwrap_or_else(|| self.default_for_people())
    }

    /// Whether a person of such an organisation may be so.
    #[must_use]
    pub const fn allows(self, of_person: FederationType) -> bool {
        match self {
            Self::NonFederated => matches!(of_person, FederationType::NonFederated),
            Self::Federated => matches!(of_person, FederationType::Federated),
            Self::Modified => matches!(of_person, FederationType::ModifiedFederated),
            Self::Partial => true,
        }
    }
}

/// How one person signs in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FederationType {
    /// Here, by a password.
    #[default]
    NonFederated,
    /// At their organisation.
    Federated,
    /// At their organisation, once they have registered here.
    ModifiedFederated,
}

impl FederationType {
    /// Every type.
    pub const ALL: [Self; 3] = [Self::NonFederated, Self::Federated, Self::ModifiedFederated];

    /// The name it is sent and stored by.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::NonFederated => "non-federated",
            Self::Federated => "federated",
            Self::ModifiedFederated => "modified-federated",
        }
    }

    /// Reads [`Self::slug`] back.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.slug() == slug)
    }

    /// The word that change files have for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NonFederated => "NON_FEDERATED",
            Self::Federated => "FEDERATED",
            Self::ModifiedFederated => "MODIFIED_FEDERATED",
        }
    }

    /// What pages call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NonFederated => "Not federated",
            Self::Federated => "Federated",
            Self::ModifiedFederated => "Modified federated",
        }
    }

    /// Reads [`Self::word`], in any case.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        Self::ALL.into_iter().find(|one| one.word().eq_ignore_ascii_case(text))
    }
}

/// A customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Its number.
    pub number: CustomerNumber,
    /// The root of its tree; the people that its change files add belong there.
    pub organisation: OrganisationCode,
    /// How its people sign in.
    #[serde(default)]
    pub federation: Federation,
    /// Whether its people prove that they read mail at their address before they are active.
    #[serde(default)]
    pub verifies_email: bool,
    /// Whether the terms of use are accepted for all its people.
    #[serde(default)]
    pub accepts_terms: bool,
    /// Whether its mail directory stands at the customer's, and leads.
    #[serde(default)]
    pub hybrid: bool,
    /// Whether its change files are taken.
    #[serde(default)]
    pub change_files: bool,
    /// The language of people for whom none is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The time zone of people for whom none is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// The mail domains that it owns, in small letters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub domains: Vec<String>,
    /// The account in whose name its change files are applied; its grant is read again for each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connector: Option<AccountId>,
    /// Who is told of files with problems.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<EmailAddress>,
    /// Which seats may become which: from the part of one subscription to that of another. Where none stands, none may.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub compatible: Vec<(String, String)>,
    /// The mail templates that it has, as `name,version,locale`; where none stands, any is taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub templates: Vec<String>,
}

impl Customer {
    /// Whether it owns a mail domain.
    #[must_use]
    pub fn owns(&self, domain: &str) -> bool {
        self.domains.iter().any(|own| own.eq_ignore_ascii_case(domain))
    }

    /// Whether a seat of one part may become a seat of another.
    #[must_use]
    pub fn may_become(&self, from: &str, to: &str) -> bool {
        self.compatible.iter().any(|(one, other)| one == from && other == to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_from_digits_alone() {
        for (text, number) in [("0", 0), ("30020506", 30_020_506), ("9223372036854775807", i64::MAX)] {
            let read: CustomerNumber = text.parse().unwrap();
            assert_eq!(read.get(), number);
            assert_eq!(read.to_string(), text);
        }
        for text in ["", "-1", "+1", " 1", "1a", "9223372036854775808", "\u{661}"] {
            assert!(text.parse::<CustomerNumber>().is_err(), "{text:?}");
        }
        assert_eq!(CustomerNumber::new(-1), None);
    }

    #[test]
    fn people_are_federated_as_their_organisation_allows() {
        let allowed = |of: Federation| FederationType::ALL.map(|one| of.allows(one));
        assert_eq!(allowed(Federation::NonFederated), [true, false, false]);
        assert_eq!(allowed(Federation::Federated), [false, true, false]);
        assert_eq!(allowed(Federation::Modified), [false, false, true]);
        assert_eq!(allowed(Federation::Partial), [true, true, true]);
        for one in Federation::ALL {
            assert!(one.allows(one.default_for_people()), "{}", one.name());
            assert_eq!(Federation::from_slug(one.slug()), Some(one));
            assert_eq!(serde_json::to_value(one).unwrap(), one.slug());
        }
        assert_eq!(Federation::Partial.default_for_people(), FederationType::NonFederated);
        let federated = Some(FederationType::Federated);
        assert_eq!(Federation::Partial.of_person(federated), FederationType::Federated);
        assert_eq!(
            Federation::NonFederated.of_person(federated),
            FederationType::NonFederated
        );
        assert_eq!(Federation::Federated.of_person(None), FederationType::Federated);
    }

    #[test]
    fn a_federation_type_is_read_in_any_case() {
        for one in FederationType::ALL {
            assert_eq!(FederationType::read(&one.word().to_lowercase()), Some(one));
            assert_eq!(FederationType::from_slug(one.slug()), Some(one));
            assert_eq!(serde_json::to_value(one).unwrap(), one.slug());
        }
        assert_eq!(FederationType::read("PARTIAL"), None);
    }

    #[test]
    fn a_customer_owns_its_domains_in_any_case() {
        let customer: Customer =
            serde_json::from_str(r#"{"number":7,"organisation":"RIV","domains":["river.example"]}"#).unwrap();
        assert!(customer.owns("River.Example"));
        assert!(!customer.owns("example"));
        assert!(!customer.may_become("A", "B"));
    }
}
