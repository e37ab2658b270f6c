//! What the sweep holds back because it would end or erase suspiciously much: one row, for all processes.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, integer, string_null},
};

use crate::types::{long_text, moment, moment_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut held = Table::create();
        held.table("sweep_brake")
            .col(integer("id").primary_key())
            .col(big_integer("waiting"))
            .col(long_text("counts"))
            .col(moment("counted_at"))
            .col(moment_null("held_since"))
            .col(big_integer_null("confirmed"))
            .col(string_null("confirmed_by"));
        manager.create_table(held.take()).await?;
        let nothing = Query::insert()
            .into_table("sweep_brake")
            .columns(["id", "waiting", "counts", "counted_at"])
            .values_panic([1.into(), 0.into(), "{}".into(), 0.into()])
            .take();
        manager.execute(nothing).await
    }
}
