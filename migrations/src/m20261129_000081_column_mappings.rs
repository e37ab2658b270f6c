//! What the columns of files with other headings hold, by the place that its sayer may upload for: a whole organisation,
//! or a unit of it. Who said it is kept, too: machines go by the word of somebody who is responsible for all of an
//! organisation, and by nobody else's.

use sea_orm_migration::{
    prelude::*,
    schema::{string, uuid_null},
};

use crate::types::{long_text, moment, ordered};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::create();
        table
            .table("column_mapping")
            .col(ordered(manager, "place"))
            .col(string("headings"))
            .col(string("format"))
            .col(long_text("layout"))
            .col(moment("at"))
            .col(uuid_null("said_by"))
            .primary_key(Index::create().col("place").col("headings"));
        manager.create_table(table.take()).await?;
        // Of what was said before it is not known by whom: people go by it as they did, machines do not.
        let carry_over = "INSERT INTO column_mapping (place, headings, format, layout, at)
            SELECT organisation.path, chosen_columns.headings, chosen_columns.format, chosen_columns.layout, chosen_columns.at
            FROM chosen_columns JOIN organisation ON organisation.code = chosen_columns.organisation";
        manager.get_connection().execute_unprepared(carry_over).await?;
        Ok(())
    }
}
