//! Which of an account's values were changed by hand since a file last set them.

use sea_orm_migration::{prelude::*, schema::text};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["account", "contact"] {
            let edits = Table::alter()
                .table(table)
                .add_column(text("by_hand").default("").take())
                .take();
            manager.alter_table(edits).await?;
        }
        Ok(())
    }
}
