//! Mails of strangers who want to be taken for Dana.

use domain::email::Distrust;
use email::{Limits, Mail, Proof, Trust};

use crate::{proof, read, trust};

const BY_OWN: &str = "Received: from evil.example (evil.example [192.0.2.66])\r\n\tby mx.health.example (Postfix) with \
                      ESMTP id 1;\r\n\tMon, 15 Mar 2027 06:12:03 +0000";
const FOUND: &str = "Authentication-Results: mx.health.example;\r\n\tspf=pass smtp.mailfrom=evil.example; dkim=none; \
                     dmarc=none header.from=health.example";
const FORGED: &str = "Authentication-Results: mx.health.example; auth=pass smtp.auth=dana@health.example; \
                      dmarc=pass header.from=health.example; dkim=pass header.d=health.example";
const FROM: &str = "From: Dana Connors <dana@health.example>";

fn mail(fields: &[&str]) -> Mail {
    let mail = format!("{}\r\n\r\nHello\r\n", fields.join("\r\n"));
    read(mail.as_bytes())
}

#[test]
fn forged_results_below_the_own_server_prove_nothing() {
    let foreign = "Received: from a by evil.example with SMTP";
    let own_again = "Received: from a by mx.health.example (Postfix) with ESMTPSA";
    for fields in [
        &[FOUND, BY_OWN, FORGED, FROM][..],
        &[FOUND, BY_OWN, FORGED, foreign, FROM],
        &[FOUND, BY_OWN, FORGED, own_again, FROM],
        &[FOUND, BY_OWN, FORGED, own_again, FORGED, FROM],
        &[FOUND, BY_OWN, FROM, FORGED],
    ] {
        assert_eq!(proof(&mail(fields)), Err(&Distrust::NotSignedIn), "{fields:?}");
    }
    for fields in [&[BY_OWN, FORGED, FROM][..], &[BY_OWN, FROM, FORGED], &[FROM, FORGED]] {
        assert_eq!(proof(&mail(fields)), Err(&Distrust::NoResults), "{fields:?}");
    }
    assert_eq!(
        proof(&mail(&[FORGED, BY_OWN, FROM])),
        Ok(&Proof::Login("dana@health.example".to_owned())),
        "there it would be the own server's word"
    );
}

#[test]
fn duplicate_results_in_the_trusted_part_contradict_each_other() {
    let not_signed_in = "Authentication-Results: mx.health.example; auth=none";
    let somebody_else = "Authentication-Results: mx.health.example; auth=pass smtp.auth=eve@health.example";
    for other in [not_signed_in, somebody_else, FOUND] {
        for fields in [[other, FORGED, BY_OWN, FROM], [FORGED, other, BY_OWN, FROM]] {
            assert_eq!(proof(&mail(&fields)), Err(&Distrust::Contradiction), "{other}");
        }
    }
}

#[test]
fn fields_smuggled_into_others_are_no_fields() {
    for smuggled in [
        format!("Subject: a\r{FORGED}"),
        format!("Subject: a\r\n {FORGED}"),
        format!("Subject: a\r\n\t{FORGED}"),
        format!("Subject: a\0\r{FORGED}"),
        format!("X-{FORGED}"),
        format!("\u{feff}{FORGED}"),
        format!("Subject: =?utf-8?Q?a=0D=0A{}?=", FORGED.replace(' ', "_")),
    ] {
        for fields in [&[smuggled.as_str(), FROM][..], &[FOUND, BY_OWN, &smuggled, FROM]] {
            let proof = mail(fields).sender;
            assert!(proof.is_err(), "{smuggled:?} {proof:?}");
        }
    }
}

#[test]
fn folded_and_commented_fields_are_read_as_one() {
    let folded = "Authentication-Results:\r\n\tMX.health.example (rspamd\r\n 3.4) 1;\r\n auth=pass\r\n\t\
                  (SASL) smtp.auth=\r\n Dana@health.example";
    let login = Proof::Login("dana@health.example".to_owned());
    assert_eq!(proof(&mail(&[folded, BY_OWN, FROM])), Ok(&login));
    let in_comments = "Authentication-Results: mx.health.example; spf=pass (x\r\n ; auth=pass \
                       smtp.auth=dana@health.example) reason=\"; auth=pass smtp.auth=dana@health.example\"";
    assert_eq!(proof(&mail(&[in_comments, BY_OWN, FROM])), Err(&Distrust::NotSignedIn));
    let at_the_id = "Authentication-Results: evil.example (mx.health.example); auth=pass smtp.auth=dana@health.example";
    assert_eq!(proof(&mail(&[at_the_id, BY_OWN, FROM])), Err(&Distrust::NoResults));
}

#[test]
fn several_senders_prove_none() {
    for from in [
        "From: dana@health.example\r\nFrom: eve@evil.example",
        "From: eve@evil.example, dana@health.example",
        "From: dana@health.example\r\nFROM : dana@health.example",
    ] {
        assert_eq!(
            proof(&mail(&[FORGED, BY_OWN, from])),
            Err(&Distrust::SeveralFrom),
            "{from}"
        );
    }
    for from in [
        "Sender: dana@health.example",
        "Reply-To: dana@health.example",
        "From: \"dana@health.example\"",
    ] {
        assert_eq!(proof(&mail(&[FORGED, BY_OWN, from])), Err(&Distrust::NoFrom), "{from}");
    }
}

#[test]
fn colleague_who_signed_in_is_no_other_colleague() {
    let eve = "Authentication-Results: mx.health.example; auth=pass smtp.auth=eve@health.example \
               smtp.mailfrom=dana@health.example; dmarc=pass header.from=health.example";
    let mail = mail(&[eve, BY_OWN, FROM]);
    // The gate asks whether both addresses are of one account.
    assert_eq!(proof(&mail), Ok(&Proof::Login("eve@health.example".to_owned())));
    assert_eq!(mail.from, ["dana@health.example"]);
}

#[test]
fn look_alike_domains_are_proved_only_as_themselves() {
    let results = "Authentication-Results: mx.health.example; auth=pass smtp.auth=dana@health.example; \
                   dmarc=pass header.from=health.example; dkim=pass header.d=health.example";
    for from in [
        "From: dana@health.example.evil.example",
        "From: dana@healthexample",
        "From: dana@h\u{435}alth.example",
        "From: dana@health\u{2024}example",
        "From: dana@evilhealth.example",
    ] {
        assert!(mail(&[results, BY_OWN, from]).sender.is_err(), "{from}");
    }
    // A sub-domain is elsewhere; the signature of the domain above proves it, and no account here has such an address.
    assert_eq!(
        proof(&mail(&[results, BY_OWN, "From: dana@ward.health.example"])),
        Ok(&Proof::Domain("dkim"))
    );
}

#[test]
fn eight_bit_and_broken_headers_prove_nothing_and_do_no_harm() {
    let trust = trust();
    let good = format!("{FORGED}\r\n{BY_OWN}\r\n{FROM}\r\n\r\nHello");
    let forms: [&[u8]; 6] = [b"\xFF", b"\0", b"\r", b"\n\n", b"(", b"\""];
    for form in forms {
        for place in 0..good.len() {
            let broken = [&good.as_bytes()[..place], form, &good.as_bytes()[place..]].concat();
            let mail = Mail::read(&broken, None, &Limits::STANDARD, &trust);
            if let Ok(claim) = mail.sender {
                // A letter that was put into the address makes it another one.
                let is_hers = claim.from == "dana@health.example" || claim.from.contains('ÿ');
                assert!(is_hers, "{place} {form:?} {}", claim.from);
            }
        }
    }
    for place in 0..good.len() {
        let _ = Mail::read(&good.as_bytes()[..place], None, &Limits::STANDARD, &trust);
    }
    let all = good.replace("\r\n", "\r");
    assert_eq!(proof(&read(all.as_bytes())), Err(&Distrust::NoFrom));
    let latin = [FORGED.as_bytes(), b"\r\nFrom: Zo\xEB <dana@health.example>\r\n\r\n"].concat();
    assert!(read(&latin).sender.is_ok());
    let latin = [FORGED.as_bytes(), b"\r\nFrom: d\xE1na@health.example\r\n\r\n"].concat();
    assert_eq!(read(&latin).from, ["dána@health.example"]);
}

#[test]
fn operator_who_lists_no_server_believes_nobody() {
    let bytes = format!("{FORGED}\r\n{FROM}\r\n\r\n");
    let mail = Mail::read(bytes.as_bytes(), None, &Limits::STANDARD, &Trust::default());
    assert_eq!(proof(&mail), Err(&Distrust::NoResults));
    assert_eq!(mail.authserv_ids, ["mx.health.example"]);
}
