//! Mails with files as people really have them, each after a public bug report: read, taken or refused, and answered. The
//! number is that of the folder in `server/testkit/cases/`.

use domain::{dictionary::Attribute, email::Intake, life::Turn, plan::Step, policy::Actor};
use email::{Limits, Mail, Trust};
use testkit::{Portal, SERVICE, on_both};

use crate::{
    email_intake::{intakes, latest, only, receive, says, sends_by_email},
    lifecycle, review,
};

const DANA: &str = "dana.connors@health.example";

macro_rules! case {
    ($name:literal) => {
        include_bytes!(concat!("../../../testkit/cases/", $name, "/input.eml"))
    };
}

/// Dana Connors, who sends for Riverside, and whose mails the cases are.
async fn dana(portal: &Portal) -> Actor {
    let new = lifecycle::new_person("Dana", "Connors", "d1");
    let made = portal.gate.on_behalf_of(&SERVICE).establish(vec![new]).await;
    made.expect("she is new");
    portal.turn(DANA, Turn::Activate).await;
    sends_by_email(portal, DANA, "RIV").await
}

/// Has a mail read as the shipped settings have it, and its file checked.
async fn case(portal: &Portal, bytes: &[u8]) {
    let host = || vec!["mx.health.example".to_owned()];
    let trust = Trust {
        authserv_ids: host(),
        received_by: host(),
        own_hops: 1,
        mail_domain: testkit::MAIL_DOMAIN.to_owned(),
        own_addresses: vec!["connector.data@health.example".to_owned()],
        bounce_prefix: "connector.data+bounce-".to_owned(),
        ..Trust::default()
    };
    let mail = Mail::read(bytes, Some(DANA), &Limits::STANDARD, &trust);
    receive(portal, "case", mail).await;
}

/// Whom a checked file would create, each with a detail.
async fn created(portal: &Portal, detail: Attribute) -> Vec<(u32, String, String)> {
    let (grace, id) = (portal.persona("Grace").await, latest(portal).await);
    let shown = review(portal, &grace, &id).await;
    let row = |row: &gate::Row| match &row.planned.step {
        Step::CreateAccount { attributes, .. } => {
            let name = format!(
                "{} {}",
                attributes.text(Attribute::FirstName),
                attributes.text(Attribute::LastName)
            );
            (row.planned.row.0, name, attributes.text(detail).to_owned())
        }
        other => panic!("{other:?}"),
    };
    shown.rows.iter().map(row).collect()
}

on_both! {
    async fn case_53_a_split_file_name_is_put_together(portal: Portal) {
        dana(&portal).await;
        case(&portal, case!("53-mail-octet-stream-split-file-name")).await;
        let names: Vec<_> = created(&portal, Attribute::LocalId).await.into_iter().map(|(row, name, _)| (row, name)).collect();
        assert_eq!(names, [(2, "Alaric Fothergilly".to_owned()), (3, "Beatrice Swarbricke".to_owned())]);
        let (to, letter) = only(&portal).await;
        assert_eq!(to, DANA);
        says(&letter, &["File: Riverside – starters.CSV", "create 2 accounts"]);
        assert_eq!(letter.attachments[0].name, "Riverside – starters-checked.csv");
    }

    async fn case_54_winmail_dat_is_unpacked(portal: Portal) {
        dana(&portal).await;
        case(&portal, case!("54-mail-winmail-dat")).await;
        let names: Vec<_> = created(&portal, Attribute::LocalId).await.into_iter().map(|(row, name, _)| (row, name)).collect();
        assert_eq!(names, [(2, "Alaric Fothergilly".to_owned()), (3, "Beatrice Swarbricke".to_owned())]);
        says(&only(&portal).await.1, &["File: starters.csv", "create 2 accounts"]);
    }

    async fn case_55_an_inline_list_beside_a_logo_is_the_file(portal: Portal) {
        dana(&portal).await;
        case(&portal, case!("55-mail-inline-list-beside-a-logo")).await;
        assert_eq!(created(&portal, Attribute::LocalId).await.len(), 2);
        says(&only(&portal).await.1, &["File: Liste März.CSV", "create 2 accounts"]);
    }

    async fn case_56_three_lists_are_refused_and_each_is_named(portal: Portal) {
        dana(&portal).await;
        case(&portal, case!("56-mail-three-lists-of-one-name")).await;
        assert_eq!(intakes(&portal).await, [Intake::Refused]);
        says(&only(&portal).await.1, &["(1) staff.csv, (2) staff.csv, (3) staff.csv", "Send one file per email."]);
    }

    async fn case_57_a_wrong_charset_and_soft_line_breaks_spoil_nothing(portal: Portal) {
        dana(&portal).await;
        case(&portal, case!("57-mail-quoted-printable-wrong-charset")).await;
        let rows = created(&portal, Attribute::Notes).await;
        let remark = "Ward 7, bay 2, the very long remark that makes the line longer than seventy-six signs, so that it is broken";
        let row = |number: u32, name: &str, notes: &str| (number, name.to_owned(), notes.to_owned());
        assert_eq!(rows, [row(2, "Zoë Brontëmoor", "a=b"), row(3, "Renée Tollemashe", remark)]);
    }
}
