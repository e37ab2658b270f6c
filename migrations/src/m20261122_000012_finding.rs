//! Finding rows of a submission: by what stands in them, and by the problem that many share.

use sea_orm_migration::{
    prelude::*,
    schema::{integer, string, text},
};

use crate::types::long_text;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let words = Table::alter()
            .table("submission_row")
            .add_column(text("words").default("").take())
            .take();
        manager.alter_table(words).await?;
        let mut problems = Table::create();
        problems
            .table("submission_problem")
            .col(string("submission"))
            .col(integer("row"))
            .col(string("key"))
            .col(long_text("said"))
            .primary_key(Index::create().col("submission").col("row").col("key"));
        manager.create_table(problems.take()).await?;
        let index = Index::create()
            .name("submission_problem_by_key")
            .table("submission_problem")
            .col("submission")
            .col("key")
            .col("row")
            .take();
        manager.create_index(index).await
    }
}
