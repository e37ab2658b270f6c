//! What reports say of whole files: one approved text for each action, the log and the trace beside it, and nothing secret.

use std::collections::BTreeSet;

use domain::{
    change_file::Action,
    dictionary::Attribute,
    life::Turn,
    request::{AccountWish, Wish},
};
use testkit::{
    Kind, Portal,
    change_files::{ChangeFileDone, TestCustomer},
    on_both,
};

use crate::{change_file_walks::seats_add_up, one_time::assert_nowhere};

/// A file for each action. Each builds on those before it.
const FILES: [(Action, &str); 11] = [
    (
        Action::Add,
        "EmailAddress,Action,GivenName,FamilyName,SubscriptionId,Password,AltEmailAddress,FederationType,Activation,SuppressInvitation,JobTitle\n\
         Ida.Quill@riverside.example,Add,Ida,Quill,,,,,,,Staff nurse\n\
         sam.okafor@riverside.example,add,Sam,Okafor,69051,Seven-red-kettles,sam@home.example,,,,\n\
         tess.marr@riverside.example,Add,Tess,Marr,69050,,,FEDERATED,FORCE_ACTIVATION,,\n\
         una.pell@riverside.example,Add,Una,Pell,,,,,,SUPPRESS_ALL,\n\
         fintan.gillespie@health.example,Add,Fintan,Gillespie,,,,,,,\n\
         nobody@elsewhere.example,Add,,,7,,,SOMETIMES,,,\n",
    ),
    (
        Action::Update,
        "JobTitle,EmailAddress,ACTION,Telephone,FederationType,AssignTo\n\
         Ward manager,ida.quill@riverside.example,Update,,,\n\
         Ward manager,ida.quill@riverside.example,Update,,,\n\
         ,fintan.gillespie@health.example,Update,\"\",,\n\
         ,fintan.gillespie@health.example,Update,,,\n\
         ,fintan.gillespie@health.example,Update,12,,lowri.umar@health.example\n\
         ,nobody@riverside.example,Update,01632 960123,,\n",
    ),
    (
        Action::AssignSeat,
        "EmailAddress,Action,SubscriptionId,AltEmailAddress,NotesTemplate\n\
         fintan.gillespie@health.example,AssignSeat,69050,,\n\
         fintan.gillespie@health.example,AssignSeat,69052,fintan@home.example,\"StdR85Mail,8.5,en_GB\"\n\
         fintan.gillespie@health.example,AssignSeat,69053,,\n\
         ida.quill@riverside.example,AssignSeat,69053,,\n\
         lowri.umar@health.example,AssignSeat,69055,,\n\
         ida.quill@riverside.example,AssignSeat,69055,,\n",
    ),
    (
        Action::ChangeSeat,
        "EmailAddress,Action,SubscriptionId,SubscriptionId2\n\
         lowri.umar@health.example,ChangeSeat,69050,\n\
         fintan.gillespie@health.example,ChangeSeat,69055,\n\
         sam.okafor@riverside.example,ChangeSeat,69052,\n\
         sam.okafor@riverside.example,ChangeSeat,69052,DELETECOLLAB\n\
         sam.okafor@riverside.example,ChangeSeat,69052,\n",
    ),
    (
        Action::ChangeStorage,
        "EmailAddress,Action,SubscriptionId,CollabExtraStorage,MailExtraStorage\n\
         fintan.gillespie@health.example,ChangeStorage,69055,20,\n\
         fintan.gillespie@health.example,ChangeStorage,69052,,10\n\
         lowri.umar@health.example,AddStorage,,31,\n\
         lowri.umar@health.example,ChangeStorage,,30,\n\
         lowri.umar@health.example,ChangeStorage,,,\n",
    ),
    (
        Action::RevokeSeat,
        "EmailAddress,Action,SubscriptionId,AssignTo\n\
         fintan.gillespie@health.example,RevokeSeat,MAIL,\n\
         fintan.gillespie@health.example,RevokeSeat,,lowri.umar@health.example\n\
         fintan.gillespie@health.example,RevokeSeat,COLLAB,\n",
    ),
    (
        Action::Rename,
        "EmailAddress,Action,AltEmailAddress\n\
         tess.marr@riverside.example,Rename,tess.oak@riverside.example\n\
         lowri.umar@health.example,Rename,lowri@riverside.example\n\
         lowri.umar@health.example,Rename,lowri2@riverside.example\n\
         ida.quill@riverside.example,Rename,ida@riverside.example\n",
    ),
    (
        Action::ResendInvitation,
        "EmailAddress,Action\n\
         una.pell@riverside.example,ResendInvitation\n\
         una.pell@riverside.example,ResendInvitation\n\
         tess.oak@riverside.example,ResendInvitation\n\
         marek.garside@health.example,ResendInvitation\n",
    ),
    (
        Action::Suspend,
        "EmailAddress,Action,JobTitle\n\
         tess.marr@riverside.example,Suspend,\n\
         tess.oak@riverside.example,Suspend,\n\
         marek.garside@health.example,Suspend,Porter\n\
         priya.ramanathan@health.example,Suspend,\n",
    ),
    (
        Action::Resume,
        "EmailAddress,Action\n\
         tess.oak@riverside.example,Resume\n\
         tess.oak@riverside.example,Resume\n\
         dermot.dunmore@health.example,Resume\n",
    ),
    (
        Action::Remove,
        "EmailAddress,Action,AssignTo\n\
         tess.oak@riverside.example,Remove,lowri.umar@health.example\n\
         tess.oak@riverside.example,Remove,\n\
         sam.okafor@riverside.example,Remove,sam.okafor@riverside.example\n\
         priya.ramanathan@health.example,Remove,\n",
    ),
];

/// The lines of a report and its summary, as a text.
fn told(done: &ChangeFileDone) -> String {
    let lines: String = done.lines().iter().map(|line| line.told() + "\n").collect();
    format!("{lines}{}\n", done.summary())
}

/// The same rows done one after the other.
async fn results(portal: &Portal, customer: &TestCustomer, text: &str) -> Vec<String> {
    portal.change_file(customer, text).await.results()
}

on_both! {
    async fn every_action_has_its_approved_report(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let mut text = String::new();
        for (action, file) in FILES {
            let done = portal.change_file(&customer, file).await;
            let kept = done.report.blanked.as_deref().unwrap_or_default();
            text += &format!("# {}\n\n{}\n{}\n", action.word(), kept.replace('\r', ""), told(&done));
            // Invitations are sent again only after an hour.
            portal.pass_seconds(2 * 3_600);
        }
        insta::assert_snapshot!(text);
        seats_add_up(&portal, &customer).await;
        portal.adds_up().await;
    }

    async fn log_and_trace_say_what_the_report_says(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let done = portal.change_file(&customer, FILES[0].1).await;
        assert_eq!(done.report.name, "30020506_hr_PRV_1.report.csv");
        for line in done.lines() {
            assert!(done.report.log.contains(&line.message), "{}\n{}", line.message, done.report.log);
        }
        let traced: BTreeSet<_> = done
            .report
            .trace
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("an object"))
            .map(|object| object["line"].as_u64().expect("a line"))
            .collect();
        assert_eq!(traced, (2..=7).collect(), "{}", done.report.trace);
        let id = done.submission.as_ref().expect("a submission");
        let page = portal.gate.on_behalf_of(&customer.connector).change_file_lines(id, None).await.unwrap();
        let shown: Vec<_> = page.lines.iter().map(|line| (line.line.to_string(), line.code.clone())).collect();
        let written: Vec<_> = done.lines().into_iter().map(|line| (line.line, line.code)).collect();
        assert_eq!(shown, written);
        assert_eq!(page.summary.sentence(), done.summary());
    }

    async fn somebody_added_and_removed_in_one_file_leaves_their_seat_free(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let rows = "EmailAddress,Action,GivenName,FamilyName,SubscriptionId\n\
             ida.quill@riverside.example,Add,Ida,Quill,69055\n\
             ida.quill@riverside.example,Remove,,,\n\
             fintan.gillespie@health.example,AssignSeat,,,69055\n";
        assert_eq!(results(&portal, &customer, rows).await, ["Done"; 3]);
        seats_add_up(&portal, &customer).await;
        portal.adds_up().await;
    }

    async fn seats_that_run_out_in_the_middle_of_a_file_are_refused_from_there(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let people = ["fintan.gillespie", "marek.garside", "lowri.umar", "niamh.adeyemi", "perrin.holloway", "hector.trelawny"];
        let rows: String = people.iter().map(|name| format!("{name}@health.example,AssignSeat,69050\n")).collect();
        let done = portal.change_file(&customer, &format!("EmailAddress,Action,SubscriptionId\n{rows}")).await;
        assert_eq!(done.results(), ["Done", "Done", "Done", "Done", "Rejected", "Rejected"]);
        assert_eq!(done.lines()[5].message, "No seat of Collaboration is free (4 of 4 used).");
        // One that is given back is free at once.
        let rows = "EmailAddress,Action,SubscriptionId\n\
             fintan.gillespie@health.example,RevokeSeat,COLLAB\n\
             hector.trelawny@health.example,AssignSeat,69050\n";
        assert_eq!(results(&portal, &customer, rows).await, ["Done"; 2]);
        seats_add_up(&portal, &customer).await;
    }

    async fn a_bundle_becomes_a_single_seat_and_a_bundle_again(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let rows = "EmailAddress,Action,SubscriptionId,SubscriptionId2,AltEmailAddress\n\
             fintan.gillespie@health.example,AssignSeat,69051,,fintan@home.example\n\
             fintan.gillespie@health.example,ChangeSeat,69050,DELETEMAIL,\n\
             fintan.gillespie@health.example,ChangeSeat,69051,,fintan@home.example\n\
             fintan.gillespie@health.example,ChangeSeat,DELETECOLLAB,69052,\n\
             fintan.gillespie@health.example,ChangeSeat,69051,,\n";
        assert_eq!(results(&portal, &customer, rows).await, ["Done"; 5]);
        seats_add_up(&portal, &customer).await;
        portal.adds_up().await;
    }

    async fn files_of_two_sources_have_numbers_of_their_own(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let file = |title: &str| format!("EmailAddress,Action,JobTitle\nfintan.gillespie@health.example,Update,{title}\n");
        for (name, title) in [("hr_PRV_9", "Porter"), ("AD_PRV_3", "Nurse"), ("PRV_1", "Matron"), ("hr_PRV_10", "Clerk"), ("ad_prv_4", "Cook")] {
            let name = format!("{}_{name}.csv", customer.number);
            let done = portal.change_file_named(&customer, &name, file(title).as_bytes(), false).await;
            assert_eq!(done.results(), ["Done"], "{name}");
        }
        let name = format!("{}_hr_PRV_4.csv", customer.number);
        let done = portal.change_file_named(&customer, &name, file("Late").as_bytes(), false).await;
        assert!(done.report.refused, "{}", done.report.csv);
    }

    async fn a_rehearsal_changes_nothing_and_uses_no_number(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let reader = portal.gate.store().reader();
        let before = store::directory::apply::state(reader).await.unwrap();
        let would = portal.rehearse_change_file(&customer, FILES[0].1).await;
        assert_eq!(store::directory::apply::state(reader).await.unwrap(), before);
        for address in ["ida.quill@riverside.example", "sam@home.example", "it@riverside.example"] {
            assert_eq!(portal.letters_to(address).await, Vec::<String>::new(), "{address}");
        }
        let done = portal.change_file(&customer, FILES[0].1).await;
        assert_eq!(would.lines(), done.lines());
        assert_eq!(would.summary(), format!("Only checked: {}", done.summary()));
    }

    async fn a_role_that_ends_fails_the_next_file_and_its_number_counts(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let jem = customer.connector.account().unwrap();
        portal.make_so(vec![Wish::Account(jem, AccountWish::Turn(Turn::Disable))]).await;
        let done = portal.change_file(&customer, FILES[0].1).await;
        let said: Vec<_> = done.lines().into_iter().map(|line| (line.line, line.code)).collect();
        assert_eq!(said, [("0".to_owned(), "grant.gone".to_owned())]);
        let everybody = portal.everybody().await;
        assert!(everybody.iter().all(|account| account.attributes.text(Attribute::LastName) != "Quill"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_report_and_nothing_kept_has_a_password() {
    let portal = Portal::open(Kind::Sqlite).await;
    let customer = portal.customer(|_| {}).await;
    let secret = "Seven-red-kettles";
    let files = [
        FILES[0].1.to_owned(),
        // A row that is rejected, one whose cells have slipped, and a file that fails as a whole.
        format!("EmailAddress,Action,GivenName,FamilyName,Password\nx@elsewhere.example,Add,Ida,Quill,{secret}\n"),
        format!("EmailAddress,Action,Password\nx@riverside.example,Add,Ida,{secret}\n"),
        format!("EmailAddress,Action,Password,Zzz\nx@riverside.example,Add,{secret},1\n"),
    ];
    for file in &files {
        assert!(file.contains(secret));
        for rehearsal in [true, false] {
            let name = customer.next_name();
            let done = portal
                .change_file_named(&customer, &name, file.as_bytes(), rehearsal)
                .await;
            let written = [
                Some(&done.report.csv),
                Some(&done.report.log),
                Some(&done.report.trace),
                done.report.blanked.as_ref(),
            ];
            for text in written.into_iter().flatten() {
                assert!(!text.contains(secret), "{text}");
            }
            assert_nowhere(&portal, &[secret]);
        }
    }
    let blanked = gate::blanked_change_file(files[3].as_bytes());
    assert!(blanked.contains("•••") && !blanked.contains(secret), "{blanked}");
}
