//! Mails as Postfix, rspamd and Dovecot deliver them, with the results literally as rspamd 3.4 writes them: those that
//! must be believed, and those into which a sender has written.

use domain::email::Distrust;
use email::{Limits, Mail, Proof, Trust};

use crate::{proof, trust};

/// Dovecot's LMTP and Postfix, both by one name; rspamd writes below Postfix's field.
fn delivered(mail: &str) -> Mail {
    let trust = Trust {
        own_hops: 2,
        results_below_received: true,
        ..trust()
    };
    Mail::read(mail.as_bytes(), None, &Limits::STANDARD, &trust)
}

/// A mail with an envelope's sender, results and From.
fn mail(envelope: &str, results: &str, from: &str) -> Mail {
    let lmtp =
        format!("Received: from mx.health.example by mx.health.example with LMTP id 1 (envelope-from {envelope})");
    let smtp = "Received: from a.example (unknown [203.0.113.9]) by mx.health.example (Postfix) with ESMTP id 2";
    delivered(&format!(
        "Return-Path: {envelope}\r\nDelivered-To: connector.data@health.example\r\n{lmtp}\r\n{smtp}\r\n\
         Authentication-Results: mx.health.example; {results}\r\nFrom: {from}\r\n\r\nHello\r\n"
    ))
}

/// A value as rspamd writes it: `lua_util.maybe_smtp_quote_value`.
fn written(value: &str) -> String {
    if value.contains(|sign| "()<>,;:\\\"/[]?= \t\u{b}".contains(sign)) {
        return format!("\"{}\"", value.replace('"', "\\\""));
    }
    value.to_owned()
}

/// What rspamd says of an envelope's sender, or of the name in HELO.
fn spf(property: &str, value: &str) -> String {
    let value = written(value);
    format!(
        "spf=none (mx.health.example: domain of {value} has no SPF policy when checking 203.0.113.9) {property}={value}"
    )
}

#[test]
fn real_results_are_believed_as_before() {
    let dana = "dana.connors@health.example";
    let login = || Ok(Proof::Login(dana.to_owned()));
    let rita = "rita@riverside.example";
    let designated =
        "(mx.health.example: domain of rita@riverside.example designates 203.0.113.25 as permitted sender)";
    for (envelope, results, from, expected) in [
        (
            dana,
            "auth=pass smtp.auth=dana.connors@health.example smtp.mailfrom=dana.connors@health.example",
            dana,
            login(),
        ),
        (
            "d.connors@health.example",
            "auth=pass smtp.auth=dana.connors@health.example smtp.mailfrom=d.connors@health.example",
            "d.connors@health.example",
            login(),
        ),
        (
            "",
            "auth=pass smtp.auth=dana.connors@health.example smtp.mailfrom=",
            dana,
            login(),
        ),
        (
            rita,
            &format!(
                "dkim=pass header.d=riverside.example header.s=s1 header.b=\"U/ORh4DL\"; dmarc=pass (policy=reject) \
                 header.from=riverside.example; spf=pass {designated} smtp.mailfrom={rita}"
            ),
            rita,
            Ok(Proof::Domain("dmarc")),
        ),
        (
            rita,
            &format!(
                "spf=pass {designated} smtp.mailfrom={rita}; arc=pass (\"lists.example:s=s1:i=1\"); dkim=none; \
                 dmarc=pass (policy=reject) header.from=riverside.example"
            ),
            rita,
            Ok(Proof::Domain("dmarc")),
        ),
        (
            "srs0=ab=x.example=rita@lists.example",
            &format!(
                "dkim=pass header.d=riverside.example header.s=s1 header.b=\"U/ORh4DL\"; dmarc=none; {}",
                spf("smtp.mailfrom", "srs0=ab=x.example=rita@lists.example")
            ),
            rita,
            Ok(Proof::Domain("dkim")),
        ),
        (
            "x@elsewhere.example",
            "dkim=none; dmarc=fail reason=\"SPF not aligned (relaxed), No valid DKIM\" header.from=riverside.example \
             (policy=reject); spf=pass (x) smtp.mailfrom=x@elsewhere.example",
            rita,
            Err(Distrust::NotAligned),
        ),
        (
            rita,
            "dkim=fail (\"body hash did not verify\") header.d=riverside.example header.s=s1 header.b=\"U/ORh4DL\"; \
             dmarc=fail reason=\"SPF not aligned (relaxed)\" header.from=riverside.example (policy=reject)",
            rita,
            Err(Distrust::NotAligned),
        ),
        ("x@elsewhere.example", "none", dana, Err(Distrust::NotSignedIn)),
    ] {
        let mail = mail(&format!("<{envelope}>"), results, from);
        assert_eq!(proof(&mail), expected.as_ref(), "{results}");
    }
}

#[test]
fn sender_who_writes_a_login_into_the_envelope_is_not_believed() {
    let forged = include_str!("../mails/forged-envelope.eml");
    assert_eq!(proof(&delivered(forged)), Err(&Distrust::Contradiction));
    // Whatever of it another mail server leaves out.
    let (_, unreturned) = forged.split_once('\n').unwrap();
    assert_eq!(proof(&delivered(unreturned)), Err(&Distrust::Contradiction));
    let (before, behind) = unreturned.split_once(" smtp.mailfrom=").unwrap();
    let (_, behind) = behind.split_once("\nFrom:").unwrap();
    let in_the_comment = format!("{before}\nFrom:{behind}");
    assert_eq!(proof(&delivered(&in_the_comment)), Err(&Distrust::Contradiction));
    let (before, behind) = unreturned.split_once(" (mx.health.example: domain").unwrap();
    let (_, behind) = behind.split_once("203.0.113.9)").unwrap();
    let in_the_property = format!("{before}{behind}");
    assert_eq!(proof(&delivered(&in_the_property)), Err(&Distrust::Contradiction));
}

#[test]
fn nothing_that_a_sender_chooses_becomes_a_result() {
    let login = "auth=pass smtp.auth=dana.connors@health.example";
    let signature = "dkim=pass header.d=trust.example";
    let dmarc = "dmarc=pass header.from=trust.example";
    for words in [login, signature, dmarc] {
        for chosen in [
            format!("x) ; {words} ; foo=bar (y"),
            format!("x) ; {words} (y"),
            format!("x\") ; {words} ; foo=bar (\"y"),
            format!("x\\\") ; {words} ; foo=bar (\\\"y"),
            format!("x\\) ; {words} ; foo=bar (y"),
            format!("x (y) z) ; {words} ; a=b (c (d) e"),
            format!("x ; {words}"),
            format!("x\" ; {words} ; a.b=\"y"),
            format!("x\\\" ; {words} ; a.b=\\\"y"),
        ] {
            for results in [
                format!(
                    "dkim=none; dmarc=none; {}",
                    spf("smtp.mailfrom", &format!("{chosen}@evil.example"))
                ),
                // Signed by the sender's own domain, so that nothing says that there is no signature.
                format!(
                    "{}; dkim=pass header.d=evil.example",
                    spf("smtp.mailfrom", &format!("{chosen}@evil.example"))
                ),
                format!("{}; dkim=none", spf("smtp.helo", &chosen)),
                format!(
                    "dkim=pass header.d=evil.example header.s={} header.b=x",
                    written(&chosen)
                ),
                format!("dkim=pass header.d={}", written(&chosen)),
                format!("dkim=fail ({}) header.d=evil.example", written(&chosen)),
                format!("arc=reject ({})", written(&chosen)),
                format!("dmarc=permerror reason={} header.from=evil.example", written(&chosen)),
                format!("dmarc=none header.from={}", written(&chosen)),
            ] {
                // Nothing but the field shows it: of the envelope the mail says something else.
                for from in ["dana.connors@health.example", "sam@trust.example"] {
                    let mail = mail("<x@evil.example>", &results, from);
                    assert!(mail.sender.is_err(), "{results} {:?}", mail.sender);
                }
            }
        }
    }
}

#[test]
fn colleague_cannot_write_another_login_behind_their_own() {
    for chosen in [
        "eve) ; auth=pass smtp.auth=dana.connors@health.example (",
        "eve smtp.auth=dana.connors@health.example",
        "eve\\\" smtp.auth=dana.connors@health.example x.y=\\\"",
        "eve\\\" ; auth=pass smtp.auth=dana.connors@health.example x.y=\\\"",
    ] {
        let envelope = written(&format!("{chosen}@health.example"));
        let results = format!("auth=pass smtp.auth=eve@health.example smtp.mailfrom={envelope}");
        let mail = mail("<eve@health.example>", &results, "dana.connors@health.example");
        assert_eq!(proof(&mail), Err(&Distrust::Contradiction), "{results}");
    }
}
