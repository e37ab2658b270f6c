//! Secrets that the service makes for itself, once for all of its processes. They open no door: they sign what the service
//! gives out and reads again.

use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};

use crate::{Store, StoreError, entities::service_secret};

/// The secret of a name; `fresh` becomes it where there is none yet, and whoever comes second reads what came first.
///
/// # Errors
/// When the database fails.
pub async fn of(store: &Store, name: &str, fresh: String) -> Result<String, StoreError> {
    let named = || service_secret::Entity::find_by_id(name);
    if let Some(kept) = named().one(store.reader()).await? {
        return Ok(kept.secret);
    }
    let tx = store.begin().await?;
    let first = service_secret::ActiveModel {
        name: Set(name.to_owned()),
        secret: Set(fresh.clone()),
    };
    let unless_there = OnConflict::column(service_secret::Column::Name).do_nothing().to_owned();
    service_secret::Entity::insert(first)
        .on_conflict(unless_there)
        .try_insert()
        .exec_without_returning(&tx)
        .await?;
    let kept = named().one(&tx).await?;
    tx.commit().await?;
    Ok(kept.map_or(fresh, |row| row.secret))
}
