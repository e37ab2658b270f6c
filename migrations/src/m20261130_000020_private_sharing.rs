//! Finding who was given a private address: two people who share one are asked about.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let by_address = Index::create()
            .name("private_address_by_address")
            .table("private_address")
            .col("address")
            .take();
        manager.create_index(by_address).await
    }
}
