//! The tables of customers, of their subscriptions and seats, and of their change files.

table!(customer, "customer", {
    #[sea_orm(primary_key, auto_increment = false)]
    number: i64,
    organisation: String,
    connector: Option<Uuid>,
    contact: Option<String>,
    #[sea_orm(column_type = "Text")]
    details: String,
});

table!(customer_domain, "customer_domain", {
    #[sea_orm(primary_key, auto_increment = false)]
    domain: String,
    customer: i64,
});

table!(subscription, "subscription", {
    #[sea_orm(primary_key, auto_increment = false)]
    number: i64,
    customer: i64,
    offering: String,
    state: String,
    seats: i32,
    seats_taken: i32,
    gigabytes: i32,
    #[sea_orm(column_type = "Text")]
    details: String,
});

table!(seat, "seat", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    account: Uuid,
    subscription: i64,
    offering: String,
    covers_collab: bool,
    covers_mail: bool,
    active: bool,
    collab_extra_gb: i32,
    mail_extra_gb: i32,
    assigned_at: i64,
});

table!(change_source, "change_source", {
    #[sea_orm(primary_key, auto_increment = false)]
    customer: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    source: String,
    last_number: i64,
    last_sha256: String,
    last_at: i64,
});

table!(change_file, "change_file", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: String,
    customer: i64,
    source: String,
    number: Option<i64>,
    #[sea_orm(column_type = "Text")]
    file_name: String,
    sha256: String,
    size: i64,
    received_at: i64,
    rehearsal: bool,
    state: String,
    #[sea_orm(column_type = "Text", nullable)]
    why: Option<String>,
    submission: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    report_name: Option<String>,
    reported_at: Option<i64>,
    ended_at: Option<i64>,
});

table!(pending_rename, "pending_rename", {
    #[sea_orm(primary_key, auto_increment = false)]
    account: Uuid,
    #[sea_orm(column_type = "Text")]
    address: String,
    #[sea_orm(column_type = "Text")]
    before_address: String,
    customer: i64,
    asked_at: i64,
    token_hash: String,
    expires_at: i64,
});

table!(access_loss, "access_loss", {
    #[sea_orm(primary_key, auto_increment = false)]
    connector: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    account: Uuid,
    organisation: String,
    at: i64,
});
