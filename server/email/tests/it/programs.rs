//! Mails as mail programs, a multifunction scanner and a script make them. The people in them are made up.

use domain::email::{Automatic, Refusal};
use email::Proof;

use crate::{file, proof, read};

macro_rules! mail {
    ($file:literal) => {
        include_bytes!(concat!("../mails/", $file, ".eml"))
    };
}

const LIST: &str =
    "LocalID,ODSCode,FirstName,LastName\r\n9301,RIV,Alaric,Fothergilly\r\n9302,RIV,Beatrice,Swarbricke\r\n";

#[test]
fn list_is_found_in_mails_of_every_program() {
    let dana = Proof::Login("dana.connors@health.example".to_owned());
    for (mail, name) in [
        (&mail!("outlook")[..], "staff list.csv"),
        (mail!("outlook-rich-text"), "Riverside – staff.csv"),
        (mail!("outlook-on-the-web"), "staff.csv"),
        (mail!("apple-mail"), "Liste März.csv"),
        (mail!("thunderbird"), "staff.csv"),
        (
            mail!("python"),
            "Liste März – alle Standorte von Riverside und der Umgebung.csv",
        ),
        (mail!("python-without-a-name"), "attachment.csv"),
    ] {
        let mail = read(mail);
        assert_eq!(file(&mail), Ok((name, LIST.to_owned())));
        assert_eq!(proof(&mail), Ok(&dana), "{name}");
        assert_eq!(mail.from, ["dana.connors@health.example"], "{name}");
        assert_eq!((mail.automatic, mail.no_receipt), (None, false), "{name}");
        assert!(mail.message_id.is_some(), "{name}");
    }
}

#[test]
fn mail_of_a_scanner_without_a_text_is_read_by_its_content() {
    let mail = read(mail!("scanner"));
    assert_eq!(file(&mail), Ok(("SKM_C3320i27031506240", LIST.to_owned())));
    assert_eq!(
        proof(&mail),
        Ok(&Proof::Login("ward7.scanner@health.example".to_owned()))
    );
}

#[test]
fn mail_from_elsewhere_is_proved_by_its_domain_and_may_bring_a_key() {
    let mail = read(mail!("gmail"));
    assert_eq!(file(&mail), Ok(("staff list (1).csv", LIST.to_owned())));
    assert_eq!(proof(&mail), Ok(&Proof::Domain("dmarc")));
    assert_eq!(mail.possible_keys(), ["k7qd", "Staff", "list"]);
}

/// A mail with these parts, each with its header.
fn mail_of(parts: &[&str]) -> String {
    let parts: String = parts.iter().map(|part| format!("--edge\r\n{part}\r\n")).collect();
    format!("From: a@b.example\r\nContent-Type: multipart/mixed; boundary=edge\r\n\r\n{parts}--edge--\r\n")
}

const TEXT: &str = "Content-Type: text/plain\r\n\r\nPlease find the list attached.";

#[test]
fn what_comes_with_a_list_is_passed_over() {
    let list = "Content-Type: text/csv; name=staff.csv\r\n\r\nA;B\r\n1;2";
    for other in [
        "Content-Type: text/vcard; name=dana.vcf\r\n\r\nBEGIN:VCARD",
        "Content-Type: application/pkcs7-signature; name=smime.p7s\r\n\r\nx",
        "Content-Type: application/pgp-signature\r\n\r\n-----BEGIN PGP SIGNATURE-----",
        "Content-Type: application/pgp-keys; name=\"OpenPGP 0x1.asc\"\r\n\r\n-----BEGIN PGP PUBLIC KEY BLOCK-----",
        "Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR",
        "Content-Type: text/html; name=ATT00001.htm\r\n\r\n<html>Confidential</html>",
        "Content-Type: text/plain; name=ATT00001.txt\r\n\r\nThis email is confidential.",
        "Content-Type: text/plain; name=disclaimer.txt\r\nContent-Disposition: attachment\r\n\r\nThis is confidential.",
        "Content-Type: image/jpeg; name=logo.jpg\r\nContent-Disposition: attachment\r\n\r\nx",
        "Content-Type: application/octet-stream\r\n\r\n\u{FFFD}PNG",
        "Content-Type: application/pdf; name=privacy.pdf\r\n\r\n%PDF-1.7",
        "Content-Type: message/rfc822\r\n\r\nContent-Type: text/csv; name=other.csv\r\n\r\nA;B\r\n3;4",
        "Content-Type: text/plain\r\n\r\nScanned for viruses.",
    ] {
        for parts in [[TEXT, list, other], [TEXT, other, list], [other, TEXT, list]] {
            let mail = read(mail_of(&parts).as_bytes());
            assert_eq!(file(&mail), Ok(("staff.csv", "A;B\r\n1;2".to_owned())), "{other}");
        }
    }
}

#[test]
fn signed_mails_are_read_and_encrypted_ones_refused() {
    let signed = "From: a@b.example\r\nContent-Type: multipart/signed; micalg=sha-256; boundary=s\r\n\r\n--s\r\n\
                  Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n\r\nHello\r\n--m\r\n\
                  Content-Type: text/csv; name=staff.csv\r\n\r\nA;B\r\n1;2\r\n--m--\r\n\r\n--s\r\n\
                  Content-Type: application/pkcs7-signature; name=smime.p7s\r\n\r\nx\r\n--s--\r\n";
    assert_eq!(
        file(&read(signed.as_bytes())),
        Ok(("staff.csv", "A;B\r\n1;2".to_owned()))
    );
    for encrypted in [
        "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n\r\nx",
        "Content-Type: application/x-pkcs7-mime; name=smime.p7m\r\n\r\nx",
        "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=e\r\n\r\n--e\r\n\
         Content-Type: application/octet-stream; name=encrypted.asc\r\n\r\nx\r\n--e--",
        "Content-Type: text/plain\r\n\r\n-----BEGIN PGP MESSAGE-----\r\nx",
        "Content-Type: application/octet-stream; name=staff.csv.pgp\r\n\r\nx",
        "Content-Type: application/x-microsoft-rpmsg-message; name=message.rpmsg\r\n\r\nx",
    ] {
        let mail = format!("From: a@b.example\r\n{encrypted}\r\n");
        assert_eq!(read(mail.as_bytes()).file, Err(Refusal::Encrypted), "{encrypted}");
        let mail = mail_of(&[TEXT, encrypted]);
        assert_eq!(read(mail.as_bytes()).file, Err(Refusal::Encrypted), "{encrypted}");
    }
}

#[test]
fn mails_without_a_list_are_refused_with_the_reason() {
    let forwarded = "Content-Type: message/rfc822\r\n\r\nContent-Type: text/csv; name=a.csv\r\n\r\nA;B";
    let pasted = "Content-Type: text/plain\r\n\r\nHello,\r\n\r\nLocalID,ODSCode,FirstName,LastName\r\n1,RIV,Jo,Fenn";
    let winmail = "Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\nbroken";
    for (parts, refusal) in [
        (&[TEXT][..], Refusal::NoFile),
        (&[], Refusal::NoFile),
        (&[TEXT, "Content-Type: image/png; name=a.png\r\n\r\nx"], Refusal::NoFile),
        (&[TEXT, forwarded], Refusal::Forwarded),
        (
            &[TEXT, "Content-Type: application/octet-stream; name=list.msg\r\n\r\nx"],
            Refusal::Forwarded,
        ),
        (&[pasted], Refusal::Pasted),
        (&[TEXT, winmail], Refusal::Winmail),
    ] {
        let mail = read(mail_of(parts).as_bytes());
        assert_eq!(mail.file, Err(refusal));
    }
    let simple = "From: a@b.example\r\n\r\nLocalID;ODSCode;FirstName\r\n1;RIV;Jo\r\n";
    assert_eq!(read(simple.as_bytes()).file, Err(Refusal::Pasted));
    let pdf = mail_of(&[TEXT, "Content-Type: application/pdf; name=staff.pdf\r\n\r\n%PDF-1.7"]);
    assert_eq!(file(&read(pdf.as_bytes())), Ok(("staff.pdf", "%PDF-1.7".to_owned())));
    let large = format!(
        "From: a@b.example\r\nContent-Type: text/csv; name=a.csv\r\n\r\n{}",
        "a;b\r\n".repeat(11 * 1024 * 1024 / 5)
    );
    assert_eq!(
        read(large.as_bytes()).file,
        Err(Refusal::FileTooLarge { limit_mib: 10 })
    );
}

#[test]
fn names_of_attachments_reach_nobody_as_they_are() {
    for (name, kept) in [
        ("../../etc/cron.d/staff.csv", "staff.csv"),
        ("C:\\Users\\dana\\staff.csv", "staff.csv"),
        ("staff\u{202E}vsc.csv", "staffvsc.csv"),
        ("st\0aff\u{7}.csv", "staff.csv"),
    ] {
        let part = format!("Content-Disposition: attachment; filename=\"{name}\"\r\n\r\nA;B\r\n1;2");
        let mail = read(mail_of(&[TEXT, &part]).as_bytes());
        assert_eq!(mail.file.map(|file| file.name), Ok(kept.to_owned()), "{name:?}");
    }
    let coded = "Content-Disposition: attachment; filename=\"=?utf-8?Q?a=0D=0ABcc:_x@y.example=2Ecsv?=\"\r\n\r\nA;B";
    let name = read(mail_of(&[coded]).as_bytes()).file.unwrap().name;
    assert!(!name.contains(['\r', '\n']), "{name:?}");
}

#[test]
fn absence_notes_and_returned_mail_are_automatic() {
    for (fields, automatic) in [
        (
            "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.health.example",
            Automatic::NoReturnPath,
        ),
        (
            "From: dana@health.example\r\nAuto-Submitted: auto-replied",
            Automatic::AutoSubmitted,
        ),
        ("From: connector.data@health.example", Automatic::Own),
    ] {
        let mail = format!("{fields}\r\nTo: connector.data@health.example\r\n\r\nI am away.");
        assert_eq!(read(mail.as_bytes()).automatic, Some(automatic), "{fields}");
    }
}
