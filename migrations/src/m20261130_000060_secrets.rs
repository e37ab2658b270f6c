//! Secrets that the service makes for itself, such as what signs the cursors of lists: one for all of its processes.

use sea_orm_migration::{prelude::*, schema::string};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut secret = Table::create();
        secret
            .table("service_secret")
            .col(string("name").primary_key())
            .col(string("secret"));
        manager.create_table(secret.take()).await
    }
}
