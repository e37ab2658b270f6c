//! The server from the outside: what each address answers, to whom, and what the whole must never do.

#![expect(clippy::disallowed_methods, reason = "tests look behind the doors that they guard")]

mod api;
mod audit;
mod bad_files;
mod browser;
mod bulk;
mod by_email;
mod change_files;
mod confirming;
mod connectors;
mod documents;
mod doors;
mod email;
mod endpoints;
mod floors;
mod forms;
mod held;
mod limits;
mod load;
mod machines;
mod mail;
mod mail_chain;
mod mail_server;
mod naughty;
mod newcomers;
mod openid;
mod public_pages;
mod quiet;
mod recovery;
mod returning;
mod roles;
mod round_trips;
mod scim;
mod seats;
mod second_factor;
mod sessions;
mod sftp_chain;
mod signing_in;
mod slow;
mod starting;
mod staying;
mod strangers;
mod sync;
mod tidy;
mod under_fire;
mod undoing;
mod unwritable;
mod verbs;

/// Compares a text with its approved form in `tests/approved`; `APPROVE=yes` writes it there for a person to read.
fn assert_approved(name: &str, text: &str) {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/approved")
        .join(name);
    if std::env::var("APPROVE").is_ok_and(|said| said == "yes") {
        std::fs::write(&file, text).expect("the approved text can be written");
    }
    let approved = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(
        approved,
        text,
        "{} has changed; APPROVE=yes writes the new text, for you to read",
        file.display()
    );
}
