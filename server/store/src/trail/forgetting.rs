//! Taking what is personal out of the trail. The values go, and their salts, so that no digest betrays them; what is left
//! is bound by a digest of its own in an entry that tells of it.

use domain::{
    event::{AccountFact, Event, Fact},
    policy::Right,
    trail::{Happening, Record},
    values::email_address::EmailAddress,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

use super::{Pending, content, content_of_change};
use crate::{
    StoreError, Transaction,
    entities::{customer, event, trail},
    lists::padded,
};

/// Takes everything personal out of the entries about people who are forgotten, each with the event that says so. The
/// name of whoever acted stays where it was about others.
pub(crate) async fn forget(tx: &Transaction, people: &[(Uuid, &Event)]) -> Result<(), StoreError> {
    let customers = customers(tx).await?;
    for (person, by) in people {
        let mut left = rewrite(tx, *person, Fact::forgotten).await?;
        left.extend(forget_happenings(tx, *person).await?);
        left.extend(forget_contact(tx, &customers, by).await?);
        tell(tx, *person, by, left);
    }
    Ok(())
}

/// Takes the addresses that are free again out of the events about those who held them.
pub(crate) async fn forget_addresses(tx: &Transaction, people: &[(Uuid, &Event)]) -> Result<(), StoreError> {
    for (person, by) in people {
        let left = rewrite(tx, *person, Fact::without_addresses).await?;
        tell(tx, *person, by, left);
    }
    Ok(())
}

fn tell(tx: &Transaction, person: Uuid, by: &Event, left: Vec<(i64, String)>) {
    if left.is_empty() {
        return;
    }
    tx.record(Record {
        at: by.at,
        actor: by.actor,
        actor_name: by.actor_name.clone(),
        organisation: Some(by.fact.organisation().clone()),
        person: Some(person),
        rights: by.actor.is_none().then_some(Right::Service).into_iter().collect(),
        happening: Happening::Forgotten { left },
    });
}

/// Makes less of the facts about a person; says of each that changed what is left of it.
async fn rewrite(tx: &Transaction, person: Uuid, less: fn(Fact) -> Fact) -> Result<Vec<(i64, String)>, StoreError> {
    // What this transaction is still to record is not bound yet, and needs no word about it.
    tx.with_pending(|pending| {
        for pending in pending {
            if let Pending::Change(event, _) = pending
                && event.fact.person() == Some(person)
            {
                event.fact = less(event.fact.clone());
            }
        }
    });
    let mut left = Vec::new();
    let about = event::Entity::find().filter(event::Column::Subject.eq(person.to_string()));
    for row in about.all(tx).await? {
        let fact: Fact = serde_json::from_str(&row.fact)?;
        left.extend(replace(tx, row, &less(fact)).await?);
    }
    unsalt(tx, &left).await?;
    Ok(left)
}

/// Writes what is left of an event's fact, and says so if it is less than there was.
async fn replace(tx: &Transaction, mut row: event::Model, rest: &Fact) -> Result<Option<(i64, String)>, StoreError> {
    let rest = serde_json::to_string(rest)?;
    if rest == row.fact {
        return Ok(None);
    }
    row.fact = rest;
    let left = (row.seq, content_of_change(&row).digest(""));
    let fact = row.fact.clone();
    let mut row = row.into_active_model();
    row.fact = Set(fact);
    row.update(tx).await?;
    Ok(Some(left))
}

/// The organisations of the customers, in whose histories the customers stand.
async fn customers(tx: &Transaction) -> Result<Vec<String>, StoreError> {
    let codes = customer::Entity::find()
        .select_only()
        .column(customer::Column::Organisation);
    Ok(codes.into_tuple().all(tx).await?)
}

/// Takes the addresses of somebody who is forgotten out of what is told of customers whose change files they were written
/// about.
async fn forget_contact(tx: &Transaction, customers: &[String], by: &Event) -> Result<Vec<(i64, String)>, StoreError> {
    let mut left = Vec::new();
    let Fact::Account(_, _, AccountFact::Erased { addresses }) = &by.fact else {
        return Ok(left);
    };
    for some in customers.chunks(500) {
        let told = event::Entity::find()
            .filter(event::Column::Subject.is_in(padded(some)))
            .filter(event::Column::Fact.like(r#"%"contact":%"#));
        for row in told.all(tx).await? {
            let fact: Fact = serde_json::from_str(&row.fact)?;
            let rest = without_contact(fact.clone(), addresses);
            if rest != fact {
                left.extend(replace(tx, row, &rest).await?);
            }
        }
    }
    unsalt(tx, &left).await?;
    Ok(left)
}

fn without_contact(mut fact: Fact, addresses: &[EmailAddress]) -> Fact {
    if let Fact::Customer { before, after } = &mut fact {
        for customer in before.iter_mut().chain([after]) {
            customer.contact.take_if(|contact| addresses.contains(contact));
        }
    }
    fact
}

/// Forgets what else is told about a person: signing in, being looked up. What they did as an administrator stays.
async fn forget_happenings(tx: &Transaction, person: Uuid) -> Result<Vec<(i64, String)>, StoreError> {
    let kept = [Happening::Forgotten { left: vec![] }.action().slug()];
    let about = trail::Entity::find()
        .filter(trail::Column::Person.eq(person))
        .filter(trail::Column::Said.is_not_null())
        .filter(trail::Column::Action.is_not_in(kept));
    let mut left = Vec::new();
    for mut entry in about.all(tx).await? {
        entry.said = None;
        if entry.actor == Some(person) {
            entry.actor_name = None;
        }
        left.push((entry.number, content(&entry, None).digest("")));
        let (said, actor_name) = (entry.said.clone(), entry.actor_name.clone());
        let mut entry = entry.into_active_model();
        entry.said = Set(said);
        entry.actor_name = Set(actor_name);
        entry.update(tx).await?;
    }
    unsalt(tx, &left).await?;
    Ok(left)
}

async fn unsalt(db: &impl ConnectionTrait, left: &[(i64, String)]) -> Result<(), StoreError> {
    for some in left.chunks(500) {
        trail::Entity::update_many()
            .col_expr(trail::Column::Salt, Expr::value(Option::<String>::None))
            .filter(trail::Column::Number.is_in(some.iter().map(|(number, _)| *number)))
            .exec(db)
            .await?;
    }
    Ok(())
}
