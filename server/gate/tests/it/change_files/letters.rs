//! Whom change files write to: those who are invited, those whose details change, and the customer's contact.

use domain::{
    account::AccountStatus,
    policy::{Actor, Role},
    request::AccountWish,
};
use gate::{
    SignIn,
    service::letters::{ChangeFileLetter, FileBraked, FileCounts, FileProblems, Letter},
};
use testkit::{Portal, SERVICE, on_both};

use super::{FINTAN, MAREK, by_form, titled};
use crate::grants;

const INVITED: &str = "Activate your account";
const CONTACT: &str = "it@riverside.example";
const PASSWORD: &str = "Seven-red-kettles";

/// How many letters with a subject an address was sent.
async fn letters(portal: &Portal, address: &str, subject: &str) -> usize {
    let sent = portal.letters_to(address).await;
    sent.iter().filter(|sent| sent.starts_with(subject)).count()
}

/// Somebody whom a file has made.
async fn made(portal: &Portal, address: &str) -> Actor {
    portal.person(address).await
}

on_both! {
    async fn people_are_invited_where_they_can_be_reached(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let text = format!(
            "EmailAddress,Action,GivenName,FamilyName,Password,AltEmailAddress,FederationType,SuppressInvitation\n\
             ida.quill@riverside.example,Add,Ida,Quill,{PASSWORD},ida@home.example,,\n\
             sam.okafor@riverside.example,Add,Sam,Okafor,,,,\n\
             tess.marr@riverside.example,Add,Tess,Marr,,tess@home.example,FEDERATED,\n\
             una.pell@riverside.example,Add,Una,Pell,,una@home.example,,suppress_all\n"
        );
        let done = portal.change_file(&customer, &text).await;
        assert_eq!(done.results(), ["Done"; 4], "{}", done.report.csv);
        for (address, invited) in [
            ("ida@home.example", 1),
            ("ida.quill@riverside.example", 0),
            ("sam.okafor@riverside.example", 1),
            ("tess@home.example", 0),
            ("tess.marr@riverside.example", 0),
            ("una@home.example", 0),
        ] {
            assert_eq!(letters(&portal, address, INVITED).await, invited, "{address}");
        }
        // The password is good once, and another must be chosen.
        let ida = made(&portal, "ida.quill@riverside.example").await.account().unwrap();
        assert_eq!(portal.sign_in("ida.quill@riverside.example", PASSWORD).await, SignIn::MustChoose(ida));
        let tess = made(&portal, "tess.marr@riverside.example").await.account().unwrap();
        assert_eq!(portal.standing(tess).await.status, AccountStatus::Active);
        // Somebody who was not invited can be later, and an hour must pass before the next time.
        let again = "EmailAddress,Action\nuna.pell@riverside.example,ResendInvitation\n";
        for result in ["Done", "NoChange"] {
            assert_eq!(portal.change_file(&customer, again).await.results(), [result]);
            assert_eq!(letters(&portal, "una@home.example", INVITED).await, 1);
        }
        portal.pass_seconds(3_601);
        assert_eq!(portal.change_file(&customer, again).await.results(), ["Done"]);
        assert_eq!(letters(&portal, "una@home.example", INVITED).await, 2);
    }

    async fn details_that_change_are_told_to_the_other_address(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let seat = format!("EmailAddress,Action,SubscriptionId,AltEmailAddress\n{FINTAN},AssignSeat,69052,fintan@home.example\n");
        assert_eq!(portal.change_file(&customer, &seat).await.results(), ["Done"]);
        assert_eq!(letters(&portal, "fintan@home.example", "You have a new subscription").await, 1);
        assert_eq!(portal.change_file(&customer, &titled(FINTAN, "Porter")).await.results(), ["Done"]);
        let subject = "Details of your account were changed";
        assert_eq!(letters(&portal, "fintan@home.example", subject).await, 1);
        let quiet = format!("EmailAddress,Action,JobTitle,SuppressInvitation\n{FINTAN},Update,Nurse,SUPPRESS_ALL\n");
        assert_eq!(portal.change_file(&customer, &quiet).await.results(), ["Done"]);
        assert_eq!(portal.change_file(&customer, &titled(MAREK, "Nurse")).await.results(), ["Done"]);
        assert_eq!(letters(&portal, "fintan@home.example", subject).await, 1);
        assert_eq!(letters(&portal, MAREK, subject).await, 0, "nobody without another address");
    }

    async fn links_of_role_holders_go_to_their_own_mailbox_alone(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let (own, chosen) = ("ida.quill@riverside.example", "chosen@home.example");
        let add = format!("EmailAddress,Action,GivenName,FamilyName,AltEmailAddress\n{own},Add,Ida,Quill,{chosen}\n");
        assert_eq!(portal.change_file(&customer, &add).await.results(), ["Done"]);
        assert_eq!(letters(&portal, chosen, INVITED).await, 1);
        let ida = portal.account(own).await;
        portal.make_so(vec![grants::wish(ida, Role::LocalAdministrator, "RIV", None)]).await;
        portal.pass_seconds(3_601);
        for row in ["ResendInvitation,,", "AssignSeat,69052,other@home.example"] {
            let text = format!("EmailAddress,Action,SubscriptionId,AltEmailAddress\n{own},{row}\n");
            let lines = portal.change_file(&customer, &text).await.lines();
            assert_eq!((lines[0].result.as_str(), lines[0].code.as_str()), ("Rejected", "role"), "{row}");
        }
        let before = letters(&portal, own, INVITED).await;
        let grace = portal.persona("Grace").await;
        by_form(&portal, &grace, own, AccountWish::ResetPassword).await;
        assert_eq!(letters(&portal, own, INVITED).await, before + 1);
        assert_eq!(letters(&portal, chosen, INVITED).await, 1);
    }

    async fn who_leaves_federation_is_sent_a_link_or_told_what_changed(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let (own, chosen) = ("tess.marr@riverside.example", "tess@home.example");
        let add = format!(
            "EmailAddress,Action,GivenName,FamilyName,AltEmailAddress,FederationType\n{own},Add,Tess,Marr,{chosen},FEDERATED\n"
        );
        assert_eq!(portal.change_file(&customer, &add).await.results(), ["Done"]);
        let sign_in = |how: &str| format!("EmailAddress,Action,FederationType\n{own},Update,{how}\n");
        assert_eq!(portal.change_file(&customer, &sign_in("NON_FEDERATED")).await.results(), ["Done"]);
        // Somebody who has been here reads their own mailbox.
        assert_eq!(letters(&portal, own, INVITED).await, 1);
        assert_eq!(letters(&portal, chosen, INVITED).await, 0);
        let tess = portal.account(own).await;
        portal.gate.on_behalf_of(&SERVICE).set_password(tess, PASSWORD).await.unwrap();
        let subject = "Details of your account were changed";
        let before = letters(&portal, chosen, subject).await;
        for how in ["FEDERATED", "NON_FEDERATED"] {
            assert_eq!(portal.change_file(&customer, &sign_in(how)).await.results(), ["Done"]);
        }
        assert_eq!(letters(&portal, own, INVITED).await, 1);
        assert_eq!(letters(&portal, chosen, subject).await, before + 2);
    }

    async fn a_seat_to_activate_is_an_invitation_within_the_hour(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let address = "sam.okafor@riverside.example";
        let add = format!("EmailAddress,Action,GivenName,FamilyName\n{address},Add,Sam,Okafor\n");
        assert_eq!(portal.change_file(&customer, &add).await.results(), ["Done"]);
        portal.pass_seconds(3_601);
        let seat = format!("EmailAddress,Action,SubscriptionId\n{address},AssignSeat,69050\n{address},ResendInvitation,\n");
        assert_eq!(portal.change_file(&customer, &seat).await.results(), ["Done", "NoChange"]);
        assert_eq!(letters(&portal, address, INVITED).await, 2);
        let again = format!("EmailAddress,Action\n{address},ResendInvitation\n");
        assert_eq!(portal.change_file(&customer, &again).await.results(), ["NoChange"]);
        portal.pass_seconds(3_601);
        assert_eq!(portal.change_file(&customer, &again).await.results(), ["Done"]);
    }

    async fn a_seat_soon_after_an_invitation_leaves_its_link_alone(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let address = "sam.okafor@riverside.example";
        let add = format!("EmailAddress,Action,GivenName,FamilyName\n{address},Add,Sam,Okafor\n");
        assert_eq!(portal.change_file(&customer, &add).await.results(), ["Done"]);
        let seat = format!("EmailAddress,Action,SubscriptionId\n{address},AssignSeat,69050\n");
        let lines = portal.change_file(&customer, &seat).await.lines();
        let told: Vec<_> = lines.iter().map(|line| (line.result.as_str(), line.code.as_str())).collect();
        assert_eq!(told, [("Done", ""), ("Notice", "invitation.recent")]);
        assert_eq!(letters(&portal, address, INVITED).await, 1);
    }

    async fn the_contact_is_told_of_what_was_not_applied_and_of_nothing_else(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let wrong = "EmailAddress,Action\nnobody@riverside.example,Suspend\n";
        portal.rehearse_change_file(&customer, wrong).await;
        portal.change_file(&customer, &titled(FINTAN, "Porter")).await;
        assert_eq!(portal.letters_to(CONTACT).await, Vec::<String>::new());
        portal.change_file(&customer, wrong).await;
        assert_eq!(letters(&portal, CONTACT, "Rows of your change file were not applied").await, 1);
        portal.change_file(&customer, "no header\n").await;
        assert_eq!(letters(&portal, CONTACT, "Your change file was not processed").await, 1);
    }
}

/// A letter as a reader sees it.
fn read(letter: ChangeFileLetter) -> String {
    let written = Letter::ChangeFile(Box::new(letter)).compose("https://portal.example/rename/abc");
    format!("# {}\n\n{}", written.subject, written.text)
}

#[test]
fn letters_about_change_files_say_what_happened_and_what_to_do() {
    let problems = |failed: Option<&str>| FileProblems {
        customer: "30020506".to_owned(),
        file_name: "30020506_hr_PRV_7.csv".to_owned(),
        failed: failed.map(str::to_owned),
        counts: failed.is_none().then_some(FileCounts {
            done: 1_200,
            no_change: 3,
            not_applied: 13,
        }),
        codes: match failed {
            Some(_) => vec![],
            None => vec![("seats.full".to_owned(), 12), ("account.none".to_owned(), 1)],
        },
        link: failed
            .is_none()
            .then(|| "https://portal.example/submissions/7Q4K9TZM2X".to_owned()),
    };
    let link = serde_json::json!({ "name": "pending", "expires": testkit::NOON.0 });
    let letters = [
        ChangeFileLetter::DetailsChanged {
            first_name: "Fintan".to_owned(),
            organisation: "Riverside Hospitals Trust".to_owned(),
            details: vec!["Job title".to_owned(), "Telephone".to_owned()],
        },
        ChangeFileLetter::SeatsGiven {
            first_name: "Fintan".to_owned(),
            organisation: "Riverside Hospitals Trust".to_owned(),
            subscriptions: vec!["Mail".to_owned()],
        },
        ChangeFileLetter::RenameAsked {
            first_name: "Lowri".to_owned(),
            before: "lowri.umar@health.example".to_owned(),
            after: "lowri@riverside.example".to_owned(),
            link: serde_json::from_value(link).unwrap(),
        },
        ChangeFileLetter::Problems(problems(None)),
        ChangeFileLetter::Problems(problems(Some("The file has no rows."))),
        ChangeFileLetter::Braked(FileBraked {
            first_name: "Priya".to_owned(),
            file_name: "30020506_hr_PRV_7.csv".to_owned(),
            sender: "Jem Larkspur".to_owned(),
            people: 60,
            of: 1_200,
            organisation: "Riverside Hospitals Trust".to_owned(),
            discarded_on: Some(testkit::NOON),
            link: "https://portal.example/submissions/7Q4K9TZM2X".to_owned(),
        }),
    ];
    // A letter waits in the database as JSON.
    for letter in &letters {
        let kept = serde_json::to_string(&Letter::ChangeFile(Box::new(letter.clone()))).unwrap();
        let read: Letter = serde_json::from_str(&kept).unwrap();
        assert_eq!(read, Letter::ChangeFile(Box::new(letter.clone())), "{kept}");
    }
    insta::assert_snapshot!(letters.map(read).join("\n\n"));
}
