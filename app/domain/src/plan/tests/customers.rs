//! Customers and subscriptions as they are set.

use super::{
    changes::{COLLAB, customer, number, world},
    *,
};
use crate::{
    customer::{Customer, CustomerNumber},
    subscription::{Offering, Subscription, SubscriptionState},
    values::day::Day,
};

/// A portal in which customer 7 is Riverside, with subscriptions.
fn portal() -> Snapshot {
    Snapshot {
        channel: Channel::Portal,
        ..world(vec![])
    }
}

fn planned(world: &Snapshot, wish: Wish) -> Step {
    plan(world, &[row(1, wish)]).rows.remove(0).step
}

fn set(world: &Snapshot, customer: Customer) -> Step {
    planned(world, Wish::Customer(Box::new(customer)))
}

fn subscribe(world: &Snapshot, subscription: Subscription) -> Step {
    planned(world, Wish::Subscription(Box::new(subscription)))
}

fn problems(step: &Step) -> Vec<String> {
    step.problems().iter().map(Problem::message).collect()
}

/// The customer’s collaboration subscription.
fn files(world: &Snapshot) -> Subscription {
    world.subscriptions[&number(COLLAB)].subscription.clone()
}

#[test]
fn a_customer_is_set_with_its_domains_in_small_letters() {
    let world = portal();
    assert_eq!(set(&world, customer()), Step::Nothing { account: None });
    let wished = Customer {
        domains: vec![
            "River.Example".to_owned(),
            "ward.example".to_owned(),
            "river.example".to_owned(),
        ],
        language: Some("cy".to_owned()),
        ..customer()
    };
    let Step::Customer { before, after } = set(&world, wished) else {
        panic!("not set");
    };
    assert_eq!(before.map(|before| *before), Some(customer()));
    assert_eq!(after.domains, ["river.example", "ward.example"]);
    assert_eq!(after.language.as_deref(), Some("cy"));
}

#[test]
fn a_number_a_domain_and_an_organisation_are_one_customers() {
    let mut world = portal();
    let eight = CustomerNumber::new(8).unwrap();
    let hillside = Customer {
        number: eight,
        organisation: code("HLD01"),
        domains: vec!["hill.example".to_owned()],
        ..customer()
    };
    assert!(matches!(
        set(&world, hillside.clone()),
        Step::Customer { before: None, .. }
    ));
    world.customers.push(hillside.clone());
    let taken = Customer {
        domains: vec!["Hill.example".to_owned(), "no domain".to_owned()],
        ..customer()
    };
    assert_eq!(
        problems(&set(&world, taken)),
        [
            "hill.example is a domain of customer 8.",
            "“no domain” is not a domain."
        ]
    );
    let elsewhere = Customer {
        organisation: code("HLD01"),
        domains: vec![],
        ..customer()
    };
    assert_eq!(
        problems(&set(&world, elsewhere)),
        [
            "The customer with this number belongs to RIV.",
            "The organisation is already customer 8.",
        ]
    );
    let below = Customer {
        number: CustomerNumber::new(9).unwrap(),
        organisation: code("RIV01"),
        domains: vec![],
        ..customer()
    };
    assert_eq!(
        problems(&set(&world, below)),
        ["RIV01 is part of another organisation, so it cannot be a customer."]
    );
}

#[test]
fn a_subscription_has_never_fewer_seats_than_people_hold() {
    let mut world = portal();
    world.subscriptions.get_mut(&number(COLLAB)).unwrap().taken = 4;
    let with = |seats| subscribe(&world, Subscription { seats, ..files(&world) });
    assert!(matches!(with(4), Step::Subscription { before: Some(_), .. }));
    assert_eq!(with(10), Step::Nothing { account: None });
    assert_eq!(problems(&with(3)), ["People have 4 of its seats."]);
    let cancelled = Subscription {
        state: SubscriptionState::Cancelled,
        ..files(&world)
    };
    assert_eq!(
        problems(&subscribe(&world, cancelled)),
        ["People have 4 of its seats, so the subscription cannot be cancelled."]
    );
}

#[test]
fn a_subscription_with_seats_gets_no_last_day_in_the_past() {
    let mut world = portal();
    // Today is 1 January 1970.
    let until = |day| Subscription {
        ends_on: day,
        ..files(&portal())
    };
    let yesterday = Day::of(1969, 12, 31);
    assert!(matches!(
        subscribe(&world, until(Day::of(1970, 1, 1))),
        Step::Subscription { .. }
    ));
    assert_eq!(
        problems(&subscribe(&world, until(yesterday))),
        ["People have 1 of its seats, so its last day cannot be in the past."]
    );
    // One that has ended by itself is still changed.
    world.subscriptions.get_mut(&number(COLLAB)).unwrap().subscription = until(yesterday);
    let renamed = Subscription {
        name: "Old files".to_owned(),
        ..until(yesterday)
    };
    assert!(matches!(subscribe(&world, renamed), Step::Subscription { .. }));
    world.subscriptions.get_mut(&number(COLLAB)).unwrap().taken = 0;
    world.subscriptions.get_mut(&number(COLLAB)).unwrap().subscription = files(&portal());
    assert!(matches!(subscribe(&world, until(yesterday)), Step::Subscription { .. }));
}

#[test]
fn a_subscription_has_at_most_a_million_seats_and_gigabytes() {
    let world = portal();
    let with = |seats, gigabytes| {
        subscribe(
            &world,
            Subscription {
                seats,
                gigabytes,
                ..files(&world)
            },
        )
    };
    assert!(matches!(with(1_000_000, 1_000_000), Step::Subscription { .. }));
    assert_eq!(
        problems(&with(1_000_001, u32::MAX)),
        [
            "A subscription has at most 1,000,000 seats.",
            "A subscription has at most 1,000,000 GB.",
        ]
    );
}

#[test]
fn a_pool_is_never_smaller_than_what_people_have_of_it() {
    let mut world = portal();
    let seven = customer().number;
    world.storage_used.insert(seven, (15, 0));
    let pool = world
        .subscriptions
        .values()
        .map(|known| known.subscription.clone())
        .find(|subscription| subscription.offering == Offering::CollabStorage)
        .unwrap();
    let with = |gigabytes| {
        subscribe(
            &world,
            Subscription {
                gigabytes,
                ..pool.clone()
            },
        )
    };
    assert!(matches!(with(15), Step::Subscription { .. }));
    assert_eq!(
        problems(&with(14)),
        ["People have 15 GB of extra collaboration storage."]
    );
    let suspended = Subscription {
        state: SubscriptionState::Suspended,
        ..pool.clone()
    };
    assert_eq!(problems(&subscribe(&world, suspended)).len(), 1);
}

#[test]
fn a_subscription_keeps_its_offering_and_names_a_bundle_as_its_parent() {
    let world = portal();
    let wished = Subscription {
        name: " ".to_owned(),
        offering: Offering::Mail,
        parent: Some(number(COLLAB)),
        ..files(&world)
    };
    assert_eq!(
        problems(&subscribe(&world, wished)),
        [
            "The name is missing.",
            "This customer has no bundle with this number.",
            "What a subscription is for cannot be changed.",
        ]
    );
    let new = Subscription {
        number: number("70001"),
        parent: Some(number("69051")),
        ..files(&world)
    };
    assert!(matches!(
        subscribe(&world, new),
        Step::Subscription { before: None, .. }
    ));
    let foreign = Subscription {
        customer: CustomerNumber::new(99).unwrap(),
        ..files(&world)
    };
    assert_eq!(subscribe(&world, foreign).problems().len(), 1);
}
