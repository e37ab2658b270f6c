//! Mending cells of a file in the page: the row is planned again at once, others with it where that is asked.

use domain::{
    dictionary::Attribute,
    plan::Step,
    policy::Actor,
    submission::{Outcome, State},
    values::ids::{RowNumber, SubmissionId},
};
use gate::{Filter, GateError, Mend, Mended, Report, Review};
use testkit::{Portal, on_both};

use crate::{apply, file, review, told};

async fn mend(
    portal: &Portal,
    actor: &Actor,
    id: &SubmissionId,
    row: u32,
    cells: &[(Attribute, &str)],
    everywhere: &[Attribute],
) -> Result<Mended, GateError> {
    let mend = Mend {
        row: RowNumber(row),
        cells: cells
            .iter()
            .map(|(attribute, text)| (*attribute, (*text).to_owned()))
            .collect(),
        shown: vec![],
        everywhere: everywhere.to_vec(),
        overruling: vec![],
        surplus: gate::Surplus::Stays,
    };
    portal.gate.on_behalf_of(actor).mend(id, mend).await
}

fn totals(review: &Review) -> (u32, u32) {
    let totals = &review.submission.totals;
    (totals.with_problems(), totals.of(domain::plan::RowKind::Create))
}

on_both! {
    async fn a_mended_row_is_checked_and_planned_again_and_applied_as_mended(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = portal.upload(&ben, &file(&["m1,RIV,Ada,Bright,0770", "m2,RIV,Bea,Clear,07700 900123"])).await;
        assert_eq!(totals(&review(&portal, &ben, &id).await), (1, 1));
        let mended = mend(&portal, &ben, &id, 2, &[(Attribute::Mobile, "07700 900 999 9")], &[]).await.unwrap();
        assert_eq!(mended, Mended { changed: true, others: 0, ..Mended::default() });
        // Still wrong: what was written stays, and what is wrong with it is said.
        let shown = review(&portal, &ben, &id).await;
        assert!(told(&shown).contains("07700 900 999 9"), "{}", told(&shown));
        let found = Filter { words: "999 9".into(), ..Filter::default() };
        assert_eq!(portal.gate.on_behalf_of(&ben).review(&id, found).await.unwrap().rows.len(), 1);
        mend(&portal, &ben, &id, 2, &[(Attribute::Mobile, "07700 900124")], &[]).await.unwrap();
        let shown = review(&portal, &ben, &id).await;
        assert_eq!(totals(&shown), (0, 2));
        assert!(shown.shared.is_empty() && shown.others.is_empty());
        apply(&portal, &ben, &id).await;
        let shown = review(&portal, &ben, &id).await;
        assert_eq!(shown.submission.state, State::Applied);
        let Step::CreateAccount { attributes, .. } = &shown.rows[0].planned.step else { panic!("{shown:?}") };
        assert_eq!(attributes.text(Attribute::Mobile), "+447700900124");
        // What the file has there is kept beside it.
        let cells = gate::cells_of(&shown.rows[0].request).unwrap();
        assert_eq!(cells.mended, [(Attribute::Mobile, "0770".to_owned())].into());
        assert!(matches!(
            mend(&portal, &ben, &id, 2, &[(Attribute::Mobile, "")], &[]).await,
            Err(GateError::Stale)
        ));
    }

    async fn the_same_is_written_into_the_other_rows_with_the_same_text_and_problem(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let rows: Vec<_> = (0..450).map(|n| format!("w{n},RIV,Ada,Bright,{}", ["0771", "0770", "0772"][n % 3])).collect();
        let rows: Vec<_> = rows.iter().map(String::as_str).collect();
        let id = portal.upload(&ben, &file(&rows)).await;
        let shown = review(&portal, &ben, &id).await;
        assert_eq!(totals(&shown), (450, 0));
        assert_eq!(shown.others[&(RowNumber(2), Attribute::Mobile)], 149);
        let empty = [(Attribute::Mobile, "")];
        let mended = mend(&portal, &ben, &id, 2, &empty, &[Attribute::Mobile]).await.unwrap();
        assert_eq!(mended, Mended { changed: true, others: 149, ..Mended::default() });
        assert_eq!(totals(&review(&portal, &ben, &id).await), (300, 150));
        // All of one name, and yet every one is promised an address of their own.
        let creating = Filter { kind: Some(domain::plan::RowKind::Create), ..Filter::default() };
        let first = portal.gate.on_behalf_of(&ben).review(&id, creating).await.unwrap();
        let addresses: std::collections::HashSet<_> = first.rows.iter().map(|row| row.planned.step.new_address()).collect();
        assert_eq!(addresses.len(), first.rows.len());
        mend(&portal, &ben, &id, 3, &empty, &[]).await.unwrap();
        assert_eq!(totals(&review(&portal, &ben, &id).await), (299, 151));
        apply(&portal, &ben, &id).await;
        let ended = review(&portal, &ben, &id).await.submission;
        assert_eq!(ended.state, State::Applied, "{:?}", ended.totals);
    }

    async fn rows_that_gave_the_same_key_are_planned_again_with_the_one_that_is_mended(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let rows = ["t1,RIV,Ada,Bright,", "t1,RIV,Bea,Clear,", "t2,RIV,Cay,Dunn,"];
        let id = portal.upload(&ben, &file(&rows)).await;
        assert_eq!(totals(&review(&portal, &ben, &id).await), (2, 1));
        mend(&portal, &ben, &id, 3, &[(Attribute::LocalId, "t2")], &[]).await.unwrap();
        let shown = told(&review(&portal, &ben, &id).await);
        assert!(shown.lines().next().unwrap().contains("create in RIV"), "{shown}");
        assert_eq!(totals(&review(&portal, &ben, &id).await), (1, 2), "{shown}");
        mend(&portal, &ben, &id, 3, &[(Attribute::LocalId, "t3")], &[]).await.unwrap();
        assert_eq!(totals(&review(&portal, &ben, &id).await), (0, 3));
    }

    async fn in_a_long_file_rows_that_clash_still_clash_when_something_else_of_both_is_mended(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let twins = ["tw,RIV,Ada,Bright,0770", "tw,RIV,Bea,Clear,0770"].map(str::to_owned);
        let others = (0..2_100).map(|n| format!("t{n},RIV,Cy,Dale,07700 900123"));
        let rows: Vec<_> = twins.into_iter().chain(others).collect();
        let rows: Vec<_> = rows.iter().map(String::as_str).collect();
        let id = portal.upload(&ben, &file(&rows)).await;
        assert_eq!(totals(&review(&portal, &ben, &id).await), (2, 2_100));
        let mobile = [(Attribute::Mobile, "07700 900124")];
        let mended = mend(&portal, &ben, &id, 2, &mobile, &[Attribute::Mobile]).await.unwrap();
        assert_eq!(mended, Mended { changed: true, others: 1, ..Mended::default() });
        let shown = review(&portal, &ben, &id).await;
        assert_eq!(totals(&shown), (2, 2_100), "{}", told(&shown));
        mend(&portal, &ben, &id, 2, &[(Attribute::LocalId, "tw2")], &[]).await.unwrap();
        assert_eq!(totals(&review(&portal, &ben, &id).await), (0, 2_102));
    }

    async fn a_file_that_goes_back_to_review_has_its_problems_open_again(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let text = file(&["1001,RIV,,,07700 900111", "s1,RIV,Ada,Bright,0770"]);
        let (first, second) = (portal.upload(&ben, &text).await, portal.upload(&ben, &text).await);
        for id in [&first, &second] {
            apply(&portal, &ben, id).await;
        }
        let shown = review(&portal, &ben, &second).await;
        assert_eq!(shown.submission.state, State::Planned);
        assert!(mend(&portal, &ben, &second, 3, &[(Attribute::Mobile, "07700 900112")], &[]).await.unwrap().changed);
        apply(&portal, &ben, &second).await;
        let done = review(&portal, &ben, &second).await.submission;
        assert_eq!((done.state, done.totals.with(Outcome::Done)), (State::Applied, 2));
    }

    async fn what_was_written_in_another_window_is_not_overwritten_unseen(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = portal.upload(&ben, &file(&["s1,RIV,Ada,Bright,0770"])).await;
        mend(&portal, &ben, &id, 2, &[(Attribute::FirstName, "Bea")], &[]).await.unwrap();
        let late = |text: &str, shown: &str| Mend {
            row: RowNumber(2),
            cells: vec![(Attribute::FirstName, text.to_owned())],
            shown: vec![(Attribute::FirstName, shown.to_owned())],
            everywhere: vec![],
            overruling: vec![],
            surplus: gate::Surplus::Stays,
        };
        let visit = portal.gate.on_behalf_of(&ben);
        let told = visit.mend(&id, late("Cay", "Ada")).await.unwrap();
        assert_eq!(told.overtaken, [(Attribute::FirstName, "Bea".to_owned())]);
        let (_, row) = visit.row_to_mend(&id, RowNumber(2)).await.unwrap();
        assert_eq!(gate::cells_of(&row.request).unwrap().text(Attribute::FirstName), "Bea");
        // The same in both is no clash, and whoever has seen it may write over it.
        assert_eq!(visit.mend(&id, late("Bea", "Ada")).await.unwrap(), Mended::default());
        assert!(visit.mend(&id, late("Cay", "Bea")).await.unwrap().changed);
    }

    async fn nothing_is_mended_beyond_the_scope_or_by_others(portal: Portal) {
        let (ben, priya, gwen) = (portal.persona("Ben").await, portal.persona("Priya").await, portal.persona("Gwen").await);
        let id = portal.upload(&ben, &file(&["s1,RIV,Ada,Bright,0770"])).await;
        let to_other = [(Attribute::Mobile, ""), (Attribute::Organisation, "G7H8J")];
        assert!(matches!(mend(&portal, &gwen, &id, 2, &to_other, &[]).await, Err(GateError::NotFound)));
        assert!(matches!(mend(&portal, &priya, &id, 2, &to_other, &[]).await, Err(GateError::Denied)));
        assert!(matches!(mend(&portal, &ben, &id, 3, &to_other, &[]).await, Err(GateError::NotFound)));
        let visit = portal.gate.on_behalf_of(&priya);
        assert!(matches!(visit.row_to_mend(&id, RowNumber(2)).await, Err(GateError::NotFound)));
        // An organisation out of the scope is one that is not there, also for who writes its code into the page.
        mend(&portal, &ben, &id, 2, &to_other, &[]).await.unwrap();
        let outside = told(&review(&portal, &ben, &id).await);
        mend(&portal, &ben, &id, 2, &[(Attribute::Organisation, "ZZZZZ")], &[]).await.unwrap();
        let nowhere = told(&review(&portal, &ben, &id).await);
        assert_eq!(outside.replace("G7H8J", "ZZZZZ"), nowhere);
        assert!(nowhere.contains("leave out"), "{nowhere}");
    }

    async fn the_problem_file_has_the_cells_as_they_were_mended(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = portal.upload(&ben, &file(&["p1,RIV,Ada,Bright,0770", "p2,RIV,Bea,Clear,"])).await;
        mend(&portal, &ben, &id, 2, &[(Attribute::Mobile, "07701")], &[]).await.unwrap();
        let visit = portal.gate.on_behalf_of(&ben);
        let (_, problems) = visit.report(&id, Report::Problems).await.unwrap();
        let problems = String::from_utf8(problems).unwrap();
        assert!(problems.contains("p1,RIV,Ada,Bright,07701,"), "{problems}");
    }

    async fn a_plan_that_was_mended_since_it_was_shown_is_not_applied(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = portal.upload(&ben, &file(&["o1,RIV,Ada,Bright,0770", "o2,RIV,Bea,Clear,"])).await;
        let shown = review(&portal, &ben, &id).await.submission;
        mend(&portal, &ben, &id, 2, &[(Attribute::Mobile, "")], &[]).await.unwrap();
        let said = gate::Confirmation { seen: gate::seen(&shown), ..gate::Confirmation::default() };
        let confirmed = portal.gate.on_behalf_of(&ben).confirm(&id, said).await;
        assert!(matches!(confirmed, Err(GateError::Stale)));
        apply(&portal, &ben, &id).await;
        assert_eq!(review(&portal, &ben, &id).await.submission.state, State::Applied);
    }

    async fn a_cell_that_the_file_has_no_column_for_is_mended_where_it_is_missing_and_nowhere_else(portal: Portal) {
        let una = portal.persona("Una").await;
        let id = portal.upload(&una, &file(&["u1,RIV,Ada,Bright,0770", "u2,RIV,Bea,Clear,"])).await;
        let texts = [(Attribute::Unit, "Medicine"), (Attribute::Quota, "99")];
        mend(&portal, &una, &id, 2, &texts, &[Attribute::Unit]).await.unwrap();
        let shown = review(&portal, &una, &id).await;
        assert_eq!(gate::cells_of(&shown.rows[0].request).unwrap().text(Attribute::Quota), "");
        assert_eq!(totals(&shown), (1, 1), "{}", told(&shown));
        // It stands in a column of its own, and the file can be sent again as it is.
        let (_, problems) = portal.gate.on_behalf_of(&una).report(&id, Report::Problems).await.unwrap();
        let again = portal.upload(&una, &String::from_utf8(problems).unwrap().replace("0770", "")).await;
        let again = review(&portal, &una, &again).await;
        assert_eq!(totals(&again), (0, 1), "{}", told(&again));
    }
}
