//! Change files: customers, what they subscribe to, the seats of their people; the files that came in, how far each source is,
//! renames that wait for a link, and who has lost access by which connector. People get what change files say of them.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, boolean, integer, string, string_null, uuid, uuid_null},
};

use crate::types::{long_text, long_text_null, moment, moment_null, ordered, ordered_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        people(manager).await?;
        customers(manager).await?;
        subscriptions(manager).await?;
        seats(manager).await?;
        files(manager).await?;
        renames(manager).await
    }
}

async fn people(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // Accounts and contacts share their columns.
    for table in ["account", "contact"] {
        for column in [
            "language",
            "time_zone",
            "country",
            "postal_address",
            "alternate_email",
            "federation_type",
            "notes_template",
            "held_reason",
            "held_by",
            "disabled_by",
        ] {
            add(manager, table, long_text_null(column)).await?;
        }
        add(manager, table, ordered_null(manager, "notes_name")).await?;
        add(manager, table, moment_null("held_since")).await?;
    }
    // By no locale: small letters are those of ASCII on either database.
    let by_name = "CREATE INDEX account_by_notes_name ON account (lower(notes_name)) WHERE notes_name IS NOT NULL";
    manager.get_connection().execute_unprepared(by_name).await?;
    Ok(())
}

async fn customers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut customer = Table::create();
    customer
        .table("customer")
        .col(big_integer("number").primary_key())
        .col(ordered(manager, "organisation").unique_key())
        .col(uuid_null("connector"))
        // Beside the rest in the details, because somebody may have to be forgotten.
        .col(ordered_null(manager, "contact"))
        .col(long_text("details"));
    manager.create_table(customer.take()).await?;
    let mut domain = Table::create();
    domain
        .table("customer_domain")
        // A domain is one customer's.
        .col(ordered(manager, "domain").primary_key())
        .col(big_integer("customer"));
    manager.create_table(domain.take()).await?;
    index(manager, "customer_domain", "customer", &["customer"]).await
}

async fn subscriptions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut subscription = Table::create();
    subscription
        .table("subscription")
        .col(big_integer("number").primary_key())
        .col(big_integer("customer"))
        .col(string("offering"))
        .col(string("state"))
        .col(integer("seats"))
        .col(integer("seats_taken"))
        .col(integer("gigabytes"))
        .col(long_text("details"))
        // Whoever comes second to the last seat does not get it.
        .check(Expr::cust("seats_taken BETWEEN 0 AND seats"));
    manager.create_table(subscription.take()).await?;
    index(manager, "subscription", "customer", &["customer"]).await
}

async fn seats(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut seat = Table::create();
    seat.table("seat")
        .col(uuid("id").primary_key())
        .col(uuid("account"))
        .col(big_integer("subscription"))
        .col(string("offering"))
        .col(boolean("covers_collab"))
        .col(boolean("covers_mail"))
        .col(boolean("active"))
        .col(integer("collab_extra_gb"))
        .col(integer("mail_extra_gb"))
        .col(moment("assigned_at"));
    manager.create_table(seat.take()).await?;
    index(manager, "seat", "account", &["account"]).await?;
    index(manager, "seat", "subscription", &["subscription", "account"]).await?;
    // Nobody has two seats of one side (S2), nor two of one accessory.
    for only in [
        "CREATE UNIQUE INDEX seat_of_collab ON seat (account) WHERE covers_collab",
        "CREATE UNIQUE INDEX seat_of_mail ON seat (account) WHERE covers_mail",
        "CREATE UNIQUE INDEX seat_of_accessory ON seat (account, offering) WHERE NOT covers_collab AND NOT covers_mail",
        // Few seats have extra storage, and only those are added up.
        "CREATE INDEX seat_with_storage ON seat (subscription) WHERE collab_extra_gb + mail_extra_gb > 0",
    ] {
        manager.get_connection().execute_unprepared(only).await?;
    }
    Ok(())
}

async fn files(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut source = Table::create();
    source
        .table("change_source")
        .col(big_integer("customer"))
        .col(ordered(manager, "source"))
        .col(big_integer("last_number"))
        .col(string("last_sha256"))
        .col(moment("last_at"))
        .primary_key(Index::create().col("customer").col("source"));
    manager.create_table(source.take()).await?;
    let mut file = Table::create();
    file.table("change_file")
        .col(ordered(manager, "id").primary_key())
        .col(big_integer("customer"))
        .col(ordered(manager, "source"))
        // A file that was refused for its name has none.
        .col(big_integer_null("number"))
        .col(long_text("file_name"))
        .col(string("sha256"))
        .col(big_integer("size"))
        .col(moment("received_at"))
        .col(boolean("rehearsal"))
        .col(string("state"))
        .col(long_text_null("why"))
        .col(string_null("submission"))
        .col(long_text_null("report_name"))
        .col(moment_null("reported_at"))
        // None while it is in the way of those behind it.
        .col(moment_null("ended_at"));
    manager.create_table(file.take()).await?;
    index(manager, "change_file", "customer", &["customer", "received_at", "id"]).await?;
    index(manager, "change_file", "number", &["customer", "source", "number"]).await?;
    for some in [
        "CREATE INDEX change_file_by_submission ON change_file (submission) WHERE submission IS NOT NULL",
        "CREATE INDEX change_file_unreported ON change_file (customer, received_at) WHERE reported_at IS NULL",
        // Few files are in hand at a time, and each that comes asks for them; files are kept for a year.
        "CREATE INDEX change_file_in_hand ON change_file (customer, received_at, id) WHERE ended_at IS NULL",
    ] {
        manager.get_connection().execute_unprepared(some).await?;
    }
    Ok(())
}

async fn renames(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut rename = Table::create();
    rename
        .table("pending_rename")
        .col(uuid("account").primary_key())
        .col(long_text("address"))
        // What stood when it was asked for: where that has changed, the link is over.
        .col(long_text("before_address"))
        .col(big_integer("customer"))
        .col(moment("asked_at"))
        .col(string("token_hash").unique_key())
        .col(moment("expires_at"));
    manager.create_table(rename.take()).await?;
    let mut loss = Table::create();
    loss.table("access_loss")
        .col(uuid("connector"))
        .col(uuid("account"))
        .col(ordered(manager, "organisation"))
        .col(moment("at"))
        .primary_key(Index::create().col("connector").col("account"));
    manager.create_table(loss.take()).await?;
    index(manager, "access_loss", "moment", &["connector", "at"]).await
}

/// Each column is added by itself, because SQLite adds one at a time.
async fn add(manager: &SchemaManager<'_>, table: &'static str, column: ColumnDef) -> Result<(), DbErr> {
    let mut alter = Table::alter();
    alter.table(table).add_column(column);
    manager.alter_table(alter.take()).await
}

async fn index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    by: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    let mut index = Index::create();
    index.name(format!("{table}_by_{by}")).table(table);
    for column in columns {
        index.col(*column);
    }
    manager.create_index(index.take()).await
}
