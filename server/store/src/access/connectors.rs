//! How connectors are answered, as somebody set it; and what hangs on an account that is one, or that one knows.

use domain::{
    connector::{ConnectorSettings, Deletes, WhichDialect},
    values::ids::{AccountId, Timestamp},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::OnConflict};
use uuid::Uuid;

use super::{alarms, change_files, counts, email, links, proposals, shadow};
use crate::{StoreError, entities::connector, word};

/// How a connector is answered; as usual where nobody has set anything.
///
/// # Errors
/// When the database fails.
pub async fn of(db: &impl ConnectionTrait, connector: AccountId) -> Result<ConnectorSettings, StoreError> {
    let row = connector::Entity::find_by_id(connector.0).one(db).await?;
    let Some(row) = row else {
        return Ok(ConnectorSettings::default());
    };
    settings(&row.dialect, &row.deletes, row.shadow)
}

/// Reads settings from their columns.
pub(crate) fn settings(dialect: &str, deletes: &str, shadow: bool) -> Result<ConnectorSettings, StoreError> {
    Ok(ConnectorSettings {
        dialect: word(dialect, WhichDialect::from_slug)?,
        deletes: word(deletes, Deletes::from_slug)?,
        shadow,
    })
}

/// Sets how a connector is answered.
///
/// # Errors
/// When the database fails.
pub async fn set(
    db: &impl ConnectionTrait,
    connector: AccountId,
    settings: ConnectorSettings,
    now: Timestamp,
) -> Result<(), StoreError> {
    let row = connector::ActiveModel {
        account: Set(connector.0),
        dialect: Set(settings.dialect.slug().to_owned()),
        deletes: Set(settings.deletes.slug().to_owned()),
        shadow: Set(settings.shadow),
        changed_at: Set(now.0),
    };
    let anew = OnConflict::column(connector::Column::Account)
        .update_columns([
            connector::Column::Dialect,
            connector::Column::Deletes,
            connector::Column::Shadow,
            connector::Column::ChangedAt,
        ])
        .to_owned();
    connector::Entity::insert(row)
        .on_conflict(anew)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Takes away what hangs on forgotten people: as connectors, as accounts that connectors know, and as those who decided.
pub(crate) async fn forget(db: &impl ConnectionTrait, people: &[Uuid]) -> Result<(), StoreError> {
    let own = connector::Entity::delete_many().filter(connector::Column::Account.is_in(people.iter().copied()));
    own.exec(db).await?;
    links::forget(db, people).await?;
    proposals::forget(db, people).await?;
    shadow::forget(db, people).await?;
    alarms::forget(db, people).await?;
    email::forget(db, people).await?;
    change_files::forget(db, people).await?;
    counts::forget(db, people).await
}
