//! The contacts that requests can touch, with their open offers.

use std::collections::HashSet;

use domain::{
    contact::Contact,
    dictionary::Attribute,
    look_alike::FoldedName,
    offer::Offer,
    policy::Scope,
    request::{Cells, ChangeRequest, Wish},
    values::ids::{AccountId, ContactId, OfferId, Timestamp},
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::ExprTrait};
use uuid::Uuid;

use super::{codes::code, hold::Hold};
use crate::{
    StoreError,
    directory::{
        person_columns,
        scope::{organisations_within, within},
    },
    entities::{contact, offer, organisation},
};

/// Contacts and offers of one chunk.
pub(super) struct Loaded {
    pub(super) contacts: Vec<Contact>,
    pub(super) offers: Vec<Offer>,
}

impl Loaded {
    /// The organisations that the contacts belong to, and are offered to.
    pub(super) fn homes(&self) -> impl Iterator<Item = String> {
        let homes = self.contacts.iter().map(|contact| contact.organisation.to_string());
        homes.chain(self.offers.iter().map(|offer| offer.to.to_string()))
    }
}

/// Loads the contacts named by ID or by an offer that the scope may answer or take back, and those of the scope that a new
/// one may be: by address, or by name.
pub(super) async fn load(
    db: &impl ConnectionTrait,
    scope: &Scope,
    requests: &[ChangeRequest],
    hold: Hold,
) -> Result<Loaded, StoreError> {
    let named: Vec<_> = requests.iter().filter_map(|request| request.wish.contact()).collect();
    let asked: Vec<_> = requests.iter().filter_map(|request| request.wish.offer()).collect();
    let new = requests.iter().filter_map(|request| match &request.wish {
        Wish::NewContact(cells) => Some(cells),
        _ => None,
    });
    let new: Vec<_> = new.collect();
    if named.is_empty() && asked.is_empty() && new.is_empty() {
        return Ok(Loaded {
            contacts: vec![],
            offers: vec![],
        });
    }
    let answered = offers(
        db,
        Condition::all().add(offer::Column::Id.is_in(asked.iter().map(|id| id.0))),
    )
    .await?;
    let for_scope = receivers(db, scope, &answered).await?;
    let offered: Vec<_> = answered
        .iter()
        .filter(|offer| for_scope.contains(offer.to.as_str()))
        .map(|offer| offer.contact.0)
        .collect();
    let in_scope = within(scope, contact::Column::Organisation, Some(contact::Column::Unit));
    let by_id = named
        .iter()
        .map(|id| id.0)
        .chain(answered.iter().map(|offer| offer.contact.0));
    let wanted = Condition::any()
        .add(
            Condition::all()
                .add(in_scope.clone())
                .add(contact::Column::Id.is_in(by_id)),
        )
        .add(contact::Column::Id.is_in(offered))
        .add_option((!new.is_empty()).then(|| Condition::all().add(in_scope).add(alike(&new))));
    let found = contact::Entity::find().filter(wanted);
    let rows = match hold {
        Hold::Free => found.all(db).await?,
        Hold::Locked => found.lock_exclusive().all(db).await?,
    };
    let contacts: Vec<_> = rows.iter().map(person_columns::contact).collect::<Result<_, _>>()?;
    let ids = contacts.iter().map(|contact| contact.id.0);
    let offers = offers(db, Condition::all().add(offer::Column::Contact.is_in(ids))).await?;
    Ok(Loaded { contacts, offers })
}

/// The contacts that new ones may be: with the same address, with a look-alike's key in the same organisation, or with the
/// same name anywhere. The plan looks closer.
fn alike(new: &[&Cells]) -> Condition {
    let mut alike = Condition::any();
    for cells in new {
        let name = FoldedName::of(cells.text(Attribute::FirstName), cells.text(Attribute::LastName));
        let address = cells.key(Attribute::EmailAddress).unwrap_or_default();
        alike = alike
            .add(contact::Column::EmailAddress.eq(address))
            .add(contact::Column::SortName.eq(name.sorted()));
        if let Some(home) = code(cells) {
            let here = contact::Column::Organisation.eq(home);
            alike = alike.add(here.and(contact::Column::LookAlike.eq(name.key())));
        }
    }
    alike
}

/// Which of the organisations that something is offered to lie in the scope.
async fn receivers(db: &impl ConnectionTrait, scope: &Scope, offers: &[Offer]) -> Result<HashSet<String>, StoreError> {
    if offers.is_empty() {
        return Ok(HashSet::new());
    }
    let codes = offers.iter().map(|offer| offer.to.as_str());
    let rows = organisation::Entity::find()
        .filter(organisations_within(scope))
        .filter(organisation::Column::Code.is_in(codes));
    Ok(rows.all(db).await?.into_iter().map(|row| row.code).collect())
}

/// The open offers that fulfil a condition.
pub(crate) async fn offers(db: &impl ConnectionTrait, condition: Condition) -> Result<Vec<Offer>, StoreError> {
    let open = offer::Entity::find()
        .filter(offer::Column::End.is_null())
        .filter(condition);
    open.all(db).await?.iter().map(read).collect()
}

/// The domain's offer from its row.
pub(crate) fn read(row: &offer::Model) -> Result<Offer, StoreError> {
    let account = |id: Uuid| AccountId(id);
    Ok(Offer {
        id: OfferId(row.id),
        contact: ContactId(row.contact),
        from: person_columns::code(&row.from_organisation)?,
        to: person_columns::code(&row.to_organisation)?,
        by: row.by.map(account),
        by_name: row.by_name.clone(),
        offered_at: Timestamp(row.offered_at),
    })
}
