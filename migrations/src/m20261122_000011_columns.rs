//! What the columns of files with other headings hold, as somebody of an organisation said.

use sea_orm_migration::{prelude::*, schema::string};

use crate::types::{long_text, moment, ordered};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::create();
        table
            .table("chosen_columns")
            .col(ordered(manager, "organisation"))
            .col(string("headings"))
            .col(string("format"))
            .col(long_text("layout"))
            .col(moment("at"))
            .primary_key(Index::create().col("organisation").col("headings"));
        manager.create_table(table.take()).await
    }
}
