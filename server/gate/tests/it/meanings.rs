//! What the texts of another system mean: asked about, said, and remembered.

use domain::{
    dictionary::Attribute,
    layout::plain_text,
    plan::{RowKind, Step},
    policy::Actor,
    submission::{Outcome, State},
    values::ids::{RowNumber, SubmissionId},
};
use gate::{ColumnsAsked, LookingAt, Mend, Report, Surplus, WrongColumns};
use testkit::{Portal, on_both};

use crate::{
    columns::{held, saying},
    review,
    tokens::{connector, send},
};

const ESR: &str = "Assignment No,Surname,Forename,Position Title,Org,Ward,Work Email
e1,Bright,Ada,Nurse,Riverside Hospitals Trust,Ward 7B,
e2,Bright,Bea,Nurse,Riverside Hospitals Trust,Staff bank,
e3,Bright,Cal,Porter,Riverside Childrens Hosp.,Outpatients dept,
";

const ESR_HOLDS: [Attribute; 5] = [
    Attribute::LocalId,
    Attribute::LastName,
    Attribute::FirstName,
    Attribute::JobTitle,
    Attribute::Organisation,
];

const ESR_PLACES: [&str; 3] = [
    "e1 RIV Medicine / Ward 7",
    "e2 RIV ",
    "e3 RIV01 Paediatrics / Outpatients",
];

/// The texts that are asked about, each with its rows and what it is guessed to mean.
fn told(asked: &ColumnsAsked) -> Vec<String> {
    let texts = asked.texts.iter().flat_map(|texts| {
        texts.asked.iter().map(|text| {
            let meaning = text.meaning.as_deref().unwrap_or("?");
            format!("{}: {} ({}) {meaning}", texts.attribute.slug(), text.text, text.rows)
        })
    });
    texts.collect()
}

/// Whom the rows of a file create, and where.
async fn places(portal: &Portal, who: &Actor, id: &SubmissionId) -> Vec<String> {
    let mut told = Vec::new();
    for row in review(portal, who, id).await.rows {
        let Step::CreateAccount {
            organisation,
            attributes,
            ..
        } = &row.planned.step
        else {
            panic!("{row:?}")
        };
        let (local_id, unit) = (attributes.text(Attribute::LocalId), attributes.text(Attribute::Unit));
        told.push(format!("{local_id} {organisation} {unit}"));
    }
    told.sort();
    told
}

on_both! {
    async fn texts_of_another_system_mean_the_same_in_every_channel(portal: Portal) {
        let (ben, jem) = (portal.persona("Ben").await, connector(&portal).await);
        let visit = portal.gate.on_behalf_of(&ben);
        let id = portal.upload(&ben, ESR).await;
        let asked = visit.columns(&id, &LookingAt::Likely).await.unwrap();
        let guessed = held(&asked.layout);
        assert_eq!(guessed[..5], ESR_HOLDS.map(Some)[..5]);
        let told = told(&asked);
        assert_eq!(told, [
            "organisation: Riverside Hospitals Trust (2) RIV",
            "organisation: Riverside Childrens Hosp. (1) RIV01",
            "unit: Outpatients dept (1) Paediatrics / Outpatients",
            "unit: Staff bank (1) ?",
            "unit: Ward 7B (1) Medicine / Ward 7",
        ]);
        // What was not asked is asked; then it is decided.
        let unasked = visit.choose_columns(&id, &saying(&guessed)).await.unwrap().unwrap_err();
        assert_eq!(unasked, [WrongColumns::NotAsked(Attribute::Organisation), WrongColumns::NotAsked(Attribute::Unit)]);
        let mut said = asked.layout;
        let units = said.values.get_mut(&Attribute::Unit).unwrap();
        units.insert(plain_text("Staff bank"), String::new());
        units.insert(plain_text("Outpatients dept"), "Maternity".to_owned());
        let unknown = visit.choose_columns(&id, &said).await.unwrap().unwrap_err();
        let text = "Outpatients dept".to_owned();
        assert_eq!(unknown, [WrongColumns::NoMeaning { attribute: Attribute::Unit, text }]);
        let units = said.values.get_mut(&Attribute::Unit).unwrap();
        units.insert(plain_text("Outpatients dept"), "outpatients".to_owned());
        visit.choose_columns(&id, &said).await.unwrap().unwrap();
        portal.work().await;
        assert_eq!(places(&portal, &ben, &id).await, ESR_PLACES);
        // The next file, in another order and spelling, by hand and by machine.
        let next = "WORK EMAIL,ward,org,position  title,forename,surname,assignment_no\n\
            ,WARD 7B,RIVERSIDE HOSPITALS TRUST,Nurse,Ada,Bright,e1\n\
            ,Staff Bank,Riverside Hospitals  Trust,Nurse,Bea,Bright,e2\n\
            ,Outpatients Dept,Riverside Childrens Hosp.,Porter,Cal,Bright,e3\n";
        let by_hand = portal.upload(&ben, next).await;
        assert_eq!(places(&portal, &ben, &by_hand).await, ESR_PLACES);
        visit.decline(&by_hand).await.unwrap();
        let by_machine = send(&portal, &jem, next).await;
        portal.work().await;
        let sent = portal.gate.on_behalf_of(&jem).submission(&by_machine).await.unwrap();
        assert_eq!((sent.state, sent.totals.with(Outcome::Done)), (State::Applied, 3), "{:?}", sent.problems);
        // Files that are given back show what was sent.
        let (_, result) = portal.gate.on_behalf_of(&jem).report(&by_machine, Report::Result).await.unwrap();
        let result = String::from_utf8(result).unwrap();
        assert!(result.contains("WARD 7B,RIVERSIDE HOSPITALS TRUST") && result.contains("Created ada.bright@"), "{result}");
        let again = portal.upload(&ben, &result).await;
        let again = visit.submission(&again).await.unwrap();
        assert_eq!((again.state, again.totals.of(RowKind::NoChange)), (State::Planned, 3));
    }

    async fn new_names_under_known_headings_are_asked_about(portal: Portal) {
        let (ben, jem) = (portal.persona("Ben").await, connector(&portal).await);
        let visit = portal.gate.on_behalf_of(&ben);
        let id = portal.upload(&ben, ESR).await;
        let said = visit.columns(&id, &LookingAt::Likely).await.unwrap().layout;
        visit.choose_columns(&id, &said).await.unwrap().unwrap();
        portal.work().await;
        let first = visit.submission(&id).await.unwrap().layout;
        assert!(first.unknown.is_empty() && first.is_answered(Attribute::Unit, "Staff bank"), "{first:?}");
        visit.decline(&id).await.unwrap();
        let next = "Assignment No,Surname,Forename,Position Title,Org,Ward,Work Email\n\
            e1,Bright,Ada,Nurse,Riverside Hospitals Trust,Ward 7B,\n\
            e2,Bright,Bea,Nurse,Riverside Hospitals Trust,Staff bank,\n\
            e4,Bright,Dot,Nurse,Riverside Hospitals Trust,Ward 07,\n";
        // A machine has nobody to ask, and what could be guessed is not the rule.
        let by_machine = send(&portal, &jem, next).await;
        portal.work().await;
        let sent = portal.gate.on_behalf_of(&jem).submission(&by_machine).await.unwrap();
        assert_eq!((sent.totals.with(Outcome::Done), sent.totals.of(RowKind::Problem)), (1, 2));
        assert_eq!(sent.layout.meaning(Attribute::Unit, "Ward 07"), None);
        let by_hand = portal.upload(&ben, next).await;
        let read = visit.submission(&by_hand).await.unwrap();
        assert_eq!((read.layout.unknown, read.totals.with_problems()), ([(Attribute::Unit, 1)].into(), 2));
        let asked = visit.columns(&by_hand, &LookingAt::Likely).await.unwrap();
        assert_eq!(told(&asked), [
            "organisation: Riverside Hospitals Trust (3) RIV",
            "unit: Ward 07 (1) Medicine / Ward 7",
            "unit: Staff bank (1) ?",
            "unit: Ward 7B (1) Medicine / Ward 7",
        ]);
        let guessed = asked.texts.iter().flat_map(|texts| &texts.asked).filter(|text| text.is_guessed);
        assert_eq!(guessed.map(|text| text.text.as_str()).collect::<Vec<_>>(), ["Ward 07"]);
        visit.choose_columns(&by_hand, &asked.layout).await.unwrap().unwrap();
        portal.work().await;
        let read = visit.submission(&by_hand).await.unwrap();
        assert_eq!((read.layout.unknown.len(), read.totals.with_problems()), (0, 1));
        let by_machine = send(&portal, &jem, next).await;
        portal.work().await;
        let sent = portal.gate.on_behalf_of(&jem).submission(&by_machine).await.unwrap();
        assert_eq!((sent.totals.of(RowKind::Create), sent.totals.of(RowKind::Problem)), (1, 1));
    }

    async fn values_of_a_list_mean_what_was_said(portal: Portal) {
        let (ben, jem) = (portal.persona("Ben").await, connector(&portal).await);
        let visit = portal.gate.on_behalf_of(&ben);
        let file = "Staff No,Org code,Forename,Surname,Kind of work\n\
            r1,RIV,Ada,Bright,Nurses; Bank\nr2,RIV,Bea,Bright,nurse\n";
        let id = portal.upload(&ben, file).await;
        let mut said = visit.columns(&id, &LookingAt::Likely).await.unwrap().layout;
        said.columns[4].1 = Some(Attribute::Role);
        let unasked = visit.choose_columns(&id, &said).await.unwrap().unwrap_err();
        assert_eq!(unasked, [WrongColumns::NotAsked(Attribute::Role)]);
        let asked = visit.columns(&id, &LookingAt::Said(Box::new(said))).await.unwrap();
        assert_eq!(told(&asked), ["role: Bank (1) ?", "role: Nurses (1) Nurse"]);
        let mut said = asked.layout;
        let roles = said.values.get_mut(&Attribute::Role).unwrap();
        roles.insert(plain_text("Bank"), String::new());
        visit.choose_columns(&id, &said).await.unwrap().unwrap();
        portal.work().await;
        let shown = review(&portal, &ben, &id).await;
        let Step::CreateAccount { attributes, .. } = &shown.rows[0].planned.step else { panic!("{:?}", shown.rows) };
        assert_eq!((attributes.text(Attribute::Role), shown.submission.totals.with_problems()), ("Nurse", 0));
        let by_machine = send(&portal, &jem, &file.replace("Nurses; Bank", "BANK;nurses")).await;
        portal.work().await;
        let sent = portal.gate.on_behalf_of(&jem).submission(&by_machine).await.unwrap();
        assert_eq!(sent.totals.with(Outcome::Done), 2, "{:?}", sent.totals);
    }

    async fn the_same_for_all_rows_beside_a_column_is_refused(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let visit = portal.gate.on_behalf_of(&ben);
        let id = portal.upload(&ben, ESR).await;
        let mut said = visit.columns(&id, &LookingAt::Likely).await.unwrap().layout;
        let organisation = Attribute::Organisation;
        said.for_all = [(organisation, "RIV".to_owned())].into();
        let both = WrongColumns::Both { attribute: organisation, heading: "Org".to_owned() };
        assert_eq!(visit.choose_columns(&id, &said).await.unwrap(), Err(vec![both]));
        let again = visit.columns(&id, &LookingAt::Said(Box::new(said.clone()))).await.unwrap().layout;
        assert_eq!((held(&again)[4], again.for_all), (Some(organisation), said.for_all.clone()), "nothing is lost");
        said.columns[4].1 = None;
        said.columns[5].1 = None;
        visit.choose_columns(&id, &said).await.unwrap().unwrap();
        portal.work().await;
        assert_eq!(places(&portal, &ben, &id).await, ["e1 RIV ", "e2 RIV ", "e3 RIV "]);
    }

    async fn a_problem_shows_the_files_own_text(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let visit = portal.gate.on_behalf_of(&ben);
        let id = portal.upload(&ben, ESR).await;
        let mut said = visit.columns(&id, &LookingAt::Likely).await.unwrap().layout;
        let units = said.values.get_mut(&Attribute::Unit).unwrap();
        // A unit of the children's hospital only.
        units.insert(plain_text("Ward 7B"), "Paediatrics".to_owned());
        visit.choose_columns(&id, &said).await.unwrap().unwrap();
        portal.work().await;
        let shown = review(&portal, &ben, &id).await;
        let problem = &shown.rows[0].planned.step.problems()[0];
        assert_eq!((problem.value.as_str(), problem.place.name(&shown.submission.layout).as_str()), ("Ward 7B", "F2"));
        let mend = Mend {
            row: RowNumber(2),
            cells: vec![(Attribute::Unit, "Ward 7".to_owned())],
            shown: vec![],
            everywhere: vec![],
            overruling: vec![],
            surplus: Surplus::Stays,
        };
        visit.mend(&id, mend).await.unwrap();
        let shown = review(&portal, &ben, &id).await;
        let cells = shown.rows[0].request.wish.cells().unwrap();
        assert_eq!((cells.text(Attribute::Unit), cells.mended[&Attribute::Unit].as_str()), ("Ward 7", "Ward 7B"));
    }

    async fn meanings_are_remembered_for_the_headings_of_a_format(portal: Portal) {
        let (ben, jem) = (portal.persona("Ben").await, connector(&portal).await);
        let visit = portal.gate.on_behalf_of(&ben);
        let file = "LocalID,ODSCode,FirstName,LastName,Notes\nn1,Riverside Hospitals Trust,Ada,Bright,private\n";
        let id = portal.upload(&ben, file).await;
        assert_eq!(visit.submission(&id).await.unwrap().totals.with_problems(), 1);
        let mut said = visit.columns(&id, &LookingAt::Likely).await.unwrap().layout;
        said.columns[4].1 = None;
        visit.choose_columns(&id, &said).await.unwrap().unwrap();
        portal.work().await;
        let by_machine = send(&portal, &jem, &file.replace("n1", "n2").replace("Ada", "Bea")).await;
        portal.work().await;
        let sent = portal.gate.on_behalf_of(&jem).submission(&by_machine).await.unwrap();
        assert_eq!(sent.totals.with(Outcome::Done), 1, "{:?}", sent.totals);
        // Which columns are read stays as the format has it.
        assert_eq!((sent.layout.is_chosen, sent.layout.position(Attribute::Notes)), (false, Some(4)));
    }
}
