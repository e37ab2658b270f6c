//! The tables as types. They stay inside this crate: what leaves it are the domain's types.

/// The columns of a person, which accounts and contacts share, around the attribute dictionary's.
macro_rules! person_table {
    ($module:ident, $table:literal) => {
        pub mod $module {
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub struct Model {
                #[sea_orm(primary_key, auto_increment = false)]
                pub id: Uuid,
                pub organisation: String,
                pub root: String,
                pub status: String,
                pub since: i64,
                pub leaving_at: Option<i64>,
                pub away_from: Option<i64>,
                pub back_at: Option<i64>,
                #[sea_orm(column_type = "Text", nullable)]
                pub away_reason: Option<String>,
                pub starts_at: Option<i64>,
                pub activated: bool,
                pub version: i64,
                pub created_at: i64,
                pub changed_at: i64,
                #[sea_orm(column_type = "Text")]
                pub by_hand: String,
                pub sort_name: String,
                pub search: String,
                pub look_alike: String,
                pub title: Option<String>,
                pub first_name: Option<String>,
                pub initials: Option<String>,
                pub last_name: Option<String>,
                pub display_name: Option<String>,
                pub email_address: Option<String>,
                pub user_name: Option<String>,
                pub local_id: Option<String>,
                pub site: Option<String>,
                pub unit: Option<String>,
                pub job_title: Option<String>,
                pub department: Option<String>,
                pub telephone: Option<String>,
                pub mobile: Option<String>,
                pub hide_mobile: Option<String>,
                pub pager: Option<String>,
                pub fax: Option<String>,
                pub web_page: Option<String>,
                pub sip_address: Option<String>,
                pub clinical_specialty: Option<String>,
                pub role: Option<String>,
                pub work_area: Option<String>,
                pub notes: Option<String>,
                pub quota: Option<String>,
                pub language: Option<String>,
                pub time_zone: Option<String>,
                pub country: Option<String>,
                pub postal_address: Option<String>,
                pub alternate_email: Option<String>,
                pub federation_type: Option<String>,
                pub notes_template: Option<String>,
                pub notes_name: Option<String>,
                pub held_reason: Option<String>,
                pub held_by: Option<String>,
                pub held_since: Option<i64>,
                pub disabled_by: Option<String>,
            }

            #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

person_table!(account, "account");
person_table!(contact, "contact");

macro_rules! table {
    ($module:ident, $table:literal, { $($(#[$attribute:meta])* $column:ident: $type:ty,)* }) => {
        pub mod $module {
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub struct Model {
                $($(#[$attribute])* pub $column: $type,)*
            }

            #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

// Behind the macro, which they use.
mod connectors;
mod customers;
mod mail;

pub use self::{
    connectors::{
        connector, connector_day, connector_letter, connector_link, connector_refusal, proposal, shadow_account,
    },
    customers::{
        access_loss, change_file, change_source, customer, customer_domain, pending_rename, seat, subscription,
    },
    mail::{connector_key, mail_folder, mail_message, mail_note, mail_organisation, mail_reply, mail_run, mail_source},
};

table!(organisation, "organisation", {
    #[sea_orm(primary_key, auto_increment = false)]
    code: String,
    name: String,
    short_name: String,
    status: String,
    path: String,
});

table!(site, "site", {
    #[sea_orm(primary_key, auto_increment = false)]
    organisation: String,
    #[sea_orm(primary_key, auto_increment = false)]
    code: String,
    name: String,
});

table!(unit, "unit", {
    #[sea_orm(primary_key, auto_increment = false)]
    organisation: String,
    #[sea_orm(primary_key, auto_increment = false)]
    path: String,
});

table!(address, "address", {
    #[sea_orm(primary_key, auto_increment = false)]
    address: String,
    stem: String,
    account: Uuid,
    current: bool,
    user_name: bool,
    erased_at: Option<i64>,
    organisation: Option<String>,
});

table!(person_number, "person_number", {
    #[sea_orm(primary_key, auto_increment = false)]
    backwards: String,
    #[sea_orm(primary_key, auto_increment = false)]
    person: Uuid,
    shown: bool,
});

table!(role_grant, "role_grant", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    account: Uuid,
    role: String,
    organisation: String,
    unit: Option<String>,
    begins_at: Option<i64>,
    ends_at: Option<i64>,
    channels: Option<String>,
    may_disable: bool,
    #[sea_orm(column_type = "Text", nullable)]
    reason: Option<String>,
    granted_at: Option<i64>,
    granted_by: Option<Uuid>,
    granted_by_name: Option<String>,
});

table!(event, "event", {
    #[sea_orm(primary_key)]
    seq: i64,
    at: i64,
    submission: String,
    row: i64,
    actor: Option<Uuid>,
    actor_name: String,
    channel: String,
    organisation: String,
    other_organisation: Option<String>,
    subject: String,
    #[sea_orm(column_type = "Text")]
    fact: String,
});

table!(submission, "submission", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: String,
    actor: Option<Uuid>,
    actor_name: String,
    channel: String,
    state: String,
    file_name: String,
    file_size: i64,
    file_sha256: String,
    format: Option<String>,
    #[sea_orm(column_type = "Text")]
    layout: String,
    #[sea_orm(column_type = "Text")]
    problems: String,
    #[sea_orm(column_type = "Text")]
    totals: String,
    expected_rows: i32,
    progress: i32,
    look_alikes: Option<String>,
    trouble: Option<String>,
    received_at: i64,
    confirmed_at: Option<i64>,
    finished_at: Option<i64>,
    paused: bool,
    touches: String,
    mends: i32,
    undoes: Option<String>,
    planned_after: Option<i64>,
    applied_by: Option<Uuid>,
    applied_by_name: Option<String>,
    hashing: bool,
    file_gone: bool,
    rehearsal: bool,
});

table!(submission_scope, "submission_scope", {
    #[sea_orm(primary_key, auto_increment = false)]
    submission: String,
    #[sea_orm(primary_key, auto_increment = false)]
    path: String,
});

table!(submission_file, "submission_file", {
    #[sea_orm(primary_key, auto_increment = false)]
    submission: String,
    bytes: Vec<u8>,
});

table!(submission_piece, "submission_piece", {
    #[sea_orm(primary_key, auto_increment = false)]
    submission: String,
    #[sea_orm(primary_key, auto_increment = false)]
    number: i32,
    bytes: Vec<u8>,
});

table!(submission_row, "submission_row", {
    #[sea_orm(primary_key, auto_increment = false)]
    submission: String,
    #[sea_orm(primary_key, auto_increment = false)]
    row: i32,
    kind: String,
    outcome: String,
    warned: bool,
    #[sea_orm(column_type = "Text")]
    request: String,
    #[sea_orm(column_type = "Text")]
    planned: String,
    subject: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    address: Option<String>,
    #[sea_orm(column_type = "Text")]
    words: String,
});

table!(submission_problem, "submission_problem", {
    #[sea_orm(primary_key, auto_increment = false)]
    submission: String,
    #[sea_orm(primary_key, auto_increment = false)]
    row: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    key: String,
    #[sea_orm(column_type = "Text")]
    said: String,
    cell: String,
});

table!(job, "job", {
    #[sea_orm(primary_key)]
    id: i64,
    task: String,
    submission: String,
    worker: Option<String>,
    run_after: i64,
    attempts: i32,
});

table!(credential, "credential", {
    #[sea_orm(primary_key, auto_increment = false)]
    account: Uuid,
    password_hash: String,
    one_time: bool,
    set_at: i64,
    #[sea_orm(column_type = "Text")]
    former: String,
    last_used: Option<i64>,
});

table!(known_use, "known_use", {
    #[sea_orm(primary_key, auto_increment = false)]
    account: Uuid,
    used_at: i64,
});

table!(sweep_brake, "sweep_brake", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: i32,
    waiting: i64,
    #[sea_orm(column_type = "Text")]
    counts: String,
    counted_at: i64,
    held_since: Option<i64>,
    confirmed: Option<i64>,
    confirmed_by: Option<String>,
});

table!(one_time_link, "one_time_link", {
    #[sea_orm(primary_key, auto_increment = false)]
    token_hash: String,
    account: Uuid,
    expires_at: i64,
    asked_by_self: bool,
});

table!(spoken_code, "spoken_code", {
    #[sea_orm(primary_key, auto_increment = false)]
    account: Uuid,
    code_hash: String,
    expires_at: i64,
    tries: i32,
});

table!(private_address, "private_address", {
    #[sea_orm(primary_key, auto_increment = false)]
    account: Uuid,
    address: String,
});

table!(links_given_out, "links_given_out", {
    #[sea_orm(primary_key, auto_increment = false)]
    submission: String,
    #[sea_orm(primary_key, auto_increment = false)]
    number: i32,
    at: i64,
    given_by: Option<Uuid>,
    how: String,
    people: i32,
});

table!(day_salt, "day_salt", {
    #[sea_orm(primary_key, auto_increment = false)]
    day: i64,
    salt: String,
});

table!(service_secret, "service_secret", {
    #[sea_orm(primary_key, auto_increment = false)]
    name: String,
    secret: String,
});

table!(api_token, "api_token", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: String,
    account: Uuid,
    name: String,
    token_hash: String,
    made_at: i64,
    expires_at: i64,
    last_used: Option<i64>,
    ended_at: Option<i64>,
    ended_by: Option<String>,
});

table!(offer, "offer", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    contact: Uuid,
    from_organisation: String,
    to_organisation: String,
    by: Option<Uuid>,
    by_name: String,
    offered_at: i64,
    end: Option<String>,
    ended_at: Option<i64>,
    ended_by: Option<String>,
});

table!(session, "session", {
    #[sea_orm(primary_key, auto_increment = false)]
    id_hash: String,
    #[sea_orm(column_type = "Text")]
    data: String,
    expires_at: i64,
    account: Option<Uuid>,
    began_at: Option<i64>,
    used_at: Option<i64>,
    client: Option<String>,
    agent: Option<String>,
});

table!(machine_digest, "machine_digest", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: i32,
    at: i64,
    through: i64,
});

table!(column_mapping, "column_mapping", {
    #[sea_orm(primary_key, auto_increment = false)]
    place: String,
    #[sea_orm(primary_key, auto_increment = false)]
    headings: String,
    format: String,
    layout: String,
    at: i64,
    said_by: Option<Uuid>,
});

table!(failure, "failure", {
    #[sea_orm(primary_key, auto_increment = false)]
    key: String,
    count: i32,
    began_at: i64,
    wait_until: i64,
});

table!(factor, "factor", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    account: Uuid,
    kind: String,
    name: String,
    #[sea_orm(column_type = "Text")]
    secret: String,
    made_at: i64,
    used_at: Option<i64>,
    last_step: Option<i64>,
});

table!(recovery_code, "recovery_code", {
    #[sea_orm(primary_key, auto_increment = false)]
    code_hash: String,
    account: Uuid,
});

table!(outbox, "outbox", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    address: String,
    subject: String,
    #[sea_orm(column_type = "Text")]
    text: String,
    #[sea_orm(column_type = "Text")]
    html: String,
    state: String,
    attempts: i32,
    run_after: i64,
    claimed_by: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    last_error: Option<String>,
    created_at: i64,
    sent_at: Option<i64>,
    #[sea_orm(column_type = "Text", nullable)]
    letter: Option<String>,
    gathers: Option<String>,
});

table!(trail, "trail", {
    #[sea_orm(primary_key, auto_increment = false)]
    number: i64,
    at: i64,
    action: String,
    actor: Option<Uuid>,
    actor_name: Option<String>,
    organisation: Option<String>,
    other_organisation: Option<String>,
    person: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    rights: String,
    #[sea_orm(column_type = "Text", nullable)]
    said: Option<String>,
    salt: Option<String>,
    digest: String,
    hash: String,
});

table!(trail_head, "trail_head", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: i32,
    number: i64,
    hash: String,
    dropped_number: i64,
    dropped_hash: String,
});

table!(trail_cursor, "trail_cursor", {
    #[sea_orm(primary_key, auto_increment = false)]
    name: String,
    number: i64,
    claimed_by: Option<String>,
    claimed_until: i64,
});
