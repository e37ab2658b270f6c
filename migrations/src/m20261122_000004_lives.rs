//! The life of people: when a status began, leaving dates, reserved addresses, offers of contacts, one-time links, and
//! which passwords were used before.

use std::time::{SystemTime, UNIX_EPOCH};

use sea_orm_migration::{
    prelude::*,
    schema::{boolean, string, string_null, uuid, uuid_null},
};

use crate::types::{long_text, moment, moment_null, ordered};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        people(manager).await?;
        offers(manager).await?;
        signing_in(manager).await
    }
}

/// Each column is added by itself, because SQLite adds one at a time.
async fn add(manager: &SchemaManager<'_>, table: &'static str, column: ColumnDef) -> Result<(), DbErr> {
    let mut alter = Table::alter();
    alter.table(table).add_column(column);
    manager.alter_table(alter.take()).await
}

async fn people(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for table in ["account", "contact"] {
        add(manager, table, moment("since").default(0).take()).await?;
        add(manager, table, moment_null("leaving_at")).await?;
        add(manager, table, boolean("activated").default(false).take()).await?;
        begin_now(manager, table).await?;
        let by_status = Index::create()
            .name(format!("{table}_by_status"))
            .table(table)
            .col("status")
            .col("since")
            .take();
        manager.create_index(by_status).await?;
    }
    let leaving = Index::create()
        .name("account_by_leaving")
        .table("account")
        .col("leaving_at")
        .take();
    manager.create_index(leaving).await?;
    add(manager, "address", moment_null("erased_at")).await?;
    add(manager, "address", string_null("organisation")).await?;
    add(manager, "event", string_null("other_organisation")).await?;
    let other = Index::create()
        .name("event_by_other_organisation")
        .table("event")
        .col("other_organisation")
        .col("seq")
        .take();
    manager.create_index(other).await
}

/// Nobody knows since when people have been what they are; counted from 1970, all their times would be up at once. Who is
/// beyond waiting for their activation has taken their account up.
async fn begin_now(manager: &SchemaManager<'_>, table: &'static str) -> Result<(), DbErr> {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = since_1970.as_millis() as i64;
    let update = Query::update()
        .table(table)
        .value("since", now)
        .value("activated", Expr::col("status").ne("Pending"))
        .take();
    manager.exec_stmt(update).await
}

async fn offers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut offer = Table::create();
    offer
        .table("offer")
        .col(uuid("id").primary_key())
        .col(uuid("contact"))
        .col(ordered(manager, "from_organisation"))
        .col(ordered(manager, "to_organisation"))
        .col(uuid_null("by"))
        .col(string("by_name"))
        .col(moment("offered_at"))
        .col(string_null("end"))
        .col(moment_null("ended_at"))
        .col(string_null("ended_by"));
    manager.create_table(offer.take()).await?;
    for column in ["contact", "from_organisation", "to_organisation"] {
        let index = Index::create()
            .name(format!("offer_by_{column}"))
            .table("offer")
            .col(column)
            .take();
        manager.create_index(index).await?;
    }
    Ok(())
}

async fn signing_in(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    add(manager, "credential", long_text("former").default("[]").take()).await?;
    add(manager, "credential", moment_null("last_used")).await?;
    // Only the SHA-256 of a link's token: a copy of the database opens no account.
    let mut link = Table::create();
    link.table("one_time_link")
        .col(string("token_hash").primary_key())
        .col(uuid("account"))
        .col(moment("expires_at"));
    manager.create_table(link.take()).await?;
    let by_account = Index::create()
        .name("one_time_link_by_account")
        .table("one_time_link")
        .col("account")
        .take();
    manager.create_index(by_account).await
}
