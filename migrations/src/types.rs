//! Column types that mean the same on both databases.

use sea_orm_migration::{
    prelude::*,
    schema::{string, string_null},
    sea_orm::DbBackend,
};

/// A text that is compared byte by byte, so that ranges and pages go in the same order on every database and locale.
pub fn ordered(manager: &SchemaManager<'_>, name: &'static str) -> ColumnDef {
    let mut column = string(name);
    if manager.get_database_backend() == DbBackend::Postgres {
        column.extra("COLLATE \"C\"");
    }
    column.take()
}

/// As [`ordered`], or none.
pub fn ordered_null(manager: &SchemaManager<'_>, name: &'static str) -> ColumnDef {
    let mut column = string_null(name);
    if manager.get_database_backend() == DbBackend::Postgres {
        column.extra("COLLATE \"C\"");
    }
    column.take()
}

/// A text without limit, or none.
pub fn long_text_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().take()
}

/// A text without limit.
pub fn long_text(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().not_null().take()
}

/// A moment: milliseconds since 1970 in UTC.
pub fn moment(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().not_null().take()
}

/// A moment that may not have come.
pub fn moment_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().take()
}

/// The columns of the attribute dictionary, which accounts and contacts share.
pub fn person_columns(table: &mut TableCreateStatement) {
    const ATTRIBUTES: [&str; 23] = [
        "title",
        "first_name",
        "initials",
        "last_name",
        "display_name",
        "email_address",
        "local_id",
        "site",
        "unit",
        "job_title",
        "department",
        "telephone",
        "mobile",
        "hide_mobile",
        "pager",
        "fax",
        "web_page",
        "sip_address",
        "clinical_specialty",
        "role",
        "work_area",
        "notes",
        "quota",
    ];
    for attribute in ATTRIBUTES {
        table.col(string_null(attribute).text().take());
    }
}
