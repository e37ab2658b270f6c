//! How far the trail was when a submission was planned: only what came behind it can be news to whoever confirms the plan.

use sea_orm_migration::{prelude::*, schema::big_integer_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let planned_after = Table::alter()
            .table("submission")
            .add_column(big_integer_null("planned_after").take())
            .take();
        manager.alter_table(planned_after).await
    }
}
