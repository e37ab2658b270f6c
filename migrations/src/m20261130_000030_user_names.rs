//! Names to sign in with, when people were made and last changed, and Connectors that may disable accounts.
//!
//! A name to sign in with stands among the addresses, so that one key keeps names, addresses and aliases apart.

use sea_orm_migration::{prelude::*, schema::boolean, sea_orm::DbBackend};

use crate::types::{long_text_null, moment};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add(manager, "role_grant", boolean("may_disable").default(false).take()).await?;
        add(manager, "address", boolean("user_name").default(false).take()).await?;
        // Accounts and contacts share their columns.
        for table in ["account", "contact"] {
            add(manager, table, long_text_null("user_name")).await?;
            for column in ["created_at", "changed_at"] {
                let mut column = moment(column);
                add(manager, table, column.default(0).take()).await?;
            }
            say_when(manager, table).await?;
            // Behind the filling, which would keep it up to date row by row.
            let by_change = Index::create()
                .name(format!("{table}_by_change"))
                .table(table)
                .col("changed_at")
                .col("id")
                .take();
            manager.create_index(by_change).await?;
        }
        Ok(())
    }
}

/// When somebody was made and last changed stands in the events: read once, in the order in which they lie on the disk.
async fn say_when(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    let (from, is_theirs) = match manager.get_database_backend() {
        DbBackend::Sqlite => ("event NOT INDEXED", "id = unhex(replace(told.subject, '-', ''))"),
        _ => ("event", "id::text = told.subject"),
    };
    let db = manager.get_connection();
    let filled = format!(
        "UPDATE {table} SET created_at = told.made_at, changed_at = told.moved_at
        FROM (SELECT subject, min(\"at\") AS made_at, max(\"at\") AS moved_at FROM {from} GROUP BY subject) AS told
        WHERE {table}.{is_theirs}"
    );
    db.execute_unprepared(&filled).await?;
    // Of whom no event tells, only the beginning of their status is known.
    let rest = format!("UPDATE {table} SET created_at = since, changed_at = since WHERE created_at = 0");
    db.execute_unprepared(&rest).await?;
    Ok(())
}

/// Each column is added by itself, because SQLite adds one at a time.
async fn add(manager: &SchemaManager<'_>, table: &'static str, column: ColumnDef) -> Result<(), DbErr> {
    let mut alter = Table::alter();
    alter.table(table).add_column(column);
    manager.alter_table(alter.take()).await
}
