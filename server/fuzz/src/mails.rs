//! What strangers send by email: whole mails, and what they write where a mail server's results are read.

use std::sync::LazyLock;

use email::{Limits, Mail, Proof, Trust};

static TRUST: LazyLock<Trust> = LazyLock::new(|| Trust {
    authserv_ids: vec!["mx.health.example".to_owned()],
    received_by: vec!["mx.health.example".to_owned()],
    own_hops: 1,
    mail_domain: "health.example".to_owned(),
    own_addresses: vec!["connector.data@health.example".to_owned()],
    bounce_prefix: "connector.data+bounce-".to_owned(),
    ..Trust::default()
});

fn read(bytes: &[u8]) -> Mail {
    Mail::read(bytes, None, &Limits::STANDARD, &TRUST)
}

/// A mail. Whatever is in it, nobody is proved by what stands below the field of the operator's own server, and what is
/// kept of it can be shown and written into fields again.
pub fn email_mail(bytes: &[u8]) {
    let mail = read(bytes);
    assert!(mail.references.len() <= 20 && mail.authserv_ids.len() <= 10);
    assert!(mail.subject.chars().count() <= 200 && !mail.subject.contains(char::is_control));
    for id in mail.references.iter().chain(&mail.message_id) {
        assert!(id.bytes().all(|byte| byte.is_ascii_graphic()), "{id:?}");
    }
    assert!(mail.possible_keys().iter().all(|key| !key.is_empty()));
    if let Ok(claim) = &mail.sender {
        assert_eq!(mail.from, std::slice::from_ref(&claim.from));
    }
    if let Ok(file) = &mail.file {
        assert!(
            !file.name.is_empty() && !file.name.contains(['/', '\\', '\r', '\n']),
            "{:?}",
            file.name
        );
    }
    let below = [
        &b"Received: from a.example by mx.health.example (Postfix) with ESMTP id 1\r\n"[..],
        bytes,
    ];
    let sender = read(&below.concat()).sender;
    assert!(sender.is_err(), "{sender:?}");
}

/// What stands in the results of the operator's own server: read as it is, and where it is nothing but a remark, or what a
/// sender has chosen, it proves nobody.
pub fn email_results(bytes: &[u8]) {
    let said = String::from_utf8_lossy(bytes);
    // All of it is one field.
    let one_line = said.replace(['\r', '\n'], "\r\n ");
    let with = |results: &str, from: &str| {
        let mail = format!("Authentication-Results: mx.health.example; {results}\r\nFrom: {from}\r\n\r\n");
        read(mail.as_bytes()).sender
    };
    let (inside, outside) = ("dana@health.example", "sam@trust.example");
    let behind = with(&format!("spf=pass {one_line}"), inside);
    assert!(behind.is_err(), "a login comes first: {one_line}");
    if let Ok(claim) = with(&one_line, inside) {
        assert_eq!(claim.from, inside);
        let Proof::Login(login) = claim.proof else {
            panic!("no domain proves who of the mail domain has sent it: {:?}", claim.proof);
        };
        let (local, _) = login.split_once('@').expect("an address");
        assert!(one_line.to_ascii_lowercase().contains(local), "{login}");
    }
    let plain = |signs: &[char]| one_line.replace(signs, "");
    let comment = format!("spf=pass ({})", plain(&['(', ')', '\\']));
    let reason = format!("spf=pass reason=\"{}\"", plain(&['"', '\\']));
    let chosen = quoted(&said.replace(['\r', '\n'], ""));
    let as_rspamd_writes = |property: &str| {
        format!(
            "spf=none (mx.health.example: domain of {chosen} has no SPF policy when checking 203.0.113.9) \
             {property}={chosen}; dkim=pass header.d=evil.example"
        )
    };
    let (envelope, helo) = (as_rspamd_writes("smtp.mailfrom"), as_rspamd_writes("smtp.helo"));
    for results in [&comment, &reason, &envelope, &helo] {
        for from in [inside, outside] {
            let sender = with(results, from);
            assert!(sender.is_err(), "{results} {sender:?}");
        }
    }
}

/// A value as rspamd writes it: in quotation marks where it has odd signs, its own ones escaped, its backslashes not.
fn quoted(value: &str) -> String {
    if value.contains(|sign| "()<>,;:\\\"/[]?= \t\u{b}".contains(sign)) {
        return format!("\"{}\"", value.replace('"', "\\\""));
    }
    value.to_owned()
}
