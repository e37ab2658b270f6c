//! The rows of customers and of what they subscribe to. Either is written whole: its details as they are, with the columns by
//! which it is found beside them.

use domain::{
    customer::Customer,
    event::{Event, Fact},
    subscription::Subscription,
    values::{email_address::EmailAddress, ids::AccountId},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::{
    StoreError,
    directory::customers,
    entities::{customer, customer_domain, subscription},
    lists::insert_all,
};

/// Writes what events say of customers and subscriptions, in their order.
pub(super) async fn project(db: &impl ConnectionTrait, events: &[Event]) -> Result<(), StoreError> {
    for event in events {
        match &event.fact {
            Fact::Customer { before: None, after } => create(db, after).await?,
            Fact::Customer { before: Some(_), after } => change(db, after).await?,
            Fact::Subscription {
                before: None, after, ..
            } => subscribe(db, after).await?,
            Fact::Subscription {
                before: Some(_), after, ..
            } => change_subscription(db, after).await?,
            _ => {}
        }
    }
    Ok(())
}

/// Takes somebody out of the customers who is forgotten: as the connector, and as the one who is told.
pub(super) async fn forget(
    db: &impl ConnectionTrait,
    person: AccountId,
    addresses: &[EmailAddress],
) -> Result<(), StoreError> {
    let is_told = customer::Column::Contact.is_in(addresses.iter().map(EmailAddress::as_str));
    let theirs = Condition::any()
        .add(customer::Column::Connector.eq(person.0))
        .add_option((!addresses.is_empty()).then_some(is_told));
    let theirs = customer::Entity::find().filter(theirs);
    for row in theirs.all(db).await? {
        let mut without = customers::read(&row)?;
        without.connector = without.connector.filter(|connector| *connector != person);
        without.contact = without.contact.filter(|contact| !addresses.contains(contact));
        write(db, &without).await?;
    }
    Ok(())
}

async fn create(db: &impl ConnectionTrait, new: &Customer) -> Result<(), StoreError> {
    let row = customer::ActiveModel {
        number: Set(new.number.get()),
        organisation: Set(new.organisation.to_string()),
        connector: Set(new.connector.map(|connector| connector.0)),
        contact: Set(contact(new)),
        details: Set(serde_json::to_string(new)?),
    };
    insert_all(db, vec![row]).await?;
    insert_all(db, domains(new)).await
}

async fn change(db: &impl ConnectionTrait, changed: &Customer) -> Result<(), StoreError> {
    write(db, changed).await?;
    customer_domain::Entity::delete_many()
        .filter(customer_domain::Column::Customer.eq(changed.number.get()))
        .exec(db)
        .await?;
    insert_all(db, domains(changed)).await
}

/// Writes a customer over what was there, but for its domains.
async fn write(db: &impl ConnectionTrait, changed: &Customer) -> Result<(), StoreError> {
    let written = customer::Entity::update_many()
        .col_expr(
            customer::Column::Organisation,
            Expr::value(changed.organisation.as_str()),
        )
        .col_expr(
            customer::Column::Connector,
            Expr::value(changed.connector.map(|connector| connector.0)),
        )
        .col_expr(customer::Column::Contact, Expr::value(contact(changed)))
        .col_expr(customer::Column::Details, Expr::value(serde_json::to_string(changed)?))
        .filter(customer::Column::Number.eq(changed.number.get()))
        .exec(db)
        .await?;
    match written.rows_affected {
        0 => Err(StoreError::Unreadable(format!(
            "no customer {} to change",
            changed.number
        ))),
        _ => Ok(()),
    }
}

async fn subscribe(db: &impl ConnectionTrait, new: &Subscription) -> Result<(), StoreError> {
    let row = subscription::ActiveModel {
        number: Set(new.number.get()),
        customer: Set(new.customer.get()),
        offering: Set(new.offering.slug().to_owned()),
        state: Set(new.state.slug().to_owned()),
        seats: Set(count(new.seats)),
        seats_taken: Set(0),
        gigabytes: Set(count(new.gigabytes)),
        details: Set(serde_json::to_string(new)?),
    };
    insert_all(db, vec![row]).await
}

/// Seats that are taken stay: a subscription that would have fewer has lost a race with whoever took them.
async fn change_subscription(db: &impl ConnectionTrait, changed: &Subscription) -> Result<(), StoreError> {
    let seats = count(changed.seats);
    let written = subscription::Entity::update_many()
        .col_expr(subscription::Column::Customer, Expr::value(changed.customer.get()))
        .col_expr(subscription::Column::Offering, Expr::value(changed.offering.slug()))
        .col_expr(subscription::Column::State, Expr::value(changed.state.slug()))
        .col_expr(subscription::Column::Seats, Expr::value(seats))
        .col_expr(subscription::Column::Gigabytes, Expr::value(count(changed.gigabytes)))
        .col_expr(
            subscription::Column::Details,
            Expr::value(serde_json::to_string(changed)?),
        )
        .filter(subscription::Column::Number.eq(changed.number.get()))
        .filter(subscription::Column::SeatsTaken.lte(seats))
        .exec(db)
        .await?;
    match written.rows_affected {
        0 => Err(StoreError::Conflict),
        _ => Ok(()),
    }
}

fn contact(of: &Customer) -> Option<String> {
    of.contact.as_ref().map(|contact| contact.as_str().to_owned())
}

/// Domains as they are compared: whatever their capital letters.
fn domains(of: &Customer) -> Vec<customer_domain::ActiveModel> {
    let mut owned: Vec<_> = of.domains.iter().map(|domain| domain.to_lowercase()).collect();
    owned.sort_unstable();
    owned.dedup();
    let row = |domain| customer_domain::ActiveModel {
        domain: Set(domain),
        customer: Set(of.number.get()),
    };
    owned.into_iter().map(row).collect()
}

fn count(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
