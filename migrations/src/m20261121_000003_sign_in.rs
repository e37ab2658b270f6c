//! Signing in: password hashes, kept apart from the directory, and sessions.

use sea_orm_migration::{
    prelude::*,
    schema::{boolean, string, uuid},
};

use crate::types::{long_text, moment};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut credential = Table::create();
        credential
            .table("credential")
            .col(uuid("account").primary_key())
            .col(string("password_hash"))
            .col(boolean("one_time"))
            .col(moment("set_at"));
        manager.create_table(credential.take()).await?;

        // Only the SHA-256 of a session's ID: a copy of the database opens no session.
        let mut session = Table::create();
        session
            .table("session")
            .col(string("id_hash").primary_key())
            .col(long_text("data"))
            .col(moment("expires_at"));
        manager.create_table(session.take()).await
    }
}
