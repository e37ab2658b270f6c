//! Submissions: the file as it came, its plan row by row, and the jobs that read and apply it.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, boolean, integer, pk_auto, string, string_null, uuid_null},
};

use crate::types::{long_text, long_text_null, moment, moment_null, ordered};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut submission = Table::create();
        submission
            .table("submission")
            .col(string("id").primary_key())
            .col(uuid_null("actor"))
            .col(string("actor_name"))
            .col(string("channel"))
            .col(string("state"))
            .col(string("file_name"))
            .col(big_integer("file_size"))
            .col(string("file_sha256"))
            .col(string_null("format"))
            .col(long_text("layout"))
            .col(long_text("problems"))
            .col(long_text("totals"))
            .col(integer("expected_rows"))
            .col(integer("progress"))
            .col(string_null("look_alikes"))
            .col(string_null("trouble"))
            .col(moment("received_at"))
            .col(moment_null("confirmed_at"))
            .col(moment_null("finished_at"));
        manager.create_table(submission.take()).await?;
        let by_time = Index::create()
            .name("submission_by_time")
            .table("submission")
            .col("received_at")
            .col("id")
            .take();
        manager.create_index(by_time).await?;

        // Whoever sees a submission must manage all of these places.
        let mut scope = Table::create();
        scope
            .table("submission_scope")
            .col(string("submission"))
            .col(ordered(manager, "path"))
            .primary_key(Index::create().col("submission").col("path"));
        manager.create_table(scope.take()).await?;

        let mut file = Table::create();
        file.table("submission_file")
            .col(string("submission").primary_key())
            .col(ColumnDef::new("bytes").blob().not_null());
        manager.create_table(file.take()).await?;

        let mut row = Table::create();
        row.table("submission_row")
            .col(string("submission"))
            .col(integer("row"))
            .col(string("kind"))
            .col(string("outcome"))
            .col(boolean("warned"))
            .col(long_text("request"))
            .col(long_text("planned"))
            .col(uuid_null("subject"))
            .col(long_text_null("address"))
            .primary_key(Index::create().col("submission").col("row"));
        manager.create_table(row.take()).await?;
        for column in ["kind", "outcome"] {
            let name = format!("submission_row_by_{column}");
            let index = Index::create()
                .name(name)
                .table("submission_row")
                .col("submission")
                .col(column)
                .col("row")
                .take();
            manager.create_index(index).await?;
        }

        let mut job = Table::create();
        job.table("job")
            .col(pk_auto("id").big_integer())
            .col(string("task"))
            .col(string("submission"))
            .col(string_null("worker"))
            .col(moment("run_after"))
            .col(integer("attempts"));
        manager.create_table(job.take()).await?;
        manager
            .create_index(Index::create().name("job_by_time").table("job").col("run_after").take())
            .await
    }
}
