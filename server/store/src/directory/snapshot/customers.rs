//! What rows of change files, and wishes about customers and seats, need to know. Of what no row needs, nothing is asked.

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::{
    change_file::{Action, ChangeRow},
    customer::{Customer, CustomerNumber},
    life::Turn,
    request::{AccountWish, ChangeRequest, SeatWish, Wish},
    subscription::{KnownSubscription, Seat, SubscriptionNumber},
    values::{
        email_address::EmailAddress,
        ids::{AccountId, Timestamp},
    },
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use super::hold::Hold;
use crate::{
    StoreError,
    access::change_files::renames,
    directory::customers,
    entities::{account, customer, customer_domain, subscription},
    lists::padded,
};

/// What is known of customers, and of people as theirs.
#[derive(Debug, Default)]
pub(super) struct KnownCustomers {
    pub(super) customers: Vec<Customer>,
    pub(super) subscriptions: HashMap<SubscriptionNumber, KnownSubscription>,
    pub(super) seats: HashMap<AccountId, Vec<Seat>>,
    pub(super) renaming: HashSet<AccountId>,
    pub(super) promised: HashMap<EmailAddress, AccountId>,
    pub(super) storage_used: HashMap<CustomerNumber, (u32, u32)>,
}

/// The customers that requests are about, and those who own domains in which they give addresses, by number. Where seats or storage are given out, or customers change, they are
/// held until the transaction ends, so that nobody else gives the same.
pub(super) async fn named(
    db: &impl ConnectionTrait,
    requests: &[ChangeRequest],
    hosts: &HashSet<String>,
    hold: Hold,
) -> Result<Vec<Customer>, StoreError> {
    let Some(named) = naming(requests, hosts) else {
        return Ok(vec![]);
    };
    // SQLite has one writer at a time, who holds everything.
    let is_shared = db.get_database_backend() != DbBackend::Sqlite;
    if is_shared && hold == Hold::Locked && requests.iter().any(gives_out) {
        customer::Entity::find()
            .select_only()
            .column(customer::Column::Number)
            .filter(named.clone())
            .order_by_asc(customer::Column::Number)
            .lock_exclusive()
            .into_tuple::<i64>()
            .all(db)
            .await?;
    }
    customers::found(db, named).await
}

/// Finds the customers that requests are about: by their numbers, by what else is a customer's alone, and by whom seats are
/// given to. `None` if no request is about any.
fn naming(requests: &[ChangeRequest], hosts: &HashSet<String>) -> Option<Condition> {
    let (mut numbers, mut codes, mut people) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut domains: BTreeSet<_> = hosts.iter().cloned().collect();
    for request in requests {
        match &request.wish {
            Wish::ChangeRow(row) => _ = numbers.insert(row.customer.get()),
            Wish::Subscription(wished) => _ = numbers.insert(wished.customer.get()),
            Wish::Customer(wished) => {
                numbers.insert(wished.number.get());
                codes.insert(wished.organisation.to_string());
                domains.extend(wished.domains.iter().map(|domain| domain.to_lowercase()));
            }
            Wish::Account(account, AccountWish::Seats(_)) => _ = people.insert(account.0),
            _ => {}
        }
    }
    let mut any = Condition::any();
    if !numbers.is_empty() {
        any = any.add(customer::Column::Number.is_in(padded(numbers)));
    }
    if !codes.is_empty() {
        any = any.add(customer::Column::Organisation.is_in(padded(codes)));
    }
    if !domains.is_empty() {
        let owners = customer_domain::Entity::find()
            .select_only()
            .column(customer_domain::Column::Customer)
            .filter(customer_domain::Column::Domain.is_in(padded(domains)));
        any = any.add(customer::Column::Number.in_subquery(owners.into_query()));
    }
    if !people.is_empty() {
        let roots = account::Entity::find()
            .select_only()
            .column(account::Column::Root)
            .filter(account::Column::Id.is_in(padded(people)));
        any = any.add(customer::Column::Organisation.in_subquery(roots.into_query()));
    }
    (!any.is_empty()).then_some(any)
}

/// Whether a request may take a seat or storage, or changes what there is of them.
fn gives_out(request: &ChangeRequest) -> bool {
    match &request.wish {
        Wish::Customer(_) | Wish::Subscription(_) => true,
        Wish::Account(_, AccountWish::Seats(wish)) => !matches!(wish, SeatWish::Revoke(_)),
        Wish::ChangeRow(row) => match row.what() {
            Some(Action::Add | Action::AssignSeat | Action::ChangeSeat | Action::ChangeStorage) => true,
            Some(
                Action::Update
                | Action::Suspend
                | Action::Resume
                | Action::Remove
                | Action::RevokeSeat
                | Action::Rename
                | Action::ResendInvitation,
            )
            | None => false,
        },
        _ => false,
    }
}

/// Whether seats of the account that a request is about may end with it, or change, or are what it is about.
fn is_about_seats(request: &ChangeRequest) -> bool {
    match &request.wish {
        Wish::ChangeRow(_) | Wish::Join { .. } => true,
        Wish::Account(_, wish) => matches!(
            wish,
            AccountWish::Seats(_)
                | AccountWish::Hold(_)
                | AccountWish::Release
                | AccountWish::Move(_)
                | AccountWish::Undo { .. }
                | AccountWish::Turn(Turn::Delete)
        ),
        _ => false,
    }
}

/// Whether a request gives other amounts of extra storage, or changes how much there is.
fn is_about_storage(request: &ChangeRequest) -> bool {
    match &request.wish {
        Wish::Subscription(_) => true,
        Wish::ChangeRow(row) => row.what() == Some(Action::ChangeStorage),
        Wish::Account(_, AccountWish::Seats(wish)) => matches!(wish, SeatWish::Storage { .. }),
        _ => false,
    }
}

/// What else is known: `customers` are those that are read already, `people` the accounts that requests may touch.
pub(super) async fn load(
    db: &impl ConnectionTrait,
    requests: &[ChangeRequest],
    customers: Vec<Customer>,
    people: &HashSet<Uuid>,
    now: Timestamp,
) -> Result<KnownCustomers, StoreError> {
    let mut known = KnownCustomers {
        customers,
        ..KnownCustomers::default()
    };
    let mut people: Vec<_> = people.iter().copied().map(AccountId).collect();
    people.sort_unstable();
    if requests.iter().any(is_about_seats) {
        known.seats = customers::seats_of(db, &people).await?;
    }
    known.read_subscriptions(db, requests).await?;
    let is_rename =
        |request: &ChangeRequest| matches!(&request.wish, Wish::ChangeRow(row) if row.what() == Some(Action::Rename));
    if requests.iter().any(is_rename) {
        known.renaming = renames::waiting(db, &people, now).await?;
    }
    let asks_for_addresses = requests.iter().filter_map(|request| request.wish.change_row());
    let asks_for_addresses = asks_for_addresses.filter(|row| matches!(row.what(), Some(Action::Add | Action::Rename)));
    let addresses: BTreeSet<_> = asks_for_addresses.flat_map(ChangeRow::addresses).collect();
    if !addresses.is_empty() {
        let addresses: Vec<_> = addresses.into_iter().collect();
        known.promised = renames::promised(db, &addresses, now).await?;
        known.renaming.extend(known.promised.values().copied());
    }
    if requests.iter().any(is_about_storage) {
        for customer in &known.customers {
            let used = customers::storage_used(db, customer.number).await?;
            known.storage_used.insert(customer.number, used);
        }
    }
    Ok(known)
}

impl KnownCustomers {
    /// Reads the subscriptions of the customers, and those of seats that people have, with the customers whose they are.
    async fn read_subscriptions(
        &mut self,
        db: &impl ConnectionTrait,
        requests: &[ChangeRequest],
    ) -> Result<(), StoreError> {
        let wished = requests.iter().filter_map(|request| match &request.wish {
            Wish::Subscription(wished) => Some([Some(wished.number), wished.parent]),
            _ => None,
        });
        let wished = wished.flatten().flatten();
        let held = self.seats.values().flatten().map(|seat| seat.subscription);
        let named: BTreeSet<_> = wished.chain(held).map(SubscriptionNumber::get).collect();
        let mut any = Condition::any();
        if !self.customers.is_empty() {
            let numbers = self.customers.iter().map(|customer| customer.number.get());
            any = any.add(subscription::Column::Customer.is_in(padded(numbers)));
        }
        if !named.is_empty() {
            any = any.add(subscription::Column::Number.is_in(padded(named)));
        }
        if any.is_empty() {
            return Ok(());
        }
        for known in customers::found_subscriptions(db, any).await? {
            self.subscriptions.insert(known.subscription.number, known);
        }
        let known: HashSet<_> = self.customers.iter().map(|customer| customer.number).collect();
        let of = self.subscriptions.values().map(|known| known.subscription.customer);
        let others: BTreeSet<_> = of
            .filter(|customer| !known.contains(customer))
            .map(CustomerNumber::get)
            .collect();
        if !others.is_empty() {
            let others = Condition::all().add(customer::Column::Number.is_in(padded(others)));
            self.customers.extend(customers::found(db, others).await?);
        }
        Ok(())
    }
}
