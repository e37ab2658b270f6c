//! The demonstration: fictional organisations and people, established through the gate, and a made-up federation for
//! measuring. The personas are the same in the seeds, the tests and the end-to-end journeys. The gate knows nothing of it.

mod customers;
mod examples;
pub mod federation;

use domain::{
    dictionary::Attribute,
    grant::Terms,
    life::Turn,
    organisation::{Organisation, OrganisationCode, OrganisationPath, OrganisationStatus, Site, UnitPath},
    policy::{Actor, Role},
    request::{AccountWish, Cells, RoleWish, Wish},
};
use formats::{Formats, Sheet};
use gate::{Gate, GateError};
use serde::Deserialize;
use store::StoreError;

pub use self::{customers::add_customer, examples::send_examples};

/// Somebody to sign in as.
#[derive(Clone, Copy, Debug)]
pub struct Persona {
    /// First name.
    pub first: &'static str,
    /// Last name.
    pub last: &'static str,
    /// The role they hold.
    pub role: Role,
    /// Over which organisation.
    pub organisation: &'static str,
    /// Only over this unit.
    pub unit: Option<&'static str>,
    /// What they are there to show.
    pub shows: &'static str,
}

/// Everybody there is to sign in as.
pub const PERSONAS: [Persona; 7] = [
    persona(
        "Ben",
        "Cartwright",
        Role::LocalAdministrator,
        "RIV",
        "uploads staff lists for a hospital trust and its children",
    ),
    persona(
        "Priya",
        "Ramanathan",
        Role::PrimaryLocalAdministrator,
        "RIV",
        "runs the trust’s administrators",
    ),
    persona(
        "Gwen",
        "Ashcombe",
        Role::LocalAdministrator,
        "G7H8J",
        "manages a GP practice elsewhere; sees nothing of the trust",
    ),
    persona(
        "Hamid",
        "Noorzai",
        Role::LocalHelpdesk,
        "RIV",
        "helps people of the trust; uploads nothing",
    ),
    persona(
        "Aled",
        "Pritchard",
        Role::Audit,
        "RIV",
        "reads the trust’s history; changes nothing",
    ),
    persona(
        "Grace",
        "Lindholm",
        Role::GlobalAdministrator,
        "FED00",
        "sees the whole federation",
    ),
    Persona {
        unit: Some("Medicine"),
        ..persona(
            "Una",
            "Mossley",
            Role::LocalAdministrator,
            "RIV",
            "manages one unit of the trust",
        )
    },
];

/// A file to practise with: 50 rows for the trust, 5 of them with mistakes.
pub const PRACTICE_FILE: &str = include_str!("../demonstration/practice.csv");

const fn persona(
    first: &'static str,
    last: &'static str,
    role: Role,
    organisation: &'static str,
    shows: &'static str,
) -> Persona {
    Persona {
        first,
        last,
        role,
        organisation,
        unit: None,
        shows,
    }
}

impl Persona {
    /// The address they sign in with.
    #[must_use]
    pub fn address(&self, mail_domain: &str) -> String {
        format!("{}.{}@{mail_domain}", self.first, self.last).to_lowercase()
    }
}

/// Establishes the demonstration in an empty directory; every persona gets the password.
///
/// # Errors
/// When the directory is not empty, or the database fails.
pub async fn establish(gate: &Gate, service: &Actor, password: &str) -> Result<(), GateError> {
    let visit = gate.on_behalf_of(service);
    visit.establish(organisations()?).await?;
    visit
        .establish(people(
            include_bytes!("../demonstration/people.csv"),
            Wish::AccountInFile,
        )?)
        .await?;
    visit
        .establish(people(
            include_bytes!("../demonstration/contacts.csv"),
            Wish::NewContact,
        )?)
        .await?;
    let (active, later) = turns(gate).await?;
    visit.establish(active).await?;
    visit.establish(later).await?;
    let mut grants = Vec::new();
    for persona in PERSONAS {
        let address = persona.address(gate.rules().mail_domain.as_str());
        let account = gate.account_by_address(&address).await?.ok_or(GateError::NotFound)?;
        visit.set_password(account.id, password).await?;
        let organisation = OrganisationCode::parse(persona.organisation).map_err(|_| GateError::NotFound)?;
        let unit = persona.unit.map(UnitPath::parse);
        grants.push(Wish::Role(
            account.id,
            RoleWish::Grant {
                role: persona.role,
                organisation,
                unit,
                terms: Terms::default(),
            },
        ));
    }
    visit.establish(grants).await?;
    Ok(())
}

/// Nearly everybody is active; a few take a further turn, so that there is something of each to see.
async fn turns(gate: &Gate) -> Result<(Vec<Wish>, Vec<Wish>), GateError> {
    let everything = domain::policy::Scope {
        everything: true,
        parts: vec![],
    };
    let query = store::directory::people::Query::default();
    let (mut active, mut later) = (Vec::new(), Vec::new());
    for listed in store::directory::people::accounts(gate.store().reader(), &everything, &query, 10_000).await? {
        let account = listed.person.id;
        let further = match listed.person.attributes.text(Attribute::LocalId) {
            "1062" | "1063" | "2021" => continue,
            "1041" => Some(Turn::Disable),
            "1042" => Some(Turn::MarkLeaver),
            "1043" => Some(Turn::Delete),
            "1044" => Some(Turn::Lock),
            _ => None,
        };
        let turn = Turn::Activate;
        active.push(Wish::Account(account, AccountWish::Turn(turn)));
        later.extend(further.map(|turn| Wish::Account(account, AccountWish::Turn(turn))));
    }
    Ok((active, later))
}

/// What is wrong with the demonstration's own files.
fn unsound(what: &str) -> GateError {
    GateError::Trouble(StoreError::Unreadable(format!("the demonstration: {what}")))
}

fn people(file: &[u8], wish: fn(Cells) -> Wish) -> Result<Vec<Wish>, GateError> {
    let sheet = Sheet::open(&Formats::shipped(), file).map_err(|_| unsound("its people"))?;
    let cells = sheet.requests().filter_map(|request| match request.wish {
        Wish::AccountInFile(cells) => Some(wish(cells)),
        _ => None,
    });
    Ok(cells.collect())
}

fn organisations() -> Result<Vec<Wish>, GateError> {
    let file = toml::from_str(include_str!("../demonstration/organisations.toml"));
    let file: File = file.map_err(|error| unsound(&error.to_string()))?;
    let mut founded: Vec<Organisation> = Vec::new();
    for entry in file.organisation {
        let code = OrganisationCode::parse(&entry.code).map_err(|_| unsound(&entry.code))?;
        let parent = founded
            .iter()
            .find(|other| Some(other.code.as_str()) == entry.parent.as_deref());
        founded.push(Organisation {
            path: OrganisationPath::below(parent.map(|parent| &parent.path), &code),
            code,
            name: entry.name,
            short_name: entry.short_name,
            status: if entry.closed {
                OrganisationStatus::Closed
            } else {
                OrganisationStatus::Open
            },
            sites: entry
                .sites
                .into_iter()
                .map(|(code, name)| Site { code, name })
                .collect(),
            units: entry.units.iter().map(|unit| UnitPath::parse(unit)).collect(),
        });
    }
    Ok(founded.into_iter().map(Wish::NewOrganisation).collect())
}

#[derive(Deserialize)]
struct File {
    organisation: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    code: String,
    name: String,
    short_name: String,
    parent: Option<String>,
    #[serde(default)]
    closed: bool,
    #[serde(default)]
    sites: Vec<(String, String)>,
    #[serde(default)]
    units: Vec<String>,
}
