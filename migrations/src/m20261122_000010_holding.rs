//! What holds a submission up: a pause while it is applied, and the organisations of which it changes suspiciously many.

use sea_orm_migration::{
    prelude::*,
    schema::{boolean, text},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column at a time.
        for column in [
            boolean("paused").default(false).take(),
            text("touches").default("[]").take(),
        ] {
            let table = Table::alter().table("submission").add_column(column).take();
            manager.alter_table(table).await?;
        }
        let same_bytes = Index::create()
            .name("submission_by_bytes")
            .table("submission")
            .col("file_sha256")
            .take();
        manager.create_index(same_bytes).await
    }
}
