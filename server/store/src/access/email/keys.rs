//! The keys without which nothing is taken from connectors who have set one.

use domain::values::ids::{AccountId, Timestamp};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::OnConflict};
use uuid::Uuid;

use crate::{StoreError, Transaction, entities::connector_key};

/// The hash of a connector's key.
///
/// # Errors
/// When the database fails.
pub async fn of(db: &impl ConnectionTrait, connector: AccountId) -> Result<Option<String>, StoreError> {
    let key = connector_key::Entity::find_by_id(connector.0).one(db).await?;
    Ok(key.map(|key| key.hash))
}

/// When a connector's key was made.
///
/// # Errors
/// When the database fails.
pub async fn made_at(db: &impl ConnectionTrait, connector: AccountId) -> Result<Option<Timestamp>, StoreError> {
    let key = connector_key::Entity::find_by_id(connector.0).one(db).await?;
    Ok(key.map(|key| Timestamp(key.made_at)))
}

/// Keeps another key of a connector, by its hash; or none.
///
/// # Errors
/// When the database fails.
pub async fn set(
    tx: &Transaction,
    connector: AccountId,
    hash: Option<String>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(hash) = hash else {
        return forget(tx, &[connector.0]).await;
    };
    let row = connector_key::ActiveModel {
        connector: Set(connector.0),
        hash: Set(hash),
        made_at: Set(now.0),
    };
    let anew = OnConflict::column(connector_key::Column::Connector)
        .update_columns([connector_key::Column::Hash, connector_key::Column::MadeAt])
        .to_owned();
    connector_key::Entity::insert(row)
        .on_conflict(anew)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Takes away the keys of forgotten people.
pub(crate) async fn forget(db: &impl ConnectionTrait, people: &[Uuid]) -> Result<(), StoreError> {
    let own = connector_key::Column::Connector.is_in(people.iter().copied());
    connector_key::Entity::delete_many().filter(own).exec(db).await?;
    Ok(())
}
