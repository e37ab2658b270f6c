//! Mails that programs send by themselves (RFC 3834): absence notes, lists, returned mail. They bring no file that anybody
//! meant to send, and an answer to one could be answered by a program again, for ever.

use domain::email::Automatic;

use crate::{addresses, fields::Head, parameters::Valued, trust::Trust};

/// By what a mail is recognised as sent by a program. `from` and `to` are in small letters.
pub(crate) fn recognised(
    head: &Head<'_>,
    return_path: Option<&str>,
    from: &[String],
    to: &[String],
    trust: &Trust,
) -> Option<Automatic> {
    let is_own = head.first("x-portal-message").is_some()
        || from
            .iter()
            .any(|address| trust.own_addresses.iter().any(|own| own.eq_ignore_ascii_case(address)));
    let returns = |address: &String| !trust.bounce_prefix.is_empty() && address.starts_with(&trust.bounce_prefix);
    if is_own {
        Some(Automatic::Own)
    } else if to.iter().any(returns) {
        Some(Automatic::Returned)
    } else if has_no_return_path(head, return_path) {
        Some(Automatic::NoReturnPath)
    } else if is_report(head) {
        Some(Automatic::Report)
    } else if head
        .all("auto-submitted")
        .any(|field| first_word(&field.text()) != "no")
    {
        Some(Automatic::AutoSubmitted)
    } else if head.fields.iter().any(|field| field.is_of_a_list()) {
        Some(Automatic::List)
    } else if head.all("precedence").any(|field| is_bulk(&first_word(&field.text()))) {
        Some(Automatic::Bulk)
    } else {
        from.iter()
            .any(|address| is_mail_server(address))
            .then_some(Automatic::MailServer)
    }
}

/// Whether the envelope has no sender, as far as it is known.
fn has_no_return_path(head: &Head<'_>, return_path: Option<&str>) -> bool {
    let is_empty = |path: &str| matches!(path.trim(), "" | "<>");
    match return_path {
        Some(path) => is_empty(path),
        None => head.first("return-path").is_some_and(|field| is_empty(&field.text())),
    }
}

fn is_report(head: &Head<'_>) -> bool {
    let media = head.first("content-type").map(Valued::of).unwrap_or_default().value;
    matches!(
        media.as_str(),
        "multipart/report" | "message/delivery-status" | "message/disposition-notification" | "message/feedback-report"
    )
}

fn is_bulk(precedence: &str) -> bool {
    matches!(precedence, "bulk" | "junk" | "list")
}

fn is_mail_server(address: &str) -> bool {
    let local = address.strip_suffix(addresses::domain(address)).unwrap_or(address);
    matches!(local, "mailer-daemon@" | "postmaster@")
}

/// The first word of a value, in small letters.
fn first_word(value: &str) -> String {
    let word = value.split([' ', '\t', ';', '(']).find(|word| !word.is_empty());
    word.unwrap_or_default().to_ascii_lowercase()
}

/// Whether a sender's program asks for no answers that a program writes.
pub(crate) fn wants_no_receipt(head: &Head<'_>) -> bool {
    head.all("x-auto-response-suppress")
        .any(|field| !matches!(first_word(&field.text()).as_str(), "" | "none"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(fields: &str) -> Option<Automatic> {
        let mail = format!("{fields}\r\n\r\n");
        let head = Head::read(mail.as_bytes(), 10_000);
        let trust = Trust {
            own_addresses: vec!["connector.data@health.example".to_owned()],
            bounce_prefix: "connector.data+bounce-".to_owned(),
            ..Trust::default()
        };
        let addresses = |name: &str| head.first(name).map(|field| addresses::read(&field.text()).list);
        let (from, to) = (
            addresses("from").unwrap_or_default(),
            addresses("to").unwrap_or_default(),
        );
        recognised(&head, None, &from, &to, &trust)
    }

    #[test]
    fn what_programs_send_by_themselves_is_recognised() {
        for (fields, automatic) in [
            ("Return-Path: <>", Automatic::NoReturnPath),
            ("Auto-Submitted: auto-replied", Automatic::AutoSubmitted),
            ("Auto-Submitted: auto-generated (rejected)", Automatic::AutoSubmitted),
            ("Auto-Submitted:", Automatic::AutoSubmitted),
            ("List-Id: <staff.lists.example>", Automatic::List),
            ("list-unsubscribe: <mailto:x@lists.example>", Automatic::List),
            ("Precedence: Bulk", Automatic::Bulk),
            ("Precedence: list", Automatic::Bulk),
            ("Precedence: junk", Automatic::Bulk),
            (
                "From: MAILER-DAEMON@mx.example (Mail Delivery System)",
                Automatic::MailServer,
            ),
            ("From: postmaster@health.example", Automatic::MailServer),
            (
                "Content-Type: multipart/report; report-type=delivery-status; boundary=x",
                Automatic::Report,
            ),
            ("X-Portal-Message: 7", Automatic::Own),
            ("From: Connector.Data@health.example", Automatic::Own),
            ("To: connector.data+bounce-17@health.example", Automatic::Returned),
        ] {
            assert_eq!(of(fields), Some(automatic), "{fields}");
        }
    }

    #[test]
    fn what_people_send_is_not_automatic() {
        for fields in [
            "From: dana@health.example",
            "Auto-Submitted: no",
            "Auto-Submitted: No (sent by hand)",
            "Precedence: first-class",
            "Return-Path: <dana@health.example>",
            "X-Auto-Response-Suppress: All",
            "From: post.master@health.example",
            "To: connector.data+bounced@health.example",
            "Content-Type: multipart/mixed; boundary=x",
        ] {
            assert_eq!(of(fields), None, "{fields}");
        }
    }

    #[test]
    fn envelope_that_is_known_counts_before_the_field() {
        let head = Head::read(b"Return-Path: <>\r\n\r\n", 1000);
        let by = |path| recognised(&head, path, &[], &[], &Trust::default());
        assert_eq!(by(Some("dana@health.example")), None);
        assert_eq!(by(Some("")), Some(Automatic::NoReturnPath));
        assert_eq!(by(Some("<>")), Some(Automatic::NoReturnPath));
        assert_eq!(by(None), Some(Automatic::NoReturnPath));
    }
}
