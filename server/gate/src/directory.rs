//! The national directory: everybody who is signed in looks people up, and sees nothing but what it shows.

use domain::{
    account::{Account, AccountStatus},
    contact::Contact,
    dictionary::{Attribute, Attributes},
    email_address::EmailAddress,
    ids::{AccountId, ContactId},
    organisation::{Organisation, OrganisationCode},
    text::fold,
};
use store::{
    organisations,
    people::{self, Query},
};
use uuid::Uuid;

use crate::{GateError, Visit, people::everywhere};

/// What the national directory shows of somebody: never a hidden mobile, a local ID, a status or a quota.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Their ID.
    pub id: Uuid,
    /// Their name in reading order.
    pub name: String,
    /// Their organisation's name.
    pub organisation: String,
    /// Whether they have no mailbox here.
    pub is_contact: bool,
    /// The whole address that they had before, where they were looked up by it.
    pub earlier: Option<EmailAddress>,
    /// What is shown of them.
    pub attributes: Attributes,
}

/// What the directory shows.
const SHOWN: [Attribute; 17] = [
    Attribute::Title,
    Attribute::FirstName,
    Attribute::LastName,
    Attribute::DisplayName,
    Attribute::JobTitle,
    Attribute::Department,
    Attribute::EmailAddress,
    Attribute::Telephone,
    Attribute::Mobile,
    Attribute::Pager,
    Attribute::Fax,
    Attribute::WebPage,
    Attribute::SipAddress,
    Attribute::ClinicalSpecialty,
    Attribute::Role,
    Attribute::WorkArea,
    Attribute::Notes,
];

/// Whom the directory lists: those who can be written to.
const LISTED: [AccountStatus; 4] = [
    AccountStatus::Active,
    AccountStatus::Inactive,
    AccountStatus::Locked,
    AccountStatus::Leaver,
];

/// Entries that one look-up shows.
const LOOKED_UP: u64 = 50;

/// Accounts and contacts that it looks through, because some are found by what it does not show.
const LOOKED_THROUGH: u64 = 200;

impl Entry {
    fn of_account(account: &Account, places: &[Organisation]) -> Self {
        Self {
            id: account.id.0,
            name: account.full_name(),
            organisation: place(&account.organisation, places),
            is_contact: false,
            earlier: None,
            attributes: shown(&account.attributes),
        }
    }

    fn of_contact(contact: &Contact, places: &[Organisation]) -> Self {
        Self {
            id: contact.id.0,
            name: contact.full_name(),
            organisation: place(&contact.organisation, places),
            is_contact: true,
            earlier: None,
            attributes: shown(&contact.attributes),
        }
    }

    /// Whether it was looked up by an earlier address, or all the words occur in what is shown.
    fn answers_to(&self, words: &str) -> bool {
        if self.earlier.is_some() {
            return true;
        }
        let names = [Attribute::DisplayName, Attribute::EmailAddress].map(|name| fold(self.attributes.text(name)));
        let shown = format!("{} {}", fold(&self.name), names.join(" "));
        fold(words).split(' ').all(|word| shown.contains(word))
    }
}

fn place(code: &OrganisationCode, places: &[Organisation]) -> String {
    let found = places.iter().find(|place| place.code == *code);
    found.map_or_else(|| code.to_string(), |place| place.name.clone())
}

fn shown(attributes: &Attributes) -> Attributes {
    let hidden = attributes.text(Attribute::HideMobile) == "yes";
    let shown = SHOWN
        .into_iter()
        .filter(|attribute| !(hidden && *attribute == Attribute::Mobile));
    shown
        .filter_map(|attribute| Some((attribute, attributes.get(attribute)?.clone())))
        .collect()
}

impl Visit<'_> {
    /// The national directory, for everybody who is signed in: people by words of their names, with nothing but what the
    /// directory shows. A whole address finds its person also where they have another one now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn look_up(&self, words: &str) -> Result<Vec<Entry>, GateError> {
        if fold(words).replace(' ', "").chars().count() < 2 {
            return Ok(vec![]);
        }
        let query = Query {
            words: words.to_owned(),
            statuses: LISTED.to_vec(),
            ..Query::default()
        };
        let db = self.gate.store.reader();
        let accounts = people::accounts(db, &everywhere(), &query, LOOKED_THROUGH).await?;
        let contacts = people::contacts(db, &everywhere(), &query, LOOKED_THROUGH).await?;
        let mut codes: Vec<_> = accounts.iter().map(|found| found.person.organisation.clone()).collect();
        codes.extend(contacts.iter().map(|found| found.person.organisation.clone()));
        let places = organisations::by_codes(db, &codes).await?;
        // Whoever knows a whole earlier address can write to its person; a part of it would tell a name they had.
        let whole = EmailAddress::read(words).ok();
        let accounts = accounts.into_iter().map(|found| {
            let entry = Entry {
                earlier: found
                    .person
                    .aliases
                    .iter()
                    .find(|alias| whole.as_ref() == Some(*alias))
                    .cloned(),
                ..Entry::of_account(&found.person, &places)
            };
            (found.position, entry)
        });
        let contacts = contacts
            .into_iter()
            .map(|found| (found.position, Entry::of_contact(&found.person, &places)));
        // A local ID finds nobody here, or the directory would say whose it is.
        let mut entries: Vec<_> = accounts
            .chain(contacts)
            .filter(|(_, entry)| entry.answers_to(words))
            .collect();
        entries.sort_by(|one, other| one.0.cmp(&other.0));
        entries.truncate(usize::try_from(LOOKED_UP).unwrap_or(usize::MAX));
        Ok(entries.into_iter().map(|(_, entry)| entry).collect())
    }

    /// One entry of the national directory.
    ///
    /// # Errors
    /// `NotFound` where there is none.
    pub async fn entry(&self, id: Uuid) -> Result<Entry, GateError> {
        let db = self.gate.store.reader();
        if let Some(account) = people::account(db, &everywhere(), AccountId(id)).await?
            && LISTED.contains(&account.status)
        {
            let place = organisations::by_codes(db, std::slice::from_ref(&account.organisation)).await?;
            return Ok(Entry::of_account(&account, &place));
        }
        match people::contact(db, &everywhere(), ContactId(id)).await? {
            Some(contact) if contact.deleted_at.is_none() => {
                let place = organisations::by_codes(db, std::slice::from_ref(&contact.organisation)).await?;
                Ok(Entry::of_contact(&contact, &place))
            }
            _ => Err(GateError::NotFound),
        }
    }
}
