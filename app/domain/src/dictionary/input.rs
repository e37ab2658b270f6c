//! How forms ask for each attribute, and the name that its field has.

use super::{Attribute, reading::Reading};

/// How a form asks for an attribute; it follows from how the attribute is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// One line of text.
    Line,
    /// Several lines of text.
    Lines,
    /// An email address.
    Address,
    /// A telephone number.
    Telephone,
    /// The address of a web page.
    WebPage,
    /// A number of gigabytes.
    Gigabytes,
    /// Yes or no.
    YesOrNo,
    /// Any of the values of a list.
    Choices,
    /// One of the things that the directory knows already, such as a site.
    Reference,
    /// A password.
    Secret,
}

impl Attribute {
    /// How a form asks for it.
    #[must_use]
    pub const fn input(self) -> Input {
        match self.entry().reading {
            Reading::Line | Reading::Name | Reading::Key | Reading::UserName | Reading::Day => Input::Line,
            Reading::Language | Reading::Country | Reading::TimeZone | Reading::Federation => Input::Line,
            Reading::Lines => Input::Lines,
            Reading::Address => Input::Address,
            Reading::Telephone | Reading::Pager | Reading::Fax | Reading::Mobile => Input::Telephone,
            Reading::WebPage => Input::WebPage,
            Reading::Quota => Input::Gigabytes,
            Reading::YesOrNo => Input::YesOrNo,
            Reading::Choices(_) => Input::Choices,
            Reading::Reference => Input::Reference,
            Reading::Secret => Input::Secret,
        }
    }

    /// Whether the service makes it for a new person who is given none. Emptying it later would only make it again, and so
    /// nobody can be without it.
    #[must_use]
    pub const fn is_made_by_service(self) -> bool {
        matches!(self, Self::EmailAddress | Self::DisplayName | Self::Quota)
    }

    /// The name of its field in a form; the same as where it is stored as data.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::AccountId => "account-id",
            Self::Title => "title",
            Self::WholeName => "whole-name",
            Self::FirstName => "first-name",
            Self::Initials => "initials",
            Self::LastName => "last-name",
            Self::DisplayName => "display-name",
            Self::EmailAddress => "email-address",
            Self::UserName => "user-name",
            Self::LocalId => "local-id",
            Self::Organisation => "organisation",
            Self::Site => "site",
            Self::Unit => "unit",
            Self::JobTitle => "job-title",
            Self::Department => "department",
            Self::Telephone => "telephone",
            Self::Mobile => "mobile",
            Self::HideMobile => "hide-mobile",
            Self::Pager => "pager",
            Self::Fax => "fax",
            Self::WebPage => "web-page",
            Self::SipAddress => "sip-address",
            Self::ClinicalSpecialty => "clinical-specialty",
            Self::Role => "role",
            Self::WorkArea => "work-area",
            Self::Notes => "notes",
            Self::Quota => "quota",
            Self::Password => "password",
            Self::ActivationEmail => "activation-email",
            Self::StartDate => "start-date",
            Self::EndDate => "end-date",
            Self::Language => "language",
            Self::TimeZone => "time-zone",
            Self::Country => "country",
            Self::PostalAddress => "postal-address",
            Self::AlternateEmail => "alternate-email",
            Self::FederationType => "federation-type",
            Self::NotesTemplate => "notes-template",
            Self::NotesName => "notes-name",
            Self::Code => "code",
            Self::Name => "name",
            Self::ShortName => "short-name",
            Self::Parent => "parent",
            Self::Status => "status",
            Self::Sites => "sites",
            Self::Units => "units",
        }
    }

    /// Reads [`Self::slug`] back.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        let all = Self::ALL.into_iter().chain(Self::OF_ORGANISATIONS);
        all.into_iter().find(|attribute| attribute.slug() == slug)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_named_as_its_attribute_is_stored() {
        for attribute in Attribute::ALL.into_iter().chain(Attribute::OF_ORGANISATIONS) {
            assert_eq!(serde_json::to_value(attribute).unwrap(), attribute.slug());
            assert_eq!(Attribute::from_slug(attribute.slug()), Some(attribute));
        }
    }

    #[test]
    fn what_has_a_list_is_asked_for_by_choices() {
        for attribute in Attribute::ALL {
            assert_eq!(
                attribute.is_many(),
                attribute.input() == Input::Choices,
                "{attribute:?}"
            );
        }
    }
}
