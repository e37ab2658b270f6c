//! The same text with the same problem in several rows: mended in one, it can be mended in all.

use sea_orm_migration::{prelude::*, schema::string};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let cell = Table::alter()
            .table("submission_problem")
            .add_column(string("cell").default("").take())
            .take();
        manager.alter_table(cell).await?;
        let index = Index::create()
            .name("submission_problem_by_cell")
            .table("submission_problem")
            .col("submission")
            .col("cell")
            .col("row")
            .take();
        manager.create_index(index).await
    }
}
