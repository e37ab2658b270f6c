//! When an account was used, as far as it is known otherwise than by its password: signed in to by a provider, or reported
//! by the mail system.

use sea_orm_migration::{prelude::*, schema::uuid};

use crate::types::moment;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut used = Table::create();
        used.table("known_use")
            .col(uuid("account").primary_key())
            .col(moment("used_at"));
        manager.create_table(used.take()).await
    }
}
