//! What connectors have tried whose requests are answered and not applied.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, boolean, string, uuid},
};

use crate::types::{long_text, moment, ordered, ordered_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Of an account there is what would become of it, and beside it the last refusal.
        let mut tried = Table::create();
        tried
            .table("shadow_account")
            .col(uuid("connector"))
            .col(uuid("account"))
            .col(boolean("collides"))
            .col(string("kind"))
            .col(ordered(manager, "organisation"))
            .col(ordered_null(manager, "unit"))
            .col(ordered_null(manager, "external_id"))
            .col(ordered(manager, "user_name"))
            .col(ordered_null(manager, "local_id"))
            .col(long_text("name"))
            .col(long_text("wish"))
            .col(long_text("said"))
            .col(big_integer("version"))
            .col(moment("first_at"))
            .col(moment("last_at"))
            .primary_key(Index::create().col("connector").col("account").col("collides"));
        manager.create_table(tried.take()).await?;
        for key in ["external_id", "user_name", "local_id"] {
            let by_key = Index::create()
                .name(format!("shadow_account_by_{key}"))
                .table("shadow_account")
                .col("connector")
                .col(key)
                .take();
            manager.create_index(by_key).await?;
        }
        // Whichever of two requests comes first, a key is one new account's.
        for key in ["external_id", "user_name"] {
            let once = format!(
                "CREATE UNIQUE INDEX shadow_account_new_{key} ON shadow_account (connector, {key}) WHERE kind = 'create'"
            );
            manager.get_connection().execute_unprepared(&once).await?;
        }
        let by_account = Index::create()
            .name("shadow_account_by_account")
            .table("shadow_account")
            .col("account")
            .take();
        manager.create_index(by_account).await
    }
}
