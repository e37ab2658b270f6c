//! The tables of connectors: their settings, whom they know, what they propose, and how they get on.

table!(connector, "connector", {
    #[sea_orm(primary_key, auto_increment = false)]
    account: Uuid,
    dialect: String,
    deletes: String,
    shadow: bool,
    changed_at: i64,
});

table!(connector_link, "connector_link", {
    #[sea_orm(primary_key, auto_increment = false)]
    connector: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    account: Uuid,
    external_id: Option<String>,
    #[sea_orm(column_type = "Text")]
    as_sent: String,
    version: i64,
    created_by_it: bool,
    hidden: bool,
    disabled_by_it: bool,
    asserted_at: i64,
    #[sea_orm(column_type = "Text")]
    asserted: String,
    disabled_at: Option<i64>,
});

table!(shadow_account, "shadow_account", {
    #[sea_orm(primary_key, auto_increment = false)]
    connector: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    account: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    collides: bool,
    kind: String,
    organisation: String,
    unit: Option<String>,
    external_id: Option<String>,
    user_name: String,
    local_id: Option<String>,
    #[sea_orm(column_type = "Text")]
    name: String,
    #[sea_orm(column_type = "Text")]
    wish: String,
    #[sea_orm(column_type = "Text")]
    said: String,
    version: i64,
    first_at: i64,
    last_at: i64,
});

table!(proposal, "proposal", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    connector: Uuid,
    account: Option<Uuid>,
    contact: Option<Uuid>,
    organisation: String,
    unit: Option<String>,
    kind: String,
    #[sea_orm(column_type = "Text")]
    asked: String,
    said_first: i64,
    said_last: i64,
    times: i32,
    state: String,
    decided_at: Option<i64>,
    decided_by: Option<Uuid>,
    decided_by_name: Option<String>,
    key: String,
    submission: Option<String>,
    submission_row: Option<i32>,
    reason: Option<String>,
});

table!(connector_day, "connector_day", {
    #[sea_orm(primary_key, auto_increment = false)]
    connector: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    day: i64,
    requests: i64,
    changes: i64,
    refused: i64,
    throttled: i64,
    last_at: i64,
});

table!(connector_letter, "connector_letter", {
    #[sea_orm(primary_key, auto_increment = false)]
    connector: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    told_on: i64,
    news: String,
    about: i64,
});

table!(connector_refusal, "connector_refusal", {
    #[sea_orm(primary_key, auto_increment = false)]
    connector: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    sentence: String,
    status: i32,
    #[sea_orm(column_type = "Text")]
    hint: String,
    times: i64,
    first_at: i64,
    last_at: i64,
    #[sea_orm(column_type = "Text")]
    example: String,
});
