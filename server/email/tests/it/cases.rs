//! Mails after public bug reports of comparable software. The number is that of the folder in `server/testkit/cases/`.

use domain::email::Refusal;
use email::Proof;

use crate::{file, proof, read};

macro_rules! case {
    ($file:literal) => {
        include_bytes!(concat!("../../../testkit/cases/", $file, "/input.eml"))
    };
}

const LIST: &str =
    "LocalID,ODSCode,FirstName,LastName\r\n9301,RIV,Alaric,Fothergilly\r\n9302,RIV,Beatrice,Swarbricke\r\n";

fn dana() -> Proof {
    Proof::Login("dana.connors@health.example".to_owned())
}

#[test]
fn case_53_name_in_pieces_is_put_together() {
    let mail = read(case!("53-mail-octet-stream-split-file-name"));
    assert_eq!(proof(&mail), Ok(&dana()));
    assert_eq!(file(&mail), Ok(("Riverside – starters.CSV", LIST.to_owned())));
    assert_eq!(mail.message_id.as_deref(), Some("3647517675@mail.health.example"));
    assert_eq!((mail.automatic, mail.subject.as_str()), (None, "Staff list"));
}

#[test]
fn case_54_winmail_dat_is_unpacked() {
    let mail = read(case!("54-mail-winmail-dat"));
    assert_eq!(proof(&mail), Ok(&dana()));
    assert_eq!(file(&mail), Ok(("starters.csv", LIST.to_owned())));
}

#[test]
fn case_55_inline_list_is_taken_and_the_logo_passed_over() {
    let mail = read(case!("55-mail-inline-list-beside-a-logo"));
    assert_eq!(file(&mail), Ok(("Liste März.CSV", LIST.to_owned())));
}

#[test]
fn case_56_each_of_three_lists_is_named_by_place_and_name() {
    let mail = read(case!("56-mail-three-lists-of-one-name"));
    let names = ["staff.csv", "staff.csv", "staff.csv"].map(str::to_owned);
    assert_eq!(mail.file, Err(Refusal::Several { names: names.to_vec() }));
}

#[test]
fn case_57_bytes_of_a_quoted_printable_list_are_its_own() {
    let mail = read(case!("57-mail-quoted-printable-wrong-charset"));
    let (name, text) = file(&mail).unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!((name, lines.len()), ("list.csv", 3));
    assert_eq!(lines[1], "9303,RIV,Zoë,Brontëmoor,a=b");
    assert_eq!(
        lines[2],
        "9304,RIV,Renée,Tollemashe,\"Ward 7, bay 2, the very long remark that makes the line longer than seventy-six \
         signs, so that it is broken\""
    );
}
