//! What stops a change file: a crash, the brake, an administrator, a role that ends, somebody who is held.

use std::time::Duration;

use domain::{
    absence::Absence,
    account::AccountStatus,
    change_file::FileFault,
    channel::Channel,
    customer::Customer,
    dictionary::Attribute,
    grant::Terms,
    life::Turn,
    organisation::OrganisationCode,
    policy::Role,
    request::{AccountWish, RoleWish, Wish},
    submission::{Outcome, State},
    values::ids::SubmissionId,
};
use gate::{ChangeFileStage, Confirmation, GateError, SyncRefusal, Worker, left_by_undo, seen, to_type};
use testkit::{Portal, on_both};

use super::{
    FINTAN, LOWRI, MAREK, NIAMH, begun, bring, by_form, confirmed, each, open, submission, titled, told, unlimited,
};
use crate::syncing::{Program, active, connector, edit, refusal};

const NAME: &str = "30020506_hr_PRV_1.csv";

/// A file that was confirmed for two people, and stops again before a third: he had no access to lose when it was checked.
async fn stopped_again(portal: &Portal) -> (String, SubmissionId) {
    let customer = portal.customer(|_| {}).await;
    let priya = portal.persona("Priya").await;
    by_form(portal, &priya, FINTAN, AccountWish::Turn(Turn::Disable)).await;
    let people = [MAREK, LOWRI, NIAMH, FINTAN];
    let file = begun(bring(portal, &customer, NAME, &each("Suspend", &people)).await);
    portal.work().await;
    let id = submission(portal, &customer, &file).await;
    assert_eq!(asked_for(portal, &id).await, Some(2));
    by_form(portal, &priya, FINTAN, AccountWish::Turn(Turn::Enable)).await;
    confirmed(portal, &priya, &id).await;
    portal.work().await;
    (file, id)
}

/// The number that whoever confirms a file must type.
async fn asked_for(portal: &Portal, id: &SubmissionId) -> Option<u32> {
    let priya = portal.persona("Priya").await;
    to_type(&portal.gate.on_behalf_of(&priya).submission(id).await.unwrap())
}

/// A file that adds so many people, such as `cut.off0@…`, Cutaa Offaa.
fn adds(first: &str, last: &str, people: u32) -> String {
    let letter = |number: u32| char::from(b'a' + u8::try_from(number % 26).unwrap());
    let local_part = format!("{first}.{last}").to_lowercase();
    let row = |number: u32| {
        let name: String = [number / 26, number].map(letter).into_iter().collect();
        format!("{local_part}{number}@riverside.example,Add,{first}{name},{last}{name}\n")
    };
    let rows: String = (0..people).map(row).collect();
    format!("EmailAddress,Action,GivenName,FamilyName\n{rows}")
}

on_both! {
    async fn a_worker_cut_off_between_chunks_loses_and_doubles_nothing(portal: Portal) {
        let portal = unlimited(portal);
        let customer = portal.customer(|_| {}).await;
        let text = adds("Cut", "Off", 600);
        let file = begun(bring(&portal, &customer, NAME, &text).await);
        for milliseconds in [1, 30, 200, 500] {
            let worker = Worker::new(portal.gate.clone());
            let _ = tokio::time::timeout(Duration::from_millis(milliseconds), worker.work_all()).await;
            portal.pass_seconds(60);
        }
        for _ in 0..100 {
            portal.work().await;
            if open(&portal, &customer, &file).await.stage == ChangeFileStage::Ready {
                break;
            }
            // PostgreSQL is still at what the last worker was cut off from, and holds its job.
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let mut lines = told(&portal, &file).await;
        lines.retain(|line| !line.contains(" Notice "));
        assert_eq!(lines.len(), 600);
        assert!(lines.iter().all(|line| line.ends_with(" Done")), "{lines:?}");
        let id = submission(&portal, &customer, &file).await;
        let events = store::trail::events::all(portal.gate.store().reader()).await.unwrap();
        assert_eq!(events.iter().filter(|event| event.submission == id).count(), 600);
        portal.adds_up().await;
    }

    async fn whoever_confirms_a_stopped_file_types_how_many_lose_access(portal: Portal) {
        let portal = portal.ruled(|rules| rules.access_brake.people = 1);
        let customer = portal.customer(|_| {}).await;
        let people = [MAREK, LOWRI, NIAMH];
        // A rehearsal shows where it would stop.
        let would = portal.rehearse_change_file(&customer, &each("Suspend", &people)).await;
        assert_eq!(would.results(), ["NotAttempted", "Done", "NotAttempted", "NotAttempted"]);
        // Nothing waits for anybody there: its page says the same, and has nothing to confirm.
        let said = would.lines()[0].message.clone();
        assert!(said.ends_with("If you send the file, an administrator must confirm it."), "{said}");
        let visit = portal.gate.on_behalf_of(&customer.connector);
        let page = visit.change_file_lines(&would.submission.unwrap(), None).await.unwrap();
        let results: Vec<_> = page.lines.iter().map(|line| line.result.word()).collect();
        assert_eq!(results, ["Done", "NotAttempted", "NotAttempted"]);
        assert_eq!((page.summary.done, page.summary.not_attempted), (1, 2));
        assert_eq!(page.would_wait.iter().map(FileFault::sentence).collect::<Vec<_>>(), [said]);
        let file = begun(bring(&portal, &customer, NAME, &each("Suspend", &people)).await);
        portal.work().await;
        let held = ["0 NotAttempted brake", "2 Done", "3 NotAttempted", "4 NotAttempted"];
        assert_eq!(told(&portal, &file).await, held);
        let priya = portal.persona("Priya").await;
        let subject = format!("Many people would lose access: {NAME}");
        assert!(portal.letters_to("priya.ramanathan@health.example").await.contains(&subject));
        let id = submission(&portal, &customer, &file).await;
        let shown = portal.gate.on_behalf_of(&priya).submission(&id).await.unwrap();
        // Whoever decides reads what the rows that wait would do.
        let review = portal.gate.on_behalf_of(&priya).change_file_lines(&id, None).await.unwrap();
        assert!(review.lines.iter().all(|line| !line.steps.is_empty()), "{:?}", review.lines);
        assert_eq!((review.summary.done, review.summary.not_attempted), (1, 2));
        assert!(shown.is_held());
        assert_eq!(to_type(&shown), Some(2));
        for typed in [None, Some(3)] {
            let said = Confirmation { seen: seen(&shown), typed, ..Confirmation::default() };
            let refused = portal.gate.on_behalf_of(&priya).confirm(&id, said).await;
            assert!(matches!(refused, Err(GateError::Uncounted)), "{refused:?}");
        }
        confirmed(&portal, &priya, &id).await;
        portal.work().await;
        assert_eq!(told(&portal, &file).await, ["2 Done", "3 Done", "4 Done"]);
        portal.adds_up().await;
    }

    async fn beyond_the_number_that_was_confirmed_a_file_stops_again(portal: Portal) {
        let portal = portal.ruled(|rules| rules.access_brake.people = 1);
        let (file, id) = stopped_again(&portal).await;
        assert_eq!(told(&portal, &file).await, ["0 NotAttempted brake", "2 Done", "3 Done", "4 Done", "5 NotAttempted"]);
        assert_eq!(asked_for(&portal, &id).await, Some(1));
        confirmed(&portal, &portal.persona("Priya").await, &id).await;
        portal.work().await;
        assert_eq!(told(&portal, &file).await, ["2 Done", "3 Done", "4 Done", "5 Done"]);
        assert_eq!(asked_for(&portal, &id).await, None);
        portal.adds_up().await;
    }

    async fn a_file_that_is_discarded_when_it_stops_again_says_so(portal: Portal) {
        let portal = portal.ruled(|rules| rules.access_brake.people = 1);
        let (file, id) = stopped_again(&portal).await;
        let priya = portal.persona("Priya").await;
        portal.gate.on_behalf_of(&priya).decline(&id).await.unwrap();
        portal.work().await;
        assert_eq!(told(&portal, &file).await, ["0 NotAttempted stopped", "2 Done", "3 Done", "4 Done", "5 NotAttempted"]);
    }

    async fn a_customer_that_names_another_connector_stops_the_first_ones_file(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let file = begun(bring(&portal, &customer, NAME, &each("Suspend", &[MAREK])).await);
        assert!(Worker::new(portal.gate.clone()).work_once().await.unwrap(), "it is checked");
        let grace = portal.persona("Grace").await;
        let known = portal.gate.on_behalf_of(&grace).customer(customer.number).await.unwrap();
        let other = Customer { connector: Some(portal.account(LOWRI).await), ..known.customer };
        portal.make_so(vec![Wish::Customer(Box::new(other))]).await;
        portal.work().await;
        assert_eq!(told(&portal, &file).await, ["0 Rejected grant.gone", "2 NotAttempted"]);
        assert_eq!(portal.standing(portal.account(MAREK).await).await.status, AccountStatus::Active);
    }

    async fn a_report_that_was_written_while_a_file_waited_is_written_again(portal: Portal) {
        let portal = portal.ruled(|rules| rules.access_brake.people = 1);
        let customer = portal.customer(|_| {}).await;
        let file = begun(bring(&portal, &customer, NAME, &each("Suspend", &[MAREK, LOWRI])).await);
        portal.work().await;
        portal.gate.change_file_reported(&file, "a report.csv").await.unwrap();
        let unreported = async || portal.gate.unreported_change_files(customer.number).await.unwrap();
        assert!(unreported().await.is_empty());
        let known = portal.gate.on_behalf_of(&portal.persona("Priya").await).customer(customer.number).await.unwrap();
        let id = known.files[0].submission.clone().unwrap();
        confirmed(&portal, &portal.persona("Priya").await, &id).await;
        portal.work().await;
        assert_eq!(unreported().await[0].stage, ChangeFileStage::Ready);
        portal.gate.change_file_reported(&file, "a report.2.csv").await.unwrap();
        assert!(unreported().await.is_empty());
    }

    async fn what_took_access_through_another_file_today_counts(portal: Portal) {
        let portal = portal.ruled(|rules| rules.access_brake.people = 2);
        let customer = portal.customer(|_| {}).await;
        let done = portal.change_file(&customer, &each("Suspend", &[MAREK, LOWRI])).await;
        assert_eq!(done.results(), ["Done", "Done"]);
        let next = portal.change_file(&customer, &each("Suspend", &[MAREK, NIAMH])).await;
        assert_eq!(next.results(), ["NotAttempted", "NoChange", "NotAttempted"]);
        let id = next.submission.unwrap();
        portal.gate.on_behalf_of(&portal.persona("Priya").await).decline(&id).await.unwrap();
        portal.pass_seconds(25 * 3_600);
        let tomorrow = portal.change_file(&customer, &each("Suspend", &[NIAMH])).await;
        assert_eq!(tomorrow.results(), ["Done"]);
    }

    async fn what_a_file_took_counts_through_the_api_too(portal: Portal) {
        let portal = portal.ruled(|rules| rules.access_brake.people = 2);
        let hector = portal.person("hector.trelawny@health.example").await;
        let account = hector.account().unwrap();
        let terms = Terms { channels: vec![Channel::Api, Channel::ChangeFile], may_disable: true, ..Terms::default() };
        let organisation = OrganisationCode::parse("RIV").unwrap();
        let grant = RoleWish::Grant { role: Role::Connector, organisation, unit: None, terms };
        portal.make_so(vec![Wish::Role(account, grant)]).await;
        let customer = portal.customer(|customer| customer.connector = Some(account)).await.sent_by(hector.clone());
        let done = portal.change_file(&customer, &each("Suspend", &[MAREK, LOWRI])).await;
        assert_eq!(done.results(), ["Done", "Done"]);
        let program = Program::of(&portal, hector).await;
        let niamh = portal.account(NIAMH).await;
        assert_eq!(refusal(program.changes(niamh, &active(false)).await), SyncRefusal::Braked);
        assert_eq!(portal.standing(niamh).await.status, AccountStatus::Active);
    }

    async fn people_whom_a_file_adds_count_among_those_who_are_there(portal: Portal) {
        let portal = unlimited(portal).ruled(|rules| rules.access_brake.percent = 1);
        let customer = portal.customer(|_| {}).await;
        let riverside = OrganisationCode::parse("RIV").unwrap();
        let there = store::directory::people::count_of(portal.gate.store().reader(), &riverside).await.unwrap();
        let suspended = (0..12).map(|number| format!("new.one{number}@riverside.example,Suspend,,\n"));
        let file = adds("New", "One", 300) + &suspended.collect::<String>();
        // Ten are more than one in a hundred, and nine are few: the last three wait.
        let stopped = portal.rehearse_change_file(&customer, &file).await.lines();
        let said = format!("3 more of {} people would lose access, after 9 within 24 hours.", there + 300);
        assert_eq!((stopped[0].code.as_str(), stopped[0].message.starts_with(&said)), ("brake", true), "{:?}", stopped[0]);
        let portal = portal.ruled(|rules| rules.access_brake.percent = 100);
        let goes_through = portal.rehearse_change_file(&customer, &file).await;
        assert!(goes_through.results().iter().all(|result| result == "Done"), "{:?}", goes_through.lines()[0]);
    }

    async fn a_file_that_is_discarded_while_it_is_checked_keeps_no_password(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let text = "EmailAddress,Action,GivenName,FamilyName,Password\nida.quill@riverside.example,Add,Ida,Quill,Seven-red-kettles\n";
        let file = begun(bring(&portal, &customer, NAME, text).await);
        let id = submission(&portal, &customer, &file).await;
        portal.gate.on_behalf_of(&portal.persona("Priya").await).decline(&id).await.unwrap();
        portal.work().await;
        let report = portal.gate.change_file_report(&file).await.unwrap();
        let kept = report.blanked.unwrap();
        assert!(kept.contains("•••") && !kept.contains("argon2"), "{kept}");
        assert_eq!(told(&portal, &file).await, ["0 NotAttempted discarded"]);
    }

    async fn a_role_that_ends_before_a_file_is_applied_leaves_all_its_rows(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let file = begun(bring(&portal, &customer, NAME, &each("Suspend", &[MAREK, LOWRI])).await);
        assert!(Worker::new(portal.gate.clone()).work_once().await.unwrap(), "it is checked");
        let id = submission(&portal, &customer, &file).await;
        let grace = portal.persona("Grace").await;
        assert_eq!(portal.gate.on_behalf_of(&grace).submission(&id).await.unwrap().state, State::Applying);
        let jem = customer.connector.account().unwrap();
        portal.make_so(vec![Wish::Account(jem, AccountWish::Turn(Turn::Disable))]).await;
        portal.work().await;
        assert_eq!(told(&portal, &file).await, ["0 Rejected grant.gone", "2 NotAttempted", "3 NotAttempted"]);
        assert_eq!(portal.gate.on_behalf_of(&grace).submission(&id).await.unwrap().state, State::Declined);
        assert_eq!(portal.standing(portal.account(MAREK).await).await.status, AccountStatus::Active);
    }

    async fn what_others_have_changed_since_the_check_is_planned_anew(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let file = begun(bring(&portal, &customer, NAME, &each("Suspend", &[MAREK, LOWRI])).await);
        assert!(Worker::new(portal.gate.clone()).work_once().await.unwrap(), "it is checked");
        let priya = portal.persona("Priya").await;
        by_form(&portal, &priya, MAREK, AccountWish::Turn(Turn::Disable)).await;
        portal.work().await;
        assert_eq!(told(&portal, &file).await, ["2 NoChange", "3 Done"]);
        let id = submission(&portal, &customer, &file).await;
        let shown = portal.gate.on_behalf_of(&priya).submission(&id).await.unwrap();
        assert_eq!((shown.state, shown.totals.with(Outcome::Stale)), (State::Applied, 0));
    }

    async fn machines_change_nothing_of_somebody_held_and_forms_do(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let priya = portal.persona("Priya").await;
        by_form(&portal, &priya, FINTAN, AccountWish::Hold("Merger under way".to_owned())).await;
        let rows = [titled(FINTAN, "Porter"), each("Suspend", &[FINTAN]), each("Remove", &[FINTAN])];
        for text in &rows {
            assert_eq!(portal.change_file(&customer, text).await.results(), ["Held"], "{text}");
        }
        let program = Program::of(&portal, connector(&portal, true, None).await).await;
        let fintan = portal.account(FINTAN).await;
        let refused = refusal(program.changes(fintan, &edit(Attribute::JobTitle, "Cook")).await);
        assert_eq!(refused, SyncRefusal::Held { reason: "Merger under way".to_owned() });
        by_form(&portal, &priya, FINTAN, AccountWish::Turn(Turn::Disable)).await;
        by_form(&portal, &priya, FINTAN, AccountWish::Turn(Turn::Enable)).await;
        by_form(&portal, &priya, FINTAN, AccountWish::Release).await;
        assert_eq!(portal.change_file(&customer, &rows[0]).await.results(), ["Done"]);
        portal.adds_up().await;
    }

    async fn who_is_given_a_day_of_return_by_form_is_enabled_by_form(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let priya = portal.persona("Priya").await;
        let (suspend, resume) = (each("Suspend", &[MAREK]), each("Resume", &[MAREK]));
        assert_eq!(portal.change_file(&customer, &suspend).await.results(), ["Done"]);
        let absence = Absence { from: None, until: None, reason: "Under investigation".to_owned() };
        by_form(&portal, &priya, MAREK, AccountWish::ChangeAbsence(absence)).await;
        let lines = portal.change_file(&customer, &resume).await.lines();
        assert_eq!((lines[0].result.as_str(), lines[0].code.as_str()), ("Rejected", "disabled.by_person"));
        by_form(&portal, &priya, MAREK, AccountWish::Turn(Turn::Enable)).await;
        for text in [&suspend, &resume] {
            assert_eq!(portal.change_file(&customer, text).await.results(), ["Done"]);
        }
        portal.adds_up().await;
    }

    async fn what_a_file_changed_is_undone_as_what_machines_send_is(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let before = portal.standing(portal.account(FINTAN).await).await.attributes;
        let rows = format!(
            "EmailAddress,Action,JobTitle,SubscriptionId\n{FINTAN},Update,Ferryman,\n{FINTAN},AssignSeat,,69050\n"
        );
        let done = portal.change_file(&customer, &rows).await;
        let priya = portal.persona("Priya").await;
        let visit = portal.gate.on_behalf_of(&priya);
        let file = visit.submission(&done.submission.unwrap()).await.unwrap();
        let undo = visit.undo(&file.id).await.unwrap();
        portal.work().await;
        // Of the seat there is no row: it stays.
        assert_eq!(left_by_undo(&file, &visit.submission(&undo).await.unwrap()), 1);
        confirmed(&portal, &priya, &undo).await;
        portal.work().await;
        let after = portal.standing(portal.account(FINTAN).await).await.attributes;
        assert_eq!(after.text(Attribute::JobTitle), before.text(Attribute::JobTitle));
        assert_eq!(visit.seats(portal.account(FINTAN).await).await.unwrap().len(), 1);
    }
}
