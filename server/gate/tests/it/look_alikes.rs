//! People who may be here already: asked about wherever the asker manages them, and nowhere else.

use domain::{
    dictionary::Attribute,
    policy::Actor,
    problem::Problem,
    request::{Cells, Wish},
    submission::{Outcome, State},
};
use gate::Asked;
use testkit::{Portal, on_both};

use crate::{apply, file, review};

/// What a file's rows are warned of, as it is said.
async fn warned(portal: &Portal, sender: &Actor, rows: &[&str]) -> Vec<String> {
    let id = portal.upload(sender, &file(rows)).await;
    said(portal, sender, &id).await
}

async fn said(portal: &Portal, actor: &Actor, id: &domain::values::ids::SubmissionId) -> Vec<String> {
    let shown = review(portal, actor, id).await;
    let warnings = shown.rows.iter().flat_map(|row| row.planned.questions());
    warnings.map(Problem::message).collect()
}

/// What a form is warned of, as it is said.
async fn warned_by_form(portal: &Portal, actor: &Actor, wish: Wish) -> Vec<String> {
    let asked = portal.gate.on_behalf_of(actor).ask("Test", wish).await.unwrap();
    let Asked::Planned(id) = asked else { panic!("{asked:?}") };
    said(portal, actor, &id).await
}

fn contact(home: &str) -> Wish {
    Wish::NewContact(Cells::of([
        (Attribute::FirstName, "Wendy"),
        (Attribute::LastName, "Else"),
        (Attribute::EmailAddress, "Wren.Adeyemi@riverside-charity.example"),
        (Attribute::Organisation, home),
    ]))
}

const BEN_ELSEWHERE: &str = "Ben Cartwright, local ID 2, is already at Riverside Hospitals Trust.";

on_both! {
    async fn a_namesake_of_another_organisation_of_the_trust_is_asked_about_by_name(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let rows = [",RIV01,Ben,Cartwright,", "9001,RIV02,BEN,cartwright,", "9002,RIV01,Benjamin,Cartwright,"];
        assert_eq!(warned(&portal, &ben, &rows).await, [BEN_ELSEWHERE, BEN_ELSEWHERE]);
        let new = Wish::NewAccount(Cells::of([
            (Attribute::FirstName, "Ben"),
            (Attribute::LastName, "Cartwright"),
            (Attribute::Organisation, "RIV01"),
        ]));
        assert_eq!(warned_by_form(&portal, &ben, new).await, [BEN_ELSEWHERE]);
    }

    async fn beyond_the_trust_something_else_must_be_shared(portal: Portal) {
        let grace = portal.persona("Grace").await;
        let nobody: [&str; 0] = [];
        assert_eq!(warned(&portal, &grace, &[",G7H8J,Ben,Cartwright,"]).await, nobody);
        assert_eq!(warned(&portal, &grace, &[",G7H8J,Ben,Cartwright,07700 900001"]).await, nobody);
        assert_eq!(warned(&portal, &grace, &[",G7H8J,Ben,Cartwright,07700 900818"]).await, [BEN_ELSEWHERE]);
        assert_eq!(warned(&portal, &grace, &["2,G7H8J,Ben,Cartwright,"]).await, [BEN_ELSEWHERE]);
        assert_eq!(warned(&portal, &grace, &["2,G7H8J,Bea,Cartwright,07700 900818"]).await, nobody);
    }

    async fn of_who_is_out_of_sight_nothing_is_said(portal: Portal) {
        let (gwen, una) = (portal.persona("Gwen").await, portal.persona("Una").await);
        let nobody: [&str; 0] = [];
        assert_eq!(warned(&portal, &gwen, &["2,G7H8J,Ben,Cartwright,07700 900818"]).await, nobody);
        let text = "LocalID,ODSCode,OrganisationalUnit,FirstName,LastName,Mobile\n,RIV,Ward 7,Ben,Cartwright,07700 900818\n";
        let id = portal.upload(&una, text).await;
        assert_eq!(said(&portal, &una, &id).await, nobody);
        assert_eq!(warned_by_form(&portal, &gwen, contact("G7H8J")).await, nobody);
    }

    async fn a_contact_of_another_organisation_with_the_address_is_asked_about(portal: Portal) {
        let (ben, grace) = (portal.persona("Ben").await, portal.persona("Grace").await);
        let elsewhere = "Wren Adeyemi is a contact of Riverside Hospitals Trust with this address already.";
        assert_eq!(warned_by_form(&portal, &ben, contact("RIV01")).await, [elsewhere]);
        assert_eq!(warned_by_form(&portal, &grace, contact("HLD01")).await, [elsewhere]);
        let here = "Wren Adeyemi is a contact with this address already.";
        assert_eq!(warned_by_form(&portal, &ben, contact("RIV")).await, [here]);
    }

    async fn a_contact_with_the_name_of_another_is_asked_about_in_sight_only(portal: Portal) {
        let (ben, gwen) = (portal.persona("Ben").await, portal.persona("Gwen").await);
        let wren = |home| {
            Wish::NewContact(Cells::of([
                (Attribute::FirstName, "Wren"),
                (Attribute::LastName, "Adeyemi"),
                (Attribute::EmailAddress, "wren@council.example"),
                (Attribute::Organisation, home),
            ]))
        };
        let here = "Wren Adeyemi, wren.adeyemi@riverside-charity.example, is already a contact here.";
        let elsewhere = "Wren Adeyemi, wren.adeyemi@riverside-charity.example, is already a contact of Riverside Hospitals Trust.";
        let nobody: [&str; 0] = [];
        assert_eq!(warned_by_form(&portal, &ben, wren("RIV")).await, [here]);
        assert_eq!(warned_by_form(&portal, &ben, wren("RIV01")).await, [elsewhere]);
        assert_eq!(warned_by_form(&portal, &gwen, wren("G7H8J")).await, nobody);
    }

    async fn a_namesake_who_came_in_elsewhere_meanwhile_is_shown_first(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = portal.upload(&ben, &file(&[",RIV,Tabitha,Quickly,"])).await;
        let other = portal.upload(&ben, &file(&["77,RIV01,Tabitha,Quickly,"])).await;
        apply(&portal, &ben, &other).await;
        apply(&portal, &ben, &id).await;
        let again = review(&portal, &ben, &id).await.submission;
        assert_eq!((again.state, again.totals.warned()), (State::Planned, 1));
        let place = "Tabitha Quickly, local ID 77, is already at Riverside Children’s Hospital.";
        assert_eq!(said(&portal, &ben, &id).await, [place]);
    }

    async fn a_file_that_makes_namesakes_itself_is_applied_as_it_was_shown(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = portal.upload(&ben, &file(&[",RIV,Tabitha,Quickly,", ",RIV01,Tabitha,Quickly,"])).await;
        let row = "Tabitha Quickly in row 2, for Riverside Hospitals Trust, looks like the same person.";
        assert_eq!(said(&portal, &ben, &id).await, [row]);
        apply(&portal, &ben, &id).await;
        assert_eq!(review(&portal, &ben, &id).await.submission.state, State::Applied);
    }

    async fn who_is_asked_about_again_is_shown_with_everybody_they_look_like(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let mut rows: Vec<_> = (0..250).map(|number| format!("9{number:03},RIV,Una,Usual,")).collect();
        rows.push(",RIV,Ben,Cartwright,".to_owned());
        let rows: Vec<_> = rows.iter().map(String::as_str).collect();
        let id = portal.upload(&ben, &file(&rows)).await;
        let other = portal.upload(&ben, &file(&["78,RIV,Benjamin,Cartwright,"])).await;
        apply(&portal, &ben, &other).await;
        apply(&portal, &ben, &id).await;
        let again = review(&portal, &ben, &id).await.submission;
        assert_eq!((again.state, again.totals.with(Outcome::Done)), (State::Planned, 250));
        let stale = gate::Filter { outcome: Some(Outcome::Stale), ..gate::Filter::default() };
        let stale = portal.gate.on_behalf_of(&ben).review(&id, stale).await.unwrap();
        let mut said: Vec<_> = stale.rows.iter().flat_map(|row| &row.planned.warnings).map(Problem::message).collect();
        said.sort();
        assert_eq!(said, ["Ben Cartwright, local ID 2, is already here.", "Benjamin Cartwright, local ID 78, is already here."]);
        apply(&portal, &ben, &id).await;
        assert_eq!(review(&portal, &ben, &id).await.submission.state, State::Applied);
    }

    async fn exact_name_matches_are_listed_before_near_ones(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let mut rows: Vec<_> = ('a'..='y').map(|letter| format!("5{letter},RIV,Jonathan,Marwickso{letter},")).collect();
        rows.push("5z,RIV,Jonathan,Marwickson,".to_owned());
        let rows: Vec<_> = rows.iter().map(String::as_str).filter(|row| !row.starts_with("5n")).collect();
        let there = portal.upload(&ben, &file(&rows)).await;
        apply(&portal, &ben, &there).await;
        let told = warned(&portal, &ben, &[",RIV,Jonathan,Marwickson,"]).await;
        assert_eq!(told[0], "Jonathan Marwickson, local ID 5z, is already here.");
    }

    async fn one_among_thousands_who_came_in_meanwhile_is_asked_about(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = portal.upload(&ben, &file(&[",RIV,Tabitha,Quickly,"])).await;
        // One of them is told of twice: no fewer events for that.
        let first = portal.upload(&ben, &file(&["70000,RIV,Una,Usual,"])).await;
        apply(&portal, &ben, &first).await;
        let mut rows: Vec<_> = (1..2_100).map(|number| format!("7{number:04},RIV,Una,Usual,")).collect();
        rows.insert(0, "70000,RIV,,,07700 900555".to_owned());
        rows.push("78,RIV,Tabitha,Quickly,".to_owned());
        let rows: Vec<_> = rows.iter().map(String::as_str).collect();
        let others = portal.upload(&ben, &file(&rows)).await;
        apply(&portal, &ben, &others).await;
        apply(&portal, &ben, &id).await;
        let again = review(&portal, &ben, &id).await.submission;
        assert_eq!((again.state, again.totals.warned()), (State::Planned, 1));
    }
}
