//! Connectors: how each is answered, which accounts it knows by which key, what it proposes, and how it gets on.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, boolean, integer, string, string_null, uuid, uuid_null},
};

use crate::types::{long_text, moment, moment_null, ordered, ordered_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut connector = Table::create();
        connector
            .table("connector")
            .col(uuid("account").primary_key())
            .col(string("dialect"))
            .col(string("deletes"))
            .col(boolean("shadow"))
            .col(moment("changed_at"));
        manager.create_table(connector.take()).await?;
        links(manager).await?;
        proposals(manager).await?;
        counts(manager).await
    }
}

async fn links(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut link = Table::create();
    link.table("connector_link")
        .col(uuid("connector"))
        .col(uuid("account"))
        .col(ordered_null(manager, "external_id"))
        .col(long_text("as_sent"))
        .col(big_integer("version"))
        .col(boolean("created_by_it"))
        .col(boolean("hidden"))
        .col(boolean("disabled_by_it"))
        .col(moment("asserted_at"))
        .col(long_text("asserted"))
        .primary_key(Index::create().col("connector").col("account"));
    manager.create_table(link.take()).await?;
    // Whichever of two requests comes first, a connector's key is one account's.
    let by_key = Index::create()
        .name("connector_link_by_key")
        .table("connector_link")
        .col("connector")
        .col("external_id")
        .unique()
        .take();
    manager.create_index(by_key).await?;
    let by_account = Index::create()
        .name("connector_link_by_account")
        .table("connector_link")
        .col("account")
        .take();
    manager.create_index(by_account).await?;
    let by_age = Index::create()
        .name("connector_link_by_age")
        .table("connector_link")
        .col("connector")
        .col("asserted_at")
        .col("account")
        .take();
    manager.create_index(by_age).await
}

async fn proposals(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut proposal = Table::create();
    proposal
        .table("proposal")
        .col(uuid("id").primary_key())
        .col(uuid("connector"))
        .col(uuid_null("account"))
        .col(uuid_null("contact"))
        .col(ordered(manager, "organisation"))
        .col(ordered_null(manager, "unit"))
        .col(string("kind"))
        .col(long_text("asked"))
        .col(moment("said_first"))
        .col(moment("said_last"))
        .col(integer("times"))
        .col(string("state"))
        .col(moment_null("decided_at"))
        .col(uuid_null("decided_by"))
        .col(string_null("decided_by_name"));
    manager.create_table(proposal.take()).await?;
    // Of each subject, a connector has one open proposal of a kind; nothing is equal to a column that holds nothing.
    for subject in ["account", "contact"] {
        let open = format!(
            "CREATE UNIQUE INDEX proposal_open_of_{subject} ON proposal (connector, {subject}, kind) \
             WHERE state = 'open' AND {subject} IS NOT NULL"
        );
        manager.get_connection().execute_unprepared(&open).await?;
        let of = format!("CREATE INDEX proposal_of_{subject} ON proposal ({subject}) WHERE {subject} IS NOT NULL");
        manager.get_connection().execute_unprepared(&of).await?;
    }
    // What waits is looked for by every home page.
    let waiting = "CREATE INDEX proposal_waiting ON proposal (said_first, id) WHERE state = 'open'";
    manager.get_connection().execute_unprepared(waiting).await?;
    Ok(())
}

async fn counts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // By the number of the day since 1970.
    let mut day = Table::create();
    day.table("connector_day")
        .col(uuid("connector"))
        .col(big_integer("day"))
        .col(big_integer("requests"))
        .col(big_integer("changes"))
        .col(big_integer("refused"))
        .col(big_integer("throttled"))
        .col(moment("last_at"))
        .primary_key(Index::create().col("connector").col("day"));
    manager.create_table(day.take()).await?;
    let mut refusal = Table::create();
    refusal
        .table("connector_refusal")
        .col(uuid("connector"))
        .col(ordered(manager, "sentence"))
        .col(integer("status"))
        .col(long_text("hint"))
        .col(big_integer("times"))
        .col(moment("first_at"))
        .col(moment("last_at"))
        .col(long_text("example"))
        .primary_key(Index::create().col("connector").col("sentence"));
    manager.create_table(refusal.take()).await
}
