//! The national directory: everybody who is signed in looks people up, and sees nothing but what it shows.

use std::collections::HashMap;

use domain::{
    account::{Account, AccountStatus},
    contact::Contact,
    dictionary::{Attribute, Attributes},
    organisation::{Organisation, OrganisationCode},
    searching::{Sought, numbers_in, sought},
    values::{
        email_address::EmailAddress,
        ids::{AccountId, ContactId},
        text::fold,
    },
};
use store::{
    ConnectionTrait,
    directory::{
        organisations,
        people::{self, Query, Searched},
    },
};
use uuid::Uuid;

use crate::{GateError, Visit, people::listing::everywhere};

/// What the national directory shows of somebody: never a hidden mobile, a local ID, a status or a quota.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Their ID.
    pub id: Uuid,
    /// Their name in reading order.
    pub name: String,
    /// Their organisation's name.
    pub organisation: String,
    /// Their site, by its name; empty where they have none.
    pub site: String,
    /// Whether they have no mailbox here.
    pub is_contact: bool,
    /// The whole address that they had before, where they were looked up by it.
    pub earlier: Option<EmailAddress>,
    /// What is shown of them.
    pub attributes: Attributes,
}

/// What the directory shows.
const SHOWN: [Attribute; 18] = [
    Attribute::Title,
    Attribute::FirstName,
    Attribute::LastName,
    Attribute::DisplayName,
    Attribute::Unit,
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

/// What a number is found by.
const NUMBERS: [Attribute; 4] = [
    Attribute::Telephone,
    Attribute::Mobile,
    Attribute::Pager,
    Attribute::Fax,
];

/// The organisations and the sites that entries name.
struct Places {
    organisations: Vec<Organisation>,
    sites: HashMap<(String, String), String>,
}

impl Places {
    async fn of<'a>(
        db: &impl ConnectionTrait,
        accounts: impl Iterator<Item = &'a Account> + Clone,
        contacts: impl Iterator<Item = &'a Contact>,
    ) -> Result<Self, GateError> {
        let at = accounts.clone().filter_map(|account| {
            let site = account.attributes.get(Attribute::Site)?;
            Some((account.organisation.as_str(), site.as_str()))
        });
        let sites = organisations::site_names(db, &at.collect::<Vec<_>>()).await?;
        let mut codes: Vec<_> = accounts.map(|account| account.organisation.clone()).collect();
        codes.extend(contacts.map(|contact| contact.organisation.clone()));
        codes.sort();
        codes.dedup();
        let organisations = organisations::by_codes(db, &codes).await?;
        Ok(Self { organisations, sites })
    }

    fn organisation(&self, code: &OrganisationCode) -> String {
        let found = self.organisations.iter().find(|place| place.code == *code);
        found.map_or_else(|| code.to_string(), |place| place.name.clone())
    }

    fn site(&self, account: &Account) -> String {
        let code = account.attributes.text(Attribute::Site);
        let known = self.sites.get(&(account.organisation.to_string(), code.to_owned()));
        known.map_or(code, String::as_str).to_owned()
    }
}

impl Entry {
    fn of_account(account: &Account, places: &Places) -> Self {
        Self {
            id: account.id.0,
            name: account.full_name(),
            organisation: places.organisation(&account.organisation),
            site: places.site(account),
            is_contact: false,
            earlier: None,
            attributes: shown(&account.attributes),
        }
    }

    fn of_contact(contact: &Contact, places: &Places) -> Self {
        Self {
            id: contact.id.0,
            name: contact.full_name(),
            organisation: places.organisation(&contact.organisation),
            site: String::new(),
            is_contact: true,
            earlier: None,
            attributes: shown(&contact.attributes),
        }
    }

    /// Whether it was looked up by an earlier address, or all that is sought occurs in what is shown.
    fn answers_to(&self, all: &[Sought]) -> bool {
        if self.earlier.is_some() {
            return true;
        }
        let texts = [
            Attribute::DisplayName,
            Attribute::EmailAddress,
            Attribute::JobTitle,
            Attribute::Unit,
        ];
        let texts = texts.map(|attribute| fold(self.attributes.text(attribute)));
        let shown = format!("{} {} {}", fold(&self.name), texts.join(" "), fold(&self.site));
        let numbers = NUMBERS
            .map(|attribute| numbers_in(self.attributes.text(attribute)))
            .concat();
        all.iter().all(|one| match one {
            Sought::Word(word) => shown.contains(word),
            Sought::Digits { words, number } => {
                words.iter().all(|word| shown.contains(word)) || numbers.iter().any(|own| number.fits(own))
            }
        })
    }
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
    /// The national directory, for everybody who is signed in: people by words of their names, their work and their place,
    /// and by the numbers that they do not hide, with nothing but what the directory shows. A whole address finds its person also where they have another one now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn look_up(&self, words: &str) -> Result<Vec<Entry>, GateError> {
        if fold(words).replace(' ', "").chars().count() < 2 {
            return Ok(vec![]);
        }
        let query = Query {
            words: words.to_owned(),
            searched: Searched::Shown,
            statuses: LISTED.to_vec(),
            ..Query::default()
        };
        let db = self.gate.store.reader();
        let accounts = people::accounts(db, &everywhere(), &query, LOOKED_THROUGH).await?;
        let contacts = people::contacts(db, &everywhere(), &query, LOOKED_THROUGH).await?;
        let (own, theirs) = (
            accounts.iter().map(|found| &found.person),
            contacts.iter().map(|found| &found.person),
        );
        let places = Places::of(db, own, theirs).await?;
        // Somebody who knows a whole earlier address can write to its person; a part of it would tell a name they had.
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
        let sought = sought(words);
        let mut entries: Vec<_> = accounts
            .chain(contacts)
            .filter(|(_, entry)| entry.answers_to(&sought))
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
            let places = Places::of(db, std::iter::once(&account), std::iter::empty()).await?;
            return Ok(Entry::of_account(&account, &places));
        }
        match people::contact(db, &everywhere(), ContactId(id)).await? {
            Some(contact) if contact.deleted_at.is_none() => {
                let places = Places::of(db, std::iter::empty(), std::iter::once(&contact)).await?;
                Ok(Entry::of_contact(&contact, &places))
            }
            _ => Err(GateError::NotFound),
        }
    }
}
