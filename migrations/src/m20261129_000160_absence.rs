//! From when until when an account is disabled, and why; and the first day of somebody new.

use sea_orm_migration::prelude::*;

use crate::types::{long_text_null, moment_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Accounts and contacts share their columns.
        for table in ["account", "contact"] {
            add(manager, table, moment_null("away_from")).await?;
            add(manager, table, moment_null("back_at")).await?;
            add(manager, table, long_text_null("away_reason")).await?;
            add(manager, table, moment_null("starts_at")).await?;
        }
        // Hardly anybody has such a day, and whoever has none is in no index.
        for (what, column) in [("away", "away_from"), ("back", "back_at"), ("start", "starts_at")] {
            let index = format!("CREATE INDEX account_by_{what} ON account ({column}, id) WHERE {column} IS NOT NULL");
            manager.get_connection().execute_unprepared(&index).await?;
        }
        Ok(())
    }
}

/// Each column is added by itself, because SQLite adds one at a time.
async fn add(manager: &SchemaManager<'_>, table: &'static str, column: ColumnDef) -> Result<(), DbErr> {
    let mut alter = Table::alter();
    alter.table(table).add_column(column);
    manager.alter_table(alter.take()).await
}
