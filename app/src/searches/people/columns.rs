//! The columns that a list of people may have, and how it is sorted by them.

use domain::{contact, dictionary::Attribute};
use gate::{PersonKind, Sort};

/// A column of a list, behind name and address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Something that is known of the person.
    Attribute(Attribute),
    /// Where they stand in their life.
    Status,
    /// From when until when they are away.
    Away,
    /// When somebody new starts.
    Starts,
    /// When they will leave.
    Leaving,
}

/// The attributes that a list of accounts may show; name and address it shows always.
const OF_ACCOUNTS: [Attribute; 17] = [
    Attribute::Organisation,
    Attribute::Site,
    Attribute::Unit,
    Attribute::JobTitle,
    Attribute::Department,
    Attribute::LocalId,
    Attribute::Telephone,
    Attribute::Mobile,
    Attribute::Pager,
    Attribute::Role,
    Attribute::ClinicalSpecialty,
    Attribute::WorkArea,
    Attribute::Title,
    Attribute::Initials,
    Attribute::DisplayName,
    Attribute::Notes,
    Attribute::Quota,
];

impl Column {
    /// The columns that a list may have.
    #[must_use]
    pub fn offered(kind: PersonKind) -> Vec<Self> {
        let always = [Attribute::FirstName, Attribute::LastName, Attribute::EmailAddress];
        match kind {
            PersonKind::Account => {
                let attributes = OF_ACCOUNTS.into_iter().map(Self::Attribute);
                attributes
                    .chain([Self::Status, Self::Away, Self::Starts, Self::Leaving])
                    .collect()
            }
            PersonKind::Contact => {
                let places = [Attribute::Organisation, Attribute::Unit];
                let known = contact::ATTRIBUTES.into_iter().filter(|own| !always.contains(own));
                let attributes = places.into_iter().chain(known).map(Self::Attribute);
                attributes.chain([Self::Status]).collect()
            }
        }
    }

    /// The columns of a list for which none are chosen.
    #[must_use]
    pub fn standard(kind: PersonKind) -> Vec<Self> {
        match kind {
            PersonKind::Account => vec![
                Self::Attribute(Attribute::Organisation),
                Self::Attribute(Attribute::JobTitle),
                Self::Attribute(Attribute::LocalId),
                Self::Status,
            ],
            PersonKind::Contact => vec![
                Self::Attribute(Attribute::Organisation),
                Self::Attribute(Attribute::Telephone),
                Self::Status,
            ],
        }
    }

    /// Its name in addresses.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Attribute(attribute) => attribute.slug(),
            Self::Status => "status",
            Self::Away => "absence",
            Self::Starts => "starts",
            Self::Leaving => "leaving",
        }
    }

    /// What pages call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Attribute(attribute) => attribute.name(),
            Self::Status => "Status",
            Self::Away => "Absence",
            Self::Starts => Attribute::StartDate.name(),
            Self::Leaving => "Leaving date",
        }
    }

    /// How a list is sorted by it, where it can be.
    #[must_use]
    pub const fn sort(self) -> Option<Sort> {
        match self {
            Self::Attribute(Attribute::Organisation) => Some(Sort::Organisation),
            Self::Attribute(Attribute::JobTitle) => Some(Sort::JobTitle),
            Self::Attribute(Attribute::LocalId) => Some(Sort::LocalId),
            Self::Status => Some(Sort::Status),
            Self::Attribute(_) | Self::Away | Self::Starts | Self::Leaving => None,
        }
    }
}

/// What a list is sorted by, as pages call it.
#[must_use]
pub const fn sort_name(sort: Sort) -> &'static str {
    match sort {
        Sort::Name => "Name",
        Sort::Organisation => Attribute::Organisation.name(),
        Sort::JobTitle => Attribute::JobTitle.name(),
        Sort::LocalId => Attribute::LocalId.name(),
        Sort::Status => "Status",
    }
}
