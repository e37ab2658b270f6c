//! Accounts with the addresses that they had before.

use std::collections::HashMap;

use domain::{account::Account, values::email_address::EmailAddress};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::{
    StoreError,
    directory::person_columns,
    entities::{account, address},
    lists::padded,
};

/// Accounts from their rows, with the addresses they had before.
pub(crate) async fn with_aliases(
    db: &impl ConnectionTrait,
    rows: &[account::Model],
) -> Result<Vec<Account>, StoreError> {
    if rows.is_empty() {
        return Ok(vec![]);
    }
    let ids = rows.iter().map(|row| row.id);
    let former = address::Entity::find()
        .filter(address::Column::Account.is_in(padded(ids)))
        .filter(address::Column::Current.eq(false))
        .filter(address::Column::UserName.eq(false));
    let mut aliases: HashMap<Uuid, Vec<EmailAddress>> = HashMap::new();
    for row in former.all(db).await? {
        aliases
            .entry(row.account)
            .or_default()
            .push(person_columns::address(&row)?);
    }
    rows.iter()
        .map(|row| person_columns::account(row, aliases.remove(&row.id).unwrap_or_default()))
        .collect()
}
