//! The directory: organisations, people, the addresses they ever held, roles, and the events all of it follows from.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, boolean, pk_auto, string, string_null, uuid, uuid_null},
};

use crate::types::{long_text, moment, ordered, person_columns};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        organisations(manager).await?;
        people(manager).await?;
        addresses(manager).await?;
        grants(manager).await?;
        events(manager).await
    }
}

async fn organisations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut organisation = Table::create();
    organisation
        .table("organisation")
        .col(ordered(manager, "code").primary_key())
        .col(string("name"))
        .col(string("short_name"))
        .col(string("status"))
        .col(ordered(manager, "path").unique_key());
    manager.create_table(organisation.take()).await?;

    let mut site = Table::create();
    site.table("site")
        .col(ordered(manager, "organisation"))
        .col(string("code"))
        .col(string("name"))
        .primary_key(Index::create().col("organisation").col("code"))
        .foreign_key(
            ForeignKey::create()
                .from("site", "organisation")
                .to("organisation", "code"),
        );
    manager.create_table(site.take()).await?;

    let mut unit = Table::create();
    unit.table("unit")
        .col(ordered(manager, "organisation"))
        .col(ordered(manager, "path"))
        .primary_key(Index::create().col("organisation").col("path"))
        .foreign_key(
            ForeignKey::create()
                .from("unit", "organisation")
                .to("organisation", "code"),
        );
    manager.create_table(unit.take()).await
}

async fn people(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for kind in ["account", "contact"] {
        let mut table = Table::create();
        table
            .table(kind)
            .col(uuid("id").primary_key())
            .col(ordered(manager, "organisation"))
            .col(ordered(manager, "root"))
            .col(string("status"))
            .col(big_integer("version"))
            .col(ordered(manager, "sort_name"))
            .col(long_text("search"))
            .col(string("look_alike"))
            .foreign_key(
                ForeignKey::create()
                    .from(kind, "organisation")
                    .to("organisation", "code"),
            );
        person_columns(&mut table);
        manager.create_table(table.take()).await?;
        for (name, columns) in [
            ("by_name", ["sort_name", "id"].as_slice()),
            ("by_organisation", ["organisation", "sort_name", "id"].as_slice()),
            ("by_look", ["organisation", "look_alike"].as_slice()),
        ] {
            let mut index = Index::create();
            index.name(format!("{kind}_{name}")).table(kind);
            for column in columns {
                index.col(*column);
            }
            manager.create_index(index.take()).await?;
        }
    }
    // A local ID is one person's within the tree, whichever of two uploads comes first.
    let local_id = Index::create()
        .name("account_local_id")
        .table("account")
        .col("root")
        .col("local_id")
        .unique()
        .take();
    manager.create_index(local_id).await
}

/// Every address ever held stands here once: its primary key decides who gets it.
async fn addresses(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut address = Table::create();
    address
        .table("address")
        .col(ordered(manager, "address").primary_key())
        .col(ordered(manager, "stem"))
        .col(uuid("account"))
        .col(boolean("current"));
    manager.create_table(address.take()).await?;
    manager
        .create_index(
            Index::create()
                .name("address_by_stem")
                .table("address")
                .col("stem")
                .take(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("address_by_account")
                .table("address")
                .col("account")
                .take(),
        )
        .await
}

async fn grants(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut grant = Table::create();
    grant
        .table("role_grant")
        .col(uuid("id").primary_key())
        .col(uuid("account"))
        .col(string("role"))
        .col(ordered(manager, "organisation"))
        .col(string_null("unit"))
        .foreign_key(ForeignKey::create().from("role_grant", "account").to("account", "id"))
        .foreign_key(
            ForeignKey::create()
                .from("role_grant", "organisation")
                .to("organisation", "code"),
        );
    manager.create_table(grant.take()).await?;
    manager
        .create_index(
            Index::create()
                .name("grant_by_account")
                .table("role_grant")
                .col("account")
                .take(),
        )
        .await
}

async fn events(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut event = Table::create();
    event
        .table("event")
        .col(pk_auto("seq").big_integer())
        .col(moment("at"))
        .col(string("submission"))
        .col(big_integer("row"))
        .col(uuid_null("actor"))
        .col(string("actor_name"))
        .col(string("channel"))
        .col(ordered(manager, "organisation"))
        .col(string("subject"))
        .col(long_text("fact"));
    manager.create_table(event.take()).await?;
    for column in ["subject", "organisation", "submission"] {
        let index = Index::create()
            .name(format!("event_by_{column}"))
            .table("event")
            .col(column)
            .col("seq")
            .take();
        manager.create_index(index).await?;
    }
    Ok(())
}
