//! Letters wait as their kind and parameters, and are written out when they are sent. What waits from before has its text
//! already and is sent as it is.

use sea_orm_migration::prelude::*;

use crate::types::long_text_null;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let letter = Table::alter()
            .table("outbox")
            .add_column(long_text_null("letter"))
            .take();
        manager.alter_table(letter).await
    }
}
