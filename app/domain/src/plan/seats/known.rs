//! What a plan knows of customers: their subscriptions, and what the rows before have left of them.

use crate::{
    account::Account,
    customer::{Customer, CustomerNumber, FederationType},
    dictionary::{Attribute, Attributes},
    organisation::OrganisationCode,
    plan::matching::World,
    subscription::{
        KnownSubscription, Offering, Seat, SeatEnd, Side, Subscription, SubscriptionNumber, SubscriptionState,
    },
    values::ids::AccountId,
};

/// How somebody signs in: what is kept of them, as far as their organisation allows it, else what holds for that.
pub(in crate::plan) fn federation_of(customer: &Customer, attributes: &Attributes) -> FederationType {
    let kept = FederationType::from_slug(attributes.text(Attribute::FederationType));
    customer.federation.of_person(kept)
}

impl<'a> World<'a> {
    /// A customer of the scope.
    pub(in crate::plan) fn customer(&self, number: CustomerNumber) -> Option<&'a Customer> {
        let mut customers = self.snapshot.customers.iter();
        customers.find(|customer| customer.number == number)
    }

    /// The customer to whose tree an organisation belongs.
    pub(in crate::plan) fn customer_at(&self, organisation: &OrganisationCode) -> Option<&'a Customer> {
        let root = self.root(organisation)?;
        let mut customers = self.snapshot.customers.iter();
        customers.find(|customer| customer.organisation.as_str() == root)
    }

    /// The customer to whose tree an account belongs.
    pub(in crate::plan) fn customer_of(&self, account: &Account) -> Option<&'a Customer> {
        self.customer_at(&account.organisation)
    }

    /// The seats of an account.
    pub(in crate::plan) fn seats(&self, account: AccountId) -> Vec<Seat> {
        self.snapshot.seats.get(&account).cloned().unwrap_or_default()
    }

    /// The seats that end when their holder is deleted, or goes to another customer.
    pub(in crate::plan) fn ended_seats(&self, account: AccountId) -> Vec<SeatEnd> {
        let end = |seat| SeatEnd { seat, content_to: None };
        self.seats(account).into_iter().map(end).collect()
    }

    /// A subscription of the scope's customers.
    pub(in crate::plan) fn subscription(&self, number: SubscriptionNumber) -> Option<&'a KnownSubscription> {
        self.snapshot.subscriptions.get(&number)
    }

    /// How many seats of a subscription people hold, with what earlier rows of this plan have taken and given back.
    pub(in crate::plan) fn taken_seats(&self, known: &KnownSubscription) -> u32 {
        let number = known.subscription.number;
        let earlier = self.snapshot.file.carried.taking().seats_of(number);
        counted(i64::from(known.taken) + earlier + self.taking.seats_of(number))
    }

    /// Whether somebody else in sight, or of an earlier row, has a name in the mail directory.
    pub(in crate::plan) fn has_notes_name(&self, name: &str, own: Option<AccountId>) -> bool {
        let has_it = |account: &Account| {
            Some(account.id) != own && account.attributes.text(Attribute::NotesName).eq_ignore_ascii_case(name)
        };
        let earlier = self.snapshot.file.carried.taking();
        self.snapshot.accounts.iter().any(has_it) || self.taking.has_notes_name(name) || earlier.has_notes_name(name)
    }

    /// Whether people of a customer need seats: it has a subscription that has some.
    pub(in crate::plan) fn has_subscriptions(&self, customer: &Customer) -> bool {
        let of_theirs = |known: &KnownSubscription| {
            let subscription = &known.subscription;
            subscription.customer == customer.number
                && !subscription.offering.is_storage()
                && subscription.state != SubscriptionState::Cancelled
        };
        self.snapshot.subscriptions.values().any(of_theirs)
    }

    /// Where a subscription stands today.
    pub(in crate::plan) fn state_of(&self, subscription: &Subscription) -> SubscriptionState {
        subscription.state_at(self.snapshot.now, self.snapshot.begins)
    }

    /// The last day of a subscription that is over by its days, as sentences have it.
    pub(in crate::plan) fn ended_on(&self, subscription: &Subscription) -> Option<String> {
        let is_over = subscription.state == SubscriptionState::Active
            && self.state_of(subscription) == SubscriptionState::Cancelled;
        let last = subscription.ends_on.filter(|_| is_over)?;
        (self.snapshot.begins)(last).map(self.snapshot.day)
    }

    /// The gigabytes of extra storage that a customer's active subscriptions have for a side.
    pub(in crate::plan) fn pool(&self, customer: CustomerNumber, side: Side) -> u32 {
        let of_pool = |known: &&KnownSubscription| {
            let subscription = &known.subscription;
            subscription.customer == customer
                && subscription.offering == storage_of(side)
                && self.state_of(subscription) == SubscriptionState::Active
        };
        let pools = self.snapshot.subscriptions.values().filter(of_pool);
        pools.fold(0, |sum, known| sum.saturating_add(known.subscription.gigabytes))
    }

    /// The gigabytes that seats have of a customer's pool for a side.
    pub(in crate::plan) fn used_storage(&self, customer: CustomerNumber, side: Side) -> u32 {
        let (collab, mail) = self.snapshot.storage_used.get(&customer).copied().unwrap_or_default();
        let used = match side {
            Side::Collab => collab,
            Side::Mail => mail,
        };
        let earlier = self.snapshot.file.carried.taking().storage_of(customer, side);
        counted(i64::from(used) + earlier + self.taking.storage_of(customer, side))
    }

    /// The gigabytes that are free of it.
    pub(in crate::plan) fn free_storage(&self, customer: CustomerNumber, side: Side) -> u32 {
        self.pool(customer, side)
            .saturating_sub(self.used_storage(customer, side))
    }
}

/// The offering that is extra storage for a side.
pub(in crate::plan) const fn storage_of(side: Side) -> Offering {
    match side {
        Side::Collab => Offering::CollabStorage,
        Side::Mail => Offering::MailStorage,
    }
}

/// A count that cannot be below none.
fn counted(number: i64) -> u32 {
    u32::try_from(number.max(0)).unwrap_or(u32::MAX)
}
