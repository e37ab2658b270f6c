//! Finding people by their telephone numbers, their site, their job title and their unit.
//!
//! Numbers have a table of their own, each with its last digit first: so its end is the beginning of an entry of an index.
//! The rest stands behind the names in what is searched. An old server writes the names only: whoever it changes is found by
//! their names, and by the rest once a new server has changed them.

use std::collections::BTreeSet;

use sea_orm_migration::{
    prelude::*,
    schema::{boolean, uuid},
    sea_orm::DbBackend,
};

use crate::types::{long_text, ordered};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        numbers(manager).await?;
        folded_texts(manager).await?;
        folded_sites(manager).await?;
        let db = manager.get_connection();
        let is_sqlite = manager.get_database_backend() == DbBackend::Sqlite;
        for table in ["account", "contact"] {
            let put_behind = put_behind_names(table);
            let steps = match is_sqlite {
                true => without_trigger(table, &put_behind),
                false => put_behind,
            };
            db.execute_unprepared(&steps).await?;
            let places = Index::create()
                .name(format!("{table}_by_place"))
                .table(table)
                .col("organisation")
                .col("unit")
                .col("site")
                .col("sort_name")
                .col("id")
                .take();
            manager.create_index(places).await?;
        }
        for folded in ["folded_text", "folded_site"] {
            manager.drop_table(Table::drop().table(folded).to_owned()).await?;
        }
        Ok(())
    }
}

async fn numbers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut number = Table::create();
    number
        .table("person_number")
        .col(ordered(manager, "backwards"))
        .col(uuid("person"))
        .col(boolean("shown"))
        .primary_key(Index::create().col("backwards").col("person"));
    manager.create_table(number.take()).await?;
    let is_sqlite = manager.get_database_backend() == DbBackend::Sqlite;
    for table in ["account", "contact"] {
        // Last those that may be hidden: a number that is shown elsewhere is not.
        for column in ["telephone", "pager", "fax", "mobile"] {
            let shown = match column {
                "mobile" => "coalesce(hide_mobile, '') <> 'yes'",
                _ => "TRUE",
            };
            let fill = fill_numbers(table, column, shown, is_sqlite);
            manager.get_connection().execute_unprepared(&fill).await?;
        }
    }
    Ok(())
}

/// Numbers are kept as E.164, and looked up as they are dialled: with a zero for this country, two zeros for another.
fn fill_numbers(table: &str, column: &str, shown: &str, is_sqlite: bool) -> String {
    let backwards = match is_sqlite {
        true => {
            let digits = (1..=20).rev().map(|place| format!("substr(digits, {place}, 1)"));
            digits.collect::<Vec<_>>().join(" || ")
        }
        false => "reverse(digits)".to_owned(),
    };
    format!(
        "INSERT INTO person_number (backwards, person, shown)
        SELECT {backwards}, person, shown
        FROM (
            SELECT
                CASE WHEN {column} LIKE '+44%' THEN '0' || substr({column}, 4) ELSE '00' || substr({column}, 2) END AS digits,
                id AS person,
                {shown} AS shown
            FROM {table}
            WHERE {column} LIKE '+%'
        ) AS dialled
        WHERE TRUE
        ON CONFLICT DO NOTHING"
    )
}

/// Every job title and unit as it is searched: folding is no work of a database.
async fn folded_texts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut folded_text = Table::create();
    folded_text
        .table("folded_text")
        .col(long_text("written").primary_key())
        .col(long_text("folded"));
    manager.create_table(folded_text.take()).await?;
    let mut written = BTreeSet::new();
    for table in ["account", "contact"] {
        for column in ["job_title", "unit"] {
            let there = Query::select()
                .distinct()
                .column(column)
                .from(table)
                .and_where(Expr::col(column).is_not_null())
                .take();
            for row in manager.get_connection().query_all(&there).await? {
                written.insert(row.try_get::<String>("", column)?);
            }
        }
    }
    let rows = written.into_iter().map(|written| {
        let folded = folded(&written);
        vec![written, folded]
    });
    insert(manager, "folded_text", &["written", "folded"], rows).await
}

/// Every site that somebody is at, with its name.
async fn folded_sites(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut folded_site = Table::create();
    folded_site
        .table("folded_site")
        .col(ordered(manager, "organisation"))
        .col(long_text("code"))
        .col(long_text("folded"))
        .primary_key(Index::create().col("organisation").col("code"));
    manager.create_table(folded_site.take()).await?;
    let there = "SELECT DISTINCT people.organisation AS organisation, people.site AS code, site.name AS name
        FROM (SELECT organisation, site FROM account UNION SELECT organisation, site FROM contact) AS people
        LEFT JOIN site ON site.organisation = people.organisation AND site.code = people.site
        WHERE people.site IS NOT NULL";
    let mut rows = Vec::new();
    for row in manager
        .get_connection()
        .query_all_raw(statement(manager, there))
        .await?
    {
        let (organisation, code): (String, String) = (row.try_get("", "organisation")?, row.try_get("", "code")?);
        let name: Option<String> = row.try_get("", "name")?;
        let folded = joined([folded(&code), folded(&name.unwrap_or_default())]);
        rows.push(vec![organisation, code, folded]);
    }
    insert(manager, "folded_site", &["organisation", "code", "folded"], rows).await
}

fn statement(manager: &SchemaManager<'_>, sql: &str) -> sea_orm_migration::sea_orm::Statement {
    sea_orm_migration::sea_orm::Statement::from_string(manager.get_database_backend(), sql)
}

/// Inserts rows of texts, whose last is folded: what is folded to nothing is left out.
async fn insert(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> Result<(), DbErr> {
    let rows = rows
        .into_iter()
        .filter(|row| row.last().is_some_and(|folded| !folded.is_empty()));
    let rows: Vec<_> = rows.collect();
    for chunk in rows.chunks(500) {
        let mut insert = Query::insert();
        insert.into_table(table).columns(columns.iter().copied());
        for row in chunk {
            let values = row.iter().map(|text| Expr::value(text.as_str()));
            insert
                .values(values)
                .map_err(|error| DbErr::Custom(error.to_string()))?;
        }
        manager.execute(insert).await?;
    }
    Ok(())
}

/// Puts site, job title and unit behind the names, in this order.
fn put_behind_names(table: &str) -> String {
    format!(
        "UPDATE {table} SET search = search || ' | ' || ltrim(
            coalesce((SELECT ' ' || folded FROM folded_site
                WHERE folded_site.organisation = {table}.organisation AND folded_site.code = {table}.site), '')
            || coalesce((SELECT ' ' || folded FROM folded_text WHERE folded_text.written = {table}.job_title), '')
            || coalesce((SELECT ' ' || folded FROM folded_text WHERE folded_text.written = {table}.unit), '')
        )
        WHERE (site IS NOT NULL OR job_title IS NOT NULL OR unit IS NOT NULL) AND search NOT LIKE '%|%';"
    )
}

/// To make SQLite's index of trigrams anew takes less than to follow every row.
fn without_trigger(table: &str, steps: &str) -> String {
    format!(
        "DROP TRIGGER {table}_words_changed;
        {steps}
        INSERT INTO {table}_words ({table}_words) VALUES ('rebuild');
        CREATE TRIGGER {table}_words_changed AFTER UPDATE OF search ON {table} WHEN old.search <> new.search BEGIN
            INSERT INTO {table}_words ({table}_words, rowid, search) VALUES ('delete', old.number, old.search);
            INSERT INTO {table}_words (rowid, search) VALUES (new.number, new.search);
        END;"
    )
}

fn joined(texts: [String; 2]) -> String {
    let texts: Vec<_> = texts.into_iter().filter(|text| !text.is_empty()).collect();
    texts.join(" ")
}

/// A text as it is searched: in words of small plain letters, digits, `@` and `_`, without dots and apostrophes.
fn folded(text: &str) -> String {
    let plain = any_ascii::any_ascii(text)
        .to_ascii_lowercase()
        .replace(['\'', '`', '.'], "");
    let words = plain.split(|c: char| !c.is_ascii_alphanumeric() && c != '@' && c != '_');
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
