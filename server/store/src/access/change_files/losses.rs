//! Who has lost access by which connector lately: what the access brake counts.

use std::collections::BTreeMap;

use domain::{
    organisation::OrganisationCode,
    values::ids::{AccountId, Timestamp},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::OnConflict,
};
use uuid::Uuid;

use crate::{StoreError, Transaction, directory::person_columns::code, entities::access_loss, lists::ROWS_A_STATEMENT};

/// Somebody who has lost access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// Who.
    pub account: AccountId,
    /// The organisation to which they belonged.
    pub organisation: OrganisationCode,
    /// When.
    pub at: Timestamp,
}

/// Notes who has lost access by a connector. Of somebody who has lost it before, the later moment counts.
///
/// # Errors
/// When the database fails.
pub async fn note(tx: &Transaction, connector: AccountId, losses: &[Loss]) -> Result<(), StoreError> {
    // A statement writes each row once.
    let once: BTreeMap<Uuid, &Loss> = losses.iter().map(|loss| (loss.account.0, loss)).collect();
    let row = |loss: &Loss| access_loss::ActiveModel {
        connector: Set(connector.0),
        account: Set(loss.account.0),
        organisation: Set(loss.organisation.to_string()),
        at: Set(loss.at.0),
    };
    let rows: Vec<_> = once.into_values().map(row).collect();
    for some in rows.chunks(ROWS_A_STATEMENT) {
        let later = OnConflict::columns([access_loss::Column::Connector, access_loss::Column::Account])
            .update_columns([access_loss::Column::Organisation, access_loss::Column::At])
            .to_owned();
        access_loss::Entity::insert_many(some.to_vec())
            .on_conflict(later)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// Who has lost access by a connector since a moment, in the order in which they did.
///
/// # Errors
/// When the database fails.
pub async fn since(db: &impl ConnectionTrait, connector: AccountId, from: Timestamp) -> Result<Vec<Loss>, StoreError> {
    let lost = access_loss::Entity::find()
        .filter(access_loss::Column::Connector.eq(connector.0))
        .filter(access_loss::Column::At.gte(from.0))
        .order_by_asc(access_loss::Column::At)
        .order_by_asc(access_loss::Column::Account);
    lost.all(db).await?.into_iter().map(read).collect()
}

/// Forgets who lost access before a moment.
///
/// # Errors
/// When the database fails.
pub async fn sweep(db: &impl ConnectionTrait, before: Timestamp) -> Result<(), StoreError> {
    let old = access_loss::Entity::delete_many().filter(access_loss::Column::At.lt(before.0));
    old.exec(db).await?;
    Ok(())
}

/// Forgets what forgotten people lost, and what others lost by them.
pub(crate) async fn forget(db: &impl ConnectionTrait, people: &[Uuid]) -> Result<(), StoreError> {
    let theirs = Condition::any()
        .add(access_loss::Column::Account.is_in(people.iter().copied()))
        .add(access_loss::Column::Connector.is_in(people.iter().copied()));
    access_loss::Entity::delete_many().filter(theirs).exec(db).await?;
    Ok(())
}

fn read(row: access_loss::Model) -> Result<Loss, StoreError> {
    Ok(Loss {
        account: AccountId(row.account),
        organisation: code(&row.organisation)?,
        at: Timestamp(row.at),
    })
}
