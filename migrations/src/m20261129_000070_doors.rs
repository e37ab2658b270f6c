//! Doors: links that people ask for themselves, and the salts of a day under which addresses that nobody has are kept.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, boolean, string},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Links that are there already were made by somebody else, and may have been shown to them.
        let mut link = Table::alter();
        link.table("one_time_link")
            .add_column(boolean("asked_by_self").default(false).take());
        manager.alter_table(link.take()).await?;

        // By the number of the day since 1970.
        let mut salt = Table::create();
        salt.table("day_salt")
            .col(big_integer("day").primary_key())
            .col(string("salt"));
        manager.create_table(salt.take()).await
    }
}
