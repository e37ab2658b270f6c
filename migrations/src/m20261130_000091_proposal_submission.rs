//! Proposals: the row of a submission that one has become, and why it was made. Links: when the connector disabled somebody.

use sea_orm_migration::{
    prelude::*,
    schema::{integer_null, string_null},
};

use crate::types::moment_null;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One column a statement, as SQLite has it.
        for column in [
            string_null("submission"),
            integer_null("submission_row"),
            string_null("reason"),
        ] {
            let mut alter = Table::alter();
            alter.table("proposal").add_column(column);
            manager.alter_table(alter.take()).await?;
        }
        let by_submission = "CREATE INDEX proposal_by_submission ON proposal (submission) WHERE submission IS NOT NULL";
        manager.get_connection().execute_unprepared(by_submission).await?;
        let mut alter = Table::alter();
        alter.table("connector_link").add_column(moment_null("disabled_at"));
        manager.alter_table(alter.take()).await?;
        let lately = "CREATE INDEX connector_link_disabled ON connector_link (connector, disabled_at) \
                      WHERE disabled_at IS NOT NULL";
        manager.get_connection().execute_unprepared(lately).await?;
        Ok(())
    }
}
