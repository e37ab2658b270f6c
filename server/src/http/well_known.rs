//! What programs look for at addresses of their own: the page to change a password, and whom to tell about a weakness.

use app::routes;
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use domain::values::ids::Timestamp;
use gate::{Gate, calendar::date_parts};

use crate::http::render::Renderer;

/// Seconds for which `security.txt` says that it is good. It is written anew for each request.
const GOOD_FOR: i64 = 180 * 24 * 60 * 60;

/// `GET /.well-known/change-password`.
pub(crate) async fn change_password() -> Response {
    Redirect::to(routes::OWN_PASSWORD).into_response()
}

/// `GET /.well-known/security.txt`; there is none where no contact is set.
pub(crate) async fn security_txt(State(gate): State<Gate>, State(renderer): State<Renderer>) -> Response {
    if renderer.security_contact.is_empty() {
        return StatusCode::NOT_FOUND.into_response();
    }
    let text = written(&renderer.security_contact, &gate.rules().url, gate.now());
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

/// The file, as RFC 9116 defines it.
fn written(contacts: &[String], url: &str, now: Timestamp) -> String {
    let mut lines: Vec<String> = contacts.iter().map(|contact| format!("Contact: {contact}")).collect();
    let (year, month, day) = date_parts(now.plus_seconds(GOOD_FOR));
    lines.push(format!("Expires: {year:04}-{month:02}-{day:02}T00:00:00Z"));
    lines.push("Preferred-Languages: en".to_owned());
    // Only an address by TLS may stand there.
    if url.starts_with("https://") {
        lines.push(format!("Canonical: {url}{}", routes::SECURITY_TXT));
    }
    lines.push(String::new());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn security_txt_names_contact_end_language_and_address() {
        // 21 November 2026, 12:00 UTC.
        let now = Timestamp(1_795_262_400_000);
        let contacts = [
            "mailto:security@nhs.example".to_owned(),
            "https://nhs.example/report".to_owned(),
        ];
        assert_eq!(
            written(&contacts, "https://portal.example", now),
            "Contact: mailto:security@nhs.example\nContact: https://nhs.example/report\nExpires: 2027-05-20T00:00:00Z\n\
             Preferred-Languages: en\nCanonical: https://portal.example/.well-known/security.txt\n"
        );
        assert!(!written(&contacts, "http://127.0.0.1:3000", now).contains("Canonical"));
    }
}
