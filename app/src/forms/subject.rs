//! Whom a form about a person is about, and which fields it has.

use domain::{
    channel::Operation,
    dictionary::Attribute,
    request::{AccountWish, Cells, ContactWish, Wish},
    values::ids::{AccountId, ContactId},
};
use gate::PersonKind;

use crate::routes;

/// Whom a form about a person is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Somebody who is to have an account.
    NewAccount,
    /// Somebody who is to be a contact.
    NewContact,
    /// An account.
    Account(AccountId),
    /// A contact.
    Contact(ContactId),
}

impl Subject {
    /// With a mailbox here, or without.
    #[must_use]
    pub const fn kind(self) -> PersonKind {
        match self {
            Self::NewAccount | Self::Account(_) => PersonKind::Account,
            Self::NewContact | Self::Contact(_) => PersonKind::Contact,
        }
    }

    /// Whether the person is yet to be created.
    #[must_use]
    pub const fn is_new(self) -> bool {
        matches!(self, Self::NewAccount | Self::NewContact)
    }

    /// What the form asks for.
    #[must_use]
    pub const fn operation(self) -> Operation {
        match self {
            Self::NewAccount => Operation::CreateAccount,
            Self::NewContact => Operation::CreateContact,
            Self::Account(_) => Operation::EditAccount,
            Self::Contact(_) => Operation::EditContact,
        }
    }

    /// Where its form is.
    #[must_use]
    pub fn form(self) -> String {
        match self {
            Self::NewAccount => routes::NEW_ACCOUNT.to_owned(),
            Self::NewContact => routes::NEW_CONTACT.to_owned(),
            Self::Account(id) => routes::account_part(&id, "edit"),
            Self::Contact(id) => routes::contact_part(&id, "edit"),
        }
    }

    /// Where its form is, for somebody new in an organisation.
    #[must_use]
    pub fn form_in(self, organisation: &str) -> String {
        routes::with_query(&self.form(), &[(Attribute::Organisation.slug(), organisation)])
    }

    /// The person's own page, or the list that a new person will be in.
    #[must_use]
    pub fn page(self) -> String {
        match self {
            Self::NewAccount => routes::PEOPLE.to_owned(),
            Self::NewContact => routes::with_query(routes::PEOPLE, &[("kind", "contacts")]),
            Self::Account(id) => routes::account(&id),
            Self::Contact(id) => routes::contact(&id),
        }
    }

    /// The texts of a wish that this very form asked for.
    #[must_use]
    pub fn cells_of(self, wish: &Wish) -> Option<&Cells> {
        match (self, wish) {
            (Self::NewAccount, Wish::NewAccount(cells)) | (Self::NewContact, Wish::NewContact(cells)) => Some(cells),
            (Self::Account(id), Wish::Account(account, AccountWish::Edit(cells))) if id == *account => Some(cells),
            (Self::Contact(id), Wish::Contact(contact, ContactWish::Edit(cells))) if id == *contact => Some(cells),
            _ => None,
        }
    }

    /// The parts of its form, in order.
    #[must_use]
    pub const fn sections(self) -> &'static [Section] {
        match self.kind() {
            PersonKind::Account => &ACCOUNT,
            PersonKind::Contact => &CONTACT,
        }
    }

    /// The attributes that are typed or chosen in its form; the organisation is settled before.
    pub fn attributes(self) -> impl Iterator<Item = Attribute> {
        let all = self.sections().iter().flat_map(|section| section.attributes);
        all.copied().filter(|attribute| *attribute != Attribute::Organisation)
    }
}

/// A part of a form.
#[derive(Clone, Copy, Debug)]
pub struct Section {
    /// What it is about.
    pub heading: &'static str,
    /// What it asks for.
    pub attributes: &'static [Attribute],
}

const fn section(heading: &'static str, attributes: &'static [Attribute]) -> Section {
    Section { heading, attributes }
}

/// The account form, in the domain's order (domain, section 4).
const ACCOUNT: [Section; 5] = [
    section(
        "Name and email address",
        &[
            Attribute::Title,
            Attribute::FirstName,
            Attribute::Initials,
            Attribute::LastName,
            Attribute::DisplayName,
            Attribute::EmailAddress,
        ],
    ),
    section(
        "Place of work",
        &[
            Attribute::LocalId,
            Attribute::Organisation,
            Attribute::Site,
            Attribute::Unit,
            Attribute::JobTitle,
            Attribute::Department,
        ],
    ),
    section(
        "Telephone and web",
        &[
            Attribute::Telephone,
            Attribute::Mobile,
            Attribute::HideMobile,
            Attribute::Pager,
            Attribute::Fax,
            Attribute::WebPage,
        ],
    ),
    section(
        "Specialty, role and work area",
        &[Attribute::ClinicalSpecialty, Attribute::Role, Attribute::WorkArea],
    ),
    section("Notes and mailbox", &[Attribute::Notes, Attribute::Quota]),
];

/// The contact form, in the domain's order (domain, section 4).
const CONTACT: [Section; 5] = [
    section(
        "Name",
        &[
            Attribute::Title,
            Attribute::FirstName,
            Attribute::LastName,
            Attribute::DisplayName,
        ],
    ),
    section(
        "Telephone and email",
        &[
            Attribute::Mobile,
            Attribute::Telephone,
            Attribute::Pager,
            Attribute::Fax,
            Attribute::EmailAddress,
            Attribute::SipAddress,
        ],
    ),
    section(
        "Specialty, role and work area",
        &[Attribute::ClinicalSpecialty, Attribute::Role, Attribute::WorkArea],
    ),
    section("Notes", &[Attribute::Notes]),
    section("Organisation", &[Attribute::Organisation, Attribute::Unit]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_account_form_asks_for_everything_that_is_kept_of_an_account() {
        let kept = Attribute::ALL.into_iter().filter(|attribute| attribute.is_kept());
        // A name to sign in with comes from another system.
        let in_no_form = [Attribute::SipAddress, Attribute::UserName];
        let asked = kept.filter(|attribute| !in_no_form.contains(attribute) && !attribute.is_of_change_files());
        assert!(Subject::NewAccount.attributes().eq(asked));
    }

    #[test]
    fn the_contact_form_asks_for_a_contacts_attributes_and_the_unit() {
        let own = domain::contact::ATTRIBUTES.into_iter().chain([Attribute::Unit]);
        assert!(Subject::NewContact.attributes().eq(own));
    }
}
