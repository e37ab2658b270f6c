//! Which submission undoes which.

use sea_orm_migration::{prelude::*, schema::string_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let undoes = Table::alter()
            .table("submission")
            .add_column(string_null("undoes"))
            .take();
        manager.alter_table(undoes).await?;
        let index = Index::create()
            .name("submission_by_undone")
            .table("submission")
            .col("undoes")
            .take();
        manager.create_index(index).await
    }
}
