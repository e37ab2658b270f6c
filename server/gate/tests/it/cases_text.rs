//! CSV files as people really have them, each after a public bug report: what becomes of each row. The number is that of the
//! folder in `server/testkit/cases/`.

use domain::{
    channel::Channel,
    dictionary::Attribute,
    layout::Notice,
    plan::Step,
    policy::Actor,
    problem::Kind,
    submission::State,
    values::ids::{RowNumber, SubmissionId},
};
use gate::{Arriving, LookingAt, Report, Review};
use testkit::{Portal, on_both};

use crate::{apply, review};

macro_rules! case {
    ($file:literal) => {
        include_bytes!(concat!("../../../testkit/cases/", $file))
    };
}

async fn upload(portal: &Portal, sender: &Actor, bytes: &[u8]) -> SubmissionId {
    let arriving = Arriving {
        channel: Channel::PortalCsv,
        file_name: "STAFF LIST.CSV".to_owned(),
        bytes: bytes.to_vec(),
    };
    let id = portal.gate.on_behalf_of(sender).submit(arriving).await.unwrap();
    portal.work().await;
    id
}

/// What a file comes to for an administrator of Riverside.
async fn checked(portal: &Portal, bytes: &[u8]) -> Review {
    let ben = portal.persona("Ben").await;
    let id = upload(portal, &ben, bytes).await;
    review(portal, &ben, &id).await
}

/// Each row's number, and this detail of whoever it creates; its problems where it creates nobody.
fn rows(review: &Review, detail: Attribute) -> Vec<(u32, String)> {
    let told = review.rows.iter().map(|row| {
        let text = match &row.planned.step {
            Step::CreateAccount { attributes, .. } => attributes.text(detail).to_owned(),
            Step::LeaveOut { problems } => {
                let said: Vec<_> = problems.iter().map(|problem| problem.message()).collect();
                said.join(" ")
            }
            other => format!("{other:?}"),
        };
        (row.planned.row.0, text)
    });
    told.collect()
}

fn are(rows: &[(u32, String)], expected: &[(u32, &str)]) {
    let rows: Vec<_> = rows.iter().map(|(row, text)| (*row, text.as_str())).collect();
    assert_eq!(rows, expected);
}

const BROKEN: &str =
    "The quotation marks in this row do not match: a cell is never closed, or goes on after its closing mark.";

on_both! {
    async fn case_02_marks_within_a_cell_stay(portal: Portal) {
        let shown = checked(&portal, case!("02-inch-mark-in-the-middle/input.csv")).await;
        are(&rows(&shown, Attribute::JobTitle), &[(2, "5\" pipe fitter"), (3, "Nurse"), (4, "Porter")]);
        are(&rows(&shown, Attribute::Notes), &[(2, ""), (3, "Known as \"Bunty\" on the ward"), (4, "")]);
    }

    async fn case_03_marks_escaped_by_backslashes_are_a_problem(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = upload(&portal, &ben, case!("03-backslash-escaped-quotes/input.csv")).await;
        let shown = review(&portal, &ben, &id).await;
        are(&rows(&shown, Attribute::LastName), &[(2, BROKEN), (3, BROKEN), (4, "Bransgore")]);
        // Sent again as it is given back, nothing has become of it by itself.
        apply(&portal, &ben, &id).await;
        let (_, problems) = portal.gate.on_behalf_of(&ben).report(&id, Report::Problems).await.unwrap();
        let text = String::from_utf8(problems.clone()).unwrap();
        assert!(text.contains("Known as \\\"\"Kit"), "{text}");
        let again = checked(&portal, &problems).await;
        let are_too_wide = again.rows.iter().all(|row| {
            matches!(row.planned.step.problems(), [problem] if matches!(problem.kind, Kind::TooManyCells { .. }))
        });
        assert!(again.rows.len() == 2 && are_too_wide, "{:?}", rows(&again, Attribute::LastName));
    }

    async fn a_broken_cell_swallows_no_neighbour(portal: Portal) {
        let file = "LocalID,ODSCode,FirstName,LastName,Notes\n\
            9201,RIV,Rollo,Vantage,\"starts \"soon\n9202,RIV,Cosmo,Hartley,\n\
            9203,RIV,Philippa,Wintry,\"on leave\n9204,RIV,Lettice,Brans,\"back\"\n\
            9205,RIV,Ambrose,Nettle,\"one\ntwo\nand \"three\" of\n9206,RIV,Tabitha,Crick,\n";
        let shown = checked(&portal, file.as_bytes()).await;
        let swallowed = format!("{BROKEN} Rows 7 and 8 may be part of that cell and were not read.");
        let apart = format!("{BROKEN} The rows from row 5 on were read separately.");
        are(&rows(&shown, Attribute::LocalId), &[
            (2, BROKEN), (3, "9202"), (4, apart.as_str()), (5, "9204"), (6, swallowed.as_str()), (9, "9206"),
        ]);
    }

    async fn case_05_one_heading_with_commas_is_the_only_unknown_one(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = upload(&portal, &ben, case!("05-heading-with-commas-in-semicolon-file/input.csv")).await;
        let visit = portal.gate.on_behalf_of(&ben);
        let submission = visit.submission(&id).await.unwrap();
        let [problem] = submission.problems.as_slice() else { panic!("{:?}", submission.problems) };
        let Kind::UnknownFormat { missing, extra, .. } = &problem.kind else { panic!("{problem:?}") };
        assert!(missing.is_empty(), "{missing:?}");
        assert_eq!(extra.as_slice(), ["Notes, as told by ward, team, payroll, HR, manager"]);
        let asked = visit.columns(&id, &LookingAt::Likely).await.unwrap();
        let mut said = asked.layout;
        said.columns[4].1 = None;
        visit.choose_columns(&id, &said).await.unwrap().unwrap();
        portal.work().await;
        let shown = review(&portal, &ben, &id).await;
        are(&rows(&shown, Attribute::LastName), &[(2, "Satterthwaite"), (3, "Goodenough")]);
    }

    async fn case_06_headings_in_row_3_are_found(portal: Portal) {
        let shown = checked(&portal, case!("06-headings-in-row-3/input.csv")).await;
        are(&rows(&shown, Attribute::LastName), &[(4, "Tredwell-Pike"), (5, "Nettlefold")]);
        assert_eq!(shown.submission.layout.notices, [Notice::HeadingsInRow { row: RowNumber(3) }]);
    }

    async fn case_07_headings_in_the_middle_are_nobody(portal: Portal) {
        let shown = checked(&portal, case!("07-two-exports-glued-together/input.csv")).await;
        are(&rows(&shown, Attribute::LocalId), &[(2, "9117"), (4, "9118"), (5, "9119")]);
        let again = Notice::HeadingsAgain { rows: vec![RowNumber(3)], more: 0 };
        assert_eq!(shown.submission.layout.notices, [again]);
    }

    async fn case_09_rows_of_invisible_blanks_are_none(portal: Portal) {
        let shown = checked(&portal, case!("09-rows-of-invisible-blanks/input.csv")).await;
        are(&rows(&shown, Attribute::LocalId), &[(2, "9122"), (7, "9123")]);
    }

    async fn case_10_a_heading_that_is_there_twice_is_asked_about(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = upload(&portal, &ben, case!("10-same-heading-twice/input.csv")).await;
        let visit = portal.gate.on_behalf_of(&ben);
        let submission = visit.submission(&id).await.unwrap();
        assert_eq!(submission.state, State::Unreadable);
        assert!(submission.problems[0].message().contains("Repeated: “telephone”"), "{}", submission.problems[0]);
        let samples = visit.columns(&id, &LookingAt::Likely).await.unwrap().samples;
        assert_eq!(samples[0][4..], ["01632 960711", "01632 960712"]);
    }

    async fn case_13_an_old_macintosh_is_read_with_its_letters_told(portal: Portal) {
        let shown = checked(&portal, case!("13-macroman-from-excel-for-mac/input.csv")).await;
        are(&rows(&shown, Attribute::FirstName), &[(2, "Renée"), (3, "François"), (4, "Zoë")]);
        let [notice] = shown.submission.layout.notices.as_slice() else { panic!("{:?}", shown.submission.layout) };
        let said = notice.sentence();
        assert!(said.contains("Mac Roman") && said.contains("C2 “Renée”, C3 “François” and C4 “Zoë”"), "{said}");
    }

    async fn case_14_two_byte_order_marks_are_no_part_of_a_heading(portal: Portal) {
        let shown = checked(&portal, case!("14-two-boms-and-quoted-headings/input.csv")).await;
        are(&rows(&shown, Attribute::LocalId), &[(2, "9137")]);
        assert!(shown.submission.layout.notices.is_empty());
    }

    async fn case_45_a_file_name_in_capitals_is_taken(portal: Portal) {
        let shown = checked(&portal, case!("45-csv-called-ms-excel/STAFF LIST.CSV")).await;
        are(&rows(&shown, Attribute::LocalId), &[(2, "9205")]);
    }

    async fn text_that_was_encoded_twice_is_read_as_it_was_meant(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let file = "LocalID,ODSCode,FirstName,LastName\n9211,RIV,ZoÃ«,Oâ€™Rafferty\n";
        let id = upload(&portal, &ben, file.as_bytes()).await;
        let shown = review(&portal, &ben, &id).await;
        are(&rows(&shown, Attribute::FirstName), &[(2, "Zoë")]);
        let said = shown.submission.layout.notices[0].sentence();
        assert!(said.ends_with("C2 “ZoÃ«” as “Zoë” and D2 “Oâ€™Rafferty” as “O’Rafferty”."), "{said}");
        // What is told goes with the file: it quotes names.
        let tx = portal.gate.store().begin().await.unwrap();
        let mut held = store::submissions::hold(&tx, &id).await.unwrap().unwrap();
        store::submissions::drop_file(&tx, &mut held).await.unwrap();
        tx.commit().await.unwrap();
        let kept = portal.gate.on_behalf_of(&ben).submission(&id).await.unwrap();
        assert!(kept.file_gone && kept.layout.notices.is_empty());
    }
}
