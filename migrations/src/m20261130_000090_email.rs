//! Files by email: what came in and what became of it, the daily runs, and how far mailboxes were read; and proposals to
//! create accounts, of which there may be several.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, boolean, integer, pk_auto, string, string_null, uuid, uuid_null},
};

use crate::types::{long_text, long_text_null, moment, moment_null, ordered};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        messages(manager).await?;
        sources(manager).await?;
        runs(manager).await?;
        replies(manager).await?;
        proposals(manager).await
    }
}

async fn messages(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut message = Table::create();
    message
        .table("mail_message")
        .col(pk_auto("seq").big_integer())
        // Whichever of two deliveries is read first, the mail is taken once.
        .col(ordered(manager, "source_key").unique_key())
        .col(moment("received_at"))
        .col(big_integer("size"))
        .col(string("intake"))
        .col(long_text_null("why"))
        .col(uuid_null("sender"))
        .col(string_null("sender_name"))
        .col(long_text("from_address"))
        .col(long_text("proof"))
        .col(long_text_null("message_id"))
        .col(long_text("reference_ids"))
        .col(long_text("subject"))
        .col(long_text("authserv_ids"))
        .col(boolean("no_receipt"))
        .col(long_text_null("file_name"))
        .col(string_null("file_sha256"))
        .col(string_null("submission"))
        .col(big_integer_null("duplicate_of"))
        .col(big_integer_null("run"));
    manager.create_table(message.take()).await?;
    for (name, columns) in [
        ("submission", vec!["submission"]),
        ("sender", vec!["sender", "seq"]),
        ("intake", vec!["intake", "seq"]),
        ("run", vec!["run"]),
        ("arrival", vec!["received_at"]),
    ] {
        let mut index = Index::create();
        index.name(format!("mail_message_by_{name}")).table("mail_message");
        for column in columns {
            index.col(column);
        }
        manager.create_index(index.take()).await?;
    }
    Ok(())
}

async fn sources(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut source = Table::create();
    source
        .table("mail_source")
        .col(big_integer("message").primary_key())
        .col(ColumnDef::new("bytes").blob().not_null());
    manager.create_table(source.take()).await?;
    let mut organisation = Table::create();
    organisation
        .table("mail_organisation")
        .col(big_integer("message"))
        .col(ordered(manager, "organisation"))
        .primary_key(Index::create().col("message").col("organisation"));
    manager.create_table(organisation.take()).await?;
    // How far a mailbox was read: beyond this number, as long as the server says that its numbers are still the same.
    let mut folder = Table::create();
    folder
        .table("mail_folder")
        .col(ordered(manager, "folder").primary_key())
        .col(big_integer("uid_validity"))
        .col(big_integer("last_uid"));
    manager.create_table(folder.take()).await
}

async fn runs(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut run = Table::create();
    run.table("mail_run")
        .col(pk_auto("id").big_integer())
        // The day's own run, by the number of the day since 1970; one that somebody began has none.
        .col(big_integer_null("day").unique_key())
        .col(big_integer("cutoff"))
        .col(moment("started_at"))
        .col(moment_null("finished_at"))
        .col(uuid_null("by"))
        .col(string("by_name"))
        .col(integer("applied"))
        .col(integer("superseded"))
        .col(integer("held"));
    manager.create_table(run.take()).await?;
    // One at a time.
    let one = "CREATE UNIQUE INDEX mail_run_under_way ON mail_run ((finished_at IS NULL)) WHERE finished_at IS NULL";
    manager.get_connection().execute_unprepared(one).await?;
    Ok(())
}

async fn replies(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // By the number of the hour since 1970.
    let mut reply = Table::create();
    reply
        .table("mail_reply")
        .col(ordered(manager, "address"))
        .col(big_integer("hour"))
        .col(integer("sent"))
        .primary_key(Index::create().col("address").col("hour"));
    manager.create_table(reply.take()).await?;
    let mut note = Table::create();
    note.table("mail_note")
        .col(uuid("account"))
        .col(big_integer("day"))
        .primary_key(Index::create().col("account").col("day"));
    manager.create_table(note.take()).await?;
    let mut key = Table::create();
    key.table("connector_key")
        .col(uuid("connector").primary_key())
        .col(string("hash"))
        .col(moment("made_at"));
    manager.create_table(key.take()).await
}

async fn proposals(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut alter = Table::alter();
    let mut key = ordered(manager, "key");
    alter.table("proposal").add_column(key.default("").take());
    manager.alter_table(alter.take()).await?;
    // Whose account is to be created is nobody yet: they are known by a key, and there is one open proposal for each.
    let open = "CREATE UNIQUE INDEX proposal_open_of_nobody ON proposal (connector, organisation, kind, \"key\") \
                WHERE state = 'open' AND account IS NULL AND contact IS NULL";
    manager.get_connection().execute_unprepared(open).await?;
    Ok(())
}
