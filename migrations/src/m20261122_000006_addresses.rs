//! Finding people by addresses: accounts by those that they had before, contacts by the one that they share.

use std::collections::BTreeMap;

use sea_orm_migration::{prelude::*, sea_orm::prelude::Uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let by_address = Index::create()
            .name("contact_by_address")
            .table("contact")
            .col("email_address")
            .if_not_exists()
            .take();
        manager.create_index(by_address).await?;
        add_earlier_addresses(manager).await
    }
}

/// What accounts are searched by ends in their earlier addresses from now on, in order. Run again, it adds nothing.
async fn add_earlier_addresses(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let db = manager.get_connection();
    let former = Query::select()
        .column(("account", "id"))
        .column(("account", "search"))
        .column(("address", "address"))
        .from("address")
        .inner_join("account", Expr::col(("address", "account")).equals(("account", "id")))
        .and_where(Expr::col(("address", "current")).eq(false))
        .order_by(("address", "address"), Order::Asc)
        .take();
    let mut searched: BTreeMap<Uuid, String> = BTreeMap::new();
    for row in db.query_all(&former).await? {
        let search = searched
            .entry(row.try_get("", "id")?)
            .or_insert(row.try_get("", "search")?);
        let address = format!(" {}", folded(&row.try_get::<String>("", "address")?));
        if !search.contains(&address) {
            *search += &address;
        }
    }
    for (id, search) in searched {
        let update = Query::update()
            .table("account")
            .value("search", search)
            .and_where(Expr::col("id").eq(id))
            .take();
        manager.execute(update).await?;
    }
    Ok(())
}

/// An address as names are folded for searching: without dots and apostrophes, in words of letters, digits, `@` and `_`.
fn folded(address: &str) -> String {
    let plain = address.replace(['\'', '`', '.'], "");
    let words = plain.split(|c: char| !c.is_ascii_alphanumeric() && c != '@' && c != '_');
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
