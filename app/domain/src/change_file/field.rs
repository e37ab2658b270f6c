//! The 26 fields of a change file (S2, table 3).

use serde::{Deserialize, Serialize};

use crate::dictionary::Attribute;

/// A field of a change file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each is S2's own word")]
pub enum Field {
    EmailAddress,
    Action,
    SubscriptionId,
    SubscriptionId2,
    GivenName,
    FamilyName,
    Language,
    TimeZone,
    Password,
    AltEmailAddress,
    NotesTemplate,
    NotesDn,
    NotesMigration,
    AssignTo,
    Department,
    JobTitle,
    Country,
    Telephone,
    Mobile,
    Fax,
    Address,
    SuppressInvitation,
    FederationType,
    CollabExtraStorage,
    MailExtraStorage,
    Activation,
}

impl Field {
    /// Every field, in S2's order.
    pub const ALL: [Self; 26] = [
        Self::EmailAddress,
        Self::Action,
        Self::SubscriptionId,
        Self::SubscriptionId2,
        Self::GivenName,
        Self::FamilyName,
        Self::Language,
        Self::TimeZone,
        Self::Password,
        Self::AltEmailAddress,
        Self::NotesTemplate,
        Self::NotesDn,
        Self::NotesMigration,
        Self::AssignTo,
        Self::Department,
        Self::JobTitle,
        Self::Country,
        Self::Telephone,
        Self::Mobile,
        Self::Fax,
        Self::Address,
        Self::SuppressInvitation,
        Self::FederationType,
        Self::CollabExtraStorage,
        Self::MailExtraStorage,
        Self::Activation,
    ];

    /// The word that stands in the header.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::EmailAddress => "EmailAddress",
            Self::Action => "Action",
            Self::SubscriptionId => "SubscriptionId",
            Self::SubscriptionId2 => "SubscriptionId2",
            Self::GivenName => "GivenName",
            Self::FamilyName => "FamilyName",
            Self::Language => "Language",
            Self::TimeZone => "TimeZone",
            Self::Password => "Password",
            Self::AltEmailAddress => "AltEmailAddress",
            Self::NotesTemplate => "NotesTemplate",
            Self::NotesDn => "NotesDN",
            Self::NotesMigration => "NotesMigration",
            Self::AssignTo => "AssignTo",
            Self::Department => "Department",
            Self::JobTitle => "JobTitle",
            Self::Country => "Country",
            Self::Telephone => "Telephone",
            Self::Mobile => "Mobile",
            Self::Fax => "Fax",
            Self::Address => "Address",
            Self::SuppressInvitation => "SuppressInvitation",
            Self::FederationType => "FederationType",
            Self::CollabExtraStorage => "CollabExtraStorage",
            Self::MailExtraStorage => "MailExtraStorage",
            Self::Activation => "Activation",
        }
    }

    /// Reads [`Self::word`] in any case. `None` if there is no such field. S2 also spells one of them `SupressInvitation`.
    #[must_use]
    pub fn read(heading: &str) -> Option<Self> {
        let heading = heading.trim();
        if heading.eq_ignore_ascii_case("SupressInvitation") {
            return Some(Self::SuppressInvitation);
        }
        Self::ALL
            .into_iter()
            .find(|field| field.word().eq_ignore_ascii_case(heading))
    }

    /// The field whose word is most like a heading. `None` if none is at all like it.
    #[must_use]
    pub fn nearest(heading: &str) -> Option<Self> {
        const ALIKE: f64 = 0.8;
        let heading = heading.trim().to_lowercase();
        let likeness = |field: Self| strsim::jaro_winkler(&field.word().to_lowercase(), &heading);
        let all = Self::ALL.into_iter().map(|field| (likeness(field), field));
        let nearest = all.max_by(|(one, _), (other, _)| one.total_cmp(other))?;
        (nearest.0 >= ALIKE).then_some(nearest.1)
    }

    /// The most characters it may have (S2); of what stands there by keyword or number, what the longest of them has.
    #[must_use]
    pub const fn limit(self) -> usize {
        match self {
            Self::EmailAddress | Self::AltEmailAddress | Self::AssignTo | Self::Address => 254,
            Self::NotesTemplate | Self::NotesDn | Self::Department => 255,
            Self::GivenName | Self::FamilyName => 120,
            Self::JobTitle => 100,
            Self::Password => 50,
            Self::TimeZone => 30,
            Self::Telephone | Self::Mobile | Self::Fax => 20,
            Self::Action
            | Self::SubscriptionId
            | Self::SubscriptionId2
            | Self::NotesMigration
            | Self::SuppressInvitation
            | Self::FederationType
            | Self::CollabExtraStorage
            | Self::MailExtraStorage
            | Self::Activation => 30,
            Self::Language => 5,
            Self::Country => 2,
        }
    }

    /// The person's attribute that it gives. `None` if it says what to do rather than who somebody is.
    #[must_use]
    pub const fn attribute(self) -> Option<Attribute> {
        Some(match self {
            Self::EmailAddress => Attribute::EmailAddress,
            Self::GivenName => Attribute::FirstName,
            Self::FamilyName => Attribute::LastName,
            Self::Language => Attribute::Language,
            Self::TimeZone => Attribute::TimeZone,
            Self::Password => Attribute::Password,
            Self::AltEmailAddress => Attribute::AlternateEmail,
            Self::NotesTemplate => Attribute::NotesTemplate,
            Self::NotesDn => Attribute::NotesName,
            Self::Department => Attribute::Department,
            Self::JobTitle => Attribute::JobTitle,
            Self::Country => Attribute::Country,
            Self::Telephone => Attribute::Telephone,
            Self::Mobile => Attribute::Mobile,
            Self::Fax => Attribute::Fax,
            Self::Address => Attribute::PostalAddress,
            Self::FederationType => Attribute::FederationType,
            Self::Action
            | Self::SubscriptionId
            | Self::SubscriptionId2
            | Self::NotesMigration
            | Self::AssignTo
            | Self::SuppressInvitation
            | Self::CollabExtraStorage
            | Self::MailExtraStorage
            | Self::Activation => return None,
        })
    }

    /// The field that gives an attribute of a person.
    #[must_use]
    pub fn of(attribute: Attribute) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.attribute() == Some(attribute))
    }

    /// Whether it is only ignored, with a notice, where an action does not take it: it tells who somebody is. The others
    /// change access, money or content, so that the row's author probably meant another action.
    #[must_use]
    pub const fn is_harmless(self) -> bool {
        matches!(
            self,
            Self::GivenName
                | Self::FamilyName
                | Self::Language
                | Self::TimeZone
                | Self::NotesTemplate
                | Self::Department
                | Self::JobTitle
                | Self::Country
                | Self::Telephone
                | Self::Mobile
                | Self::Fax
                | Self::Address
                | Self::SuppressInvitation
        )
    }
}
