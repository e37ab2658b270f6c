//! Offers of contacts: open ones of a scope, sent and received.

use domain::{
    contact::Contact,
    offer::{Offer, OfferEnd},
    policy::Scope,
    values::ids::{AccountId, ContactId, OfferId, Timestamp},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};

use crate::{
    StoreError,
    directory::{
        person_columns,
        scope::{organisations_within, within},
        snapshot::contacts::read,
    },
    entities::{contact, offer, organisation},
    lists::{Position, behind},
    word,
};

/// An offer as a list shows it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The offer.
    pub offer: Offer,
    /// The contact, as it is now; none where it is forgotten.
    pub contact: Option<Contact>,
    /// How and when it ended, and by whom; none while it is open.
    pub end: Option<(OfferEnd, Timestamp, String)>,
}

/// Which side of an offer somebody manages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The contact is theirs.
    Sent,
    /// It may become theirs.
    Received,
}

/// Offers of a scope: open ones first, then those that ended, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &impl ConnectionTrait, scope: &Scope, side: Side, limit: u64) -> Result<Vec<Listed>, StoreError> {
    let mut listed = Vec::new();
    for ended in [false, true] {
        let state = match ended {
            false => offer::Column::End.is_null(),
            true => offer::Column::End.is_not_null(),
        };
        let found = offer::Entity::find()
            .filter(seen(scope, side))
            .filter(state)
            .order_by_desc(offer::Column::OfferedAt)
            .limit(limit);
        let rows = found.all(db).await?;
        let ids = rows.iter().map(|row| row.contact);
        let contacts = contact::Entity::find()
            .filter(contact::Column::Id.is_in(ids.clone()))
            .all(db)
            .await?;
        let own = contact::Entity::find()
            .filter(contact::Column::Id.is_in(ids))
            .filter(within(
                scope,
                contact::Column::Organisation,
                Some(contact::Column::Unit),
            ))
            .all(db)
            .await?;
        for row in &rows {
            // What ended elsewhere is not the receiver's to look at any more; what they took in is.
            let shown = if row.end.is_none() || side == Side::Sent {
                &contacts
            } else {
                &own
            };
            let contact = shown.iter().find(|contact| contact.id == row.contact);
            let end = match &row.end {
                None => None,
                Some(end) => Some((
                    word(end, OfferEnd::from_slug)?,
                    Timestamp(
                        row.ended_at
                            .ok_or_else(|| StoreError::Unreadable(format!("the end of offer {}", row.id)))?,
                    ),
                    row.ended_by.clone().unwrap_or_default(),
                )),
            };
            listed.push(Listed {
                offer: read(row)?,
                contact: contact.map(person_columns::contact).transpose()?,
                end,
            });
        }
    }
    Ok(listed)
}

/// How many open offers wait for an answer in a scope.
///
/// # Errors
/// When the database fails.
pub async fn waiting(db: &impl ConnectionTrait, scope: &Scope) -> Result<u64, StoreError> {
    if scope.is_empty() {
        return Ok(0);
    }
    let open = offer::Entity::find()
        .filter(seen(scope, Side::Received))
        .filter(offer::Column::End.is_null());
    Ok(open.count(db).await?)
}

/// The open offers made by a moment, the longest ago first, from behind a position on.
///
/// # Errors
/// When the database fails.
pub async fn open_since(
    db: &impl ConnectionTrait,
    by: Timestamp,
    after: Option<Position>,
    limit: u64,
) -> Result<Vec<Offer>, StoreError> {
    let mut open = offer::Entity::find()
        .filter(offer::Column::End.is_null())
        .filter(offer::Column::OfferedAt.lte(by.0));
    if let Some(after) = after {
        open = open.filter(behind(offer::Column::OfferedAt, offer::Column::Id, after));
    }
    let rows = open
        .order_by_asc(offer::Column::OfferedAt)
        .order_by_asc(offer::Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    rows.iter().map(read).collect()
}

/// The open offer of a contact, where there is one.
///
/// # Errors
/// When the database fails.
pub async fn open_of(db: &impl ConnectionTrait, contact: ContactId) -> Result<Option<Offer>, StoreError> {
    let open = offer::Entity::find()
        .filter(offer::Column::Contact.eq(contact.0))
        .filter(offer::Column::End.is_null());
    open.one(db).await?.as_ref().map(read).transpose()
}

/// Who made an offer.
///
/// # Errors
/// When the database fails.
pub async fn sender(db: &impl ConnectionTrait, id: OfferId) -> Result<Option<AccountId>, StoreError> {
    let row = offer::Entity::find_by_id(id.0).one(db).await?;
    Ok(row.and_then(|row| row.by).map(AccountId))
}

fn seen(scope: &Scope, side: Side) -> Condition {
    if scope.everything {
        return Condition::all();
    }
    match side {
        // Whose contact it was, and still is where it lies in the scope.
        Side::Sent => {
            let own = contact::Entity::find()
                .select_only()
                .column(contact::Column::Id)
                .filter(within(
                    scope,
                    contact::Column::Organisation,
                    Some(contact::Column::Unit),
                ));
            let from = offer::Column::FromOrganisation.in_subquery(codes(scope));
            let open = Condition::all()
                .add(offer::Column::End.is_null())
                .add(offer::Column::Contact.in_subquery(own.into_query()));
            Condition::any()
                .add(open)
                .add(Condition::all().add(offer::Column::End.is_not_null()).add(from))
        }
        Side::Received => Condition::all().add(offer::Column::ToOrganisation.in_subquery(codes(scope))),
    }
}

fn codes(scope: &Scope) -> sea_orm::sea_query::SelectStatement {
    organisation::Entity::find()
        .select_only()
        .column(organisation::Column::Code)
        .filter(organisations_within(scope))
        .into_query()
}
