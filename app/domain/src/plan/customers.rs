//! Customers and their subscriptions, as a Global Administrator sets them.

use super::{PlannedRow, Step, matching::World, not_there, seats::storage_of};
use crate::{
    customer::{Customer, CustomerFault},
    dictionary::Attribute,
    problem::{Kind, Problem},
    subscription::{KnownSubscription, Offering, Side, Subscription, SubscriptionState},
    values::{email_address::MailDomain, ids::RowNumber, text},
};

/// The longest name and part number of a subscription, in characters.
const LONGEST_NAME: usize = 255;

/// A customer that is so.
pub(super) fn set(world: &World<'_>, row: RowNumber, wished: &Customer) -> PlannedRow {
    let (mut after, mut unread) = (wished.clone(), vec![]);
    for (attribute, value) in [
        (Attribute::Language, &mut after.language),
        (Attribute::TimeZone, &mut after.time_zone),
    ] {
        unread.extend(read(world, row, attribute, value));
    }
    let Some(home) = world.organisation(&wished.organisation) else {
        let problems = std::iter::once(Problem::in_row(row, Kind::NotThere)).chain(unread);
        let problems = problems.collect();
        return PlannedRow::bare(row, wished.number.to_string(), Step::LeaveOut { problems });
    };
    let before = world.customer(wished.number);
    let mut faults = vec![];
    if home.path.root() != home.code.as_str() {
        let organisation = home.code.clone();
        faults.push(CustomerFault::NotARoot { organisation });
    }
    if let Some(before) = before.filter(|before| before.organisation != wished.organisation) {
        let organisation = before.organisation.clone();
        faults.push(CustomerFault::OtherOrganisation { organisation });
    }
    let mut others = world.snapshot.customers.iter();
    let other = others.find(|other| other.organisation == wished.organisation && other.number != wished.number);
    if let Some(other) = other {
        faults.push(CustomerFault::OtherCustomer { customer: other.number });
    }
    after.domains = domains(world, wished, &mut faults);
    let in_row = |fault| Problem::in_row(row, Kind::Customer(fault));
    let problems: Vec<_> = faults.into_iter().map(in_row).chain(unread).collect();
    let step = match before {
        _ if !problems.is_empty() => Step::LeaveOut { problems },
        Some(before) if *before == after => Step::Nothing { account: None },
        before => Step::Customer {
            before: before.cloned().map(Box::new),
            after: Box::new(after),
        },
    };
    PlannedRow::bare(row, home.name.clone(), step)
}

/// The domains in small letters, each once; each is one customer's.
fn domains(world: &World<'_>, wished: &Customer, faults: &mut Vec<CustomerFault>) -> Vec<String> {
    let mut domains = vec![];
    for text in wished.domains.iter().filter(|text| !text::is_blank(text)) {
        let Ok(domain) = MailDomain::parse(text) else {
            let domain = text.clone();
            faults.push(CustomerFault::NotADomain { domain });
            continue;
        };
        let domain = domain.as_str().to_owned();
        let mut others = world.snapshot.customers.iter();
        let owner = others.find(|other| other.number != wished.number && other.owns(&domain));
        if let Some(owner) = owner {
            let (domain, customer) = (domain.clone(), owner.number);
            faults.push(CustomerFault::DomainTaken { domain, customer });
        }
        if !domains.contains(&domain) {
            domains.push(domain);
        }
    }
    domains
}

/// Reads what new people have by default as the dictionary reads it.
fn read(world: &World<'_>, row: RowNumber, attribute: Attribute, value: &mut Option<String>) -> Option<Problem> {
    let text = value.take().filter(|text| !text::is_blank(text))?;
    match attribute.parse(&text, ';', &world.snapshot.rules) {
        Ok(read) => {
            *value = Some(read.to_string());
            None
        }
        Err(kind) => Some(Problem::in_cell(row, attribute, &text, kind)),
    }
}

/// A subscription that is so.
pub(super) fn subscription(world: &World<'_>, row: RowNumber, wished: &Subscription) -> PlannedRow {
    let name = text::trimmed(&wished.name).to_owned();
    let Some(customer) = world.customer(wished.customer) else {
        return PlannedRow::bare(row, name, not_there(row));
    };
    let known = world.subscription(wished.number);
    let after = Subscription {
        name: name.clone(),
        part: text::trimmed(&wished.part).to_owned(),
        ..wished.clone()
    };
    let mut faults = of_itself(world, &after);
    if let Some(known) = known {
        faults.extend(since_known(world, known, &after));
    }
    if let Some(fault) = smaller_pool(world, known, &after) {
        faults.push(fault);
    }
    let in_row = |fault| Problem::in_row(row, Kind::Customer(fault));
    let before = known.map(|known| &known.subscription);
    let step = match before {
        _ if !faults.is_empty() => Step::LeaveOut {
            problems: faults.into_iter().map(in_row).collect(),
        },
        Some(before) if *before == after => Step::Nothing { account: None },
        before => Step::Subscription {
            organisation: customer.organisation.clone(),
            before: before.cloned().map(Box::new),
            after: Box::new(after),
        },
    };
    PlannedRow::bare(row, name, step)
}

/// What is wrong with a subscription whatever it was before.
fn of_itself(world: &World<'_>, after: &Subscription) -> Vec<CustomerFault> {
    let mut faults = vec![];
    let length = |text: &str| text.chars().count();
    if after.name.is_empty() {
        faults.push(CustomerFault::NoName);
    }
    if length(&after.name).max(length(&after.part)) > LONGEST_NAME {
        faults.push(CustomerFault::NameTooLong { limit: LONGEST_NAME });
    }
    let most = Subscription::MOST;
    if after.seats > most {
        faults.push(CustomerFault::TooManySeats { most });
    }
    if after.gigabytes > most {
        faults.push(CustomerFault::TooManyGigabytes { most });
    }
    let parent = after.parent.map(|parent| world.subscription(parent));
    let is_bundle = |known: &KnownSubscription| {
        let parent = &known.subscription;
        parent.customer == after.customer && parent.offering == Offering::Bundle && parent.number != after.number
    };
    let is_one = parent.is_none_or(|parent| parent.is_some_and(is_bundle));
    if !is_one {
        faults.push(CustomerFault::UnknownParent);
    }
    if after
        .starts_on
        .zip(after.ends_on)
        .is_some_and(|(starts, ends)| ends < starts)
    {
        faults.push(CustomerFault::EndsBeforeStart);
    }
    faults
}

/// What cannot change of a subscription that is here: whose it is, what it offers, and the seats that people have.
fn since_known(world: &World<'_>, known: &KnownSubscription, after: &Subscription) -> Vec<CustomerFault> {
    let before = &known.subscription;
    let mut faults = vec![];
    if before.customer != after.customer {
        let customer = before.customer;
        faults.push(CustomerFault::OtherSubscriber { customer });
        return faults;
    }
    if before.offering != after.offering {
        faults.push(CustomerFault::OtherOffering);
    }
    let taken = world.taken_seats(known);
    if after.seats < taken {
        faults.push(CustomerFault::FewerSeats { taken });
    }
    if taken > 0 {
        faults.extend(ends_with_seats(world, before, after, taken));
    }
    faults
}

/// A subscription of which people have seats is neither cancelled nor given a last day that has passed. One that has ended by
/// itself can still be changed.
fn ends_with_seats(
    world: &World<'_>,
    before: &Subscription,
    after: &Subscription,
    taken: u32,
) -> Option<CustomerFault> {
    let is_over = |subscription: &Subscription| world.state_of(subscription) == SubscriptionState::Cancelled;
    match after.state {
        SubscriptionState::Cancelled => Some(CustomerFault::SeatsTaken { taken }),
        _ if is_over(after) && !is_over(before) => Some(CustomerFault::EndsWithSeats { taken }),
        _ => None,
    }
}

/// A pool is never smaller than what people have of it.
fn smaller_pool(world: &World<'_>, known: Option<&KnownSubscription>, after: &Subscription) -> Option<CustomerFault> {
    let side = Side::ALL.into_iter().find(|side| storage_of(*side) == after.offering)?;
    let counts = |subscription: &Subscription| match world.state_of(subscription) {
        SubscriptionState::Active => subscription.gigabytes,
        SubscriptionState::Pending | SubscriptionState::Suspended | SubscriptionState::Cancelled => 0,
    };
    let before = known.map_or(0, |known| counts(&known.subscription));
    let others = world.pool(after.customer, side).saturating_sub(before);
    let used = world.used_storage(after.customer, side);
    // One that has run out by its days leaves too small a pool by itself: that can be mended in steps.
    let is_less = counts(after) < before;
    (is_less && others.saturating_add(counts(after)) < used).then_some(CustomerFault::SmallerPool { side, used })
}
