//! A customer with subscriptions and seats, so that the pages about them have something to show.

use domain::{
    channel::Channel,
    customer::{Customer, CustomerNumber, Federation},
    grant::Terms,
    organisation::OrganisationCode,
    policy::{Actor, Role},
    request::{AccountWish, RoleWish, SeatWish, Wish},
    subscription::{Offering, Subscription, SubscriptionNumber, SubscriptionState},
    values::ids::AccountId,
};
use gate::{Gate, GateError};

use crate::unsound;

/// Its number.
const CUSTOMER: i64 = 30_020_506;

/// Its organisation: a small one.
const ORGANISATION: &str = "HLD01";

/// In whose name its change files are applied.
const CONNECTOR: &str = "rohan.gillespie";

/// Its subscriptions: number, name, part, offering, seats, gigabytes.
const SUBSCRIPTIONS: [(i64, &str, &str, Offering, u32, u32); 6] = [
    (69_051, "Staff", "A100", Offering::Bundle, 20, 0),
    (69_052, "Volunteers", "B200", Offering::Collab, 10, 0),
    (69_053, "Ward mailboxes", "C300", Offering::Mail, 10, 0),
    (69_054, "Docs", "D400", Offering::Docs, 10, 0),
    (69_055, "Mail on phones", "E500", Offering::Traveler, 2, 0),
    (69_060, "More room for files", "S100", Offering::CollabStorage, 0, 500),
];

/// Who has a seat of which.
const SEATS: [(&str, i64); 3] = [
    ("tegan.pettigrew", 69_051),
    ("corin.oakeshott", 69_051),
    ("rohan.wolstenholme", 69_052),
];

/// Adds it, with the role of its connector.
///
/// # Errors
/// When the demonstration's people are not there, or the database fails.
pub async fn add_customer(gate: &Gate, service: &Actor) -> Result<(), GateError> {
    let visit = gate.on_behalf_of(service);
    let organisation = OrganisationCode::parse(ORGANISATION).map_err(|_| unsound(ORGANISATION))?;
    let connector = account(gate, CONNECTOR).await?;
    let grant = RoleWish::Grant {
        role: Role::Connector,
        organisation: organisation.clone(),
        unit: None,
        terms: Terms {
            channels: vec![Channel::ChangeFile],
            ..Terms::default()
        },
    };
    visit.establish(vec![Wish::Role(connector, grant)]).await?;
    let number = CustomerNumber::new(CUSTOMER).ok_or_else(|| unsound("its customer"))?;
    let customer = Customer {
        number,
        organisation,
        federation: Federation::NonFederated,
        verifies_email: true,
        accepts_terms: false,
        hybrid: false,
        change_files: true,
        language: Some("en-GB".to_owned()),
        time_zone: Some("Europe/London".to_owned()),
        domains: vec!["hillside.example".to_owned()],
        connector: Some(connector),
        contact: None,
        compatible: [("B200", "A100"), ("A100", "B200"), ("C300", "A100")]
            .map(|(from, to)| (from.to_owned(), to.to_owned()))
            .to_vec(),
        templates: vec![],
    };
    visit.establish(vec![Wish::Customer(Box::new(customer))]).await?;
    let mut subscriptions = Vec::new();
    for (subscription, name, part, offering, seats, gigabytes) in SUBSCRIPTIONS {
        subscriptions.push(Wish::Subscription(Box::new(Subscription {
            number: numbered(subscription)?,
            customer: number,
            name: name.to_owned(),
            part: part.to_owned(),
            offering,
            parent: None,
            seats,
            gigabytes,
            state: SubscriptionState::Active,
            starts_on: None,
            ends_on: None,
        })));
    }
    visit.establish(subscriptions).await?;
    let mut seats = Vec::new();
    for (name, subscription) in SEATS {
        let wish = AccountWish::Seats(SeatWish::Assign(numbered(subscription)?));
        seats.push(Wish::Account(account(gate, name).await?, wish));
    }
    visit.establish(seats).await?;
    Ok(())
}

fn numbered(number: i64) -> Result<SubscriptionNumber, GateError> {
    SubscriptionNumber::new(number).ok_or_else(|| unsound("its subscriptions"))
}

/// One of the demonstration's people, by what stands before the `@` of their address.
async fn account(gate: &Gate, name: &str) -> Result<AccountId, GateError> {
    let address = format!("{name}@{}", gate.rules().mail_domain.as_str());
    let found = gate.account_by_address(&address).await?;
    Ok(found.ok_or(GateError::NotFound)?.id)
}
