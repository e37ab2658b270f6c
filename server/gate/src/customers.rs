//! Looking at customers: what they subscribe to, who has which seat, and how much storage is left. What changes them is asked
//! for by forms, as everything is.

use std::collections::BTreeSet;

use domain::{
    account::Account,
    channel::Channel,
    customer::{Customer, CustomerNumber},
    organisation::{Organisation, OrganisationCode},
    policy::{Deed, Grant, Role, Scope, ScopePart},
    subscription::{KnownSubscription, Offering, Seat, Subscription, SubscriptionNumber, SubscriptionState},
    values::ids::AccountId,
};
use store::{
    access::{change_files::files, rights},
    directory::{
        customers::{self, Holder},
        organisations, people,
    },
};
use uuid::Uuid;

use crate::{
    ChangeFileShown, GateError, Visit, calendar,
    connectors::change_files::{listing::shown, with_organisation},
    submissions::effects::address,
};

/// People with seats that a page lists.
pub const SEAT_HOLDERS_A_PAGE: u64 = 50;

/// Files that the page of a customer lists.
const LATEST_FILES: u64 = 20;

/// A customer with what it subscribes to.
#[derive(Clone, Debug)]
pub struct CustomerShown {
    /// The customer.
    pub customer: Customer,
    /// Its organisation.
    pub organisation: Organisation,
    /// The account in whose name its change files are applied.
    pub connector: Option<Account>,
    /// Whether that account may not send its change files at this moment; not asked for a list of customers.
    pub connector_fails: bool,
    /// What it subscribes to, by number.
    pub subscriptions: Vec<KnownSubscription>,
    /// Its extra storage.
    pub storage: Storage,
    /// Its latest change files; none in a list of customers.
    pub files: Vec<ChangeFileShown>,
}

/// What a customer as it is to be set still needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomerGaps {
    /// Whether the account that is to send its change files may not do so at this moment.
    pub connector_fails: bool,
    /// Part numbers of seats that can change, which none of its subscriptions has.
    pub parts: Vec<String>,
}

/// The extra storage of a customer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Storage {
    /// For collaboration.
    pub collab: Pool,
    /// For mail.
    pub mail: Pool,
}

/// Gigabytes that people share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pool {
    /// As many there are.
    pub gigabytes: u32,
    /// As many seats have.
    pub taken: u32,
}

/// Somebody with a seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatHolder {
    /// Who.
    pub account: AccountId,
    /// Their full name.
    pub name: String,
    /// Their email address.
    pub address: String,
    /// The seat.
    pub seat: Seat,
}

/// A page of people with a seat of one subscription, by name.
#[derive(Clone, Debug)]
pub struct SeatHolders {
    /// The people.
    pub people: Vec<SeatHolder>,
    /// Behind whom the next page goes on; `None` on the last.
    pub next: Option<String>,
}

/// A seat, and what it is one of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatShown {
    /// The seat.
    pub seat: Seat,
    /// What it is a seat of.
    pub subscription: Subscription,
}

impl Visit<'_> {
    /// All customers, by number.
    ///
    /// # Errors
    /// `NotFound` where the actor manages none.
    pub async fn customers(&self) -> Result<Vec<CustomerShown>, GateError> {
        if !self.scope(Deed::ManageCustomers).await?.everything {
            return Err(GateError::NotFound);
        }
        let mut all = Vec::new();
        for customer in customers::all(self.gate.store.reader()).await? {
            let home =
                organisations::by_codes(self.gate.store.reader(), std::slice::from_ref(&customer.organisation)).await?;
            if let Some(home) = home.into_iter().next() {
                all.push(self.customer_shown(customer, home).await?);
            }
        }
        Ok(all)
    }

    /// A customer, for those who manage all of them and for those who manage its seats.
    ///
    /// # Errors
    /// `NotFound` where there is none, or the actor may not see it.
    pub async fn customer(&self, number: CustomerNumber) -> Result<CustomerShown, GateError> {
        let (customer, home) = self.seen_customer(number).await?;
        let shown = self.customer_shown(customer, home).await?;
        self.with_files(shown).await
    }

    /// The customer to whom an organisation belongs; `None` if it belongs to none.
    ///
    /// # Errors
    /// `NotFound` where the actor does not manage seats there.
    pub async fn customer_of(&self, code: &OrganisationCode) -> Result<Option<CustomerShown>, GateError> {
        let db = self.gate.store.reader();
        let scope = self.scope(Deed::ManageSeats).await?;
        let here = organisations::complete(db, &scope, [code.to_string()]).await?;
        if here.is_empty() {
            return Err(GateError::NotFound);
        }
        let Some(customer) = customers::of_organisation(db, code).await? else {
            return Ok(None);
        };
        let (customer, home) = with_organisation(db, customer.number).await?;
        Ok(Some(self.customer_shown(customer, home).await?))
    }

    /// A subscription, and whose it is.
    ///
    /// # Errors
    /// `NotFound` where there is none, or the actor manages seats nowhere in its customer.
    pub async fn subscription(&self, number: SubscriptionNumber) -> Result<(KnownSubscription, Customer), GateError> {
        let known = customers::subscription(self.gate.store.reader(), number).await?;
        let known = known.ok_or(GateError::NotFound)?;
        let (customer, home) = with_organisation(self.gate.store.reader(), known.subscription.customer).await?;
        // Who manages seats anywhere in the customer sees what there is to give out.
        let within = Scope {
            everything: false,
            parts: vec![ScopePart {
                path: home.path,
                unit: None,
            }],
        };
        let manages = self.scope(Deed::ManageCustomers).await?.everything;
        if !manages && self.scope(Deed::ManageSeats).await?.overlap(&within).is_empty() {
            return Err(GateError::NotFound);
        }
        Ok((known, customer))
    }

    /// Where a subscription stands today by its first and last day.
    #[must_use]
    pub fn stands(&self, subscription: &Subscription) -> SubscriptionState {
        subscription.state_at(self.gate.now(), calendar::begins)
    }

    /// A page of those who have a seat of a subscription, as far as the actor sees them.
    ///
    /// # Errors
    /// As [`Self::subscription`].
    pub async fn seat_holders(
        &self,
        number: SubscriptionNumber,
        after: Option<String>,
    ) -> Result<SeatHolders, GateError> {
        self.subscription(number).await?;
        let scope = self.scope(Deed::See).await?;
        let after = after.as_deref().and_then(position);
        let db = self.gate.store.reader();
        let mut found = customers::holders(db, &scope, number, after.as_ref(), SEAT_HOLDERS_A_PAGE + 1).await?;
        let more = found.len() as u64 > SEAT_HOLDERS_A_PAGE;
        found.truncate(usize::try_from(SEAT_HOLDERS_A_PAGE).unwrap_or(usize::MAX));
        let last = found.last().filter(|_| more);
        let next = last.map(|last| format!("{}{}", last.position.1, last.position.0));
        let holder = |found: Holder| SeatHolder {
            account: found.account.id,
            name: found.account.full_name(),
            address: address(&found.account.attributes).to_owned(),
            seat: found.seat,
        };
        Ok(SeatHolders {
            people: found.into_iter().map(holder).collect(),
            next,
        })
    }

    /// The seats of an account that the actor sees, or of their own.
    ///
    /// # Errors
    /// `NotFound` where they do not see it.
    pub async fn seats(&self, id: AccountId) -> Result<Vec<SeatShown>, GateError> {
        self.account_or_own(id).await?;
        let db = self.gate.store.reader();
        let mut shown = Vec::new();
        for seat in customers::seats_of(db, &[id]).await?.remove(&id).unwrap_or_default() {
            if let Some(known) = customers::subscription(db, seat.subscription).await? {
                let subscription = known.subscription;
                shown.push(SeatShown { seat, subscription });
            }
        }
        Ok(shown)
    }

    /// The subscriptions of which an account could have a seat, as a form offers them: those of its customer, if the actor
    /// may change its seats.
    ///
    /// # Errors
    /// As [`Self::seats`].
    pub async fn subscriptions_for(&self, id: AccountId) -> Result<Vec<KnownSubscription>, GateError> {
        let (account, home) = self.account(id).await?;
        let scope = self.scope(Deed::ManageSeats).await?;
        if !scope.covers(&home.path, account.unit().as_ref()) {
            return Ok(vec![]);
        }
        let db = self.gate.store.reader();
        match customers::of_organisation(db, &account.organisation).await? {
            Some(customer) => self.subscriptions_today(customer.number).await,
            None => Ok(vec![]),
        }
    }

    /// What a customer subscribes to, each where it stands today by its first and last day.
    async fn subscriptions_today(&self, number: CustomerNumber) -> Result<Vec<KnownSubscription>, GateError> {
        let mut all = customers::subscriptions(self.gate.store.reader(), number).await?;
        for known in &mut all {
            known.subscription.state = self.stands(&known.subscription);
        }
        Ok(all)
    }

    /// A customer that the actor may see, with its organisation.
    pub(crate) async fn seen_customer(&self, number: CustomerNumber) -> Result<(Customer, Organisation), GateError> {
        let found = with_organisation(self.gate.store.reader(), number).await?;
        let manages = self.scope(Deed::ManageCustomers).await?.everything;
        match manages || self.scope(Deed::ManageSeats).await?.covers_whole(&found.1.path) {
            true => Ok(found),
            false => Err(GateError::NotFound),
        }
    }

    async fn customer_shown(&self, customer: Customer, organisation: Organisation) -> Result<CustomerShown, GateError> {
        let db = self.gate.store.reader();
        let connector = match customer.connector {
            Some(connector) => people::by_ids(db, &[connector.0]).await?.pop(),
            None => None,
        };
        let subscriptions = self.subscriptions_today(customer.number).await?;
        let (collab, mail) = customers::storage_used(db, customer.number).await?;
        let pool = |offering: Offering, taken: u32| {
            let bought = subscriptions.iter().map(|known| &known.subscription);
            let bought =
                bought.filter(|bought| bought.offering == offering && bought.state == SubscriptionState::Active);
            Pool {
                gigabytes: bought.map(|bought| bought.gigabytes).sum(),
                taken,
            }
        };
        let storage = Storage {
            collab: pool(Offering::CollabStorage, collab),
            mail: pool(Offering::MailStorage, mail),
        };
        Ok(CustomerShown {
            customer,
            organisation,
            connector,
            connector_fails: false,
            subscriptions,
            storage,
            files: vec![],
        })
    }

    /// What a customer as it is to be set still needs, for those who manage customers.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn customer_gaps(&self, wished: &Customer) -> Result<CustomerGaps, GateError> {
        if !self.scope(Deed::ManageCustomers).await?.everything {
            return Ok(CustomerGaps::default());
        }
        let db = self.gate.store.reader();
        let sender = wished.connector.filter(|_| wished.change_files);
        let home = organisations::by_codes(db, std::slice::from_ref(&wished.organisation)).await?;
        let connector_fails = match home.first() {
            Some(home) => self.fails_to_send(sender, home).await?,
            None => false,
        };
        let known = customers::subscriptions(db, wished.number).await?;
        let is_known = |part: &str| known.iter().any(|known| known.subscription.part == part);
        let parts = wished.compatible.iter().flat_map(|(from, to)| [from, to]);
        let parts: BTreeSet<_> = parts.filter(|part| !is_known(part)).cloned().collect();
        Ok(CustomerGaps {
            connector_fails,
            parts: parts.into_iter().collect(),
        })
    }

    /// Whether an account may not send change files for all of an organisation at this moment; nobody does not fail.
    async fn fails_to_send(&self, account: Option<AccountId>, home: &Organisation) -> Result<bool, GateError> {
        let Some(account) = account else { return Ok(false) };
        let grants = rights::grants_of(self.gate.store.reader(), account, self.gate.now()).await?;
        Ok(!grants.iter().any(|grant| may_send(grant, home)))
    }

    async fn with_files(&self, shown_so_far: CustomerShown) -> Result<CustomerShown, GateError> {
        let db = self.gate.store.reader();
        let latest = files::list(db, shown_so_far.customer.number, None, LATEST_FILES).await?;
        let (customer, organisation) = (&shown_so_far.customer, &shown_so_far.organisation);
        let sender = shown_so_far.connector.as_ref().map(|account| account.id);
        let connector_fails = self
            .fails_to_send(sender.filter(|_| customer.change_files), organisation)
            .await?;
        Ok(CustomerShown {
            connector_fails,
            files: shown(db, latest).await?,
            ..shown_so_far
        })
    }
}

/// Whether a grant lets its holder send change files for all of an organisation.
fn may_send(grant: &Grant, home: &Organisation) -> bool {
    grant.role == Role::Connector
        && grant.unit.is_none()
        && grant.channels.contains(&Channel::ChangeFile)
        && grant.path.covers(&home.path)
}

/// Where a page goes on, as [`SeatHolders::next`] gives it.
fn position(text: &str) -> Option<(String, Uuid)> {
    const ID: usize = 36;
    let (id, name) = text.split_at_checked(ID)?;
    Some((name.to_owned(), id.parse().ok()?))
}
