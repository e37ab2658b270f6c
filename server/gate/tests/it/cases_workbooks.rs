//! Workbooks after public bug reports of comparable software, each by its number: what becomes of every row.

use domain::{
    channel::Channel,
    dictionary::Attribute,
    layout::Notice,
    plan::{AccountStep, Step},
    policy::Actor,
    problem::{Audience, Kind},
    submission::State,
    values::ids::SubmissionId,
};
use gate::{Arriving, Review};
use testkit::{Portal, on_both};

use crate::review;

macro_rules! case {
    ($name:literal) => {
        include_bytes!(concat!("../../../testkit/cases/", $name)).as_slice()
    };
}

/// Uploads a case's file as the local administrator of Riverside and has it checked.
async fn sent(portal: &Portal, ben: &Actor, bytes: &[u8]) -> SubmissionId {
    let arriving = Arriving {
        channel: Channel::PortalCsv,
        file_name: "staff list.xlsx".to_owned(),
        bytes: bytes.to_vec(),
    };
    let id = portal
        .gate
        .on_behalf_of(ben)
        .submit(arriving)
        .await
        .expect("the file is taken");
    portal.work().await;
    id
}

/// What a case's file would do.
async fn reviewed(portal: &Portal, bytes: &[u8]) -> Review {
    let ben = portal.persona("Ben").await;
    let id = sent(portal, &ben, bytes).await;
    let review = review(portal, &ben, &id).await;
    assert_eq!(
        review.submission.state,
        State::Planned,
        "{:?}",
        review.submission.problems
    );
    review
}

/// Each row with what becomes of it: `2 create in RIV: Jennifer Null`, `4 problems: E4`.
fn outcomes(review: &Review) -> Vec<String> {
    let layout = &review.submission.layout;
    let outcome = |step: &Step| match step {
        Step::CreateAccount {
            organisation,
            attributes,
            ..
        } => {
            let name = [Attribute::FirstName, Attribute::LastName].map(|name| attributes.text(name));
            format!("create in {organisation}: {}", name.join(" "))
        }
        Step::LeaveOut { problems } => {
            let places: Vec<_> = problems.iter().map(|problem| problem.place.name(layout)).collect();
            format!("problems: {}", places.join(", "))
        }
        Step::Account(_, AccountStep::Update { .. }) => "update".to_owned(),
        Step::Nothing { .. } => "no change".to_owned(),
        other => format!("{other:?}"),
    };
    let rows = review.rows.iter().map(|row| &row.planned);
    rows.map(|row| format!("{} {}", row.row, outcome(&row.step))).collect()
}

/// What an account that a row creates would have there.
fn created(review: &Review, row: u32, attribute: Attribute) -> String {
    let planned = review
        .rows
        .iter()
        .map(|row| &row.planned)
        .find(|planned| planned.row.0 == row);
    match planned.map(|planned| &planned.step) {
        Some(Step::CreateAccount { attributes, .. }) => attributes.text(attribute).to_owned(),
        other => panic!("row {row}: {other:?}"),
    }
}

/// What is said of a row that has problems.
fn said(review: &Review, row: u32) -> String {
    let planned = review
        .rows
        .iter()
        .map(|row| &row.planned)
        .find(|planned| planned.row.0 == row);
    match planned.map(|planned| &planned.step) {
        Some(Step::LeaveOut { problems }) => problems.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        other => panic!("row {row}: {other:?}"),
    }
}

on_both! {
    async fn case_26_people_called_null_and_true_keep_their_names(portal: Portal) {
        let review = reviewed(&portal, case!("26-people-called-null-and-true/input.xlsx")).await;
        let outcomes = outcomes(&review);
        assert_eq!(outcomes[0], "2 create in RIV: Jennifer Null");
        assert!(created(&review, 2, Attribute::EmailAddress).contains(".null@"));
        assert_eq!(outcomes[1].to_lowercase(), "3 create in riv: true weatherstone");
        assert_eq!(outcomes[2], "4 create in RIV: Cyril Hollingbury");
        assert_eq!(created(&review, 4, Attribute::Mobile), "");
        assert!(outcomes[3].starts_with("5 create in RIV") && outcomes[3].ends_with("None"), "{outcomes:?}");
    }

    async fn case_32_error_cells_are_problems_where_they_stand(portal: Portal) {
        let review = reviewed(&portal, case!("32-error-cells/input.xlsx")).await;
        let outcomes = outcomes(&review);
        assert_eq!(outcomes[..3], ["2 problems: E2", "3 problems: D3", "4 problems: A4"]);
        assert!(outcomes[3].starts_with("5 create in RIV"), "{outcomes:?}");
        for (row, error) in [(2, "#N/A"), (3, "#REF!"), (4, "#VALUE!")] {
            assert!(said(&review, row).contains(&format!("shows the error {error} in this cell")), "{row}");
        }
    }

    async fn case_34_escapes_are_the_signs_that_they_stand_for(portal: Portal) {
        let review = reviewed(&portal, case!("34-x000d-escapes/input.xlsx")).await;
        let notes = created(&review, 2, Attribute::Notes);
        assert_eq!(notes.lines().collect::<Vec<_>>(), ["Ward 7", "Bay 2"]);
        assert_eq!(created(&review, 3, Attribute::JobTitle), "Nurse Band 5");
        assert_eq!(created(&review, 4, Attribute::Notes), "code _x0041_ here");
        let last = &outcomes(&review)[3];
        assert!(last.ends_with(" Honeyball") || last == "5 problems: D5", "{last}");
    }

    async fn case_35_rich_text_is_whole_and_without_readings(portal: Portal) {
        let review = reviewed(&portal, case!("35-rich-text-and-readings/input.xlsx")).await;
        assert_eq!(outcomes(&review), ["2 create in RIV: Annalise van der Meulenberg", "3 create in RIV: 花子 佐藤"]);
    }

    async fn case_37_part_names_in_other_case_are_found(portal: Portal) {
        let review = reviewed(&portal, case!("37-part-names-in-other-case/input.xlsx")).await;
        assert_eq!(outcomes(&review), ["2 create in RIV: Sebastian Tickleford"]);
        assert_eq!(created(&review, 2, Attribute::LocalId), "9187");
    }

    async fn case_38_cells_without_references_stay_in_their_columns(portal: Portal) {
        let review = reviewed(&portal, case!("38-cells-without-references/input.xlsx")).await;
        assert_eq!([2, 3].map(|row| created(&review, row, Attribute::LocalId)), ["9188", "9189"]);
        assert_eq!(created(&review, 2, Attribute::JobTitle), "Nurse");
        assert_eq!(created(&review, 2, Attribute::Notes), "");
    }

    async fn case_40_strict_workbooks_show_days_as_days(portal: Portal) {
        let review = reviewed(&portal, case!("40-strict-open-xml/input.xlsx")).await;
        assert_eq!([2, 3].map(|row| created(&review, row, Attribute::LocalId)), ["9192", "9193"]);
        assert_eq!(created(&review, 2, Attribute::Notes), "Starts 2027-05-01");
        assert_eq!(created(&review, 3, Attribute::Notes), "01/05/2027");
    }

    async fn case_41_styled_emptiness_is_no_row_and_no_column(portal: Portal) {
        let review = reviewed(&portal, case!("41-wrong-dimension-and-styled-emptiness/input.xlsx")).await;
        assert_eq!(review.rows.len(), 2);
        assert_eq!([2, 3].map(|row| created(&review, row, Attribute::LocalId)), ["9194", "9195"]);
    }

    async fn case_43_merged_cells_are_filled_and_that_is_said(portal: Portal) {
        let review = reviewed(&portal, case!("43-merged-organisation-cells/input.xlsx")).await;
        let expected = [
            "2 create in RIV: Hesper Garlickhythe",
            "3 create in RIV: Anselm Queenhythe",
            "4 create in RIV: Damaris Puddledock",
            "5 create in RIV01: Florian Steelyardly",
        ];
        assert_eq!(outcomes(&review), expected);
        let merged = Notice::MergedCells { cells: vec!["B2:B4".to_owned()], count: 1 };
        assert_eq!(review.submission.layout.notices, [merged]);
    }

    async fn case_44_web_pages_named_like_workbooks_are_known(portal: Portal) {
        let ben = portal.persona("Ben").await;
        for (bytes, kind) in [
            (case!("44-web-page-with-an-excel-ending/input.xls"), Kind::WebPage),
            (case!("44-web-page-with-an-excel-ending/input2.xls"), Kind::XmlWorkbook),
        ] {
            let id = sent(&portal, &ben, bytes).await;
            let submission = review(&portal, &ben, &id).await.submission;
            assert_eq!(submission.state, State::Unreadable);
            let kinds: Vec<_> = submission.problems.iter().map(|problem| problem.kind.clone()).collect();
            assert_eq!(kinds, [kind]);
            assert!(submission.problems[0].hint(Audience::Portal).contains("Open it in Excel, choose Save as"));
        }
    }

    async fn case_46_comments_are_left_out_and_links_are_read(portal: Portal) {
        let review = reviewed(&portal, case!("46-ods-comments-links-and-spaces/input.ods")).await;
        let outcomes = outcomes(&review);
        assert_eq!(outcomes[0], "2 create in RIV: Clarissa Wetherbyrne");
        assert_eq!(created(&review, 2, Attribute::JobTitle), "Staff nurse");
        assert!(["3 no change", "3 update"].contains(&outcomes[1].as_str()), "{outcomes:?}");
    }

    async fn case_48_repeated_cells_and_rows_are_all_there(portal: Portal) {
        let review = reviewed(&portal, case!("48-ods-repeated-cells-and-rows/input.ods")).await;
        let outcomes = outcomes(&review);
        assert_eq!(outcomes.len(), 3, "{outcomes:?}");
        assert!(outcomes[0].starts_with("2 problems: A2") && outcomes[1].starts_with("3 problems: A3"), "{outcomes:?}");
        assert!(said(&review, 2).contains("row 3") && said(&review, 3).contains("row 2"));
        assert_eq!(created(&review, 4, Attribute::LocalId), "9210");
    }
}
