//! Reading customers, what they subscribe to, and the seats of their people. Whoever asks may do so already; those who hold
//! seats are read within a scope.

use std::collections::HashMap;

use domain::{
    account::Account,
    customer::{Customer, CustomerNumber},
    organisation::{OrganisationCode, OrganisationPath},
    policy::Scope,
    subscription::{KnownSubscription, Offering, Seat, Subscription, SubscriptionNumber},
    values::ids::{AccountId, SeatId, Timestamp},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, RelationDef, Select,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use crate::{
    StoreError,
    directory::{aliases::with_aliases, scope::within},
    entities::{account, customer, organisation, seat, subscription},
    lists::padded,
    number as checked, word,
};

/// Accounts that one statement names.
const AT_ONCE: usize = 1_000;

/// Somebody who holds a seat of a subscription.
#[derive(Clone, Debug)]
pub struct Holder {
    /// Who.
    pub account: Account,
    /// The seat.
    pub seat: Seat,
    /// When it was assigned.
    pub assigned_at: Timestamp,
    /// Where the list goes on from.
    pub position: (String, Uuid),
}

/// All customers, by number.
///
/// # Errors
/// When the database fails.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Customer>, StoreError> {
    found(db, Condition::all()).await
}

/// A customer by its number.
///
/// # Errors
/// When the database fails.
pub async fn of(db: &impl ConnectionTrait, number: CustomerNumber) -> Result<Option<Customer>, StoreError> {
    let row = customer::Entity::find_by_id(number.get()).one(db).await?;
    row.as_ref().map(read).transpose()
}

/// The customer to whom an organisation belongs: that of the root of its tree.
///
/// # Errors
/// When the database fails.
pub async fn of_organisation(
    db: &impl ConnectionTrait,
    code: &OrganisationCode,
) -> Result<Option<Customer>, StoreError> {
    let Some(here) = organisation::Entity::find_by_id(code.as_str()).one(db).await? else {
        return Ok(None);
    };
    let path = OrganisationPath::stored(here.path);
    let of_root = customer::Entity::find().filter(customer::Column::Organisation.eq(path.root()));
    of_root.one(db).await?.as_ref().map(read).transpose()
}

/// The customers that a condition finds, by number.
pub(crate) async fn found(db: &impl ConnectionTrait, condition: Condition) -> Result<Vec<Customer>, StoreError> {
    let rows = customer::Entity::find()
        .filter(condition)
        .order_by_asc(customer::Column::Number);
    rows.all(db).await?.iter().map(read).collect()
}

/// What a customer subscribes to, by number.
///
/// # Errors
/// When the database fails.
pub async fn subscriptions(
    db: &impl ConnectionTrait,
    customer: CustomerNumber,
) -> Result<Vec<KnownSubscription>, StoreError> {
    let own = Condition::all().add(subscription::Column::Customer.eq(customer.get()));
    found_subscriptions(db, own).await
}

/// A subscription by its number.
///
/// # Errors
/// When the database fails.
pub async fn subscription(
    db: &impl ConnectionTrait,
    number: SubscriptionNumber,
) -> Result<Option<KnownSubscription>, StoreError> {
    let row = subscription::Entity::find_by_id(number.get()).one(db).await?;
    row.map(known).transpose()
}

/// The subscriptions that a condition finds, by number.
pub(crate) async fn found_subscriptions(
    db: &impl ConnectionTrait,
    condition: Condition,
) -> Result<Vec<KnownSubscription>, StoreError> {
    let rows = subscription::Entity::find()
        .filter(condition)
        .order_by_asc(subscription::Column::Number);
    rows.all(db).await?.into_iter().map(known).collect()
}

/// The seats of some accounts, in the order in which they were assigned. Who has none does not stand in it.
///
/// # Errors
/// When the database fails.
pub async fn seats_of(
    db: &impl ConnectionTrait,
    accounts: &[AccountId],
) -> Result<HashMap<AccountId, Vec<Seat>>, StoreError> {
    let mut seats: HashMap<AccountId, Vec<Seat>> = HashMap::new();
    for some in accounts.chunks(AT_ONCE) {
        let held = seat::Entity::find()
            .filter(seat::Column::Account.is_in(padded(some.iter().map(|account| account.0))))
            .order_by_asc(seat::Column::AssignedAt)
            .order_by_asc(seat::Column::Id);
        for row in held.all(db).await? {
            seats.entry(AccountId(row.account)).or_default().push(seat(&row)?);
        }
    }
    Ok(seats)
}

/// The gigabytes of extra storage that the seats of a customer have: for collaboration, for mail.
///
/// # Errors
/// When the database fails.
pub async fn storage_used(db: &impl ConnectionTrait, customer: CustomerNumber) -> Result<(u32, u32), StoreError> {
    let used = with_storage()
        .filter(subscription::Column::Customer.eq(customer.get()))
        .select_only()
        .column_as(seat::Column::CollabExtraGb.sum(), "collab")
        .column_as(seat::Column::MailExtraGb.sum(), "mail");
    let used: Option<(Option<i64>, Option<i64>)> = used.into_tuple().one(db).await?;
    let (collab, mail) = used.unwrap_or_default();
    Ok((
        checked(collab.unwrap_or_default(), "gigabytes of collaboration")?,
        checked(mail.unwrap_or_default(), "gigabytes of mail")?,
    ))
}

/// The seats that have extra storage, of whichever customer.
fn with_storage() -> Select<seat::Entity> {
    seat::Entity::find()
        .join(JoinType::InnerJoin, of_subscription())
        // As the index has it that holds only these.
        .filter(Expr::cust("collab_extra_gb + mail_extra_gb > 0"))
}

fn of_subscription() -> RelationDef {
    seat::Entity::belongs_to(subscription::Entity)
        .from(seat::Column::Subscription)
        .to(subscription::Column::Number)
        .into()
}

fn of_account() -> RelationDef {
    seat::Entity::belongs_to(account::Entity)
        .from(seat::Column::Account)
        .to(account::Column::Id)
        .into()
}

/// The people of a scope who hold a seat of a subscription, by name, from behind a position, at most so many.
///
/// # Errors
/// When the database fails.
pub async fn holders(
    db: &impl ConnectionTrait,
    scope: &Scope,
    subscription: SubscriptionNumber,
    after: Option<&(String, Uuid)>,
    limit: u64,
) -> Result<Vec<Holder>, StoreError> {
    let mut held = held_within(scope, subscription);
    if let Some((name, id)) = after {
        let (place, here) = (
            Expr::tuple([Expr::value(name.as_str()), Expr::value(*id)]),
            Expr::tuple([
                Expr::col(account::Column::SortName.as_column_ref()),
                Expr::col(account::Column::Id.as_column_ref()),
            ]),
        );
        held = held.filter(here.gt(place));
    }
    let rows = held
        .select_also(account::Entity)
        .order_by_asc(account::Column::SortName)
        .order_by_asc(account::Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    let (seats, people): (Vec<_>, Vec<_>) = rows
        .into_iter()
        .filter_map(|(seat, account)| Some((seat, account?)))
        .unzip();
    let accounts = with_aliases(db, &people).await?;
    let listed = accounts.into_iter().zip(seats).zip(people);
    let listed = listed.map(|((account, held), person)| {
        Ok(Holder {
            account,
            seat: seat(&held)?,
            assigned_at: Timestamp(held.assigned_at),
            position: (person.sort_name, person.id),
        })
    });
    listed.collect()
}

/// How many people of a scope hold a seat of a subscription.
///
/// # Errors
/// When the database fails.
pub async fn count_holders(
    db: &impl ConnectionTrait,
    scope: &Scope,
    subscription: SubscriptionNumber,
) -> Result<u64, StoreError> {
    Ok(held_within(scope, subscription).count(db).await?)
}

fn held_within(scope: &Scope, subscription: SubscriptionNumber) -> Select<seat::Entity> {
    seat::Entity::find()
        .join(JoinType::InnerJoin, of_account())
        .filter(seat::Column::Subscription.eq(subscription.get()))
        .filter(within(
            scope,
            account::Column::Organisation,
            Some(account::Column::Unit),
        ))
}

/// Reads a customer's row: its details are all of it.
pub(crate) fn read(row: &customer::Model) -> Result<Customer, StoreError> {
    Ok(serde_json::from_str(&row.details)?)
}

fn known(row: subscription::Model) -> Result<KnownSubscription, StoreError> {
    let subscription: Subscription = serde_json::from_str(&row.details)?;
    Ok(KnownSubscription {
        subscription,
        taken: checked(row.seats_taken, "seats taken")?,
    })
}

fn seat(row: &seat::Model) -> Result<Seat, StoreError> {
    let gigabytes = |stored: i32| checked(stored, "gigabytes of a seat");
    Ok(Seat {
        id: SeatId(row.id),
        subscription: word(&row.subscription.to_string(), |text| text.parse().ok())?,
        offering: word(&row.offering, Offering::from_slug)?,
        active: row.active,
        collab_extra_gb: gigabytes(row.collab_extra_gb)?,
        mail_extra_gb: gigabytes(row.mail_extra_gb)?,
    })
}
