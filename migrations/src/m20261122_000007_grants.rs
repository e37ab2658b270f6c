//! Roles with dates, channels and a reason, and who granted them; API tokens of connectors.

use sea_orm_migration::{
    prelude::*,
    schema::{string, string_null, uuid, uuid_null},
    sea_orm::{ConnectionTrait, JsonValue, prelude::Uuid},
};

use crate::types::{long_text_null, moment, moment_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Each column is added by itself, because SQLite adds one at a time.
        for column in [
            moment_null("begins_at"),
            moment_null("ends_at"),
            string_null("channels").take(),
            long_text_null("reason"),
            moment_null("granted_at"),
            uuid_null("granted_by").take(),
            string_null("granted_by_name").take(),
        ] {
            let mut alter = Table::alter();
            alter.table("role_grant").add_column(column);
            manager.alter_table(alter.take()).await?;
        }
        for column in ["organisation", "ends_at"] {
            let index = Index::create()
                .name(format!("grant_by_{column}"))
                .table("role_grant")
                .col(column)
                .take();
            manager.create_index(index).await?;
        }
        say_who_granted(manager).await?;
        tokens(manager).await
    }
}

/// Who granted what is here already stands in the events.
async fn say_who_granted(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let granted = Query::select()
        .columns(["at", "actor", "actor_name", "fact"])
        .from("event")
        .and_where(Expr::col("fact").like("%\"role-granted\"%"))
        .take();
    let db = manager.get_connection();
    for event in db.query_all(&granted).await? {
        let fact: String = event.try_get("", "fact")?;
        let fact = fact
            .parse::<JsonValue>()
            .map_err(|_| DbErr::Custom("an event cannot be read: what was granted would have no giver".to_owned()))?;
        let grant = fact["grant"].as_str().and_then(|grant| grant.parse::<Uuid>().ok());
        let Some(grant) = grant else { continue };
        let update = Query::update()
            .table("role_grant")
            .value("granted_at", event.try_get::<i64>("", "at")?)
            .value("granted_by", event.try_get::<Option<Uuid>>("", "actor")?)
            .value("granted_by_name", event.try_get::<String>("", "actor_name")?)
            .and_where(Expr::col("id").eq(grant))
            .take();
        manager.exec_stmt(update).await?;
    }
    Ok(())
}

/// Only the SHA-256 of a token is kept: a copy of the database sends nothing.
async fn tokens(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut token = Table::create();
    token
        .table("api_token")
        .col(string("id").primary_key())
        .col(uuid("account"))
        .col(string("name"))
        .col(string("token_hash"))
        .col(moment("made_at"))
        .col(moment("expires_at"))
        .col(moment_null("last_used"))
        .col(moment_null("ended_at"))
        .col(string_null("ended_by"));
    manager.create_table(token.take()).await?;
    let by_account = Index::create()
        .name("api_token_by_account")
        .table("api_token")
        .col("account")
        .take();
    manager.create_index(by_account).await?;
    let by_hash = Index::create()
        .name("api_token_by_hash")
        .table("api_token")
        .col("token_hash")
        .unique()
        .take();
    manager.create_index(by_hash).await
}
