//! Mail to go out: each letter waits here until the mail server has taken it.

use sea_orm_migration::{
    prelude::*,
    schema::{integer, string, string_null, uuid},
};

use crate::types::{long_text, long_text_null, moment, moment_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut outbox = Table::create();
        outbox
            .table("outbox")
            .col(uuid("id").primary_key())
            .col(string("address"))
            .col(string("subject"))
            .col(long_text("text"))
            .col(long_text("html"))
            .col(string("state"))
            .col(integer("attempts"))
            .col(moment("run_after"))
            .col(string_null("claimed_by"))
            .col(long_text_null("last_error"))
            .col(moment("created_at"))
            .col(moment_null("sent_at"));
        manager.create_table(outbox.take()).await?;
        let by_time = Index::create()
            .name("outbox_by_time")
            .table("outbox")
            .col("state")
            .col("run_after")
            .take();
        manager.create_index(by_time).await
    }
}
