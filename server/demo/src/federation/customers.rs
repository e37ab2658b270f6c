//! Customers of a made-up federation with subscriptions, for measuring change files.

use std::cmp::Reverse;

use domain::{
    channel::Channel,
    customer::{Customer, CustomerNumber, Federation},
    event::Fact,
    grant::Terms,
    policy::Actor,
    subscription::{Offering, Subscription, SubscriptionNumber, SubscriptionState},
};
use gate::{Gate, GateError};

use super::{
    Size, account_id,
    connectors::grant,
    homes::{BY_CHANGE_FILE, Home, homes},
};

/// The mail domain of the first customer; the others' have a number in front.
const DOMAIN: &str = "customer.example";

/// The numbers of the first customer and of its first subscription; the demonstration has lower ones.
const FIRST_CUSTOMER: i64 = 40_000_001;
const FIRST_SUBSCRIPTION: i64 = 800_001;

/// Seats of each subscription, and gigabytes of each storage: more than is ever asked for.
const PLENTY: u32 = 1_000_000;

/// A customer that sends change files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeCustomer {
    /// Its number.
    pub number: CustomerNumber,
    /// The mail domain that it owns.
    pub domain: String,
    /// Its subscriptions to collaboration, to mail and to both in one.
    pub subscriptions: [SubscriptionNumber; 3],
}

/// A customer as it is told.
struct Told {
    customer: Customer,
    subscriptions: Vec<Subscription>,
}

/// Makes the largest trees of the federation customers, so many of them, with subscriptions to collaboration, mail, both in
/// one, and storage. Somebody of each is its connector by change file.
///
/// # Errors
/// `Denied` for anybody but the service itself; when the database fails, or the federation is not there.
pub async fn subscribe(gate: &Gate, service: &Actor, size: Size, many: usize) -> Result<Vec<MadeCustomer>, GateError> {
    let mut roots = homes(size);
    roots.retain(|home| home.accounts > BY_CHANGE_FILE && home.organisation.path.parent().is_none());
    roots.sort_by_key(|home| Reverse(home.accounts));
    roots.truncate(many);

    let told: Option<Vec<_>> = (0..).zip(&roots).map(|(place, home)| told(place, home)).collect();
    let told = told.ok_or(GateError::NotFound)?;
    let visit = gate.on_behalf_of(service);
    let mut history = visit.begin_history().await?;
    history.tell(told.iter().flat_map(Told::facts)).await?;
    let grants = roots.iter().map(|home| {
        let channels = vec![Channel::ChangeFile];
        let terms = Terms {
            channels,
            ..Terms::default()
        };
        grant(
            account_id(home.first_account + BY_CHANGE_FILE),
            home.organisation.code.clone(),
            terms,
        )
    });
    visit.establish(grants.collect()).await?;
    told.iter().map(|told| told.made().ok_or(GateError::NotFound)).collect()
}

fn told(place: i64, home: &Home) -> Option<Told> {
    let number = CustomerNumber::new(FIRST_CUSTOMER + place)?;
    let domain = match place {
        0 => DOMAIN.to_owned(),
        _ => format!("c{place}.{DOMAIN}"),
    };
    let subscription = |part: i64, offering: Offering| {
        Some(Subscription {
            number: SubscriptionNumber::new(FIRST_SUBSCRIPTION + place * 100 + part)?,
            customer: number,
            name: offering.name().to_owned(),
            part: format!("D-{}", offering.slug().to_uppercase()),
            offering,
            parent: None,
            seats: if offering.is_storage() { 0 } else { PLENTY },
            gigabytes: if offering.is_storage() { PLENTY } else { 0 },
            state: SubscriptionState::Active,
            starts_on: None,
            ends_on: None,
        })
    };
    let offerings = [
        Offering::Collab,
        Offering::Mail,
        Offering::Bundle,
        Offering::CollabStorage,
        Offering::MailStorage,
    ];
    let subscriptions = (0..)
        .zip(offerings)
        .map(|(part, offering)| subscription(part, offering));
    let subscriptions = subscriptions.collect::<Option<Vec<_>>>()?;
    let part = |place: usize| subscriptions.get(place).map(|one: &Subscription| one.part.clone());
    let compatible = vec![(part(0)?, part(2)?)];
    Some(Told {
        customer: Customer {
            number,
            organisation: home.organisation.code.clone(),
            federation: Federation::Partial,
            verifies_email: true,
            accepts_terms: true,
            hybrid: false,
            change_files: true,
            language: None,
            time_zone: None,
            domains: vec![domain],
            connector: Some(account_id(home.first_account + BY_CHANGE_FILE)),
            contact: None,
            compatible,
            templates: vec![],
        },
        subscriptions,
    })
}

impl Told {
    fn facts(&self) -> impl Iterator<Item = Fact> {
        let customer = Fact::Customer {
            before: None,
            after: self.customer.clone(),
        };
        let subscriptions = self.subscriptions.iter().map(|subscription| Fact::Subscription {
            organisation: self.customer.organisation.clone(),
            before: None,
            after: subscription.clone(),
        });
        [customer].into_iter().chain(subscriptions)
    }

    fn made(&self) -> Option<MadeCustomer> {
        let number = |place: usize| self.subscriptions.get(place).map(|one| one.number);
        Some(MadeCustomer {
            number: self.customer.number,
            domain: self.customer.domains.first()?.clone(),
            subscriptions: [number(0)?, number(1)?, number(2)?],
        })
    }
}
