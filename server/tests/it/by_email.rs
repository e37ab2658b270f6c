//! Files by email, as those see them who send them, administrators, and those who run the portal.

use axum::http::StatusCode;
use domain::{email::Refusal, policy::Actor, submission::State};
use testkit::{Kind, PASSWORD, SERVICE, mail::TestMail, on_both};

use crate::{
    browser::{Site, Visitor},
    email::{NIAMH, connector},
};

const FILE: &str = "LocalID,ODSCode,FirstName,LastName\n9001,RIV,Ada,Bright\n";

/// Makes Niamh a Connector of the trust by email, who signs in.
async fn niamh(site: &Site) -> (Actor, Visitor<'_>) {
    let actor = connector(&site.portal).await;
    let gate = &site.portal.gate;
    let chosen = gate.on_behalf_of(&actor).choose_password(PASSWORD).await;
    chosen.unwrap().unwrap();
    (actor, site.sign_in_at(NIAMH).await)
}

/// A page holds all of these.
fn holds(page: &str, said: &[&str]) {
    for said in said {
        assert!(page.contains(said), "{said}: {page}");
    }
}

on_both! {
    async fn a_connector_by_email_finds_address_receipts_and_waiting_file(portal: Portal) {
        let site = Site::over(portal);
        let (actor, niamh) = niamh(&site).await;
        holds(&niamh.get("/").await.body, &["What you send as a Connector"]);
        let empty = niamh.get("/me/tokens").await.body;
        holds(&empty, &["Your files by email", "connector.data@health.example", "No file has come by email yet."]);
        assert!(!empty.contains("Make token"), "{empty}");
        let id = site.portal.mail(&actor, FILE).await;
        let page = format!("/submissions/{id}");
        holds(&niamh.get("/me/tokens").await.body, &[&page, "staff", "Waiting for the run at 7pm"]);
        holds(&niamh.get("/").await.body, &["Your file waits for the run: ", &page]);
        let connector = format!("/connectors/{}", actor.account().unwrap());
        for first in ["Priya", "Ben"] {
            let seen = site.sign_in(first).await.get(&connector).await.body;
            holds(&seen, &["Files by email", "The latest emails", &page, "Waiting for the run at 7pm"]);
        }
    }

    async fn the_sender_withdraws_a_file_and_others_cannot(portal: Portal) {
        let site = Site::over(portal);
        let (actor, niamh) = niamh(&site).await;
        let id = site.portal.mail(&actor, FILE).await;
        let page = format!("/submissions/{id}");
        let shown = niamh.get(&page).await.body;
        holds(&shown, &["Withdraw this file", "It came by email from Niamh Adeyemi"]);
        assert!(!shown.contains(">Discard<") && !shown.contains("Apply 1 change"), "{shown}");
        let refusal = format!("{page}/refusal");
        assert_eq!(site.sign_in("Gwen").await.post(&refusal, "").await.status, StatusCode::NOT_FOUND);
        assert_eq!(niamh.post(&refusal, "").await.status, StatusCode::SEE_OTHER);
        holds(&niamh.get(&page).await.body, &["Withdrawn", "You withdrew this file", "No run uses it."]);
        let seen = site.sign_in("Ben").await.get(&page).await.body;
        holds(&seen, &["Withdrawn", "The sender withdrew this file before it was applied."]);
    }

    async fn an_administrator_applies_a_file_before_the_run(portal: Portal) {
        let site = Site::over(portal);
        let (actor, niamh) = niamh(&site).await;
        let id = site.portal.mail(&actor, FILE).await;
        let page = format!("/submissions/{id}");
        let ben = site.sign_in("Ben").await;
        holds(&ben.get(&page).await.body, &["Apply 1 change now", "Discard"]);
        assert_eq!(niamh.post(&format!("{page}/confirmation"), "seen=0").await.status, StatusCode::FORBIDDEN);
        let applied = ben.post(&format!("{page}/confirmation"), "seen=0").await;
        assert_eq!(applied.status, StatusCode::SEE_OTHER, "{}", applied.body);
        site.portal.work().await;
        holds(&niamh.get(&page).await.body, &["1 account created", "Applied by Ben Cartwright."]);
    }

    async fn the_run_begins_for_who_types_how_many_files_wait(portal: Portal) {
        let site = Site::over(portal);
        let (actor, _) = niamh(&site).await;
        let grace = site.sign_in("Grace").await;
        let page = "/connectors/email";
        holds(&grace.get(page).await.body, &["No file waits for the run.", "PORTAL_EMAIL_MAILDIR", "None yet"]);
        // The day's own run is made before.
        while site.portal.gate.tick_email(&SERVICE).await.unwrap() {}
        let nothing = grace.post(page, "number=0").await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        let id = site.portal.mail(&actor, FILE).await;
        let waiting = grace.get(page).await.body;
        holds(&waiting, &["1 file, the oldest since", "type the number 1.", "mx.health.example"]);
        for wrong in ["", "number=2"] {
            let again = grace.post(page, wrong).await;
            assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
            holds(&again.body, &["<a href=\"#number\">"]);
        }
        assert_eq!(site.sign_in("Priya").await.post(page, "number=1").await.status, StatusCode::FORBIDDEN);
        let begun = grace.post(page, "number=1").await;
        assert_eq!((begun.status, begun.location()), (StatusCode::SEE_OTHER, "/connectors/email?run=yes"));
        while site.portal.gate.tick_email(&SERVICE).await.unwrap() {}
        site.portal.work().await;
        while site.portal.gate.tick_email(&SERVICE).await.unwrap() {}
        let visit = site.portal.gate.on_behalf_of(&actor);
        assert_eq!(visit.submission(&id).await.unwrap().state, State::Applied);
        let after = grace.get(page).await.body;
        holds(&after, &["No file waits for the run.", "begun by Grace Lindholm", "1 file applied"]);
    }

    async fn a_mail_that_nothing_proves_is_listed_with_its_source(portal: Portal) {
        let site = Site::over(portal);
        let mut forged = TestMail::of(NIAMH, FILE).unproved();
        forged.subject = "<b>Urgent".to_owned();
        site.portal.send_mail(&forged).await;
        let grace = site.sign_in("Grace").await;
        holds(&grace.get("/connectors/email").await.body, &["Not authenticated", "The sender did not sign in"]);
        let listed = grace.get("/connectors/email/set-aside").await.body;
        holds(&listed, &["&lt;b&gt;Urgent", "The sender did not sign in", "by a mail program that signs in"]);
        let (_, link) = listed.split_once("href=\"/connectors/email/").unwrap();
        let (number, _) = link.split_once("/source").unwrap();
        let source = format!("/connectors/email/{number}/source");
        let taken = grace.get(&source).await;
        assert_eq!(taken.status, StatusCode::OK);
        holds(&taken.body, &["Subject: <b>Urgent", "auth=none"]);
        assert_eq!(site.sign_in("Priya").await.get(&source).await.status, StatusCode::FORBIDDEN);
        assert_eq!(grace.get("/connectors/email/x/source").await.status, StatusCode::NOT_FOUND);
    }

    async fn a_key_is_shown_once_and_removed(portal: Portal) {
        let site = Site::over(portal);
        let (_, niamh) = niamh(&site).await;
        let made = niamh.post("/me/tokens/email-key", "").await;
        assert_eq!(made.status, StatusCode::OK, "{}", made.body);
        let (_, rest) = made.body.split_once("connector.data+").unwrap();
        let (key, _) = rest.split_once("@health.example").unwrap();
        let later = niamh.get("/me/tokens").await.body;
        assert!(!later.contains(key), "{later}");
        holds(&later, &["Your key was made on", "Remove key"]);
        let removed = niamh.post("/me/tokens/email-key-removal", "").await;
        assert_eq!((removed.status, removed.location()), (StatusCode::SEE_OTHER, "/me/tokens?key=removed"));
        holds(&niamh.get(removed.location()).await.body, &["The key is removed.", "You have no key."]);
        // Who finds an open session takes no lock off.
        let fresh = i64::from(site.portal.gate.rules().sign_in.fresh_minutes) * 60;
        site.portal.pass_seconds(fresh);
        for verb in ["/me/tokens/email-key", "/me/tokens/email-key-removal"] {
            let asked = niamh.post(verb, "").await;
            assert!(asked.location().starts_with("/sign-in/again"), "{verb}: {}", asked.location());
        }
        let ben = site.sign_in("Ben").await;
        assert_eq!(ben.post("/me/tokens/email-key", "").await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn the_help_lists_every_refusal_with_its_cure_signed_out() {
    let site = Site::open(Kind::Sqlite).await;
    let help = site.nobody().get("/help/email").await;
    assert_eq!(help.status, StatusCode::OK);
    let config = Site::config();
    let limits = [config.email_mail_mib, config.email_file_mib, config.email_unpacked_mib];
    for refusal in Refusal::each(limits) {
        holds(&help.body, &[&refusal.sentence(), refusal.cure()]);
    }
    holds(
        &help.body,
        &["connector.data@health.example", "at 7pm each day", "winmail.dat"],
    );
}

#[tokio::test]
async fn administrators_find_proposals_and_those_who_run_the_portal_the_runs() {
    let site = Site::open(Kind::Sqlite).await;
    for (first, runs) in [("Priya", false), ("Ben", false), ("Grace", true)] {
        let page = site.sign_in(first).await.get("/administrators").await.body;
        assert!(page.contains("href=\"/proposals\""), "{first}: {page}");
        assert_eq!(page.contains("href=\"/connectors/email\""), runs, "{first}: {page}");
    }
}
