//! Who applied a machine's submission that waited for an administrator; and how far the daily digest of machine changes is.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, integer, string_null, uuid_null},
};

use crate::types::moment;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [uuid_null("applied_by").take(), string_null("applied_by_name").take()] {
            let mut alter = Table::alter();
            alter.table("submission").add_column(column);
            manager.alter_table(alter.take()).await?;
        }
        // What waits to be decided on is looked for by every home page.
        let by_state = Index::create()
            .name("submission_by_state")
            .table("submission")
            .col("state")
            .col("channel")
            .take();
        manager.create_index(by_state).await?;
        let by_end = Index::create()
            .name("submission_by_end")
            .table("submission")
            .col("finished_at")
            .take();
        manager.create_index(by_end).await?;

        let mut digest = Table::create();
        digest
            .table("machine_digest")
            .col(integer("id").primary_key())
            .col(moment("at"))
            .col(big_integer("through"));
        manager.create_table(digest.take()).await?;
        // What happened before is no news.
        let last = Query::select()
            .expr(Expr::value(1))
            .expr(Expr::value(0))
            .expr(Func::coalesce([Expr::col("seq").max(), Expr::value(0)]))
            .from("event")
            .take();
        let mut insert = Query::insert();
        insert.into_table("machine_digest").columns(["id", "at", "through"]);
        insert
            .select_from(last)
            .map_err(|error| DbErr::Migration(error.to_string()))?;
        manager.exec_stmt(insert).await
    }
}
