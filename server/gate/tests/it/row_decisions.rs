//! Deciding on a file row by row: skipping and including, which stays when the row is planned again; rows that meet others.

use domain::{
    dictionary::Attribute,
    plan::RowKind,
    policy::Actor,
    submission::{LookAlikes, Outcome, State},
    values::ids::{RowNumber, SubmissionId},
};
use gate::{
    Confirmation, Filter, GateError, Mend, Report, Review, RowDecision, Surplus, cells_to_mend, seen, to_decide,
};
use testkit::{Portal, on_both};

use crate::{apply, file, review, told};

async fn decide(portal: &Portal, actor: &Actor, id: &SubmissionId, row: u32, decision: RowDecision) -> bool {
    let shown = review(portal, actor, id).await.submission;
    let visit = portal.gate.on_behalf_of(actor);
    visit.decide(id, RowNumber(row), decision, seen(&shown)).await.unwrap()
}

async fn mend(portal: &Portal, actor: &Actor, id: &SubmissionId, mend: Mend) {
    assert!(portal.gate.on_behalf_of(actor).mend(id, mend).await.unwrap().changed);
}

fn of_row(row: u32, cells: &[(Attribute, &str)]) -> Mend {
    let cells = cells.iter().map(|(attribute, text)| (*attribute, (*text).to_owned()));
    Mend {
        row: RowNumber(row),
        cells: cells.collect(),
        shown: vec![],
        everywhere: vec![],
        overruling: vec![],
        surplus: Surplus::Stays,
    }
}

/// Rows with problems, to create, to update, that need no change, and that are skipped.
fn counts(review: &Review) -> [u32; 5] {
    let totals = &review.submission.totals;
    [
        RowKind::Problem,
        RowKind::Create,
        RowKind::Update,
        RowKind::NoChange,
        RowKind::Skipped,
    ]
    .map(|kind| totals.of(kind))
}

async fn report(portal: &Portal, actor: &Actor, id: &SubmissionId, which: Report) -> String {
    let (_, bytes) = portal.gate.on_behalf_of(actor).report(id, which).await.unwrap();
    String::from_utf8(bytes).unwrap()
}

on_both! {
    async fn a_skipped_row_is_not_applied_and_its_result_says_so(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let rows = ["s1,RIV,Ada,Bright,", "s2,RIV,Bea,Clear,", "s3,RIV,Cay,Dunn,0770"];
        let id = portal.upload(&ben, &file(&rows)).await;
        assert!(decide(&portal, &ben, &id, 2, RowDecision::Skip).await);
        assert!(!decide(&portal, &ben, &id, 2, RowDecision::Skip).await);
        assert!(decide(&portal, &ben, &id, 4, RowDecision::Skip).await);
        let shown = review(&portal, &ben, &id).await;
        assert_eq!(counts(&shown), [0, 1, 0, 0, 2]);
        // Nothing is to be fixed in it.
        assert!(shown.shared.is_empty());
        let skipped = Filter { kind: Some(RowKind::Skipped), ..Filter::default() };
        assert_eq!(portal.gate.on_behalf_of(&ben).review(&id, skipped.clone()).await.unwrap().rows.len(), 2);
        apply(&portal, &ben, &id).await;
        let shown = portal.gate.on_behalf_of(&ben).review(&id, skipped).await.unwrap();
        let totals = &shown.submission.totals;
        assert_eq!((shown.submission.state, shown.rows.len()), (State::Applied, 2));
        assert_eq!((totals.with(Outcome::Done), totals.skipped(), totals.rejected()), (1, 2, 0));
        let result = report(&portal, &ben, &id, Report::Result).await;
        assert!(result.contains("s1,RIV,Ada,Bright,,Skipped: you chose not to apply this row."), "{result}");
        // What was skipped is done with; it does not come back to be fixed.
        assert_eq!(report(&portal, &ben, &id, Report::Problems).await.lines().count(), 1);
    }

    async fn one_of_two_equal_rows_is_skipped_and_the_other_applied(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = portal.upload(&ben, &file(&["t1,RIV,Ada,Bright,", "t1,RIV,Ada,Bright,"])).await;
        assert_eq!(counts(&review(&portal, &ben, &id).await), [2, 0, 0, 0, 0]);
        decide(&portal, &ben, &id, 3, RowDecision::Skip).await;
        assert_eq!(counts(&review(&portal, &ben, &id).await), [0, 1, 0, 0, 1]);
        // Included again, it has its problem again.
        decide(&portal, &ben, &id, 3, RowDecision::Include).await;
        assert_eq!(counts(&review(&portal, &ben, &id).await), [1, 1, 0, 0, 0]);
        decide(&portal, &ben, &id, 3, RowDecision::Skip).await;
        apply(&portal, &ben, &id).await;
        let done = review(&portal, &ben, &id).await.submission;
        assert_eq!((done.state, done.totals.with(Outcome::Done), done.totals.skipped()), (State::Applied, 1, 1));
    }

    async fn possible_duplicates_are_answered_row_by_row(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let nobby = ",RIV,Nobby,Numberless,";
        let first = portal.upload(&ben, &file(&[nobby])).await;
        apply(&portal, &ben, &first).await;
        let id = portal.upload(&ben, &file(&[",RIV,Ben,Cartwright,", ",RIV,Hamid,Noorzai,", nobby])).await;
        let shown = review(&portal, &ben, &id).await;
        assert_eq!(shown.submission.totals.warned(), 3);
        decide(&portal, &ben, &id, 2, RowDecision::Skip).await;
        decide(&portal, &ben, &id, 3, RowDecision::Include).await;
        assert_eq!(review(&portal, &ben, &id).await.submission.totals.warned(), 1);
        // The third is who is here: the file has no column for what says so, and the page has a field.
        assert!(told(&shown).contains("enter the email address nobby.numberless@health.example in this row"));
        assert!(cells_to_mend(&shown.submission, &shown.rows[2]).contains(&Attribute::EmailAddress));
        let address = [(Attribute::EmailAddress, "nobby.numberless@health.example")];
        mend(&portal, &ben, &id, of_row(4, &address)).await;
        let shown = review(&portal, &ben, &id).await;
        assert_eq!((counts(&shown), shown.submission.totals.warned()), ([0, 1, 0, 1, 1], 0));
        // Nothing is left to be asked of them all.
        let said = Confirmation { seen: seen(&shown.submission), ..Confirmation::default() };
        portal.gate.on_behalf_of(&ben).confirm(&id, said).await.unwrap();
        portal.work().await;
        let shown = review(&portal, &ben, &id).await;
        let outcomes: Vec<_> = shown.rows.iter().map(|row| row.outcome).collect();
        assert_eq!(outcomes, [Outcome::LeftOut, Outcome::Done, Outcome::Done]);
        assert_eq!(shown.rows[1].address.as_deref(), Some("hamid.noorzai2@health.example"));
    }

    async fn what_was_applied_or_skipped_needs_no_decision_any_more(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let rows = ["1001,RIV,,,07700 900111", ",RIV,Ben,Cartwright,", ",RIV,Hamid,Noorzai,"];
        let id = portal.upload(&ben, &file(&rows)).await;
        let other = portal.upload(&ben, &file(&["1001,RIV,,,07700 900112"])).await;
        apply(&portal, &ben, &other).await;
        let visit = portal.gate.on_behalf_of(&ben);
        let alike = Filter { warned: true, ..Filter::default() };
        let asked = async || {
            let shown = visit.review(&id, alike.clone()).await.unwrap();
            (to_decide(&shown.submission), shown.rows.len())
        };
        assert_eq!(asked().await, (2, 2));
        let said = Confirmation {
            seen: seen(&review(&portal, &ben, &id).await.submission),
            look_alikes: Some(LookAlikes::Create),
            ..Confirmation::default()
        };
        visit.confirm(&id, said).await.unwrap();
        portal.work().await;
        let totals = review(&portal, &ben, &id).await.submission.totals;
        assert_eq!((totals.with(Outcome::Done), totals.with(Outcome::Stale)), (2, 1));
        assert_eq!(asked().await, (0, 0));
        visit.decline(&id).await.unwrap();
        assert_eq!(review(&portal, &ben, &id).await.submission.state, State::Applied);
        assert_eq!(asked().await, (0, 0));
    }

    async fn what_was_decided_stays_when_rows_go_back_to_review(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = portal.upload(&ben, &file(&["1001,RIV,,,07700 900111", "s1,RIV,Ada,Bright,"])).await;
        decide(&portal, &ben, &id, 3, RowDecision::Skip).await;
        let other = portal.upload(&ben, &file(&["1001,RIV,,,07700 900112"])).await;
        apply(&portal, &ben, &other).await;
        apply(&portal, &ben, &id).await;
        let shown = review(&portal, &ben, &id).await;
        assert_eq!(shown.submission.state, State::Planned);
        assert_eq!((shown.rows[0].outcome, shown.rows[1].planned.step.kind()), (Outcome::Stale, RowKind::Skipped));
        // It can still be taken back, and mended.
        decide(&portal, &ben, &id, 3, RowDecision::Include).await;
        mend(&portal, &ben, &id, of_row(3, &[(Attribute::Mobile, "07700 900113")])).await;
        apply(&portal, &ben, &id).await;
        let done = review(&portal, &ben, &id).await.submission;
        assert_eq!((done.state, done.totals.with(Outcome::Done)), (State::Applied, 2));
    }

    async fn a_row_that_was_mended_stays_skipped(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = portal.upload(&ben, &file(&["s1,RIV,Ada,Bright,0770"])).await;
        decide(&portal, &ben, &id, 2, RowDecision::Skip).await;
        mend(&portal, &ben, &id, of_row(2, &[(Attribute::Mobile, "07700 900113")])).await;
        assert_eq!(counts(&review(&portal, &ben, &id).await), [0, 0, 0, 0, 1]);
        decide(&portal, &ben, &id, 2, RowDecision::Include).await;
        assert_eq!(counts(&review(&portal, &ben, &id).await), [0, 1, 0, 0, 0]);
    }

    async fn a_decision_on_a_plan_that_has_changed_since_is_not_taken(portal: Portal) {
        let (ben, priya, gwen) = (portal.persona("Ben").await, portal.persona("Priya").await, portal.persona("Gwen").await);
        let id = portal.upload(&ben, &file(&["s1,RIV,Ada,Bright,", "s2,RIV,Bea,Clear,"])).await;
        let was_seen = seen(&review(&portal, &ben, &id).await.submission);
        decide(&portal, &ben, &id, 2, RowDecision::Skip).await;
        let skip = async |actor, row, seen| portal.gate.on_behalf_of(actor).decide(&id, RowNumber(row), RowDecision::Skip, seen).await;
        assert!(matches!(skip(&ben, 3, was_seen).await, Err(GateError::Stale)));
        let seen = seen(&review(&portal, &ben, &id).await.submission);
        assert!(matches!(skip(&gwen, 3, seen).await, Err(GateError::NotFound)));
        assert!(matches!(skip(&priya, 3, seen).await, Err(GateError::Denied)));
        assert!(matches!(skip(&ben, 9, seen).await, Err(GateError::NotFound)));
        assert!(skip(&ben, 3, seen).await.unwrap());
    }

    async fn a_row_with_too_many_cells_is_applied_without_those_beyond(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = portal.upload(&ben, &file(&["x1,RIV,Ada,Bright,,one too many"])).await;
        assert_eq!(counts(&review(&portal, &ben, &id).await), [1, 0, 0, 0, 0]);
        let surplus = Surplus::PassedOver;
        mend(&portal, &ben, &id, Mend { surplus, ..of_row(2, &[]) }).await;
        assert_eq!(counts(&review(&portal, &ben, &id).await), [0, 1, 0, 0, 0]);
    }

    async fn the_same_is_offered_for_other_rows_only_where_they_have_the_same_text(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let (long, longer) = ("a".repeat(121), "b".repeat(121));
        let rows = [
            format!("d1,RIV,{long},Bright,0770"),
            format!("d1,RIV,{longer},Clear,0770"),
            format!("d1,RIV,{}b,Dunn,0771", "a".repeat(120)),
        ];
        let rows: Vec<_> = rows.iter().map(String::as_str).collect();
        let id = portal.upload(&ben, &file(&rows)).await;
        let others = review(&portal, &ben, &id).await.others;
        // Not of names that are only as long as another, nor of a local ID, which is one person's.
        let expected = [((RowNumber(2), Attribute::Mobile), 1), ((RowNumber(3), Attribute::Mobile), 1)];
        assert_eq!(others, expected.into());
    }

    async fn rows_about_one_person_name_each_other_however_far_apart_they_are(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let letters = |number: usize| (0..3).map(|place| char::from(b'a' + (number / 26_usize.pow(place) % 26) as u8)).collect::<String>();
        let others = (0..1_100).map(|number| format!("u{number},RIV,Una,Usual{},,", letters(number)));
        let first = "2,RIV,,,07700 900111,".to_owned();
        let last = ",RIV,,,,ben.cartwright@health.example".to_owned();
        let rows: Vec<_> = [first].into_iter().chain(others).chain([last]).collect();
        let text = format!("LocalID,ODSCode,FirstName,LastName,Mobile,EmailAddress\n{}\n", rows.join("\n"));
        let id = portal.upload(&ben, &text).await;
        let problems = Filter { kind: Some(RowKind::Problem), ..Filter::default() };
        let shown = portal.gate.on_behalf_of(&ben).review(&id, problems).await.unwrap();
        let said = told(&shown);
        assert_eq!(shown.rows.len(), 2, "{said}");
        assert!(said.contains("A2: 2 is also in row 1103.") && said.contains("F1103: ben.cartwright@health.example is also in row 2."), "{said}");
        // Without the one, the other is applied.
        decide(&portal, &ben, &id, 1_103, RowDecision::Skip).await;
        assert_eq!(counts(&review(&portal, &ben, &id).await), [0, 1_100, 1, 0, 1]);
    }

    async fn an_organisations_name_in_place_of_its_code_is_looked_up_in_sight_only(portal: Portal) {
        let (ben, gwen) = (portal.persona("Ben").await, portal.persona("Gwen").await);
        let row = file(&["n1,Riverside Hospitals Trust,Ada,Bright,"]);
        let (own, other) = (portal.upload(&ben, &row).await, portal.upload(&gwen, &row).await);
        let own = told(&review(&portal, &ben, &own).await);
        assert!(own.contains("Did you mean RIV (Riverside Hospitals Trust)?") && !own.contains("Shorten"), "{own}");
        let other = told(&review(&portal, &gwen, &other).await);
        assert!(other.contains("You do not manage an organisation with the code") && !other.contains("RIV"), "{other}");
    }
}
