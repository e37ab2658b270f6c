//! Finding people by fragments of words among millions; and going through lists in the order in which they are due.
//!
//! SQLite has an index of trigrams beside each table, kept by triggers, so that nobody can forget it. It knows people by a
//! number of their own: SQLite's own row numbers change when the file is vacuumed. What a search looks at is in the indexes
//! themselves, for a row of the table lies on a page of its own. PostgreSQL's `pg_trgm` has an index of the kind that serves
//! `LIKE`.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let is_sqlite = manager.get_database_backend() == DbBackend::Sqlite;
        let db = manager.get_connection();
        if !is_sqlite {
            db.execute_unprepared("CREATE EXTENSION IF NOT EXISTS pg_trgm").await?;
        }
        for table in ["account", "contact"] {
            let steps = if is_sqlite {
                trigrams(table)
            } else {
                trigram_index(table)
            };
            db.execute_unprepared(&steps).await?;
            due_by(manager, table, "status", &["status", "since", "id"]).await?;
            due_by(manager, table, "due", &["organisation", "status", "since", "id"]).await?;
        }
        due_by(manager, "account", "leaving", &["leaving_at", "id"]).await?;
        let erased = Index::create()
            .name("address_by_erased")
            .table("address")
            .col("erased_at")
            .col("account")
            .take();
        manager.create_index(erased).await
    }
}

/// An index in the order in which a list is gone through, in the place of one that stops short of it.
async fn due_by(
    manager: &SchemaManager<'_>,
    table: &'static str,
    what: &str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    let name = format!("{table}_by_{what}");
    manager
        .drop_index(Index::drop().name(&name).table(table).if_exists().to_owned())
        .await?;
    let mut index = Index::create();
    index.name(&name).table(table);
    for column in columns {
        index.col(*column);
    }
    manager.create_index(index.take()).await
}

fn trigram_index(table: &str) -> String {
    format!("CREATE INDEX {table}_by_words ON {table} USING gin (search gin_trgm_ops)")
}

fn trigrams(table: &str) -> String {
    format!(
        "ALTER TABLE {table} ADD COLUMN number integer;
        UPDATE {table} SET number = rowid;
        CREATE INDEX {table}_by_number ON {table} (number, sort_name, id, status);
        DROP INDEX {table}_by_name;
        CREATE INDEX {table}_by_name ON {table} (sort_name, id, status, search);
        DROP INDEX {table}_by_organisation;
        CREATE INDEX {table}_by_organisation ON {table} (organisation, sort_name, id, status, search);
        CREATE VIRTUAL TABLE {table}_words
            USING fts5 (search, content = '{table}', content_rowid = 'number', tokenize = 'trigram');
        INSERT INTO {table}_words ({table}_words) VALUES ('rebuild');
        CREATE TRIGGER {table}_words_new AFTER INSERT ON {table} BEGIN
            UPDATE {table} SET number = (SELECT coalesce(max(number), 0) + 1 FROM {table}) WHERE id = new.id;
            INSERT INTO {table}_words (rowid, search) SELECT number, search FROM {table} WHERE id = new.id;
        END;
        CREATE TRIGGER {table}_words_changed AFTER UPDATE OF search ON {table} WHEN old.search <> new.search BEGIN
            INSERT INTO {table}_words ({table}_words, rowid, search) VALUES ('delete', old.number, old.search);
            INSERT INTO {table}_words (rowid, search) VALUES (new.number, new.search);
        END;
        CREATE TRIGGER {table}_words_gone AFTER DELETE ON {table} BEGIN
            INSERT INTO {table}_words ({table}_words, rowid, search) VALUES ('delete', old.number, old.search);
        END;"
    )
}
