//! Signing in that withstands attack: counted failures, whose a session is, second factors and recovery codes.

use sea_orm_migration::{
    prelude::*,
    schema::{integer, string, string_null, uuid, uuid_null},
};

use crate::types::{long_text, moment, moment_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // By the SHA-256 of what was tried: what strangers type into the form is kept nowhere.
        let mut failure = Table::create();
        failure
            .table("failure")
            .col(string("key").primary_key())
            .col(integer("count"))
            .col(moment("began_at"))
            .col(moment("wait_until"));
        manager.create_table(failure.take()).await?;

        // Sessions from before this step are nobody's in the list, and end like all others.
        for column in [
            uuid_null("account").take(),
            moment_null("began_at"),
            moment_null("used_at"),
            string_null("client").take(),
            string_null("agent").take(),
        ] {
            let mut alter = Table::alter();
            alter.table("session").add_column(column);
            manager.alter_table(alter.take()).await?;
        }
        index(manager, "session_by_account", "session").await?;

        let mut factor = Table::create();
        factor
            .table("factor")
            .col(uuid("id").primary_key())
            .col(uuid("account"))
            .col(string("kind"))
            .col(string("name"))
            .col(long_text("secret"))
            .col(moment("made_at"))
            .col(moment_null("used_at"))
            .col(moment_null("last_step"));
        manager.create_table(factor.take()).await?;
        index(manager, "factor_by_account", "factor").await?;

        let mut code = Table::create();
        code.table("recovery_code")
            .col(string("code_hash").primary_key())
            .col(uuid("account"));
        manager.create_table(code.take()).await?;
        index(manager, "recovery_code_by_account", "recovery_code").await
    }
}

async fn index(manager: &SchemaManager<'_>, name: &'static str, table: &'static str) -> Result<(), DbErr> {
    let by_account = Index::create().name(name).table(table).col("account").take();
    manager.create_index(by_account).await
}
