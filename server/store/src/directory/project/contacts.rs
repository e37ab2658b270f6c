//! Contacts and their offers, as the events leave them.

use domain::{
    account::AccountStatus,
    dictionary::Attributes,
    event::{ContactFact, Event, Fact, OfferFact},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
};
use uuid::Uuid;

use super::{changed::changed_by, numbers, paths::Paths};
use crate::{
    StoreError,
    entities::{contact, offer},
    lists::insert_all,
};

/// Writes what the events say of contacts, in their order.
pub(super) async fn project(db: &impl ConnectionTrait, events: &[Event], paths: &Paths) -> Result<(), StoreError> {
    create(db, events, paths).await?;
    for event in events {
        match &event.fact {
            Fact::Contact(contact, _, ContactFact::Erased) => {
                if let Some(row) = contact::Entity::find_by_id(contact.0).one(db).await? {
                    numbers::change(db, vec![(contact.0, row.attributes(), Attributes::default())]).await?;
                }
                contact::Entity::delete_by_id(contact.0).exec(db).await?;
            }
            fact if fact.is_counted() => {
                if let Some(id) = fact.contact() {
                    change(db, id.0, event, paths).await?;
                }
            }
            _ => {}
        }
        offers(db, event).await?;
    }
    Ok(())
}

async fn create(db: &impl ConnectionTrait, events: &[Event], paths: &Paths) -> Result<(), StoreError> {
    let (mut rows, mut numbers) = (Vec::new(), Vec::new());
    for event in events {
        let Fact::Contact(id, organisation, ContactFact::Created { attributes }) = &event.fact else {
            continue;
        };
        let mut row = contact::Model {
            id: id.0,
            organisation: organisation.to_string(),
            root: paths.root(organisation)?,
            status: AccountStatus::Active.name().to_owned(),
            since: event.at.0,
            created_at: event.at.0,
            changed_at: event.at.0,
            version: 1,
            ..contact::Model::default()
        };
        row.set_attributes(attributes, &[]);
        // Contacts have no site.
        row.set_place_and_work("");
        rows.push(row.into_active_model());
        numbers.extend(numbers::rows(attributes, id.0));
    }
    insert_all(db, rows).await?;
    insert_all(db, numbers).await
}

async fn change(db: &impl ConnectionTrait, id: Uuid, event: &Event, paths: &Paths) -> Result<(), StoreError> {
    let found = contact::Entity::find_by_id(id).one(db).await?;
    let mut row = found.ok_or_else(|| StoreError::Unreadable(format!("no contact {id} to change")))?;
    row.version += 1;
    row.changed_at = event.at.0;
    let status = match event.fact.of_contact() {
        Some(ContactFact::Deleted) => Some(AccountStatus::Deleted),
        Some(ContactFact::Restored) => Some(AccountStatus::Active),
        _ => None,
    };
    if let Some(status) = status {
        row.status = status.name().to_owned();
        row.since = event.at.0;
    }
    if let Fact::Contact(_, organisation, ContactFact::Moved { .. }) = &event.fact {
        row.organisation = organisation.to_string();
        row.root = paths.root(organisation)?;
    }
    let before = row.attributes();
    let attributes = changed_by(before.clone(), event.fact.changes());
    row.set_attributes(&attributes, &[]);
    row.set_place_and_work("");
    row.into_active_model().reset_all().update(db).await?;
    numbers::change(db, vec![(id, before, attributes)]).await
}

async fn offers(db: &impl ConnectionTrait, event: &Event) -> Result<(), StoreError> {
    match &event.fact {
        Fact::Offer {
            offer: id,
            contact,
            organisation,
            to,
            what: OfferFact::Made { .. },
        } => {
            let row = offer::ActiveModel {
                id: Set(id.0),
                contact: Set(contact.0),
                from_organisation: Set(organisation.to_string()),
                to_organisation: Set(to.to_string()),
                by: Set(event.actor.map(|account| account.0)),
                by_name: Set(event.actor_name.clone()),
                offered_at: Set(event.at.0),
                end: Set(None),
                ended_at: Set(None),
                ended_by: Set(None),
            };
            insert_all(db, vec![row]).await
        }
        Fact::Offer {
            offer: id,
            what: OfferFact::Ended { end },
            ..
        } => {
            let open = offer::Entity::find_by_id(id.0).filter(offer::Column::End.is_null());
            let Some(row) = open.one(db).await? else {
                return Err(StoreError::Conflict);
            };
            let mut row = row.into_active_model();
            row.end = Set(Some(end.slug().to_owned()));
            row.ended_at = Set(Some(event.at.0));
            row.ended_by = Set(Some(event.actor_name.clone()));
            row.update(db).await?;
            Ok(())
        }
        _ => Ok(()),
    }
}
