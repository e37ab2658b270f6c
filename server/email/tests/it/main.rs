//! Whole mails: as mail programs make them, as bug reports of other products have them, and as attackers do.

mod bombs;
mod cases;
mod damaged;
mod forged;
mod programs;
mod rspamd;

use domain::email::{Distrust, Refusal};
use email::{Limits, Mail, Proof, Trust};

/// The mail server of `health.example`.
fn trust() -> Trust {
    Trust {
        authserv_ids: vec!["mx.health.example".to_owned()],
        received_by: vec!["mx.health.example".to_owned()],
        own_hops: 1,
        mail_domain: "health.example".to_owned(),
        own_addresses: vec!["connector.data@health.example".to_owned()],
        bounce_prefix: "connector.data+bounce-".to_owned(),
        ..Trust::default()
    }
}

fn read(bytes: &[u8]) -> Mail {
    Mail::read(bytes, None, &Limits::STANDARD, &trust())
}

/// The proof of a mail's sender.
fn proof(mail: &Mail) -> Result<&Proof, &Distrust> {
    mail.sender.as_ref().map(|claim| &claim.proof)
}

/// The name and the text of a mail's file.
fn file(mail: &Mail) -> Result<(&str, String), &Refusal> {
    let file = mail.file.as_ref()?;
    Ok((&file.name, String::from_utf8_lossy(&file.bytes).into_owned()))
}
