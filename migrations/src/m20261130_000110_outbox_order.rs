//! Letters in line: the index has the whole order, so that the next one is found without sorting all that wait.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let by_order = Index::create()
            .name("outbox_by_order")
            .table("outbox")
            .col("state")
            .col("run_after")
            .col("id")
            .take();
        manager.create_index(by_order).await?;
        manager
            .drop_index(Index::drop().name("outbox_by_time").table("outbox").to_owned())
            .await
    }
}
