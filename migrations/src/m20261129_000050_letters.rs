//! Letters wait as their kind and parameters, and are written out when they are sent. What waits from before has its text
//! already and is sent as it is. A letter may gather what one submission does to many people, while it waits.

use sea_orm_migration::{prelude::*, schema::string_null};

use crate::types::long_text_null;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column a statement.
        for column in [long_text_null("letter"), string_null("gathers").take()] {
            let new = Table::alter().table("outbox").add_column(column).take();
            manager.alter_table(new).await?;
        }
        // Hardly any letter gathers; the others cost the index nothing.
        let by_key = "CREATE INDEX outbox_by_gathers ON outbox (gathers) WHERE gathers IS NOT NULL";
        manager.get_connection().execute_unprepared(by_key).await?;
        Ok(())
    }
}
