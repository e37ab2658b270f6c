//! Which files are taken, in which order, and how often.

use domain::{
    change_file::{FileFault, NamePart},
    dictionary::Attribute,
};
use formats::Limits;
use gate::{ChangeFileStage, TakenFile, Worker};
use store::access::change_files::sources;
use testkit::{Portal, change_files::TestCustomer, on_both};

use super::{FINTAN, LOWRI, MAREK, NIAMH, arrived, begun, bring, each, open, submission, titled, told, unlimited};

/// The last number that was processed of a source.
async fn last(portal: &Portal, customer: &TestCustomer, source: &str) -> Option<i64> {
    let last = sources::last(portal.gate.store().reader(), customer.number, source).await;
    last.unwrap().map(|last| last.number)
}

on_both! {
    async fn numbers_follow_each_other_as_s2_says(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let name = |number: i64| format!("{}_hr_PRV_{number}.csv", customer.number);
        begun(bring(&portal, &customer, &name(5), &titled(FINTAN, "Porter")).await);
        portal.work().await;
        // The same number is allowed, the same file is not processed again, and a lower number is refused.
        let other = begun(bring(&portal, &customer, &name(5), &titled(FINTAN, "Nurse")).await);
        portal.work().await;
        assert_eq!(told(&portal, &other).await, ["0 Notice seq.repeated", "2 Done"]);
        let again = bring(&portal, &customer, &name(5), &titled(FINTAN, "Nurse")).await;
        assert_eq!(again, TakenFile::Again(other));
        let lower = bring(&portal, &customer, &name(4), &titled(FINTAN, "Clerk")).await;
        assert!(matches!(lower, TakenFile::Refused(_)), "{lower:?}");
        assert_eq!(last(&portal, &customer, "hr").await, Some(5), "what is refused is not recorded");
        // The number of a file that fails counts.
        let failed = bring(&portal, &customer, &name(9), "no header\n").await;
        assert!(matches!(failed, TakenFile::Failed(_)), "{failed:?}");
        assert_eq!(last(&portal, &customer, "hr").await, Some(9));
        let lower = bring(&portal, &customer, &name(8), &titled(FINTAN, "Clerk")).await;
        assert!(matches!(lower, TakenFile::Refused(_)), "{lower:?}");
        // Behind the highest of all any number may come but 0.
        begun(bring(&portal, &customer, &name(i64::MAX), &titled(FINTAN, "Clerk")).await);
        portal.work().await;
        let zero = bring(&portal, &customer, &name(0), &titled(FINTAN, "Cook")).await;
        assert!(matches!(zero, TakenFile::Refused(_)), "{zero:?}");
        begun(bring(&portal, &customer, &name(1), &titled(FINTAN, "Cook")).await);
        assert_eq!(last(&portal, &customer, "hr").await, Some(1));
    }

    async fn a_file_that_may_not_come_is_kept_once_until_it_is_reported(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let foreign = "30020507_PRV_1.csv";
        let first = bring(&portal, &customer, foreign, &titled(FINTAN, "Cook")).await;
        assert!(matches!(first, TakenFile::Refused(_)), "{first:?}");
        assert_eq!(bring(&portal, &customer, foreign, &titled(FINTAN, "Cook")).await, first);
        let TakenFile::Refused(id) = first else { unreachable!() };
        assert_eq!(told(&portal, &id).await, ["0 Rejected customer.foreign"]);
        assert!(portal.gate.change_file_report(&id).await.unwrap().refused);
        let (name, sha) = ("staff.csv", "0".repeat(64));
        let why = FileFault::Name { part: NamePart::Kind };
        let one = portal.gate.refuse_change_file(customer.number, (name, false), &sha, why.clone()).await.unwrap();
        let two = portal.gate.refuse_change_file(customer.number, (name, false), &sha, why).await.unwrap();
        assert_eq!(one, two);
        assert_eq!(portal.gate.unreported_change_files(customer.number).await.unwrap().len(), 2);
    }

    async fn nothing_is_taken_while_a_file_is_worked_on(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let first = begun(bring(&portal, &customer, "30020506_hr_PRV_1.csv", &titled(FINTAN, "Porter")).await);
        assert_eq!(open(&portal, &customer, &first).await.stage, ChangeFileStage::Working);
        for next in ["30020506_hr_PRV_2.csv", "30020506_AD_PRV_1.csv"] {
            assert_eq!(bring(&portal, &customer, next, &titled(FINTAN, "Nurse")).await, TakenFile::NotYet, "{next}");
        }
        // A rehearsal waits for nobody and uses no number.
        let text = titled(FINTAN, "Cook");
        begun(portal.bring_change_file(&customer, "30020506_hr_PRV_1.csv", text.as_bytes(), true).await);
        portal.work().await;
        assert_eq!(open(&portal, &customer, &first).await.stage, ChangeFileStage::Ready);
        begun(bring(&portal, &customer, "30020506_AD_PRV_1.csv", &titled(FINTAN, "Nurse")).await);
        assert_eq!(last(&portal, &customer, "hr").await, Some(1));
    }

    async fn files_of_other_sources_go_past_one_that_waits(portal: Portal) {
        let portal = portal.ruled(|rules| rules.access_brake.people = 1);
        let customer = portal.customer(|_| {}).await;
        let held = begun(bring(&portal, &customer, "30020506_hr_PRV_1.csv", &each("Suspend", &[MAREK, LOWRI, NIAMH])).await);
        portal.work().await;
        assert_eq!(open(&portal, &customer, &held).await.stage, ChangeFileStage::Waiting);
        assert!(portal.gate.waits_for_a_person(customer.number, "hr").await.unwrap());
        assert!(!portal.gate.waits_for_a_person(customer.number, "ad").await.unwrap());
        let behind = bring(&portal, &customer, "30020506_hr_PRV_2.csv", &titled(FINTAN, "Nurse")).await;
        assert_eq!(behind, TakenFile::NotYet);
        let past = begun(bring(&portal, &customer, "30020506_AD_PRV_1.csv", &titled(FINTAN, "Nurse")).await);
        portal.work().await;
        assert_eq!(told(&portal, &past).await, ["2 Done"]);
        let id = submission(&portal, &customer, &held).await;
        portal.gate.on_behalf_of(&portal.persona("Priya").await).decline(&id).await.unwrap();
        begun(bring(&portal, &customer, "30020506_hr_PRV_2.csv", &titled(FINTAN, "Cook")).await);
    }

    async fn only_the_report_of_a_file_sent_again_says_so(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let id = begun(bring(&portal, &customer, "30020506_hr_PRV_5.csv", &titled(FINTAN, "Porter")).await);
        portal.work().await;
        for _ in 0..2 {
            // Another process may have been quicker to report it.
            assert_eq!(told(&portal, &id).await, ["2 Done"]);
            portal.gate.change_file_reported(&id, "30020506_hr_PRV_5.report.csv").await.unwrap();
        }
        let again = portal.gate.change_file_report_again(&id).await.unwrap().csv;
        assert!(again.contains(",Notice,seq.same,"), "{again}");
    }

    async fn two_watchers_take_one_file_once(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let (name, text) = ("30020506_PRV_1.csv", titled(FINTAN, "Porter"));
        let visit = portal.gate.on_behalf_of(&customer.connector);
        let (one, two) = tokio::join!(
            visit.take_change_file(arrived(&customer, name, &text)),
            visit.take_change_file(arrived(&customer, name, &text)),
        );
        let taken = [one.unwrap(), two.unwrap()];
        let begun = taken.iter().filter(|taken| matches!(taken, TakenFile::Begun(_)));
        assert_eq!(begun.count(), 1, "{taken:?}");
        portal.work().await;
        assert_eq!(portal.gate.unreported_change_files(customer.number).await.unwrap().len(), 1);
    }

    async fn a_customer_without_an_account_that_sends_fails_its_files(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        portal.change_customer(&customer, |customer| customer.connector = None).await;
        let known = portal.gate.change_customers().await.unwrap();
        assert!(known.iter().any(|known| known.customer.number == customer.number && known.connector.is_none()));
        let why = FileFault::NoConnector { customer: customer.number };
        let file = arrived(&customer, "30020506_PRV_7.csv", &titled(FINTAN, "Cook"));
        let failed = portal.gate.fail_change_file(file, why).await.unwrap();
        let TakenFile::Failed(id) = failed else { panic!("{failed:?}") };
        assert_eq!(told(&portal, &id).await, ["0 Rejected grant.none"]);
        assert_eq!(last(&portal, &customer, "").await, Some(7));
    }

    async fn while_nobody_may_send_one_file_fails_and_the_rest_wait(portal: Portal) {
        const CONTACT: &str = "it@riverside.example";
        let customer = portal.customer(|_| {}).await;
        let name = |number: i64| format!("{}_hr_PRV_{number}.csv", customer.number);
        let text = titled(FINTAN, "Porter");
        portal.change_customer(&customer, |customer| customer.change_files = false).await;
        let first = bring(&portal, &customer, &name(1), &text).await;
        assert!(matches!(first, TakenFile::Failed(_)), "{first:?}");
        assert_eq!(bring(&portal, &customer, &name(2), &text).await, TakenFile::NotYet);
        assert_eq!(last(&portal, &customer, "hr").await, Some(1), "its number is not used up");
        // What may not come at all is refused all the same.
        let lower = bring(&portal, &customer, &name(0), &text).await;
        assert!(matches!(lower, TakenFile::Refused(_)), "{lower:?}");
        // Another source fails as well, and the contact knows why.
        let other = bring(&portal, &customer, "30020506_AD_PRV_1.csv", &text).await;
        assert!(matches!(other, TakenFile::Failed(_)), "{other:?}");
        assert_eq!(portal.letters_to(CONTACT).await.len(), 1);
        // A day later it is said again.
        portal.pass_seconds(25 * 3_600);
        let second = bring(&portal, &customer, &name(2), &text).await;
        assert!(matches!(second, TakenFile::Failed(_)), "{second:?}");
        assert_eq!(portal.letters_to(CONTACT).await.len(), 2);
        portal.change_customer(&customer, |customer| customer.change_files = true).await;
        begun(bring(&portal, &customer, &name(3), &text).await);
    }

    async fn a_file_that_failed_for_its_sender_is_processed_when_sent_again(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let (name, text) = ("30020506_hr_PRV_1.csv", titled(FINTAN, "Porter"));
        portal.change_customer(&customer, |customer| customer.change_files = false).await;
        let first = bring(&portal, &customer, name, &text).await;
        assert!(matches!(first, TakenFile::Failed(_)), "{first:?}");
        assert_eq!(bring(&portal, &customer, name, &text).await, TakenFile::NotYet, "as long as nothing has changed");
        portal.change_customer(&customer, |customer| customer.change_files = true).await;
        let id = begun(bring(&portal, &customer, name, &text).await);
        portal.work().await;
        assert_eq!(told(&portal, &id).await, ["2 Done"]);
        assert_eq!(bring(&portal, &customer, name, &text).await, TakenFile::Again(id));
        // One that failed for what is in it says the same again.
        let broken = bring(&portal, &customer, "30020506_hr_PRV_2.csv", "no header\n").await;
        let TakenFile::Failed(id) = broken else { panic!("{broken:?}") };
        let again = bring(&portal, &customer, "30020506_hr_PRV_2.csv", "no header\n").await;
        assert_eq!(again, TakenFile::Again(id));
    }

    async fn a_file_that_is_stopped_before_its_first_row_can_be_sent_again(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let (name, text) = ("30020506_hr_PRV_1.csv", titled(FINTAN, "Porter"));
        let id = begun(bring(&portal, &customer, name, &text).await);
        assert!(Worker::new(portal.gate.clone()).work_once().await.unwrap(), "it is checked");
        portal.change_customer(&customer, |customer| customer.change_files = false).await;
        portal.work().await;
        assert_eq!(told(&portal, &id).await, ["0 Rejected customer.off", "2 NotAttempted"]);
        portal.change_customer(&customer, |customer| customer.change_files = true).await;
        let again = begun(bring(&portal, &customer, name, &text).await);
        portal.work().await;
        assert_eq!(told(&portal, &again).await, ["2 Done"]);
    }

    async fn a_file_may_hold_what_the_settings_allow(portal: Portal) {
        let limits = Limits { rows: 2, ..Limits::default() };
        let portal = portal.within(limits).ruled(|rules| rules.change_file_mib = 1);
        let customer = portal.customer(|_| {}).await;
        let allowed = portal.rehearse_change_file(&customer, &each("Suspend", &[MAREK, LOWRI])).await;
        assert_eq!(allowed.results(), ["Done", "Done"]);
        let many = portal.change_file(&customer, &each("Suspend", &[MAREK, LOWRI, NIAMH])).await;
        assert_eq!(many.lines()[0].code, "rows");
        let large = portal.change_file(&customer, &titled(FINTAN, &"x".repeat(1_100_000))).await;
        assert_eq!(large.lines()[0].code, "large");
    }

    async fn every_row_of_a_long_file_is_kept_in_its_order(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let people: Vec<_> = (0..2_100).map(|number| format!("nobody{number}@riverside.example")).collect();
        let people: Vec<_> = people.iter().map(String::as_str).collect();
        let lines = portal.rehearse_change_file(&customer, &each("Suspend", &people)).await.lines();
        let told: Vec<_> = lines.iter().map(|line| (line.line.as_str(), line.code.as_str())).collect();
        let expected: Vec<_> = (2..=2_101).map(|line: u32| line.to_string()).collect();
        let expected: Vec<_> = expected.iter().map(|line| (line.as_str(), "account.none")).collect();
        assert_eq!(told, expected);
    }

    async fn people_of_one_long_file_are_not_said_to_look_alike(portal: Portal) {
        let portal = unlimited(portal);
        let customer = portal.customer(|_| {}).await;
        let row = |number: u32| format!("cal.row{number}@riverside.example,Add,Cal,Row\n");
        let rows: String = (0..250).map(row).collect();
        let done = portal.change_file(&customer, &format!("EmailAddress,Action,GivenName,FamilyName\n{rows}")).await;
        assert_eq!(done.results().len(), 250);
        assert!(done.lines().iter().all(|line| line.result == "Done"), "{}", done.report.csv);
        // The next file is told of the first two.
        let next = "EmailAddress,Action,GivenName,FamilyName\ncal.row@riverside.example,Add,Cal,Row\n";
        let lines = portal.change_file(&customer, next).await.lines();
        let codes: Vec<_> = lines.iter().map(|line| line.code.as_str()).collect();
        assert_eq!(codes, ["", "looks_like", "looks_like"]);
    }

    async fn the_last_seat_goes_to_the_row_that_comes_first(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        // There is one seat of it.
        let text = format!(
            "EmailAddress,Action,JobTitle,SubscriptionId\n\
             {FINTAN},Update,Porter,\n\
             {FINTAN},AssignSeat,,69055\n\
             {LOWRI},Update,Clerk,\n\
             {LOWRI},AssignSeat,,69055\n\
             {FINTAN},Update,Nurse,\n"
        );
        let would = portal.rehearse_change_file(&customer, &text).await;
        let done = portal.change_file(&customer, &text).await;
        assert_eq!(done.results(), ["Done", "Done", "Done", "Rejected", "Done"]);
        assert_eq!(would.lines(), done.lines());
        for (person, title) in [(FINTAN, "Nurse"), (LOWRI, "Clerk")] {
            let standing = portal.standing(portal.account(person).await).await;
            assert_eq!(standing.attributes.text(Attribute::JobTitle), title);
        }
        portal.adds_up().await;
    }
}
