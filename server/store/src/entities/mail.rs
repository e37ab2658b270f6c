//! The tables of files by email.

table!(mail_message, "mail_message", {
    #[sea_orm(primary_key)]
    seq: i64,
    source_key: String,
    received_at: i64,
    size: i64,
    intake: String,
    #[sea_orm(column_type = "Text", nullable)]
    why: Option<String>,
    sender: Option<Uuid>,
    sender_name: Option<String>,
    #[sea_orm(column_type = "Text")]
    from_address: String,
    #[sea_orm(column_type = "Text")]
    proof: String,
    #[sea_orm(column_type = "Text", nullable)]
    message_id: Option<String>,
    #[sea_orm(column_type = "Text")]
    reference_ids: String,
    #[sea_orm(column_type = "Text")]
    subject: String,
    #[sea_orm(column_type = "Text")]
    authserv_ids: String,
    no_receipt: bool,
    #[sea_orm(column_type = "Text", nullable)]
    file_name: Option<String>,
    file_sha256: Option<String>,
    submission: Option<String>,
    duplicate_of: Option<i64>,
    run: Option<i64>,
});

table!(mail_source, "mail_source", {
    #[sea_orm(primary_key, auto_increment = false)]
    message: i64,
    bytes: Vec<u8>,
});

table!(mail_organisation, "mail_organisation", {
    #[sea_orm(primary_key, auto_increment = false)]
    message: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    organisation: String,
});

table!(mail_run, "mail_run", {
    #[sea_orm(primary_key)]
    id: i64,
    day: Option<i64>,
    cutoff: i64,
    started_at: i64,
    finished_at: Option<i64>,
    by: Option<Uuid>,
    by_name: String,
    applied: i32,
    superseded: i32,
    held: i32,
});

table!(mail_folder, "mail_folder", {
    #[sea_orm(primary_key, auto_increment = false)]
    folder: String,
    uid_validity: i64,
    last_uid: i64,
    newest_at: Option<i64>,
    stale_until: Option<i64>,
});

table!(mail_reply, "mail_reply", {
    #[sea_orm(primary_key, auto_increment = false)]
    address: String,
    #[sea_orm(primary_key, auto_increment = false)]
    hour: i64,
    sent: i32,
});

table!(mail_note, "mail_note", {
    #[sea_orm(primary_key, auto_increment = false)]
    account: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    day: i64,
});

table!(connector_key, "connector_key", {
    #[sea_orm(primary_key, auto_increment = false)]
    connector: Uuid,
    hash: String,
    made_at: i64,
});
