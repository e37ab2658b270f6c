//! Mails that are made to cost much. Each is refused, and quickly: the bound of time is generous, and still far below what
//! a reader without limits takes.

use std::time::{Duration, Instant};

use domain::email::Refusal;
use email::{Limits, Mail};

use crate::{read, trust};

fn quickly(bytes: &[u8]) -> Mail {
    let begun = Instant::now();
    let mail = read(bytes);
    let taken = begun.elapsed();
    assert!(taken < Duration::from_secs(20), "{taken:?}");
    mail
}

#[test]
fn mail_of_a_hundred_thousand_parts_is_refused() {
    let parts = "--x\r\nContent-Type: text/csv; name=a.csv\r\n\r\na;b\r\n".repeat(100_000);
    let mail = format!("From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n{parts}");
    assert_eq!(quickly(mail.as_bytes()).file, Err(Refusal::TooManyParts));
    let empty = format!(
        "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n{}",
        "--x\n".repeat(1_000_000)
    );
    assert_eq!(quickly(empty.as_bytes()).file, Err(Refusal::TooManyParts));
}

#[test]
fn mail_of_parts_within_parts_is_refused() {
    let mut mail = "From: a@b.example\r\n".to_owned();
    for level in 0..50_000 {
        mail += &format!("Content-Type: multipart/mixed; boundary=x{level}\r\n\r\n--x{level}\r\n");
    }
    assert_eq!(quickly(mail.as_bytes()).file, Err(Refusal::TooManyParts));
    // All levels parted by the same line.
    let same = "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n".repeat(50_000);
    assert_eq!(quickly(same.as_bytes()).file, Err(Refusal::TooManyParts));
    let mails = "Content-Type: message/rfc822\r\n\r\n".repeat(50_000);
    assert_eq!(quickly(mails.as_bytes()).file, Err(Refusal::Forwarded));
}

#[test]
fn header_of_ten_megabytes_is_refused() {
    let (one, ten) = (1024 * 1024, 10 * 1024 * 1024);
    for header in [
        format!("Subject: {}", "a".repeat(ten)),
        format!("Subject: {}", "=?utf-8?Q?=".repeat(one / 11)),
        format!("Subject: {}", "=?a?Q?x ".repeat(one / 8)),
        format!("From: {}", "a@b.example,".repeat(one / 12)),
        format!("From: {}", "(".repeat(one)),
        format!("To: {}", "\"".repeat(one)),
        format!("References: {}", "<a@b> ".repeat(one / 6)),
        format!(
            "Authentication-Results: mx.health.example{}",
            "; auth=pass smtp.auth=a".repeat(one / 23)
        ),
        "Authentication-Results: mx.health.example; auth=pass\r\n".repeat(one / 54),
        "Received: by mx.health.example\r\n".repeat(one / 32),
        format!("Content-Type: text/csv{}", "; a*1=b".repeat(one / 7)),
        format!("Subject: a{}", "\r\n a".repeat(one / 4)),
        "a:\n".repeat(ten / 3),
        "a".repeat(ten),
    ] {
        let mail = quickly(header.as_bytes());
        assert_eq!(mail.file, Err(Refusal::HeadersTooLong), "{}", &header[..40]);
        assert!(mail.sender.is_err());
    }
}

#[test]
fn mail_that_is_too_large_is_not_looked_into() {
    let mail = format!(
        "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n{}",
        "--x\r\n\r\n".repeat(4 * 1024 * 1024)
    );
    assert_eq!(
        quickly(mail.as_bytes()).file,
        Err(Refusal::MailTooLarge { limit_mib: 25 })
    );
}

#[test]
fn endless_base64_comes_to_no_more_than_the_mail() {
    let head = "From: a@b.example\r\nContent-Type: application/octet-stream; name=a.csv\r\n\
                Content-Transfer-Encoding: base64\r\n\r\n";
    let mail = format!("{head}{}", "=".repeat(20 * 1024 * 1024));
    assert_eq!(quickly(mail.as_bytes()).file, Err(Refusal::Damaged));
    let mail = format!("{head}{}", "QUJD\r\n".repeat(20 * 1024 * 1024 / 6));
    let bytes = quickly(mail.as_bytes()).file.map(|file| file.bytes.len());
    assert!(bytes.is_ok_and(|count| count <= 10 * 1024 * 1024));
}

#[test]
fn limits_are_the_operators() {
    let limits = Limits {
        parts: 2,
        depth: 1,
        ..Limits::STANDARD
    };
    let of = |mail: &str| Mail::read(mail.as_bytes(), None, &limits, &trust()).file;
    let two = "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nHello\r\n--x\r\n\
               Content-Type: text/csv; name=a.csv\r\n\r\na;b\r\n";
    assert!(of(&format!("{two}--x--")).is_ok());
    assert_eq!(of(&format!("{two}--x\r\n\r\nBye\r\n--x--")), Err(Refusal::TooManyParts));
    let deeper = "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\
                  Content-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n\r\nHello";
    assert_eq!(of(deeper), Err(Refusal::TooManyParts));
}
