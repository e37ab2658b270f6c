//! Files of organisations: what they add and change, what they refuse, and who may send them.

use std::time::Instant;

use domain::{
    channel::Channel,
    dictionary::Attribute,
    organisation::{OrganisationCode, OrganisationStatus},
    plan::RowKind,
    policy::Actor,
    request::{Cells, Wish},
    submission::{LookAlikes, Outcome, State},
    values::ids::SubmissionId,
};
use gate::{
    Arriving, Asked, Confirmation, Filter, GateError, Import, Imported, OrganisationQuery, OrganisationView, seen,
    to_type,
};
use testkit::{Kind, Portal, SERVICE, on_both};

use crate::{apply, confirm, review};

const HEADINGS: &str = "Code,Name,ShortName,Parent,Status,Sites,Units";

fn file(rows: &[&str]) -> Vec<u8> {
    format!("{HEADINGS}\n{}\n", rows.join("\n")).into_bytes()
}

async fn import(portal: &Portal, bytes: Vec<u8>, how: Import) -> Imported {
    let visit = portal.gate.on_behalf_of(&SERVICE);
    let imported = visit.import_organisations("organisations.csv", bytes, how).await;
    imported.expect("the database answers")
}

/// Uploads a file of organisations as somebody, and has it checked.
async fn upload(portal: &Portal, sender: &Actor, bytes: Vec<u8>) -> Result<SubmissionId, GateError> {
    let arriving = Arriving {
        channel: Channel::Organisations,
        file_name: "organisations.csv".to_owned(),
        bytes,
    };
    let id = portal.gate.on_behalf_of(sender).submit(arriving).await?;
    portal.work().await;
    Ok(id)
}

async fn view(portal: &Portal, code: &str) -> OrganisationView {
    let grace = portal.persona("Grace").await;
    let code = OrganisationCode::parse(code).unwrap();
    portal
        .gate
        .on_behalf_of(&grace)
        .organisation_view(&code)
        .await
        .expect("it is there")
}

fn counts(imported: &Imported) -> [u32; 4] {
    match imported {
        Imported::Read {
            created,
            changed,
            same,
            rejected,
            ..
        } => [*created, *changed, *same, *rejected],
        other => panic!("{other:?}"),
    }
}

on_both! {
    async fn a_file_adds_and_changes_organisations_and_a_second_time_nothing(portal: Portal) {
        let rows = [
            "C02,Quay Clinic,,C01,,,",
            "C01,Harbour Trust,Harbour,,open,C01A: Main Building; C01B: Annexe,Medicine / Ward 7",
            "RIV,Riverside University Trust,,,,RIVX: Day Surgery,Medicine / Ward 9",
            "G7H8J,,,,,,",
            "C03,Lost Clinic,,NONE1,,,",
        ];
        let dry = import(&portal, file(&rows), Import::DryRun).await;
        assert_eq!(counts(&dry), [2, 1, 1, 1]);
        let grace = portal.persona("Grace").await;
        let absent = portal.gate.on_behalf_of(&grace).organisation_view(&OrganisationCode::parse("C01").unwrap()).await;
        assert!(matches!(absent, Err(GateError::NotFound)));
        // What is only looked at leaves nothing behind.
        assert_eq!(portal.gate.on_behalf_of(&grace).submissions(gate::SentBy::Anybody, None, 10).await.unwrap().len(), 0);

        let done = import(&portal, file(&rows), Import::Apply(None)).await;
        assert_eq!(done, dry);
        let Imported::Read { problems, .. } = &done else { panic!() };
        let said = ["D6: There is no organisation “NONE1”, here or in the file. Add a row for it, or correct the code."];
        assert_eq!(problems, &said);
        let clinic = view(&portal, "C02").await;
        assert_eq!(clinic.organisation.path.as_str(), "/C01/C02/");
        assert_eq!(clinic.organisation.short_name, "Quay Clinic");
        let trust = view(&portal, "C01").await;
        assert_eq!((trust.organisation.sites.len(), trust.organisation.units.len(), trust.below), (2, 2, 1));
        let riverside = view(&portal, "RIV").await.organisation;
        assert_eq!((riverside.name.as_str(), riverside.short_name.as_str()), ("Riverside University Trust", "Riverside"));
        assert!(riverside.site("RIVX").is_some() && riverside.site("RIVG").is_some());
        assert!(riverside.unit("Medicine / Ward 9").is_some() && riverside.unit("Medicine / Ward 7").is_some());
        assert_eq!(counts(&import(&portal, file(&rows), Import::Apply(None)).await), [0, 0, 4, 1]);
        portal.adds_up().await;
    }

    async fn a_global_administrator_sees_what_a_file_does_before_it_is_done(portal: Portal) {
        let grace = portal.persona("Grace").await;
        let rows = ["C01,Harbour Trust,,,,,", "RIV,Riverside University Trust,,,,,", "C1,Too short,,,,,"];
        let id = upload(&portal, &grace, file(&rows)).await.unwrap();
        let shown = review(&portal, &grace, &id).await;
        assert_eq!(shown.submission.state, State::Planned);
        let kinds: Vec<_> = shown.rows.iter().map(|row| row.planned.step.kind()).collect();
        assert_eq!(kinds, [RowKind::Create, RowKind::Update, RowKind::Problem]);
        apply(&portal, &grace, &id).await;
        let after = review(&portal, &grace, &id).await;
        assert_eq!(after.submission.state, State::Applied);
        let done = Filter { outcome: Some(Outcome::Done), ..Filter::default() };
        let done = portal.gate.on_behalf_of(&grace).review(&id, done).await.unwrap();
        assert_eq!(done.rows.len(), 2);
        assert_eq!(view(&portal, "RIV").await.organisation.name, "Riverside University Trust");
        portal.adds_up().await;
    }
}

#[tokio::test]
async fn only_global_administrators_have_anything_to_do_with_organisations() {
    let portal = Portal::open(Kind::Sqlite).await;
    let rows = ["C01,Harbour Trust,,,,,"];
    for persona in ["Priya", "Ben", "Hamid", "Aled"] {
        let actor = portal.persona(persona).await;
        let visit = portal.gate.on_behalf_of(&actor);
        let listed = visit.organisations_found(&OrganisationQuery::default()).await;
        assert!(matches!(listed, Err(GateError::NotFound)), "{persona}");
        let riv = OrganisationCode::parse("RIV").unwrap();
        assert!(
            matches!(visit.organisation_view(&riv).await, Err(GateError::NotFound)),
            "{persona}"
        );
        let sent = upload(&portal, &actor, file(&rows)).await;
        assert!(matches!(sent, Err(GateError::Denied)), "{persona}");
        let imported = visit
            .import_organisations("x.csv", file(&rows), Import::Apply(None))
            .await;
        assert!(matches!(imported, Err(GateError::Denied)), "{persona}");
    }
    let grace = portal.persona("Grace").await;
    let id = upload(&portal, &grace, file(&rows)).await.unwrap();
    let priya = portal.persona("Priya").await;
    let seen = portal.gate.on_behalf_of(&priya).submission(&id).await;
    assert!(matches!(seen, Err(GateError::NotFound)));
    confirm(&portal, &grace, &id).await;
}

#[tokio::test]
async fn a_file_of_people_is_not_taken_for_organisations_nor_the_other_way_round() {
    let portal = Portal::open(Kind::Sqlite).await;
    let people = b"LocalID,ODSCode,FirstName,LastName\n1,RIV,Jane,Smith\n".to_vec();
    assert!(matches!(
        import(&portal, people, Import::Apply(None)).await,
        Imported::Unreadable(_)
    ));
    let grace = portal.persona("Grace").await;
    let text = String::from_utf8(file(&["C01,Harbour Trust,,,,,"])).unwrap();
    let id = portal.upload(&grace, &text).await;
    let shown = portal.gate.on_behalf_of(&grace).submission(&id).await.unwrap();
    assert_eq!(shown.state, State::Unreadable);
}

#[tokio::test]
async fn a_file_that_changes_many_organisations_asks_for_their_number() {
    let portal = Portal::open(Kind::Sqlite).await;
    let named = |name: &str| -> Vec<String> { (0..60).map(|row| format!("C{row:03},{name} {row},,,,,")).collect() };
    let bytes = |rows: &[String]| file(&rows.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(
        counts(&import(&portal, bytes(&named("Clinic")), Import::Apply(None)).await),
        [60, 0, 0, 0]
    );
    let renamed = bytes(&named("Practice"));
    let asked = import(&portal, renamed.clone(), Import::Apply(None)).await;
    let Imported::Uncounted { changed: 60, all } = asked else {
        panic!("{asked:?}")
    };
    assert!(all > 60);
    assert_eq!(view(&portal, "C000").await.organisation.name, "Clinic 0");
    assert!(matches!(
        import(&portal, renamed.clone(), Import::Apply(Some(59))).await,
        Imported::Uncounted { .. }
    ));
    assert_eq!(
        counts(&import(&portal, renamed, Import::Apply(Some(60))).await),
        [0, 60, 0, 0]
    );
    assert_eq!(view(&portal, "C000").await.organisation.name, "Practice 0");
}

#[tokio::test]
async fn a_file_that_creates_many_organisations_asks_a_person_for_their_number() {
    let portal = Portal::open(Kind::Sqlite).await;
    let grace = portal.persona("Grace").await;
    let visit = portal.gate.on_behalf_of(&grace);
    let rows: Vec<String> = (0..60).map(|row| format!("C{row:03},Clinic {row},,,,,")).collect();
    let rows: Vec<_> = rows.iter().map(String::as_str).collect();
    let few = upload(&portal, &grace, file(&rows[..20])).await.unwrap();
    assert_eq!(to_type(&visit.submission(&few).await.unwrap()), None);
    let id = upload(&portal, &grace, file(&rows)).await.unwrap();
    let shown = visit.submission(&id).await.unwrap();
    assert_eq!(to_type(&shown), Some(60));
    let mut said = Confirmation {
        seen: seen(&shown),
        look_alikes: None,
        typed: None,
    };
    assert!(matches!(visit.confirm(&id, said).await, Err(GateError::Uncounted)));
    said.typed = Some(60);
    visit.confirm(&id, said).await.unwrap();
    portal.work().await;
    assert_eq!(visit.submission(&id).await.unwrap().totals.with(Outcome::Done), 60);
}

#[tokio::test]
async fn an_organisation_is_closed_only_when_it_has_no_people() {
    let portal = Portal::open(Kind::Sqlite).await;
    import(&portal, file(&["C01,Harbour Trust,,,,,"]), Import::Apply(None)).await;
    let rows = ["C01,,,,closed,,", "RIV,,,,closed,,"];
    let done = import(&portal, file(&rows), Import::Apply(None)).await;
    assert_eq!(counts(&done), [0, 1, 0, 1]);
    assert_eq!(
        view(&portal, "C01").await.organisation.status,
        OrganisationStatus::Closed
    );
    assert_eq!(view(&portal, "RIV").await.organisation.status, OrganisationStatus::Open);
}

on_both! {
    async fn nobody_comes_into_an_organisation_as_it_is_closed(portal: Portal) {
        let grace = portal.persona("Grace").await;
        for number in 0..8 {
            let code = format!("C{number:02}");
            import(&portal, file(&[&format!("{code},Harbour Trust {number},,,,,")]), Import::Apply(None)).await;
            let cells = Cells::of([
                (Attribute::FirstName, "Ada"),
                (Attribute::LastName, "Quill"),
                (Attribute::Organisation, code.as_str()),
            ]);
            let visit = portal.gate.on_behalf_of(&grace);
            let Asked::Planned(id) = visit.ask("Test", Wish::NewAccount(cells)).await.unwrap() else {
                panic!("it is planned")
            };
            let said = Confirmation { seen: seen(&visit.submission(&id).await.unwrap()), look_alikes: Some(LookAlikes::Create), typed: None };
            let closing = import(&portal, file(&[&format!("{code},,,,closed,,")]), Import::Apply(None));
            let (created, _) = tokio::join!(visit.confirm(&id, said), closing);
            drop(created);
            let after = view(&portal, &code).await;
            let is_open = after.organisation.status == OrganisationStatus::Open;
            assert_eq!(is_open, after.accounts == 1, "{code}: open with its person, or closed without");
        }
    }
}

#[tokio::test]
async fn a_parent_that_is_gone_from_the_plan_takes_its_children_along() {
    let portal = Portal::open(Kind::Sqlite).await;
    let grace = portal.persona("Grace").await;
    let rows = ["C02,Quay Clinic,,C01,,,", "C01,Harbour Trust,,,,,"];
    let id = upload(&portal, &grace, file(&rows)).await.unwrap();
    // Somebody else is quicker, and puts the parent elsewhere.
    import(&portal, file(&["C01,Harbour Trust,,RIV,,,"]), Import::Apply(None)).await;
    apply(&portal, &grace, &id).await;
    let after = review(&portal, &grace, &id).await;
    assert_eq!(after.submission.state, State::Planned);
    assert!(after.rows.iter().all(|row| row.outcome == Outcome::Stale));
    apply(&portal, &grace, &id).await;
    assert_eq!(view(&portal, "C02").await.organisation.path.as_str(), "/RIV/C01/C02/");
    portal.adds_up().await;
}

#[tokio::test]
async fn lists_find_organisations_by_words_and_go_on_page_by_page() {
    let portal = Portal::open(Kind::Sqlite).await;
    let rows: Vec<String> = (0..60)
        .map(|row| format!("C{row:03},Harbour Clinic {row},,,,,"))
        .collect();
    let rows: Vec<_> = rows.iter().map(String::as_str).collect();
    import(&portal, file(&rows), Import::Apply(None)).await;
    let grace = portal.persona("Grace").await;
    let visit = portal.gate.on_behalf_of(&grace);
    let mut query = OrganisationQuery {
        words: "harbour CLINIC".to_owned(),
        ..OrganisationQuery::default()
    };
    let first = visit.organisations_found(&query).await.unwrap();
    assert_eq!((first.organisations.len(), first.more, first.all), (50, true, 60));
    query.after = first.organisations.last().map(|last| last.path.clone());
    let second = visit.organisations_found(&query).await.unwrap();
    assert_eq!((second.organisations.len(), second.more), (10, false));
    let odd = OrganisationQuery {
        words: "100%".to_owned(),
        ..OrganisationQuery::default()
    };
    assert_eq!(visit.organisations_found(&odd).await.unwrap().all, 0);
}

#[tokio::test]
async fn a_whole_national_list_is_imported_in_one_go() {
    const MANY: u32 = 3_000;
    let portal = Portal::open(Kind::Sqlite).await;
    // Children first, so that each parent stands behind them.
    let rows: Vec<String> = (0..MANY)
        .rev()
        .map(|row| match row % 10 {
            0 => format!("T{row:05},Trust {row},,,open,T{row:05}A: Main,Medicine; Surgery"),
            _ => format!("T{row:05},Practice {row},,T{:05},open,,", row - row % 10),
        })
        .collect();
    let rows: Vec<_> = rows.iter().map(String::as_str).collect();
    let began = Instant::now();
    assert_eq!(
        counts(&import(&portal, file(&rows), Import::Apply(None)).await),
        [MANY, 0, 0, 0]
    );
    assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
    assert_eq!(view(&portal, "T00000").await.below, 9);
}
