//! The audit trail: one chain of entries, its head, and how far it was forwarded.
//!
//! The events that are here already are put into the chain by the store, which knows how an entry is hashed
//! (`trail::adopt`).

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, integer, string, string_null, uuid_null},
};

use crate::types::{long_text, long_text_null, moment, ordered_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut trail = Table::create();
        trail
            .table("trail")
            .col(big_integer("number").primary_key())
            .col(moment("at"))
            .col(string("action"))
            .col(uuid_null("actor"))
            .col(string_null("actor_name"))
            .col(ordered_null(manager, "organisation"))
            .col(ordered_null(manager, "other_organisation"))
            .col(uuid_null("person"))
            .col(long_text("rights"))
            .col(long_text_null("said"))
            .col(string_null("salt"))
            .col(string("digest"))
            .col(string("hash"));
        manager.create_table(trail.take()).await?;
        for column in ["organisation", "person", "actor", "at"] {
            let index = Index::create()
                .name(format!("trail_by_{column}"))
                .table("trail")
                .col(column)
                .col("number")
                .take();
            manager.create_index(index).await?;
        }

        let mut head = Table::create();
        head.table("trail_head")
            .col(integer("id").primary_key())
            .col(big_integer("number"))
            .col(string("hash"))
            .col(big_integer("dropped_number"))
            .col(string("dropped_hash"));
        manager.create_table(head.take()).await?;
        let none = "0".repeat(64);
        let first = Query::insert()
            .into_table("trail_head")
            .columns(["id", "number", "hash", "dropped_number", "dropped_hash"])
            .values_panic([1.into(), 0.into(), none.clone().into(), 0.into(), none.into()])
            .take();
        manager.execute(first).await?;

        let mut cursor = Table::create();
        cursor
            .table("trail_cursor")
            .col(string("name").primary_key())
            .col(big_integer("number"))
            .col(string_null("claimed_by"))
            .col(moment("claimed_until"));
        manager.create_table(cursor.take()).await
    }
}
