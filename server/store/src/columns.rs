//! What the columns of files with other headings hold, as somebody said; remembered for their organisation.

use domain::{ids::Timestamp, layout::Layout, organisation::OrganisationCode};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::OnConflict,
};
use sha2::{Digest, Sha256};

use crate::{StoreError, entities::chosen_columns};

/// Remembers what was said for files with these headings; what was said before is forgotten.
///
/// # Errors
/// When the database fails.
pub async fn remember(
    db: &impl ConnectionTrait,
    organisation: &OrganisationCode,
    format: &str,
    layout: &Layout,
    now: Timestamp,
) -> Result<(), StoreError> {
    let row = chosen_columns::ActiveModel {
        organisation: Set(organisation.to_string()),
        headings: Set(key(layout.columns.iter().map(|(heading, _)| heading.as_str()))),
        format: Set(format.to_owned()),
        layout: Set(serde_json::to_string(layout)?),
        at: Set(now.0),
    };
    let anew = OnConflict::columns([chosen_columns::Column::Organisation, chosen_columns::Column::Headings])
        .update_columns([
            chosen_columns::Column::Format,
            chosen_columns::Column::Layout,
            chosen_columns::Column::At,
        ])
        .to_owned();
    chosen_columns::Entity::insert(row)
        .on_conflict(anew)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// The formats and layouts that were said for files of an organisation, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn remembered(
    db: &impl ConnectionTrait,
    organisation: &OrganisationCode,
) -> Result<Vec<(String, Layout)>, StoreError> {
    let said = chosen_columns::Entity::find()
        .filter(chosen_columns::Column::Organisation.eq(organisation.as_str()))
        .order_by_desc(chosen_columns::Column::At);
    let read = |row: chosen_columns::Model| Ok((row.format, serde_json::from_str(&row.layout)?));
    said.all(db).await?.into_iter().map(read).collect()
}

/// Headings in their order, as one short text.
fn key<'a>(headings: impl Iterator<Item = &'a str>) -> String {
    let mut digest = Sha256::new();
    for heading in headings {
        digest.update(heading.as_bytes());
        digest.update([0]);
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
