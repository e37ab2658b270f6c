//! Files with headings of no format: guessed, said, remembered.

use domain::{
    channel::Channel,
    dictionary::Attribute,
    layout::{Layout, Part},
    plan::{RowKind, Step},
    policy::{Actor, Role},
    submission::{Outcome, State},
    trail::Action,
    values::ids::RowNumber,
};
use gate::{Arriving, GateError, LookingAt, Mend, Report, Surplus, TrailQuery, WrongColumns};
use testkit::{Portal, on_both};

use crate::{
    confirm,
    grants::{DAY, done, wish_between},
    review,
    tokens::{connector, send},
};

const PAYROLL: &str = "Payroll no,Trust,Forename,Surname,Shoe size,Work phone
n1,RIV,Ada,Bright,38,01632 960123
n2,RIV,Bea,Bright,39,not a number
";

/// What columns hold, from left to right, as a form says it.
pub fn saying(held: &[Option<Attribute>]) -> Layout {
    Layout {
        columns: held.iter().map(|held| (String::new(), *held)).collect(),
        ..Layout::default()
    }
}

/// What the columns of a file hold, from left to right.
pub fn held(layout: &Layout) -> Vec<Option<Attribute>> {
    layout.columns.iter().map(|(_, held)| *held).collect()
}

/// Uploads the payroll's file and says that its columns hold what is guessed, but for what the first names hold.
async fn say(portal: &Portal, who: &Actor, first_names: Attribute) {
    let visit = portal.gate.on_behalf_of(who);
    let id = portal.upload(who, PAYROLL).await;
    let asked = visit.columns(&id, &LookingAt::Likely).await.unwrap();
    let mut held = held(&asked.layout);
    held[2] = Some(first_names);
    held[3] = Some(match first_names {
        Attribute::LastName => Attribute::FirstName,
        _ => Attribute::LastName,
    });
    visit.choose_columns(&id, &saying(&held)).await.unwrap().unwrap();
    portal.work().await;
    assert_eq!(visit.submission(&id).await.unwrap().state, State::Planned);
}

/// What the payroll's file is read as, by its sender's own hand or by their machine: what the first names hold.
async fn read_as(portal: &Portal, sender: &Actor, by_machine: bool) -> Option<Attribute> {
    let id = match by_machine {
        true => send(portal, sender, PAYROLL).await,
        false => portal.upload(sender, PAYROLL).await,
    };
    portal.work().await;
    let submission = portal.gate.on_behalf_of(sender).submission(&id).await.unwrap();
    match submission.state {
        State::Unreadable => None,
        _ => submission.layout.columns[2].1,
    }
}

const FIRST: Option<Attribute> = Some(Attribute::FirstName);
const LAST: Option<Attribute> = Some(Attribute::LastName);

on_both! {
    async fn what_is_said_for_a_unit_counts_in_that_unit_alone(portal: Portal) {
        let (ben, una, jem) = (portal.persona("Ben").await, portal.persona("Una").await, connector(&portal).await);
        say(&portal, &una, Attribute::LastName).await;
        assert_eq!(read_as(&portal, &una, false).await, LAST);
        assert_eq!(read_as(&portal, &ben, false).await, None);
        assert_eq!(read_as(&portal, &jem, true).await, None);
        say(&portal, &ben, Attribute::FirstName).await;
        say(&portal, &una, Attribute::LastName).await;
        assert_eq!((read_as(&portal, &ben, false).await, read_as(&portal, &jem, true).await), (FIRST, FIRST));
        assert_eq!(read_as(&portal, &una, false).await, LAST, "the nearest word counts");
    }

    async fn a_machine_goes_by_no_word_of_somebody_who_lost_the_role(portal: Portal) {
        let (priya, hamid, jem) = (portal.persona("Priya").await, portal.persona("Hamid").await, connector(&portal).await);
        let role = wish_between(hamid.account().unwrap(), Role::LocalAdministrator, None, Some(2));
        done(&portal, &priya, role).await;
        say(&portal, &hamid, Attribute::FirstName).await;
        assert_eq!(read_as(&portal, &jem, true).await, FIRST);
        portal.pass_seconds(3 * DAY);
        assert_eq!(read_as(&portal, &jem, true).await, None);
        assert_eq!(read_as(&portal, &priya, false).await, FIRST, "people see what their file is read as");
        say(&portal, &priya, Attribute::FirstName).await;
        assert_eq!(read_as(&portal, &jem, true).await, FIRST);
    }

    async fn what_is_said_of_columns_stands_in_the_trail(portal: Portal) {
        let (ben, una, aled) = (portal.persona("Ben").await, portal.persona("Una").await, portal.persona("Aled").await);
        say(&portal, &una, Attribute::LastName).await;
        say(&portal, &ben, Attribute::FirstName).await;
        say(&portal, &una, Attribute::FirstName).await;
        let query = TrailQuery { action: Some(Action::ColumnsSaid), ..TrailQuery::default() };
        let page = portal.gate.on_behalf_of(&aled).trail(&query, None, 10).await.unwrap();
        let told = page.entries.iter().rev().map(|entry| {
            let place = entry.organisation.as_ref().map(ToString::to_string).unwrap_or_default();
            format!("{place}: {} {}", entry.actor_name, entry.sentence(gate::calendar::day))
        });
        let told = told.collect::<Vec<_>>();
        assert_eq!(told.len(), 3, "{told:?}");
        let begins = "RIV: Una Mossley Set what the columns of uploaded files hold for Medicine: “Payroll no” is the local";
        assert!(told[0].starts_with(begins) && told[0].contains("“Forename” is the last name"), "{told:?}");
        assert!(told[1].starts_with("RIV: Ben Cartwright Set what the columns of uploaded files hold: "), "{told:?}");
        assert!(told[2].contains("Changed what") && told[2].contains("“Forename” is the first name"), "{told:?}");
    }

    async fn a_file_with_other_headings_is_read_as_its_sender_says_and_so_is_the_next(portal: Portal) {
        let (ben, gwen, priya) = (portal.persona("Ben").await, portal.persona("Gwen").await, portal.persona("Priya").await);
        let visit = portal.gate.on_behalf_of(&ben);
        let id = portal.upload(&ben, PAYROLL).await;
        assert_eq!(visit.submission(&id).await.unwrap().state, State::Unreadable);
        let asked = visit.columns(&id, &LookingAt::Likely).await.unwrap();
        assert_eq!((asked.format.name.as_str(), asked.samples[1][2].as_str()), ("new", "Bea"));
        let guessed = held(&asked.layout);
        let (telephone, last) = (Some(Attribute::Telephone), Some(Attribute::LastName));
        assert_eq!(guessed[3..], [last, None, telephone]);
        // Nobody else is asked, and nothing that must be there is left out.
        for other in [&gwen, &priya] {
            let refused = portal.gate.on_behalf_of(other).choose_columns(&id, &saying(&guessed)).await;
            assert!(matches!(refused, Err(GateError::NotFound)), "{refused:?}");
        }
        let without = [None, guessed[1], guessed[2], None, None, None];
        let missing = vec![WrongColumns::Missing(Attribute::LastName)];
        assert_eq!(visit.choose_columns(&id, &saying(&without)).await.unwrap(), Err(missing));
        let mut twice = guessed.clone();
        twice[4] = last;
        let both = vec![WrongColumns::Twice { column: 4, attribute: Attribute::LastName }];
        assert_eq!(visit.choose_columns(&id, &saying(&twice)).await.unwrap(), Err(both));
        visit.choose_columns(&id, &saying(&guessed)).await.unwrap().unwrap();
        portal.work().await;
        let shown = review(&portal, &ben, &id).await;
        assert_eq!((shown.submission.state, shown.submission.totals.with_problems()), (State::Planned, 1));
        let cell = shown.rows[1].planned.step.problems()[0].place.name(&shown.submission.layout);
        assert!(cell.starts_with("F3"), "{cell}");
        // Before anything is applied the answer can be changed.
        let mut narrower = guessed.clone();
        narrower[5] = None;
        visit.choose_columns(&id, &saying(&narrower)).await.unwrap().unwrap();
        portal.work().await;
        let said = gate::Confirmation { seen: gate::seen(&shown.submission), look_alikes: None, typed: None };
        let late = visit.confirm(&id, said).await;
        assert!(matches!(late, Err(GateError::Stale)), "a window that shows the first plan confirms nothing");
        confirm(&portal, &ben, &id).await;
        portal.work().await;
        let applied = visit.submission(&id).await.unwrap();
        assert_eq!((applied.state, applied.totals.with(Outcome::Done)), (State::Applied, 2));
        // What is decided on is asked no longer, and its sender is told so.
        assert!(matches!(visit.choose_columns(&id, &saying(&guessed)).await, Err(GateError::Stale)));
        assert!(matches!(visit.columns(&id, &LookingAt::Likely).await, Err(GateError::Stale)));
        assert!(matches!(visit.row_to_mend(&id, RowNumber(2)).await, Err(GateError::Stale)));
        let (name, result) = visit.report(&id, Report::Result).await.unwrap();
        assert!(name.ends_with("-result.csv") && String::from_utf8(result).unwrap().contains("Shoe size"));
        // What was said last is remembered for the organisation, and for no other.
        let next = PAYROLL.replace("n1", "n3").replace("n2", "n4").replace("Bright", "Clear");
        let again = portal.upload(&priya, &next).await;
        let again = portal.gate.on_behalf_of(&priya).submission(&again).await.unwrap();
        assert_eq!((again.state, again.layout.is_chosen, again.totals.with_problems()), (State::Planned, true, 0));
        let elsewhere = portal.upload(&gwen, PAYROLL).await;
        let elsewhere = portal.gate.on_behalf_of(&gwen).submission(&elsewhere).await.unwrap();
        assert_eq!(elsewhere.state, State::Unreadable);
    }

    async fn the_files_that_are_given_back_are_read_as_was_said_of_the_first(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = portal.upload(&ben, PAYROLL).await;
        let visit = portal.gate.on_behalf_of(&ben);
        let asked = visit.columns(&id, &LookingAt::Likely).await.unwrap();
        let guessed = held(&asked.layout);
        visit.choose_columns(&id, &saying(&guessed)).await.unwrap().unwrap();
        portal.work().await;
        confirm(&portal, &ben, &id).await;
        portal.work().await;
        let (_, left_out) = visit.report(&id, Report::Problems).await.unwrap();
        let left_out = String::from_utf8(left_out).unwrap();
        // A column of the format's own may come beside those that were said.
        let mended = left_out.replacen("Work phone", "Work phone,Pager", 1);
        let mended = mended.replacen("not a number", "01632 960124,01632 960123", 1);
        let again = portal.upload(&ben, &mended).await;
        let again = review(&portal, &ben, &again).await;
        assert_eq!((again.submission.state, again.submission.totals.with_problems()), (State::Planned, 0), "{left_out}");
        assert_eq!(again.rows.len(), 1);
        assert!(matches!(&again.rows[0].planned.step, Step::CreateAccount { attributes, .. }
            if attributes.get(Attribute::Pager).is_some() && attributes.get(Attribute::Telephone).is_some()));
        // A column that nobody has said anything of is asked about.
        let strange = portal.upload(&ben, &PAYROLL.replace("Shoe size", "Hat size")).await;
        assert_eq!(visit.submission(&strange).await.unwrap().state, State::Unreadable);
    }

    async fn nothing_is_asked_about_a_file_that_has_no_headings(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = portal.upload(&ben, "").await;
        assert!(matches!(portal.gate.on_behalf_of(&ben).columns(&id, &LookingAt::Likely).await, Err(GateError::NotFound)));
    }

    async fn a_file_of_names_is_read_for_one_organisation(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let visit = portal.gate.on_behalf_of(&ben);
        let file = "First Name,Surname,Job,Email,Mobile\nAda,Bright,Nurse,,07700 900123\nBea,Bright,Porter,,\n";
        let id = portal.upload(&ben, file).await;
        let asked = visit.columns(&id, &LookingAt::Likely).await.unwrap();
        let all = [Attribute::FirstName, Attribute::LastName, Attribute::JobTitle, Attribute::EmailAddress, Attribute::Mobile];
        assert_eq!(held(&asked.layout), all.map(Some));
        let missing = vec![WrongColumns::Missing(Attribute::Organisation)];
        assert_eq!(visit.choose_columns(&id, &asked.layout).await.unwrap(), Err(missing));
        let mut said = asked.layout;
        said.for_all = [(Attribute::Organisation, "G7H8J".to_owned()), (Attribute::Unit, "ward 7".to_owned())].into();
        // Somebody else's organisation is none here.
        let wrong = visit.choose_columns(&id, &said).await.unwrap().unwrap_err();
        let organisation = Attribute::Organisation;
        assert_eq!(wrong, [WrongColumns::Missing(organisation), WrongColumns::NotHere(organisation)]);
        said.for_all.insert(Attribute::Organisation, "riv".to_owned());
        visit.choose_columns(&id, &said).await.unwrap().unwrap();
        portal.work().await;
        let shown = review(&portal, &ben, &id).await;
        assert_eq!(shown.submission.totals.of(RowKind::Create), 2, "{:?}", shown.rows);
        let Step::CreateAccount { organisation, attributes, .. } = &shown.rows[0].planned.step else { panic!() };
        assert_eq!((organisation.as_str(), attributes.text(Attribute::Unit)), ("RIV", "Medicine / Ward 7"));
        assert_eq!(attributes.text(Attribute::JobTitle), "Nurse");
    }

    async fn whole_names_in_one_column_are_split_and_what_cannot_be_is_a_problem(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let visit = portal.gate.on_behalf_of(&ben);
        let file = "Staff No,Employee Name,Trust\nw1,\"Bright, Ada\",RIV\nw2,Bea van der Clear,RIV\nw3,Suharti,RIV\n";
        let id = portal.upload(&ben, file).await;
        let asked = visit.columns(&id, &LookingAt::Likely).await.unwrap();
        let guessed = [Attribute::LocalId, Attribute::WholeName, Attribute::Organisation].map(Some);
        assert_eq!(held(&asked.layout), guessed);
        visit.choose_columns(&id, &asked.layout).await.unwrap().unwrap();
        portal.work().await;
        let shown = review(&portal, &ben, &id).await;
        let addresses: Vec<_> = shown.rows.iter().filter_map(|row| row.planned.step.new_address()).collect();
        let addresses: Vec<_> = addresses.iter().map(|address| address.as_str()).collect();
        assert_eq!(addresses, ["ada.bright@health.example", "bea.van-der-clear@health.example"]);
        assert!(shown.rows[0].planned.warnings.is_empty(), "a comma leaves no doubt");
        let said = shown.rows[1].planned.warnings[0].message();
        assert_eq!(said, "“Bea van der Clear” is read as Bea / van der Clear (first name / last name).");
        let problem = &shown.rows[2].planned.step.problems()[0];
        assert_eq!(problem.place.name(&shown.submission.layout), "B4");
        // It is mended where it stands.
        let mend = Mend {
            row: RowNumber(4),
            cells: vec![(Attribute::WholeName, "Suharti, Suharti".to_owned())],
            shown: vec![],
            everywhere: vec![],
            overruling: vec![],
            surplus: Surplus::Stays,
        };
        visit.mend(&id, mend).await.unwrap();
        let shown = review(&portal, &ben, &id).await;
        assert_eq!((shown.rows[2].planned.name.as_str(), shown.submission.totals.with_problems()), ("Suharti Suharti", 0));
    }

    async fn headings_are_found_below_a_title_and_can_be_chosen(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let visit = portal.gate.on_behalf_of(&ben);
        let id = portal.upload(&ben, &format!("Staff in post,,,\n\n{PAYROLL}")).await;
        let asked = visit.columns(&id, &LookingAt::Likely).await.unwrap();
        assert_eq!((asked.headings, held(&asked.layout)[0]), (RowNumber(3), Some(Attribute::LocalId)));
        let part = Part { headings: Some(RowNumber(4)), ..Part::default() };
        let below = visit.columns(&id, &LookingAt::Part(part.clone())).await.unwrap();
        assert_eq!((below.headings, below.layout.columns[2].0.as_str()), (RowNumber(4), "Ada"));
        let mut said = below.layout;
        said.columns[2].1 = Some(Attribute::FirstName);
        said.columns[3].1 = Some(Attribute::LastName);
        said.columns[1].1 = Some(Attribute::Organisation);
        visit.choose_columns(&id, &said).await.unwrap().unwrap();
        portal.work().await;
        let shown = review(&portal, &ben, &id).await;
        assert_eq!((shown.rows.len(), shown.rows[0].planned.row), (1, RowNumber(5)));
        assert_eq!(shown.submission.layout.part, part);
    }

    async fn columns_of_a_recognised_file_are_not_remembered(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let visit = portal.gate.on_behalf_of(&ben);
        let file = "LocalID,ODSCode,FirstName,LastName,Notes\nn1,RIV,Ada,Bright,private\n";
        let id = portal.upload(&ben, file).await;
        let asked = visit.columns(&id, &LookingAt::Likely).await.unwrap();
        assert!(asked.recognised.is_some());
        let mut said = asked.layout;
        said.columns[4].1 = None;
        visit.choose_columns(&id, &said).await.unwrap().unwrap();
        portal.work().await;
        let shown = review(&portal, &ben, &id).await;
        let Step::CreateAccount { attributes, .. } = &shown.rows[0].planned.step else { panic!() };
        assert_eq!(attributes.text(Attribute::Notes), "");
        let next = portal.upload(&ben, file).await;
        assert_eq!(visit.submission(&next).await.unwrap().layout.position(Attribute::Notes), Some(4));
        confirm(&portal, &ben, &next).await;
        assert!(matches!(visit.columns(&next, &LookingAt::Likely).await, Err(GateError::Stale)), "it is decided on");
    }

    async fn rows_of_a_workbook_may_be_on_another_sheet_than_its_cover(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let visit = portal.gate.on_behalf_of(&ben);
        let id = visit.submit(workbook("Staff")).await.unwrap();
        portal.work().await;
        let asked = visit.columns(&id, &LookingAt::Likely).await.unwrap();
        assert_eq!(asked.sheets, ["Cover", "Staff"]);
        // The cover has no rows, so the sheet that is read, and named, is the other.
        assert_eq!(asked.sheet.as_deref(), Some("Staff"));
        let cover = Part { sheet: Some("Cover".to_owned()), ..Part::default() };
        let asked = visit.columns(&id, &LookingAt::Part(cover)).await.unwrap();
        assert_eq!(asked.sheet.as_deref(), Some("Cover"));
        let part = Part { sheet: Some("Staff".to_owned()), ..Part::default() };
        let asked = visit.columns(&id, &LookingAt::Part(part)).await.unwrap();
        assert_eq!(held(&asked.layout).iter().flatten().count(), 5);
        visit.choose_columns(&id, &asked.layout).await.unwrap().unwrap();
        portal.work().await;
        let shown = review(&portal, &ben, &id).await;
        assert_eq!((shown.rows.len(), shown.submission.totals.with_problems()), (2, 1));
        // The next workbook is read so at once, and so is a CSV file with these headings.
        let next = visit.submit(workbook("Staff")).await.unwrap();
        portal.work().await;
        assert_eq!(visit.submission(&next).await.unwrap().state, State::Planned);
        assert_eq!(read_as(&portal, &ben, false).await, FIRST);
    }
}

/// The payroll's file as a workbook, behind a cover.
fn workbook(name: &str) -> Arriving {
    let mut book = rust_xlsxwriter::Workbook::new();
    let cover = book.add_worksheet();
    cover.set_name("Cover").unwrap();
    cover.write(0, 0, "Staff in post at the end of March").unwrap();
    let sheet = book.add_worksheet();
    sheet.set_name(name).unwrap();
    for (row, line) in (0..).zip(PAYROLL.lines()) {
        for (column, cell) in (0..).zip(line.split(',')) {
            sheet.write(row, column, cell).unwrap();
        }
    }
    Arriving {
        channel: Channel::PortalCsv,
        file_name: "staff.xlsx".to_owned(),
        bytes: book.save_to_buffer().unwrap(),
    }
}
