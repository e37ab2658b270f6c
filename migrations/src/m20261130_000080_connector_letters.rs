//! Which letters about connectors were sent, so that there is one for each silence and each failing day, and one a day.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, string, uuid},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Days are numbered since 1970. `about` is the moment of the last contact, or the number of the failing day.
        let mut letter = Table::create();
        letter
            .table("connector_letter")
            .col(uuid("connector"))
            .col(big_integer("told_on"))
            .col(string("news"))
            .col(big_integer("about"))
            .primary_key(Index::create().col("connector").col("told_on"));
        manager.create_table(letter.take()).await?;
        let once = Index::create()
            .name("connector_letter_once")
            .table("connector_letter")
            .col("connector")
            .col("news")
            .col("about")
            .unique()
            .take();
        manager.create_index(once).await
    }
}
