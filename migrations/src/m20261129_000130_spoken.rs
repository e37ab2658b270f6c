//! Codes that can be said on the telephone, beside one-time links; the private addresses to which new people are sent their
//! link; when the links of a submission's new people were given out; and rehearsals, which plan and apply nothing.

use sea_orm_migration::{
    prelude::*,
    schema::{boolean, integer, string, uuid, uuid_null},
};

use crate::types::moment;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut code = Table::create();
        code.table("spoken_code")
            .col(uuid("account").primary_key())
            .col(string("code_hash"))
            .col(moment("expires_at"))
            .col(integer("tries"));
        manager.create_table(code.take()).await?;

        let mut private = Table::create();
        private
            .table("private_address")
            .col(uuid("account").primary_key())
            .col(string("address"));
        manager.create_table(private.take()).await?;

        let mut given_out = Table::create();
        given_out
            .table("links_given_out")
            .col(string("submission"))
            .col(integer("number"))
            .col(moment("at"))
            .col(uuid_null("given_by"))
            .col(string("how"))
            .col(integer("people"))
            .primary_key(Index::create().col("submission").col("number"));
        manager.create_table(given_out.take()).await?;

        let mut submission = Table::alter();
        submission
            .table("submission")
            .add_column(boolean("rehearsal").default(false).take());
        manager.alter_table(submission.take()).await
    }
}
