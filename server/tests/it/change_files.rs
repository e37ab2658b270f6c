//! Change files as they lie in a customer's folder: taken once, in order, and answered there.

mod command;
mod folder;
mod full;
mod gaps;
mod killed;
mod order;
mod seats;

use std::{
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

use domain::{
    channel::Channel,
    customer::{Customer, CustomerNumber, Federation},
    grant::Terms,
    organisation::OrganisationCode,
    policy::Role,
    request::{RoleWish, Wish},
};
use server::{
    channels::change_files::{
        looked::{Ended, Look},
        watching::Watching,
    },
    operate::config::Config,
};
use tempfile::TempDir;
use testkit::{MAIL_DOMAIN, Portal, SERVICE};

/// In whose name files are applied.
const ROBOT: &str = "niamh.adeyemi@health.example";

/// The customer of these tests.
pub const CUSTOMER: &str = "30020506";

/// The header of these tests' files.
pub const HEADER: &str = "EmailAddress,Action,GivenName,FamilyName,SubscriptionId,AltEmailAddress,JobTitle\r\n";

/// How long something may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Makes a customer of the trust, whose files Niamh's account sends.
pub async fn customer(portal: &Portal) {
    customer_of(portal, CUSTOMER, "RIV", ROBOT).await;
}

/// Makes a customer of an organisation, whose files an account sends.
async fn customer_of(portal: &Portal, number: &str, organisation: &str, connector: &str) {
    let connector = portal.account(connector).await;
    let organisation = OrganisationCode::parse(organisation).expect("a code");
    let grant = RoleWish::Grant {
        role: Role::Connector,
        organisation: organisation.clone(),
        unit: None,
        terms: Terms {
            channels: vec![Channel::ChangeFile],
            ..Terms::default()
        },
    };
    let customer = Customer {
        number: number.parse().expect("a number"),
        organisation,
        federation: Federation::NonFederated,
        verifies_email: true,
        accepts_terms: false,
        hybrid: false,
        change_files: true,
        language: None,
        time_zone: None,
        domains: vec![],
        connector: Some(connector),
        contact: None,
        compatible: vec![],
        templates: vec![],
    };
    for wish in [Wish::Role(connector, grant), Wish::Customer(Box::new(customer))] {
        let established = portal.gate.on_behalf_of(&SERVICE).establish(vec![wish]).await;
        established.expect("a customer can be made");
    }
}

fn customer_number() -> CustomerNumber {
    CUSTOMER.parse().expect("a number")
}

/// A row that adds somebody.
pub fn add(first: &str, last: &str) -> String {
    let address = format!("{first}.{last}@{MAIL_DOMAIN}").to_lowercase();
    format!("{address},Add,{first},{last},,,Nurse\r\n")
}

/// A file that adds one person.
fn adds(first: &str, last: &str) -> String {
    format!("{HEADER}{}", add(first, last))
}

/// A name of its own for each number, of letters alone.
fn letters(number: usize) -> String {
    let digits = format!("{number:05}");
    let letter = |digit: u8| char::from(digit - b'0' + b'a');
    format!("N{}", digits.bytes().map(letter).collect::<String>())
}

/// Whether there is an account with an address in the mail domain.
async fn is_there(portal: &Portal, local_part: &str) -> bool {
    let address = format!("{local_part}@{MAIL_DOMAIN}");
    let found = portal.gate.account_by_address(&address).await;
    found.expect("the database answers").is_some()
}

/// The folder of all customers, with that of one in it.
pub struct Folder(TempDir);

impl Folder {
    fn make() -> Self {
        let folder = Self(tempfile::tempdir().expect("a folder"));
        for part in ["in", "check"] {
            fs::create_dir_all(folder.part(part)).expect("a folder");
        }
        folder
    }

    fn root(&self) -> String {
        self.0.path().display().to_string()
    }

    fn part(&self, part: &str) -> PathBuf {
        self.0.path().join(CUSTOMER).join(part)
    }

    /// Drops a whole file, as a program does that moves what it has written.
    fn put_in(&self, part: &str, name: &str, text: impl AsRef<[u8]>) {
        let beside = self.0.path().join("beside");
        fs::write(&beside, text).expect("a file");
        fs::rename(beside, self.part(part).join(name)).expect("a file");
    }

    /// Drops a file to be processed.
    fn put(&self, name: &str, text: impl AsRef<[u8]>) {
        self.put_in("in", name, text);
    }

    /// The names in one of its folders.
    fn names(&self, part: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.part(part)) else {
            return vec![];
        };
        let mut names: Vec<_> = entries
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    /// The names of all reports.
    fn reports(&self) -> Vec<String> {
        let mut names = self.names("reports");
        names.retain(|name| name.contains(".report.") && !name.starts_with('.'));
        names
    }

    /// How many files are put away as processed. What was being written when a process died has a hidden name, and is swept
    /// away after a day.
    fn done(&self) -> usize {
        let of_month = |month: String| self.names(&format!("done/{month}"));
        let names = self.names("done").into_iter().flat_map(of_month);
        names.filter(|name| !name.starts_with('.')).count()
    }

    fn report(&self, name: &str) -> String {
        let path = self.part("reports").join(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    fn config(&self) -> Config {
        Config {
            mail_domain: MAIL_DOMAIN.to_owned(),
            change_files_folder: Some(self.0.path().to_owned()),
            change_files_poll_seconds: 1,
            change_files_settle_seconds: 0,
            change_file_mib: 1,
            ..Config::default()
        }
    }

    fn watch(&self) -> Watching {
        Watching::of(&self.config()).expect("a folder").expect("it is set")
    }
}

/// Looks once, and does what there is to do.
async fn look(watching: &mut Watching, portal: &Portal) -> Look {
    let look = watching.look(&portal.gate).await.expect("the database answers");
    portal.work().await;
    let pause = if look.has_moved || look.working > 0 { 5 } else { 50 };
    tokio::time::sleep(Duration::from_millis(pause)).await;
    look
}

/// Watches until so many files are reported; what became of each, in the order of their reports.
async fn until_reported(watching: &mut Watching, portal: &Portal, many: usize) -> Vec<Ended> {
    let (begun, mut ended) = (Instant::now(), Vec::new());
    while ended.len() < many {
        let look = look(watching, portal).await;
        assert_eq!(look.troubled, vec![]);
        ended.extend(look.ended);
        assert!(begun.elapsed() < PATIENCE, "{ended:?}");
    }
    assert_eq!(ended.len(), many, "{ended:?}");
    ended
}

/// Watches for some seconds, in which nothing is taken.
async fn nothing_is_taken_for(watching: &mut Watching, portal: &Portal, seconds: u64) {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(seconds) {
        let look = look(watching, portal).await;
        assert!(!look.has_moved && look.working == 0, "{look:?}");
    }
}
