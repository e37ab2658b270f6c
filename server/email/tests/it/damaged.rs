//! Mails that were cut off or changed on the way: nothing of them is read. What mail programs really write is no damage.

use domain::email::Refusal;

use crate::{file, read};

macro_rules! mail {
    ($file:literal) => {
        include_bytes!(concat!("../mails/", $file, ".eml"))
    };
}

#[test]
fn a_mail_that_is_cut_off_anywhere_brings_nothing() {
    for (name, whole) in [
        ("outlook", &mail!("outlook")[..]),
        ("thunderbird", mail!("thunderbird")),
        ("gmail", mail!("gmail")),
        ("apple-mail", mail!("apple-mail")),
        ("python", mail!("python")),
        ("scanner", mail!("scanner")),
        ("python-without-a-name", mail!("python-without-a-name")),
    ] {
        let expected = read(whole).file;
        assert!(expected.is_ok(), "{name}");
        for hundredth in 0..100 {
            let cut = whole.get(..whole.len() * hundredth / 100).unwrap();
            // A line end is where one part alone may be cut off unseen.
            let is_at_a_line = cut.ends_with(b"\n");
            let file = read(cut).file;
            assert!(file.is_err() || is_at_a_line, "{name} cut at {hundredth}%: {file:?}");
        }
        // The last line end of all is not missed behind the line that ends the parts.
        if whole.trim_ascii_end().ends_with(b"--") {
            assert_eq!(read(whole.trim_ascii_end()).file, expected, "{name}");
        }
    }
}

/// A mail with a text and a list, packed in some way.
fn packed(encoding: &str, body: &str) -> String {
    format!(
        "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=edge\r\n\r\n--edge\r\n\r\nOur list.\r\n--edge\r\n\
         Content-Type: text/csv; name=staff.csv\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{body}\r\n--edge--\r\n"
    )
}

#[test]
fn what_cannot_be_unpacked_whole_is_refused() {
    for (encoding, body) in [
        ("base64", "QTtCDQoxOz"),
        ("base64", "QTtCDQoxOzI"),
        ("base64", "QTtC*Qox"),
        ("base64", "QTtC\u{e4}DQoxOzI="),
        ("quoted-printable", "A;B=0D=0A1;=3"),
    ] {
        let mail = packed(encoding, body);
        assert_eq!(read(mail.as_bytes()).file, Err(Refusal::Damaged), "{body}");
    }
    for (encoding, body) in [
        ("base64", "QTtC\r\nDQox\r\n\r\nOzI="),
        ("BASE64", " QTtCDQoxOzI= "),
        ("quoted-printable", "A;B=0D=0A1;2="),
        ("7bit", "A;B\r\n1;2"),
    ] {
        let mail = packed(encoding, body);
        assert_eq!(
            file(&read(mail.as_bytes())),
            Ok(("staff.csv", "A;B\r\n1;2".to_owned())),
            "{body}"
        );
    }
}

#[test]
fn files_packed_as_before_mime_are_refused_with_the_cure() {
    let uu = "begin 644 staff.csv\r\n)03M\"#0HQ.S(-\r\n`\r\nend";
    let in_the_text = format!("From: a@b.example\r\n\r\nOur list:\r\n\r\n{uu}\r\n");
    for mail in [in_the_text, packed("7bit", uu), packed("x-uuencode", uu)] {
        assert_eq!(read(mail.as_bytes()).file, Err(Refusal::Uuencoded), "{mail}");
    }
}
