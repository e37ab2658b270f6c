//! A made-up federation of any size, for measuring: few organisations with very many people and very many with a few, as
//! in a real one. The same numbers make the same federation.
//!
//! It is made as a history of events and told to the store, a stretch at a time, so the tables are what the events add up
//! to, and no more than a stretch is ever in memory.

mod connectors;
mod customers;
mod homes;
mod names;

use domain::{
    absence::Stay,
    account::{AccountStatus, display_name},
    dictionary::{Attribute, Attributes, Value},
    event::{AccountFact, ContactFact, Fact, OrganisationFact, RoleFact},
    grant::Terms,
    policy::{Actor, Role},
    rules::Rules,
    values::{
        address_candidates::candidates,
        ids::{AccountId, ContactId, GrantId},
    },
};
use gate::{Gate, GateError};
use uuid::Uuid;

pub use self::{
    connectors::{Connector, connect, connect_by_email},
    customers::{MadeCustomer, subscribe},
    homes::Size,
};
use self::{
    homes::{HOLDERS, Home, homes},
    names::{Dice, FIRST_NAMES, SURNAMES, first_name, surname},
};

/// Somebody to sign in as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Administrator {
    /// The address they sign in by.
    pub address: String,
    /// The organisation that they manage, with those below it.
    pub organisation: String,
    /// Whom they manage.
    pub people: u32,
}

/// When the IDs of made-up people begin: 1 January 2026. IDs of one moment lie side by side in an index.
const BEGINNING: u64 = 1_767_225_600_000;

/// People whose administrator is given the password: a scope that is neither small nor the whole country.
const ORDINARY_SCOPE: u32 = 5_000;

/// Puts a federation beside what is in the directory. The primary administrator of the tree nearest to 5,000 people gets
/// the password.
///
/// # Errors
/// `Denied` for anybody but the service itself; when the database fails, or the federation is there already.
pub async fn establish(
    gate: &Gate,
    service: &Actor,
    size: Size,
    password: &str,
) -> Result<Option<Administrator>, GateError> {
    let visit = gate.on_behalf_of(service);
    let homes = homes(size);
    let founding = homes
        .iter()
        .map(|home| Fact::Organisation(OrganisationFact::Founded(home.organisation.clone())));
    let mut history = visit.begin_history().await?;
    history.tell(founding).await?;
    history.tell(Maker::new(gate.rules()).accounts(&homes)).await?;
    history.tell(Maker::new(gate.rules()).contacts(&homes)).await?;
    history.tell(homes.iter().filter_map(primary_administrator)).await?;
    gate.store().gather_statistics().await?;

    let Some((home, people)) = ordinary(&homes) else {
        return Ok(None);
    };
    let account = account_id(home.first_account);
    visit.set_password(account, password).await?;
    let found = store::directory::people::by_ids(gate.store().reader(), &[account.0])
        .await?
        .pop();
    Ok(found.map(|account| Administrator {
        address: account.attributes.text(Attribute::EmailAddress).to_owned(),
        organisation: home.organisation.name.clone(),
        people,
    }))
}

/// The tree whose people are nearest to an ordinary scope, by its root, with how many they are.
fn ordinary(homes: &[Home]) -> Option<(&Home, u32)> {
    let trees = homes.chunk_by(|one, next| one.organisation.path.root() == next.organisation.path.root());
    let counted = trees.filter_map(|tree| {
        let people = tree.iter().map(|home| home.accounts + home.contacts).sum();
        tree.first().filter(|root| root.accounts > 0).map(|root| (root, people))
    });
    counted.min_by_key(|(_, people): &(_, u32)| people.abs_diff(ORDINARY_SCOPE))
}

fn primary_administrator(home: &Home) -> Option<Fact> {
    (home.accounts > 0).then(|| Fact::Role {
        grant: GrantId(id(2, home.first_account)),
        account: account_id(home.first_account),
        role: Role::PrimaryLocalAdministrator,
        organisation: home.organisation.code.clone(),
        unit: None,
        what: RoleFact::Granted {
            terms: Terms::default(),
        },
    })
}

fn account_id(number: u32) -> AccountId {
    AccountId(id(0, number))
}

/// The ID of a thing of one kind, by its number.
fn id(kind: u8, number: u32) -> Uuid {
    let mut last = [0; 10];
    last[9] = kind;
    uuid::Builder::from_unix_timestamp_millis(BEGINNING + u64::from(number), &last).into_uuid()
}

/// Makes people, one after the other.
struct Maker<'a> {
    rules: &'a Rules,
    dice: Dice,
    /// How many have each name so far; the next one's address has the number behind it.
    namesakes: Vec<u32>,
}

impl<'a> Maker<'a> {
    fn new(rules: &'a Rules) -> Self {
        Self {
            rules,
            dice: Dice::new(),
            namesakes: vec![0; FIRST_NAMES.len() * SURNAMES],
        }
    }

    fn accounts(mut self, homes: &'a [Home]) -> impl Iterator<Item = Fact> {
        let places = homes
            .iter()
            .flat_map(|home| (0..home.accounts).map(move |place| (home, place)));
        places.map(move |(home, place)| self.account(home, place))
    }

    fn contacts(mut self, homes: &'a [Home]) -> impl Iterator<Item = Fact> {
        let places = homes
            .iter()
            .flat_map(|home| (0..home.contacts).map(move |place| (home, place)));
        places.map(move |(home, place)| self.contact(home, home.first_contact + place))
    }

    fn account(&mut self, home: &Home, place: u32) -> Fact {
        let number = home.first_account + place;
        let (mut attributes, namesake) = self.named();
        let address = self.address(&attributes, namesake);
        set(&mut attributes, Attribute::EmailAddress, address);
        set(&mut attributes, Attribute::LocalId, format!("{:07}", number + 1));
        if let Some(site) = self.dice.one_of(&home.organisation.sites) {
            set(&mut attributes, Attribute::Site, site.code.clone());
        }
        if let Some(unit) = self.dice.one_of(&home.organisation.units) {
            set(&mut attributes, Attribute::Unit, unit.to_string());
        }
        let lists = &self.rules.lists;
        for (attribute, list, percent) in [
            (Attribute::ClinicalSpecialty, &lists.clinical_specialties, 40),
            (Attribute::Role, &lists.roles, 90),
            (Attribute::WorkArea, &lists.work_areas, 80),
        ] {
            if self.dice.below(100) < percent
                && let Some(value) = self.dice.one_of(list)
            {
                set(&mut attributes, attribute, value.clone());
            }
        }
        // Both stretches of numbers are kept free for fiction by the regulator.
        set(
            &mut attributes,
            Attribute::Telephone,
            format!("+441632960{:03}", self.dice.below(1000)),
        );
        if self.dice.below(100) < 40 {
            set(
                &mut attributes,
                Attribute::Mobile,
                format!("+447700900{:03}", self.dice.below(1000)),
            );
        }
        set(
            &mut attributes,
            Attribute::Quota,
            self.rules.standard_quota_gb.to_string(),
        );
        self.finish(&mut attributes, home);
        // Whoever is given a role is there.
        let status = match self.dice.below(100) {
            0..95 => AccountStatus::Active,
            _ if place < HOLDERS => AccountStatus::Active,
            95..98 => AccountStatus::Pending,
            98 => AccountStatus::Disabled,
            _ => AccountStatus::Leaver,
        };
        Fact::Account(
            account_id(number),
            home.organisation.code.clone(),
            AccountFact::Created {
                status,
                attributes,
                stay: Stay::default(),
            },
        )
    }

    fn contact(&mut self, home: &Home, number: u32) -> Fact {
        let (mut attributes, _) = self.named();
        let own = self.address(&attributes, 1);
        let name = own.split('@').next().unwrap_or_default();
        set(
            &mut attributes,
            Attribute::EmailAddress,
            format!("{name}.{number}@partners.example"),
        );
        self.finish(&mut attributes, home);
        Fact::Contact(
            ContactId(id(1, number)),
            home.organisation.code.clone(),
            ContactFact::Created { attributes },
        )
    }

    /// A name, and how many people have had it so far, this one among them.
    fn named(&mut self) -> (Attributes, u32) {
        let (first, last) = (self.dice.skewed(FIRST_NAMES.len()), self.dice.skewed(SURNAMES));
        let namesakes = &mut self.namesakes[first * SURNAMES + last];
        *namesakes += 1;
        let mut attributes = Attributes::default();
        set(&mut attributes, Attribute::FirstName, first_name(first).to_owned());
        set(&mut attributes, Attribute::LastName, surname(last));
        (attributes, *namesakes)
    }

    /// The address that somebody with this name would have been given.
    fn address(&self, attributes: &Attributes, namesake: u32) -> String {
        let name = |attribute| attributes.text(attribute);
        let (first, last) = (name(Attribute::FirstName), name(Attribute::LastName));
        let best = candidates(first, last, &self.rules.mail_domain).and_then(|mut all| all.next());
        let Some(best) = best else { return String::new() };
        match namesake {
            1 => best.to_string(),
            _ => format!("{}{namesake}@{}", best.local_part(), best.host()),
        }
    }

    fn finish(&mut self, attributes: &mut Attributes, home: &Home) {
        let shown = display_name(attributes, &home.organisation, self.rules);
        attributes.set(Attribute::DisplayName, Some(shown));
        for (attribute, list) in [
            (Attribute::Title, names::TITLES.as_slice()),
            (Attribute::JobTitle, &names::JOB_TITLES),
            (Attribute::Department, &names::DEPARTMENTS),
        ] {
            let is_contacts = attributes.get(Attribute::LocalId).is_none();
            if let Some(value) = self.dice.one_of(list)
                && (!is_contacts || attribute == Attribute::Title)
            {
                set(attributes, attribute, (*value).to_owned());
            }
        }
    }
}

fn set(attributes: &mut Attributes, attribute: Attribute, text: String) {
    attributes.set(attribute, Some(Value::stored(text)));
}
