//! Mailboxes: when the newest mail had come in that was read, and up to when what came in is not processed any more.

use sea_orm_migration::prelude::*;

use crate::types::moment_null;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One column a statement, as SQLite has it.
        for column in ["newest_at", "stale_until"] {
            let mut alter = Table::alter();
            alter.table("mail_folder").add_column(moment_null(column));
            manager.alter_table(alter.take()).await?;
        }
        Ok(())
    }
}
